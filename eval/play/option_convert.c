/* The conversions of option values: see bind.h.  Each answers what the reference's check_type_* answers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval/play/bind.h"
#include "parser/yaml.h"
#include "runtime/os/environment.h"
#include "runtime/os/path.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/json.h"
#include "runtime/value/repr.h"

/** "<class 'list'> cannot be converted to a bool". */
static bool class_error(struct value given, const char *wanted, struct error *error)
{
    return error_set(error, ERROR_MODULE, "<class '%s'> cannot be converted to a %s", value_type_name(given), wanted);
}

static bool convert_string(struct value given, struct value *result)
{
    *result = value_is_null(given) ? given : value_is_string(given) ? value_copy(given) : value_str(given);
    return true;
}

/** Is the text one of these words, whatever its case, with or without blanks around? */
static bool is_word(const char *text, const char *const *words)
{
    text += strspn(text, " \t\r\n");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]))
        length--;
    for (; *words; words++)
        if (strlen(*words) == length && strncasecmp(text, *words, length) == 0)
            return true;
    return false;
}

static bool convert_bool(struct value given, struct value *result, struct error *error)
{
    static const char *const yes[] = {"y", "yes", "on", "1", "true", "t", "1.0", NULL};
    static const char *const no[] = {"n", "no", "off", "0", "false", "f", "0.0", NULL};
    if (!value_is_string(given) && !value_is_number(given))
        return class_error(given, "bool", error);
    OWNED text = value_str(given);
    bool is_true = is_word(value_bytes(text), yes);
    if (!is_true && !is_word(value_bytes(text), no))
        return error_set(error, ERROR_MODULE,
                         "The value '%s' is not a valid boolean. Valid booleans include: 0, 1, 'off', 'false', 'y', "
                         "'on', 'no', 'n', 'yes', '1', 'true', '0', 'f', 't'",
                         value_bytes(text));
    *result = value_bool(is_true);
    return true;
}

static bool int_from_text(struct value text, struct value *result)
{
    double number;
    OWNED_ERROR ignored = {0};
    if (value_parse_int(value_bytes(text), text.as.text->length, 10, result))
        return true;
    return value_parse_float(value_bytes(text), text.as.text->length, &number) && number == floor(number) &&
           value_int_from_float(number, result, &ignored);
}

static bool convert_int(struct value given, struct value *result, struct error *error)
{
    OWNED_ERROR ignored = {0};
    if (value_is_integer(given)) {
        *result = value_copy(given);
        return true;
    }
    if (given.kind == VALUE_BOOL) {
        *result = value_int(given.as.boolean);
        return true;
    }
    if (given.kind == VALUE_FLOAT && given.as.floating == floor(given.as.floating) &&
        value_int_from_float(given.as.floating, result, &ignored))
        return true;
    if (value_is_string(given) && int_from_text(given, result))
        return true;
    OWNED shown = value_repr(given);
    return error_set(error, ERROR_MODULE, "\"%s\" cannot be converted to an int", value_bytes(shown));
}

static bool convert_float(struct value given, struct value *result, struct error *error)
{
    double number = 0;
    bool is_one = value_is_string(given) ? value_parse_float(value_bytes(given), given.as.text->length, &number)
                                         : value_is_number(given) && value_to_double(given, &number, error);
    if (!is_one)
        return error->kind != ERROR_NONE ? false : class_error(given, "float", error);
    *result = value_float(number);
    return true;
}

/** A list of one text: cut at commas. */
static struct list *list_from_text(const char *text)
{
    struct list *list = list_new(4);
    for (;;) {
        size_t length = strcspn(text, ",");
        list_push_take(list, value_string_length(text, length));
        if (!text[length])
            return list;
        text += length + 1;
    }
}

static bool convert_list(struct value given, struct value *result, struct error *error)
{
    if (value_is_sequence(given)) {
        *result = value_list_take(list_clone(given.as.list));
        return true;
    }
    if (!value_is_string(given) && !value_is_number(given))
        return class_error(given, "list", error);
    OWNED text = value_str(given);
    *result = value_list_take(list_from_text(value_bytes(text)));
    return true;
}

