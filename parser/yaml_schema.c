#include "parser/yaml_schema.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "parser/yaml.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/bigint.h"
#include "runtime/value/datetime.h"
#include "runtime/value/text.h"

/** Text being matched from left to right. */
struct matcher {
    const char *at;
    const char *end;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool accept(struct matcher *matcher, const char *set)
{
    if (matcher->at == matcher->end || !*matcher->at || !strchr(set, *matcher->at))
        return false;
    matcher->at++;
    return true;
}

/** Skips all characters of the set; how many there were. */
static size_t accept_all(struct matcher *matcher, const char *set)
{
    const char *start = matcher->at;
    while (accept(matcher, set))
        continue;
    return (size_t)(matcher->at - start);
}

/** Between `least` and `most` digits. */
static bool accept_digits(struct matcher *matcher, unsigned least, unsigned most)
{
    unsigned count = 0;
    while (count < most && accept(matcher, "0123456789"))
        count++;
    return count >= least;
}

static bool at_end(const struct matcher *matcher)
{
    return matcher->at == matcher->end;
}

static bool is_word(const char *bytes, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(bytes, word, length) == 0;
}

/** Is it `word` in lower case, in upper case or capitalised? */
static bool is_cased_word(const char *bytes, size_t length, const char *word)
{
    if (strlen(word) != length)
        return false;
    bool lower = true, upper = true, capitalised = true;
    for (size_t i = 0; i < length; i++) {
        char up = (char)(word[i] & ~0x20);
        lower &= bytes[i] == word[i];
        upper &= bytes[i] == up;
        capitalised &= bytes[i] == (i ? word[i] : up);
    }
    return lower || upper || capitalised;
}

static const char *const true_words[] = {"yes", "true", "on"};
static const char *const false_words[] = {"no", "false", "off"};

static bool is_one_of(const char *bytes, size_t length, const char *const words[3])
{
    return is_cased_word(bytes, length, words[0]) || is_cased_word(bytes, length, words[1]) ||
           is_cased_word(bytes, length, words[2]);
}

/** One or more groups of ":" and a number below 60. */
static bool accept_sexagesimal(struct matcher *matcher)
{
    const char *start = matcher->at;
    while (accept(matcher, ":")) {
        const char *digits = matcher->at;
        if (!accept_digits(matcher, 1, 2) || (matcher->at - digits == 2 && *digits > '5'))
            return false;
    }
    return matcher->at > start;
}

static bool is_int(const char *bytes, size_t length)
{
    struct matcher matcher = {bytes, bytes + length};
    accept(&matcher, "+-");
    if (accept(&matcher, "0")) {
        if (at_end(&matcher))
            return true;
        if (accept(&matcher, "b"))
            return accept_all(&matcher, "01_") > 0 && at_end(&matcher);
        if (accept(&matcher, "x"))
            return accept_all(&matcher, "0123456789abcdefABCDEF_") > 0 && at_end(&matcher);
        return accept_all(&matcher, "01234567_") > 0 && at_end(&matcher);
    }
    if (!accept(&matcher, "123456789"))
        return false;
    accept_all(&matcher, "0123456789_");
    return at_end(&matcher) || (accept_sexagesimal(&matcher) && at_end(&matcher));
}

/** An optional exponent (its sign is not), then the end. */
static bool ends_after_exponent(struct matcher *matcher)
{
    if (!accept(matcher, "eE"))
        return at_end(matcher);
    return accept(matcher, "+-") && accept_all(matcher, "0123456789") > 0 && at_end(matcher);
}

static bool is_float(const char *bytes, size_t length)
{
    struct matcher matcher = {bytes, bytes + length};
    bool has_sign = accept(&matcher, "+-");
    size_t rest = (size_t)(matcher.end - matcher.at);
    if (is_cased_word(matcher.at + 1, rest ? rest - 1 : 0, "inf"))
        return *matcher.at == '.';
    if (is_word(bytes, length, ".nan") || is_word(bytes, length, ".NaN") || is_word(bytes, length, ".NAN"))
        return true;
    if (!has_sign && accept(&matcher, "."))
        return accept(&matcher, "0123456789") && (accept_all(&matcher, "0123456789_"), ends_after_exponent(&matcher));
    if (!accept(&matcher, "0123456789"))
        return false;
    accept_all(&matcher, "0123456789_");
    bool is_sexagesimal = accept_sexagesimal(&matcher);
    if (!accept(&matcher, "."))
        return false;
    accept_all(&matcher, "0123456789_");
    return is_sexagesimal ? at_end(&matcher) : ends_after_exponent(&matcher);
}

/** An optional offset from UTC (Z, +1, -01:30), then the end. */
static bool ends_after_offset(struct matcher *matcher)
{
    accept_all(matcher, " \t");
    if (accept(matcher, "Z") || at_end(matcher))
        return at_end(matcher);
    if (!accept(matcher, "+-") || !accept_digits(matcher, 1, 2))
        return false;
    return at_end(matcher) || (accept(matcher, ":") && accept_digits(matcher, 2, 2) && at_end(matcher));
}

static bool is_timestamp(const char *bytes, size_t length)
{
    struct matcher matcher = {bytes, bytes + length};
    if (length < 8 || !accept_digits(&matcher, 4, 4) || !accept(&matcher, "-") || !accept_digits(&matcher, 1, 2) ||
        !accept(&matcher, "-") || !accept_digits(&matcher, 1, 2))
        return false;
    if (at_end(&matcher))
        return length == strlen("2024-01-01");
    if (!accept(&matcher, "Tt") && accept_all(&matcher, " \t") == 0)
        return false;
    if (!accept_digits(&matcher, 1, 2) || !accept(&matcher, ":") || !accept_digits(&matcher, 2, 2) ||
        !accept(&matcher, ":") || !accept_digits(&matcher, 2, 2))
        return false;
    if (accept(&matcher, "."))
        accept_all(&matcher, "0123456789");
    return ends_after_offset(&matcher);
}

static enum yaml_class classify_number(const char *bytes, size_t length)
{
    if (is_int(bytes, length))
        return YAML_CLASS_INT;
    if (is_float(bytes, length))
        return YAML_CLASS_FLOAT;
    return is_timestamp(bytes, length) ? YAML_CLASS_TIMESTAMP : YAML_CLASS_STRING;
}

enum yaml_class yaml_classify(const char *bytes, size_t length)
{
    if (length == 0 || is_word(bytes, length, "~") || is_cased_word(bytes, length, "null"))
        return YAML_CLASS_NULL;
    if (is_digit(*bytes) || *bytes == '+' || *bytes == '-' || *bytes == '.')
        return classify_number(bytes, length);
    if (is_word(bytes, length, "<<"))
        return YAML_CLASS_MERGE;
    if (is_word(bytes, length, "="))
        return YAML_CLASS_VALUE;
    if (length <= 5 && (is_one_of(bytes, length, true_words) || is_one_of(bytes, length, false_words)))
        return YAML_CLASS_BOOL;
    return YAML_CLASS_STRING;
}

/** The text without underscores, NUL-terminated. */
static char *without_underscores(const char *bytes, size_t length)
{
    char *copy = memory_copy_string(bytes, length), *out = copy;
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != '_')
            *out++ = bytes[i];
    *out = '\0';
    return copy;
}

