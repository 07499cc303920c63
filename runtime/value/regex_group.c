/*
 * Groups of patterns: whatever Python's syntax has in round brackets.
 *
 * Groups are written without their names, which have no limit of length in Python; references go by number.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/regex_pattern.h"

/** Opens a group and gives it its number. */
static uint32_t group_open(struct pattern *pattern)
{
    uint32_t number = ++pattern->group_count;

    if (number >= pattern->group_capacity) {
        pattern->group_capacity = (uint32_t)memory_grown(pattern->group_capacity);
        pattern->groups = memory_resize(pattern->groups, pattern->group_capacity, sizeof *pattern->groups);
    }
    pattern->groups[number].minimum = PATTERN_OPEN;
    return number;
}

/** The text up to `end`, which is read too; *name is owned. */
static bool group_name_text(struct pattern *pattern, uint32_t end, char **name)
{
    size_t start = pattern->position;

    while (pattern_peek(pattern) != PATTERN_END && pattern_peek(pattern) != end)
        ++pattern->position;
    if (start == pattern->position)
        return pattern_fail(pattern, start, "missing group name");
    if (pattern_peek(pattern) == PATTERN_END)
        return pattern_fail(pattern, start, "missing %c, unterminated name", (int)end);
    *name = pattern_quote(pattern, start, pattern->position++);
    return true;
}

/** Python's str.isidentifier of the points from `start` to before `end`. */
static bool is_identifier(const struct pattern *pattern, size_t start, size_t end)
{
    for (size_t i = start; i < end; ++i) {
        uint32_t point = pattern->points[i];
        bool is_digit = text_point_is_digit(point);
        if (point != '_' && !text_point_is_alpha(point) && !(is_digit && i > start))
            return false;
    }
    return end > start;
}

/** A name up to `end` that must be an identifier. */
static bool group_name(struct pattern *pattern, uint32_t end, char **name)
{
    size_t start = pattern->position;

    if (!group_name_text(pattern, end, name))
        return false;
    if (is_identifier(pattern, start, pattern->position - 1))
        return true;
    pattern_fail(pattern, start, "bad character in group name '%s'", *name);
    free(*name);
    *name = NULL;
    return false;
}

/** (?P<name> has been read as far as the <: opens the group. */
static bool group_named(struct pattern *pattern, uint32_t *number)
{
    size_t start = pattern->position;
    CLEANUP(memory_cleanup) char *name = NULL;

    if (!group_name(pattern, '>', &name))
        return false;
    const struct value *old = dict_find_string(pattern->names, name);
    if (old)
        return pattern_fail(pattern, start, "redefinition of group name '%s' as group %u; was group %d", name,
                            pattern->group_count + 1, (int)old->as.integer);
    *number = group_open(pattern);
    dict_set_string_take(pattern->names, name, value_int(*number));
    text_buffer_append_char(pattern->out, '(');
    return true;
}

/** (?P=name): all but (?P= is still to be read. */
static bool group_reference(struct pattern *pattern, struct sequence *sequence)
{
    size_t start = pattern->position;
    CLEANUP(memory_cleanup) char *name = NULL;

    if (!group_name(pattern, ')', &name))
        return false;
    const struct value *number = dict_find_string(pattern->names, name);
    if (!number)
        return pattern_fail(pattern, start, "unknown group name '%s'", name);
    return pattern_reference(pattern, sequence, (uint32_t)number->as.integer, start);
}

/** The body of a group as far as its closing bracket, which is written too. */
static bool group_body(struct pattern *pattern, size_t start, struct pattern_width *width)
{
    if (++pattern->depth > LIMIT_EXPRESSION_DEPTH)
        return error_set(pattern->error, ERROR_LIMIT, "more than %d groups within one another in a regular expression",
                         LIMIT_EXPRESSION_DEPTH);
    if (!pattern_alternatives(pattern, false, width))
        return false;
    --pattern->depth;
    if (!pattern_skip(pattern, ')'))
        return pattern_fail(pattern, start, "missing ), unterminated subpattern");
    text_buffer_append_char(pattern->out, ')');
    return true;
}

/** A look-around, `opening` is what pcre2 wants for it. */
static bool group_around(struct pattern *pattern, struct sequence *sequence, size_t start, const char *opening,
                         bool is_behind)
{
    struct pattern_width width;

    text_buffer_append_string(pattern->out, opening);
    if (!group_body(pattern, start, &width))
        return false;
    if (is_behind && width.minimum != width.maximum)
        return error_set(pattern->error, ERROR_VALUE, "look-behind requires fixed-width pattern");
    sequence_item(sequence, LAST_ITEM, 0, 0);
    return true;
}

