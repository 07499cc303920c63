#include <math.h>

#include "runtime/value/bigint.h"
#include "runtime/value/compare.h"
#include "runtime/value/dict.h"
#include "runtime/value/list.h"
#include "tests/check.h"

static struct value big(const char *digits)
{
    struct value result = value_null();
    if (!bigint_parse(digits, __builtin_strlen(digits), 10, &result))
        bug("no integer: %s", digits);
    return result;
}

TEST(compare_numbers_across_kinds)
{
    OWNED huge = big("10000000000000000000000"), same = big("10000000000000000000000");
    CHECK(value_equal(value_bool(true), value_int(1)) && value_equal(value_int(1), value_float(1)));
    CHECK(!value_equal(value_int(1), value_float(1.5)) && !value_equal(value_null(), value_int(0)));
    CHECK(value_equal(huge, same) && value_equal(huge, value_float(1e22)) && !value_equal(huge, value_float(1e23)));
    CHECK(!value_equal(value_int(9007199254740993), value_float(9007199254740992.0)));
    CHECK(!value_equal(value_float(NAN), value_float(NAN)));
    CHECK_INT(value_hash(huge), value_hash(value_float(1e22)));
    CHECK_INT(value_hash(value_int(3)), value_hash(value_float(3)));
    CHECK_INT(value_hash(value_bool(true)), value_hash(value_int(1)));
}

TEST(compare_order_of_numbers)
{
    OWNED huge = big("10000000000000000000000");
    OWNED_ERROR error = {0};
    int order = 9;
    CHECK(value_order(value_int(2), value_float(2.5), "<", &order, &error) && order < 0);
    CHECK(value_order(huge, value_int(5), "<", &order, &error) && order > 0);
    CHECK(value_order(value_float(-INFINITY), huge, "<", &order, &error) && order < 0);
    CHECK(value_order(value_float(NAN), value_int(1), "<", &order, &error) && order == VALUE_UNORDERED);
    CHECK(value_order(value_bool(false), value_bool(true), "<", &order, &error) && order < 0);
}

TEST(compare_lists_by_item_then_length)
{
    OWNED left = value_list_new(), right = value_list_new();
    OWNED_ERROR error = {0};
    int order = 9;
    list_push_take(left.as.list, value_int(1));
    list_push_take(right.as.list, value_float(1));
    CHECK(value_equal(left, right));
    list_push_take(right.as.list, value_string("x"));
    CHECK(!value_equal(left, right));
    CHECK(value_order(left, right, "<", &order, &error) && order < 0);
    list_push_take(left.as.list, value_int(1));
    CHECK(!value_order(left, right, "<", &order, &error));
    CHECK_STRING(error.message, "'<' not supported between instances of 'int' and 'str'");
}

TEST(compare_list_is_no_tuple)
{
    OWNED list = value_list_new(), tuple = value_tuple_take(list_new(0));
    CHECK(!value_equal(list, tuple));
}

TEST(compare_dicts_by_content)
{
    OWNED left = value_dict_new(), right = value_dict_new();
    dict_set_string_take(left.as.dict, "a", value_int(1));
    dict_set_string_take(left.as.dict, "b", value_string("x"));
    dict_set_string_take(right.as.dict, "b", value_string("x"));
    CHECK(!value_equal(left, right));
    dict_set_string_take(right.as.dict, "a", value_bool(true));
    CHECK(value_equal(left, right));
    CHECK_INT(value_hash(left), value_hash(right));
    OWNED_ERROR error = {0};
    int order = 9;
    CHECK(!value_order(left, right, ">=", &order, &error));
    CHECK_STRING(error.message, "'>=' not supported between instances of 'dict' and 'dict'");
    CHECK_INT(error.kind, ERROR_TYPE);
}

TEST(compare_order_across_types_is_an_error)
{
    OWNED text = value_string("a");
    OWNED_ERROR error = {0};
    int order = 9;
    CHECK(!value_order(text, value_int(1), "<", &order, &error));
    CHECK_STRING(error.message, "'<' not supported between instances of 'str' and 'int'");
    CHECK_INT(order, 9);
    OWNED_ERROR undefined_error = {0};
    OWNED undefined = value_undefined((struct span){0}, NULL, "'x' is undefined");
    CHECK(!value_order(undefined, text, "<", &order, &undefined_error));
    CHECK_INT(undefined_error.kind, ERROR_UNDEFINED);
}

TEST(compare_containment)
{
    OWNED text = value_string("playlet"), part = value_string("let"), list = value_list_new(), dict = value_dict_new();
    bool found = false;
    OWNED_ERROR error = {0};
    CHECK(value_contains(text, part, &found, &error) && found);
    CHECK(value_contains(list, part, &found, &error) && !found);
    list_push_take(list.as.list, value_copy(part));
    CHECK(value_contains(list, part, &found, &error) && found);
    dict_set_take(dict.as.dict, value_copy(part), value_null());
    CHECK(value_contains(dict, part, &found, &error) && found);
    CHECK(value_contains(dict, text, &found, &error) && !found);
    CHECK(!value_contains(text, value_int(1), &found, &error));
    CHECK_STRING(error.message, "'in <string>' requires string as left operand, not int");
    OWNED_ERROR number_error = {0};
    CHECK(!value_contains(value_int(1), part, &found, &number_error));
    CHECK_STRING(number_error.message, "argument of type 'int' is not iterable");
}
