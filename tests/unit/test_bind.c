/* Arguments of modules: what the reference makes of them, and what it says against them. */
#include "eval/play/bind.h"

#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/module_run.h"

static void echo(struct module_call *call)
{
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(call->arguments, &i, &entry);)
        if (!value_is_null(entry->value))
            dict_set_take(call->result, value_copy(entry->key), value_copy(entry->value));
    module_done(call);
}

static const struct module_option options[] = {
    {.name = "s", .type = OPTION_STRING, .aliases = "ss|str"},
    {.name = "b", .type = OPTION_BOOL},
    {.name = "i", .type = OPTION_INT},
    {.name = "f", .type = OPTION_FLOAT},
    {.name = "l", .type = OPTION_LIST, .elements = OPTION_STRING},
    {.name = "li", .type = OPTION_LIST, .elements = OPTION_INT},
    {.name = "d", .type = OPTION_DICT},
    {.name = "p", .type = OPTION_PATH},
    {.name = "raw", .type = OPTION_RAW},
    {.name = "j", .type = OPTION_JSON},
    {.name = "c", .type = OPTION_STRING, .choices = "aa|bb"},
    {.name = "lc", .type = OPTION_LIST, .elements = OPTION_STRING, .choices = "aa|bb"},
    {.name = "cb", .type = OPTION_STRING, .choices = "yes|no|x"},
    {.name = "pw", .type = OPTION_STRING, .no_log = true},
};

static const struct module plain = {
    .name = "plain", .options = options, .option_count = COUNT_OF(options), .start = echo};

/** What the arguments become, or the complaint about them. */
static void check_bound(const struct module *module, const char *arguments, const char *expected)
{
    CLEANUP(memory_cleanup)
    char *json = module_run_json(&(struct module_run){.module = module, .arguments = arguments});
    CHECK_STRING(json, expected);
}

static void check_complaint(const struct module *module, const char *arguments, const char *expected)
{
    OWNED result = module_run(&(struct module_run){.module = module, .arguments = arguments});
    CHECK_STRING(dict_get_bytes(result.as.dict, "error", "(none)"), expected);
}

