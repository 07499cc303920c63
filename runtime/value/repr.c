#include "runtime/value/repr.h"

#include <inttypes.h>
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/bigint.h"
#include "runtime/value/dict.h"
#include "runtime/value/list.h"
#include "runtime/value/object.h"

static void append_repr_at(struct text_buffer *out, struct value value, int depth);

/** The escape of a code point that repr does not show as it is. */
static void append_escape(struct text_buffer *out, uint32_t point, char quote)
{
    if (point == (uint32_t)quote || point == '\\')
        text_buffer_append_format(out, "\\%c", (char)point);
    else if (point == '\n')
        text_buffer_append_string(out, "\\n");
    else if (point == '\r')
        text_buffer_append_string(out, "\\r");
    else if (point == '\t')
        text_buffer_append_string(out, "\\t");
    else if (point < 0x100)
        text_buffer_append_format(out, "\\x%02x", point);
    else if (point < 0x10000)
        text_buffer_append_format(out, "\\u%04x", point);
    else
        text_buffer_append_format(out, "\\U%08x", point);
}

/** Python prefers single quotes, unless only they would need escapes. */
static void append_string_repr(struct text_buffer *out, const struct text *text)
{
    bool has_single = memchr(text->bytes, '\'', text->length), has_double = memchr(text->bytes, '"', text->length);
    char quote = has_single && !has_double ? '"' : '\'';
    text_buffer_append_char(out, quote);
    const char *cursor = text->bytes, *end = text->bytes + text->length, *plain = cursor;
    while (cursor < end) {
        const char *start = cursor;
        uint32_t point = text_decode(&cursor, end);
        bool is_plain = point < 0x80 ? point >= ' ' && point != 0x7F && point != '\\' && point != (uint32_t)quote
                                     : text_point_is_printable(point);
        if (is_plain)
            continue;
        text_buffer_append(out, plain, (size_t)(start - plain));
        append_escape(out, point, quote);
        plain = cursor;
    }
    text_buffer_append(out, plain, (size_t)(end - plain));
    text_buffer_append_char(out, quote);
}

/** b'...': every byte past ASCII is escaped. */
static void append_bytes_repr(struct text_buffer *out, const struct text *text)
{
    bool has_single = memchr(text->bytes, '\'', text->length), has_double = memchr(text->bytes, '"', text->length);
    char quote = has_single && !has_double ? '"' : '\'';
    text_buffer_append_format(out, "b%c", quote);
    for (size_t i = 0; i < text->length; i++) {
        unsigned char byte = (unsigned char)text->bytes[i];
        if (byte >= ' ' && byte < 0x7F && byte != '\\' && byte != (unsigned char)quote)
            text_buffer_append_char(out, (char)byte);
        else
            append_escape(out, byte, quote);
    }
    text_buffer_append_char(out, quote);
}

static void append_list_repr(struct text_buffer *out, const struct list *list, int depth)
{
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            text_buffer_append(out, ", ", 2);
        append_repr_at(out, list->items[i], depth);
    }
}

static void append_dict_repr(struct text_buffer *out, const struct dict *dict, int depth)
{
    const struct dict_entry *entry;
    const char *separator = "{";
    for (size_t i = 0; dict_next(dict, &i, &entry); separator = ", ") {
        text_buffer_append_string(out, separator);
        append_repr_at(out, entry->key, depth);
        text_buffer_append(out, ": ", 2);
        append_repr_at(out, entry->value, depth);
    }
    text_buffer_append_string(out, dict->live == 0 ? "{}" : "}");
}

static void append_object_repr(struct text_buffer *out, struct object *object)
{
    if (object->class->repr)
        object->class->repr(object, out);
    else
        text_buffer_append_format(out, "<%s object>", object->class->type_name);
}

static void append_integer(struct text_buffer *out, int64_t integer)
{
    char digits[24];
    char *cursor = digits + sizeof digits;
    uint64_t rest = integer < 0 ? -(uint64_t)integer : (uint64_t)integer;
    do
        *--cursor = (char)('0' + rest % 10);
    while (rest /= 10);
    if (integer < 0)
        *--cursor = '-';
    text_buffer_append(out, cursor, (size_t)(digits + sizeof digits - cursor));
}

static void append_container_repr(struct text_buffer *out, struct value value, int depth)
{
    if (depth > LIMIT_VALUE_DEPTH) {
        text_buffer_append_string(out, "...");
        return;
    }
    if (value.kind == VALUE_DICT) {
        append_dict_repr(out, value.as.dict, depth);
        return;
    }
    bool is_list = value.kind == VALUE_LIST;
    text_buffer_append_char(out, is_list ? '[' : '(');
    append_list_repr(out, value.as.list, depth);
    text_buffer_append_string(out, is_list ? "]" : value.as.list->count == 1 ? ",)" : ")");
}

static void append_repr_at(struct text_buffer *out, struct value value, int depth)
{
    switch ((enum value_kind)value.kind) {
    case VALUE_NULL:
        text_buffer_append_string(out, "None");
        return;
    case VALUE_BOOL:
        text_buffer_append_string(out, value.as.boolean ? "True" : "False");
        return;
    case VALUE_INT:
        append_integer(out, value.as.integer);
        return;
    case VALUE_FLOAT:
        float_append_repr(out, value.as.floating);
        return;
    case VALUE_BIGINT:
        bigint_append(out, value, 10);
        return;
    case VALUE_STRING:
        if (value.flags & VALUE_BYTES) {
            append_bytes_repr(out, value.as.text);
            return;
        }
        text_buffer_append_string(out, value.flags & VALUE_MARKUP ? "Markup(" : "");
        append_string_repr(out, value.as.text);
        text_buffer_append_string(out, value.flags & VALUE_MARKUP ? ")" : "");
        return;
    case VALUE_LIST:
    case VALUE_TUPLE:
    case VALUE_DICT:
        append_container_repr(out, value, depth + 1);
        return;
    case VALUE_UNDEFINED:
        text_buffer_append_format(out, "<%s>", value.as.undefined->message->bytes);
        return;
    case VALUE_OBJECT:
        append_object_repr(out, value.as.object);
        return;
    case VALUE_OMIT:
        text_buffer_append_string(out, "<<Omit>>");
        return;
    }
}

void value_append_repr(struct text_buffer *out, struct value value)
{
    append_repr_at(out, value, 0);
}

void value_append_str(struct text_buffer *out, struct value value)
{
    if (value.kind == VALUE_STRING && !(value.flags & VALUE_BYTES))
        text_buffer_append_text(out, value.as.text);
    else if (value.kind == VALUE_OBJECT && value.as.object->class->str)
        value.as.object->class->str(value.as.object, out);
    else
        append_repr_at(out, value, 0);
}

void value_append_ascii(struct text_buffer *out, struct value value)
{
    OWNED repr = value_repr(value);
    const char *cursor = value_bytes(repr), *end = cursor + repr.as.text->length;
    while (cursor < end) {
        uint32_t point = text_decode(&cursor, end);
        if (point < 0x80)
            text_buffer_append_char(out, (char)point);
        else
            append_escape(out, point, 0);
    }
}

struct value value_str(struct value value)
{
    if (value.kind == VALUE_STRING && !(value.flags & VALUE_BYTES))
        return value_copy(value);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    value_append_str(&out, value);
    return value_string_take(text_buffer_take(&out));
}

struct value value_repr(struct value value)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    value_append_repr(&out, value);
    return value_string_take(text_buffer_take(&out));
}
