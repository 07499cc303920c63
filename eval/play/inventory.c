/* Hosts and groups of a run, and how sources fill them: see inventory.h. */
#include "eval/play/inventory.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "eval/play/inventory_state.h"
#include "parser/inventory.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/os/vault_keyring.h"
#include "runtime/source/render.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/text.h"

#define LOCALHOST "localhost"

static const char *const IGNORED_ENDINGS[] = {".pyc", ".pyo", ".swp", ".bak",  "~",    ".rpm",
                                              ".md",  ".txt", ".rst", ".orig", ".cfg", ".retry"};
static const char *const YAML_ENDINGS[] = {".yml", ".yaml", ".json"};

/* ---- hosts and groups ---- */

struct inventory *inventory_new(void)
{
    struct inventory *inventory = memory_new_array(1, sizeof *inventory);
    inventory->host_index = dict_new();
    inventory->sources = list_new(1);
    inventory->group_index = dict_new();
    inventory->all = inventory_add_group(inventory, "all", strlen("all"));
    inventory->ungrouped = inventory_add_group(inventory, "ungrouped", strlen("ungrouped"));
    inventory_nest(inventory->all, inventory->ungrouped);
    return inventory;
}

void inventory_use_keyring(struct inventory *inventory, const struct vault_keyring *keyring)
{
    inventory->keyring = keyring;
}

static void group_free(struct group *group)
{
    text_drop(group->name);
    dict_drop(group->variables);
    for (size_t i = 0; i < VARIABLES_PLACE_COUNT; i++)
        dict_drop(group->folder_variables[i]);
    free(group->children);
    free(group->parents);
    free(group->hosts);
    free(group);
}

void inventory_free(struct inventory *inventory)
{
    if (!inventory)
        return;
    for (size_t i = 0; i < inventory->host_count; i++)
        host_free(inventory->hosts[i]);
    for (size_t i = 0; i < inventory->group_count; i++)
        group_free(inventory->groups[i]);
    host_free(inventory->implicit_localhost);
    for (size_t i = 0; i < inventory->directory_count; i++)
        free(inventory->directories[i]);
    free(inventory->directories);
    list_drop(inventory->sources);
    free(inventory->hosts);
    free(inventory->groups);
    dict_drop(inventory->host_index);
    dict_drop(inventory->group_index);
    free(inventory);
}

/** Appends a pointer to an array of pointers. */
static void array_push(void *array, size_t *count, void *item)
{
    void ***items = array;
    *items = memory_resize(*items, *count + 1, sizeof **items);
    (*items)[(*count)++] = item;
}

struct host *inventory_find_host(const struct inventory *inventory, const char *name)
{
    const struct value *position = dict_find_string(inventory->host_index, name);
    return position ? inventory->hosts[position->as.integer] : NULL;
}

struct group *inventory_find_group(const struct inventory *inventory, const char *name)
{
    const struct value *position = dict_find_string(inventory->group_index, name);
    return position ? inventory->groups[position->as.integer] : NULL;
}

/** A host remembers the file that named it first. */
static void host_set_source(struct host *host, const char *source)
{
    CLEANUP(memory_cleanup) char *directory = path_directory(source);
    dict_set_string_take(host->variables, "inventory_file", value_string(source));
    dict_set_string_take(host->variables, "inventory_dir", value_string(directory));
}

struct host *inventory_add_host(struct inventory *inventory, const char *name, size_t length)
{
    const struct value *position = dict_find_bytes(inventory->host_index, name, length);
    if (position)
        return inventory->hosts[position->as.integer];
    struct host *host = host_new(name, length);
    host->position = inventory->host_count;
    if (inventory->source)
        host_set_source(host, inventory->source);
    dict_set_take(inventory->host_index, value_string_length(name, length), value_int((int64_t)inventory->host_count));
    if (inventory->host_count == inventory->host_capacity) {
        inventory->host_capacity = memory_grown(inventory->host_capacity);
        inventory->hosts = memory_resize(inventory->hosts, inventory->host_capacity, sizeof *inventory->hosts);
    }
    inventory->hosts[inventory->host_count++] = host;
    return host;
}

struct group *inventory_add_group(struct inventory *inventory, const char *name, size_t length)
{
    const struct value *position = dict_find_bytes(inventory->group_index, name, length);
    if (position)
        return inventory->groups[position->as.integer];
    struct group *group = memory_new_array(1, sizeof *group);
    group->name = text_new(name, length);
    group->variables = dict_new();
    group->priority = 1;
    dict_set_take(inventory->group_index, value_string_length(name, length),
                  value_int((int64_t)inventory->group_count));
    array_push(&inventory->groups, &inventory->group_count, group);
    return group;
}

void inventory_join(struct group *group, struct host *host)
{
    for (size_t i = 0; i < host->group_count; i++)
        if (host->groups[i] == group)
            return;
    array_push(&host->groups, &host->group_count, group);
    if (group->host_count == group->host_capacity) {
        group->host_capacity = memory_grown(group->host_capacity);
        group->hosts = memory_resize(group->hosts, group->host_capacity, sizeof *group->hosts);
    }
    group->hosts[group->host_count++] = host;
}

