/*
 * Patterns: Python's syntax of regular expressions read and written as pcre2's.  For regex.c alone.
 */
#ifndef PLAYLET_RUNTIME_VALUE_REGEX_PATTERN_H
#define PLAYLET_RUNTIME_VALUE_REGEX_PATTERN_H

#include "runtime/value/dict.h"
#include "runtime/value/regex.h"

/** How many characters a part of a pattern may take. */
struct pattern_width {
    uint64_t minimum, maximum;
};

/** A pattern that is being translated. */
struct pattern {
    uint32_t *points; /* the code points of Python's text */
    size_t count;
    size_t position;
    unsigned flags; /* REGEX_*, as they are at `position` */
    struct text_buffer *out;
    struct dict *names;           /* of groups: name to number */
    struct pattern_width *groups; /* [number]; an open group has the minimum PATTERN_OPEN */
    uint32_t group_count;
    uint32_t group_capacity;
    uint32_t highest_condition; /* the highest group that a condition asks for, and where */
    size_t highest_condition_place;
    size_t last_bar;   /* where the last bar of these alternatives stands */
    unsigned branches; /* of the alternatives that were read last */
    unsigned depth;
    struct error *error;
};

#define PATTERN_OPEN UINT64_MAX
#define PATTERN_END UINT32_MAX

/** The translation of `length` bytes; inline flags at its start are added to *flags, groups get numbers and names. */
bool pattern_translate(const char *bytes, size_t length, unsigned *flags, struct text_buffer *out, struct dict *names,
                       uint32_t *group_count, struct error *error);

/** Fills the error "<message> at position <place>" and returns false. */
bool pattern_fail(struct pattern *pattern, size_t place, const char *format, ...) PRINTF_FORMAT(3, 4);

/** The code point at hand, PATTERN_END at the end. */
static inline uint32_t pattern_peek(const struct pattern *pattern)
{
    return pattern->position < pattern->count ? pattern->points[pattern->position] : PATTERN_END;
}

/** Moves past `point` if it is next. */
static inline bool pattern_skip(struct pattern *pattern, uint32_t point)
{
    if (pattern_peek(pattern) != point)
        return false;
    ++pattern->position;
    return true;
}

/** Appends one code point as a literal, outside or inside of a class. */
void pattern_append_literal(struct pattern *pattern, uint32_t point);

/** Reads `digits` hexadecimal digits of an escape that began at `start`. */
bool pattern_hexadecimal(struct pattern *pattern, size_t start, unsigned digits, uint32_t *point);

/** A class of characters ("\d"), or NULL. */
struct pattern_category {
    char letter;
    const char *outside; /* in pcre2's syntax, on its own */
    const char *inside;  /* in brackets */
    const char *ascii;   /* in brackets, of ASCII alone */
};
const struct pattern_category *pattern_category_find(uint32_t letter);

/** Digits as a number, saturated; false when there are none. */
bool pattern_number(struct pattern *pattern, uint64_t *number);

/** The character of an escape such as \n or \x41, `letter` already read; 0 in *matched when it is none of these. */
bool pattern_character(struct pattern *pattern, size_t start, uint32_t letter, bool *matched, uint32_t *point);

/** A class in brackets; the opening one is read. */
bool pattern_class(struct pattern *pattern);

/** What stands last in a sequence, for the repetition that may follow. */
enum last_kind { LAST_NOTHING, LAST_PLACE, LAST_ITEM, LAST_REPEAT };

struct sequence {
    struct pattern_width total; /* without the last item */
    struct pattern_width last;
    enum last_kind kind;
    bool at_start; /* nothing of the whole pattern stands before: global flags may follow */
};

/** A new last item, with its width. */
void sequence_item(struct sequence *sequence, enum last_kind kind, uint64_t minimum, uint64_t maximum);

/** A reference back to group `number`, written at `place`. */
bool pattern_reference(struct pattern *pattern, struct sequence *sequence, uint32_t number, size_t place);

/** A group; the opening bracket is read. */
bool pattern_group(struct pattern *pattern, struct sequence *sequence);

/** Sequences with bars between them, up to a closing bracket or the end; `top`: the whole pattern. */
bool pattern_alternatives(struct pattern *pattern, bool top, struct pattern_width *width);

/** A message's quotation of the points from `start` to before `end`; to be freed. */
char *pattern_quote(const struct pattern *pattern, size_t start, size_t end) NODISCARD;

#endif
