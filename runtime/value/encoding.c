#include "runtime/value/encoding.h"

#include <ctype.h>
#include <string.h>

enum { STRAY_FIRST = 0xDC80, STRAY_LAST = 0xDCFF, REPLACEMENT = 0xFFFD };

/** One family of encodings; the width of a unit is 1 for those of single bytes. */
struct encoding {
    const char *name;   /* without the hyphens and underscores of its spellings */
    const char *shown;  /* in messages */
    uint32_t limit;     /* code points below it have a form */
    unsigned char unit; /* bytes */
    bool is_big_endian;
    bool has_mark;
};

static const struct encoding encodings[] = {
    {"utf8", "utf-8", 0x110000, 1, false, false},        {"ascii", "ascii", 128, 1, false, false},
    {"usascii", "ascii", 128, 1, false, false},          {"latin1", "latin-1", 256, 1, false, false},
    {"iso88591", "latin-1", 256, 1, false, false},       {"utf16", "utf-16", 0x110000, 2, false, true},
    {"utf16le", "utf-16-le", 0x110000, 2, false, false}, {"utf16be", "utf-16-be", 0x110000, 2, true, false},
    {"utf32", "utf-32", 0x110000, 4, false, true},       {"utf32le", "utf-32-le", 0x110000, 4, false, false},
    {"utf32be", "utf-32-be", 0x110000, 4, true, false},
};

static const struct encoding *encoding_find(const char *name, struct error *error)
{
    char plain[16];
    size_t length = 0;
    for (const char *at = name; *at && length + 1 < sizeof plain; at++)
        if (*at != '-' && *at != '_')
            plain[length++] = (char)tolower((unsigned char)*at);
    plain[length] = '\0';
    for (size_t i = 0; i < COUNT_OF(encodings); i++)
        if (strcmp(encodings[i].name, plain) == 0)
            return &encodings[i];
    error_set(error, ERROR_OTHER, "unknown encoding: %s", name);
    return NULL;
}

static bool unknown_handler(const char *errors, struct error *error)
{
    return error_set(error, ERROR_OTHER, "unknown error handler name '%s'", errors);
}

/* ---- encoding ---- */

static void append_unit(struct text_buffer *out, const struct encoding *encoding, uint32_t unit)
{
    for (int i = 0; i < encoding->unit; i++) {
        int shift = 8 * (encoding->is_big_endian ? encoding->unit - 1 - i : i);
        text_buffer_append_char(out, (char)(unit >> shift & 0xFF));
    }
}

static void append_encoded(struct text_buffer *out, const struct encoding *encoding, uint32_t point)
{
    if (encoding->unit == 1 && encoding->limit > 256) {
        text_buffer_append_point(out, point);
    } else if (encoding->unit == 2 && point >= 0x10000) {
        append_unit(out, encoding, 0xD800 + ((point - 0x10000) >> 10));
        append_unit(out, encoding, 0xDC00 + ((point - 0x10000) & 0x3FF));
    } else {
        append_unit(out, encoding, point);
    }
}

static void append_escape(struct text_buffer *out, uint32_t point)
{
    text_buffer_append_format(out, point < 0x100 ? "\\x%02x" : point < 0x10000 ? "\\u%04x" : "\\U%08x", point);
}

/** "'ascii' codec can't encode characters in position 0-1: ordinal not in range(128)". */
static bool encode_error(const struct encoding *encoding, const char *start, const char *bad, const char *end,
                         struct error *error)
{
    size_t first = 0, count = 0;
    const char *cursor = start;
    for (; cursor < bad; first++)
        text_decode(&cursor, end);
    uint32_t point = text_decode(&cursor, end);
    for (const char *next = bad; next < end; count++) {
        uint32_t other = text_decode(&next, end);
        if (other < encoding->limit && !(other >= STRAY_FIRST && other <= STRAY_LAST))
            break;
    }
    CLEANUP(text_buffer_done) struct text_buffer reason = {0}, shown = {0};
    if (encoding->limit > 256)
        text_buffer_append_string(&reason, "surrogates not allowed");
    else
        text_buffer_append_format(&reason, "ordinal not in range(%u)", encoding->limit);
    append_escape(&shown, point);
    if (count > 1)
        return error_set(error, ERROR_VALUE, "'%s' codec can't encode characters in position %zu-%zu: %s",
                         encoding->shown, first, first + count - 1, text_buffer_bytes(&reason));
    return error_set(error, ERROR_VALUE, "'%s' codec can't encode character '%s' in position %zu: %s", encoding->shown,
                     text_buffer_bytes(&shown), first, text_buffer_bytes(&reason));
}

/** What a handler writes for a code point that has no form; false for a handler that is not known. */
static bool handle_encode(struct text_buffer *out, const struct encoding *encoding, uint32_t point, const char *errors)
{
    CLEANUP(text_buffer_done) struct text_buffer written = {0};
    if (strcmp(errors, "replace") == 0)
        text_buffer_append_char(&written, '?');
    else if (strcmp(errors, "xmlcharrefreplace") == 0)
        text_buffer_append_format(&written, "&#%u;", point);
    else if (strcmp(errors, "backslashreplace") == 0)
        append_escape(&written, point);
    else if (strcmp(errors, "ignore") != 0)
        return false;
    for (size_t i = 0; i < written.length; i++)
        append_unit(out, encoding, (unsigned char)written.text->bytes[i]);
    return true;
}