/** Takes a host out of a group. */
static void group_leave(struct group *group, struct host *host)
{
    for (size_t i = 0; i < host->group_count; i++)
        if (host->groups[i] == group) {
            memmove(&host->groups[i], &host->groups[i + 1], (--host->group_count - i) * sizeof *host->groups);
            break;
        }
    for (size_t i = 0; i < group->host_count; i++)
        if (group->hosts[i] == host) {
            memmove(&group->hosts[i], &group->hosts[i + 1], (--group->host_count - i) * sizeof *group->hosts);
            break;
        }
}

/** Deepens a group and all below it to be at least at `depth` from `all`. */
static void group_deepen(struct group *group, unsigned depth)
{
    if (group->depth >= depth)
        return;
    group->depth = depth;
    for (size_t i = 0; i < group->child_count; i++)
        group_deepen(group->children[i], depth + 1);
}

/** Is `wanted` this group or one below it? */
static bool group_contains(const struct group *group, const struct group *wanted)
{
    if (group == wanted)
        return true;
    for (size_t i = 0; i < group->child_count; i++)
        if (group_contains(group->children[i], wanted))
            return true;
    return false;
}

void inventory_nest(struct group *parent, struct group *child)
{
    for (size_t i = 0; i < child->parent_count; i++)
        if (child->parents[i] == parent)
            return;
    if (group_contains(child, parent))
        return;
    array_push(&parent->children, &parent->child_count, child);
    array_push(&child->parents, &child->parent_count, parent);
    group_deepen(child, parent->depth + 1);
}

struct host *inventory_localhost(struct inventory *inventory)
{
    struct host *host = inventory_find_host(inventory, LOCALHOST);
    if (host)
        return host;
    if (!inventory->implicit_localhost) {
        host = inventory->implicit_localhost = host_new(LOCALHOST, strlen(LOCALHOST));
        host->is_implicit = true;
        host->position = SIZE_MAX;
        dict_set_string_take(host->variables, "ansible_connection", value_string("local"));
        dict_set_string_take(host->variables, "ansible_python_interpreter", value_string("/usr/bin/python3"));
    }
    return inventory->implicit_localhost;
}

struct host_list inventory_hosts(const struct inventory *inventory)
{
    return (struct host_list){inventory->hosts, inventory->host_count};
}

size_t inventory_groups(const struct inventory *inventory, struct group *const **groups)
{
    *groups = inventory->groups;
    return inventory->group_count;
}

/* ---- the groups of a host ---- */

/** By depth, priority and name: the order in which variables apply. */
static int group_order(const void *left, const void *right)
{
    const struct group *a = *(struct group *const *)left, *b = *(struct group *const *)right;
    if (a->depth != b->depth)
        return a->depth < b->depth ? -1 : 1;
    if (a->priority != b->priority)
        return a->priority < b->priority ? -1 : 1;
    return text_compare(a->name, b->name);
}

/** Adds a group and those above it, each once. */
static void collect_upwards(struct group *group, struct group ***groups, size_t *count)
{
    for (size_t i = 0; i < *count; i++)
        if ((*groups)[i] == group)
            return;
    array_push(groups, count, group);
    for (size_t i = 0; i < group->parent_count; i++)
        collect_upwards(group->parents[i], groups, count);
}

size_t inventory_groups_of(const struct inventory *inventory, const struct host *host, struct group ***groups)
{
    size_t count = 0;
    *groups = NULL;
    if (host->is_implicit)
        collect_upwards(inventory->all, groups, &count);
    for (size_t i = 0; i < host->group_count; i++)
        collect_upwards(host->groups[i], groups, &count);
    if (count > 1)
        qsort(*groups, count, sizeof **groups, group_order);
    return count;
}

/* ---- sources ---- */

/** Where a source's warnings go. */
struct load {
    struct inventory *inventory;
    void (*warn)(void *context, const char *message);
    void *context;
};

/** Sets a group's variables; its priority is one of them. */
static void group_set_variables(struct group *group, const struct dict *variables)
{
    const struct value *priority = dict_find_string(variables, "ansible_group_priority");
    int64_t number;
    dict_update(group->variables, variables);
    if (priority && value_to_int64(*priority, &number))
        group->priority = (int)number;
}

static void apply_statement(struct inventory *inventory, const struct inventory_statement *statement)
{
    struct group *group =
        statement->group ? inventory_add_group(inventory, statement->group->bytes, statement->group->length) : NULL;
    struct host *host;
    switch (statement->kind) {
    case INVENTORY_GROUP:
        return;
    case INVENTORY_HOST:
        host = inventory_add_host(inventory, statement->name->bytes, statement->name->length);
        if (statement->variables)
            dict_update(host->variables, statement->variables);
        if (group && group != inventory->all)
            inventory_join(group, host);
        return;
    case INVENTORY_CHILD:
        inventory_nest(group, inventory_add_group(inventory, statement->name->bytes, statement->name->length));
        return;
    case INVENTORY_VARIABLES:
        group_set_variables(group, statement->variables);
        return;
    }
    bug("no such statement: %d", statement->kind);
}

