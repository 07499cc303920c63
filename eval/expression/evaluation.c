/* What functions may ask of the evaluation that calls them (eval/plugin.h). */
#include <stdlib.h>
#include <string.h>

#include "eval/expression/engine_state.h"
#include "eval/expression/variable.h"
#include "eval/expression/walk.h"
#include "runtime/async/clock.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/object.h"
#include "runtime/value/repr.h"

/* ---- plugins ---- */

/** Calls a filter or test that is named by a value. */
static bool call_named(struct evaluation *evaluation, enum function_kind kind, struct value name,
                       const struct call *arguments, struct value *result, struct error *error)
{
    struct call call = *arguments;
    if (value_is_undefined(name)) {
        *result = value_copy(name);
        return true;
    }
    if (!value_is_string(name))
        return error_set(error, ERROR_TYPE, "the name of a %s must be text, not '%s'",
                         kind == FUNCTION_FILTER ? "filter" : "test", value_type_name(name));
    call.plugin = plugin_get(evaluation, kind, name.as.text, error);
    return call.plugin && plugin_call(evaluation, kind, &call, result, error);
}

bool evaluation_call_filter(struct evaluation *evaluation, struct value name, const struct value *arguments,
                            size_t count, const struct dict *keywords, struct value *result, struct error *error)
{
    struct call call = {NULL, arguments, count, keywords};
    if (call_named(evaluation, FUNCTION_FILTER, name, &call, result, error))
        return true;
    if (!error->is_settled && error->kind != ERROR_UNDEFINED)
        return false;
    *result = value_undefined_take(error);
    return true;
}

bool evaluation_call_test(struct evaluation *evaluation, struct value name, const struct value *arguments, size_t count,
                          const struct dict *keywords, bool *result, struct error *error)
{
    struct call call = {NULL, arguments, count, keywords};
    OWNED holds = value_null();
    if (!call_named(evaluation, FUNCTION_TEST, name, &call, &holds, error))
        return false;
    if (value_is_undefined(holds))
        return value_undefined_error(holds, error);
    *result = value_truth(holds);
    return true;
}

bool evaluation_has_function(struct evaluation *evaluation, enum function_kind kind, struct value name)
{
    return registry_find(engine_registry(evaluation->engine), kind, value_bytes(name), name.as.text->length) != NULL;
}

/** Takes a keyword that every lookup has out of the others. */
static struct value take_keyword(struct dict *keywords, const char *name)
{
    struct value removed;
    OWNED key = value_string(name);
    return dict_remove(keywords, key, &removed) ? removed : value_null();
}

/** What `lookup` makes of a list: its only item, strings joined with commas, else itself. */
static struct value join_lookup(struct value list)
{
    const struct list *items = list.as.list;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (items->count == 1)
        return value_copy(items->items[0]);
    for (size_t i = 0; i < items->count; i++) {
        if (!value_is_string(items->items[i]))
            return value_copy(list);
        if (i > 0)
            text_buffer_append_char(&out, ',');
        text_buffer_append_text(&out, items->items[i].as.text);
    }
    return items->count == 0 ? value_copy(list) : value_string_take(text_buffer_take(&out));
}

/** Runs a lookup; with errors='ignore' or 'warn' a failure is an empty result. */
static bool run_lookup(struct evaluation *evaluation, const struct call *call, struct value errors, bool wants_list,
                       struct value *result, struct error *error)
{
    if (plugin_call(evaluation, FUNCTION_LOOKUP, call, result, error))
        return true;
    if (!value_equals_string(errors, "ignore") && !value_equals_string(errors, "warn"))
        return false;
    error_done(error);
    *result = wants_list ? value_list_new() : value_null();
    return true;
}

bool evaluation_call_lookup(struct evaluation *evaluation, struct value name, struct value terms,
                            const struct dict *keywords, struct value *result, struct error *error)
{
    OWNED found = value_null();
    OWNED options = value_dict_take(keywords ? dict_clone(keywords) : dict_new());
    OWNED errors = take_keyword(options.as.dict, "errors");
    OWNED wantlist = take_keyword(options.as.dict, "wantlist");
    bool wants_list;
    if (value_is_undefined(name)) {
        *result = value_copy(name);
        return true;
    }
    if (!value_is_string(name))
        return error_set(error, ERROR_TYPE, "the name of a lookup must be text, not '%s'", value_type_name(name));
    struct call call = {plugin_get(evaluation, FUNCTION_LOOKUP, name.as.text, error), &terms, 1, options.as.dict};
    if (!call.plugin || !(value_is_null(wantlist) || value_to_bool(wantlist, &wants_list, error)))
        return false;
    wants_list = !value_is_null(wantlist) && wants_list;
    if (!run_lookup(evaluation, &call, errors, wants_list, &found, error))
        return false;
    *result = wants_list || !value_is_list(found) ? value_steal(&found) : join_lookup(found);
    return true;
}

