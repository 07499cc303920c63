#include "runtime/value/arithmetic.h"

#include <math.h>
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/bigint.h"
#include "runtime/value/format.h"
#include "runtime/value/list.h"
#include "runtime/value/markup.h"
#include "runtime/value/object.h"

/** Spelling in error messages, and the letter that a class's `binary` is asked with. */
static const struct {
    const char *spelling;
    char letter;
} operations[] = {
    [ARITHMETIC_ADD] = {"+", '+'},
    [ARITHMETIC_SUBTRACT] = {"-", '-'},
    [ARITHMETIC_MULTIPLY] = {"*", '*'},
    [ARITHMETIC_DIVIDE] = {"/", '/'},
    [ARITHMETIC_FLOOR_DIVIDE] = {"//", 'f'},
    [ARITHMETIC_MODULO] = {"%", '%'},
    [ARITHMETIC_POWER] = {"** or pow()", 'p'},
};

static bool unsupported(enum arithmetic operation, struct value left, struct value right, struct error *error)
{
    return error_set(error, ERROR_TYPE, "unsupported operand type(s) for %s: '%s' and '%s'",
                     operations[operation].spelling, value_type_name(left), value_type_name(right));
}

static bool is_word(struct value value)
{
    return value.kind == VALUE_INT || value.kind == VALUE_BOOL;
}

static int64_t word_of(struct value value)
{
    return value.kind == VALUE_BOOL ? value.as.boolean : value.as.integer;
}

/* ---- integers ---- */

/** Does a double hold this integer as it is?  (Every one of up to 53 bits.) */
static bool is_exact_double(int64_t integer)
{
    const int64_t limit = INT64_C(1) << 53;
    return integer >= -limit && integer <= limit;
}

static bool divide_integers(struct value left, struct value right, struct value *result, struct error *error)
{
    double quotient;
    bool are_exact = left.kind == VALUE_INT && right.kind == VALUE_INT && right.as.integer != 0 &&
                     is_exact_double(left.as.integer) && is_exact_double(right.as.integer);
    if (are_exact) {
        *result = value_float((double)left.as.integer / (double)right.as.integer);
        return true;
    }
    if (!bigint_true_divide(left, right, &quotient, error))
        return false;
    *result = value_float(quotient);
    return true;
}

static bool power_floats(double left, double right, struct value *result, struct error *error);

/** A negative exponent makes it a power of floats. */
static bool power_integers(struct value left, struct value right, struct value *result, struct error *error)
{
    if (bigint_compare(right, value_int(0)) >= 0)
        return bigint_arithmetic(ARITHMETIC_POWER, left, right, result, error);
    double base, exponent;
    return value_to_double(left, &base, error) && value_to_double(right, &exponent, error) &&
           power_floats(base, exponent, result, error);
}

static bool calculate_integers(enum arithmetic operation, struct value left, struct value right, struct value *result,
                               struct error *error)
{
    bool is_zero = is_word(right) && word_of(right) == 0;
    if (is_zero && operation == ARITHMETIC_FLOOR_DIVIDE)
        return error_set(error, ERROR_ZERO_DIVISION, "integer division or modulo by zero");
    if (is_zero && operation == ARITHMETIC_MODULO)
        return error_set(error, ERROR_ZERO_DIVISION, "integer modulo by zero");
    int64_t word;
    if (is_word(left) && is_word(right) && arithmetic_words(operation, word_of(left), word_of(right), &word)) {
        *result = value_int(word);
        return true;
    }
    if (operation == ARITHMETIC_DIVIDE)
        return divide_integers(left, right, result, error);
    if (operation == ARITHMETIC_POWER)
        return power_integers(left, right, result, error);
    return bigint_arithmetic(operation, left, right, result, error);
}

/* ---- floats ---- */

static bool power_floats(double left, double right, struct value *result, struct error *error)
{
    if (left == 0 && right < 0)
        return error_set(error, ERROR_ZERO_DIVISION, "0.0 cannot be raised to a negative power");
    if (left < 0 && isfinite(left) && isfinite(right) && right != floor(right))
        return error_set(error, ERROR_VALUE, "a negative number cannot be raised to a fractional power");
    double number = pow(left, right);
    if (isinf(number) && isfinite(left) && isfinite(right))
        return error_set(error, ERROR_OTHER, "(34, 'Numerical result out of range')");
    *result = value_float(number);
    return true;
}

/** The remainder has the sign of the divisor, also when it is 0. */
static double floor_modulo(double left, double right)
{
    double rest = fmod(left, right);
    if (rest == 0)
        return copysign(0, right);
    return (rest < 0) != (right < 0) ? rest + right : rest;
}

