/*
 * Tests with regular expressions: match, search, regex.
 */

#include "runtime/value/regex.h"
#include "runtime/value/repr.h"
#include "stdlib/tests/tests.h"

/** One use of a pattern on a value that is taken as text. */
struct match {
    struct value value, pattern;
    struct value ignorecase, multiline;
};

static struct match match_of(const struct value *arguments)
{
    return (struct match){arguments[0], arguments[1], arguments[2], arguments[3]};
}

static struct regex *match_regex(struct evaluation *evaluation, const struct match *match, struct error *error)
{
    unsigned flags =
        (value_truth(match->ignorecase) ? REGEX_IGNORECASE : 0) | (value_truth(match->multiline) ? REGEX_MULTILINE : 0);
    if (!dict_key_check(match->pattern, error))
        return NULL;
    if (!value_is_string(match->pattern)) {
        error_set(error, ERROR_TYPE, "first argument must be string or compiled pattern");
        return NULL;
    }
    return regex_cache_get(evaluation_regexes(evaluation), match->pattern.as.text, flags, error);
}

static bool answer_match(struct evaluation *evaluation, const struct match *match, enum regex_mode mode,
                         struct value *result, struct error *error)
{
    OWNED text = value_str(match->value);
    struct regex *regex = match_regex(evaluation, match, error);
    bool found;
    if (!regex || !regex_find(regex, value_bytes(text), text.as.text->length, mode, &found, error))
        return false;
    return test_answer(result, found);
}

static bool test_match(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    struct match match = match_of(arguments);
    return answer_match(evaluation, &match, REGEX_MATCH, result, error);
}

static bool test_search(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    struct match match = match_of(arguments);
    return answer_match(evaluation, &match, REGEX_SEARCH, result, error);
}

/** The methods of Python's patterns that may be asked for: those that look for a match, and those that always return something. */
static const struct {
    const char *name;
    enum regex_mode mode;
    bool is_always;
} methods[] = {
    {"search", REGEX_SEARCH, false},  {"match", REGEX_MATCH, false},    {"fullmatch", REGEX_FULLMATCH, false},
    {"findall", REGEX_SEARCH, false}, {"finditer", REGEX_SEARCH, true}, {"split", REGEX_SEARCH, true},
};

static bool test_regex(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    struct match match = match_of(arguments);
    struct value method = arguments[4];
    if (!match_regex(evaluation, &match, error))
        return false;
    if (!value_is_string(method))
        return error_set(error, ERROR_TYPE, "attribute name must be string, not '%s'", value_type_name(method));
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (value_equals_string(method, methods[i].name))
            return methods[i].is_always ? test_answer(result, true)
                                        : answer_match(evaluation, &match, methods[i].mode, result, error);
    return error_set(error, ERROR_TYPE, "'str' object is not callable");
}

static const struct function rows[] = {
    {"match", "value, pattern='', ignorecase=False, multiline=False", test_match, 0,
     "Does the regular expression match at the start of the text?"},
    {"regex", "value='', pattern='', ignorecase=False, multiline=False, match_type='search'", test_regex, 0,
     "Does the regular expression match the text? match_type: search, match or fullmatch"},
    {"search", "value, pattern='', ignorecase=False, multiline=False", test_search, 0,
     "Does the regular expression match somewhere in the text?"},
};

const struct function_table tests_match = {FUNCTION_TEST, "ansible.builtin", rows, COUNT_OF(rows)};
