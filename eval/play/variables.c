/* The layers of variables: see variables.h. */
#include "eval/play/variables.h"

#include <stdlib.h>
#include <string.h>

#include "eval/play/play_variables.h"
#include "eval/play/variables_special.h"
#include "runtime/os/path.h"
#include "runtime/value/dict_merge.h"

/* ---- layers, pushed from the innermost outwards ---- */

static void push(struct task_scope *scope, struct layer layer)
{
    if (scope->count == scope->capacity) {
        scope->capacity = scope->capacity ? scope->capacity * 2 : 24;
        scope->layers = memory_resize(scope->layers, scope->capacity, sizeof *scope->layers);
    }
    scope->layers[scope->count++] = layer;
}

/** A dict as a layer; an empty one or NULL makes none. */
static void push_dict(struct task_scope *scope, const struct dict *variables)
{
    if (variables && variables->live > 0)
        push(scope, (struct layer){.variables = variables});
}

/** The dict of `vars:` as a layer. */
static void push_attribute(struct task_scope *scope, const struct attributes *attributes)
{
    const struct attribute *attribute = attributes_find(attributes, KEYWORD_VARS);
    if (attribute && value_is_dict(attribute->value))
        push_dict(scope, attribute->value.as.dict);
}

/* ---- of the task ---- */

/** Loop variables and what the step itself adds: filled while the scope lives, so it is there though empty. */
static void push_item(struct task_scope *scope)
{
    scope->item_variables = dict_new();
    push(scope, (struct layer){.variables = scope->item_variables, .changes_by_item = true});
}

static void push_special(struct task_scope *scope)
{
    push(scope, (struct layer){.provide = special_provide, .list = special_list, .owner = scope});
}

static void push_extra(struct task_scope *scope)
{
    push_dict(scope, scope->run->extra_variables);
}

/** What includes were given, and the loop variables of those that ran in a loop. */
static void push_include_parameters(struct task_scope *scope)
{
    const struct include *include = scope->instance.include;
    while (include && (include = include->giver)) {
        push_dict(scope, include->variables);
        include = include->parent;
    }
}

static const struct role_variables *scope_role(const struct task_scope *scope)
{
    const struct role *role = scope->instance.task ? instance_role(scope->instance) : NULL;
    return role ? role_variables(role) : NULL;
}

static void push_role_parameters(struct task_scope *scope)
{
    const struct role_variables *role = scope_role(scope);
    if (!role)
        return;
    push_dict(scope, role->parameters);
    for (size_t i = role->dependent_count; i-- > 0;)
        push_dict(scope, role->dependents[i]->parameters);
}

/** `vars` of the task and of the blocks and imports around it. */
static void push_task_vars(struct task_scope *scope)
{
    struct task_instance instance = scope->instance;
    if (!instance.task)
        return;
    do
        push_attribute(scope, &instance.task->attributes);
    while (instance_outer_with(instance, KEYWORD_VARS, &instance));
}

/** The role's own variables win over those of its dependencies, these over those of the roles that asked for it. */
static void push_role_vars(struct task_scope *scope)
{
    const struct role_variables *role = scope_role(scope);
    if (!role)
        return;
    push_dict(scope, role->keyword_vars);
    push_dict(scope, role->parameters);
    push_dict(scope, role->vars);
    for (size_t i = role->dependency_count; i-- > 0;)
        push_dict(scope, role->dependencies[i]->vars);
    for (size_t i = role->dependent_count; i-- > 0;)
        push_dict(scope, role->dependents[i]->vars);
}

static void push_role_defaults(struct task_scope *scope)
{
    const struct role_variables *role = scope_role(scope);
    if (!role)
        return;
    push_dict(scope, role->defaults);
    for (size_t i = role->dependency_count; i-- > 0;)
        push_dict(scope, role->dependencies[i]->defaults);
    for (size_t i = role->dependent_count; i-- > 0;)
        push_dict(scope, role->dependents[i]->defaults);
}

/* ---- of the play ---- */

static void push_play_role_vars(struct task_scope *scope)
{
    const struct play_variables *play = play_variables(scope->run);
    for (size_t i = play ? play->role_count : 0; i-- > 0;)
        push_dict(scope, play->roles[i]->vars);
}

static void push_play_role_defaults(struct task_scope *scope)
{
    const struct play_variables *play = play_variables(scope->run);
    for (size_t i = play ? play->role_count : 0; i-- > 0;)
        push_dict(scope, play->roles[i]->defaults);
}