/** As CPython's float_divmod: by way of the remainder, so that the quotient agrees with it. */
static double floor_quotient(double left, double right)
{
    double rest = fmod(left, right);
    double quotient = (left - rest) / right;
    if (rest != 0 && (rest < 0) != (right < 0))
        quotient -= 1;
    if (quotient == 0)
        return copysign(0, left / right);
    double whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1 : whole;
}

static bool calculate_floats(enum arithmetic operation, double left, double right, struct value *result,
                             struct error *error)
{
    switch (operation) {
    case ARITHMETIC_ADD:
        *result = value_float(left + right);
        return true;
    case ARITHMETIC_SUBTRACT:
        *result = value_float(left - right);
        return true;
    case ARITHMETIC_MULTIPLY:
        *result = value_float(left * right);
        return true;
    case ARITHMETIC_DIVIDE:
        if (right == 0)
            return error_set(error, ERROR_ZERO_DIVISION, "float division by zero");
        *result = value_float(left / right);
        return true;
    case ARITHMETIC_FLOOR_DIVIDE:
        if (right == 0)
            return error_set(error, ERROR_ZERO_DIVISION, "float floor division by zero");
        *result = value_float(floor_quotient(left, right));
        return true;
    case ARITHMETIC_MODULO:
        if (right == 0)
            return error_set(error, ERROR_ZERO_DIVISION, "float modulo");
        *result = value_float(floor_modulo(left, right));
        return true;
    case ARITHMETIC_POWER:
        return power_floats(left, right, result, error);
    }
    return false;
}

static bool calculate_numbers(enum arithmetic operation, struct value left, struct value right, struct value *result,
                              struct error *error)
{
    if (left.kind != VALUE_FLOAT && right.kind != VALUE_FLOAT)
        return calculate_integers(operation, left, right, result, error);
    double l, r;
    return value_to_double(left, &l, error) && value_to_double(right, &r, error) &&
           calculate_floats(operation, l, r, result, error);
}

/* ---- sequences ---- */

static bool concatenate_strings(struct value left, struct value right, struct value *result, struct error *error)
{
    bool is_markup = value_is_markup(left) || value_is_markup(right);
    OWNED l = is_markup ? markup_escape(left) : value_copy(left);
    OWNED r = is_markup ? markup_escape(right) : value_copy(right);
    size_t left_length = l.as.text->length, right_length = r.as.text->length;
    if (left_length + right_length > LIMIT_TEXT_BYTES)
        return error_set(error, ERROR_LIMIT, "a text of more than %d bytes is too long", LIMIT_TEXT_BYTES);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    char *bytes = text_buffer_reserve(&out, left_length + right_length);
    memcpy(bytes, value_bytes(l), left_length);
    memcpy(bytes + left_length, value_bytes(r), right_length);
    text_buffer_added(&out, left_length + right_length);
    *result = value_string_take(text_buffer_take(&out));
    result->flags = is_markup ? VALUE_MARKUP : 0;
    return true;
}

static bool concatenate(struct value left, struct value right, struct value *result, struct error *error)
{
    if (left.kind == VALUE_STRING && right.kind == VALUE_STRING)
        return concatenate_strings(left, right, result, error);
    if (left.kind != right.kind)
        return error_set(error, ERROR_TYPE, "can only concatenate %s (not \"%s\") to %s", value_type_name(left),
                         value_type_name(right), value_type_name(left));
    if (left.as.list->count + right.as.list->count > LIMIT_RANGE_ITEMS)
        return error_set(error, ERROR_LIMIT, "a list of more than %d items is too long", LIMIT_RANGE_ITEMS);
    struct list *joined = list_new(left.as.list->count + right.as.list->count);
    list_extend(joined, left.as.list);
    list_extend(joined, right.as.list);
    *result = (struct value){.kind = left.kind, .as.list = joined};
    return true;
}

static bool repeat_string(struct value value, size_t count, struct value *result, struct error *error)
{
    size_t length = value.as.text->length;
    if (length > 0 && count > LIMIT_TEXT_BYTES / length)
        return error_set(error, ERROR_LIMIT, "a text of more than %d bytes is too long", LIMIT_TEXT_BYTES);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    char *bytes = text_buffer_reserve(&out, length * count);
    for (size_t i = 0; i < count && length > 0; i++)
        memcpy(bytes + i * length, value_bytes(value), length);
    text_buffer_added(&out, length * count);
    *result = value_string_take(text_buffer_take(&out));
    result->flags = value.flags & VALUE_MARKUP;
    return true;
}

