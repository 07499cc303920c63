#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/compare.h"
#include "runtime/value/dict.h"
#include "runtime/value/json.h"
#include "runtime/value/list.h"
#include "runtime/value/repr.h"
#include "tests/check.h"

static const struct json_style plain_style = {.indent = -1};
static const struct json_style ascii_style = {.indent = -1, .ascii = true};

/** The repr of what `json` says, or the error's message. */
static struct value parsed(const char *json)
{
    OWNED_ERROR error = {0};
    OWNED value = value_null();
    if (!json_parse(json, strlen(json), &value, &error))
        return value_string(error.message);
    return value_repr(value);
}

/** `json` read and written again in `style`. */
static struct value rewritten(const char *json, const struct json_style *style)
{
    OWNED_ERROR error = {0};
    OWNED value = value_null();
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (!json_parse(json, strlen(json), &value, &error) || !json_append(&out, value, style, &error))
        return value_string(error.message);
    return value_string_take(text_buffer_take(&out));
}

TEST(json_reads_values)
{
    static const struct {
        const char *json, *expected;
    } cases[] = {
        {"[]", "[]"},
        {" {} ", "{}"},
        {"[1, -2, 3.5, 1e5, -0, -0.0]", "[1, -2, 3.5, 100000.0, 0, -0.0]"},
        {"123456789012345678901234567890", "123456789012345678901234567890"},
        {"1E400", "inf"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"[NaN,-Infinity,Infinity]", "[nan, -inf, inf]"},
        {"[true,false,null]", "[True, False, None]"},
        {"{\"a\":1,\"b\":2,\"a\":3}", "{'a': 3, 'b': 2}"},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"", "'\"\\\\/\\x08\\x0c\\n\\r\\tA'"},
        {"\"\\ud83d\\ude00\"", "'\xf0\x9f\x98\x80'"},
        {"\"\\ud83d\"", "'\\ud83d'"},
        {"\"\\udcff\"", "'\\udcff'"},
        {"\"\\ud83d\\u0041\"", "'\\ud83dA'"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        OWNED text = parsed(cases[i].json);
        CHECK_STRING(value_bytes(text), cases[i].expected);
    }
}

TEST(json_errors_say_what_and_where_as_python_does)
{
    static const struct {
        const char *json, *message;
    } cases[] = {
        {"", "Expecting value: line 1 column 1 (char 0)"},
        {"  ", "Expecting value: line 1 column 3 (char 2)"},
        {"[1,]", "Expecting value: line 1 column 4 (char 3)"},
        {"[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"},
        {"[1", "Expecting ',' delimiter: line 1 column 3 (char 2)"},
        {"[", "Expecting value: line 1 column 2 (char 1)"},
        {"{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"},
        {"{\"a\"", "Expecting ':' delimiter: line 1 column 5 (char 4)"},
        {"{\"a\":", "Expecting value: line 1 column 6 (char 5)"},
        {"{\"a\":1,}", "Expecting property name enclosed in double quotes: line 1 column 8 (char 7)"},
        {"{1:2}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"},
        {"\"abc", "Unterminated string starting at: line 1 column 1 (char 0)"},
        {"\"a\nb\"", "Invalid control character at: line 1 column 3 (char 2)"},
        {"\"\\x\"", "Invalid \\escape: line 1 column 2 (char 1)"},
        {"\"\\u12g4\"", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"},
        {"\"\\u", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"},
        {"\"\\", "Unterminated string starting at: line 1 column 1 (char 0)"},
        {"1 2", "Extra data: line 1 column 3 (char 2)"},
        {"01", "Extra data: line 1 column 2 (char 1)"},
        {"1.", "Extra data: line 1 column 2 (char 1)"},
        {"1e", "Extra data: line 1 column 2 (char 1)"},
        {"-", "Expecting value: line 1 column 1 (char 0)"},
        {"+1", "Expecting value: line 1 column 1 (char 0)"},
        {"nul", "Expecting value: line 1 column 1 (char 0)"},
        {"\xef\xbb\xbf"
         "1",
         "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"},
        {"[\n1,\n2\nx]", "Expecting ',' delimiter: line 4 column 1 (char 7)"},
        {"[\"\xc3\xa4\", x]", "Expecting value: line 1 column 7 (char 6)"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        OWNED text = parsed(cases[i].json);
        CHECK_STRING(value_bytes(text), cases[i].message);
    }
}

TEST(json_writes_pythons_form)
{
    OWNED text = rewritten("{\"b\":[1,2.0,\"x\"],\"a\":{},\"c\":[]}", &plain_style);
    CHECK_STRING(value_bytes(text), "{\"b\": [1, 2.0, \"x\"], \"a\": {}, \"c\": []}");
    struct json_style indented = {.indent = 4, .sort_keys = true};
    OWNED pretty = rewritten("{\"b\":[1,{}],\"a\":{\"c\":null}}", &indented);
    CHECK_STRING(value_bytes(pretty),
                 "{\n    \"a\": {\n        \"c\": null\n    },\n    \"b\": [\n        1,\n        {}\n    ]\n}");
    struct json_style compact = {.indent = -1, .compact = true};
    OWNED tight = rewritten("{\"a\": [1, 2], \"b\": NaN}", &compact);
    CHECK_STRING(value_bytes(tight), "{\"a\":[1,2],\"b\":NaN}");
}

TEST(json_escapes)
{
    OWNED plain = rewritten("\"\\u0001\\\"\\\\/\\n\xc3\xa4\\u007f\"", &plain_style);
    CHECK_STRING(value_bytes(plain), "\"\\u0001\\\"\\\\/\\n\xc3\xa4\x7f\"");
    OWNED ascii = rewritten("\"\xc3\xa4\xf0\x9f\x98\x80\xff\\ud800\"", &ascii_style);
    CHECK_STRING(value_bytes(ascii), "\"\\u00e4\\ud83d\\ude00\\udcff\\ud800\"");
}

TEST(json_keys_that_are_no_strings)
{
    OWNED dict = value_dict_new(), tuple = value_tuple_take(list_new(0));
    dict_set_take(dict.as.dict, value_int(1), value_null());
    dict_set_take(dict.as.dict, value_null(), value_null());
    dict_set_take(dict.as.dict, value_float(1.5), value_copy(tuple));
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    OWNED_ERROR error = {0};
    CHECK(json_append(&out, dict, &plain_style, &error));
    CHECK_STRING(text_buffer_bytes(&out), "{\"1\": null, \"null\": null, \"1.5\": []}");
    dict_set_take(dict.as.dict, value_copy(tuple), value_null());
    CHECK(!json_append(&out, dict, &plain_style, &error));
    CHECK_STRING(error.message, "keys must be str, int, float, bool or None, not tuple");
}

TEST(json_does_not_write_undefined_or_omit)
{
    OWNED undefined = value_undefined((struct span){0}, NULL, "'x' is undefined");
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    OWNED_ERROR undefined_error = {0}, omit_error = {0};
    CHECK(!json_append(&out, undefined, &plain_style, &undefined_error));
    CHECK_INT(undefined_error.kind, ERROR_UNDEFINED);
    CHECK(!json_append(&out, value_omit(), &plain_style, &omit_error));
    CHECK_STRING(omit_error.message, "Object of type _OmitType is not JSON serializable");
}

TEST(json_depth_is_limited)
{
    char deep[LIMIT_VALUE_DEPTH + 2];
    memset(deep, '[', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    OWNED text = parsed(deep);
    CHECK_STRING(value_bytes(text), "JSON is nested deeper than 1000 levels");
}
