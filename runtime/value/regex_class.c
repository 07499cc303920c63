/*
 * Characters of patterns: escapes, categories, and classes in brackets.
 */
#include "runtime/value/regex_pattern.h"

#include <string.h>

static const struct pattern_category categories[] = {
    {'d', "\\d", "\\d", "0-9"},
    {'D', "\\D", "\\D", "\\x{0}-\\x{2f}\\x{3a}-\\x{10ffff}"},
    {'s', "[\\s\\x1c-\\x1f]", "\\s\\x1c-\\x1f", "\\x{20}\\x{9}-\\x{d}"},
    {'S', "[^\\s\\x1c-\\x1f]", "\\S", "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{10ffff}"},
    {'w', "\\w", "\\w", "a-zA-Z0-9_"},
    {'W', "\\W", "\\W", "\\x{0}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{5e}\\x{60}\\x{7b}-\\x{10ffff}"},
};

const struct pattern_category *pattern_category_find(uint32_t letter)
{
    for (size_t i = 0; i < COUNT_OF(categories); ++i)
        if ((uint32_t)categories[i].letter == letter)
            return &categories[i];
    return NULL;
}

void pattern_append_literal(struct pattern *pattern, uint32_t point)
{
    bool plain = (point >= '0' && point <= '9') || (point >= 'A' && point <= 'Z') || (point >= 'a' && point <= 'z');

    if (plain || (point > 0xA0 && !(point >= 0xD800 && point <= 0xDFFF)))
        text_buffer_append_point(pattern->out, point);
    else
        text_buffer_append_format(pattern->out, "\\x{%x}", (unsigned)point);
}

char *pattern_quote(const struct pattern *pattern, size_t start, size_t end)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};

    for (size_t i = start; i < end && i < pattern->count; ++i)
        text_buffer_append_point(&out, pattern->points[i]);
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

/** The value of a digit in base 16, or -1. */
static int digit_value(uint32_t point)
{
    if (point >= '0' && point <= '9')
        return (int)point - '0';
    point |= 0x20;
    return point >= 'a' && point <= 'f' ? (int)point - 'a' + 10 : -1;
}

bool pattern_hexadecimal(struct pattern *pattern, size_t start, unsigned digits, uint32_t *point)
{
    uint32_t value = 0;
    unsigned seen = 0;

    for (; seen < digits && pattern_peek(pattern) != PATTERN_END && digit_value(pattern_peek(pattern)) >= 0; ++seen)
        value = value * 16 + (uint32_t)digit_value(pattern->points[pattern->position++]);

    CLEANUP(memory_cleanup) char *quoted = pattern_quote(pattern, start, pattern->position);
    if (seen < digits)
        return pattern_fail(pattern, start, "incomplete escape %s", quoted);
    if (value > 0x10FFFF)
        return pattern_fail(pattern, start, "bad escape %s", quoted);
    *point = value;
    return true;
}

bool pattern_character(struct pattern *pattern, size_t start, uint32_t letter, bool *matched, uint32_t *point)
{
    static const char letters[] = "afnrtv\\", values[] = "\a\f\n\r\t\v\\";
    const char *found = letter && letter < 128 ? strchr(letters, (int)letter) : NULL;

    *matched = true;
    if (found) {
        *point = (uint32_t)values[found - letters];
        return true;
    }
    if (letter == 'x')
        return pattern_hexadecimal(pattern, start, 2, point);
    if (letter == 'u')
        return pattern_hexadecimal(pattern, start, 4, point);
    if (letter == 'U')
        return pattern_hexadecimal(pattern, start, 8, point);
    if (letter == PATTERN_END)
        return pattern_fail(pattern, start, "bad escape (end of pattern)");
    *matched = false;
    return true;
}

/** One end of a range: a character, or a category. */
struct class_item {
    const struct pattern_category *category;
    uint32_t point;
};

/** An octal escape in brackets, its first digit already read. */
static bool class_octal(struct pattern *pattern, size_t start, uint32_t *point)
{
    uint32_t value = pattern->points[pattern->position - 1] - '0';

    for (int i = 0; i < 2 && pattern_peek(pattern) >= '0' && pattern_peek(pattern) <= '7'; ++i)
        value = value * 8 + (pattern->points[pattern->position++] - '0');
    *point = value;
    if (value <= 0377)
        return true;
    CLEANUP(memory_cleanup) char *quoted = pattern_quote(pattern, start, pattern->position);
    return pattern_fail(pattern, start, "octal escape value %s outside of range 0-0o377", quoted);
}

/** An escape in brackets, the backslash read. */
static bool class_escape(struct pattern *pattern, struct class_item *item)
{
    size_t start = pattern->position - 1;
    uint32_t letter = pattern_peek(pattern);
    bool matched;

    pattern->position += letter != PATTERN_END;
    item->category = pattern_category_find(letter);
    if (item->category)
        return true;
    if (!pattern_character(pattern, start, letter, &matched, &item->point))
        return false;
    if (matched)
        return true;
    if (letter >= '0' && letter <= '7')
        return class_octal(pattern, start, &item->point);
    item->point = letter == 'b' ? '\b' : letter;
    if (letter == 'b' || digit_value(letter) < 0) {
        uint32_t lower = letter | 0x20;
        if (letter == 'b' || lower < 'a' || lower > 'z')
            return true;
    }
    CLEANUP(memory_cleanup) char *quoted = pattern_quote(pattern, start, pattern->position);
    return pattern_fail(pattern, start, "bad escape %s", quoted);
}

/** A character or an escape; `open` is where the class began. */
static bool class_item(struct pattern *pattern, size_t open, struct class_item *item)
{
    uint32_t point = pattern_peek(pattern);

    if (point == PATTERN_END)
        return pattern_fail(pattern, open, "unterminated character set");
    ++pattern->position;
    *item = (struct class_item){.point = point};
    return point != '\\' || class_escape(pattern, item);
}

static void class_append(struct pattern *pattern, const struct class_item *item)
{
    if (item->category)
        text_buffer_append_string(pattern->out,
                                  pattern->flags & REGEX_ASCII ? item->category->ascii : item->category->inside);
    else
        pattern_append_literal(pattern, item->point);
}

/** What may follow the item `low` that began at `start`: a hyphen and the end of a range. */
static bool class_range(struct pattern *pattern, size_t open, size_t start, const struct class_item *low)
{
    struct class_item high;
    size_t middle = pattern->position;

    class_append(pattern, low);
    if (!pattern_skip(pattern, '-'))
        return true;
    if (pattern_peek(pattern) == ']') {
        pattern_append_literal(pattern, '-');
        return true;
    }
    if (!class_item(pattern, open, &high))
        return false;
    if (low->category || high.category || high.point < low->point) {
        CLEANUP(memory_cleanup) char *first = pattern_quote(pattern, start, middle);
        CLEANUP(memory_cleanup) char *last = pattern_quote(pattern, middle + 1, pattern->position);
        return pattern_fail(pattern, start, "bad character range %s-%s", first, last);
    }
    text_buffer_append_char(pattern->out, '-');
    class_append(pattern, &high);
    return true;
}

bool pattern_class(struct pattern *pattern)
{
    size_t open = pattern->position - 1;

    text_buffer_append_string(pattern->out, pattern_skip(pattern, '^') ? "[^" : "[");
    for (bool first = true; first || !pattern_skip(pattern, ']'); first = false) {
        struct class_item item;
        size_t start = pattern->position;

        if (!class_item(pattern, open, &item) || !class_range(pattern, open, start, &item))
            return false;
    }
    text_buffer_append_char(pattern->out, ']');
    return true;
}