/** Base 60: 1:30 is 90.  An integer's value without its sign may pass the machine word. */
static struct value resolve_sexagesimal(const char *digits, bool is_negative, struct error *error)
{
    OWNED total = value_int(0);
    for (const char *at = digits; *at; at += *at == ':') {
        size_t length = strcspn(at, ":");
        OWNED group = value_null();
        OWNED scaled = value_null();
        if (!bigint_parse(at, length, 10, &group) ||
            !bigint_arithmetic(ARITHMETIC_MULTIPLY, total, value_int(60), &scaled, error))
            bug("sexagesimal digits: %s", digits);
        struct value sum;
        if (!bigint_arithmetic(ARITHMETIC_ADD, scaled, group, &sum, error))
            bug("sexagesimal digits: %s", digits);
        value_replace_take(&total, sum);
        at += length;
    }
    struct value result;
    if (!bigint_arithmetic(ARITHMETIC_MULTIPLY, total, value_int(is_negative ? -1 : 1), &result, error))
        bug("sexagesimal digits: %s", digits);
    return result;
}

static struct value resolve_int(const char *bytes, size_t length)
{
    CLEANUP(memory_cleanup) char *digits = without_underscores(bytes, length);
    bool is_negative = *digits == '-';
    char *start = digits + (is_negative || *digits == '+');
    if (strchr(start, ':')) {
        OWNED_ERROR error = {0};
        return resolve_sexagesimal(start, is_negative, &error);
    }
    int base = 10;
    if (start[0] == '0' && start[1]) {
        base = start[1] == 'b' ? 2 : start[1] == 'x' ? 16 : 8;
        start += base == 8 ? 1 : 2;
    }
    if (is_negative)
        *--start = '-'; /* over the sign, or over what was the base's last letter */
    struct value result;
    if (bigint_parse(start, strlen(start), base, &result))
        return result;
    return value_string_length(bytes, length); /* 0b_: underscores alone */
}

