#include <math.h>
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/compare.h"
#include "runtime/value/dict.h"
#include "runtime/value/json.h"
#include "runtime/value/list.h"
#include "runtime/value/object.h"
#include "runtime/value/repr.h"

/** One run of json_append. */
struct writer {
    struct text_buffer *out;
    const struct json_style *style;
    struct error *error;
    int depth;
};

static bool write_value(struct writer *writer, struct value value);

/* ---- scalars ---- */

/** \n and friends, or \uXXXX; past the basic plane as two surrogates. */
static void write_escape(struct text_buffer *out, uint32_t point)
{
    static const char short_escapes[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (const char *pair = short_escapes; *pair; pair += 2)
        if (point == (unsigned char)*pair) {
            text_buffer_append_format(out, "\\%c", pair[1]);
            return;
        }
    if (point < 0x10000) {
        text_buffer_append_format(out, "\\u%04x", point);
        return;
    }
    point -= 0x10000;
    text_buffer_append_format(out, "\\u%04x\\u%04x", 0xD800 + (point >> 10), 0xDC00 + (point & 0x3FF));
}

/** DEL is escaped with what is past ASCII, as Python does. */
static inline bool is_plain(unsigned char byte, bool ascii)
{
    return byte >= ' ' && byte != '"' && byte != '\\' && (!ascii || byte < 0x7F);
}

static void write_string(struct writer *writer, const char *bytes, size_t length)
{
    struct text_buffer *out = writer->out;
    const char *cursor = bytes, *end = bytes + length, *plain = bytes;
    text_buffer_append_char(out, '"');
    while (cursor < end) {
        unsigned char byte = (unsigned char)*cursor;
        if (is_plain(byte, writer->style->ascii)) {
            cursor++;
            continue;
        }
        text_buffer_append(out, plain, (size_t)(cursor - plain));
        write_escape(out, text_decode(&cursor, end));
        plain = cursor;
    }
    text_buffer_append(out, plain, (size_t)(end - plain));
    text_buffer_append_char(out, '"');
}

static bool write_float(struct writer *writer, double number)
{
    struct text_buffer *out = writer->out;
    if (writer->style->finite && !isfinite(number))
        return error_set(writer->error, ERROR_VALUE, "Out of range float values are not JSON compliant");
    if (isnan(number))
        text_buffer_append_string(out, "NaN");
    else if (isinf(number))
        text_buffer_append_string(out, number > 0 ? "Infinity" : "-Infinity");
    else
        float_append_repr(out, number);
    return true;
}

/* ---- containers ---- */

/** The line break before an item or a closing bracket, where the style has them. */
static void write_break(struct writer *writer)
{
    const char *indentation = writer->style->indentation;
    if (writer->style->indent < 0 && !indentation)
        return;
    text_buffer_append_char(writer->out, '\n');
    for (int i = 0; indentation && i < writer->depth; i++)
        text_buffer_append_string(writer->out, indentation);
    if (indentation)
        return;
    text_buffer_append_repeated(writer->out, ' ', (size_t)(writer->style->indent * writer->depth));
}

static void write_separator(struct writer *writer, bool is_first)
{
    const struct json_style *style = writer->style;
    const char *usual = style->compact || style->indent >= 0 || style->indentation ? "," : ", ";
    if (!is_first)
        text_buffer_append_string(writer->out, style->item_separator ? style->item_separator : usual);
    write_break(writer);
}

static bool enter(struct writer *writer)
{
    if (++writer->depth > LIMIT_VALUE_DEPTH)
        return error_set(writer->error, ERROR_LIMIT, "nested deeper than %d levels", LIMIT_VALUE_DEPTH);
    return true;
}

static void leave(struct writer *writer)
{
    writer->depth--;
    write_break(writer);
}

static bool write_list(struct writer *writer, const struct list *list)
{
    if (list->count == 0) {
        text_buffer_append(writer->out, "[]", 2);
        return true;
    }
    text_buffer_append_char(writer->out, '[');
    if (!enter(writer))
        return false;
    for (size_t i = 0; i < list->count; i++) {
        write_separator(writer, i == 0);
        if (!write_value(writer, list->items[i]))
            return false;
    }
    leave(writer);
    text_buffer_append_char(writer->out, ']');
    return true;
}

/** A key as text: numbers, booleans and null are written as their JSON in quotes. */
static bool write_key(struct writer *writer, struct value key)
{
    switch ((enum value_kind)key.kind) {
    case VALUE_STRING:
        write_string(writer, key.as.text->bytes, key.as.text->length);
        return true;
    case VALUE_NULL:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_BIGINT:
        text_buffer_append_char(writer->out, '"');
        if (!write_value(writer, key))
            return false;
        text_buffer_append_char(writer->out, '"');
        return true;
    case VALUE_LIST:
    case VALUE_TUPLE:
    case VALUE_DICT:
    case VALUE_UNDEFINED:
    case VALUE_OBJECT:
    case VALUE_OMIT:
        break;
    }
    return error_set(writer->error, ERROR_TYPE, "keys must be str, int, float, bool or None, not %s",
                     value_type_name(key));
}

static bool write_entry(struct writer *writer, struct value key, struct value value, bool is_first)
{
    write_separator(writer, is_first);
    if (!write_key(writer, key))
        return false;
    const char *usual = writer->style->compact ? ":" : ": ";
    text_buffer_append_string(writer->out, writer->style->key_separator ? writer->style->key_separator : usual);
    return write_value(writer, value);
}

static bool write_entries_in_order(struct writer *writer, const struct dict *dict)
{
    const struct dict_entry *entry;
    bool is_first = true;
    for (size_t i = 0; dict_next(dict, &i, &entry); is_first = false)
        if (!write_entry(writer, entry->key, entry->value, is_first))
            return false;
    return true;
}

/** Orders keys by what is written of them. */
static bool compare_keys(const struct value *left, const struct value *right, void *context, int *order,
                         struct error *error)
{
    struct text_buffer texts[2] = {0};
    bool ok = true;
    (void)context;
    if (value_is_string(*left) && value_is_string(*right)) {
        *order = text_compare(left->as.text, right->as.text);
        return true;
    }
    for (int i = 0; i < 2; i++) {
        struct json_style style = {.indent = -1};
        struct value key = i == 0 ? *left : *right;
        struct writer writer = {.out = &texts[i], .style = &style, .error = error};
        if (value_is_string(key))
            text_buffer_append_text(&texts[i], key.as.text);
        else
            ok &= write_value(&writer, key);
    }
    int difference = strcmp(text_buffer_bytes(&texts[0]), text_buffer_bytes(&texts[1]));
    *order = (difference > 0) - (difference < 0);
    text_buffer_done(&texts[0]);
    text_buffer_done(&texts[1]);
    return ok;
}

static bool write_entries_sorted(struct writer *writer, const struct dict *dict)
{
    CLEANUP(memory_cleanup) struct value *keys = memory_resize(NULL, dict->live, sizeof *keys);
    const struct dict_entry *entry;
    size_t count = 0;
    for (size_t i = 0; dict_next(dict, &i, &entry);)
        keys[count++] = entry->key;
    if (!value_sort(keys, count, compare_keys, NULL, writer->error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!write_entry(writer, keys[i], *dict_find(dict, keys[i]), i == 0))
            return false;
    return true;
}

static bool write_dict(struct writer *writer, const struct dict *dict)
{
    if (dict->live == 0) {
        text_buffer_append(writer->out, "{}", 2);
        return true;
    }
    text_buffer_append_char(writer->out, '{');
    if (!enter(writer))
        return false;
    if (!(writer->style->sort_keys ? write_entries_sorted : write_entries_in_order)(writer, dict))
        return false;
    leave(writer);
    text_buffer_append_char(writer->out, '}');
    return true;
}

static bool write_object(struct writer *writer, struct value value)
{
    const struct object_class *class = value.as.object->class;
    if (!class->data && class->items) {
        struct list *items = class->items(value.as.object, writer->error);
        OWNED owned = items ? value_list_take(items) : value_null();
        return items && write_list(writer, items);
    }
    if (!class->data)
        return error_set(writer->error, ERROR_TYPE, "Object of type %s is not JSON serializable", class->type_name);
    OWNED data = class->data(value.as.object);
    return write_value(writer, data);
}

static bool write_value(struct writer *writer, struct value value)
{
    switch ((enum value_kind)value.kind) {
    case VALUE_NULL:
        text_buffer_append(writer->out, "null", 4);
        return true;
    case VALUE_BOOL:
        text_buffer_append_string(writer->out, value.as.boolean ? "true" : "false");
        return true;
    case VALUE_FLOAT:
        return write_float(writer, value.as.floating);
    case VALUE_INT:
    case VALUE_BIGINT:
        value_append_repr(writer->out, value);
        return true;
    case VALUE_STRING:
        write_string(writer, value.as.text->bytes, value.as.text->length);
        return true;
    case VALUE_LIST:
    case VALUE_TUPLE:
        return write_list(writer, value.as.list);
    case VALUE_DICT:
        return write_dict(writer, value.as.dict);
    case VALUE_UNDEFINED:
        return value_undefined_error(value, writer->error);
    case VALUE_OBJECT:
        return write_object(writer, value);
    case VALUE_OMIT:
        break;
    }
    return error_set(writer->error, ERROR_TYPE, "Object of type %s is not JSON serializable", value_type_name(value));
}

bool json_append(struct text_buffer *out, struct value value, const struct json_style *style, struct error *error)
{
    struct writer writer = {.out = out, .style = style, .error = error};
    return write_value(&writer, value);
}
