/*
 * str.format:
 *
 *     template   = { text | '{{' | '}}' | field }
 *     field      = '{' [ name { '.' attribute | '[' item ']' } ] [ '!' conversion ] [ ':' template ] '}'
 */
#include <string.h>

#include "runtime/value/dict.h"
#include "runtime/value/format.h"
#include "runtime/value/list.h"
#include "runtime/value/markup.h"
#include "runtime/value/repr.h"

enum { FORMAT_MAX_NESTING = 2 }; /* a field, and fields in its specification */

enum numbering { NUMBERING_UNKNOWN, NUMBERING_AUTOMATIC, NUMBERING_MANUAL };

/** One run of value_format_braces. */
struct braces {
    const struct format_call *call;
    enum numbering numbering;
    size_t next;
    struct error *error;
};

/** The parts of one field, pointing into the format. */
struct field {
    const char *name, *name_end;
    uint32_t conversion; /* code point, or 0 */
    const char *spec, *spec_end;
};

static bool format_template(struct braces *braces, const char *cursor, const char *end, int nesting,
                            struct text_buffer *out);

static bool fails(struct braces *braces, const char *message)
{
    return error_set(braces->error, ERROR_VALUE, "%s", message);
}

/* ---- the parts of a field ---- */

/** Moves to what ends the name: '}', ':' or '!' outside of brackets. */
static bool scan_name(struct braces *braces, const char **cursor, const char *end)
{
    bool in_brackets = false;
    for (; *cursor < end; ++*cursor) {
        char byte = **cursor;
        if (byte == '{')
            return fails(braces, "unexpected '{' in field name");
        if (byte == '[' || byte == ']')
            in_brackets = byte == '[';
        else if (!in_brackets && (byte == '}' || byte == ':' || byte == '!'))
            return true;
    }
    return fails(braces, "expected '}' before end of string");
}

/** Moves past the '}' that ends the specification. */
static bool scan_spec(struct braces *braces, const char **cursor, const char *end, struct field *field)
{
    int depth = 1;
    field->spec = *cursor;
    while (*cursor < end) {
        char byte = *(*cursor)++;
        depth += (byte == '{') - (byte == '}');
        if (depth == 0) {
            field->spec_end = *cursor - 1;
            return true;
        }
    }
    return fails(braces, "unmatched '{' in format spec");
}

/** The field whose '{' was read already; the cursor ends after its '}'. */
static bool scan_field(struct braces *braces, const char **cursor, const char *end, struct field *field)
{
    *field = (struct field){.name = *cursor, .spec = "", .spec_end = NULL};
    field->spec_end = field->spec;
    if (!scan_name(braces, cursor, end))
        return false;
    field->name_end = *cursor;
    char stop = *(*cursor)++;
    if (stop == '}')
        return true;
    if (stop == '!') {
        if (*cursor == end)
            return fails(braces, "end of string while looking for conversion specifier");
        field->conversion = text_decode(cursor, end);
        char after = *cursor < end ? *(*cursor)++ : ':';
        if (after == '}')
            return true;
        if (after != ':')
            return fails(braces, "expected ':' after conversion specifier");
    }
    return scan_spec(braces, cursor, end, field);
}

/* ---- the value of a field ---- */

/** Digits only as a number in `*index`; -1 for anything else. */
static bool read_index(struct braces *braces, const char *start, const char *end, int64_t *index)
{
    *index = start < end ? 0 : -1;
    for (; start < end; start++) {
        if (*start < '0' || *start > '9') {
            *index = -1;
            return true;
        }
        if (__builtin_mul_overflow(*index, 10, index) || __builtin_add_overflow(*index, *start - '0', index))
            return fails(braces, "Too many decimal digits in format string");
    }
    return true;
}

static bool set_numbering(struct braces *braces, enum numbering numbering)
{
    if (braces->numbering != NUMBERING_UNKNOWN && braces->numbering != numbering)
        return fails(braces, numbering == NUMBERING_AUTOMATIC
                                 ? "cannot switch from manual field specification to automatic field numbering"
                                 : "cannot switch from automatic field numbering to manual field specification");
    braces->numbering = numbering;
    return true;
}

static bool get_positional(struct braces *braces, int64_t index, struct value *result)
{
    const struct list *positional = braces->call->positional;
    if (!positional || (uint64_t)index >= positional->count)
        return error_set(braces->error, ERROR_KEY, "Replacement index %lld out of range for positional args tuple",
                         (long long)index);
    *result = value_copy(positional->items[index]);
    return true;
}

/** The argument that a field's name begins with. */
static bool get_first(struct braces *braces, const char *start, const char *end, struct value *result)
{
    int64_t index;
    if (start == end)
        return set_numbering(braces, NUMBERING_AUTOMATIC) && get_positional(braces, (int64_t)braces->next++, result);
    if (!read_index(braces, start, end, &index))
        return false;
    if (index >= 0)
        return set_numbering(braces, NUMBERING_MANUAL) && get_positional(braces, index, result);
    const struct dict *named = braces->call->named;
    const struct value *found = named ? dict_find_bytes(named, start, (size_t)(end - start)) : NULL;
    if (!found) {
        OWNED name = value_string_length(start, (size_t)(end - start)), repr = value_repr(name);
        return error_set(braces->error, ERROR_KEY, "%s", value_bytes(repr));
    }
    *result = value_copy(*found);
    return true;
}

