/* str's methods about case, and its questions about characters. */
#include "runtime/value/list.h"
#include "stdlib/argument.h"
#include "stdlib/methods/methods.h"

static bool str_upper(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = argument_text_like(text_upper(arguments[0].as.text), arguments[0]);
    return true;
}

static bool str_lower(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = argument_text_like(text_lower(arguments[0].as.text), arguments[0]);
    return true;
}

static bool str_casefold(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = argument_text_like(text_casefold(arguments[0].as.text), arguments[0]);
    return true;
}

static bool str_capitalize(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = argument_text_like(text_capitalize(arguments[0].as.text), arguments[0]);
    return true;
}

/** What a run of characters has in common. */
enum case_class { CASE_NONE, CASE_UPPER, CASE_LOWER };

static enum case_class case_of(uint32_t point)
{
    return text_point_is_upper(point) ? CASE_UPPER : text_point_is_lower(point) ? CASE_LOWER : CASE_NONE;
}

static enum case_class cased(uint32_t point)
{
    return case_of(point) == CASE_NONE ? CASE_NONE : CASE_UPPER;
}

/** Rewrites each run of characters of one class by that class's function (NULL: as it is). */
static struct text *rewrite_runs(const struct text *text, enum case_class (*classify)(uint32_t point),
                                 struct text *(*const rewrite[])(struct text *run))
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const char *end = text->bytes + text->length;
    for (const char *start = text->bytes, *at = start; start < end; start = at) {
        enum case_class class = classify(text_decode(&at, end));
        for (const char *next = at; next < end && classify(text_decode(&next, end)) == class;)
            at = next;
        if (!rewrite[class]) {
            text_buffer_append(&out, start, (size_t)(at - start));
            continue;
        }
        struct text *run = text_new(start, (size_t)(at - start));
        struct text *rewritten = rewrite[class](run);
        text_buffer_append_text(&out, rewritten);
        text_drop(run);
        text_drop(rewritten);
    }
    return text_buffer_take(&out);
}

static bool str_swapcase(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    static struct text *(*const rewrite[])(struct text *) = {NULL, text_lower, text_upper};
    (void)evaluation;
    (void)error;
    *result = argument_text_like(rewrite_runs(arguments[0].as.text, case_of, rewrite), arguments[0]);
    return true;
}

static bool str_title(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    static struct text *(*const rewrite[])(struct text *) = {NULL, text_capitalize, NULL};
    (void)evaluation;
    (void)error;
    *result = argument_text_like(rewrite_runs(arguments[0].as.text, cased, rewrite), arguments[0]);
    return true;
}

/* ---- questions ---- */

/** Has it characters, and are all of this class? */
static bool all_points(const struct value *arguments, bool (*is_one)(uint32_t point), struct value *result)
{
    const struct text *text = arguments[0].as.text;
    bool are_all = text->length > 0;
    for (const char *at = text->bytes, *end = at + text->length; at < end && are_all;)
        are_all = is_one(text_decode(&at, end));
    *result = value_bool(are_all);
    return true;
}

static bool str_isalpha(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    (void)error;
    return all_points(arguments, text_point_is_alpha, result);
}

static bool str_isalnum(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    (void)error;
    return all_points(arguments, text_point_is_alnum, result);
}

static bool point_is_decimal(uint32_t point)
{
    return text_point_decimal(point) >= 0;
}

static bool str_isdecimal(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    (void)error;
    return all_points(arguments, point_is_decimal, result);
}

static bool str_isdigit(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    (void)error;
    return all_points(arguments, text_point_is_digit, result);
}

static bool str_isnumeric(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    (void)error;
    return all_points(arguments, text_point_is_numeric, result);
}

static bool str_isspace(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    (void)error;
    return all_points(arguments, text_point_is_space, result);
}

