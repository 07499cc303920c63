#include "eval/expression/registry.h"

#include <stdlib.h>
#include <string.h>

#include "eval/expression/signature.h"
#include "runtime/value/dict.h"

enum { KIND_COUNT = FUNCTION_METHOD + 1, METHOD_HASH_WORDS = 32 };

/** Names of one kind: positions in `plugins` or in a table of modules. */
struct registry {
    const struct library *library;
    struct plugin *plugins; /* every function, once */
    size_t plugin_count;
    struct dict *names[KIND_COUNT]; /* short and full name -> position in plugins */
    const struct module **modules;
    const char **module_full_names; /* owned */
    size_t module_count;
    struct dict *module_names;                 /* short and full name -> position in modules */
    uint64_t method_hashes[METHOD_HASH_WORDS]; /* a bit for the hash of each method's name without its type */
};

static const char BUILTIN[] = "ansible.builtin";
static const char LEGACY[] = "ansible.legacy.";

/** Enters a position under "name" (unless a name of a builtin is there) and "collection.name". */
static void enter_names(struct dict *names, const char *collection, const char *name, size_t position)
{
    CLEANUP(text_buffer_done) struct text_buffer full = {0};
    if (!dict_find_string(names, name) || (collection && strcmp(collection, BUILTIN) == 0))
        dict_set_string_take(names, name, value_int((int64_t)position));
    if (!collection)
        return;
    text_buffer_append_format(&full, "%s.%s", collection, name);
    dict_set_string_take(names, text_buffer_bytes(&full), value_int((int64_t)position));
}

/** Notes the name after the type of "str.split". */
static void enter_method(struct registry *registry, const char *name)
{
    const char *dot = strchr(name, '.');
    const char *own = dot ? dot + 1 : name;
    uint32_t hash = text_hash_bytes(own, strlen(own));
    registry->method_hashes[hash / 64 % METHOD_HASH_WORDS] |= UINT64_C(1) << hash % 64;
}

bool registry_may_have_method(const struct registry *registry, struct text *name)
{
    uint32_t hash = text_hash(name);
    return registry->method_hashes[hash / 64 % METHOD_HASH_WORDS] >> hash % 64 & 1;
}

static void enter_functions(struct registry *registry, const struct function_table *table)
{
    registry->plugins =
        memory_resize(registry->plugins, registry->plugin_count + table->count, sizeof *registry->plugins);
    for (size_t i = 0; i < table->count; i++) {
        if (table->kind == FUNCTION_METHOD)
            enter_method(registry, table->rows[i].name);
        enter_names(registry->names[table->kind], table->collection, table->rows[i].name, registry->plugin_count);
        registry->plugins[registry->plugin_count++] =
            (struct plugin){.function = &table->rows[i], .collection = table->collection};
    }
}

static void enter_modules(struct registry *registry, const struct module_table *table)
{
    size_t total = registry->module_count + table->count;
    registry->modules = memory_resize(registry->modules, total, sizeof *registry->modules);
    registry->module_full_names =
        memory_resize(registry->module_full_names, total, sizeof *registry->module_full_names);
    for (size_t i = 0; i < table->count; i++) {
        const struct module *module = table->modules[i];
        CLEANUP(text_buffer_done) struct text_buffer full = {0};
        text_buffer_append_format(&full, "%s.%s", table->collection, module->name);
        enter_names(registry->module_names, table->collection, module->name, registry->module_count);
        registry->module_full_names[registry->module_count] = memory_copy_string(text_buffer_bytes(&full), full.length);
        registry->modules[registry->module_count++] = module;
    }
}

struct registry *registry_new(const struct library *library)
{
    struct registry *registry = memory_new_array(1, sizeof *registry);
    registry->library = library;
    registry->module_names = dict_new();
    for (size_t i = 0; i < KIND_COUNT; i++)
        registry->names[i] = dict_new();
    for (const struct function_table *const *table = library->functions; *table; table++)
        enter_functions(registry, *table);
    for (const struct module_table *const *table = library->modules; *table; table++)
        enter_modules(registry, *table);
    return registry;
}

void registry_free(struct registry *registry)
{
    if (!registry)
        return;
    for (size_t i = 0; i < registry->plugin_count; i++)
        signature_free(registry->plugins[i].signature);
    for (size_t i = 0; i < registry->module_count; i++)
        free((char *)registry->module_full_names[i]);
    for (size_t i = 0; i < KIND_COUNT; i++)
        dict_drop(registry->names[i]);
    dict_drop(registry->module_names);
    free(registry->plugins);
    free(registry->modules);
    free(registry->module_full_names);
    free(registry);
}

/** The position that a name stands for; "ansible.legacy.x" is "ansible.builtin.x". */
static const struct value *find_name(const struct dict *names, const char *name, size_t length)
{
    size_t prefix = strlen(LEGACY);
    if (length <= prefix || memcmp(name, LEGACY, prefix) != 0)
        return dict_find_bytes(names, name, length);
    CLEANUP(text_buffer_done) struct text_buffer full = {0};
    text_buffer_append_format(&full, "%s.%.*s", BUILTIN, (int)(length - prefix), name + prefix);
    return dict_find_bytes(names, text_buffer_bytes(&full), full.length);
}

struct plugin *registry_find(struct registry *registry, enum function_kind kind, const char *name, size_t length)
{
    const struct value *position = find_name(registry->names[kind], name, length);
    return position ? &registry->plugins[position->as.integer] : NULL;
}

const struct signature *registry_signature(struct plugin *plugin)
{
    if (!plugin->signature)
        plugin->signature = signature_parse(plugin->function->name, plugin->function->signature);
    return plugin->signature;
}

const struct module *registry_find_module(struct registry *registry, const char *name, size_t length)
{
    const struct value *position = find_name(registry->module_names, name, length);
    return position ? registry->modules[position->as.integer] : NULL;
}

const char *registry_module_full_name(struct registry *registry, const struct module *module)
{
    const struct value *position = dict_find_string(registry->module_names, module->name);
    if (position && registry->modules[position->as.integer] == module)
        return registry->module_full_names[position->as.integer];
    for (size_t i = 0; i < registry->module_count; i++)
        if (registry->modules[i] == module)
            return registry->module_full_names[i];
    bug("the module '%s' is not registered", module->name);
}

void registry_offer(struct registry *registry, enum function_kind kind, struct suggestion *suggestion)
{
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(registry->names[kind], &i, &entry);)
        suggestion_offer(suggestion, value_bytes(entry->key), entry->key.as.text->length);
}

void registry_offer_modules(struct registry *registry, struct suggestion *suggestion)
{
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(registry->module_names, &i, &entry);)
        suggestion_offer(suggestion, value_bytes(entry->key), entry->key.as.text->length);
}

const struct library *registry_library(const struct registry *registry)
{
    return registry->library;
}
