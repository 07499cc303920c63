/*
 * Tests of what a value is: its type, its case, whether it is defined, whether a filter or test has its name.
 */
#include <math.h>
#include <string.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/compare.h"
#include "runtime/value/markup.h"
#include "runtime/value/repr.h"
#include "stdlib/items.h"
#include "stdlib/tests/tests.h"

/** Defines a test that asks one expression about `value`. */
#define TYPE_TEST(name, expression)                                                                                    \
    static bool test_##name(struct evaluation *evaluation, const struct value *arguments, struct value *result,        \
                            struct error *error)                                                                       \
    {                                                                                                                  \
        (void)evaluation, (void)error;                                                                                 \
        struct value value = arguments[0];                                                                             \
        return test_answer(result, expression);                                                                        \
    }

static bool is_iterable(struct value value)
{
    return value_is_string(value) || value_is_sequence(value) || value_is_dict(value) ||
           (value.kind == VALUE_OBJECT && value.as.object->class->items);
}

/** An inline if without else that does not hold is Jinja's own Undefined, an object. */
static bool is_missing(struct value value)
{
    return value_is_undefined(value) ||
           (value.kind == VALUE_OBJECT && strcmp(value.as.object->class->type_name, "Undefined") == 0);
}

TYPE_TEST(boolean, value.kind == VALUE_BOOL)
TYPE_TEST(callable, value_callable(value) != NULL)
TYPE_TEST(defined, !is_missing(value))
TYPE_TEST(escaped, value_is_markup(value))
TYPE_TEST(false, value.kind == VALUE_BOOL && !value.as.boolean)
TYPE_TEST(float, value.kind == VALUE_FLOAT)
TYPE_TEST(integer, value_is_integer(value))
TYPE_TEST(iterable, is_iterable(value))
TYPE_TEST(mapping, value_is_mapping(value))
TYPE_TEST(none, value_is_null(value))
TYPE_TEST(number, value_is_number(value))
TYPE_TEST(sequence, value_length(value) >= 0 && is_iterable(value))
TYPE_TEST(string, value_is_string(value))
TYPE_TEST(true, value.kind == VALUE_BOOL && value.as.boolean)
TYPE_TEST(undefined, is_missing(value))
TYPE_TEST(vault_encrypted, value_is_string(value) && value.flags & VALUE_SECRET)

static bool test_nan(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                     struct error *error)
{
    (void)evaluation;
    double number = 0;
    if (value_is_number(arguments[0]) && !value_to_double(arguments[0], &number, error))
        return false;
    return test_answer(result, isnan(number));
}

/* ---- case ---- */

/** Is a letter of this case in str(value), and none of the other? */
static bool has_case(struct value value, bool (*is_wanted)(uint32_t), bool (*is_other)(uint32_t))
{
    OWNED text = value_str(value);
    const char *cursor = value_bytes(text), *end = cursor + text.as.text->length;
    bool has_wanted = false;
    while (cursor < end) {
        uint32_t point = text_decode(&cursor, end);
        if (is_other(point))
            return false;
        has_wanted |= is_wanted(point);
    }
    return has_wanted;
}

TYPE_TEST(lower, has_case(value, text_point_is_lower, text_point_is_upper))
TYPE_TEST(upper, has_case(value, text_point_is_upper, text_point_is_lower))

/* ---- identity ---- */

/** Python's `is` as far as a template can tell: scalars and texts by value, containers by being the same one. */
static bool is_same(struct value left, struct value right)
{
    if (left.kind != right.kind)
        return false;
    if (left.kind == VALUE_STRING || left.kind == VALUE_BIGINT || !value_has_body(left))
        return value_equal(left, right);
    return left.as.references == right.as.references;
}

static bool test_sameas(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation, (void)error;
    return test_answer(result, is_same(arguments[0], arguments[1]));
}

/* ---- names of plugins ---- */

static bool has_plugin(struct evaluation *evaluation, enum function_kind kind, struct value name, struct value *result,
                       struct error *error)
{
    if (!dict_key_check(name, error))
        return false;
    return test_answer(result, value_is_string(name) && evaluation_has_function(evaluation, kind, name));
}

static bool test_filter(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    return has_plugin(evaluation, FUNCTION_FILTER, arguments[0], result, error);
}

static bool test_test(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    return has_plugin(evaluation, FUNCTION_TEST, arguments[0], result, error);
}

#define ANYTHING (FUNCTION_TAKES_UNDEFINED | FUNCTION_TAKES_LAZY | FUNCTION_TAKES_OMIT)

static const struct function rows[] = {
    {"boolean", "value", test_boolean, FUNCTION_TAKES_LAZY, "Is it true or false?"},
    {"callable", "obj", test_callable, FUNCTION_TAKES_LAZY, "Can it be called, as macros, methods and functions can?"},
    {"defined", "value", test_defined, ANYTHING, "Does the variable, key or attribute exist?"},
    {"escaped", "value", test_escaped, FUNCTION_TAKES_LAZY, "Is it markup (escape, safe)?"},
    {"false", "value", test_false, FUNCTION_TAKES_LAZY, "Is it false, and no other value that counts as false?"},
    {"filter", "value", test_filter, 0, "Is there a filter of this name?"},
    {"float", "value", test_float, FUNCTION_TAKES_LAZY, "Is it a floating-point number?"},
    {"integer", "value", test_integer, FUNCTION_TAKES_LAZY, "Is it an integer?"},
    {"isnan", "x", test_nan, 0, "Another name of nan"},
    {"iterable", "value", test_iterable, FUNCTION_TAKES_LAZY, "Can one loop over it? (texts too)"},
    {"lower", "value", test_lower, 0, "Is the text in lower case?"},
    {"mapping", "value", test_mapping, FUNCTION_TAKES_LAZY, "Is it a dict?"},
    {"nan", "x", test_nan, 0, "Is it not a number (NaN)?"},
    {"none", "value", test_none, FUNCTION_TAKES_LAZY, "Is it null?"},
    {"number", "value", test_number, FUNCTION_TAKES_LAZY, "Is it an integer, a floating-point number or a boolean?"},
    {"sameas", "value, other", test_sameas, FUNCTION_TAKES_LAZY,
     "Is it the very same object, true and 1 being different?"},
    {"sequence", "value", test_sequence, FUNCTION_TAKES_LAZY, "Has it a length and items? (texts and dicts too)"},
    {"string", "value", test_string, FUNCTION_TAKES_LAZY, "Is it text?"},
    {"test", "value", test_test, 0, "Is there a test of this name?"},
    {"true", "value", test_true, FUNCTION_TAKES_LAZY, "Is it true, and no other value that counts as true?"},
    {"undefined", "value", test_undefined, ANYTHING, "Is there no such variable, key or attribute?"},
    {"upper", "value", test_upper, 0, "Is the text in upper case?"},
    {"vault_encrypted", "value", test_vault_encrypted, FUNCTION_TAKES_LAZY, "Does it come from a vault?"},
};

const struct function_table tests_types = {FUNCTION_TEST, "ansible.builtin", rows, COUNT_OF(rows)};