/** The number or name in (?(...). */
static bool condition_group(struct pattern *pattern, uint32_t *number)
{
    size_t start = pattern->position;
    CLEANUP(memory_cleanup) char *name = NULL;

    if (!group_name_text(pattern, ')', &name))
        return false;
    size_t end = pattern->position;
    if (is_identifier(pattern, start, end - 1)) {
        const struct value *found = dict_find_string(pattern->names, name);
        if (!found)
            return pattern_fail(pattern, start, "unknown group name '%s'", name);
        *number = (uint32_t)found->as.integer;
        return true;
    }
    uint64_t value;
    pattern->position = start;
    if (!pattern_number(pattern, &value) || pattern->position != end - 1)
        return pattern_fail(pattern, start, "bad character in group name '%s'", name);
    pattern->position = end;
    if (value == 0)
        return pattern_fail(pattern, start, "bad group number");
    if (value > UINT16_MAX)
        return pattern_fail(pattern, start, "invalid group reference %ju", (uintmax_t)value);
    *number = (uint32_t)value;
    if (*number > pattern->highest_condition) {
        pattern->highest_condition = *number;
        pattern->highest_condition_place = start;
    }
    return true;
}

/** (?(1)yes|no), read as far as the second bracket. */
static bool group_condition(struct pattern *pattern, struct sequence *sequence, size_t start)
{
    struct pattern_width width;
    uint32_t number;

    if (!condition_group(pattern, &number))
        return false;
    text_buffer_append_format(pattern->out, "(?(%u)", number);
    if (!group_body(pattern, start, &width))
        return false;
    if (pattern->branches > 2)
        return pattern_fail(pattern, pattern->last_bar, "conditional backref with more than two branches");
    sequence_item(sequence, LAST_ITEM, pattern->branches == 2 ? width.minimum : 0, width.maximum);
    return true;
}

/** One letter of inline flags, 0 when it is none. */
static unsigned flag_of(uint32_t letter)
{
    switch (letter) {
    case 'i':
        return REGEX_IGNORECASE;
    case 'm':
        return REGEX_MULTILINE;
    case 's':
        return REGEX_DOTALL;
    case 'x':
        return REGEX_VERBOSE;
    case 'a':
        return REGEX_ASCII;
    }
    return 0;
}

/** Letters of flags up to one that is none; `missing` is the complaint about that. */
static bool flags_read(struct pattern *pattern, const char *ends, const char *missing, unsigned *flags)
{
    bool has_unicode = false;

    for (;; ++pattern->position) {
        uint32_t letter = pattern_peek(pattern);
        unsigned flag = flag_of(letter);

        if (letter == 'L')
            return pattern_fail(pattern, pattern->position + 1,
                                "bad inline flags: cannot use 'L' flag with a str pattern");
        has_unicode |= letter == 'u';
        *flags |= flag;
        if (has_unicode && *flags & REGEX_ASCII)
            return pattern_fail(pattern, pattern->position + 1,
                                "bad inline flags: flags 'a', 'u' and 'L' are incompatible");
        if (flag || letter == 'u')
            continue;
        if (letter < 128 && letter && strchr(ends, (int)letter))
            return true;
        bool is_letter = letter != PATTERN_END && text_point_is_alpha(letter);
        return pattern_fail(pattern, pattern->position, "%s", is_letter ? "unknown flag" : missing);
    }
}

static void flags_append(struct pattern *pattern, unsigned flags)
{
    static const char letters[] = "ims";

    for (unsigned i = 0; i < 3; ++i)
        if (flags & 1u << i)
            text_buffer_append_char(pattern->out, letters[i]);
}

