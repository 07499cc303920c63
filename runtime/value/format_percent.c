/*
 * The % operator of strings:
 *
 *     conversion = '%' [ '(' key ')' ] { flag } [ width ] [ '.' precision ] [ 'h' | 'l' | 'L' ] type | '%%'
 */
#include <limits.h>
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/dict.h"
#include "runtime/value/format.h"
#include "runtime/value/format_spec.h"
#include "runtime/value/list.h"
#include "runtime/value/markup.h"
#include "runtime/value/object.h"
#include "runtime/value/repr.h"

/** One run of value_format_percent. */
struct percent {
    const char *start, *cursor, *end;
    struct value arguments;
    size_t next;        /* of the tuple, or 1 once the only argument was taken */
    bool is_keyed;      /* %(name) was used: there are no other arguments any more */
    struct value keyed; /* what the last %(name) found, until it is taken (owned) */
    bool has_keyed;
    bool is_markup;
    struct text_buffer out;
    struct error *error;
};

static bool fails(struct percent *percent, enum error_kind kind, const char *message)
{
    return error_set(percent->error, kind, "%s", message);
}

static bool is_mapping(struct value arguments)
{
    return arguments.kind == VALUE_DICT || arguments.kind == VALUE_LIST ||
           (arguments.kind == VALUE_OBJECT && arguments.as.object->class->get_item);
}

/* ---- arguments ---- */

/** The next argument, owned. */
static bool take_argument(struct percent *percent, struct value *argument)
{
    if (percent->has_keyed) {
        *argument = value_steal(&percent->keyed);
        percent->has_keyed = false;
        return true;
    }
    bool is_tuple = percent->arguments.kind == VALUE_TUPLE;
    size_t count = percent->is_keyed ? 0 : is_tuple ? percent->arguments.as.list->count : 1;
    if (percent->next >= count)
        return fails(percent, ERROR_TYPE, "not enough arguments for format string");
    *argument = value_copy(is_tuple ? percent->arguments.as.list->items[percent->next] : percent->arguments);
    percent->next++;
    return true;
}

static bool find_key(struct percent *percent, struct value key, struct value *found)
{
    struct value arguments = percent->arguments;
    if (arguments.kind == VALUE_LIST)
        return fails(percent, ERROR_TYPE, "list indices must be integers or slices, not str");
    if (arguments.kind == VALUE_DICT) {
        const struct value *entry = dict_find(arguments.as.dict, key);
        if (entry) {
            *found = value_copy(*entry);
            return true;
        }
    } else {
        enum lookup_result outcome =
            arguments.as.object->class->get_item(arguments.as.object, key, found, percent->error);
        if (outcome != LOOKUP_MISSING)
            return outcome == LOOKUP_FOUND;
    }
    OWNED name = value_repr(key);
    return fails(percent, ERROR_KEY, value_bytes(name));
}

/** "(key)", in which parentheses nest. */
static bool read_key(struct percent *percent)
{
    if (percent->cursor == percent->end || *percent->cursor != '(')
        return true;
    if (!is_mapping(percent->arguments))
        return fails(percent, ERROR_TYPE, "format requires a mapping");
    const char *start = ++percent->cursor;
    int depth = 1;
    for (; percent->cursor < percent->end && depth > 0; percent->cursor++)
        depth += (*percent->cursor == '(') - (*percent->cursor == ')');
    if (depth > 0)
        return fails(percent, ERROR_VALUE, "incomplete format key");
    OWNED key = value_string_length(start, (size_t)(percent->cursor - 1 - start)), found = value_null();
    if (!find_key(percent, key, &found))
        return false;
    value_replace_take(&percent->keyed, value_steal(&found));
    percent->has_keyed = percent->is_keyed = true;
    return true;
}

/* ---- flags, width, precision ---- */

static void read_flags(struct percent *percent, struct format_spec *spec)
{
    bool left = false, zero = false;
    for (; percent->cursor < percent->end && strchr("-+ #0", *percent->cursor) && *percent->cursor; percent->cursor++) {
        char flag = *percent->cursor;
        left |= flag == '-';
        zero |= flag == '0';
        spec->alternate |= flag == '#';
        if (flag == '+' || (flag == ' ' && spec->sign != '+'))
            spec->sign = flag;
    }
    spec->align = left ? '<' : zero ? '=' : '>';
    spec->fill = zero && !left ? '0' : ' ';
}

