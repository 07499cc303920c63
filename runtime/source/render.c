#include "runtime/source/render.h"

#include <stdio.h>
#include <string.h>

#include "runtime/value/text.h"

enum {
    LINES_BEFORE = 2,       /* lines shown above the one to blame */
    LINE_POINTS = 120,      /* code points of a line that are shown */
    POINTS_BEFORE_SPAN = 40 /* ... of which these stand before a span that is further to the right than that */
};

static const char CUT_MARK[] = "...";
#define HIDDEN_LINES "(source not shown: content encrypted)"

/** One line as it is shown: byte offsets into it. */
struct window {
    size_t start;
    size_t end;
};

static bool is_continuation(char byte)
{
    return (byte & 0xC0) == 0x80;
}

/** The offset `count` code points behind `from`, at most `length`. */
static size_t move_forward(const char *line, size_t length, size_t from, size_t count)
{
    while (from < length && (count > 0 || is_continuation(line[from])))
        count -= !is_continuation(line[from++]);
    return from;
}

/** The offset `count` code points before `from`, at least 0. */
static size_t move_back(const char *line, size_t from, size_t count)
{
    while (from > 0 && count > 0)
        count -= !is_continuation(line[--from]);
    return from;
}

/** The part of a line to show so that bytes `start` to `end` of it are seen. */
static struct window window_around(const char *line, size_t length, size_t start, size_t end)
{
    struct window window = {.end = move_forward(line, length, 0, LINE_POINTS)};
    if (end <= window.end)
        return window;
    window.start = move_back(line, start, POINTS_BEFORE_SPAN);
    window.end = move_forward(line, length, window.start, LINE_POINTS);
    return window;
}

/** True for what would move the cursor or change the terminal's state, and for bytes that are no UTF-8. */
static bool is_unprintable(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || (point >= 0xDC80 && point <= 0xDCFF);
}

/** Appends bytes of a line so that each code point takes a known width; returns the columns taken. */
static unsigned append_shown(struct text_buffer *out, const char *bytes, size_t length)
{
    size_t before = out->length;
    for (const char *cursor = bytes, *end = bytes + length; cursor < end;) {
        uint32_t point = text_decode(&cursor, end);
        if (point == '\t')
            point = ' ';
        else if (is_unprintable(point))
            point = 0xFFFD;
        text_buffer_append_point(out, point);
    }
    return text_width(text_buffer_bytes(out) + before, out->length - before);
}

static void drop_trailing_blanks(struct text_buffer *out)
{
    size_t length = out->length;
    while (length && text_buffer_bytes(out)[length - 1] == ' ')
        length--;
    text_buffer_truncate(out, length);
}

/** Appends one of the lines above the one to blame. */
static void append_line_before(struct text_buffer *out, struct source *source, uint32_t number, int digits)
{
    size_t length;
    const char *line = source_line(source, number, &length);
    struct window window = window_around(line, length, 0, 0);
    text_buffer_append_format(out, "%*u ", digits, number);
    append_shown(out, line, window.end);
    if (window.end < length)
        text_buffer_append_string(out, CUT_MARK);
    drop_trailing_blanks(out);
    text_buffer_append_char(out, '\n');
}

/** Appends the line to blame with the caret below it. */
static void append_blamed_line(struct text_buffer *out, struct span span, struct place place, int digits)
{
    size_t length;
    const char *line = source_line(span.source, place.line, &length);
    size_t start = span.start - source_line_start(span.source, place.line);
    if (start > length)
        start = length;
    size_t end = span.length > length - start ? start : start + span.length; /* of several lines: only its start */
    struct window window = window_around(line, length, start, end);
    if (end > window.end)
        end = window.end;

    text_buffer_append_format(out, "%*u %s", digits, place.line, window.start ? CUT_MARK : "");
    unsigned indent = digits + 1 + (window.start ? strlen(CUT_MARK) : 0);
    indent += append_shown(out, line + window.start, start - window.start);
    unsigned width = append_shown(out, line + start, end - start);
    append_shown(out, line + end, window.end - end);
    if (window.end < length)
        text_buffer_append_string(out, CUT_MARK);
    drop_trailing_blanks(out);
    text_buffer_append_char(out, '\n');
    text_buffer_append_repeated(out, ' ', indent);
    text_buffer_append_repeated(out, '^', width ? width : 1);
    text_buffer_append_format(out, " column %u\n", place.column);
}

void render_excerpt(struct text_buffer *out, struct span span)
{
    if (!span.source)
        return;
    if (span.start > span.source->length)
        span.start = span.source->length;
    struct place place = source_locate(span.source, span.start);
    text_buffer_append_format(out, "Origin: %s:%u:%u\n\n", span.source->name, place.line, place.column);
    if (span.source->is_secret) {
        text_buffer_append_string(out, HIDDEN_LINES "\n");
        return;
    }
    int digits = snprintf(NULL, 0, "%u", place.line);
    uint32_t first = place.line > LINES_BEFORE ? place.line - LINES_BEFORE : 1;
    for (uint32_t number = first; number < place.line; number++)
        append_line_before(out, span.source, number, digits);
    append_blamed_line(out, span, place, digits);
}

/** An error and those of its causes that have nothing to add to its place. */
struct section {
    const struct error *first;
    const struct error *next; /* the first that is no longer part of it, or NULL */
    struct span span;         /* borrowed */
};

/** The section that starts with `error`: up to the next cause that stands somewhere else. */
static struct section section_from(const struct error *error)
{
    struct section section = {.first = error, .next = error->cause, .span = error->span};
    for (; section.next; section.next = section.next->cause) {
        struct span next = section.next->span;
        if (!section.span.source)
            section.span = next;
        else if (next.source && (next.source != section.span.source || next.start != section.span.start))
            break;
    }
    return section;
}

static void append_section(struct text_buffer *out, struct section section)
{
    CLEANUP(memory_cleanup) char *message = error_chain_message_until(section.first, section.next);
    text_buffer_append_format(out, "%s\n", message);
    render_excerpt(out, section.span);
    for (const struct error *error = section.first; error != section.next; error = error->cause)
        if (error->help)
            text_buffer_append_format(out, "\n%s\n", error->help);
}

void render_error(struct text_buffer *out, const struct error *error)
{
    size_t before = out->length;
    struct section section = section_from(error);
    if (section.next) {
        CLEANUP(memory_cleanup) char *message = error_chain_message(error);
        text_buffer_append_format(out, "%s\n\n", message);
    }
    append_section(out, section);
    while (section.next) {
        section = section_from(section.next);
        text_buffer_append_string(out, "\n<<< caused by >>>\n\n");
        append_section(out, section);
    }
    const char *rendered = text_buffer_bytes(out) + before;
    if (strchr(rendered, '\n') != rendered + (out->length - before) - 1)
        text_buffer_append_char(out, '\n');
}
