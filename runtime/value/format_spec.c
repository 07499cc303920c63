/*
 * The reading half of format_spec.h, and format(value, spec), which checks what a specification may ask of a type.
 */
#include "runtime/value/format_spec.h"

#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/format.h"
#include "runtime/value/object.h"
#include "runtime/value/repr.h"

/** The specification under the cursor. */
struct spec_reader {
    const char *cursor, *end;
    struct error *error;
};

static bool is_align(uint32_t point)
{
    return point == '<' || point == '>' || point == '=' || point == '^';
}

static bool accept(struct spec_reader *reader, char byte)
{
    if (reader->cursor == reader->end || *reader->cursor != byte)
        return false;
    reader->cursor++;
    return true;
}

/** [[fill]align]; false when there is none. */
static bool read_align(struct spec_reader *reader, struct format_spec *spec, bool *has_fill)
{
    const char *after_fill = reader->cursor;
    if (reader->cursor == reader->end)
        return false;
    uint32_t fill = text_decode(&after_fill, reader->end);
    if (after_fill < reader->end && is_align((unsigned char)*after_fill)) {
        spec->fill = fill;
        spec->align = *after_fill;
        reader->cursor = after_fill + 1;
        *has_fill = true;
        return true;
    }
    if (!is_align(fill))
        return false;
    spec->align = *reader->cursor++;
    return true;
}

/** Digits as a number; false with an error when it is out of all bounds, `*found` says whether there were any. */
static bool read_number(struct spec_reader *reader, int64_t *number, bool *found)
{
    *found = false;
    int64_t read = 0;
    for (; reader->cursor < reader->end && *reader->cursor >= '0' && *reader->cursor <= '9'; reader->cursor++) {
        if (__builtin_mul_overflow(read, 10, &read) || __builtin_add_overflow(read, *reader->cursor - '0', &read))
            return error_set(reader->error, ERROR_VALUE, "Too many decimal digits in format string");
        *found = true;
    }
    if (read > LIMIT_TEXT_BYTES)
        return error_set(reader->error, ERROR_LIMIT, "a text of more than %d bytes is too long", LIMIT_TEXT_BYTES);
    if (*found)
        *number = read;
    return true;
}

static bool read_grouping(struct spec_reader *reader, struct format_spec *spec)
{
    if (accept(reader, ','))
        spec->grouping = ',';
    if (reader->cursor < reader->end && *reader->cursor == '_') {
        if (spec->grouping)
            return error_set(reader->error, ERROR_VALUE, "Cannot specify both ',' and '_'.");
        spec->grouping = *reader->cursor++;
    }
    if (spec->grouping == '_' && accept(reader, ','))
        return error_set(reader->error, ERROR_VALUE, "Cannot specify both ',' and '_'.");
    return true;
}

static bool read_precision(struct spec_reader *reader, struct format_spec *spec)
{
    if (!accept(reader, '.'))
        return true;
    int64_t precision = 0;
    bool found;
    if (!read_number(reader, &precision, &found))
        return false;
    if (!found)
        return error_set(reader->error, ERROR_VALUE, "Format specifier missing precision");
    spec->precision = (int)precision;
    return true;
}

/** Groups are for numbers in base ten, and with '_' also for those of a power of two. */
static bool check_grouping(const struct format_spec *spec, bool is_string, struct error *error)
{
    uint32_t type = spec->type ? spec->type : is_string ? 's' : 'd';
    if (!spec->grouping || (type < 0x80 && strchr("defgEGF%", (char)type)))
        return true;
    if (spec->grouping == '_' && type < 0x80 && strchr("boxX", (char)type))
        return true;
    if (type > ' ' && type < 0x7F)
        return error_set(error, ERROR_VALUE, "Cannot specify '%c' with '%c'.", spec->grouping, (char)type);
    return error_set(error, ERROR_VALUE, "Cannot specify '%c' with '\\x%x'.", spec->grouping, type);
}

