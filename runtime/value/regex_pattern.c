/*
 * Patterns: alternatives, sequences, repetitions, groups.  One function a production of Python's syntax.
 *
 * Groups are written without their names, which have no limit of length in Python; references go by number.
 * Widths are followed because Python refuses a look-behind whose width is not fixed.
 */
#include "runtime/value/regex_pattern.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/limits.h"

static bool pattern_alternatives(struct pattern *pattern, bool top, struct pattern_width *width);

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

/** What stands last in a sequence, for the repetition that may follow. */
enum last_kind { LAST_NOTHING, LAST_PLACE, LAST_ITEM, LAST_REPEAT };

struct sequence {
    struct pattern_width total; /* without the last item */
    struct pattern_width last;
    enum last_kind kind;
    bool at_start; /* nothing of the whole pattern stands before: global flags may follow */
};

/** A new last item; *last* starts with the given width. */
static void sequence_item(struct sequence *sequence, enum last_kind kind, uint64_t minimum, uint64_t maximum)
{
    sequence->total.minimum = width_add(sequence->total.minimum, sequence->last.minimum);
    sequence->total.maximum = width_add(sequence->total.maximum, sequence->last.maximum);
    sequence->last = (struct pattern_width){minimum, maximum};
    sequence->kind = kind;
    sequence->at_start = false;
}

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

/** A reference back to group `number`, written at `place`. */
static bool append_reference(struct pattern *pattern, struct sequence *sequence, uint32_t number, size_t place)
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
    return append_reference(pattern, sequence, number, start);
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

/** Digits as a number, saturated; false when there are none. */
static bool pattern_number(struct pattern *pattern, uint64_t *number)
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
    return append_reference(pattern, sequence, (uint32_t)number->as.integer, start);
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

/** A group; the opening bracket is read. */
static bool pattern_group(struct pattern *pattern, struct sequence *sequence)
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

/** Sequences with bars between them. */
static bool pattern_alternatives(struct pattern *pattern, bool top, struct pattern_width *width)
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
