/*
 * The layout half of format_spec.h: how a specification pads, signs, groups and rounds.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/value/bigint.h"
#include "runtime/value/format_spec.h"
#include "runtime/value/repr.h"

/** A number taken apart: sign, prefix ("0x"), the digits that may be grouped, and what follows them. */
struct number_parts {
    char sign; /* or 0 */
    const char *prefix;
    const char *digits;
    size_t digit_count;
    const char *rest;
    size_t rest_length;
};

static void append_fill(struct text_buffer *out, const struct format_spec *spec, int64_t count)
{
    if (count > 0 && spec->fill < 0x80)
        text_buffer_append_repeated(out, (char)spec->fill, (size_t)count);
    else
        for (; count > 0; count--)
            text_buffer_append_point(out, spec->fill);
}

/** Columns of padding before (the result) and after content of `points` code points. */
static int64_t padding_before(const struct format_spec *spec, char align, int64_t points, int64_t *after)
{
    int64_t padding = spec->width > points ? spec->width - points : 0;
    int64_t before = align == '<' ? 0 : align == '^' ? padding / 2 : padding;
    *after = padding - before;
    return before;
}

void format_append_text(struct text_buffer *out, const struct format_spec *spec, const char *bytes, size_t length)
{
    const char *cursor = bytes, *end = bytes + length;
    int64_t points = 0;
    while (cursor < end && (spec->precision < 0 || points < spec->precision)) {
        text_decode(&cursor, end);
        points++;
    }
    int64_t after, before = padding_before(spec, spec->align ? spec->align : '<', points, &after);
    append_fill(out, spec, before);
    text_buffer_append(out, bytes, (size_t)(cursor - bytes));
    append_fill(out, spec, after);
}

/** Digits of one group: threes, but fours of a base that is a power of two. */
static int64_t group_size(const struct format_spec *spec)
{
    return spec->type != 0 && spec->type < 0x80 && strchr("boxX", (char)spec->type) ? 4 : 3;
}

/** Length of `count` digits with separators, filled up with zeros and more separators to `minimum` at least. */
static int64_t grouped_length(const struct format_spec *spec, int64_t count, int64_t minimum)
{
    int64_t size = group_size(spec);
    if (!spec->grouping)
        return count > minimum ? count : minimum;
    int64_t length = count + (count > 0 ? (count - 1) / size : 0);
    if (length >= minimum)
        return length;
    /* A separator never comes first: the zero before it makes the number one longer. */
    return minimum % (size + 1) == 0 ? minimum + 1 : minimum;
}

/** Writes from the right: digits as long as there are any, then zeros. */
static void append_digits(struct text_buffer *out, const struct format_spec *spec, const struct number_parts *parts,
                          int64_t length)
{
    char *place = text_buffer_reserve(out, (size_t)length);
    int64_t size = group_size(spec), digit = (int64_t)parts->digit_count, in_group = 0;
    for (int64_t i = length - 1; i >= 0; i--) {
        if (spec->grouping && in_group == size) {
            place[i] = spec->grouping;
            in_group = 0;
            continue;
        }
        place[i] = digit > 0 ? parts->digits[--digit] : '0';
        in_group++;
    }
    text_buffer_added(out, (size_t)length);
}

static void append_number(struct text_buffer *out, const struct format_spec *spec, const struct number_parts *parts)
{
    int64_t fixed = (parts->sign != 0) + (int64_t)strlen(parts->prefix) + (int64_t)parts->rest_length;
    bool zero_filled = spec->fill == '0' && spec->align == '=' && parts->digit_count > 0;
    int64_t digits = parts->digit_count == 0
                         ? 0
                         : grouped_length(spec, (int64_t)parts->digit_count, zero_filled ? spec->width - fixed : 0);
    int64_t after, before = padding_before(spec, spec->align ? spec->align : '>', fixed + digits, &after);
    if (spec->align != '=')
        append_fill(out, spec, before);
    if (parts->sign)
        text_buffer_append_char(out, parts->sign);
    text_buffer_append_string(out, parts->prefix);
    if (spec->align == '=')
        append_fill(out, spec, before);
    if (digits > 0)
        append_digits(out, spec, parts, digits);
    text_buffer_append(out, parts->rest, parts->rest_length);
    append_fill(out, spec, after);
}

static char sign_of(const struct format_spec *spec, bool negative)
{
    return negative ? '-' : spec->sign == '-' ? 0 : spec->sign;
}

static int integer_base(uint32_t type)
{
    return type == 'b' ? 2 : type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10;
}

static const char *integer_prefix(uint32_t type)
{
    return type == 'b' ? "0b" : type == 'o' ? "0o" : type == 'x' ? "0x" : type == 'X' ? "0X" : "";
}

void format_append_integer(struct text_buffer *out, const struct format_spec *spec, struct value integer)
{
    CLEANUP(text_buffer_done) struct text_buffer number = {0};
    bigint_append(&number, integer, integer_base(spec->type));
    const char *digits = text_buffer_bytes(&number);
    bool negative = *digits == '-';
    digits += negative;
    CLEANUP(text_buffer_done) struct text_buffer padded = {0};
    size_t count = strlen(digits);
    if (spec->precision > 0 && (size_t)spec->precision > count)
        text_buffer_append_repeated(&padded, '0', (size_t)spec->precision - count);
    text_buffer_append(&padded, digits, count);
    for (size_t i = 0; spec->type == 'X' && i < padded.length; i++)
        padded.text->bytes[i] = (char)toupper((unsigned char)padded.text->bytes[i]);
    append_number(out, spec,
                  &(struct number_parts){
                      .sign = sign_of(spec, negative),
                      .prefix = spec->alternate ? integer_prefix(spec->type) : "",
                      .digits = text_buffer_bytes(&padded),
                      .digit_count = padded.length,
                      .rest = "",
                  });
}