static bool repeat_list(struct value value, size_t count, struct value *result, struct error *error)
{
    size_t items = value.as.list->count;
    if (items > 0 && count > LIMIT_RANGE_ITEMS / items)
        return error_set(error, ERROR_LIMIT, "a list of more than %d items is too long", LIMIT_RANGE_ITEMS);
    struct list *repeated = list_new(items * count);
    for (size_t i = 0; i < count && items > 0; i++)
        list_extend(repeated, value.as.list);
    *result = (struct value){.kind = value.kind, .as.list = repeated};
    return true;
}

static bool repeat(struct value sequence, struct value times, struct value *result, struct error *error)
{
    if (!is_word(times) && times.kind != VALUE_BIGINT)
        return error_set(error, ERROR_TYPE, "can't multiply sequence by non-int of type '%s'", value_type_name(times));
    if (times.kind == VALUE_BIGINT)
        return error_set(error, ERROR_OTHER, "cannot fit 'int' into an index-sized integer");
    size_t count = word_of(times) > 0 ? (size_t)word_of(times) : 0;
    return sequence.kind == VALUE_STRING ? repeat_string(sequence, count, result, error)
                                         : repeat_list(sequence, count, result, error);
}

static bool has_sequence_operators(struct value value)
{
    return value.kind == VALUE_STRING || value_is_sequence(value);
}

/** An operation with at least one operand that is no number. */
static bool calculate_others(enum arithmetic operation, struct value left, struct value right, struct value *result,
                             struct error *error)
{
    if (operation == ARITHMETIC_ADD && has_sequence_operators(left))
        return concatenate(left, right, result, error);
    if (operation == ARITHMETIC_MULTIPLY && has_sequence_operators(left))
        return repeat(left, right, result, error);
    if (operation == ARITHMETIC_MULTIPLY && has_sequence_operators(right))
        return repeat(right, left, result, error);
    if (operation == ARITHMETIC_MODULO && left.kind == VALUE_STRING)
        return value_format_percent(left, right, result, error);
    return unsupported(operation, left, right, error);
}

/** Asks the class of an object on either side. */
static enum lookup_result calculate_objects(enum arithmetic operation, struct value left, struct value right,
                                            struct value *result, struct error *error)
{
    const struct value operands[] = {left, right};
    enum lookup_result outcome = LOOKUP_MISSING;
    for (size_t i = 0; i < COUNT_OF(operands) && outcome == LOOKUP_MISSING; i++)
        if (operands[i].kind == VALUE_OBJECT && operands[i].as.object->class->binary)
            outcome = operands[i].as.object->class->binary(operations[operation].letter, left, right, result, error);
    return outcome;
}

bool value_arithmetic(enum arithmetic operation, struct value left, struct value right, struct value *result,
                      struct error *error)
{
    if (value_is_number(left) && value_is_number(right))
        return calculate_numbers(operation, left, right, result, error);
    if (value_is_undefined(left) || value_is_undefined(right))
        return value_undefined_error(value_is_undefined(left) ? left : right, error);
    if (left.kind == VALUE_OBJECT || right.kind == VALUE_OBJECT) {
        enum lookup_result outcome = calculate_objects(operation, left, right, result, error);
        if (outcome != LOOKUP_MISSING)
            return outcome == LOOKUP_FOUND;
    }
    return calculate_others(operation, left, right, result, error);
}

static bool bad_operand(const char *operation, struct value operand, struct error *error)
{
    if (value_is_undefined(operand))
        return value_undefined_error(operand, error);
    return error_set(error, ERROR_TYPE, "bad operand type for unary %s: '%s'", operation, value_type_name(operand));
}

/** The sign of an object (a timedelta) is that of its product with 1 or -1. */
static enum lookup_result scale_object(struct value operand, int sign, struct value *result, struct error *error)
{
    return operand.kind == VALUE_OBJECT
               ? calculate_objects(ARITHMETIC_MULTIPLY, operand, value_int(sign), result, error)
               : LOOKUP_MISSING;
}

bool value_negate(struct value operand, struct value *result, struct error *error)
{
    if (operand.kind == VALUE_FLOAT) {
        *result = value_float(-operand.as.floating);
        return true;
    }
    if (value_is_number(operand))
        return calculate_integers(ARITHMETIC_SUBTRACT, value_int(0), operand, result, error);
    enum lookup_result outcome = scale_object(operand, -1, result, error);
    return outcome == LOOKUP_MISSING ? bad_operand("-", operand, error) : outcome == LOOKUP_FOUND;
}

bool value_plus(struct value operand, struct value *result, struct error *error)
{
    if (!value_is_number(operand)) {
        enum lookup_result outcome = scale_object(operand, 1, result, error);
        return outcome == LOOKUP_MISSING ? bad_operand("+", operand, error) : outcome == LOOKUP_FOUND;
    }
    *result = operand.kind == VALUE_BOOL ? value_int(operand.as.boolean) : value_copy(operand);
    return true;
}
