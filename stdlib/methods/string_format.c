/* str's methods that fill in, translate and encode; bytes' that lead back. */
#include <string.h>

#include "runtime/value/encoding.h"
#include "runtime/value/format.h"
#include "runtime/value/list.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/methods/methods.h"
#include "stdlib/methods/string_argument.h"

/** "'dict' object has no attribute 'b'". */
static bool no_attribute(struct value object, struct value key, struct error *error)
{
    return error_set(error, ERROR_TYPE, "'%s' object has no attribute '%s'", value_type_name(object), value_bytes(key));
}

/** What Python says of a key or an index that is not there. */
static bool no_item(struct value object, struct value key, struct error *error)
{
    OWNED shown = value_repr(key);
    if (value_is_dict(object))
        return error_set(error, ERROR_KEY, "%s", value_bytes(shown));
    if (value_is_sequence(object) && value_is_string(key))
        return error_set(error, ERROR_TYPE, "%s indices must be integers or slices, not str", value_type_name(object));
    if (value_is_sequence(object) || value_is_string(object))
        return error_set(error, ERROR_KEY, "%s index out of range",
                         value_is_string(object) ? "string" : value_type_name(object));
    return error_set(error, ERROR_TYPE, "'%s' object is not subscriptable", value_type_name(object));
}

/** A field's attribute or item, for the formatter: Python's own, which does not take one for the other. */
static bool look_up(void *context, struct value object, struct value key, bool is_attribute, struct value *result,
                    struct error *error)
{
    OWNED found = value_null();
    if (is_attribute && value_is_dict(object)) /* whose keys are attributes in templates */
        return no_attribute(object, key, error);
    if (!(is_attribute ? evaluation_attribute : evaluation_item)(context, object, key, &found, error))
        return false;
    if (value_is_undefined(found) && !value_is_undefined(object))
        return is_attribute ? no_attribute(object, key, error) : no_item(object, key, error);
    *result = value_steal(&found);
    return true;
}

static bool str_format(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    const struct format_call call = {arguments[0], arguments[1].as.list, arguments[2].as.dict, look_up, evaluation};
    return value_format_braces(&call, result, error);
}

static bool str_format_map(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    if (!value_is_dict(arguments[1]))
        return error_set(error, ERROR_TYPE, "'%s' object is not a mapping", value_type_name(arguments[1]));
    const struct format_call call = {arguments[0], NULL, arguments[1].as.dict, look_up, evaluation};
    return value_format_braces(&call, result, error);
}

/* ---- translation ---- */

/** Appends what a table has for a code point: nothing for null, a character for an int, a string as it is. */
static bool append_translated(struct text_buffer *out, struct value table, uint32_t point, struct error *error)
{
    const struct value *entry = NULL;
    if (value_is_dict(table))
        entry = dict_find(table.as.dict, value_int(point));
    else if (value_is_sequence(table) && point < table.as.list->count)
        entry = &table.as.list->items[point];
    if (!entry)
        text_buffer_append_point(out, point);
    else if (value_is_string(*entry))
        text_buffer_append_text(out, entry->as.text);
    else if (entry->kind == VALUE_INT && entry->as.integer >= 0 && entry->as.integer < 0x110000)
        text_buffer_append_point(out, (uint32_t)entry->as.integer);
    else if (entry->kind == VALUE_INT)
        return error_set(error, ERROR_VALUE, "character mapping must be in range(0x110000)");
    else if (!value_is_null(*entry))
        return error_set(error, ERROR_TYPE, "character mapping must return integer, None or str");
    return true;
}

static bool str_translate(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (!value_is_dict(arguments[1]) && !value_is_sequence(arguments[1]))
        return error_set(error, ERROR_TYPE, "'%s' object is not subscriptable", value_type_name(arguments[1]));
    const char *at = arguments[0].as.text->bytes, *end = at + arguments[0].as.text->length;
    while (at < end)
        if (!append_translated(&out, arguments[1], text_decode(&at, end), error))
            return false;
    *result = argument_text_like(text_buffer_take(&out), arguments[0]);
    return true;
}

