/*
 * Numbers turned into other numbers: int(), float(), round() and C's machine word.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/bigint.h"

bool value_int_from_float(double number, struct value *result, struct error *error)
{
    if (isnan(number))
        return error_set(error, ERROR_VALUE, "cannot convert float NaN to integer");
    if (isinf(number))
        return error_set(error, ERROR_OTHER, "cannot convert float infinity to integer");
    *result = bigint_from_double(trunc(number));
    return true;
}

bool value_to_double(struct value number, double *result, struct error *error)
{
    if (number.kind == VALUE_FLOAT) {
        *result = number.as.floating;
        return true;
    }
    if (!value_is_number(number))
        return error_set(error, ERROR_TYPE, "must be real number, not %s", value_type_name(number));
    if (!bigint_to_double(number, result))
        return error_set(error, ERROR_OTHER, "int too large to convert to float");
    return true;
}

bool value_to_int64(struct value number, int64_t *result)
{
    if (number.kind != VALUE_INT && number.kind != VALUE_BOOL)
        return false;
    *result = number.kind == VALUE_BOOL ? number.as.boolean : number.as.integer;
    return true;
}

/** To a multiple of 10 ** places (places > 0), half to even. */
static bool round_integer(struct value number, int64_t places, struct value *result, struct error *error)
{
    OWNED unit = value_null(), rest = value_null(), lower = value_null(), twice = value_null();
    if (places > (int64_t)bigint_bits(number)) {
        *result = value_int(0);
        return true;
    }
    if (!bigint_arithmetic(ARITHMETIC_POWER, value_int(10), value_int(places), &unit, error) ||
        !bigint_arithmetic(ARITHMETIC_MODULO, number, unit, &rest, error) ||
        !bigint_arithmetic(ARITHMETIC_SUBTRACT, number, rest, &lower, error) ||
        !bigint_arithmetic(ARITHMETIC_ADD, rest, rest, &twice, error))
        return false;
    int half = bigint_compare(twice, unit);
    OWNED multiple = value_null(), parity = value_null();
    if (!bigint_arithmetic(ARITHMETIC_FLOOR_DIVIDE, lower, unit, &multiple, error) ||
        !bigint_arithmetic(ARITHMETIC_MODULO, multiple, value_int(2), &parity, error))
        return false;
    if (half > 0 || (half == 0 && parity.as.integer == 1))
        return bigint_arithmetic(ARITHMETIC_ADD, lower, unit, result, error);
    *result = value_steal(&lower);
    return true;
}

/** Correctly rounded by way of the decimal digits, which printf has exactly. */
static double round_float(double number, int64_t digits)
{
    if (!isfinite(number) || number == 0 || digits > 323)
        return number;
    if (digits < -308)
        return copysign(0, number);
    char decimal[700];
    if (digits >= 0) {
        snprintf(decimal, sizeof decimal, "%.*f", (int)digits, number);
        return strtod(decimal, NULL);
    }
    snprintf(decimal, sizeof decimal, "%.17e", number);
    int exponent = atoi(strchr(decimal, 'e') + 1);
    snprintf(decimal, sizeof decimal, "1e%d", (int)-digits);
    double unit = strtod(decimal, NULL);
    if (exponent + digits < -1 || (exponent + digits <= 0 && fabs(number) <= unit / 2))
        return copysign(0, number);
    if (fabs(number) < unit)
        return copysign(unit, number);
    snprintf(decimal, sizeof decimal, "%.*e", (int)(exponent + digits), number);
    return strtod(decimal, NULL);
}

bool value_round(struct value number, int64_t digits, struct value *result, struct error *error)
{
    if (value_is_undefined(number))
        return value_undefined_error(number, error);
    if (!value_is_number(number))
        return error_set(error, ERROR_TYPE, "type %s doesn't define __round__ method", value_type_name(number));
    if (number.kind == VALUE_FLOAT) {
        double rounded = round_float(number.as.floating, digits);
        if (isinf(rounded) && isfinite(number.as.floating))
            return error_set(error, ERROR_OTHER, "rounded value too large to represent");
        *result = value_float(rounded);
        return true;
    }
    if (digits >= 0)
        return value_plus(number, result, error);
    return round_integer(number, -digits, result, error);
}

bool value_float_ratio(double number, struct value *numerator, struct value *denominator, struct error *error)
{
    if (isnan(number))
        return error_set(error, ERROR_VALUE, "cannot convert NaN to integer ratio");
    if (isinf(number))
        return error_set(error, ERROR_OTHER, "cannot convert Infinity to integer ratio");
    int exponent;
    double mantissa = frexp(number, &exponent);
    while (mantissa != floor(mantissa)) {
        mantissa *= 2;
        exponent--;
    }
    OWNED power = value_null();
    if (!value_arithmetic(ARITHMETIC_POWER, value_int(2), value_int(exponent < 0 ? -exponent : exponent), &power,
                          error))
        return false;
    *denominator = exponent < 0 ? value_copy(power) : value_int(1);
    return value_arithmetic(ARITHMETIC_MULTIPLY, value_int((int64_t)mantissa), exponent < 0 ? value_int(1) : power,
                            numerator, error);
}