/** isascii and isprintable hold for the empty string too. */
static bool all_points_or_empty(const struct value *arguments, bool (*is_one)(uint32_t point), struct value *result)
{
    all_points(arguments, is_one, result);
    if (arguments[0].as.text->length == 0)
        *result = value_bool(true);
    return true;
}

static bool point_is_ascii(uint32_t point)
{
    return point < 0x80;
}

static bool str_isascii(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    (void)error;
    return all_points_or_empty(arguments, point_is_ascii, result);
}

static bool str_isprintable(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    (void)evaluation;
    (void)error;
    return all_points_or_empty(arguments, text_point_is_printable, result);
}

static bool str_isidentifier(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation;
    (void)error;
    const struct text *text = arguments[0].as.text;
    const char *first = text->bytes;
    all_points(arguments, text_point_continues_name, result);
    if (text->length && !text_point_begins_name(text_decode(&first, first + text->length)))
        *result = value_bool(false);
    return true;
}

/** Are there letters of this case, and none of the other? */
static bool all_cased(const struct value *arguments, enum case_class wanted, struct value *result)
{
    const struct text *text = arguments[0].as.text;
    bool is_any = false, is_other = false;
    for (const char *at = text->bytes, *end = at + text->length; at < end;) {
        enum case_class class = case_of(text_decode(&at, end));
        is_any |= class == wanted;
        is_other |= class != wanted && class != CASE_NONE;
    }
    *result = value_bool(is_any && !is_other);
    return true;
}

static bool str_isupper(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    (void)error;
    return all_cased(arguments, CASE_UPPER, result);
}

static bool str_islower(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    (void)error;
    return all_cased(arguments, CASE_LOWER, result);
}

static bool str_istitle(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    (void)error;
    const struct text *text = arguments[0].as.text;
    bool is_any = false, is_title = true;
    enum case_class before = CASE_NONE;
    for (const char *at = text->bytes, *end = at + text->length; at < end;) {
        enum case_class class = case_of(text_decode(&at, end));
        is_title &= class == CASE_NONE || (class == CASE_UPPER) == (before == CASE_NONE);
        is_any |= class != CASE_NONE;
        before = class;
    }
    *result = value_bool(is_any && is_title);
    return true;
}

static const struct function rows[] = {
    {"str.capitalize", "self", str_capitalize, 0, "The first character in upper case, the others in lower case."},
    {"str.casefold", "self", str_casefold, 0, "Lower case for comparisons: stronger than lower."},
    {"str.isalnum", "self", str_isalnum, 0, "Is it all letters and digits?"},
    {"str.isalpha", "self", str_isalpha, 0, "Is it all letters?"},
    {"str.isascii", "self", str_isascii, 0, "Is it all ASCII?"},
    {"str.isdecimal", "self", str_isdecimal, 0, "Is it all decimal digits?"},
    {"str.isdigit", "self", str_isdigit, 0, "Is it all digits?"},
    {"str.isidentifier", "self", str_isidentifier, 0, "Could it be the name of a variable?"},
    {"str.islower", "self", str_islower, 0, "Are its letters in lower case?"},
    {"str.isnumeric", "self", str_isnumeric, 0, "Is it all characters that stand for numbers?"},
    {"str.isprintable", "self", str_isprintable, 0, "Is there nothing in it that repr would escape?"},
    {"str.isspace", "self", str_isspace, 0, "Is it all white space?"},
    {"str.istitle", "self", str_istitle, 0, "Does each word begin with upper case and go on in lower case?"},
    {"str.isupper", "self", str_isupper, 0, "Are its letters in upper case?"},
    {"str.lower", "self", str_lower, 0, "In lower case."},
    {"str.swapcase", "self", str_swapcase, 0, "Upper and lower case exchanged."},
    {"str.title", "self", str_title, 0, "Each word begins with upper case and goes on in lower case."},
    {"str.upper", "self", str_upper, 0, "In upper case."},
};

const struct function_table methods_string_case = {FUNCTION_METHOD, NULL, rows, COUNT_OF(rows)};
