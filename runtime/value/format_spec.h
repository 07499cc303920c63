/*
 * Format specifications: fill, alignment, sign, width, precision and type of one formatted value, and the layout
 * of numbers and texts by them.  Shared by both kinds of formatting (format.h); nothing else needs it.
 */
#ifndef PLAYLET_RUNTIME_VALUE_FORMAT_SPEC_H
#define PLAYLET_RUNTIME_VALUE_FORMAT_SPEC_H

#include "runtime/value/text.h"
#include "runtime/value/value.h"

struct format_spec {
    uint32_t fill;      /* code point */
    char align;         /* '<', '>', '^', '=' (after the sign), or 0: the value's own way */
    char sign;          /* '-' (only negative ones), '+' or ' ' */
    char grouping;      /* ',' or '_' between groups of digits, or 0 */
    bool alternate;     /* # */
    bool positive_zero; /* z: no minus before what rounds to 0 */
    int64_t width;      /* code points at least */
    int precision;      /* -1: none given */
    uint32_t type;      /* code point, or 0 */
};

static inline struct format_spec format_spec_default(void)
{
    return (struct format_spec){.fill = ' ', .sign = '-', .precision = -1};
}

/** Reads the mini-language; `value` is what will be formatted, for its defaults and its name in messages. */
bool format_spec_parse(const char *bytes, size_t length, struct value value, struct format_spec *spec,
                       struct error *error);

/** A text cut to the precision and padded; aligned to the left unless the specification says otherwise. */
void format_append_text(struct text_buffer *out, const struct format_spec *spec, const char *bytes, size_t length);

/** An int or bool in base d, b, o, x or X (type); with a precision, of at least so many digits. */
void format_append_integer(struct text_buffer *out, const struct format_spec *spec, struct value integer);

/** A double of type e, f, g, their capitals, '%', or 0 (like repr, or g with a precision). */
void format_append_double(struct text_buffer *out, const struct format_spec *spec, double number);

/** The character of this code point, padded; ERROR_OTHER when it is none. */
bool format_append_character(struct text_buffer *out, const struct format_spec *spec, struct value point,
                             struct error *error);

#endif
