/*
 * JSON: to_json, to_nice_json, from_json; json_query over stdlib/filters/jmespath.
 */
#include "runtime/value/json.h"

#include <string.h>

#include "runtime/value/arithmetic.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"
#include "stdlib/filters/jmespath/jmespath.h"

/** One option of json.dumps. */
static bool style_option(struct json_style *style, const char *name, struct value value, struct error *error)
{
    int64_t number;
    if (strcmp(name, "indent") == 0) {
        if (value_is_null(value)) {
            style->indent = -1;
            return true;
        }
        if (value_is_string(value))
            number = (int64_t)value.as.text->length;
        else if (!argument_int(value, &number, error))
            return false;
        style->indent = number < 0 ? 0 : (int)number;
    } else if (strcmp(name, "sort_keys") == 0) {
        style->sort_keys = value_truth(value);
    } else if (strcmp(name, "ensure_ascii") == 0) {
        style->ascii = value_truth(value);
    } else if (strcmp(name, "separators") == 0) {
        style->compact = value_is_sequence(value) && value.as.list->count == 2 &&
                         value_equals_string(value.as.list->items[0], ",") &&
                         value_equals_string(value.as.list->items[1], ":");
    } else if (strcmp(name, "vault_to_text") != 0 && strcmp(name, "preprocess_unsafe") != 0 &&
               strcmp(name, "skipkeys") != 0 && strcmp(name, "allow_nan") != 0 && strcmp(name, "check_circular") != 0 &&
               strcmp(name, "profile") != 0) {
        return error_set(error, ERROR_TYPE, "JSONEncoder.__init__() got an unexpected keyword argument '%s'", name);
    }
    return true;
}

static bool write_json(struct value value, const struct dict *options, struct json_style style, struct value *result,
                       struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(options, &i, &entry);)
        if (!style_option(&style, value_bytes(entry->key), entry->value, error))
            return false;
    if (!json_append(&out, value, &style, error))
        return false;
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static bool filter_to_json(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    return write_json(arguments[0], arguments[1].as.dict, (struct json_style){.indent = -1, .ascii = true}, result,
                      error);
}

static bool filter_to_nice_json(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                struct error *error)
{
    struct json_style style = {.ascii = true};
    (void)evaluation;
    return style_option(&style, "indent", arguments[1], error) &&
           style_option(&style, "sort_keys", arguments[2], error) &&
           write_json(arguments[0], arguments[3].as.dict, style, result, error);
}

static bool filter_from_json(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation;
    if (!value_is_string(arguments[0]))
        return error_set(error, ERROR_TYPE, "the JSON object must be str, bytes or bytearray, not %s",
                         value_type_name(arguments[0]));
    return json_parse(value_bytes(arguments[0]), arguments[0].as.text->length, result, error);
}

static bool filter_json_query(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    OWNED text = argument_text(arguments[1]);
    OWNED data = value_null();
    if (!evaluation_resolve(evaluation, arguments[0], &data, error)) {
        error->kind = ERROR_FILTER;
        return error_wrap(error, "Error in jmespath.search in json_query filter plugin");
    }
    struct jmespath *expression = jmespath_compile(value_bytes(text), text.as.text->length, error);
    if (!expression)
        return error_wrap(error, "JMESPathError in json_query filter plugin");
    bool ok = jmespath_search(expression, data, result, error);
    jmespath_free(expression);
    return ok || error_wrap(error, "Error in jmespath.search in json_query filter plugin");
}

static const struct function rows[] = {
    {"from_json", "value, profile=None", filter_from_json, 0, "The value that a JSON text stands for"},
    {"to_json", "value, **options", filter_to_json, 0, "A value as JSON in one line"},
    {"to_nice_json", "value, indent=4, sort_keys=True, **options", filter_to_nice_json, 0,
     "A value as JSON to be read by people"},
};

const struct function_table filters_json = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};

static const struct function query_rows[] = {
    {"json_query", "data, expr", filter_json_query, FUNCTION_TAKES_LAZY, "What a JMESPath expression finds in a value"},
};

const struct function_table filters_json_query = {FUNCTION_FILTER, "community.general", query_rows,
                                                  COUNT_OF(query_rows)};
