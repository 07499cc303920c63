/* Methods and attributes of ints and floats. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/bigint.h"
#include "stdlib/argument.h"
#include "stdlib/methods/methods.h"
#include "stdlib/methods/string_argument.h"

static bool number_itself(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    return value_plus(arguments[0], result, error);
}

static bool int_zero(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                     struct error *error)
{
    (void)evaluation;
    (void)arguments;
    (void)error;
    *result = value_int(0);
    return true;
}

static bool int_one(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                    struct error *error)
{
    (void)evaluation;
    (void)arguments;
    (void)error;
    *result = value_int(1);
    return true;
}

static bool int_bit_length(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = value_int((int64_t)bigint_bits(arguments[0]));
    return true;
}

static bool int_bit_count(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    (void)error;
    CLEANUP(text_buffer_done) struct text_buffer digits = {0};
    bigint_append(&digits, arguments[0], 2);
    int64_t count = 0;
    for (size_t i = 0; i < digits.length; i++)
        count += digits.text->bytes[i] == '1';
    *result = value_int(count);
    return true;
}

static struct value pair_take(struct value first, struct value second)
{
    struct list *pair = list_new(2);
    list_push_take(pair, first);
    list_push_take(pair, second);
    return value_tuple_take(pair);
}

static bool int_as_integer_ratio(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                 struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = pair_take(value_copy(arguments[0]), value_int(1));
    return true;
}

/* ---- bytes ---- */

/** `value` in [0, 256^length), shifted there from below 0 when it is signed. */
static bool to_unsigned(struct value number, int64_t length, bool is_signed, struct value *result, struct error *error)
{
    OWNED range = value_null(), half = value_null();
    int against_zero, against_limit;
    if (!value_arithmetic(ARITHMETIC_POWER, value_int(256), value_int(length), &range, error) ||
        !value_arithmetic(ARITHMETIC_FLOOR_DIVIDE, range, value_int(2), &half, error))
        return false;
    against_zero = bigint_compare(number, value_int(0));
    against_limit = bigint_compare(number, is_signed ? half : range);
    if (against_zero < 0 && !is_signed)
        return error_set(error, ERROR_OTHER, "can't convert negative int to unsigned");
    OWNED lowest = value_null();
    if (!value_negate(half, &lowest, error))
        return false;
    if (against_limit >= 0 || (is_signed && bigint_compare(number, lowest) < 0))
        return error_set(error, ERROR_OTHER, "int too big to convert");
    return value_arithmetic(ARITHMETIC_ADD, number, against_zero < 0 ? range : value_int(0), result, error);
}

static bool int_to_bytes(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation;
    int64_t length;
    if (!argument_int(arguments[1], &length, error) ||
        !string_argument(arguments[2], "to_bytes() argument 'byteorder'", error))
        return false;
    bool is_big = value_equals_string(arguments[2], "big");
    if (length < 0)
        return error_set(error, ERROR_VALUE, "length argument must be non-negative");
    if (!is_big && !value_equals_string(arguments[2], "little"))
        return error_set(error, ERROR_VALUE, "byteorder must be either 'little' or 'big'");
    OWNED number = value_null();
    if (!to_unsigned(arguments[0], length, value_truth(arguments[3]), &number, error))
        return false;
    CLEANUP(text_buffer_done) struct text_buffer digits = {0}, bytes = {0};
    bigint_append(&digits, number, 16);
    for (int64_t i = 0; i < length; i++) {
        /* The byte's two digits, counted from the right. */
        int64_t place = 2 * (is_big ? length - 1 - i : i);
        char pair[3] = "00";
        for (int64_t digit = 0; digit < 2; digit++)
            if (place + digit < (int64_t)digits.length)
                pair[1 - digit] = digits.text->bytes[(int64_t)digits.length - 1 - place - digit];
        unsigned byte = 0;
        sscanf(pair, "%x", &byte);
        text_buffer_append_char(&bytes, (char)byte);
    }
    *result = value_string_take(text_buffer_take(&bytes));
    result->flags |= VALUE_BYTES;
    return true;
}

/* ---- operators on bits, which templates have as methods alone ---- */

static bool read_bits(const struct value *arguments, int64_t *left, int64_t *right, struct error *error)
{
    return argument_int(arguments[0], left, error) && argument_int(arguments[1], right, error);
}

static bool int_and(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                    struct error *error)
{
    (void)evaluation;
    int64_t left, right;
    if (!read_bits(arguments, &left, &right, error))
        return false;
    *result = value_int(left & right);
    return true;
}

