#include "runtime/source/source.h"

#include <stdlib.h>
#include <string.h>

struct source *source_new(const char *name, const char *bytes, size_t length)
{
    if (length >= UINT32_MAX)
        bug("a source of %zu bytes: spans hold 32 bits", length);
    struct source *source = memory_new_array(1, sizeof *source);
    source->references = 1;
    source->name = memory_copy_string(name, strlen(name));
    source->bytes = memory_copy_string(bytes, length);
    source->length = length;
    return source;
}

struct source *source_copy(struct source *source)
{
    source->references++;
    return source;
}

void source_drop(struct source *source)
{
    if (!source || --source->references)
        return;
    if (source->is_secret)
        explicit_bzero(source->bytes, source->length);
    free(source->name);
    free(source->bytes);
    free(source->line_starts);
    free(source);
}

/** Fills line_starts; a line ends behind its "\n", and what follows the last one is a line, too. */
static void source_index_lines(struct source *source)
{
    const char *end = source->bytes + source->length;
    uint32_t count = 1;
    for (const char *at = source->bytes; (at = memchr(at, '\n', end - at)); at++)
        count++;
    source->line_starts = memory_new_array(count, sizeof *source->line_starts);
    source->line_count = 1;
    for (const char *at = source->bytes; (at = memchr(at, '\n', end - at)); at++)
        source->line_starts[source->line_count++] = at + 1 - source->bytes;
}

/** The index (from 0) of the line that holds byte `offset`. */
static uint32_t source_find_line(const struct source *source, uint32_t offset)
{
    uint32_t low = 0, high = source->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

struct place source_locate(struct source *source, uint32_t offset)
{
    if (!source->line_starts)
        source_index_lines(source);
    if (offset > source->length)
        offset = source->length;
    uint32_t line = source_find_line(source, offset);
    struct place place = {.line = line + 1, .column = 1};
    for (uint32_t at = source->line_starts[line]; at < offset; at++)
        place.column += (source->bytes[at] & 0xC0) != 0x80; /* UTF-8's continuation bytes start no code point */
    return place;
}

uint32_t source_line_start(struct source *source, uint32_t line)
{
    if (!source->line_starts)
        source_index_lines(source);
    if (line < 1)
        line = 1;
    if (line > source->line_count)
        line = source->line_count;
    return source->line_starts[line - 1];
}

const char *source_line(struct source *source, uint32_t line, size_t *length)
{
    uint32_t start = source_line_start(source, line);
    const char *bytes = source->bytes + start;
    const char *end = memchr(bytes, '\n', source->length - start);
    if (!end)
        end = source->bytes + source->length;
    else if (end > bytes && end[-1] == '\r')
        end--;
    *length = end - bytes;
    return bytes;
}

struct span span_copy(struct span span)
{
    if (span.source)
        span.source->references++;
    return span;
}

void span_drop(struct span span)
{
    source_drop(span.source);
}

struct span span_join(struct span first, struct span last)
{
    if (!first.source || !last.source)
        return first.source ? first : last;
    first.length = last.start + last.length - first.start;
    return first;
}
