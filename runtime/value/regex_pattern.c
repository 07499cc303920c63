/*
 * Patterns: alternatives, sequences, repetitions.  One function a production of Python's syntax; groups are in
 * regex_group.c, characters in regex_class.c.
 *
 * Widths are followed because Python refuses a look-behind whose width is not fixed.
 */
#include "runtime/value/regex_pattern.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/limits.h"

bool pattern_fail(struct pattern *pattern, size_t place, const char *format, ...)
{
    CLEANUP(memory_cleanup) char *message = NULL;
    size_t line = 1, line_start = 0;
    bool has_lines = false;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&message, format, arguments) < 0)
        memory_exhausted();
    va_end(arguments);
    for (size_t i = 0; i < pattern->count; ++i) {
        has_lines |= pattern->points[i] == '\n';
        if (pattern->points[i] == '\n' && i < place) {
            ++line;
            line_start = i + 1;
        }
    }
    if (!has_lines)
        return error_set(pattern->error, ERROR_VALUE, "%s at position %zu", message, place);
    return error_set(pattern->error, ERROR_VALUE, "%s at position %zu (line %zu, column %zu)", message, place, line,
                     place - line_start + 1);
}

static uint64_t width_add(uint64_t left, uint64_t right)
{
    uint64_t sum;
    return __builtin_add_overflow(left, right, &sum) ? UINT64_MAX : sum;
}

static uint64_t width_times(uint64_t left, uint64_t right)
{
    uint64_t product;
    return __builtin_mul_overflow(left, right, &product) ? UINT64_MAX : product;
}

void sequence_item(struct sequence *sequence, enum last_kind kind, uint64_t minimum, uint64_t maximum)
{
    sequence->total.minimum = width_add(sequence->total.minimum, sequence->last.minimum);
    sequence->total.maximum = width_add(sequence->total.maximum, sequence->last.maximum);
    sequence->last = (struct pattern_width){minimum, maximum};
    sequence->kind = kind;
    sequence->at_start = false;
}

bool pattern_reference(struct pattern *pattern, struct sequence *sequence, uint32_t number, size_t place)
{
    struct pattern_width width = pattern->groups[number];

    if (width.minimum == PATTERN_OPEN)
        return pattern_fail(pattern, place, "cannot refer to an open group");
    text_buffer_append_format(pattern->out, "\\g{%u}", number);
    sequence_item(sequence, LAST_ITEM, width.minimum, width.maximum);
    return true;
}

/** \1 to \99 or an octal escape; `first` is the digit that is read. */
static bool escape_digits(struct pattern *pattern, struct sequence *sequence, size_t start, uint32_t first)
{
    uint32_t second = pattern_peek(pattern), number = first - '0';
    uint32_t third = pattern->position + 1 < pattern->count ? pattern->points[pattern->position + 1] : 0;
    bool is_octal = first <= '7' && second >= '0' && second <= '7' && third >= '0' && third <= '7';

    if (first == '0' || is_octal) {
        for (int i = 0; i < 2 && pattern_peek(pattern) >= '0' && pattern_peek(pattern) <= '7'; ++i)
            number = number * 8 + (pattern->points[pattern->position++] - '0');
        if (number > 0377)
            return pattern_fail(pattern, start, "octal escape value \\%o outside of range 0-0o377", number);
        pattern_append_literal(pattern, number);
        sequence_item(sequence, LAST_ITEM, 1, 1);
        return true;
    }
    if (second >= '0' && second <= '9')
        number = number * 10 + (pattern->points[pattern->position++] - '0');
    if (number > pattern->group_count)
        return pattern_fail(pattern, start + 1, "invalid group reference %u", number);
    return pattern_reference(pattern, sequence, number, start);
}

/** The places that escapes stand for: \A \Z \b \B. */
static const char *escape_place(uint32_t letter, bool ascii)
{
#define WORD "[a-zA-Z0-9_]"
    switch (letter) {
    case 'A':
        return "\\A";
    case 'Z':
        return "\\z";
    case 'b':
        return ascii ? "(?:(?<=" WORD ")(?!" WORD ")|(?<!" WORD ")(?=" WORD "))" : "\\b";
    case 'B':
        return ascii ? "(?:(?<=" WORD ")(?=" WORD ")|(?<!" WORD ")(?!" WORD "))"
                     : "(?!\\A\\z)\\B"; /* Python: not in an empty text */
    }
    return NULL;
#undef WORD
}

