#include <math.h>
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/bigint.h"
#include "runtime/value/compare.h"
#include "runtime/value/list.h"
#include "runtime/value/markup.h"
#include "runtime/value/repr.h"
#include "tests/check.h"

/** Does `left operation right` print as `expected`, be it a result or an error's message? */
static bool gives(struct value left, enum arithmetic operation, struct value right, const char *expected)
{
    OWNED_ERROR error = {0};
    OWNED result = value_null(), text = value_null();
    if (value_arithmetic(operation, left, right, &result, &error))
        text = value_repr(result);
    else
        text = value_string(error.message);
    return check_string(value_bytes(text), expected, "result", __FILE__, __LINE__);
}

static struct value number(const char *digits)
{
    struct value result;
    if (!value_parse_int(digits, strlen(digits), 10, &result))
        bug("no integer: %s", digits);
    return result;
}

TEST(arithmetic_of_integers)
{
    CHECK(gives(value_int(-7), ARITHMETIC_FLOOR_DIVIDE, value_int(2), "-4"));
    CHECK(gives(value_int(-7), ARITHMETIC_MODULO, value_int(2), "1"));
    CHECK(gives(value_int(7), ARITHMETIC_MODULO, value_int(-2), "-1"));
    CHECK(gives(value_int(7), ARITHMETIC_DIVIDE, value_int(2), "3.5"));
    CHECK(gives(value_bool(true), ARITHMETIC_ADD, value_bool(true), "2"));
    CHECK(gives(value_int(2), ARITHMETIC_POWER, value_int(10), "1024"));
    CHECK(gives(value_int(2), ARITHMETIC_POWER, value_int(-1), "0.5"));
    CHECK(gives(value_int(1), ARITHMETIC_DIVIDE, value_int(0), "division by zero"));
    CHECK(gives(value_int(1), ARITHMETIC_FLOOR_DIVIDE, value_int(0), "integer division or modulo by zero"));
    CHECK(gives(value_int(1), ARITHMETIC_MODULO, value_bool(false), "integer modulo by zero"));
    CHECK(gives(value_int(0), ARITHMETIC_POWER, value_int(-1), "0.0 cannot be raised to a negative power"));
}

TEST(arithmetic_goes_past_the_machine_word_and_back)
{
    CHECK(gives(value_int(INT64_MAX), ARITHMETIC_ADD, value_int(1), "9223372036854775808"));
    CHECK(gives(value_int(INT64_MIN), ARITHMETIC_SUBTRACT, value_int(1), "-9223372036854775809"));
    CHECK(gives(value_int(INT64_MIN), ARITHMETIC_FLOOR_DIVIDE, value_int(-1), "9223372036854775808"));
    CHECK(gives(value_int(10), ARITHMETIC_POWER, value_int(30), "1000000000000000000000000000000"));
    OWNED big = number("9223372036854775808");
    CHECK_INT(big.kind, VALUE_BIGINT);
    OWNED result = value_null();
    OWNED_ERROR error = {0};
    CHECK(value_arithmetic(ARITHMETIC_SUBTRACT, big, value_int(1), &result, &error));
    CHECK(result.kind == VALUE_INT && result.as.integer == INT64_MAX);
    CHECK(gives(big, ARITHMETIC_MODULO, value_int(1000), "808"));
    CHECK(gives(big, ARITHMETIC_DIVIDE, value_int(3), "3.0744573456182584e+18"));
    CHECK(gives(big, ARITHMETIC_MULTIPLY, value_float(0.5), "4.611686018427388e+18"));
}

TEST(arithmetic_true_division_rounds_correctly)
{
    OWNED left = number("10000000000000000000000000000001"), right = number("30000000000000000000000000000000");
    CHECK(gives(left, ARITHMETIC_DIVIDE, right, "0.3333333333333333"));
    OWNED tie = number("9007199254740993"), one = value_int(1);
    CHECK(gives(tie, ARITHMETIC_DIVIDE, one, "9007199254740992.0"));
    CHECK(gives(value_int(-1), ARITHMETIC_DIVIDE, value_int(3), "-0.3333333333333333"));
}

TEST(arithmetic_limits_are_errors)
{
    CHECK(gives(value_int(2), ARITHMETIC_POWER, value_int(LIMIT_BIGINT_BITS + 1),
                "an integer of more than 16777216 bits is too large"));
    CHECK(gives(value_int(1), ARITHMETIC_POWER, value_int(INT64_MAX), "1"));
    OWNED text = value_string("xy"), list = value_list_new();
    list_push_take(list.as.list, value_int(1));
    CHECK(gives(text, ARITHMETIC_MULTIPLY, value_int(LIMIT_TEXT_BYTES),
                "a text of more than 1073741824 bytes is too long"));
    CHECK(gives(list, ARITHMETIC_MULTIPLY, value_int(LIMIT_RANGE_ITEMS + 1),
                "a list of more than 10000000 items is too long"));
}