/** Cuts zeros that end the fraction, and the point that is left bare, before an exponent if there is one. */
static void strip_fraction(struct text_buffer *number)
{
    char *bytes = number->text->bytes, *exponent = strchr(bytes, 'e');
    size_t end = exponent ? (size_t)(exponent - bytes) : number->length, kept = end;
    if (!memchr(bytes, '.', end))
        return;
    while (kept > 0 && bytes[kept - 1] == '0')
        kept--;
    if (kept > 0 && bytes[kept - 1] == '.')
        kept--;
    memmove(bytes + kept, bytes + end, number->length - end);
    text_buffer_truncate(number, kept + number->length - end);
}

/** The alternate form keeps a point even where no digit follows it. */
static void add_bare_point(struct text_buffer *number)
{
    char *exponent = strchr(number->text->bytes, 'e');
    if (strchr(number->text->bytes, '.') || !exponent)
        return;
    char tail[8];
    snprintf(tail, sizeof tail, "%s", exponent);
    text_buffer_truncate(number, (size_t)(exponent - number->text->bytes));
    text_buffer_append_format(number, ".%s", tail);
}

/** No type but a precision: as 'g', but with one digit less before it takes an exponent, and never without a point. */
static void append_general(struct text_buffer *number, const struct format_spec *spec, double magnitude)
{
    int precision = spec->precision > 0 ? spec->precision : 1;
    text_buffer_append_format(number, "%.*e", precision - 1, magnitude);
    int exponent = atoi(strchr(text_buffer_bytes(number), 'e') + 1);
    bool is_fixed = exponent >= -4 && exponent + 1 < precision;
    if (is_fixed) {
        text_buffer_truncate(number, 0);
        text_buffer_append_format(number, "%.*f", precision - 1 - exponent, magnitude);
    }
    if (!spec->alternate)
        strip_fraction(number);
    if (is_fixed && !strchr(text_buffer_bytes(number), '.'))
        text_buffer_append_string(number, ".0");
}

/** The digits of a finite magnitude, lower case. */
static void append_magnitude(struct text_buffer *number, const struct format_spec *spec, double magnitude)
{
    int precision = spec->precision < 0 ? 6 : spec->precision;
    char type = spec->type == 'n' ? 'g' : spec->type == '%' ? 'f' : (char)tolower((int)spec->type);
    if (type == 0 && spec->precision < 0)
        float_append_repr(number, magnitude);
    else if (type == 0)
        append_general(number, spec, magnitude);
    else if (type == 'e')
        text_buffer_append_format(number, spec->alternate ? "%#.*e" : "%.*e", precision, magnitude);
    else if (type == 'f' && !spec->alternate)
        float_append_fixed(number, magnitude, precision);
    else if (type == 'f')
        text_buffer_append_format(number, "%#.*f", precision, magnitude);
    else
        text_buffer_append_format(number, spec->alternate ? "%#.*g" : "%.*g", precision, magnitude);
    if (type == 0 && spec->alternate)
        add_bare_point(number);
}

static bool is_zero(const char *number)
{
    return strspn(number, "0.") == strcspn(number, "e");
}

void format_append_double(struct text_buffer *out, const struct format_spec *spec, double number)
{
    CLEANUP(text_buffer_done) struct text_buffer text = {0};
    bool negative = signbit(number) && !isnan(number);
    double magnitude = fabs(spec->type == '%' ? number * 100 : number);
    if (isfinite(magnitude))
        append_magnitude(&text, spec, magnitude);
    else
        text_buffer_append_string(&text, isnan(number) ? "nan" : "inf");
    if (spec->positive_zero && is_zero(text_buffer_bytes(&text)))
        negative = false;
    if (spec->type == '%')
        text_buffer_append_char(&text, '%');
    for (size_t i = 0; spec->type < 0x80 && isupper((int)spec->type) && i < text.length; i++)
        text.text->bytes[i] = (char)toupper((unsigned char)text.text->bytes[i]);
    const char *bytes = text_buffer_bytes(&text);
    size_t digits = strspn(bytes, "0123456789");
    append_number(out, spec,
                  &(struct number_parts){
                      .sign = sign_of(spec, negative),
                      .prefix = "",
                      .digits = bytes,
                      .digit_count = digits,
                      .rest = bytes + digits,
                      .rest_length = text.length - digits,
                  });
}

bool format_append_character(struct text_buffer *out, const struct format_spec *spec, struct value point,
                             struct error *error)
{
    enum { POINT_MAX = 0x10FFFF };
    if (point.kind == VALUE_BIGINT ||
        (point.kind == VALUE_INT && (point.as.integer < 0 || point.as.integer > POINT_MAX)))
        return error_set(error, ERROR_OTHER, "%%c arg not in range(0x110000)");
    CLEANUP(text_buffer_done) struct text_buffer character = {0};
    text_buffer_append_point(&character, point.kind == VALUE_BOOL ? point.as.boolean : (uint32_t)point.as.integer);
    struct format_spec padding = *spec;
    padding.align = spec->align == 0 || spec->align == '=' ? '>' : spec->align;
    padding.precision = -1;
    format_append_text(out, &padding, text_buffer_bytes(&character), character.length);
    return true;
}
