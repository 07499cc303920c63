/*
 * Filters on numbers: abs, filesizeformat, float, int, round.
 */
#include <math.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/compare.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"

static bool filter_abs(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    struct value number = arguments[0];
    if (!value_is_number(number))
        return error_set(error, ERROR_TYPE, "bad operand type for abs(): '%s'", value_type_name(number));
    if (number.kind == VALUE_FLOAT) {
        *result = value_float(fabs(number.as.floating));
        return true;
    }
    int order;
    if (!value_order(number, value_int(0), "<", &order, error))
        return false;
    return order < 0 ? value_negate(number, result, error) : value_plus(number, result, error);
}

/** int(float(value)), or the fallback where that is no number; infinity is an error. */
static bool int_by_float(struct value value, struct value fallback, struct value *result, struct error *error)
{
    double number;
    OWNED_ERROR ignored = {0};
    if (!argument_double(value, &number, &ignored) || isnan(number)) {
        *result = value_copy(fallback);
        return true;
    }
    return value_int_from_float(number, result, error);
}

static bool filter_int(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    struct value value = arguments[0], fallback = arguments[1];
    if (value.kind == VALUE_BOOL || value_is_integer(value))
        return value_plus(value, result, error);
    int64_t base;
    if (value_is_string(value) && value_to_int64(arguments[2], &base) && (base == 0 || (base >= 2 && base <= 36)) &&
        value_parse_int(value.as.text->bytes, value.as.text->length, (int)base, result))
        return true;
    return int_by_float(value, fallback, result, error);
}

static bool filter_float(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation;
    double number;
    if (!value_is_number(arguments[0]) && !value_is_string(arguments[0])) {
        *result = value_copy(arguments[1]);
        return true;
    }
    OWNED_ERROR failure = {0};
    if (argument_double(arguments[0], &number, &failure)) {
        *result = value_float(number);
        return true;
    }
    if (value_is_number(arguments[0]))
        return error_move(error, &failure);
    *result = value_copy(arguments[1]);
    return true;
}

/* ---- round ---- */

static bool round_common(struct value number, struct value precision, struct value *result, struct error *error)
{
    if (!value_is_number(number))
        return error_set(error, ERROR_TYPE, "type %s doesn't define __round__ method", value_type_name(number));
    int64_t digits = 0;
    if (!value_is_null(precision) && !argument_int(precision, &digits, error))
        return false;
    OWNED rounded = value_null();
    if (!value_round(number, digits, &rounded, error))
        return false;
    if (value_is_null(precision) && rounded.kind == VALUE_FLOAT)
        return value_int_from_float(rounded.as.floating, result, error);
    *result = value_steal(&rounded);
    return true;
}

/** math.ceil or math.floor of a number: an int. */
static bool to_integer(struct value number, double (*function)(double), struct value *result, struct error *error)
{
    if (!value_is_number(number))
        return error_set(error, ERROR_TYPE, "must be real number, not %s", value_type_name(number));
    if (number.kind != VALUE_FLOAT)
        return value_plus(number, result, error);
    return value_int_from_float(function(number.as.floating), result, error);
}

/** function(number * 10 ** precision) / 10 ** precision */
static bool round_directed(struct value number, struct value precision, double (*function)(double),
                           struct value *result, struct error *error)
{
    OWNED scale = value_null(), scaled = value_null(), whole = value_null();
    return value_arithmetic(ARITHMETIC_POWER, value_int(10), precision, &scale, error) &&
           value_arithmetic(ARITHMETIC_MULTIPLY, number, scale, &scaled, error) &&
           to_integer(scaled, function, &whole, error) &&
           value_arithmetic(ARITHMETIC_DIVIDE, whole, scale, result, error);
}

static bool filter_round(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation;
    struct value method = arguments[2];
    if (value_equals_string(method, "common"))
        return round_common(arguments[0], arguments[1], result, error);
    if (value_equals_string(method, "ceil"))
        return round_directed(arguments[0], arguments[1], ceil, result, error);
    if (value_equals_string(method, "floor"))
        return round_directed(arguments[0], arguments[1], floor, result, error);
    return error_set(error, ERROR_FILTER, "method must be common, ceil or floor");
}

/* ---- filesizeformat ---- */

static const char *const decimal_units[] = {"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
static const char *const binary_units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"};

static struct value scaled_size(double bytes, double base, const char *const *units)
{
    size_t last = COUNT_OF(decimal_units) - 1;
    /* Powers of 1000 up to the ninth are exact in a long double. */
    long double limit = (long double)base * base;
    size_t i = 0;
    for (; i < last && !(bytes < (double)limit); i++)
        limit *= base;
    double amount = base * bytes / (double)limit;
    return isnan(amount) ? value_string_format("nan %s", units[i]) : value_string_format("%.1f %s", amount, units[i]);
}

static bool filter_filesizeformat(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                  struct error *error)
{
    (void)evaluation;
    double bytes;
    if (!argument_double(arguments[0], &bytes, error))
        return false;
    bool is_binary = value_truth(arguments[1]);
    double base = is_binary ? 1024 : 1000;
    if (bytes == 1)
        *result = value_string("1 Byte");
    else if (bytes < base && isinf(bytes))
        return value_int_from_float(bytes, result, error);
    else if (bytes < base)
        *result = value_string_format("%.0f Bytes", trunc(bytes) + 0.0);
    else
        *result = scaled_size(bytes, base, is_binary ? binary_units : decimal_units);
    return true;
}

static const struct function rows[] = {
    {"abs", "x", filter_abs, 0, "The number without its sign"},
    {"filesizeformat", "value, binary=False", filter_filesizeformat, 0,
     "A count of bytes for people: 1.5 MB, or 1.4 MiB with binary=true"},
    {"float", "value, default=0.0", filter_float, FUNCTION_TAKES_LAZY,
     "The value as a floating-point number, or the default if it is none"},
    {"int", "value, default=0, base=10", filter_int, FUNCTION_TAKES_LAZY,
     "The value as an integer, or the default if it is none; text is read in the given base"},
    {"round", "value, precision=0, method='common'", filter_round, 0,
     "The number rounded to so many digits; method is common (half to even), ceil or floor"},
};

const struct function_table filters_number = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