TEST(arithmetic_of_floats)
{
    CHECK(gives(value_float(-7.5), ARITHMETIC_FLOOR_DIVIDE, value_int(2), "-4.0"));
    CHECK(gives(value_float(-7.5), ARITHMETIC_MODULO, value_int(2), "0.5"));
    CHECK(gives(value_float(5), ARITHMETIC_MODULO, value_int(-3), "-1.0"));
    CHECK(gives(value_float(1), ARITHMETIC_DIVIDE, value_int(0), "float division by zero"));
    CHECK(gives(value_float(1), ARITHMETIC_FLOOR_DIVIDE, value_int(0), "float floor division by zero"));
    CHECK(gives(value_float(1), ARITHMETIC_MODULO, value_int(0), "float modulo"));
    CHECK(gives(value_float(10), ARITHMETIC_POWER, value_int(400), "(34, 'Numerical result out of range')"));
    CHECK(gives(value_float(1e308), ARITHMETIC_MULTIPLY, value_int(10), "inf"));
    CHECK(gives(value_float(9), ARITHMETIC_POWER, value_float(0.5), "3.0"));
}

TEST(arithmetic_of_sequences)
{
    OWNED text = value_string("ab"), list = value_list_new(), dict = value_dict_new();
    list_push_take(list.as.list, value_int(1));
    CHECK(gives(text, ARITHMETIC_ADD, text, "'abab'"));
    CHECK(gives(text, ARITHMETIC_MULTIPLY, value_int(3), "'ababab'"));
    CHECK(gives(value_int(-1), ARITHMETIC_MULTIPLY, text, "''"));
    CHECK(gives(list, ARITHMETIC_ADD, list, "[1, 1]"));
    CHECK(gives(list, ARITHMETIC_MULTIPLY, value_bool(true), "[1]"));
    CHECK(gives(text, ARITHMETIC_ADD, value_int(1), "can only concatenate str (not \"int\") to str"));
    CHECK(gives(list, ARITHMETIC_ADD, text, "can only concatenate list (not \"str\") to list"));
    CHECK(gives(value_int(1), ARITHMETIC_ADD, text, "unsupported operand type(s) for +: 'int' and 'str'"));
    CHECK(gives(text, ARITHMETIC_MULTIPLY, text, "can't multiply sequence by non-int of type 'str'"));
    CHECK(gives(value_float(1.5), ARITHMETIC_MULTIPLY, list, "can't multiply sequence by non-int of type 'float'"));
    CHECK(gives(dict, ARITHMETIC_ADD, dict, "unsupported operand type(s) for +: 'dict' and 'dict'"));
    CHECK(gives(text, ARITHMETIC_POWER, value_int(2), "unsupported operand type(s) for ** or pow(): 'str' and 'int'"));
}

TEST(arithmetic_markup_escapes_what_is_joined_to_it)
{
    OWNED plain = value_string("<&\"'>"), markup = value_string("<b>");
    markup.flags = VALUE_MARKUP;
    CHECK(gives(markup, ARITHMETIC_ADD, plain, "Markup('<b>&lt;&amp;&#34;&#39;&gt;')"));
    CHECK(gives(plain, ARITHMETIC_ADD, markup, "Markup('&lt;&amp;&#34;&#39;&gt;<b>')"));
}

TEST(arithmetic_unary)
{
    OWNED_ERROR error = {0}, type_error = {0};
    OWNED result = value_null(), text = value_string("a");
    CHECK(value_negate(value_int(INT64_MIN), &result, &error));
    OWNED printed = value_repr(result);
    CHECK_STRING(value_bytes(printed), "9223372036854775808");
    CHECK(!value_negate(text, &result, &error));
    CHECK_STRING(error.message, "bad operand type for unary -: 'str'");
    CHECK(!value_plus(text, &result, &type_error));
    CHECK_STRING(type_error.message, "bad operand type for unary +: 'str'");
}

TEST(arithmetic_of_undefined_is_the_undefined_error)
{
    OWNED undefined = value_undefined((struct span){0}, NULL, "'x' is undefined"), text = value_string("a");
    CHECK(gives(undefined, ARITHMETIC_ADD, value_int(1), "'x' is undefined"));
    CHECK(gives(text, ARITHMETIC_ADD, undefined, "'x' is undefined"));
}

