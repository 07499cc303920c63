/* str's methods that strip, pad and expand. */
#include <string.h>

#include "runtime/limits.h"
#include "stdlib/argument.h"
#include "stdlib/methods/methods.h"

static bool strip(const struct value *arguments, enum text_side sides, const char *name, struct value *result,
                  struct error *error)
{
    if (!value_is_null(arguments[1]) && !value_is_string(arguments[1]))
        return error_set(error, ERROR_TYPE, "%s arg must be None or str", name);
    const struct text *characters = value_is_null(arguments[1]) ? NULL : arguments[1].as.text;
    *result = argument_text_like(text_strip(arguments[0].as.text, characters, sides), arguments[0]);
    return true;
}

static bool str_strip(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    return strip(arguments, TEXT_BOTH, "strip", result, error);
}

static bool str_lstrip(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    return strip(arguments, TEXT_LEFT, "lstrip", result, error);
}

static bool str_rstrip(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    return strip(arguments, TEXT_RIGHT, "rstrip", result, error);
}

/* ---- padding ---- */

static bool read_width(struct value argument, int64_t *width, struct error *error)
{
    if (!argument_int(argument, width, error))
        return false;
    return *width <= LIMIT_TEXT_BYTES ||
           error_set(error, ERROR_LIMIT, "a text of %lld characters is too long (the limit is %d)", (long long)*width,
                     LIMIT_TEXT_BYTES);
}

static bool read_fill(struct value argument, uint32_t *fill, struct error *error)
{
    if (!value_is_string(argument))
        return error_set(error, ERROR_TYPE, "The fill character must be a unicode character, not %s",
                         value_type_name(argument));
    if (text_points(argument.as.text) != 1)
        return error_set(error, ERROR_TYPE, "The fill character must be exactly one character long");
    const char *at = argument.as.text->bytes;
    *fill = text_decode(&at, at + argument.as.text->length);
    return true;
}

static void append_fill(struct text_buffer *out, uint32_t fill, int64_t count)
{
    while (count-- > 0)
        text_buffer_append_point(out, fill);
}

/** The string with the fill on the side where it is not. */
static bool justify(const struct value *arguments, enum text_side side, struct value *result, struct error *error)
{
    int64_t width;
    uint32_t fill;
    if (!read_width(arguments[1], &width, error) || !read_fill(arguments[2], &fill, error))
        return false;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    int64_t missing = width - text_points(arguments[0].as.text);
    append_fill(&out, fill, side == TEXT_RIGHT ? missing : 0);
    text_buffer_append_text(&out, arguments[0].as.text);
    append_fill(&out, fill, side == TEXT_LEFT ? missing : 0);
    *result = argument_text_like(text_buffer_take(&out), arguments[0]);
    return true;
}

static bool str_ljust(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    return justify(arguments, TEXT_LEFT, result, error);
}

static bool str_rjust(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    return justify(arguments, TEXT_RIGHT, result, error);
}

static bool str_center(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    int64_t width;
    uint32_t fill;
    if (!read_width(arguments[1], &width, error) || !read_fill(arguments[2], &fill, error))
        return false;
    *result = argument_text_like(text_center(arguments[0].as.text, width, fill), arguments[0]);
    return true;
}

static bool str_zfill(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    int64_t width;
    if (!read_width(arguments[1], &width, error))
        return false;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    struct text *self = arguments[0].as.text;
    size_t sign = *self->bytes == '-' || *self->bytes == '+';
    text_buffer_append(&out, self->bytes, sign);
    append_fill(&out, '0', width - text_points(self));
    text_buffer_append(&out, self->bytes + sign, self->length - sign);
    *result = argument_text_like(text_buffer_take(&out), arguments[0]);
    return true;
}

static bool str_expandtabs(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    int64_t size, column = 0;
    if (!read_width(arguments[1], &size, error))
        return false;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const char *at = arguments[0].as.text->bytes, *end = at + arguments[0].as.text->length;
    while (at < end) {
        uint32_t point = text_decode(&at, end);
        int64_t missing = point == '\t' && size > 0 ? size - column % size : 0;
        if (point == '\t')
            append_fill(&out, ' ', missing);
        else
            text_buffer_append_point(&out, point);
        column = point == '\n' || point == '\r' ? 0 : point == '\t' ? column + missing : column + 1;
        if (out.length > LIMIT_TEXT_BYTES)
            return error_set(error, ERROR_LIMIT, "the text is too long (the limit is %d)", LIMIT_TEXT_BYTES);
    }
    *result = argument_text_like(text_buffer_take(&out), arguments[0]);
    return true;
}

static const struct function rows[] = {
    {"str.center", "self, width, fillchar=' '", str_center, 0, "The string in the middle of a width."},
    {"str.expandtabs", "self, tabsize=8", str_expandtabs, 0, "Tabs replaced by spaces up to the next stop."},
    {"str.ljust", "self, width, fillchar=' '", str_ljust, 0, "The string at the left of a width."},
    {"str.lstrip", "self, chars=None", str_lstrip, 0, "Without white space (or these characters) at its beginning."},
    {"str.rjust", "self, width, fillchar=' '", str_rjust, 0, "The string at the right of a width."},
    {"str.rstrip", "self, chars=None", str_rstrip, 0, "Without white space (or these characters) at its end."},
    {"str.strip", "self, chars=None", str_strip, 0, "Without white space (or these characters) at both ends."},
    {"str.zfill", "self, width", str_zfill, 0, "Zeros before the digits, behind the sign, up to a width."},
};

const struct function_table methods_string_layout = {FUNCTION_METHOD, NULL, rows, COUNT_OF(rows)};
