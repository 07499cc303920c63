/*
 * Formatting with templates of Python's two kinds: the % operator on strings ("printf-style String Formatting")
 * and str.format with its format specifications ("Format Specification Mini-Language", docs.python.org).
 * Results, limits and error messages are Python's.  A format that is markup escapes what it takes in.
 */
#ifndef PLAYLET_RUNTIME_VALUE_FORMAT_H
#define PLAYLET_RUNTIME_VALUE_FORMAT_H

#include "runtime/value/value.h"

struct text_buffer;

/** `format % arguments`: a tuple holds the arguments, a mapping those of %(name)s, anything else is the only one. */
bool value_format_percent(struct value format, struct value arguments, struct value *result, struct error *error);

/** One call of str.format.  All of it is borrowed. */
struct format_call {
    struct value format;            /* a string */
    const struct list *positional;  /* or NULL */
    const struct dict *named;       /* or NULL */
    /** `object.key` (is_attribute; the key is a string) or `object[key]` in a field; *result is owned by the caller. */
    bool (*lookup)(void *context, struct value object, struct value key, bool is_attribute, struct value *result,
                   struct error *error);
    void *context;
};

bool value_format_braces(const struct format_call *call, struct value *result, struct error *error);

/** Appends format(value, spec), e.g. ">10", "+,.2f", "#06x"; `spec` is `length` bytes. */
bool value_format_spec(struct text_buffer *out, struct value value, const char *spec, size_t length,
                       struct error *error);

#endif