bool encoding_encode(struct text_buffer *out, const struct text *text, const char *name, const char *errors,
                     struct error *error)
{
    const struct encoding *encoding = encoding_find(name, error);
    if (!encoding)
        return false;
    if (encoding->has_mark)
        append_unit(out, encoding, 0xFEFF);
    const char *end = text->bytes + text->length;
    for (const char *at = text->bytes, *start = at; at < end; start = at) {
        uint32_t point = text_decode(&at, end);
        bool is_stray = point >= STRAY_FIRST && point <= STRAY_LAST;
        if (point < encoding->limit && !is_stray)
            append_encoded(out, encoding, point);
        else if (is_stray && strncmp(errors, "surrogate", strlen("surrogate")) == 0)
            text_buffer_append_point(out, point);
        else if (strcmp(errors, "strict") == 0 || strncmp(errors, "surrogate", strlen("surrogate")) == 0)
            return encode_error(encoding, text->bytes, start, end, error);
        else if (!handle_encode(out, encoding, point, errors))
            return unknown_handler(errors, error);
    }
    return true;
}

/* ---- decoding ---- */

/** Bytes being decoded. */
struct decoder {
    const struct encoding *encoding;
    const char *start;
    const char *at;
    const char *end;
    bool is_big_endian;
};

static uint32_t take_unit(struct decoder *decoder)
{
    uint32_t unit = 0;
    int width = decoder->encoding->unit;
    for (int i = 0; i < width; i++) {
        int shift = 8 * (decoder->is_big_endian ? width - 1 - i : i);
        unit |= (uint32_t)(unsigned char)decoder->at[i] << shift;
    }
    decoder->at += width;
    return unit;
}

/** The next code point of a wide encoding; false where there is none. */
static bool take_wide(struct decoder *decoder, uint32_t *point)
{
    int width = decoder->encoding->unit;
    if (decoder->end - decoder->at < width) {
        decoder->at = decoder->end;
        return false;
    }
    *point = take_unit(decoder);
    if (width == 2 && *point >= 0xD800 && *point < 0xDC00 && decoder->end - decoder->at >= width) {
        uint32_t low = take_unit(decoder);
        if (low >= 0xDC00 && low < 0xE000) {
            *point = 0x10000 + ((*point - 0xD800) << 10) + (low - 0xDC00);
            return true;
        }
        decoder->at -= width;
    }
    return *point < 0xD800 || (*point >= 0xE000 && *point < 0x110000);
}

/** The next code point; false where the bytes are none (they are skipped). */
static bool take_point(struct decoder *decoder, uint32_t *point)
{
    if (decoder->encoding->unit > 1)
        return take_wide(decoder, point);
    if (decoder->encoding->limit > 256) {
        *point = text_decode(&decoder->at, decoder->end);
        return *point < STRAY_FIRST || *point > STRAY_LAST;
    }
    *point = (unsigned char)*decoder->at++;
    return *point < decoder->encoding->limit;
}

static bool decode_error(const struct decoder *decoder, const char *bad, struct error *error)
{
    const struct encoding *encoding = decoder->encoding;
    unsigned char byte = (unsigned char)*bad;
    const char *reason = "ordinal not in range(128)";
    if (encoding->unit > 1)
        reason = "truncated data";
    else if (encoding->limit > 256)
        reason = byte >= 0xC2 && byte < 0xF5 ? "invalid continuation byte" : "invalid start byte";
    if (encoding->limit > 256 && encoding->unit == 1 && bad + 1 == decoder->end && byte >= 0xC2 && byte < 0xF5)
        reason = "unexpected end of data";
    return error_set(error, ERROR_VALUE, "'%s' codec can't decode byte 0x%02x in position %zu: %s", encoding->shown,
                     byte, (size_t)(bad - decoder->start), reason);
}

/** Drops the byte order mark and heeds it. */
static void read_mark(struct decoder *decoder)
{
    if (!decoder->encoding->has_mark || decoder->end - decoder->at < decoder->encoding->unit)
        return;
    const char *start = decoder->at;
    uint32_t mark = take_unit(decoder);
    decoder->is_big_endian = mark == 0xFFFE || mark == 0xFFFE0000;
    if (mark != 0xFEFF && !decoder->is_big_endian)
        decoder->at = start;
}

bool encoding_decode(struct text_buffer *out, const char *bytes, size_t length, const char *name, const char *errors,
                     struct error *error)
{
    const struct encoding *encoding = encoding_find(name, error);
    if (!encoding)
        return false;
    struct decoder decoder = {encoding, bytes, bytes, bytes + length, encoding->is_big_endian};
    read_mark(&decoder);
    while (decoder.at < decoder.end) {
        const char *start = decoder.at;
        uint32_t point = 0;
        if (take_point(&decoder, &point))
            text_buffer_append_point(out, point);
        else if (strcmp(errors, "strict") == 0)
            return decode_error(&decoder, start, error);
        else if (strcmp(errors, "replace") == 0)
            text_buffer_append_point(out, REPLACEMENT);
        else if (strncmp(errors, "surrogate", strlen("surrogate")) == 0)
            text_buffer_append(out, start, (size_t)(decoder.at - start));
        else if (strcmp(errors, "backslashreplace") == 0)
            text_buffer_append_format(out, "\\x%02x", (unsigned char)*start);
        else if (strcmp(errors, "ignore") != 0)
            return unknown_handler(errors, error);
    }
    return true;
}
