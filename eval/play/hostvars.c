/*
 * hostvars: see hostvars.h.
 *
 * Both objects behave as the mappings that they stand for: items, `in`, length, iteration over the keys, and the methods get,
 * keys, values and items, which are callables of their own.
 */
#include "eval/play/hostvars.h"

#include <stdlib.h>
#include <string.h>

#include "eval/play/variables.h"

struct hostvars {
    struct object base;
    struct run *run;
};

struct host_view {
    struct object base;
    struct run *run;
    struct task_scope scope;
};

/** A method of one of the two, bound to it. */
struct method {
    struct object base;
    struct object *self; /* owned reference */
    const struct method_row *row;
};

struct method_row {
    const char *name;
    bool (*call)(struct object *self, const struct value *arguments, size_t count, struct value *result,
                 struct error *error);
};

/* ---- methods that any mapping has, by its class alone ---- */

static bool method_get(struct object *self, const struct value *arguments, size_t count, struct value *result,
                       struct error *error)
{
    if (count < 1 || count > 2)
        return error_set(error, ERROR_TYPE, "get expected 1 or 2 arguments, got %zu", count);
    OWNED found = value_null();
    enum lookup_result lookup = self->class->get_item(self, arguments[0], &found, error);
    if (lookup == LOOKUP_FAILED)
        return false;
    bool is_there = lookup == LOOKUP_FOUND && !value_is_undefined(found);
    *result = is_there ? value_steal(&found) : count == 2 ? value_copy(arguments[1]) : value_null();
    return true;
}

static bool method_keys(struct object *self, const struct value *arguments, size_t count, struct value *result,
                        struct error *error)
{
    (void)arguments;
    if (count > 0)
        return error_set(error, ERROR_TYPE, "keys() takes no arguments (%zu given)", count);
    struct list *keys = self->class->items(self, error);
    if (!keys)
        return false;
    *result = value_list_take(keys);
    return true;
}

/** The values, or pairs of key and value, of all keys. */
static bool collect(struct object *self, bool as_pairs, struct value *result, struct error *error)
{
    struct list *keys = self->class->items(self, error);
    if (!keys)
        return false;
    OWNED owned_keys = value_list_take(keys);
    OWNED collected = value_list_new();
    for (size_t i = 0; i < keys->count; i++) {
        struct value value;
        if (self->class->get_item(self, keys->items[i], &value, error) != LOOKUP_FOUND)
            return false;
        if (as_pairs) {
            struct list *pair = list_new(2);
            list_push_take(pair, value_copy(keys->items[i]));
            list_push_take(pair, value);
            value = value_tuple_take(pair);
        }
        list_push_take(collected.as.list, value);
    }
    *result = value_steal(&collected);
    return true;
}

static bool method_values(struct object *self, const struct value *arguments, size_t count, struct value *result,
                          struct error *error)
{
    (void)arguments;
    if (count > 0)
        return error_set(error, ERROR_TYPE, "values() takes no arguments (%zu given)", count);
    return collect(self, false, result, error);
}

static bool method_items(struct object *self, const struct value *arguments, size_t count, struct value *result,
                         struct error *error)
{
    (void)arguments;
    if (count > 0)
        return error_set(error, ERROR_TYPE, "items() takes no arguments (%zu given)", count);
    return collect(self, true, result, error);
}

static const struct method_row method_rows[] = {
    {"get", method_get}, {"items", method_items}, {"keys", method_keys}, {"values", method_values}};

static bool method_call(struct evaluation *evaluation, struct object *object, const struct value *arguments,
                        size_t count, const struct dict *keywords, struct value *result, struct error *error)
{
    struct method *method = (struct method *)object;
    (void)evaluation;
    if (keywords && keywords->live > 0)
        return error_set(error, ERROR_TYPE, "%s() takes no keyword arguments", method->row->name);
    return method->row->call(method->self, arguments, count, result, error);
}

static void method_free(struct object *object)
{
    struct method *method = (struct method *)object;
    value_drop(value_object_take(method->self));
    free(method);
}

static const struct callable_class method_class = {
    .base = {.type_name = "method", .free = method_free, .is_callable = true},
    .call = method_call,
};

/** The bound method of that name. */
static bool method_find(struct object *self, const struct text *name, struct value *result)
{
    for (size_t i = 0; i < COUNT_OF(method_rows); i++) {
        if (strcmp(name->bytes, method_rows[i].name) != 0)
            continue;
        struct method *method = memory_new_array(1, sizeof *method);
        ++self->references;
        *method = (struct method){.base = {1, &method_class.base}, .self = self, .row = &method_rows[i]};
        *result = value_object_take(&method->base);
        return true;
    }
    return false;
}

/** An attribute is an item, else a method. */
static enum lookup_result mapping_attribute(struct object *object, struct text *name, struct value *result,
                                            struct error *error)
{
    OWNED key = value_string_take(text_copy(name));
    OWNED found = value_null();
    enum lookup_result lookup = object->class->get_item(object, key, &found, error);
    if (lookup == LOOKUP_FOUND && !value_is_undefined(found)) {
        *result = value_steal(&found);
        return lookup;
    }
    if (lookup == LOOKUP_FAILED)
        return lookup;
    if (method_find(object, name, result))
        return LOOKUP_FOUND;
    *result = value_steal(&found);
    return lookup;
}

