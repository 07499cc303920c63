/*
 * JSON: to_json, to_nice_json, from_json; json_query over stdlib/filters/jmespath.
 */
#include "runtime/value/json.h"

#include <string.h>

#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"
#include "stdlib/filters/jmespath/jmespath.h"
#include "stdlib/items.h"

/** json.dumps' options with what they own. */
struct dump {
    struct json_style style;
    struct value separators; /* the two texts that the style points into; null: none were given */
};

static bool dump_separators(struct evaluation *evaluation, struct dump *dump, struct value pair, struct error *error)
{
    if (value_is_null(pair))
        return true;
    if (value_length(pair) < 0)
        return error_set(error, ERROR_TYPE, "cannot unpack non-iterable %s object", value_type_name(pair));
    struct list *items = items_read(evaluation, pair, ITEMS_REFUSE_UNDEFINED, error);
    if (!items)
        return false;
    value_replace_take(&dump->separators, value_list_take(items));
    if (items->count != 2)
        return error_set(error, ERROR_VALUE, "%s values to unpack (expected 2, got %zu)",
                         items->count < 2 ? "not enough" : "too many", items->count);
    for (int i = 0; i < 2; i++)
        if (!value_is_string(items->items[i]))
            return error_set(error, ERROR_TYPE, "make_encoder() argument %d must be str, not %s", 6 - i,
                             value_type_name(items->items[i]));
    dump->style.item_separator = value_bytes(items->items[0]);
    dump->style.key_separator = value_bytes(items->items[1]);
    return true;
}

static bool dump_indent(struct json_style *style, struct value value, struct error *error)
{
    int64_t number = -1;
    style->indentation = value_is_string(value) ? value_bytes(value) : NULL;
    if (!value_is_null(value) && !value_is_string(value) && !argument_int(value, &number, error))
        return false;
    style->indent = value_is_null(value) ? -1 : number < 0 ? 0 : (int)number;
    return true;
}

/** What may be given for a profile; all of them write plain values alike. */
static bool profile_check(struct value value, struct error *error)
{
    static const char *const names[] = {"tagless",           "legacy",
                                        "inventory_legacy",  "cache_persistence",
                                        "fallback_to_str",   "module_legacy_c2m",
                                        "module_legacy_m2c", "module_modern_c2m",
                                        "module_modern_m2c"};
    if (value_is_null(value))
        return true;
    if (!value_is_string(value))
        return error_set(error, ERROR_TYPE, "Name is <class '%s'> instead of <class 'str'> or <class 'module'>.",
                         value_type_name(value));
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (value_equals_string(value, names[i]))
            return true;
    return error_set(error, ERROR_VALUE, "Unknown profile name '%s'.", value_bytes(value));
}

/** One option of json.dumps. */
static bool dump_option(struct evaluation *evaluation, struct dump *dump, const char *name, struct value value,
                        struct error *error)
{
    static const char *const without_effect[] = {"vault_to_text", "preprocess_unsafe", "skipkeys", "check_circular"};
    struct json_style *style = &dump->style;
    if (strcmp(name, "indent") == 0)
        return dump_indent(style, value, error);
    if (strcmp(name, "separators") == 0)
        return dump_separators(evaluation, dump, value, error);
    if (strcmp(name, "profile") == 0)
        return profile_check(value, error);
    for (size_t i = 0; i < COUNT_OF(without_effect); i++)
        if (strcmp(name, without_effect[i]) == 0)
            return true;
    if (strcmp(name, "sort_keys") == 0)
        style->sort_keys = value_truth(value);
    else if (strcmp(name, "ensure_ascii") == 0)
        style->ascii = value_truth(value);
    else if (strcmp(name, "allow_nan") == 0)
        style->finite = !value_truth(value);
    else
        return error_set(error, ERROR_TYPE, "JSONEncoder.__init__() got an unexpected keyword argument '%s'", name);
    return true;
}

/** The value as JSON by the options, which win over `style`. */
static bool write_json(struct evaluation *evaluation, struct value value, const struct dict *options,
                       struct json_style style, struct value *result, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    struct dump dump = {.style = style};
    const struct dict_entry *entry;
    bool ok = true;
    for (size_t i = 0; ok && dict_next(options, &i, &entry);)
        ok = dump_option(evaluation, &dump, value_bytes(entry->key), entry->value, error);
    ok = ok && json_append(&out, value, &dump.style, error);
    if (ok)
        *result = value_string_take(text_buffer_take(&out));
    value_drop(dump.separators);
    return ok;
}

static bool filter_to_json(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    return profile_check(arguments[1], error) &&
           write_json(evaluation, arguments[0], arguments[2].as.dict, (struct json_style){.indent = -1, .ascii = true},
                      result, error);
}

static bool filter_to_nice_json(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                struct error *error)
{
    struct json_style style = {
        .ascii = true, .sort_keys = value_truth(arguments[2]), .item_separator = ",", .key_separator = ": "};
    OWNED options = value_dict_take(dict_clone(arguments[3].as.dict));
    dict_remove_string(options.as.dict, "separators");
    return dump_indent(&style, arguments[1], error) &&
           write_json(evaluation, arguments[0], options.as.dict, style, result, error);
}

static bool filter_from_json(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation;
    if (!profile_check(arguments[1], error))
        return false;
    if (!value_is_string(arguments[0]))
        return error_set(error, ERROR_TYPE, "the JSON object must be str, bytes or bytearray, not %s",
                         value_type_name(arguments[0]));
    return json_parse(value_bytes(arguments[0]), arguments[0].as.text->length, result, error);
}

static bool filter_json_query(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    OWNED text = argument_text(arguments[1]);
    struct jmespath *expression = jmespath_compile(value_bytes(text), text.as.text->length, error);
    if (!expression)
        return error_wrap(error, "JMESPathError in json_query filter plugin");
    bool ok = jmespath_search(expression, evaluation, arguments[0], result, error);
    jmespath_free(expression);
    if (ok)
        return true;
    if (error->kind == ERROR_UNDEFINED)
        error->kind = ERROR_FILTER;
    return error_wrap(error, "Error in jmespath.search in json_query filter plugin");
}

static const struct function rows[] = {
    {"from_json", "value, profile=None", filter_from_json, 0, "The value that a JSON text stands for"},
    {"to_json", "value, profile=None, **options", filter_to_json, 0, "A value as JSON in one line"},
    {"to_nice_json", "value, indent=4, sort_keys=True, **options", filter_to_nice_json, 0,
     "A value as JSON to be read by people"},
};

const struct function_table filters_json = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};

static const struct function query_rows[] = {
    {"json_query", "data, expr", filter_json_query, FUNCTION_TAKES_LAZY, "What a JMESPath expression finds in a value"},
};

const struct function_table filters_json_query = {FUNCTION_FILTER, "community.general", query_rows,
                                                  COUNT_OF(query_rows)};