static bool int_or(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                   struct error *error)
{
    (void)evaluation;
    int64_t left, right;
    if (!read_bits(arguments, &left, &right, error))
        return false;
    *result = value_int(left | right);
    return true;
}

static bool int_xor(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                    struct error *error)
{
    (void)evaluation;
    int64_t left, right;
    if (!read_bits(arguments, &left, &right, error))
        return false;
    *result = value_int(left ^ right);
    return true;
}

static bool int_invert(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    return value_arithmetic(ARITHMETIC_SUBTRACT, value_int(-1), arguments[0], result, error);
}

/** A shift to the left multiplies by a power of 2, one to the right divides by it. */
static bool shift(const struct value *arguments, enum arithmetic operation, struct value *result, struct error *error)
{
    int64_t count;
    if (!argument_int(arguments[1], &count, error))
        return false;
    if (count < 0)
        return error_set(error, ERROR_VALUE, "negative shift count");
    OWNED power = value_null();
    return value_arithmetic(ARITHMETIC_POWER, value_int(2), value_int(count), &power, error) &&
           value_arithmetic(operation, arguments[0], power, result, error);
}

static bool int_shift_left(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    return shift(arguments, ARITHMETIC_MULTIPLY, result, error);
}

static bool int_shift_right(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    (void)evaluation;
    return shift(arguments, ARITHMETIC_FLOOR_DIVIDE, result, error);
}

/* ---- floats ---- */

static bool float_zero(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    (void)arguments;
    (void)error;
    *result = value_float(0);
    return true;
}

static bool float_is_integer(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation;
    (void)error;
    double number = arguments[0].as.floating;
    *result = value_bool(isfinite(number) && floor(number) == number);
    return true;
}

static bool float_as_integer_ratio(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                   struct error *error)
{
    (void)evaluation;
    struct value numerator, denominator;
    if (!value_float_ratio(arguments[0].as.floating, &numerator, &denominator, error))
        return false;
    *result = pair_take(numerator, denominator);
    return true;
}

static bool float_hex(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    (void)error;
    double number = arguments[0].as.floating;
    if (number == 0)
        *result = value_string(signbit(number) ? "-0x0.0p+0" : "0x0.0p+0");
    else
        *result = value_string_format(isfinite(number) ? "%.13a" : "%f", number);
    return true;
}

static const struct function rows[] = {
    {"float.as_integer_ratio", "self", float_as_integer_ratio, 0, "The fraction that the number is exactly."},
    {"float.conjugate", "self", number_itself, 0, "The number itself."},
    {"float.hex", "self", float_hex, 0, "The number in hexadecimal, exactly."},
    {"float.imag", "self", float_zero, FUNCTION_PROPERTY, "The imaginary part, 0."},
    {"float.is_integer", "self", float_is_integer, 0, "Is it a whole number?"},
    {"float.real", "self", number_itself, FUNCTION_PROPERTY, "The number itself."},
    {"int.__and__", "self, other", int_and, 0, "The bits that both have."},
    {"int.__invert__", "self", int_invert, 0, "The bits that it does not have."},
    {"int.__lshift__", "self, count", int_shift_left, 0, "Shifted to the left."},
    {"int.__or__", "self, other", int_or, 0, "The bits that either has."},
    {"int.__rshift__", "self, count", int_shift_right, 0, "Shifted to the right."},
    {"int.__xor__", "self, other", int_xor, 0, "The bits that only one has."},
    {"int.as_integer_ratio", "self", int_as_integer_ratio, 0, "The number over 1."},
    {"int.bit_count", "self", int_bit_count, 0, "How many bits are set in its size."},
    {"int.bit_length", "self", int_bit_length, 0, "How many bits its size needs."},
    {"int.conjugate", "self", number_itself, 0, "The number itself."},
    {"int.denominator", "self", int_one, FUNCTION_PROPERTY, "The denominator, 1."},
    {"int.imag", "self", int_zero, FUNCTION_PROPERTY, "The imaginary part, 0."},
    {"int.numerator", "self", number_itself, FUNCTION_PROPERTY, "The number itself."},
    {"int.real", "self", number_itself, FUNCTION_PROPERTY, "The number itself."},
    {"int.to_bytes", "self, length=1, byteorder='big', signed=False", int_to_bytes, 0, "The number as bytes."},
};

const struct function_table methods_number = {FUNCTION_METHOD, NULL, rows, COUNT_OF(rows)};
