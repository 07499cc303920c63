/* What ansible-core adds to Jinja's globals: lookups, variables that must be overridden, the time. */
#include "runtime/async/clock.h"
#include "runtime/value/datetime.h"
#include "stdlib/globals/globals.h"

/** The first of the terms that is undefined, or NULL. */
static const struct value *find_undefined(const struct list *terms)
{
    for (size_t i = 0; i < terms->count; i++)
        if (value_is_undefined(terms->items[i]))
            return &terms->items[i];
    return NULL;
}

/** Runs the lookup; its whole result is undefined when a term is. */
static bool call_lookup(struct evaluation *evaluation, const struct value *arguments, const struct dict *options,
                        struct value *result, struct error *error)
{
    const struct value *undefined = find_undefined(arguments[1].as.list);
    if (undefined) {
        *result = value_copy(*undefined);
        return true;
    }
    OWNED terms = value_list_take(list_copy(arguments[1].as.list));
    return evaluation_call_lookup(evaluation, arguments[0], terms, options, result, error);
}

static bool global_lookup(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    return call_lookup(evaluation, arguments, arguments[2].as.dict, result, error);
}

static bool global_query(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    OWNED options = value_dict_take(dict_clone(arguments[2].as.dict));
    dict_set_string_take(options.as.dict, "wantlist", value_bool(true));
    return call_lookup(evaluation, arguments, options.as.dict, result, error);
}

static bool global_undef(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    struct value hint = arguments[0];
    (void)evaluation;
    if (!value_is_null(hint) && !value_is_string(hint))
        return error_set(error, ERROR_TYPE, "The 'hint' argument must be of type 'str' or 'NoneType', not '%s'.",
                         value_type_name(hint));
    *result = value_undefined((struct span){0}, NULL, "%s",
                              value_is_null(hint) ? "Mandatory variable has not been overridden" : value_bytes(hint));
    return true;
}

/** now(utc, fmt): a datetime without a zone, or its text. */
static bool global_now(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    struct value format = arguments[1];
    OWNED moment = datetime_from_wall(clock_wall(evaluation_clock(evaluation)), value_truth(arguments[0]));
    if (!value_truth(format)) {
        *result = value_steal(&moment);
        return true;
    }
    if (!value_is_string(format))
        return error_set(error, ERROR_TYPE, "strftime() argument 1 must be str, not %s", value_type_name(format));
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    datetime_append_format(&out, value_datetime(moment), value_bytes(format), format.as.text->length);
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

enum {
    LOOKUP_FLAGS = FUNCTION_IMPURE | FUNCTION_TAKES_UNDEFINED | FUNCTION_TAKES_LAZY | FUNCTION_TAKES_OMIT |
                   FUNCTION_TEMPLATES_TERMS,
};

static const struct function ansible_rows[] = {
    {"lookup", "_plugin_name, *terms, **options", global_lookup, LOOKUP_FLAGS,
     "Calls a lookup; several strings are joined with commas"},
    {"query", "_plugin_name, *terms, **options", global_query, LOOKUP_FLAGS, "Calls a lookup for a list"},
    {"q", "_plugin_name, *terms, **options", global_query, LOOKUP_FLAGS, "Calls a lookup for a list"},
    {"now", "utc=False, fmt=None", global_now, FUNCTION_IMPURE, "The current date and time, or its text by strftime()"},
    {"undef", "hint=None", global_undef, 0, "An undefined value, for variables that must be overridden"},
};

const struct function_table globals_ansible = {FUNCTION_GLOBAL, NULL, ansible_rows, COUNT_OF(ansible_rows)};
