/*
 * Numbers out of text as Python's int() and float() read them: white space around, a sign, underscores between
 * digits, base prefixes, "inf" and "nan".
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/bigint.h"
#include "runtime/value/text.h"

/** A stretch of bytes. */
struct slice {
    const char *start, *end;
};

static struct slice slice_strip(const char *bytes, size_t length)
{
    struct slice slice = {bytes, bytes + length};
    while (slice.start < slice.end) {
        const char *next = slice.start;
        if (!text_point_is_space(text_decode(&next, slice.end)))
            break;
        slice.start = next;
    }
    const char *cursor = slice.start, *end = slice.start;
    while (cursor < slice.end)
        if (!text_point_is_space(text_decode(&cursor, slice.end)))
            end = cursor;
    slice.end = end;
    return slice;
}

static inline bool is_digit_or_letter(char byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

/** Appends a code point, digits of other scripts as ASCII ones. */
static char *append_digit(char *out, const char *point, const char *end)
{
    const char *cursor = point;
    int digit = text_point_decimal(text_decode(&cursor, end));
    if (digit >= 0)
        *out++ = (char)('0' + digit);
    for (; digit < 0 && point < cursor; point++)
        *out++ = *point;
    return out;
}

/** Copies without underscores, each of which must stand between two digits (or letters, as digits of a base). */
static char *copy_without_underscores(struct slice slice, bool (*is_digit)(char byte))
{
    char *copy = memory_new((size_t)(slice.end - slice.start) + 1), *out = copy;
    for (const char *cursor = slice.start, *next; cursor < slice.end; cursor = next) {
        next = cursor;
        text_decode(&next, slice.end);
        if (*cursor != '_') {
            out = append_digit(out, cursor, slice.end);
            continue;
        }
        if (out == copy || next == slice.end || !is_digit(out[-1]) ||
            !(is_digit(*next) || (unsigned char)*next >= 0x80)) {
            memory_cleanup(&copy);
            return NULL;
        }
    }
    *out = '\0';
    return copy;
}

/** The base that a prefix such as "0x" says, or 0. */
static int prefix_base(struct slice slice)
{
    if (slice.end - slice.start < 3 || slice.start[0] != '0')
        return 0;
    char letter = slice.start[1] | 0x20;
    return letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
}

static bool is_all_zeros(const char *digits)
{
    return digits[strspn(digits, "0")] == '\0';
}

bool value_parse_int(const char *bytes, size_t length, int base, struct value *result)
{
    struct slice slice = slice_strip(bytes, length);
    bool negative = slice.start < slice.end && *slice.start == '-';
    if (slice.start < slice.end && (*slice.start == '-' || *slice.start == '+'))
        slice.start++;
    int prefix = prefix_base(slice);
    bool decimal_literal = base == 0 && prefix == 0;
    if (prefix && (base == 0 || base == prefix)) {
        base = prefix;
        slice.start += 2;
        slice.start += *slice.start == '_';
    } else if (base == 0) {
        base = 10;
    }
    CLEANUP(memory_cleanup) char *digits = copy_without_underscores(slice, is_digit_or_letter);
    if (!digits || digits[0] == '-' || digits[0] == '+')
        return false;
    if (decimal_literal && digits[0] == '0' && !is_all_zeros(digits))
        return false;
    struct value number;
    if (!bigint_parse(digits, strlen(digits), base, &number))
        return false;
    if (!negative) {
        *result = number;
        return true;
    }
    OWNED magnitude = number;
    OWNED_ERROR ignored = {0};
    return value_negate(magnitude, result, &ignored);
}

static bool is_decimal_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/** inf, infinity and nan, in any case. */
static bool parse_special_float(const char *word, double *result)
{
    double sign = *word == '-' ? -1 : 1;
    word += *word == '-' || *word == '+';
    if (strcasecmp(word, "inf") == 0 || strcasecmp(word, "infinity") == 0)
        *result = sign * INFINITY;
    else if (strcasecmp(word, "nan") == 0)
        *result = sign * NAN;
    else
        return false;
    return true;
}

bool value_parse_float(const char *bytes, size_t length, double *result)
{
    CLEANUP(memory_cleanup) char *copy = copy_without_underscores(slice_strip(bytes, length), is_decimal_digit);
    if (!copy)
        return false;
    if (copy[0] == '\0' || strspn(copy, "+-.0123456789eE") != strlen(copy))
        return parse_special_float(copy, result);
    char *end;
    double number = strtod(copy, &end);
    if (*end != '\0' || end == copy)
        return false;
    *result = number;
    return true;
}
