/*
 * Arithmetic on values, with Python's rules and error messages: integers without bound (libgmp past the machine
 * word, used in bigint.c alone), // and % by floor, / always a float, ** with negative exponents as float,
 * str and list concatenation and repetition, % formatting on strings (format.h).
 * Each fills ERROR_TYPE, ERROR_VALUE, ERROR_ZERO_DIVISION or ERROR_LIMIT and returns false on failure;
 * *result is owned by the caller and written only on success.
 */
#ifndef PLAYLET_RUNTIME_VALUE_ARITHMETIC_H
#define PLAYLET_RUNTIME_VALUE_ARITHMETIC_H

#include "runtime/value/value.h"

enum arithmetic {
    ARITHMETIC_ADD, ARITHMETIC_SUBTRACT, ARITHMETIC_MULTIPLY, ARITHMETIC_DIVIDE, ARITHMETIC_FLOOR_DIVIDE,
    ARITHMETIC_MODULO, ARITHMETIC_POWER,
};

/** The result of two machine words when it is one too; else false, and value_arithmetic knows.  `right` is not 0 where it divides. */
static inline bool arithmetic_words(enum arithmetic operation, int64_t left, int64_t right, int64_t *result)
{
    switch (operation) {
    case ARITHMETIC_ADD:
        return !__builtin_add_overflow(left, right, result);
    case ARITHMETIC_SUBTRACT:
        return !__builtin_sub_overflow(left, right, result);
    case ARITHMETIC_MULTIPLY:
        return !__builtin_mul_overflow(left, right, result);
    case ARITHMETIC_FLOOR_DIVIDE:
        if (left == INT64_MIN && right == -1)
            return false;
        *result = left / right - (left % right != 0 && (left < 0) != (right < 0));
        return true;
    case ARITHMETIC_MODULO:
        *result = right == -1 ? 0 : left % right;
        if (*result != 0 && (*result < 0) != (right < 0))
            *result += right;
        return true;
    case ARITHMETIC_DIVIDE:
    case ARITHMETIC_POWER:
        return false;
    }
    return false;
}

bool value_arithmetic(enum arithmetic operation, struct value left, struct value right, struct value *result, struct error *error);
bool value_negate(struct value operand, struct value *result, struct error *error);
bool value_plus(struct value operand, struct value *result, struct error *error);   /* unary + */

/** Python's int(text, base) and float(text): false without an error when it is not one ("1_000", " 42 ", "0x1f" by base). */
bool value_parse_int(const char *bytes, size_t length, int base, struct value *result);
bool value_parse_float(const char *bytes, size_t length, double *result);

/** int(x) of a float (truncation; ERROR_VALUE / ERROR_OTHER for nan and inf). */
bool value_int_from_float(double number, struct value *result, struct error *error);

/** Any number as a double; a big integer past a double's range fails with ERROR_OTHER as Python's OverflowError. */
bool value_to_double(struct value number, double *result, struct error *error);

/** Python's float.as_integer_ratio(): the fraction that the float is exactly.  ERROR_VALUE / ERROR_OTHER for nan and inf. */
bool value_float_ratio(double number, struct value *numerator, struct value *denominator, struct error *error);

/** Python's round(number, digits): half to even; for ints and negative digits too. */
bool value_round(struct value number, int64_t digits, struct value *result, struct error *error);

/** An integer that fits size limits of C: false (no error) when it is no int or bool or out of int64's range. */
bool value_to_int64(struct value number, int64_t *result);

#endif