static struct value resolve_float(const char *bytes, size_t length)
{
    CLEANUP(memory_cleanup) char *digits = without_underscores(bytes, length);
    double sign = *digits == '-' ? -1 : 1;
    const char *start = digits + (*digits == '-' || *digits == '+');
    if (start[0] == '.' && (start[1] == 'i' || start[1] == 'I'))
        return value_float(sign * (double)INFINITY);
    if (start[0] == '.' && (start[1] == 'n' || start[1] == 'N'))
        return value_float((double)NAN);
    double total = 0;
    for (char *rest;; start = rest + 1) {
        total = total * 60 + strtod(start, &rest);
        if (*rest != ':')
            return value_float(sign * total);
    }
}

/** The next number of a timestamp, whatever stands before it; -1 when there is none. */
static int next_number(struct matcher *matcher)
{
    while (!at_end(matcher) && !is_digit(*matcher->at))
        matcher->at++;
    int number = at_end(matcher) ? -1 : 0;
    while (!at_end(matcher) && is_digit(*matcher->at))
        number = number * 10 + (*matcher->at++ - '0');
    return number;
}

/** Six digits of a fraction of a second; further ones are skipped. */
static int next_fraction(struct matcher *matcher)
{
    int microseconds = 0;
    for (int weight = 100000; !at_end(matcher) && is_digit(*matcher->at); weight /= 10)
        microseconds += (*matcher->at++ - '0') * weight;
    return microseconds;
}

/** The zone at the end: null, UTC or an offset from it. */
static bool resolve_zone(struct matcher *matcher, struct value *zone, struct error *error)
{
    accept_all(matcher, " \t");
    if (at_end(matcher))
        return true;
    bool is_negative = *matcher->at == '-';
    int hours = next_number(matcher), minutes = next_number(matcher);
    if (hours > 23 || minutes > 59)
        return error_set(error, ERROR_VALUE, "the offset from UTC must be less than a day");
    int64_t seconds = hours < 0 ? 0 : hours * 3600 + (minutes < 0 ? 0 : minutes * 60);
    *zone = zone_new((is_negative ? -seconds : seconds) * MICROSECONDS_PER_SECOND, NULL);
    return true;
}

bool yaml_resolve_timestamp(const char *bytes, size_t length, struct value *result, struct error *error)
{
    struct matcher matcher = {bytes, bytes + length};
    struct moment moment = {.year = next_number(&matcher)};
    moment.month = next_number(&matcher);
    moment.day = next_number(&matcher);
    if (at_end(&matcher))
        return date_new(moment.year, moment.month, moment.day, result, error);
    moment.hour = next_number(&matcher);
    moment.minute = next_number(&matcher);
    moment.second = next_number(&matcher);
    if (accept(&matcher, "."))
        moment.microsecond = next_fraction(&matcher);
    OWNED zone = value_null();
    return resolve_zone(&matcher, &zone, error) &&
           datetime_new(&moment, value_is_null(zone) ? NULL : (struct zone *)zone.as.object, result, error);
}

struct value yaml_resolve(enum yaml_class class, const char *bytes, size_t length)
{
    switch (class) {
    case YAML_CLASS_NULL:
        return value_null();
    case YAML_CLASS_BOOL:
        return value_bool(is_one_of(bytes, length, true_words));
    case YAML_CLASS_INT:
        return resolve_int(bytes, length);
    case YAML_CLASS_FLOAT:
        return resolve_float(bytes, length);
    case YAML_CLASS_STRING:
    case YAML_CLASS_MERGE:
    case YAML_CLASS_VALUE:
        return value_string_length(bytes, length);
    case YAML_CLASS_TIMESTAMP:
        break;
    }
    bug("a scalar of class %d", (int)class);
}

bool yaml_is_plain_string(const char *bytes, size_t length)
{
    return yaml_classify(bytes, length) == YAML_CLASS_STRING;
}
