/*
 * Filters that fit text into lines: indent, truncate, wordwrap.
 *
 * wordwrap follows Python's textwrap: a line is cut into chunks (words, parts of hyphenated words, dashes, runs of
 * white space), which are then filled into lines of the width.
 */
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/compare.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"

/* ---- indent ---- */

static bool indentation_of(struct value width, struct text_buffer *out, struct error *error)
{
    if (value_is_string(width)) {
        text_buffer_append_text(out, width.as.text);
        return true;
    }
    int64_t count;
    if (!value_to_int64(width, &count))
        return error_set(error, ERROR_TYPE, "can't multiply sequence by non-int of type '%s'", value_type_name(width));
    if (count > LIMIT_TEXT_BYTES)
        return error_set(error, ERROR_LIMIT, "an indentation of %lld is too long", (long long)count);
    if (count > 0)
        text_buffer_append_repeated(out, ' ', (size_t)count);
    return true;
}

static bool filter_indent(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    struct value text = arguments[0];
    CLEANUP(text_buffer_done) struct text_buffer indentation = {0}, whole = {0}, out = {0};
    if (!value_is_string(text))
        return error_set(error, ERROR_TYPE, "unsupported operand type(s) for +=: '%s' and 'str'",
                         value_type_name(text));
    if (!indentation_of(arguments[1], &indentation, error))
        return false;
    bool with_first = value_truth(arguments[2]), with_blank = value_truth(arguments[3]);
    /* A newline more, so that a last empty line is a line. */
    text_buffer_append_text(&whole, text.as.text);
    text_buffer_append_char(&whole, '\n');
    const char *cursor = text_buffer_bytes(&whole), *end = cursor + whole.length, *start = cursor, *line_end;
    for (bool is_first = true; text_next_line(&cursor, end, &line_end); start = cursor, is_first = false) {
        if (!is_first)
            text_buffer_append_char(&out, '\n');
        if (is_first ? with_first : with_blank || line_end > start)
            text_buffer_append(&out, text_buffer_bytes(&indentation), indentation.length);
        text_buffer_append(&out, start, (size_t)(line_end - start));
        if (out.length > LIMIT_TEXT_BYTES)
            return error_set(error, ERROR_LIMIT, "the indented text is too long");
    }
    *result = argument_text_like(text_buffer_take(&out), text);
    return true;
}

/* ---- truncate ---- */

/** `number >= least` with Python's message for what cannot be compared. */
static bool is_at_least(struct value number, int64_t least, bool *answer, struct error *error)
{
    int order;
    if (!value_order(number, value_int(least), ">=", &order, error))
        return false;
    *answer = order == 0 || order == 1;
    return true;
}

/** The lengths that truncate was given must allow for the ending. */
static bool check_lengths(struct value length, struct value leeway, int64_t ending, struct error *error)
{
    bool is_enough, is_leeway;
    if (!is_at_least(length, ending, &is_enough, error))
        return false;
    OWNED shown_length = value_str(length), shown_leeway = value_str(leeway);
    if (!is_enough)
        return error_set(error, ERROR_VALUE, "expected length >= %lld, got %s", (long long)ending,
                         value_bytes(shown_length));
    if (!is_at_least(leeway, 0, &is_leeway, error))
        return false;
    return is_leeway || error_set(error, ERROR_VALUE, "expected leeway >= 0, got %s", value_bytes(shown_leeway));
}

/** The first `keep` code points, back to before the last space unless words may be cut, and the ending. */
static bool cut_text(struct value text, int64_t keep, bool cuts_words, struct value ending, struct value *result,
                     struct error *error)
{
    struct text *kept = text_slice(text.as.text, 0, (uint32_t)keep);
    const char *space = cuts_words ? NULL : memrchr(kept->bytes, ' ', kept->length);
    size_t length = space ? (size_t)(space - kept->bytes) : kept->length;
    OWNED head = argument_text_like(text_new(kept->bytes, length), text);
    text_drop(kept);
    return value_arithmetic(ARITHMETIC_ADD, head, ending, result, error);
}

enum { TRUNCATE_LEEWAY = 5 };

static bool filter_truncate(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    (void)evaluation;
    struct value text = arguments[0], length = arguments[1], ending = arguments[3];
    struct value leeway = value_is_null(arguments[4]) ? value_int(TRUNCATE_LEEWAY) : arguments[4];
    bool cuts_words = value_truth(arguments[2]);
    int64_t ending_length, text_length, keep;
    if (!argument_length(ending, &ending_length, error) || !check_lengths(length, leeway, ending_length, error) ||
        !argument_length(text, &text_length, error))
        return false;
    OWNED most = value_null();
    int order;
    if (!value_arithmetic(ARITHMETIC_ADD, length, leeway, &most, error) ||
        !value_order(value_int(text_length), most, "<=", &order, error))
        return false;
    if (order <= 0) {
        *result = value_copy(text);
        return true;
    }
    if (!value_to_int64(length, &keep))
        return error_set(error, ERROR_TYPE, "slice indices must be integers or None or have an __index__ method");
    if (!value_is_string(text))
        return error_set(error, ERROR_TYPE, "'%s' object has no attribute 'rsplit'", value_type_name(text));
    return cut_text(text, keep - ending_length, cuts_words, ending, result, error);
}