/** An escape outside of brackets; the backslash is read. */
static bool pattern_escape(struct pattern *pattern, struct sequence *sequence)
{
    size_t start = pattern->position - 1;
    uint32_t letter = pattern_peek(pattern), point = letter;
    bool ascii = pattern->flags & REGEX_ASCII, matched;
    const char *place = escape_place(letter, ascii);
    const struct pattern_category *category = pattern_category_find(letter);

    pattern->position += letter != PATTERN_END;
    if (place || category) {
        if (place)
            text_buffer_append_string(pattern->out, place);
        else if (ascii)
            text_buffer_append_format(pattern->out, "[%s]", category->ascii);
        else
            text_buffer_append_string(pattern->out, category->outside);
        sequence_item(sequence, place ? LAST_PLACE : LAST_ITEM, !place, !place);
        return true;
    }
    if (!pattern_character(pattern, start, letter, &matched, &point))
        return false;
    if (!matched && letter >= '0' && letter <= '9')
        return escape_digits(pattern, sequence, start, letter);
    if (!matched && (letter | 0x20) >= 'a' && (letter | 0x20) <= 'z')
        return pattern_fail(pattern, start, "bad escape \\%c", (int)letter);
    pattern_append_literal(pattern, point);
    sequence_item(sequence, LAST_ITEM, 1, 1);
    return true;
}

bool pattern_number(struct pattern *pattern, uint64_t *number)
{
    size_t start = pattern->position;

    for (*number = 0; pattern_peek(pattern) >= '0' && pattern_peek(pattern) <= '9'; ++pattern->position)
        *number = width_add(width_times(*number, 10), pattern->points[pattern->position] - '0');
    return pattern->position > start;
}

/** "{2,5}": false, with nothing read, when the brace is a character like any other. */
static bool repeat_braces(struct pattern *pattern, uint64_t *minimum, uint64_t *maximum)
{
    size_t start = pattern->position++;
    bool has_low = pattern_number(pattern, minimum);

    *maximum = *minimum;
    if (pattern_skip(pattern, ',')) {
        if (!pattern_number(pattern, maximum))
            *maximum = UINT64_MAX;
    } else if (!has_low) {
        pattern->position = start;
        return false;
    }
    if (pattern_skip(pattern, '}'))
        return true;
    pattern->position = start;
    return false;
}

/** Reads * + ? or {m,n} if it stands here. */
static bool repeat_read(struct pattern *pattern, uint64_t *minimum, uint64_t *maximum)
{
    *minimum = 0;
    *maximum = UINT64_MAX;
    switch (pattern_peek(pattern)) {
    case '+':
        *minimum = 1;
        break;
    case '?':
        *maximum = 1;
        break;
    case '*':
        break;
    case '{':
        return repeat_braces(pattern, minimum, maximum);
    default:
        return false;
    }
    ++pattern->position;
    return true;
}

/** Applies a repetition to what stands last. */
static bool sequence_repeat(struct pattern *pattern, struct sequence *sequence, size_t place, uint64_t minimum,
                            uint64_t maximum)
{
    enum { HIGHEST = 65535 }; /* pcre2's */

    if (minimum > maximum)
        return pattern_fail(pattern, place + 1, "min repeat greater than max repeat");
    if (sequence->kind == LAST_REPEAT)
        return pattern_fail(pattern, place, "multiple repeat");
    if (sequence->kind != LAST_ITEM)
        return pattern_fail(pattern, place, "nothing to repeat");
    if (minimum > HIGHEST)
        return pattern_fail(pattern, place, "the repetition number is too large");
    if (maximum > HIGHEST)
        text_buffer_append_format(pattern->out, "{%u,}", (unsigned)minimum);
    else
        text_buffer_append_format(pattern->out, "{%u,%u}", (unsigned)minimum, (unsigned)maximum);
    if (pattern_skip(pattern, '?'))
        text_buffer_append_char(pattern->out, '?');
    else if (pattern_skip(pattern, '+'))
        text_buffer_append_char(pattern->out, '+');
    sequence->last.minimum = width_times(sequence->last.minimum, minimum);
    sequence->last.maximum = sequence->last.maximum ? width_times(sequence->last.maximum, maximum) : 0;
    sequence->kind = LAST_REPEAT;
    return true;
}

