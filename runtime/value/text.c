#include "runtime/value/text.h"

#include <stddef.h>
#include <string.h>

enum { POINTS_UNKNOWN = UINT32_MAX };

/** A body with room for `length` bytes, which the caller writes; everything else is set. */
static struct text *text_new_empty(size_t length)
{
    if (length >= UINT32_MAX - sizeof(struct text))
        memory_exhausted();
    struct text *text = memory_new(sizeof *text + length + 1);
    *text = (struct text){.references = 1, .length = (uint32_t)length, .points = POINTS_UNKNOWN};
    text->bytes[length] = '\0';
    return text;
}

struct text *text_new(const char *bytes, size_t length)
{
    struct text *text = text_new_empty(length);
    if (length > 0)
        memcpy(text->bytes, bytes, length);
    return text;
}

struct text *text_copy(struct text *text)
{
    text->references++;
    return text;
}

void text_drop(struct text *text)
{
    if (!text || --text->references > 0)
        return;
    if (text->span.source)
        span_drop(text->span);
    memory_cleanup(&text);
}

struct text *text_with_span_take(struct text *text, struct span span)
{
    if (text->references > 1) {
        struct text *copy = text_new(text->bytes, text->length);
        copy->hash = text->hash;
        copy->points = text->points;
        text_drop(text);
        text = copy;
    }
    struct span old = text->span;
    text->span = span_copy(span);
    span_drop(old);
    return text;
}

static inline uint64_t hash_mix(uint64_t hash)
{
    hash *= 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 32;
}

/** Multiplicative mixing of eight bytes at a time (after the finalisers of MurmurHash, A. Appleby, 2008). */
uint32_t text_hash_bytes(const char *bytes, size_t length)
{
    uint64_t hash = length * 0xD6E8FEB86659FD93u;
    uint64_t word;
    for (; length >= sizeof word; bytes += sizeof word, length -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        hash = hash_mix(hash ^ word);
    }
    if (length > 0) {
        word = 0;
        memcpy(&word, bytes, length);
        hash = hash_mix(hash ^ word);
    }
    uint32_t folded = (uint32_t)(hash ^ hash >> 29);
    return folded ? folded : 1;
}

uint32_t text_hash(struct text *text)
{
    if (text->hash == 0)
        text->hash = text_hash_bytes(text->bytes, text->length);
    return text->hash;
}

bool text_equal(const struct text *left, const struct text *right)
{
    return left == right || (left->length == right->length && memcmp(left->bytes, right->bytes, left->length) == 0);
}

int text_compare(const struct text *left, const struct text *right)
{
    uint32_t shorter = left->length < right->length ? left->length : right->length;
    uint32_t same = 0;
    while (same < shorter && left->bytes[same] == right->bytes[same])
        same++;
    if (same == shorter)
        return (left->length > right->length) - (left->length < right->length);
    unsigned char left_byte = (unsigned char)left->bytes[same], right_byte = (unsigned char)right->bytes[same];
    if (left_byte < 0x80 && right_byte < 0x80)
        return left_byte < right_byte ? -1 : 1;
    /* A stray byte stands for a code point that its value does not order by, and only decoding tells it apart. */
    const char *left_cursor = left->bytes, *right_cursor = right->bytes;
    while (left_cursor < left->bytes + left->length && right_cursor < right->bytes + right->length) {
        uint32_t left_point = text_decode(&left_cursor, left->bytes + left->length);
        uint32_t right_point = text_decode(&right_cursor, right->bytes + right->length);
        if (left_point != right_point)
            return left_point < right_point ? -1 : 1;
    }
    return (right_cursor == right->bytes + right->length) - (left_cursor == left->bytes + left->length);
}

/** Length of the leading bytes that are ASCII. */
static size_t ascii_prefix(const char *bytes, size_t length)
{
    size_t i = 0;
    uint64_t word;
    for (; i + sizeof word <= length; i += sizeof word) {
        memcpy(&word, bytes + i, sizeof word);
        if (word & 0x8080808080808080u)
            break;
    }
    while (i < length && (unsigned char)bytes[i] < 0x80)
        i++;
    return i;
}

uint32_t text_points(struct text *text)
{
    if (text->points != POINTS_UNKNOWN)
        return text->points;
    size_t ascii = ascii_prefix(text->bytes, text->length);
    const char *cursor = text->bytes + ascii, *end = text->bytes + text->length;
    uint32_t points = (uint32_t)ascii;
    for (; cursor < end; points++)
        text_decode(&cursor, end);
    return text->points = points;
}

uint32_t text_offset(struct text *text, uint32_t index)
{
    if (text_is_single_byte(text))
        return index;
    if (index >= text_points(text))
        return text->length;
    const char *cursor = text->bytes, *end = text->bytes + text->length;
    while (index-- > 0)
        text_decode(&cursor, end);
    return (uint32_t)(cursor - text->bytes);
}

struct text *text_slice(struct text *text, uint32_t start, uint32_t end)
{
    if (start == 0 && end == text_points(text))
        return text_copy(text);
    uint32_t first = text_offset(text, start), last = text_offset(text, end);
    struct text *slice = text_new(text->bytes + first, last - first);
    slice->points = end - start;
    return slice;
}

static inline bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/** Bytes of the well-formed sequence at `bytes` that begins with a byte past ASCII, or 0. */
static size_t sequence_length(const unsigned char *bytes, size_t available)
{
    unsigned char lead = bytes[0];
    size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                    : lead >= 0xE0 && lead <= 0xEF ? 3
                    : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                   : 0;
    if (length == 0 || length > available)
        return 0;
    for (size_t i = 1; i < length; i++)
        if (!is_continuation((char)bytes[i]))
            return 0;
    if ((lead == 0xE0 && bytes[1] < 0xA0) || (lead == 0xF0 && bytes[1] < 0x90) || (lead == 0xF4 && bytes[1] > 0x8F))
        return 0;
    return length;
}

/** Lone surrogates, which JSON can name, are kept in their three-byte form and decoded from it. */
uint32_t text_decode(const char **cursor, const char *end)
{
    const unsigned char *bytes = (const unsigned char *)*cursor;
    if (bytes[0] < 0x80) {
        ++*cursor;
        return bytes[0];
    }
    size_t length = sequence_length(bytes, (size_t)(end - *cursor));
    if (length == 0) {
        ++*cursor;
        return 0xDC00 + bytes[0];
    }
    uint32_t point = bytes[0] & (0x7F >> length);
    for (size_t i = 1; i < length; i++)
        point = point << 6 | (bytes[i] & 0x3F);
    *cursor += length;
    return point;
}

bool text_has_template(const char *bytes, size_t length)
{
    const char *end = bytes + length;
    if (length >= strlen(TEXT_TEMPLATE_HEADER) &&
        memcmp(bytes, TEXT_TEMPLATE_HEADER, strlen(TEXT_TEMPLATE_HEADER)) == 0)
        return true;
    while (end - bytes >= 2 && (bytes = memchr(bytes, '{', (size_t)(end - bytes - 1)))) {
        if (bytes[1] == '{' || bytes[1] == '%' || bytes[1] == '#')
            return true;
        bytes++;
    }
    return false;
}