/* ---- values ---- */

bool evaluation_read(struct evaluation *evaluation, struct value value, struct value *result, struct error *error)
{
    if (value_is_string(value) && value.flags & VALUE_LAZY)
        return variable_evaluate_text(evaluation, value, result, error);
    *result = value_copy(value);
    return true;
}

static bool resolve_list(struct evaluation *evaluation, struct value value, struct value *result, struct error *error)
{
    const struct list *list = value.as.list;
    struct list *resolved = list_new(list->count);
    OWNED owned = value.kind == VALUE_TUPLE ? value_tuple_take(resolved) : value_list_take(resolved);
    for (size_t i = 0; i < list->count; i++) {
        struct value item;
        if (!evaluation_resolve(evaluation, list->items[i], &item, error))
            return false;
        list_push_take(resolved, item);
    }
    *result = value_steal(&owned);
    return true;
}

static bool resolve_dict(struct evaluation *evaluation, struct value value, struct value *result, struct error *error)
{
    OWNED owned = value_dict_new();
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(value.as.dict, &i, &entry);) {
        struct value item;
        if (!evaluation_resolve(evaluation, entry->value, &item, error))
            return false;
        dict_set_take(owned.as.dict, value_copy(entry->key), item);
    }
    *result = value_steal(&owned);
    return true;
}

/** One deeper: what a template reads may hold it again. */
static bool resolve_text(struct evaluation *evaluation, struct value value, struct value *result, struct error *error)
{
    OWNED read = value_null();
    if (!evaluation_enter(evaluation, error))
        return false;
    bool ok = variable_evaluate_text(evaluation, value, &read, error);
    if (ok && value_is_undefined(read))
        ok = undefined_error(evaluation, read, error);
    ok = ok && evaluation_resolve(evaluation, read, result, error);
    evaluation_leave(evaluation);
    return ok;
}

bool evaluation_resolve(struct evaluation *evaluation, struct value value, struct value *result, struct error *error)
{
    if (!value_is_lazy(value) || value_is_omit(value)) {
        *result = value_copy(value);
        return true;
    }
    if (value_is_undefined(value))
        return undefined_error(evaluation, value, error);
    if (value_is_string(value))
        return resolve_text(evaluation, value, result, error);
    if (value_is_dict(value))
        return resolve_dict(evaluation, value, result, error);
    return resolve_list(evaluation, value, result, error);
}

/** A list whose items that are templates are evaluated; shared where there are none. */
static struct list *read_items(struct evaluation *evaluation, struct list *list, struct error *error)
{
    if (!list->lazy)
        return list_copy(list);
    OWNED read = value_list_take(list_new(list->count));
    for (size_t i = 0; i < list->count; i++) {
        struct value item;
        if (!evaluation_read(evaluation, list->items[i], &item, error))
            return NULL;
        list_push_take(read.as.list, item);
    }
    return value_steal(&read).as.list;
}

static struct list *text_items(struct text *text)
{
    struct list *list = list_new(text_points(text));
    const char *at = text->bytes, *end = at + text->length;
    while (at < end) {
        const char *start = at;
        text_decode(&at, end);
        list_push_take(list, value_string_length(start, (size_t)(at - start)));
    }
    return list;
}

static struct list *dict_keys(const struct dict *dict)
{
    struct list *list = list_new(dict->live);
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(dict, &i, &entry);)
        list_push_take(list, value_copy(entry->key));
    return list;
}

struct list *evaluation_items(struct evaluation *evaluation, struct value iterable, struct error *error)
{
    if (value_is_sequence(iterable))
        return read_items(evaluation, iterable.as.list, error);
    if (value_is_dict(iterable))
        return dict_keys(iterable.as.dict);
    if (value_is_string(iterable))
        return text_items(iterable.as.text);
    if (iterable.kind == VALUE_OBJECT && iterable.as.object->class->items)
        return iterable.as.object->class->items(iterable.as.object, error);
    if (value_is_undefined(iterable))
        undefined_error(evaluation, iterable, error);
    else
        error_set(error, ERROR_TYPE, "'%s' object is not iterable", value_type_name(iterable));
    return NULL;
}

/* ---- variables, templates, files ---- */