/** Anything but a repetition; `point` is read. */
static bool pattern_atom(struct pattern *pattern, struct sequence *sequence, uint32_t point)
{
    switch (point) {
    case '\\':
        return pattern_escape(pattern, sequence);
    case '(':
        return pattern_group(pattern, sequence);
    case '[':
        sequence_item(sequence, LAST_ITEM, 1, 1);
        return pattern_class(pattern);
    case '.':
        sequence_item(sequence, LAST_ITEM, 1, 1);
        text_buffer_append_char(pattern->out, '.');
        return true;
    case '^':
    case '$':
        sequence_item(sequence, LAST_PLACE, 0, 0);
        text_buffer_append_char(pattern->out, (char)point);
        return true;
    }
    sequence_item(sequence, LAST_ITEM, 1, 1);
    pattern_append_literal(pattern, point);
    return true;
}

/** In verbose mode: moves past white space and comments. */
static bool skip_verbose(struct pattern *pattern)
{
    uint32_t point = pattern_peek(pattern);

    if (!(pattern->flags & REGEX_VERBOSE))
        return false;
    if (point == '#') {
        while (pattern_peek(pattern) != PATTERN_END && !pattern_skip(pattern, '\n'))
            ++pattern->position;
        return true;
    }
    if (point != ' ' && !(point >= '\t' && point <= '\r'))
        return false;
    ++pattern->position;
    return true;
}

/** Items up to a bar, a closing bracket or the end. */
static bool pattern_sequence(struct pattern *pattern, bool at_start, struct pattern_width *width)
{
    struct sequence sequence = {.at_start = at_start};

    for (;;) {
        uint32_t point = pattern_peek(pattern);
        size_t place = pattern->position;
        uint64_t minimum, maximum;

        if (point == PATTERN_END || point == '|' || point == ')')
            break;
        if (skip_verbose(pattern))
            continue;
        if (repeat_read(pattern, &minimum, &maximum)) {
            if (!sequence_repeat(pattern, &sequence, place, minimum, maximum))
                return false;
            continue;
        }
        ++pattern->position;
        if (!pattern_atom(pattern, &sequence, point))
            return false;
    }
    sequence_item(&sequence, LAST_NOTHING, 0, 0);
    *width = sequence.total;
    return true;
}

bool pattern_alternatives(struct pattern *pattern, bool top, struct pattern_width *width)
{
    unsigned branches = 1;
    size_t bar = 0;

    if (!pattern_sequence(pattern, top, width))
        return false;
    for (; pattern_skip(pattern, '|'); ++branches) {
        struct pattern_width other;

        bar = pattern->position - 1;
        text_buffer_append_char(pattern->out, '|');
        if (!pattern_sequence(pattern, false, &other))
            return false;
        if (other.minimum < width->minimum)
            width->minimum = other.minimum;
        if (other.maximum > width->maximum)
            width->maximum = other.maximum;
    }
    pattern->branches = branches;
    pattern->last_bar = bar;
    return true;
}

/** The whole of a pattern. */
static bool pattern_whole(struct pattern *pattern)
{
    struct pattern_width width;

    if (!pattern_alternatives(pattern, true, &width))
        return false;
    if (pattern->position < pattern->count)
        return pattern_fail(pattern, pattern->position, "unbalanced parenthesis");
    if (pattern->highest_condition > pattern->group_count)
        return pattern_fail(pattern, pattern->highest_condition_place, "invalid group reference %u",
                            pattern->highest_condition);
    return true;
}

bool pattern_translate(const char *bytes, size_t length, unsigned *flags, struct text_buffer *out, struct dict *names,
                       uint32_t *group_count, struct error *error)
{
    struct pattern pattern = {.flags = *flags, .out = out, .names = names, .error = error};
    const char *cursor = bytes, *end = bytes + length;

    pattern.points = memory_new((length + 1) * sizeof *pattern.points);
    while (cursor < end)
        pattern.points[pattern.count++] = text_decode(&cursor, end);
    bool ok = pattern_whole(&pattern);
    free(pattern.points);
    free(pattern.groups);
    *flags = pattern.flags;
    *group_count = pattern.group_count;
    return ok;
}