/** spec = [[fill] align] [sign] ['z'] ['#'] ['0'] [width] [grouping] ['.' precision] [type] */
bool format_spec_parse(const char *bytes, size_t length, struct value value, struct format_spec *spec,
                       struct error *error)
{
    struct spec_reader reader = {bytes, bytes + length, error};
    bool is_string = value.kind == VALUE_STRING, has_fill = false, has_width;
    *spec = format_spec_default();
    bool has_align = read_align(&reader, spec, &has_fill);
    if (reader.cursor < reader.end && (*reader.cursor == '+' || *reader.cursor == '-' || *reader.cursor == ' '))
        spec->sign = *reader.cursor++;
    else
        spec->sign = 0;
    spec->positive_zero = accept(&reader, 'z');
    spec->alternate = accept(&reader, '#');
    if (!has_fill && accept(&reader, '0')) {
        spec->fill = '0';
        if (!has_align && !is_string)
            spec->align = '=';
    }
    if (!read_number(&reader, &spec->width, &has_width) || !read_grouping(&reader, spec) ||
        !read_precision(&reader, spec))
        return false;
    if (reader.cursor < reader.end)
        spec->type = text_decode(&reader.cursor, reader.end);
    if (reader.cursor < reader.end)
        return error_set(error, ERROR_VALUE, "Invalid format specifier '%.*s' for object of type '%s'", (int)length,
                         bytes, value_type_name(value));
    return check_grouping(spec, is_string, error);
}

static bool unknown_type(const struct format_spec *spec, struct value value, struct error *error)
{
    if (spec->type > ' ' && spec->type < 0x7F)
        return error_set(error, ERROR_VALUE, "Unknown format code '%c' for object of type '%s'", (char)spec->type,
                         value_type_name(value));
    return error_set(error, ERROR_VALUE, "Unknown format code '\\x%x' for object of type '%s'", spec->type,
                     value_type_name(value));
}

static bool format_string(struct text_buffer *out, const struct format_spec *spec, struct value value,
                          struct error *error)
{
    if (spec->type && spec->type != 's')
        return unknown_type(spec, value, error);
    if (spec->sign)
        return error_set(error, ERROR_VALUE, "%s not allowed in string format specifier",
                         spec->sign == ' ' ? "Space" : "Sign");
    if (spec->positive_zero)
        return error_set(error, ERROR_VALUE, "Negative zero coercion (z) not allowed in string format specifier");
    if (spec->alternate)
        return error_set(error, ERROR_VALUE, "Alternate form (#) not allowed in string format specifier");
    if (spec->align == '=')
        return error_set(error, ERROR_VALUE, "'=' alignment not allowed in string format specifier");
    format_append_text(out, spec, value.as.text->bytes, value.as.text->length);
    return true;
}

static bool format_integer(struct text_buffer *out, struct format_spec *spec, struct value value, struct error *error)
{
    if (spec->precision >= 0)
        return error_set(error, ERROR_VALUE, "Precision not allowed in integer format specifier");
    if (spec->positive_zero)
        return error_set(error, ERROR_VALUE, "Negative zero coercion (z) not allowed in integer format specifier");
    if (spec->type != 'c') {
        format_append_integer(out, spec, value);
        return true;
    }
    if (spec->sign)
        return error_set(error, ERROR_VALUE, "Sign not allowed with integer format specifier 'c'");
    if (spec->alternate)
        return error_set(error, ERROR_VALUE, "Alternate form (#) not allowed with integer format specifier 'c'");
    if (value.kind == VALUE_BIGINT)
        return error_set(error, ERROR_OTHER, "Python int too large to convert to C long");
    return format_append_character(out, spec, value, error);
}

static bool format_number(struct text_buffer *out, struct format_spec *spec, struct value value, struct error *error)
{
    bool is_integer = value.kind != VALUE_FLOAT, ascii = spec->type < 0x80;
    char sign = spec->sign;
    if (is_integer && ascii && (spec->type == 0 || strchr("bcdoxXn", (char)spec->type))) {
        if (spec->type != 'c' && sign == 0)
            spec->sign = '-';
        return format_integer(out, spec, value, error);
    }
    if (!ascii || (spec->type != 0 && !strchr("eEfFgGn%", (char)spec->type)))
        return unknown_type(spec, value, error);
    double number;
    if (!value_to_double(value, &number, error))
        return false;
    spec->sign = sign ? sign : '-';
    format_append_double(out, spec, number);
    return true;
}

bool value_format_spec(struct text_buffer *out, struct value value, const char *spec, size_t length,
                       struct error *error)
{
    if (value_is_undefined(value))
        return value_undefined_error(value, error);
    if (value.kind == VALUE_OBJECT && value.as.object->class->format)
        return value.as.object->class->format(value.as.object, spec, length, out, error);
    if (length == 0) {
        value_append_str(out, value);
        return true;
    }
    struct format_spec read;
    if (value.kind != VALUE_STRING && !value_is_number(value))
        return error_set(error, ERROR_TYPE, "unsupported format string passed to %s.__format__",
                         value_type_name(value));
    if (!format_spec_parse(spec, length, value, &read, error))
        return false;
    return value.kind == VALUE_STRING ? format_string(out, &read, value, error)
                                      : format_number(out, &read, value, error);
}