/** maketrans of a dict: keys of one character become its number. */
static bool translation_of_dict(const struct dict *dict, struct dict *table, struct error *error)
{
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(dict, &i, &entry);) {
        struct value key = value_copy(entry->key);
        if (value_is_string(key)) {
            const char *at = key.as.text->bytes;
            bool is_single = text_points(key.as.text) == 1;
            uint32_t point = is_single ? text_decode(&at, at + key.as.text->length) : 0;
            value_replace_take(&key, value_int(point));
            if (!is_single)
                return error_set(error, ERROR_VALUE, "string keys in translate table must be of length 1");
        } else if (key.kind != VALUE_INT) {
            value_drop(key);
            return error_set(error, ERROR_TYPE, "keys in translate table must be strings or integers");
        }
        dict_set_take(table, key, value_copy(entry->value));
    }
    return true;
}

/** maketrans of two strings: each character of the first becomes the one at its place in the second. */
static bool translation_of_pair(const struct value *arguments, struct dict *table, struct error *error)
{
    if (!value_is_string(arguments[1]))
        return error_set(error, ERROR_TYPE, "first maketrans argument must be a string if there is a second argument");
    if (!string_argument(arguments[2], "maketrans() argument 2", error))
        return false;
    struct text *from = arguments[1].as.text, *to = arguments[2].as.text;
    if (text_points(from) != text_points(to))
        return error_set(error, ERROR_VALUE, "the first two maketrans arguments must have equal length");
    const char *at = from->bytes, *end = at + from->length, *other = to->bytes;
    while (at < end) {
        uint32_t key = text_decode(&at, end);
        dict_set_take(table, value_int(key), value_int(text_decode(&other, to->bytes + to->length)));
    }
    return true;
}

static bool str_maketrans(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    OWNED table = value_dict_new();
    if (!value_is_null(arguments[2])) {
        if (!translation_of_pair(arguments, table.as.dict, error))
            return false;
    } else if (!value_is_dict(arguments[1])) {
        return error_set(error, ERROR_TYPE, "if you give only one argument to maketrans it must be a dict");
    } else if (!translation_of_dict(arguments[1].as.dict, table.as.dict, error)) {
        return false;
    }
    if (!value_is_null(arguments[3])) {
        if (!string_argument(arguments[3], "maketrans() argument 3", error))
            return false;
        const char *at = arguments[3].as.text->bytes, *end = at + arguments[3].as.text->length;
        while (at < end)
            dict_set_take(table.as.dict, value_int(text_decode(&at, end)), value_null());
    }
    *result = value_steal(&table);
    return true;
}

/* ---- bytes ---- */

static bool str_encode(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (!string_argument(arguments[1], "encode() argument 'encoding'", error) ||
        !string_argument(arguments[2], "encode() argument 'errors'", error) ||
        !encoding_encode(&out, arguments[0].as.text, value_bytes(arguments[1]), value_bytes(arguments[2]), error))
        return false;
    *result = value_string_take(text_buffer_take(&out));
    result->flags |= VALUE_BYTES;
    return true;
}

static bool bytes_decode(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const struct text *self = arguments[0].as.text;
    if (!string_argument(arguments[1], "decode() argument 'encoding'", error) ||
        !string_argument(arguments[2], "decode() argument 'errors'", error) ||
        !encoding_decode(&out, self->bytes, self->length, value_bytes(arguments[1]), value_bytes(arguments[2]), error))
        return false;
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static bool bytes_hex(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    (void)error;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const struct text *self = arguments[0].as.text;
    for (size_t i = 0; i < self->length; i++)
        text_buffer_append_format(&out, "%02x", (unsigned char)self->bytes[i]);
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static const struct function rows[] = {
    {"bytes.decode", "self, encoding='utf-8', errors='strict'", bytes_decode, 0, "The text that these bytes encode."},
    {"bytes.hex", "self", bytes_hex, 0, "Two hexadecimal digits a byte."},
    {"str.encode", "self, encoding='utf-8', errors='strict'", str_encode, 0, "The text as bytes of an encoding."},
    {"str.format", "self, *args, **kwargs", str_format, 0, "Fills the fields in braces."},
    {"str.format_map", "self, mapping", str_format_map, 0, "Fills the fields in braces out of a dict."},
    {"str.maketrans", "self, x, y=None, z=None", str_maketrans, 0, "A table for translate."},
    {"str.translate", "self, table", str_translate, 0, "Each character replaced by what a table has under its number."},
};

const struct function_table methods_string_format = {FUNCTION_METHOD, NULL, rows, COUNT_OF(rows)};
