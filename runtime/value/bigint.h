/*
 * Integers past the machine word: a thin cover of libgmp's mpz.  This pair of files alone includes gmp.h.
 * A value of kind VALUE_BIGINT never fits int64; bigint_value sees to it.
 */
#ifndef PLAYLET_RUNTIME_VALUE_BIGINT_H
#define PLAYLET_RUNTIME_VALUE_BIGINT_H

#include "runtime/value/arithmetic.h"

struct text_buffer;

/** ADD, SUBTRACT, MULTIPLY, FLOOR_DIVIDE, MODULO, POWER (exponent >= 0) of two ints (any size; bools count); the divisor is not 0. */
bool bigint_arithmetic(enum arithmetic operation, struct value left, struct value right, struct value *result, struct error *error);

/** left / right of two ints, correctly rounded as Python does. */
bool bigint_true_divide(struct value left, struct value right, double *result, struct error *error);

/** -1, 0, 1 of two ints of any size. */
int bigint_compare(struct value left, struct value right);

/** Exact comparison with a double that is not NaN. */
int bigint_compare_double(struct value integer, double number);

/** Digits only (with an optional sign), in base 2..36.  False when it is not one. */
bool bigint_parse(const char *digits, size_t length, int base, struct value *result);

/** A double without fraction part, of any size. */
struct value bigint_from_double(double number);

/** As a double; false when it is out of range. */
bool bigint_to_double(struct value integer, double *result);

/** Digits in `base` with a sign, any int; lower case. */
void bigint_append(struct text_buffer *out, struct value integer, int base);

uint32_t bigint_hash(struct value integer);     /* equal to the hash of an equal float or int */
size_t bigint_bits(struct value integer);       /* Python's int.bit_length() */
void bigint_free(struct bigint *bigint);

#endif
