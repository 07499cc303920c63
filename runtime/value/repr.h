/*
 * Values as Python prints them.
 * Floats: the shortest digits that read back (as CPython's repr; David Gay's mode 0), 1e16 and up with an exponent.
 */
#ifndef PLAYLET_RUNTIME_VALUE_REPR_H
#define PLAYLET_RUNTIME_VALUE_REPR_H

#include "runtime/value/text.h"
#include "runtime/value/value.h"

/** Python's str(value): a string as it is, anything else as repr.  Undefined values print as their message in angle brackets. */
void value_append_str(struct text_buffer *out, struct value value);

/** Python's repr(value): 'text' with Python's choice of quotes and escapes, [1, 2], (1,), {'a': True}, None. */
void value_append_repr(struct text_buffer *out, struct value value);

struct value value_str(struct value value) NODISCARD;     /* a string value, untrusted; a string is copied as it is */
struct value value_repr(struct value value) NODISCARD;

/** Python's ascii(value): repr with everything past ASCII escaped. */
void value_append_ascii(struct text_buffer *out, struct value value);

/** A finite number that is not negative, with `digits` after the point (none: without a point), rounded half to even. */
void float_append_fixed(struct text_buffer *out, double magnitude, int digits);

/** repr(float): "0.1", "1e+16", "inf", "nan", "100.0". */
void float_append_repr(struct text_buffer *out, double number);

#endif