static void push_play_files(struct task_scope *scope)
{
    if (play_variables(scope->run))
        push_dict(scope, play_file_variables(scope->run, scope->host));
}

static void push_play_prompted(struct task_scope *scope)
{
    const struct play_variables *play = play_variables(scope->run);
    push_dict(scope, play ? play->prompted : NULL);
}

static void push_play_vars(struct task_scope *scope)
{
    const struct play_variables *play = play_variables(scope->run);
    push_dict(scope, play ? play->vars : NULL);
}

/* ---- of the host ---- */

static void push_set_facts(struct task_scope *scope)
{
    push_dict(scope, scope->host ? scope->host->set_facts : NULL);
}

static void push_included(struct task_scope *scope)
{
    push_dict(scope, scope->host ? scope->host->included_variables : NULL);
}

static void push_facts(struct task_scope *scope)
{
    push_dict(scope, scope->host ? scope->host->facts : NULL);
}

static void push_host(struct task_scope *scope)
{
    if (!scope->host)
        return;
    for (size_t place = VARIABLES_PLACE_COUNT; place-- > 0;)
        push_dict(scope, scope->host->folder_variables[place]);
    push(scope,
         (struct layer){.variables = NULL, .provide = special_host_provide, .list = special_host_list, .owner = scope});
    push_dict(scope, scope->host->variables);
}

/** A variable of the innermost group that has it, out of one kind of a group's dicts; `all` comes last, for its folders win
 *  over what the inventory says of other groups. */
static const struct value *group_find(const struct dict *variables, struct text *name)
{
    return variables ? dict_find_bytes(variables, name->bytes, name->length) : NULL;
}

bool group_is_all(const struct group *group)
{
    return strcmp(group->name->bytes, "all") == 0;
}

/** Steps through the dicts of groups from the innermost outwards: groups' folders, all's folders, groups, all. */
struct group_walk {
    struct group **groups;
    size_t count;
    int stage;       /* of what follows, from 0; see group_walk_next */
    size_t position; /* groups not looked at in this stage */
};

enum { GROUP_STAGES = 2 * VARIABLES_PLACE_COUNT + 2 };

/** The next dict, which may be NULL; false at the end. */
static bool group_walk_next(struct group_walk *walk, const struct dict **variables)
{
    while (walk->position == 0) {
        if (++walk->stage == GROUP_STAGES)
            return false;
        walk->position = walk->count;
    }
    const struct group *group = walk->groups[--walk->position];
    int stage = walk->stage;
    bool wants_all = stage >= VARIABLES_PLACE_COUNT && stage != 2 * VARIABLES_PLACE_COUNT;
    *variables = NULL;
    if (group_is_all(group) == wants_all)
        *variables = stage < 2 * VARIABLES_PLACE_COUNT
                         ? group->folder_variables[VARIABLES_PLACE_COUNT - 1 - stage % VARIABLES_PLACE_COUNT]
                         : group->variables;
    return true;
}

static struct group_walk group_walk_begin(const struct layer *layer)
{
    struct group_walk walk = {0};
    walk.count = task_scope_groups(layer->owner, &walk.groups);
    walk.position = walk.count;
    return walk;
}

static bool groups_provide(const struct layer *layer, struct text *name, struct value *value)
{
    const struct task_scope *scope = layer->owner;
    struct group_walk walk = group_walk_begin(layer);
    const struct dict *variables;
    bool is_found = false, goes_on = true;
    while (goes_on && group_walk_next(&walk, &variables)) {
        const struct value *found = group_find(variables, name);
        if (!found)
            continue;
        if (!is_found)
            *value = value_copy(*found);
        else if (value_is_dict(*found))
            value_replace_take(value, dict_merge(*found, *value, true, LIST_MERGE_REPLACE));
        is_found = true;
        goes_on = scope->run->settings.merges_dicts && value_is_dict(*value);
    }
    return is_found;
}

static void groups_list(const struct layer *layer, void (*visit)(void *context, const char *name), void *context)
{
    struct group_walk walk = group_walk_begin(layer);
    const struct dict *variables;
    const struct dict_entry *entry;
    while (group_walk_next(&walk, &variables))
        for (size_t i = 0; variables && dict_next(variables, &i, &entry);)
            if (value_is_string(entry->key))
                visit(context, value_bytes(entry->key));
}

static void push_groups(struct task_scope *scope)
{
    if (scope->host)
        push(scope, (struct layer){.provide = groups_provide, .list = groups_list, .owner = scope});
}