/** Digits, or '*' for the next argument; nothing leaves `*number` as it is. */
static bool read_size(struct percent *percent, int64_t *number, const char *too_big)
{
    int64_t read = 0;
    if (percent->cursor < percent->end && *percent->cursor == '*') {
        OWNED argument = value_null();
        percent->cursor++;
        if (!take_argument(percent, &argument))
            return false;
        if (!value_is_integer(argument) && argument.kind != VALUE_BOOL)
            return fails(percent, ERROR_TYPE, "* wants int");
        if (!value_to_int64(argument, number) || *number > INT_MAX || *number < -INT_MAX)
            return fails(percent, ERROR_VALUE, too_big);
        return true;
    }
    const char *start = percent->cursor;
    for (; percent->cursor < percent->end && *percent->cursor >= '0' && *percent->cursor <= '9'; percent->cursor++) {
        read = read * 10 + (*percent->cursor - '0');
        if (read > INT_MAX)
            return fails(percent, ERROR_VALUE, too_big);
    }
    if (percent->cursor > start)
        *number = read;
    return true;
}

static bool read_sizes(struct percent *percent, struct format_spec *spec)
{
    int64_t precision = -1;
    if (!read_size(percent, &spec->width, "width too big"))
        return false;
    if (spec->width < 0) {
        spec->width = -spec->width;
        spec->align = '<';
        spec->fill = ' ';
    }
    if (percent->cursor < percent->end && *percent->cursor == '.') {
        percent->cursor++;
        precision = 0;
        if (!read_size(percent, &precision, "precision too big"))
            return false;
        precision = precision < 0 ? 0 : precision;
    }
    if (spec->width > LIMIT_TEXT_BYTES || precision > LIMIT_TEXT_BYTES)
        return error_set(percent->error, ERROR_LIMIT, "a text of more than %d bytes is too long", LIMIT_TEXT_BYTES);
    spec->precision = (int)precision;
    return true;
}

/* ---- conversions ---- */

static bool convert_text(struct percent *percent, struct format_spec *spec, struct value argument)
{
    CLEANUP(text_buffer_done) struct text_buffer plain = {0};
    if (spec->fill == '0') {
        spec->fill = ' ';
        spec->align = '>';
    }
    if (spec->type == 's' && percent->is_markup) {
        OWNED escaped = markup_escape(argument);
        value_append_str(&plain, escaped);
    } else if (spec->type == 's') {
        value_append_str(&plain, argument);
    } else {
        CLEANUP(text_buffer_done) struct text_buffer repr = {0};
        (spec->type == 'r' ? value_append_repr : value_append_ascii)(&repr, argument);
        if (percent->is_markup)
            markup_append_escaped(&plain, text_buffer_bytes(&repr), repr.length);
        else
            text_buffer_append(&plain, text_buffer_bytes(&repr), repr.length);
    }
    format_append_text(&percent->out, spec, text_buffer_bytes(&plain), plain.length);
    return true;
}

/** d, i and u take any real number, x, X and o integers only. */
static bool convert_integer(struct percent *percent, struct format_spec *spec, struct value argument)
{
    bool is_decimal = strchr("diu", (char)spec->type);
    OWNED integer = value_null();
    if (argument.kind == VALUE_FLOAT && is_decimal) {
        if (!value_int_from_float(argument.as.floating, &integer, percent->error))
            return false;
    } else if (!value_is_number(argument) || argument.kind == VALUE_FLOAT) {
        return error_set(percent->error, ERROR_TYPE, "%%%c format: %s is required, not %s", (char)spec->type,
                         is_decimal ? "a real number" : "an integer", value_type_name(argument));
    } else {
        integer = value_copy(argument);
    }
    format_append_integer(&percent->out, spec, integer);
    return true;
}