TEST(bind_converts_values)
{
    setenv("HOME", "/home/u", 1);
    static const char *const cases[][2] = {
        {"{s: [1, a]}", "{\"s\": \"[1, 'a']\"}"},
        {"{s: true, raw: [1]}", "{\"raw\": [1], \"s\": \"True\"}"},
        {"{b: ' yEs', i: ' 5 '}", "{\"b\": true, \"i\": 5}"},
        {"{b: 1.0, i: '5.0', f: 1}", "{\"b\": true, \"f\": 1.0, \"i\": 5}"},
        {"{i: '1_0', f: '1.5'}", "{\"f\": 1.5, \"i\": 10}"},
        {"{l: 'a, b,c'}", "{\"l\": [\"a\", \" b\", \"c\"]}"},
        {"{l: ''}", "{\"l\": [\"\"]}"},
        {"{l: [1, [2], true]}", "{\"l\": [\"1\", \"[2]\", \"True\"]}"},
        {"{li: '1,2'}", "{\"li\": [1, 2]}"},
        {"{d: 'a=1, b=\"x y\"'}", "{\"d\": {\"a\": \"1\", \"b\": \"x y\"}}"},
        {"{d: \"{'a': 1}\"}", "{\"d\": {\"a\": 1}}"},
        {"{p: '~/x${HOME}/$NOPE'}", "{\"p\": \"/home/u/x/home/u/$NOPE\"}"},
        {"{j: {a: [1, true]}}", "{\"j\": \"{\\\"a\\\": [1, true]}\"}"},
        {"{cb: true}", "{\"cb\": \"yes\"}"},
        {"{s: , c: aa}", "{\"c\": \"aa\"}"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_bound(&plain, cases[i][0], cases[i][1]);
}

TEST(bind_says_what_does_not_convert)
{
    static const char *const cases[][2] = {
        {"{i: x}",
         "argument 'i' is of type str and we were unable to convert to int: \"'x'\" cannot be converted to an int"},
        {"{i: 5.5}",
         "argument 'i' is of type float and we were unable to convert to int: \"5.5\" cannot be converted to an int"},
        {"{f: x}",
         "argument 'f' is of type str and we were unable to convert to float: <class 'str'> cannot be converted to "
         "a float"},
        {"{b: [1]}",
         "argument 'b' is of type list and we were unable to convert to bool: <class 'list'> cannot be converted "
         "to a bool"},
        {"{b: 2}",
         "argument 'b' is of type int and we were unable to convert to bool: The value '2' is not a valid boolean. "
         "Valid booleans include: 0, 1, 'off', 'false', 'y', 'on', 'no', 'n', 'yes', '1', 'true', '0', 'f', 't'"},
        {"{l: {a: 1}}", "argument 'l' is of type dict and we were unable to convert to list: <class 'dict'> cannot be "
                        "converted to a list"},
        {"{li: ['1', x]}",
         "Elements value for option 'li' is of type str and we were unable to convert to int: \"'x'\" "
         "cannot be converted to an int"},
        {"{d: xyz}",
         "argument 'd' is of type str and we were unable to convert to dict: dictionary requested, could not "
         "parse JSON or key=value"},
        {"{d: '{xyz'}",
         "argument 'd' is of type str and we were unable to convert to dict: unable to evaluate string as "
         "dictionary"},
        {"{j: 5}",
         "argument 'j' is of type int and we were unable to convert to json: <class 'int'> cannot be converted to a "
         "json string"},
        {"{c: cc}", "value of c must be one of: aa, bb, got: cc"},
        {"{c: }", "value of c must be one of: aa, bb, got: None"},
        {"{lc: [aa, cc, dd]}", "value of lc must be one or more of: aa, bb. Got no match for: cc, dd"},
        {"{pw: secret, i: secret}",
         "argument 'i' is of type str and we were unable to convert to int: \"'********'\" cannot "
         "be converted to an int"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_complaint(&plain, cases[i][0], cases[i][1]);
}

TEST(bind_resolves_aliases)
{
    check_bound(&plain, "{ss: a}", "{\"s\": \"a\"}");
    check_bound(&plain, "{ss: a, s: b}", "{\"s\": \"a\"}");
    check_bound(&plain, "{s: a, ss: b, str: c}", "{\"s\": \"c\"}");
}

static const char *const exclusive[] = {"x|y", NULL}, *const together[] = {"y|z", NULL},
                         *const one_of[] = {"x|z|s", NULL};
static const struct module_rules rules = {exclusive, one_of, together};
static const struct module_option ruled_options[] = {
    {.name = "r1", .type = OPTION_STRING, .required = true},
    {.name = "r2", .type = OPTION_INT, .required = true},
    {.name = "x"},
    {.name = "y"},
    {.name = "z"},
    {.name = "s"},
    {.name = "plain", .aliases = "simple"},
    {.name = "state", .fallback = "present"},
    {.name = "list", .type = OPTION_LIST, .fallback = "[a, b]"},
    {.name = "suffix", .fallback = "''"},
};
static const struct module ruled = {
    .name = "ruled", .options = ruled_options, .option_count = COUNT_OF(ruled_options), .rules = &rules, .start = echo};

TEST(bind_holds_rules_in_the_order_of_the_reference)
{
    static const char *const cases[][2] = {
        {"{}", "missing required arguments: r1, r2"},
        {"{r2: 1, nosuch: 1}", "missing required arguments: r1"},
        {"{r1: 1, r2: x, x: 1, y: 1}", "parameters are mutually exclusive: x|y"},
        {"{r1: 1, r2: x, y: 1}",
         "argument 'r2' is of type str and we were unable to convert to int: \"'x'\" cannot be converted to an int"},
        {"{r1: 1, r2: 1, y: 1}", "parameters are required together: y, z"},
        {"{r1: 1, r2: 1}", "one of the following is required: x, z, s"},
        {"{r1: 1, r2: 1, s: 1, nosuch: 1, other: 2}", "Unsupported parameters for (ruled) module: nosuch, other. "
                                                      "Supported parameters include: list, plain (simple), r1, "
                                                      "r2, s, state, suffix, x, y, z."},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_complaint(&ruled, cases[i][0], cases[i][1]);
    check_bound(&ruled, "{r1: a, r2: 1, s: b}",
                "{\"list\": [\"a\", \"b\"], \"r1\": \"a\", \"r2\": 1, \"s\": \"b\", \"state\": \"present\", "
                "\"suffix\": \"\"}");
}

TEST(bind_suggests_the_nearest_name)
{
    OWNED option = module_run(&(struct module_run){.module = &ruled, .arguments = "{r1: 1, r2: 1, s: 1, stat: x}"});
    CHECK_STRING(dict_get_bytes(option.as.dict, "help", ""), "Did you mean 'state'?");
    OWNED alias = module_run(&(struct module_run){.module = &ruled, .arguments = "{r1: 1, r2: 1, s: 1, simpel: x}"});
    CHECK_STRING(dict_get_bytes(alias.as.dict, "help", ""), "Did you mean 'simple'?");
}