/* ---- wordwrap ---- */

/** A line that is being wrapped, by code point. */
struct wrap_line {
    uint32_t *points;
    uint32_t *offsets; /* in bytes; one more for the end */
    size_t count;
    const char *bytes;
};

static void wrap_line_init(struct wrap_line *line, const char *bytes, const char *end)
{
    size_t most = (size_t)(end - bytes);
    *line = (struct wrap_line){.bytes = bytes};
    line->points = memory_new_array(most + 1, sizeof *line->points);
    line->offsets = memory_new_array(most + 1, sizeof *line->offsets);
    for (const char *cursor = bytes; cursor < end; line->count++) {
        line->offsets[line->count] = (uint32_t)(cursor - bytes);
        line->points[line->count] = text_decode(&cursor, end);
    }
    line->offsets[line->count] = (uint32_t)most;
}

static void wrap_line_done(struct wrap_line *line)
{
    memory_cleanup(&line->points);
    memory_cleanup(&line->offsets);
}

static uint32_t point_at(const struct wrap_line *line, size_t i)
{
    return i < line->count ? line->points[i] : 0;
}

static bool is_blank(uint32_t point)
{
    return point == ' ' || (point >= '\t' && point <= '\r');
}

static bool is_word_point(uint32_t point)
{
    return point == '_' || text_point_is_alnum(point);
}

static bool is_letter(uint32_t point)
{
    return is_word_point(point) && !text_point_is_digit(point);
}

static bool is_word_or_mark(uint32_t point)
{
    return is_word_point(point) || (point < 0x80 && point > 0 && strchr("!\"'&.,?", (int)point));
}

/** How many dashes stand at `i`, at least two and before a word; 0 otherwise. */
static size_t dashes_at(const struct wrap_line *line, size_t i)
{
    size_t end = i;
    while (point_at(line, end) == '-')
        end++;
    return end - i >= 2 && is_word_point(point_at(line, end)) ? end - i : 0;
}

/** May the line be broken behind the hyphen at `i`?  Between letters: "self-contained", "e-mail-address". */
static bool is_breaking_hyphen(const struct wrap_line *line, size_t i)
{
    if (point_at(line, i) != '-' || i < 2)
        return false;
    const uint32_t *before = &line->points[i];
    bool after_word = is_letter(before[-1]) && is_letter(before[-2]);
    bool after_part = i >= 3 && is_word_or_mark(before[-1]) && before[-2] == '-' && is_letter(before[-3]);
    if (!after_word && !after_part)
        return false;
    uint32_t next = point_at(line, i + 1), behind = point_at(line, i + 2);
    return is_letter(next) && (is_letter(behind) || (behind == '-' && is_letter(point_at(line, i + 3))));
}

/** Where the chunk that starts at `start` ends. */
static size_t chunk_end(const struct wrap_line *line, size_t start, bool at_hyphens)
{
    size_t end = start;
    if (is_blank(line->points[start])) {
        while (end < line->count && is_blank(line->points[end]))
            end++;
        return end;
    }
    if (at_hyphens && start > 0 && is_word_or_mark(line->points[start - 1]) && dashes_at(line, start))
        return start + dashes_at(line, start);
    for (end = start + 1; end < line->count && !is_blank(line->points[end]); end++) {
        if (at_hyphens && is_breaking_hyphen(line, end))
            return end + 1;
        if (at_hyphens && is_word_or_mark(line->points[end - 1]) && dashes_at(line, end))
            return end;
    }
    return end;
}

struct wrap_style {
    int64_t width;
    bool breaks_words;
    bool at_hyphens;
    struct text *separator;
};

static bool is_all_space(const struct wrap_line *line, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++)
        if (!text_point_is_space(line->points[i]))
            return false;
    return true;
}

/** Where a chunk that is longer than a line is cut when `space` code points are left: behind a hyphen if there is one. */
static size_t cut_chunk(const struct wrap_line *line, size_t start, size_t space, const struct wrap_style *style)
{
    size_t cut = start + space, behind = cut;
    if (!style->at_hyphens)
        return cut;
    while (behind > start && line->points[behind - 1] != '-')
        behind--;
    /* Hyphens alone are no reason to break. */
    for (size_t i = start; i + 1 < behind; i++)
        if (line->points[i] != '-')
            return behind;
    return cut;
}