static int64_t mapping_length(struct object *object)
{
    OWNED_ERROR error = {0};
    OWNED keys = value_list_take(object->class->items(object, &error));
    return (int64_t)keys.as.list->count;
}

/** The whole as a dict. */
static bool mapping_finalize(struct object *object, struct value *result, struct error *error)
{
    OWNED pairs = value_null();
    if (!collect(object, true, &pairs, error))
        return false;
    struct dict *dict = dict_new();
    for (size_t i = 0; i < pairs.as.list->count; i++) {
        const struct value *pair = pairs.as.list->items[i].as.list->items;
        OWNED value = value_null();
        if (pair[1].kind == VALUE_OBJECT && !mapping_finalize(pair[1].as.object, &value, error)) {
            dict_drop(dict);
            return false;
        }
        dict_set_take(dict, value_copy(pair[0]),
                      pair[1].kind == VALUE_OBJECT ? value_steal(&value) : value_copy(pair[1]));
    }
    *result = value_dict_take(dict);
    return true;
}

/* ---- one host ---- */

static void host_view_free(struct object *object)
{
    struct host_view *view = (struct host_view *)object;
    task_scope_done(&view->scope);
    free(view);
}

/** The variable, evaluated among the host's own. */
static enum lookup_result host_view_item(struct object *object, struct value key, struct value *result,
                                         struct error *error)
{
    struct host_view *view = (struct host_view *)object;
    OWNED raw = value_null();
    if (!value_is_string(key) || !scope_find(&view->scope.scope, key.as.text, &raw, NULL))
        return LOOKUP_MISSING;
    return engine_evaluate_loosely(view->run->engine, &view->scope.scope, raw, result, error) ? LOOKUP_FOUND
                                                                                              : LOOKUP_FAILED;
}

static struct list *host_view_items(struct object *object, struct error *error)
{
    struct host_view *view = (struct host_view *)object;
    (void)error;
    OWNED all = value_dict_take(scope_flatten(&view->scope.scope));
    struct list *keys = list_new(all.as.dict->live);
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(all.as.dict, &i, &entry);)
        if (!value_equals_string(entry->key, "hostvars"))
            list_push_take(keys, value_copy(entry->key));
    return keys;
}

static bool host_view_contains(struct object *object, struct value needle, bool *result, struct error *error)
{
    struct host_view *view = (struct host_view *)object;
    OWNED raw = value_null();
    (void)error;
    *result = value_is_string(needle) && scope_find(&view->scope.scope, needle.as.text, &raw, NULL);
    return true;
}

static const struct object_class host_view_class = {
    .type_name = "HostVarsVars",
    .is_mapping = true,
    .free = host_view_free,
    .get_attribute = mapping_attribute,
    .get_item = host_view_item,
    .length = mapping_length,
    .items = host_view_items,
    .contains = host_view_contains,
    .finalize = mapping_finalize,
};

struct value hostvars_host(struct run *run, struct host *host)
{
    struct host_view *view = memory_new_array(1, sizeof *view);
    view->base = (struct object){1, &host_view_class};
    view->run = run;
    task_scope_init_host(&view->scope, run, host);
    return value_object_take(&view->base);
}

/* ---- all hosts ---- */

static void hostvars_free(struct object *object)
{
    free(object);
}

static bool is_localhost(const char *name)
{
    return strcmp(name, "localhost") == 0 || strcmp(name, "127.0.0.1") == 0 || strcmp(name, "::1") == 0;
}

static struct host *find_host(struct run *run, struct value key)
{
    if (!value_is_string(key))
        return NULL;
    struct host *host = inventory_find_host(run->inventory, value_bytes(key));
    return host || !is_localhost(value_bytes(key)) ? host : inventory_localhost(run->inventory);
}

static enum lookup_result hostvars_item(struct object *object, struct value key, struct value *result,
                                        struct error *error)
{
    struct run *run = ((struct hostvars *)object)->run;
    struct host *host = find_host(run, key);
    (void)error;
    if (host) {
        *result = hostvars_host(run, host);
        return LOOKUP_FOUND;
    }
    if (!value_is_string(key))
        return LOOKUP_MISSING;
    *result = value_undefined((struct span){0}, NULL, "hostvars['%s']", value_bytes(key));
    return LOOKUP_FOUND;
}

static struct list *hostvars_items(struct object *object, struct error *error)
{
    struct host_list hosts = inventory_hosts(((struct hostvars *)object)->run->inventory);
    struct list *names = list_new(hosts.count);
    (void)error;
    for (size_t i = 0; i < hosts.count; i++)
        list_push_take(names, value_string_take(text_copy(hosts.hosts[i]->name)));
    return names;
}

static bool hostvars_contains(struct object *object, struct value needle, bool *result, struct error *error)
{
    (void)error;
    *result = find_host(((struct hostvars *)object)->run, needle) != NULL;
    return true;
}

static const struct object_class hostvars_class = {
    .type_name = "HostVars",
    .is_mapping = true,
    .free = hostvars_free,
    .get_attribute = mapping_attribute,
    .get_item = hostvars_item,
    .length = mapping_length,
    .items = hostvars_items,
    .contains = hostvars_contains,
    .finalize = mapping_finalize,
};

struct value hostvars_new(struct run *run)
{
    struct hostvars *hostvars = memory_new_array(1, sizeof *hostvars);
    *hostvars = (struct hostvars){.base = {1, &hostvars_class}, .run = run};
    return value_object_take(&hostvars->base);
}