/** Groups without a parent are children of `all`; hosts without a group are in `ungrouped`, others are not. */
static void inventory_reconcile(struct inventory *inventory)
{
    for (size_t i = 0; i < inventory->group_count; i++)
        if (inventory->groups[i] != inventory->all && inventory->groups[i]->parent_count == 0)
            inventory_nest(inventory->all, inventory->groups[i]);
    for (size_t i = 0; i < inventory->host_count; i++) {
        struct host *host = inventory->hosts[i];
        if (host->group_count == 0)
            inventory_join(inventory->ungrouped, host);
        else if (host->group_count > 1)
            group_leave(inventory->ungrouped, host);
    }
}

static void apply_file(struct inventory *inventory, const struct inventory_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        apply_statement(inventory, &file->statements[i]);
    inventory_reconcile(inventory);
}

static bool has_ending(const char *name, const char *const *endings, size_t count)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < count; i++) {
        size_t ending = strlen(endings[i]);
        if (length >= ending && strcmp(name + length - ending, endings[i]) == 0)
            return true;
    }
    return false;
}

/** Says why a source is left out, as the reference does: the run goes on without it. */
static void warn_unparsed(const struct load *load, const char *path, const struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    text_buffer_append_format(&message, "Failed to parse inventory '%s': ", path);
    render_error(&message, error);
    while (message.length > 0 && text_buffer_bytes(&message)[message.length - 1] == '\n')
        text_buffer_truncate(&message, message.length - 1);
    load->warn(load->context, text_buffer_bytes(&message));
    text_buffer_truncate(&message, 0);
    text_buffer_append_format(&message, "Unable to parse %s as an inventory source", path);
    load->warn(load->context, text_buffer_bytes(&message));
}

/** A file, as YAML where its name says so, else as INI. */
static void load_file(const struct load *load, const char *path)
{
    struct inventory_file file = {0};
    OWNED_ERROR error = {0};
    struct source *source = vault_read_source(load->inventory->keyring, path, &error);
    bool is_yaml = has_ending(path, YAML_ENDINGS, COUNT_OF(YAML_ENDINGS));
    load->inventory->source = path;
    if (source && (is_yaml ? inventory_parse_yaml(source, &file, &error) : inventory_parse_ini(source, &file, &error)))
        apply_file(load->inventory, &file);
    else
        warn_unparsed(load, path, &error);
    load->inventory->source = NULL;
    inventory_file_done(&file);
    source_drop(source);
}

static int name_is_source(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "group_vars") != 0 &&
           strcmp(entry->d_name, "host_vars") != 0 &&
           !has_ending(entry->d_name, IGNORED_ENDINGS, COUNT_OF(IGNORED_ENDINGS));
}

static void load_path(const struct load *load, const char *path);

/** Every source of a folder, in the order of their names. */
static void load_directory(const struct load *load, const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, name_is_source, alphasort);
    for (int i = 0; i < count; i++) {
        CLEANUP(memory_cleanup) char *inner = path_join(path, entries[i]->d_name);
        load_path(load, inner);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

static void load_path(const struct load *load, const char *path)
{
    if (file_is_directory(path))
        load_directory(load, path);
    else
        load_file(load, path);
}

/** Remembers where a source stands. */
static void add_directory(struct inventory *inventory, const char *path)
{
    char *directory = file_is_directory(path) ? memory_copy_string(path, strlen(path)) : path_directory(path);
    for (size_t i = 0; i < inventory->directory_count; i++)
        if (strcmp(inventory->directories[i], directory) == 0) {
            free(directory);
            return;
        }
    array_push(&inventory->directories, &inventory->directory_count, directory);
}

const struct list *inventory_sources(const struct inventory *inventory)
{
    return inventory->sources;
}

size_t inventory_directories(const struct inventory *inventory, const char *const **directories)
{
    *directories = (const char *const *)inventory->directories;
    return inventory->directory_count;
}

bool inventory_load(struct inventory *inventory, const char *source, void (*warn)(void *context, const char *message),
                    void *context, struct error *error)
{
    struct load load = {inventory, warn, context};
    if (strchr(source, ',')) {
        list_push_take(inventory->sources, value_string(source));
        struct inventory_file file = {0};
        bool ok = inventory_parse_list(source, &file, error);
        if (ok)
            apply_file(inventory, &file);
        inventory_file_done(&file);
        return ok;
    }
    CLEANUP(memory_cleanup) char *expanded = path_expand_user(source);
    CLEANUP(memory_cleanup) char *path = path_absolute(expanded);
    list_push_take(inventory->sources, value_string(path));
    if (!file_exists(path)) {
        CLEANUP(text_buffer_done) struct text_buffer message = {0};
        text_buffer_append_format(&message, "Unable to parse %s as an inventory source", path);
        warn(context, text_buffer_bytes(&message));
        return true;
    }
    add_directory(inventory, path);
    load_path(&load, path);
    return true;
}