/** (?i) or (?i-s:...); the letters are still to be read. */
static bool group_flags(struct pattern *pattern, struct sequence *sequence, size_t start)
{
    unsigned on = 0, off = 0, before = pattern->flags;
    struct pattern_width width;

    if (!flags_read(pattern, ")-:", "missing -, : or )", &on))
        return false;
    if (pattern_skip(pattern, ')')) {
        if (!sequence->at_start)
            return pattern_fail(pattern, start, "global flags not at the start of the expression");
        pattern->flags |= on;
        return true;
    }
    if (pattern_skip(pattern, '-') && (flag_of(pattern_peek(pattern)) == 0 && pattern_peek(pattern) == ':'))
        return pattern_fail(pattern, pattern->position, "missing flag");
    if (!flags_read(pattern, ":", off ? "missing :" : "missing flag", &off))
        return false;
    if (on & off)
        return pattern_fail(pattern, pattern->position, "bad inline flags: flag turned on and off");
    ++pattern->position;
    text_buffer_append_string(pattern->out, "(?");
    flags_append(pattern, on);
    if (off & (REGEX_IGNORECASE | REGEX_MULTILINE | REGEX_DOTALL))
        text_buffer_append_char(pattern->out, '-');
    flags_append(pattern, off);
    text_buffer_append_char(pattern->out, ':');
    pattern->flags = (pattern->flags | on) & ~off;
    if (!group_body(pattern, start, &width))
        return false;
    pattern->flags = before;
    sequence_item(sequence, LAST_ITEM, width.minimum, width.maximum);
    return true;
}

/** A group that is written as `opening` body `)`; `number` is 0 when it does not capture. */
static bool group_plain(struct pattern *pattern, struct sequence *sequence, size_t start, const char *opening,
                        uint32_t number)
{
    struct pattern_width width;
    unsigned flags = pattern->flags;

    text_buffer_append_string(pattern->out, opening);
    if (!group_body(pattern, start, &width))
        return false;
    pattern->flags = flags;
    if (number)
        pattern->groups[number] = width;
    sequence_item(sequence, LAST_ITEM, width.minimum, width.maximum);
    return true;
}

/** (?P...: what follows the P. */
static bool group_python(struct pattern *pattern, struct sequence *sequence, size_t start)
{
    uint32_t number;

    if (pattern_skip(pattern, '<'))
        return group_named(pattern, &number) && group_plain(pattern, sequence, start, "", number);
    if (pattern_skip(pattern, '='))
        return group_reference(pattern, sequence);
    if (pattern_peek(pattern) == PATTERN_END)
        return pattern_fail(pattern, pattern->position, "unexpected end of pattern");
    CLEANUP(memory_cleanup) char *letter = pattern_quote(pattern, pattern->position, pattern->position + 1);
    return pattern_fail(pattern, start + 1, "unknown extension ?P%s", letter);
}

/** (?<= and (?<!. */
static bool group_behind(struct pattern *pattern, struct sequence *sequence, size_t start)
{
    if (pattern_skip(pattern, '='))
        return group_around(pattern, sequence, start, "(?<=", true);
    if (pattern_skip(pattern, '!'))
        return group_around(pattern, sequence, start, "(?<!", true);
    if (pattern_peek(pattern) == PATTERN_END)
        return pattern_fail(pattern, pattern->position, "unexpected end of pattern");
    CLEANUP(memory_cleanup) char *letter = pattern_quote(pattern, pattern->position, pattern->position + 1);
    return pattern_fail(pattern, start + 1, "unknown extension ?<%s", letter);
}

/** (?#...): nothing is written. */
static bool group_comment(struct pattern *pattern, size_t start)
{
    while (pattern_peek(pattern) != PATTERN_END)
        if (pattern->points[pattern->position++] == ')')
            return true;
    return pattern_fail(pattern, start, "missing ), unterminated comment");
}

bool pattern_group(struct pattern *pattern, struct sequence *sequence)
{
    size_t start = pattern->position - 1;

    if (!pattern_skip(pattern, '?'))
        return group_plain(pattern, sequence, start, "(", group_open(pattern));
    uint32_t letter = pattern_peek(pattern);
    if (letter == PATTERN_END)
        return pattern_fail(pattern, pattern->position, "unexpected end of pattern");
    if (flag_of(letter) || letter == 'u' || letter == 'L' || letter == '-')
        return group_flags(pattern, sequence, start);
    ++pattern->position;
    switch (letter) {
    case ':':
        return group_plain(pattern, sequence, start, "(?:", 0);
    case '>':
        return group_plain(pattern, sequence, start, "(?>", 0);
    case 'P':
        return group_python(pattern, sequence, start);
    case '#':
        return group_comment(pattern, start);
    case '=':
        return group_around(pattern, sequence, start, "(?=", false);
    case '!':
        return group_around(pattern, sequence, start, "(?!", false);
    case '<':
        return group_behind(pattern, sequence, start);
    case '(':
        return group_condition(pattern, sequence, start);
    }
    CLEANUP(memory_cleanup) char *quoted = pattern_quote(pattern, pattern->position - 1, pattern->position);
    return pattern_fail(pattern, start + 1, "unknown extension ?%s", quoted);
}