bool evaluation_variable(struct evaluation *evaluation, struct value name, struct value *result, struct error *error)
{
    struct evaluation inner = {.engine = evaluation->engine,
                               .scope = evaluation->scope,
                               .depth = evaluation->depth,
                               .template = evaluation->template};
    struct expression expression = {.kind = EXPRESSION_NAME, .name.text = name.as.text};
    return variable_read(&inner, &expression, result, error);
}

bool evaluation_template(struct evaluation *evaluation, struct value text, const struct dict *extra,
                         struct value *result, struct error *error)
{
    struct layer layer = {.variables = extra, .outer = evaluation->scope ? evaluation->scope->innermost : NULL};
    struct scope scope;
    if (!extra)
        return engine_evaluate_loosely(evaluation->engine, evaluation->scope, text, result, error);
    scope_init(&scope, &layer);
    bool ok = engine_evaluate_loosely(evaluation->engine, &scope, text, result, error);
    scope_done(&scope);
    return ok;
}

bool evaluation_render(struct evaluation *evaluation, struct value text, const struct template_syntax *syntax,
                       const struct dict *extra, struct value *result, struct error *error)
{
    struct layer layer = {.variables = extra, .outer = evaluation->scope ? evaluation->scope->innermost : NULL};
    struct scope scope;
    scope_init(&scope, extra ? &layer : layer.outer);
    bool ok = engine_evaluate_file(evaluation->engine, &scope, text.as.text, syntax, result, error);
    scope_done(&scope);
    return ok;
}

struct dict *evaluation_variables(struct evaluation *evaluation)
{
    return evaluation->scope ? scope_flatten(evaluation->scope) : dict_new();
}

bool evaluation_condition(struct evaluation *evaluation, struct value condition, bool *result, struct error *error)
{
    return engine_condition(evaluation->engine, evaluation->scope, condition, result, error);
}

/** The path of a name below a folder, with a folder of its kind between, if there is such a file. */
static char *find_below(const char *base, const char *folder, const char *name)
{
    CLEANUP(memory_cleanup) char *inner = folder ? path_join(base, folder) : NULL;
    char *path = path_join(inner ? inner : base, name);
    if (file_exists(path))
        return path;
    free(path);
    return NULL;
}

char *evaluation_find_file(struct evaluation *evaluation, const char *folder, const char *name, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer looked = {0};
    CLEANUP(memory_cleanup) char *expanded = path_expand_user(name);
    static const char *const here[] = {".", NULL};
    const char *const *bases = evaluation->engine->search_path ? evaluation->engine->search_path : here;
    if (path_is_absolute(expanded) && file_exists(expanded))
        return path_normal(expanded);
    for (; *bases && !path_is_absolute(expanded); bases++) {
        char *path = folder ? find_below(*bases, folder, expanded) : NULL;
        if (!path)
            path = find_below(*bases, NULL, expanded);
        if (path) {
            CLEANUP(memory_cleanup) char *found = path;
            return path_absolute(found);
        }
        text_buffer_append_format(&looked, "\n%s%s%s", *bases, folder ? "/" : "", folder ? folder : "");
    }
    error_set(error, ERROR_FILE, "Unable to find '%s' in expected paths%s%s", name, looked.length ? ":" : "",
              text_buffer_bytes(&looked));
    return NULL;
}

void evaluation_searched_places(struct evaluation *evaluation, const char *folder, const char *name,
                                struct text_buffer *out)
{
    const char *const *bases = evaluation->engine->search_path;
    size_t count = 0;
    while (bases && bases[count])
        count++;
    for (size_t i = 0; count && i <= count; i++) { /* the playbook's folder, the last, is looked into twice */
        const char *base = bases[i < count ? i : count - 1];
        CLEANUP(memory_cleanup) char *inner = path_join(base, folder);
        CLEANUP(memory_cleanup) char *below = path_join(inner, name);
        CLEANUP(memory_cleanup) char *beside = path_join(base, name);
        text_buffer_append_format(out, "\n\t%s\n\t%s", below, beside);
    }
}

const struct clock *evaluation_clock(struct evaluation *evaluation)
{
    static const struct clock system_clock = {0};
    const struct clock *clock = evaluation->engine->settings.clock;
    return clock ? clock : &system_clock;
}

const struct vault_keyring *evaluation_keyring(struct evaluation *evaluation)
{
    return evaluation->engine->settings.keyring;
}

const struct settings *evaluation_settings(struct evaluation *evaluation)
{
    return evaluation->engine->settings.settings;
}

struct regex_cache *evaluation_regexes(struct evaluation *evaluation)
{
    return &evaluation->engine->regexes;
}
