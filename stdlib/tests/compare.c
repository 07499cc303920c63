/*
 * Tests that compare two values, under their names and their symbols, and those on divisibility.
 */
#include "runtime/value/compare.h"
#include "runtime/value/arithmetic.h"
#include "stdlib/tests/tests.h"

static bool test_eq(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                    struct error *error)
{
    (void)evaluation, (void)error;
    return test_answer(result, value_equal(arguments[0], arguments[1]));
}

static bool test_ne(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                    struct error *error)
{
    (void)evaluation, (void)error;
    return test_answer(result, !value_equal(arguments[0], arguments[1]));
}

/** Does the order of the two fall on `first` or `second` (-1, 0, 1)? */
static bool compare(const struct value *arguments, const char *operation, int first, int second, struct value *result,
                    struct error *error)
{
    int order;
    if (!value_order(arguments[0], arguments[1], operation, &order, error))
        return false;
    return test_answer(result, order == first || order == second);
}

static bool test_lt(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                    struct error *error)
{
    (void)evaluation;
    return compare(arguments, "<", -1, -1, result, error);
}

static bool test_le(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                    struct error *error)
{
    (void)evaluation;
    return compare(arguments, "<=", -1, 0, result, error);
}

static bool test_gt(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                    struct error *error)
{
    (void)evaluation;
    return compare(arguments, ">", 1, 1, result, error);
}

static bool test_ge(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                    struct error *error)
{
    (void)evaluation;
    return compare(arguments, ">=", 0, 1, result, error);
}

/** value % divisor == rest */
static bool has_rest(struct value value, struct value divisor, int64_t rest, struct value *result, struct error *error)
{
    OWNED modulo = value_null();
    if (!value_arithmetic(ARITHMETIC_MODULO, value, divisor, &modulo, error))
        return false;
    return test_answer(result, value_equal(modulo, value_int(rest)));
}

static bool test_divisibleby(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation;
    return has_rest(arguments[0], arguments[1], 0, result, error);
}

static bool test_even(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    return has_rest(arguments[0], value_int(2), 0, result, error);
}

static bool test_odd(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                     struct error *error)
{
    (void)evaluation;
    return has_rest(arguments[0], value_int(2), 1, result, error);
}

static const struct function rows[] = {
    {"!=", "a, b", test_ne, 0, "Are they different?"},
    {"<", "a, b", test_lt, 0, "Is it less?"},
    {"<=", "a, b", test_le, 0, "Is it less or equal?"},
    {"==", "a, b", test_eq, 0, "Are they equal?"},
    {">", "a, b", test_gt, 0, "Is it greater?"},
    {">=", "a, b", test_ge, 0, "Is it greater or equal?"},
    {"divisibleby", "value, num", test_divisibleby, 0, "Can the number be divided by another without a rest?"},
    {"eq", "a, b", test_eq, 0, "Are they equal?"},
    {"equalto", "a, b", test_eq, 0, "Are they equal?"},
    {"even", "value", test_even, 0, "Is the number even?"},
    {"ge", "a, b", test_ge, 0, "Is it greater or equal?"},
    {"greaterthan", "a, b", test_gt, 0, "Is it greater?"},
    {"gt", "a, b", test_gt, 0, "Is it greater?"},
    {"le", "a, b", test_le, 0, "Is it less or equal?"},
    {"lessthan", "a, b", test_lt, 0, "Is it less?"},
    {"lt", "a, b", test_lt, 0, "Is it less?"},
    {"ne", "a, b", test_ne, 0, "Are they different?"},
    {"odd", "value", test_odd, 0, "Is the number odd?"},
};

const struct function_table tests_compare = {FUNCTION_TEST, "ansible.builtin", rows, COUNT_OF(rows)};
