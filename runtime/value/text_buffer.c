#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "runtime/value/text.h"

enum { BUFFER_FIRST_CAPACITY = 48 };

void text_buffer_done(struct text_buffer *buffer)
{
    memory_cleanup(&buffer->text);
    *buffer = (struct text_buffer){0};
}

/** Makes room for `count` more bytes and the NUL. */
static void buffer_grow(struct text_buffer *buffer, size_t count)
{
    size_t needed = buffer->length + count;
    if (needed < count || needed >= UINT32_MAX - sizeof(struct text))
        memory_exhausted();
    size_t capacity = buffer->capacity ? buffer->capacity + buffer->capacity / 2 : BUFFER_FIRST_CAPACITY;
    if (capacity < needed)
        capacity = needed;
    buffer->text = memory_resize(buffer->text, 1, sizeof(struct text) + capacity + 1);
    buffer->capacity = capacity;
}

char *text_buffer_reserve(struct text_buffer *buffer, size_t count)
{
    if (!buffer->text || buffer->capacity - buffer->length < count)
        buffer_grow(buffer, count);
    return buffer->text->bytes + buffer->length;
}

void text_buffer_added(struct text_buffer *buffer, size_t count)
{
    buffer->length += count;
    buffer->text->bytes[buffer->length] = '\0';
}

void text_buffer_append(struct text_buffer *buffer, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    memcpy(text_buffer_reserve(buffer, length), bytes, length);
    text_buffer_added(buffer, length);
}

void text_buffer_append_string(struct text_buffer *buffer, const char *string)
{
    text_buffer_append(buffer, string, strlen(string));
}

void text_buffer_append_text(struct text_buffer *buffer, const struct text *text)
{
    text_buffer_append(buffer, text->bytes, text->length);
}

void text_buffer_append_char(struct text_buffer *buffer, char byte)
{
    *text_buffer_reserve(buffer, 1) = byte;
    text_buffer_added(buffer, 1);
}

void text_buffer_append_repeated(struct text_buffer *buffer, char byte, size_t count)
{
    if (count == 0)
        return;
    memset(text_buffer_reserve(buffer, count), byte, count);
    text_buffer_added(buffer, count);
}

void text_buffer_append_point(struct text_buffer *buffer, uint32_t point)
{
    if (point < 0x80 || (point >= 0xDC80 && point <= 0xDCFF)) {
        text_buffer_append_char(buffer, (char)(point & 0xFF));
        return;
    }
    int tail = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const unsigned char leads[] = {0, 0xC0, 0xE0, 0xF0};
    text_buffer_append_char(buffer, (char)(leads[tail] | point >> (6 * tail)));
    while (tail-- > 0)
        text_buffer_append_char(buffer, (char)(0x80 | (point >> (6 * tail) & 0x3F)));
}

void text_buffer_append_format(struct text_buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        bug("cannot format '%s'", format);
    vsnprintf(text_buffer_reserve(buffer, (size_t)length), (size_t)length + 1, format, again);
    text_buffer_added(buffer, (size_t)length);
    va_end(again);
}

void text_buffer_truncate(struct text_buffer *buffer, size_t length)
{
    if (!buffer->text)
        return;
    buffer->length = length;
    buffer->text->bytes[length] = '\0';
}

const char *text_buffer_bytes(const struct text_buffer *buffer)
{
    return buffer->text ? buffer->text->bytes : "";
}

struct text *text_buffer_take(struct text_buffer *buffer)
{
    if (!buffer->text)
        return text_new("", 0);
    struct text *text = buffer->text;
    if (buffer->capacity - buffer->length > BUFFER_FIRST_CAPACITY + buffer->length / 4)
        text = memory_resize(text, 1, sizeof *text + buffer->length + 1);
    *text = (struct text){.references = 1, .length = (uint32_t)buffer->length, .points = UINT32_MAX};
    *buffer = (struct text_buffer){0};
    return text;
}
