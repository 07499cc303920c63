/*
 * Replacing, stripping, centring and dividing into lines, as Python's str methods do.
 */
#include <string.h>

#include "runtime/value/text.h"

/** Puts `new` in front of each code point and behind the last, `limit` times at most. */
static struct text *replace_between(struct text *text, const struct text *new, int64_t limit)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const char *cursor = text->bytes, *end = text->bytes + text->length;
    while (limit != 0) {
        text_buffer_append_text(&out, new);
        limit--;
        if (cursor == end)
            break;
        const char *point = cursor;
        text_decode(&cursor, end);
        text_buffer_append(&out, point, (size_t)(cursor - point));
    }
    text_buffer_append(&out, cursor, (size_t)(end - cursor));
    return text_buffer_take(&out);
}

struct text *text_replace(struct text *text, const struct text *old, const struct text *new, int64_t limit)
{
    if (limit == 0)
        return text_copy(text);
    if (old->length == 0)
        return replace_between(text, new, limit);
    const char *cursor = text->bytes, *end = text->bytes + text->length;
    const char *found = memmem(cursor, text->length, old->bytes, old->length);
    if (!found)
        return text_copy(text);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    while (found && limit != 0) {
        text_buffer_append(&out, cursor, (size_t)(found - cursor));
        text_buffer_append_text(&out, new);
        limit--;
        cursor = found + old->length;
        found = memmem(cursor, (size_t)(end - cursor), old->bytes, old->length);
    }
    text_buffer_append(&out, cursor, (size_t)(end - cursor));
    return text_buffer_take(&out);
}

static bool is_stripped(uint32_t point, const struct text *characters)
{
    if (!characters)
        return text_point_is_space(point);
    const char *cursor = characters->bytes, *end = characters->bytes + characters->length;
    while (cursor < end)
        if (text_decode(&cursor, end) == point)
            return true;
    return false;
}

/** The start of the code point that ends before `cursor`. */
static const char *point_before(const char *start, const char *cursor)
{
    for (ptrdiff_t size = 1; size <= 4 && size <= cursor - start; size++) {
        const char *next = cursor - size;
        if (((unsigned char)*next & 0xC0) == 0x80)
            continue;
        text_decode(&next, cursor);
        return next == cursor ? cursor - size : cursor - 1;
    }
    return cursor - 1;
}

struct text *text_strip(struct text *text, const struct text *characters, enum text_side sides)
{
    const char *start = text->bytes, *end = text->bytes + text->length;
    while (sides & TEXT_LEFT && start < end) {
        const char *next = start;
        if (!is_stripped(text_decode(&next, end), characters))
            break;
        start = next;
    }
    while (sides & TEXT_RIGHT && start < end) {
        const char *last = point_before(start, end), *cursor = last;
        if (!is_stripped(text_decode(&cursor, end), characters))
            break;
        end = last;
    }
    if ((size_t)(end - start) == text->length)
        return text_copy(text);
    return text_new(start, (size_t)(end - start));
}

struct text *text_center(struct text *text, int64_t width, uint32_t fill)
{
    int64_t missing = width - (int64_t)text_points(text);
    if (missing <= 0)
        return text_copy(text);
    int64_t left = missing / 2 + (missing & width & 1);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    for (int64_t i = 0; i < left; i++)
        text_buffer_append_point(&out, fill);
    text_buffer_append_text(&out, text);
    for (int64_t i = left; i < missing; i++)
        text_buffer_append_point(&out, fill);
    return text_buffer_take(&out);
}

static bool is_line_break(uint32_t point)
{
    return (point >= '\n' && point <= '\r') || (point >= 0x1C && point <= 0x1E) || point == 0x85 || point == 0x2028 ||
           point == 0x2029;
}

bool text_next_line(const char **cursor, const char *end, const char **line_end)
{
    if (*cursor == end)
        return false;
    const char *next = *cursor;
    while (next < end) {
        const char *point_start = next;
        uint32_t point = text_decode(&next, end);
        if (!is_line_break(point))
            continue;
        if (point == '\r' && next < end && *next == '\n')
            next++;
        *line_end = point_start;
        *cursor = next;
        return true;
    }
    *line_end = *cursor = end;
    return true;
}
