#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/dict.h"
#include "runtime/value/list.h"
#include "runtime/value/repr.h"
#include "tests/check.h"

TEST(repr_of_floats_is_the_shortest_that_reads_back)
{
    static const struct {
        double number;
        const char *expected;
    } cases[] = {
        {0.1, "0.1"},
        {100, "100.0"},
        {-0.0, "-0.0"},
        {0, "0.0"},
        {1e16, "1e+16"},
        {9999999999999998, "9999999999999998.0"},
        {0.0001, "0.0001"},
        {0.00001, "1e-05"},
        {1.5e-7, "1.5e-07"},
        {5e-324, "5e-324"},
        {2.5e-320, "2.5e-320"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {0.1 + 0.2, "0.30000000000000004"},
        {123456789012345680.0, "1.2345678901234568e+17"},
        {1e22, "1e+22"},
        {3.141592653589793, "3.141592653589793"},
        {INFINITY, "inf"},
        {-INFINITY, "-inf"},
        {NAN, "nan"},
        {1.0 / 3, "0.3333333333333333"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        OWNED text = value_repr(value_float(cases[i].number));
        CHECK_STRING(value_bytes(text), cases[i].expected);
    }
}

TEST(repr_of_strings_chooses_quotes_and_escapes)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"plain", "'plain'"},
        {"it's", "\"it's\""},
        {"\"", "'\"'"},
        {"'\"", "'\\'\"'"},
        {"a\\b\n\r\t", "'a\\\\b\\n\\r\\t'"},
        {"\x01\x7f", "'\\x01\\x7f'"},
        {"gr\xc3\xbc\xc3\x9f", "'gr\xc3\xbc\xc3\x9f'"},
        {"\xc2\xa0", "'\\xa0'"},
        {"\xe2\x80\x8b", "'\\u200b'"},
        {"\xff", "'\\udcff'"},
        {"\xf3\xa0\x80\x81", "'\\U000e0001'"},
        {"", "''"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        OWNED value = value_string(cases[i].text), text = value_repr(value);
        CHECK_STRING(value_bytes(text), cases[i].expected);
    }
}

TEST(repr_of_containers)
{
    OWNED dict = value_dict_new(), list = value_list_new(), tuple = value_tuple_take(list_new(0));
    OWNED empty_list = value_repr(list), empty_dict = value_repr(dict), empty_tuple = value_repr(tuple);
    CHECK_STRING(value_bytes(empty_list), "[]");
    CHECK_STRING(value_bytes(empty_dict), "{}");
    CHECK_STRING(value_bytes(empty_tuple), "()");
    list_push_take(tuple.as.list, value_int(INT64_MIN));
    list_push_take(list.as.list, value_null());
    list_push_take(list.as.list, value_copy(tuple));
    list_push_take(list.as.list, value_string("x"));
    dict_set_string_take(dict.as.dict, "a", value_copy(list));
    dict_set_take(dict.as.dict, value_int(2), value_bool(true));
    OWNED text = value_repr(dict);
    CHECK_STRING(value_bytes(text), "{'a': [None, (-9223372036854775808,), 'x'], 2: True}");
}

TEST(str_of_a_string_is_itself)
{
    OWNED value = value_string("it's"), text = value_str(value), null = value_str(value_null());
    CHECK(text.as.text == value.as.text);
    CHECK_STRING(value_bytes(null), "None");
}

TEST(repr_ends_at_the_depth_limit)
{
    OWNED list = value_list_new();
    for (int i = 0; i < LIMIT_VALUE_DEPTH + 10; i++) {
        struct value outer = value_list_new();
        list_push_take(outer.as.list, list);
        list = outer;
    }
    OWNED text = value_repr(list);
    CHECK(strstr(value_bytes(text), "[...]"));
}

TEST(fixed_digits_of_floats_are_those_of_printf)
{
    static const double numbers[] = {0,       0.5,   1.5,     2.5,  0.125, 0.375,  1e-7,   2.675,  1.005,
                                     1.0 / 3, 99.95, 9.995,   1e15, 1e22,  1e-300, 5e-324, 1e300,  9007199254740993,
                                     0.05,    0.15,  1234.56, 1e9,  0.999, 4.35,   1e18,   1.8e19, 3e-30};
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        for (int digits = 0; digits < 25; digits++) {
            char expected[400];
            CLEANUP(text_buffer_done) struct text_buffer out = {0};
            snprintf(expected, sizeof expected, "%.*f", digits, numbers[i]);
            float_append_fixed(&out, numbers[i], digits);
            CHECK(strcmp(text_buffer_bytes(&out), expected) == 0);
        }
}