TEST(parse_int_reads_what_python_reads)
{
    static const struct {
        const char *text;
        int base;
        const char *expected; /* NULL: not an int */
    } cases[] = {
        {" 42 ", 10, "42"},
        {"-7", 10, "-7"},
        {"+7", 10, "7"},
        {"1_000", 10, "1000"},
        {"0x1f", 16, "31"},
        {"1F", 16, "31"},
        {"0b11", 0, "3"},
        {"0o17", 0, "15"},
        {"0x_1f", 16, "31"},
        {"00", 0, "0"},
        {"zz", 36, "1295"},
        {"-0x10", 0, "-16"},
        {"123456789012345678901234567890", 10, "123456789012345678901234567890"},
        {"-9223372036854775808", 10, "-9223372036854775808"},
        {"\xc2\xa0"
         "5\xe3\x80\x80",
         10, "5"},
        {"010", 0, NULL},
        {"1__0", 10, NULL},
        {"_1", 10, NULL},
        {"1_", 10, NULL},
        {"", 10, NULL},
        {"-", 10, NULL},
        {"0x1f", 10, NULL},
        {"1.0", 10, NULL},
        {"--1", 10, NULL},
        {"9", 8, NULL},
        {"0x", 16, NULL},
        {"1 2", 10, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        OWNED result = value_null();
        bool parsed = value_parse_int(cases[i].text, strlen(cases[i].text), cases[i].base, &result);
        OWNED text = parsed ? value_repr(result) : value_string("no");
        CHECK_STRING(value_bytes(text), cases[i].expected ? cases[i].expected : "no");
    }
}

TEST(parse_float_reads_what_python_reads)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"1.5", "1.5"}, {" -1e3 ", "-1000.0"}, {"1_0.5", "10.5"}, {".5", "0.5"},   {"5.", "5.0"}, {"-Infinity", "-inf"},
        {"nan", "nan"}, {"+INF", "inf"},       {"1e999", "inf"},  {"1_.5", NULL},  {".", NULL},   {"", NULL},
        {"0x10", NULL}, {"1e", NULL},          {"--1", NULL},     {"infin", NULL}, {"1 2", NULL}, {"nan(1)", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        double result = 0;
        bool parsed = value_parse_float(cases[i].text, strlen(cases[i].text), &result);
        OWNED text = parsed ? value_repr(value_float(result)) : value_string("no");
        CHECK_STRING(value_bytes(text), cases[i].expected ? cases[i].expected : "no");
    }
}

TEST(round_is_half_to_even)
{
    static const struct {
        double number;
        int64_t digits;
        const char *expected;
    } cases[] = {
        {0.5, 0, "0.0"},      {1.5, 0, "2.0"},    {-2.5, 0, "-2.0"},      {2.675, 2, "2.67"},   {1250, -2, "1200.0"},
        {1350, -2, "1400.0"}, {5e21, -22, "0.0"}, {5.1e21, -22, "1e+22"}, {1e22, -22, "1e+22"}, {1e300, -400, "0.0"},
        {1.5, 400, "1.5"},    {-0.4, 0, "-0.0"},  {999.9, -3, "1000.0"},  {49, -3, "0.0"},      {1e16, 2, "1e+16"},
    };
    OWNED_ERROR error = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        OWNED result = value_null();
        CHECK(value_round(value_float(cases[i].number), cases[i].digits, &result, &error));
        OWNED text = value_repr(result);
        CHECK_STRING(value_bytes(text), cases[i].expected);
    }
    static const int integers[][3] = {{15, -1, 20}, {25, -1, 20}, {-15, -1, -20}, {-25, -1, -20}, {26, -1, 30},
                                      {7, 2, 7},    {5, -1, 0},   {51, -2, 100},  {7, -3, 0}};
    for (size_t i = 0; i < COUNT_OF(integers); i++) {
        OWNED result = value_null();
        CHECK(value_round(value_int(integers[i][0]), integers[i][1], &result, &error));
        CHECK_INT(result.as.integer, integers[i][2]);
    }
}

TEST(int_from_float_truncates)
{
    OWNED_ERROR nan_error = {0}, infinity_error = {0};
    OWNED result = value_null(), big = value_null();
    CHECK(value_int_from_float(-2.9, &result, &nan_error));
    CHECK_INT(result.as.integer, -2);
    CHECK(value_int_from_float(1e20, &big, &nan_error));
    OWNED text = value_repr(big);
    CHECK_STRING(value_bytes(text), "100000000000000000000");
    CHECK(!value_int_from_float(NAN, &result, &nan_error));
    CHECK_STRING(nan_error.message, "cannot convert float NaN to integer");
    CHECK(!value_int_from_float(INFINITY, &result, &infinity_error));
    CHECK_STRING(infinity_error.message, "cannot convert float infinity to integer");
}
