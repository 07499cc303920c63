/*
 * The test `version`: two version numbers compared.
 */
#include "stdlib/tests/version.h"
#include "runtime/value/compare.h"
#include "runtime/value/repr.h"
#include "stdlib/tests/tests.h"

/** An operator by its names: it holds for these orders. */
struct version_operator {
    const char *name;
    bool less, equal, greater;
};

/** In the order in which the message lists them. */
static const struct version_operator operators[] = {
    {"==", false, true, false}, {"=", false, true, false}, {"eq", false, true, false}, {"<", true, false, false},
    {"lt", true, false, false}, {"<=", true, true, false}, {"le", true, true, false},  {">", false, false, true},
    {"gt", false, false, true}, {">=", false, true, true}, {"ge", false, true, true},  {"!=", true, false, true},
    {"<>", true, false, true},  {"ne", true, false, true},
};

static const struct {
    const char *name;
    version_parse_function *parse;
} kinds[] = {
    {"loose", version_parse_loose},       {"strict", version_parse_strict}, {"semver", version_parse_semantic},
    {"semantic", version_parse_semantic}, {"pep440", version_parse_pep440},
};

static const struct version_operator *find_operator(struct value name, struct error *error)
{
    if (!dict_key_check(name, error))
        return NULL;
    CLEANUP(text_buffer_done) struct text_buffer names = {0};
    for (size_t i = 0; i < COUNT_OF(operators); i++) {
        if (value_equals_string(name, operators[i].name))
            return &operators[i];
        text_buffer_append_format(&names, "%s'%s'", i > 0 ? ", " : "", operators[i].name);
    }
    OWNED shown = value_str(name);
    error_set(error, ERROR_VALUE, "Invalid operator type (%s). Must be one of %s", value_bytes(shown),
              text_buffer_bytes(&names));
    return NULL;
}

/** The kind that `strict` or `version_type` asks for; NULL with an error. */
static version_parse_function *find_kind(struct value strict, struct value name, struct error *error)
{
    if (!value_is_null(strict) && !value_is_null(name)) {
        error_set(error, ERROR_VALUE, "Cannot specify both 'strict' and 'version_type'");
        return NULL;
    }
    if (!value_truth(name))
        return value_truth(strict) ? version_parse_strict : version_parse_loose;
    CLEANUP(text_buffer_done) struct text_buffer names = {0};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (value_equals_string(name, kinds[i].name))
            return kinds[i].parse;
        text_buffer_append_format(&names, "%s'%s'", i > 0 ? ", " : "", kinds[i].name);
    }
    OWNED shown = value_str(name);
    error_set(error, ERROR_VALUE, "Invalid version type (%s). Must be one of %s", value_bytes(shown),
              text_buffer_bytes(&names));
    return NULL;
}

/** -1, 0 or 1. */
static bool compare_versions(version_parse_function *parse, struct value left, struct value right, int *order,
                             struct error *error)
{
    OWNED left_text = value_str(left), right_text = value_str(right), left_key = value_null(), right_key = value_null();
    if (!parse(left_text.as.text, &left_key, error) || !parse(right_text.as.text, &right_key, error))
        return false;
    *order = 0;
    return value_equal(left_key, right_key) || value_order(left_key, right_key, "<", order, error);
}

static bool test_version(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation;
    if (!value_truth(arguments[0]))
        return error_set(error, ERROR_VALUE, "Input version value cannot be empty");
    if (!value_truth(arguments[1]))
        return error_set(error, ERROR_VALUE, "Version parameter to compare against cannot be empty");
    version_parse_function *parse = find_kind(arguments[3], arguments[4], error);
    const struct version_operator *operator= parse ? find_operator(arguments[2], error) : NULL;
    int order;
    if (!operator)
        return false;
    if (!compare_versions(parse, arguments[0], arguments[1], &order, error))
        return error_wrap(error, "Version comparison failed");
    return test_answer(result, order < 0 ? operator->less : order > 0 ? operator->greater : operator->equal);
}

#define SIGNATURE "value, version, operator='eq', strict=None, version_type=None"

static const struct function rows[] = {
    {"version", SIGNATURE, test_version, 0,
     "Is the version number equal to another, or less, greater ...? version_type: loose, strict, semver, pep440"},
    {"version_compare", SIGNATURE, test_version, 0, "Another name of version"},
};

const struct function_table tests_version = {FUNCTION_TEST, "ansible.builtin", rows, COUNT_OF(rows)};
