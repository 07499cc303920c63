#include <string.h>

#include "runtime/value/dict.h"
#include "runtime/value/format.h"
#include "runtime/value/json.h"
#include "runtime/value/list.h"
#include "runtime/value/markup.h"
#include "tests/check.h"

static struct value value_of_json(const char *json)
{
    struct value value = value_null();
    OWNED_ERROR error = {0};
    if (!json_parse(json, strlen(json), &value, &error))
        bug("%s: %s", json, error.message);
    return value;
}

/** The result as a string, or the error's message. */
static struct value outcome(bool done, struct value *result, const struct error *error)
{
    return done ? value_steal(result) : value_string(error->message);
}

TEST(format_spec_follows_the_mini_language)
{
    static const struct {
        const char *value, *spec, *expected;
    } cases[] = {
        {"5", ">5", "    5"},
        {"\"a\"", "*^5", "**a**"},
        {"\"a\"", "\xc3\xa9<3", "a\xc3\xa9\xc3\xa9"},
        {"-5", "=+5", "-   5"},
        {"255", "#010x", "0x000000ff"},
        {"255", "#X", "0XFF"},
        {"255", "#_b", "0b1111_1111"},
        {"8", "o", "10"},
        {"1234567", ",", "1,234,567"},
        {"1234", "08,", "0,001,234"},
        {"-1234", "010,", "-0,001,234"},
        {"65", "c", "A"},
        {"2.675", ".2f", "2.67"},
        {"1234.5", "012,.1f", "00,001,234.5"},
        {"0.1234", ".1%", "12.3%"},
        {"1e10", "g", "1e+10"},
        {"1e10", "#g", "1.00000e+10"},
        {"1.0", "", "1.0"},
        {"1e16", ".3", "1e+16"},
        {"123.0", ".3", "1.23e+02"},
        {"12.0", ".3", "12.0"},
        {"-0.0", "z.1f", "0.0"},
        {"NaN", "06", "000nan"},
        {"-Infinity", "F", "-INF"},
        {"true", "5", "    1"},
        {"true", "", "True"},
        {"\"abc\"", ".2", "ab"},
        {"5", "<05", "50000"},
        {"123456789012345678901234567890", "e", "1.234568e+29"},
        {"\"a\"", "d", "Unknown format code 'd' for object of type 'str'"},
        {"5", ".2", "Precision not allowed in integer format specifier"},
        {"\"a\"", "+", "Sign not allowed in string format specifier"},
        {"null", "5", "unsupported format string passed to NoneType.__format__"},
        {"3", "5d ", "Invalid format specifier '5d ' for object of type 'int'"},
        {"5", ",s", "Cannot specify ',' with 's'."},
        {"5", ".", "Format specifier missing precision"},
        {"1", ",_", "Cannot specify both ',' and '_'."},
        {"1", "99999999999999999999", "Too many decimal digits in format string"},
        {"1", "9999999999", "a text of more than 1073741824 bytes is too long"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        OWNED value = value_of_json(cases[i].value);
        OWNED_ERROR error = {0};
        CLEANUP(text_buffer_done) struct text_buffer out = {0};
        bool done = value_format_spec(&out, value, cases[i].spec, strlen(cases[i].spec), &error);
        CHECK_STRING(done ? text_buffer_bytes(&out) : error.message, cases[i].expected);
    }
}

TEST(format_percent_follows_python)
{
    static const struct {
        const char *format, *arguments, *expected;
    } cases[] = {
        {"%s", "1", "1"},
        {"%s and %r", "[\"a\", \"b\"]", "a and 'b'"},
        {"%d|%i|%u", "[1.9, -5, true]", "1|-5|1"},
        {"%5d|%-5d|%05d|%+d|% d", "[1,2,3,4,5]", "    1|2    |00003|+4| 5"},
        {"%#x %X %#o", "[255,255,8]", "0xff FF 0o10"},
        {"%.2f %e %g", "[2.675, 12345.678, 1e10]", "2.67 1.234568e+04 1e+10"},
        {"%c%c", "[65, \"x\"]", "Ax"},
        {"%*d|%-*d|%.*f", "[5,1,3,2,1,0.25]", "    1|2  |0.2"},
        {"%.3d", "[5]", "005"},
        {"%#08x", "[5]", "0x000005"},
        {"%a", "[\"\xc3\xa9\"]", "'\\xe9'"},
        {"100%%", "[]", "100%"},
        {"%.1s|%3s", "[\"cd\", \"\xc3\xa9\"]", "c|  \xc3\xa9"},
        {"%s %s", "[1]", "not enough arguments for format string"},
        {"%s", "[1,2]", "not all arguments converted during string formatting"},
        {"%d", "[\"x\"]", "%d format: a real number is required, not str"},
        {"%x", "[1.5]", "%x format: an integer is required, not float"},
        {"%z", "[1]", "unsupported format character 'z' (0x7a) at index 1"},
        {"%", "[1]", "incomplete format"},
        {"%(a", "[1]", "format requires a mapping"},
        {"%c", "[\"xy\"]", "%c requires int or char"},
        {"%*d", "[\"a\",1]", "* wants int"},
        {"%f", "[\"x\"]", "must be real number, not str"},
        {"%99999999999d", "[1]", "width too big"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        OWNED format = value_string(cases[i].format), arguments = value_of_json(cases[i].arguments),
              result = value_null();
        if (value_is_list(arguments))
            arguments.kind = VALUE_TUPLE;
        OWNED_ERROR error = {0};
        bool done = value_format_percent(format, arguments, &result, &error);
        OWNED text = outcome(done, &result, &error);
        CHECK_STRING(value_bytes(text), cases[i].expected);
    }
}

TEST(format_percent_takes_names_from_a_mapping)
{
    static const struct {
        const char *format, *arguments, *expected;
    } cases[] = {
        {"%(a)s-%(b)03d", "{\"a\": \"x\", \"b\": 7}", "x-007"},
        {"%s", "{\"a\": 1}", "{'a': 1}"},
        {"plain", "{}", "plain"},
        {"%(c)s", "{\"a\": 1}", "'c'"},
        {"%(a)s", "[1]", "list indices must be integers or slices, not str"},
        {"%(a", "{\"a\": 1}", "incomplete format key"},
        {"%(a)s %s", "{\"a\": 1}", "not enough arguments for format string"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        OWNED format = value_string(cases[i].format), arguments = value_of_json(cases[i].arguments),
              result = value_null();
        OWNED_ERROR error = {0};
        bool done = value_format_percent(format, arguments, &result, &error);
        OWNED text = outcome(done, &result, &error);
        CHECK_STRING(value_bytes(text), cases[i].expected);
    }
}

/** Items of dicts and lists; no attributes. */
static bool lookup_item(void *context, struct value object, struct value key, bool is_attribute, struct value *result,
                        struct error *error)
{
    (void)context;
    if (is_attribute)
        return error_set(error, ERROR_OTHER, "'%s' object has no attribute '%s'", value_type_name(object),
                         value_bytes(key));
    *result = object.kind == VALUE_DICT ? value_copy(*dict_find(object.as.dict, key))
                                        : value_copy(object.as.list->items[key.as.integer]);
    return true;
}

TEST(format_braces_follows_python)
{
    static const struct {
        const char *format, *expected; /* positional: [7, "a", {"k": [1, 2]}], named: {"w": 5, "it": "x"} */
    } cases[] = {
        {"{} {}", "7 a"},
        {"{1}{0}{1}", "a7a"},
        {"{it}:{w}", "x:5"},
        {"{2[k][1]}", "2"},
        {"{{{}}}", "{7}"},
        {"{1!r:>5}", "  'a'"},
        {"{:>{w}}", "    7"},
        {"{0:0{w}d}", "00007"},
        {"{:{{}}}", "Invalid format specifier '{}' for object of type 'int'"},
        {"{} {0}", "cannot switch from automatic field numbering to manual field specification"},
        {"{0} {}", "cannot switch from manual field specification to automatic field numbering"},
        {"{3}", "Replacement index 3 out of range for positional args tuple"},
        {"{no}", "'no'"},
        {"{", "Single '{' encountered in format string"},
        {"}", "Single '}' encountered in format string"},
        {"{0", "expected '}' before end of string"},
        {"{0!x}", "Unknown conversion specifier x"},
        {"{0!rr}", "expected ':' after conversion specifier"},
        {"{0:", "unmatched '{' in format spec"},
        {"{a{b}}", "unexpected '{' in field name"},
        {"{0[]}", "Empty attribute in format string"},
        {"{2[k]x}", "Only '.' or '[' may follow ']' in format field specifier"},
        {"{:{:{}}}", "Max string recursion exceeded"},
        {"{0.real}", "'int' object has no attribute 'real'"},
    };
    OWNED positional = value_of_json("[7, \"a\", {\"k\": [1, 2]}]"), named = value_of_json("{\"w\": 5, \"it\": \"x\"}");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        OWNED format = value_string(cases[i].format), result = value_null();
        struct format_call call = {format, positional.as.list, named.as.dict, lookup_item, NULL};
        OWNED_ERROR error = {0};
        bool done = value_format_braces(&call, &result, &error);
        OWNED text = outcome(done, &result, &error);
        CHECK_STRING(value_bytes(text), cases[i].expected);
    }
}

TEST(format_that_is_markup_escapes)
{
    OWNED format = value_string("<b>%s</b>"), braces = value_string("<i>{}</i>"), argument = value_string("<&>");
    OWNED result = value_null(), formatted = value_null();
    OWNED_ERROR error = {0};
    format.flags = braces.flags = VALUE_MARKUP;
    CHECK(value_format_percent(format, argument, &result, &error));
    CHECK_STRING(value_bytes(result), "<b>&lt;&amp;&gt;</b>");
    CHECK(value_is_markup(result));
    OWNED positional = value_list_new();
    list_push_take(positional.as.list, value_copy(argument));
    CHECK(value_format_braces(&(struct format_call){.format = braces, .positional = positional.as.list}, &formatted,
                              &error));
    CHECK_STRING(value_bytes(formatted), "<i>&lt;&amp;&gt;</i>");
}

TEST(format_of_undefined_is_the_undefined_error)
{
    OWNED undefined = value_undefined((struct span){0}, NULL, "'x' is undefined"), format = value_string("%s"),
          result = value_null();
    OWNED_ERROR error = {0};
    CHECK(!value_format_percent(format, undefined, &result, &error));
    CHECK_INT(error.kind, ERROR_UNDEFINED);
}