/** Replaces `*object` by its attribute or item. */
static bool step(struct braces *braces, const char *start, const char *end, bool is_attribute, struct value *object)
{
    int64_t index = -1;
    if (start == end)
        return fails(braces, "Empty attribute in format string");
    if (!is_attribute && !read_index(braces, start, end, &index))
        return false;
    OWNED key = index >= 0 ? value_int(index) : value_string_length(start, (size_t)(end - start)), found = value_null();
    if (!braces->call->lookup(braces->call->context, *object, key, is_attribute, &found, braces->error))
        return false;
    value_replace_take(object, value_steal(&found));
    return true;
}

static const char *find_either(const char *cursor, const char *end, char one, char other)
{
    while (cursor < end && *cursor != one && *cursor != other)
        cursor++;
    return cursor;
}

static bool get_field(struct braces *braces, const struct field *field, struct value *result)
{
    const char *end = field->name_end, *cursor = find_either(field->name, end, '.', '[');
    OWNED object = value_null();
    if (!get_first(braces, field->name, cursor, &object))
        return false;
    while (cursor < end) {
        bool is_attribute = *cursor == '.';
        if (!is_attribute && *cursor != '[')
            return fails(braces, "Only '.' or '[' may follow ']' in format field specifier");
        const char *start = cursor + 1, *stop;
        stop = is_attribute ? find_either(start, end, '.', '[') : find_either(start, end, ']', ']');
        if (!is_attribute && stop == end)
            return fails(braces, "Missing ']' in format string");
        if (!step(braces, start, stop, is_attribute, &object))
            return false;
        cursor = is_attribute ? stop : stop + 1;
    }
    *result = value_steal(&object);
    return true;
}

/* ---- output ---- */

static bool convert(struct braces *braces, uint32_t conversion, struct value *object)
{
    CLEANUP(text_buffer_done) struct text_buffer text = {0};
    if (conversion == 0)
        return true;
    if (conversion == 'r')
        value_append_repr(&text, *object);
    else if (conversion == 's')
        value_append_str(&text, *object);
    else if (conversion == 'a')
        value_append_ascii(&text, *object);
    else if (conversion > 32 && conversion < 127)
        return error_set(braces->error, ERROR_VALUE, "Unknown conversion specifier %c", (char)conversion);
    else
        return error_set(braces->error, ERROR_VALUE, "Unknown conversion specifier \\x%x", conversion);
    value_replace_take(object, value_string_take(text_buffer_take(&text)));
    return true;
}

static bool format_field(struct braces *braces, const struct field *field, int nesting, struct text_buffer *out)
{
    CLEANUP(text_buffer_done) struct text_buffer spec = {0}, text = {0};
    OWNED object = value_null();
    if (!get_field(braces, field, &object))
        return false;
    if (value_is_undefined(object))
        return value_undefined_error(object, braces->error);
    if (!convert(braces, field->conversion, &object))
        return false;
    if (memchr(field->spec, '{', (size_t)(field->spec_end - field->spec))) {
        if (!format_template(braces, field->spec, field->spec_end, nesting + 1, &spec))
            return false;
    } else {
        text_buffer_append(&spec, field->spec, (size_t)(field->spec_end - field->spec));
    }
    if (!value_is_markup(braces->call->format) || value_is_markup(object))
        return value_format_spec(out, object, text_buffer_bytes(&spec), spec.length, braces->error);
    if (!value_format_spec(&text, object, text_buffer_bytes(&spec), spec.length, braces->error))
        return false;
    markup_append_escaped(out, text_buffer_bytes(&text), text.length);
    return true;
}

static bool format_template(struct braces *braces, const char *cursor, const char *end, int nesting,
                            struct text_buffer *out)
{
    if (nesting > FORMAT_MAX_NESTING)
        return fails(braces, "Max string recursion exceeded");
    while (cursor < end) {
        const char *brace = find_either(cursor, end, '{', '}');
        text_buffer_append(out, cursor, (size_t)(brace - cursor));
        if (brace == end)
            break;
        cursor = brace + 1;
        if (cursor < end && *cursor == *brace) {
            text_buffer_append_char(out, *cursor++);
            continue;
        }
        if (*brace == '}')
            return fails(braces, "Single '}' encountered in format string");
        if (cursor == end)
            return fails(braces, "Single '{' encountered in format string");
        struct field field;
        if (!scan_field(braces, &cursor, end, &field) || !format_field(braces, &field, nesting, out))
            return false;
    }
    return true;
}

bool value_format_braces(const struct format_call *call, struct value *result, struct error *error)
{
    struct braces braces = {.call = call, .error = error};
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const struct text *format = call->format.as.text;
    if (!format_template(&braces, format->bytes, format->bytes + format->length, 1, &out))
        return false;
    *result = value_string_take(text_buffer_take(&out));
    result->flags = call->format.flags & VALUE_MARKUP;
    return true;
}