static bool convert_double(struct percent *percent, struct format_spec *spec, struct value argument)
{
    double number;
    if (!value_to_double(argument, &number, percent->error))
        return false;
    format_append_double(&percent->out, spec, number);
    return true;
}

static bool convert_character(struct percent *percent, struct format_spec *spec, struct value argument)
{
    if (spec->fill == '0') {
        spec->fill = ' ';
        spec->align = '>';
    }
    if (value_is_integer(argument) || argument.kind == VALUE_BOOL)
        return format_append_character(&percent->out, spec, argument, percent->error);
    if (argument.kind != VALUE_STRING || value_length(argument) != 1)
        return fails(percent, ERROR_TYPE, "%c requires int or char");
    spec->precision = -1;
    return convert_text(
        percent,
        &(struct format_spec){
            .fill = spec->fill, .align = spec->align, .width = spec->width, .precision = -1, .type = 's'},
        argument);
}

static bool unsupported_character(struct percent *percent, const char *place, uint32_t point)
{
    size_t index = 0;
    for (const char *cursor = percent->start; cursor < place; index++)
        text_decode(&cursor, percent->end);
    return error_set(percent->error, ERROR_VALUE, "unsupported format character '%c' (0x%x) at index %zu",
                     point > 31 && point < 0x80 ? (char)point : '?', point, index);
}

static bool convert(struct percent *percent, struct format_spec *spec, const char *place, struct value argument)
{
    if (value_is_undefined(argument))
        return value_undefined_error(argument, percent->error);
    switch (spec->type) {
    case 's':
    case 'r':
    case 'a':
        return convert_text(percent, spec, argument);
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
        return convert_integer(percent, spec, argument);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        return convert_double(percent, spec, argument);
    case 'c':
        return convert_character(percent, spec, argument);
    default:
        return unsupported_character(percent, place, spec->type);
    }
}

/** What follows a '%' that is not doubled. */
static bool format_conversion(struct percent *percent)
{
    struct format_spec spec = format_spec_default();
    if (!read_key(percent))
        return false;
    read_flags(percent, &spec);
    if (!read_sizes(percent, &spec))
        return false;
    if (percent->cursor < percent->end &&
        (*percent->cursor == 'h' || *percent->cursor == 'l' || *percent->cursor == 'L'))
        percent->cursor++;
    if (percent->cursor == percent->end)
        return fails(percent, ERROR_VALUE, "incomplete format");
    const char *place = percent->cursor;
    spec.type = text_decode(&percent->cursor, percent->end);
    OWNED argument = value_null();
    return take_argument(percent, &argument) && convert(percent, &spec, place, argument);
}

static bool format_all(struct percent *percent)
{
    while (percent->cursor < percent->end) {
        const char *sign = memchr(percent->cursor, '%', (size_t)(percent->end - percent->cursor));
        const char *literal_end = sign ? sign : percent->end;
        text_buffer_append(&percent->out, percent->cursor, (size_t)(literal_end - percent->cursor));
        percent->cursor = literal_end + (sign != NULL);
        if (!sign)
            break;
        if (percent->cursor < percent->end && *percent->cursor == '%')
            text_buffer_append_char(&percent->out, *percent->cursor++);
        else if (!format_conversion(percent))
            return false;
    }
    bool is_tuple = percent->arguments.kind == VALUE_TUPLE;
    size_t count = is_tuple ? percent->arguments.as.list->count : 1;
    if (percent->next < count && !is_mapping(percent->arguments))
        return fails(percent, ERROR_TYPE, "not all arguments converted during string formatting");
    return true;
}

bool value_format_percent(struct value format, struct value arguments, struct value *result, struct error *error)
{
    const struct text *text = format.as.text;
    struct percent percent = {
        .start = text->bytes,
        .cursor = text->bytes,
        .end = text->bytes + text->length,
        .arguments = arguments,
        .is_markup = value_is_markup(format),
        .error = error,
    };
    bool done = format_all(&percent);
    if (done) {
        *result = value_string_take(text_buffer_take(&percent.out));
        result->flags = format.flags & VALUE_MARKUP;
    }
    value_drop(percent.keyed);
    text_buffer_done(&percent.out);
    return done;
}