/* ---- the table ---- */

/** One level of precedence. */
struct level {
    void (*push)(struct task_scope *scope);
    bool is_seen_by_all; /* by other hosts too (hostvars): no play and no task is part of it */
};

/** Innermost first: what stands higher wins. */
static const struct level levels[] = {
    {push_item, true},
    {push_special, true},
    {push_extra, true},
    {push_include_parameters, false},
    {push_role_parameters, false},
    {push_set_facts, true},
    {push_included, true},
    {push_task_vars, false},
    {push_role_vars, false},
    {push_play_role_vars, false},
    {push_play_files, false},
    {push_play_prompted, false},
    {push_play_vars, false},
    {push_facts, true},
    {push_host, true},
    {push_groups, true},
    {push_role_defaults, false},
    {push_play_role_defaults, false},
};

static void build(struct task_scope *scope)
{
    for (size_t i = 0; i < COUNT_OF(levels); i++)
        if (levels[i].is_seen_by_all || !scope->is_for_others)
            levels[i].push(scope);
    for (size_t i = 0; i + 1 < scope->count; i++)
        scope->layers[i].outer = &scope->layers[i + 1];
    scope_init(&scope->scope, scope->layers);
    scope->scope.merges_dicts = scope->run->settings.merges_dicts;
}

void task_scope_init(struct task_scope *scope, struct run *run, struct host *host, struct task_instance instance)
{
    *scope = (struct task_scope){.run = run, .host = host, .instance = instance};
    build(scope);
}

void task_scope_init_host(struct task_scope *scope, struct run *run, struct host *host)
{
    *scope = (struct task_scope){.run = run, .host = host, .is_for_others = true};
    build(scope);
}

void task_scope_done(struct task_scope *scope)
{
    scope_done(&scope->scope);
    dict_drop(scope->item_variables);
    free(scope->layers);
    free(scope->groups);
    free(scope->folders);
    free(scope->task_folder);
}

/* ---- changes ---- */

void task_scope_set_item(struct task_scope *scope, const struct dict *variables)
{
    uint32_t before = scope->item_variables->live;
    dict_update(scope->item_variables, variables);
    if (scope->item_variables->live == before)
        scope_item_changed(&scope->scope);
    else
        scope_changed(&scope->scope);
}

void task_scope_set_local_take(struct task_scope *scope, const char *name, struct value value)
{
    uint32_t before = scope->item_variables->live;
    dict_set_string_take(scope->item_variables, name, value);
    if (scope->item_variables->live == before)
        scope_item_changed(&scope->scope);
    else
        scope_changed(&scope->scope);
}

void task_scope_changed(struct task_scope *scope)
{
    scope_changed(&scope->scope);
}

void task_scope_delegate(struct task_scope *scope, struct host *host)
{
    if (scope->delegate == host)
        return;
    scope->delegate = host;
    scope_changed(&scope->scope);
}

/* ---- where files are ---- */

size_t task_scope_groups(struct task_scope *scope, struct group ***groups)
{
    if (!scope->has_groups) {
        scope->group_count = inventory_groups_of(scope->run->inventory, scope->host, &scope->groups);
        scope->has_groups = true;
    }
    *groups = scope->groups;
    return scope->group_count;
}

/** The folder of the task's file; NULL when it stands in none. */
static char *task_folder(const struct task_scope *scope)
{
    const struct task *task = scope->instance.task;
    const struct source *source = task ? task->span.source : NULL;
    return source && path_is_absolute(source->name) ? path_directory(source->name) : NULL;
}

const char *const *task_scope_folders(struct task_scope *scope)
{
    if (scope->folders)
        return scope->folders;
    const struct role_variables *role = scope_role(scope);
    size_t count = 0;
    scope->folders = memory_new_array((role ? role->dependent_count + 1 : 0) + 3, sizeof *scope->folders);
    if (role) {
        scope->folders[count++] = role->path;
        for (size_t i = role->dependent_count; i-- > 0;)
            scope->folders[count++] = role->dependents[i]->path;
    }
    scope->task_folder = task_folder(scope);
    if (scope->task_folder)
        scope->folders[count++] = scope->task_folder;
    if (scope->run->directory && (!scope->task_folder || strcmp(scope->task_folder, scope->run->directory) != 0))
        scope->folders[count++] = scope->run->directory;
    return scope->folders;
}

void task_scope_enter(struct task_scope *scope)
{
    engine_set_search_path(scope->run->engine, task_scope_folders(scope));
}