/** The end of a field of "a=1, b='x y'": the next blank or comma outside of quotes. */
static const char *field_end(const char *text)
{
    char quote = '\0';
    for (; *text && (quote || !strchr(" \t\n,", *text)); text++) {
        if (quote ? *text == quote : *text == '"' || *text == '\'')
            quote = quote ? '\0' : *text;
        else if (*text == '\\' && text[1])
            text++;
    }
    return text;
}

/** The text of a field without its quotes and backslashes. */
static struct value field_text(const char *start, const char *end)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    for (char quote = '\0'; start < end; start++) {
        if (quote ? *start == quote : *start == '"' || *start == '\'')
            quote = quote ? '\0' : *start;
        else if (*start == '\\' && start + 1 < end)
            text_buffer_append_char(&out, *++start);
        else
            text_buffer_append_char(&out, *start);
    }
    return value_string_length(text_buffer_bytes(&out), out.length);
}

/** "a=1, b='x y'" as a dict; false for anything else. */
static bool dict_from_pairs(const char *text, struct value *result)
{
    OWNED pairs = value_dict_new();
    for (const char *end; *(text += strspn(text, " \t\n,")); text = end) {
        end = field_end(text);
        const char *equals = memchr(text, '=', (size_t)(end - text));
        if (!equals)
            return false;
        dict_set_take(pairs.as.dict, field_text(text, equals), field_text(equals + 1, end));
    }
    *result = value_steal(&pairs);
    return true;
}

/** "{...}" in JSON, or as Python or YAML write it. */
static bool dict_from_braces(struct value text, struct value *result, struct error *error)
{
    OWNED_ERROR ignored = {0};
    OWNED parsed = value_null();
    struct list *documents = NULL;
    if (!json_parse(value_bytes(text), text.as.text->length, &parsed, &ignored)) {
        error_done(&ignored);
        if (yaml_parse_values(value_bytes(text), text.as.text->length, &documents, &ignored) && documents->count == 1)
            value_replace_take(&parsed, value_copy(documents->items[0]));
        list_drop(documents);
    }
    if (!value_is_dict(parsed))
        return error_set(error, ERROR_MODULE, "unable to evaluate string as dictionary");
    *result = value_steal(&parsed);
    return true;
}

static bool convert_dict(struct value given, struct value *result, struct error *error)
{
    if (value_is_dict(given)) {
        *result = value_copy(given);
        return true;
    }
    if (!value_is_string(given))
        return class_error(given, "dict", error);
    const char *text = value_bytes(given);
    if (*text == '{')
        return dict_from_braces(given, result, error);
    if (strchr(text, '=') && dict_from_pairs(text, result))
        return true;
    return error_set(error, ERROR_MODULE, "dictionary requested, could not parse JSON or key=value");
}

static bool convert_path(struct value given, struct value *result)
{
    OWNED text = value_str(given);
    CLEANUP(memory_cleanup) char *variables = environment_expand(NULL, value_bytes(text));
    CLEANUP(memory_cleanup) char *path = path_expand_user(variables);
    *result = value_string(path);
    return true;
}

static bool convert_json(struct value given, struct value *result, struct error *error)
{
    static const struct json_style style = {.indent = -1, .ascii = true};
    if (value_is_string(given)) {
        const char *text = value_bytes(given);
        text += strspn(text, " \t\r\n");
        size_t length = strlen(text);
        while (length > 0 && strchr(" \t\r\n", text[length - 1]))
            length--;
        *result = value_string_length(text, length);
        return true;
    }
    if (!value_is_sequence(given) && !value_is_dict(given))
        return class_error(given, "json string", error);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (!json_append(&out, given, &style, error))
        return false;
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

bool option_convert(enum option_type type, struct value given, struct value *result, struct error *error)
{
    switch (type) {
    case OPTION_STRING:
        return convert_string(given, result);
    case OPTION_BOOL:
        return convert_bool(given, result, error);
    case OPTION_INT:
        return convert_int(given, result, error);
    case OPTION_FLOAT:
        return convert_float(given, result, error);
    case OPTION_LIST:
        return convert_list(given, result, error);
    case OPTION_DICT:
        return convert_dict(given, result, error);
    case OPTION_PATH:
        return convert_path(given, result);
    case OPTION_RAW:
        *result = value_copy(given);
        return true;
    case OPTION_JSON:
        return convert_json(given, result, error);
    }
    bug("no such type of option: %d", type);
}