/** How far the wrapping of a line has come. */
struct wrapping {
    const struct wrap_line *line;
    const struct wrap_style *style;
    size_t position; /* everything before is done */
    size_t chunk;    /* the end of the chunk that `position` is in */
};

static void pass_chunk(struct wrapping *wrapping)
{
    wrapping->position = wrapping->chunk;
    if (wrapping->position < wrapping->line->count)
        wrapping->chunk = chunk_end(wrapping->line, wrapping->position, wrapping->style->at_hyphens);
}

/** Takes as many chunks as fit, from `start`; `*last` is where the last one taken starts. */
static void take_chunks(struct wrapping *wrapping, size_t start, size_t *last)
{
    size_t width = (size_t)wrapping->style->width;
    while (wrapping->position < wrapping->line->count && wrapping->chunk - start <= width) {
        *last = wrapping->position;
        pass_chunk(wrapping);
    }
    if (wrapping->position == wrapping->line->count || wrapping->chunk - wrapping->position <= width)
        return;
    if (wrapping->style->breaks_words) {
        /* Where no space is left an empty part is taken: white space before it then stays, as in textwrap. */
        *last = wrapping->position;
        wrapping->position = cut_chunk(wrapping->line, *last, width - (*last - start), wrapping->style);
    } else if (wrapping->position == start) {
        *last = start;
        pass_chunk(wrapping);
    }
}

/** Appends the line wrapped; white space at the ends of lines is dropped, and so are lines of nothing else. */
static void append_wrapped(struct text_buffer *out, const struct wrap_line *line, const struct wrap_style *style)
{
    struct wrapping wrapping = {.line = line, .style = style};
    pass_chunk(&wrapping);
    for (size_t lines = 0; wrapping.position < line->count;) {
        if (lines > 0 && is_all_space(line, wrapping.position, wrapping.chunk))
            pass_chunk(&wrapping);
        size_t start = wrapping.position, last = start;
        take_chunks(&wrapping, start, &last);
        size_t end = is_all_space(line, last, wrapping.position) ? last : wrapping.position;
        if (end == start)
            continue;
        if (lines++ > 0)
            text_buffer_append_text(out, style->separator);
        text_buffer_append(out, line->bytes + line->offsets[start], line->offsets[end] - line->offsets[start]);
    }
}

/** The width as the longest line: a float counts by its floor. */
static bool width_of(struct value width, int64_t *result, struct error *error)
{
    int order;
    if (!value_order(width, value_int(0), "<=", &order, error))
        return false;
    OWNED shown = value_repr(width);
    if (order != 1)
        return error_set(error, ERROR_VALUE, "invalid width %s (must be > 0)", value_bytes(shown));
    double number;
    if (!value_to_double(width, &number, error))
        return false;
    *result = number < LIMIT_TEXT_BYTES ? (int64_t)number : LIMIT_TEXT_BYTES;
    return true;
}

static bool filter_wordwrap(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    (void)evaluation;
    struct value text = arguments[0], separator = arguments[3];
    if (!value_is_string(text))
        return error_set(error, ERROR_TYPE, "'%s' object has no attribute 'splitlines'", value_type_name(text));
    if (!value_is_null(separator) && !value_is_string(separator))
        return error_set(error, ERROR_TYPE, "'%s' object has no attribute 'join'", value_type_name(separator));
    OWNED newline = value_is_null(separator) ? value_string("\n") : value_copy(separator);
    struct wrap_style style = {.breaks_words = value_truth(arguments[2]),
                               .at_hyphens = value_truth(arguments[4]),
                               .separator = newline.as.text};
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const char *cursor = text.as.text->bytes, *end = cursor + text.as.text->length, *start = cursor, *line_end;
    for (; text_next_line(&cursor, end, &line_end); start = cursor) {
        if (!width_of(arguments[1], &style.width, error))
            return false;
        if (start > text.as.text->bytes)
            text_buffer_append_text(&out, style.separator);
        CLEANUP(wrap_line_done) struct wrap_line line;
        wrap_line_init(&line, start, line_end);
        append_wrapped(&out, &line, &style);
    }
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static const struct function rows[] = {
    {"indent", "s, width=4, first=False, blank=False", filter_indent, 0,
     "The text with its lines moved to the right; first and blank: the first line and empty ones too"},
    {"truncate", "s, length=255, killwords=False, end='...', leeway=None", filter_truncate, 0,
     "The text cut to a length, at a word unless killwords, when it is longer by more than leeway (5)"},
    {"wordwrap", "s, width=79, break_long_words=True, wrapstring=None, break_on_hyphens=True", filter_wordwrap, 0,
     "The text broken into lines of at most this width"},
};

const struct function_table filters_wrap = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
