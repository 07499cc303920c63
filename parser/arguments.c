#include "parser/arguments.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/value/dict.h"
#include "runtime/value/text.h"

/** One word of the text, with the white space that hangs on it. */
struct word {
    struct text_buffer bytes;
    uint32_t start; /* where it begins in the text */
};

/** The words found so far and what is still open at their end. */
struct splitter {
    struct word *words;
    size_t count, capacity;
    char quote;                         /* the one that is open, or 0 */
    unsigned outputs, blocks, comments; /* depth of {{ }}, {% %}, {# #} */
};

static void splitter_done(struct splitter *splitter)
{
    for (size_t i = 0; i < splitter->count; i++)
        text_buffer_done(&splitter->words[i].bytes);
    free(splitter->words);
}

static void word_begin(struct splitter *splitter, uint32_t start)
{
    if (splitter->count == splitter->capacity) {
        splitter->capacity = memory_grown(splitter->capacity);
        splitter->words = memory_resize(splitter->words, splitter->capacity, sizeof *splitter->words);
    }
    splitter->words[splitter->count++] = (struct word){.start = start};
}

/** Appends to the last word; there is one. */
static void word_append(struct splitter *splitter, const char *bytes, size_t length)
{
    text_buffer_append(&splitter->words[splitter->count - 1].bytes, bytes, length);
}

static bool is_open(const struct splitter *splitter)
{
    return splitter->quote || splitter->outputs || splitter->blocks || splitter->comments;
}

static void count_brackets(const char *token, size_t length, char sign, unsigned *depth)
{
    unsigned opened = 0, closed = 0;
    char close = sign == '{' ? '}' : sign;
    for (size_t i = 0; i + 1 < length; i++) {
        if (token[i] == '{' && token[i + 1] == sign)
            opened++, i++;
        else if (token[i] == close && token[i + 1] == '}')
            closed++, i++;
    }
    *depth = *depth + opened > closed ? *depth + opened - closed : 0;
}

/** Follows quotes and template brackets through the token. */
static void track(struct splitter *splitter, const char *token, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if ((token[i] != '"' && token[i] != '\'') || (i > 0 && token[i - 1] == '\\'))
            continue;
        if (!splitter->quote)
            splitter->quote = token[i];
        else if (splitter->quote == token[i])
            splitter->quote = 0;
    }
    count_brackets(token, length, '{', &splitter->outputs);
    count_brackets(token, length, '%', &splitter->blocks);
    count_brackets(token, length, '#', &splitter->comments);
}

/** What stands between two single spaces of a line; empty where two spaces meet.  False: a backslash that continues the line. */
static bool split_token(struct splitter *splitter, const char *token, size_t length, uint32_t start, bool is_first)
{
    if (is_open(splitter)) {
        if (!is_first)
            word_append(splitter, " ", 1);
        word_append(splitter, token, length);
        track(splitter, token, length);
        return true;
    }
    if (length == 1 && *token == '\\')
        return false;
    if (length == 0 && is_first)
        return true;
    if (length == 0 && splitter->count > 0) {
        word_append(splitter, " ", 1);
        return true;
    }
    word_begin(splitter, start);
    word_append(splitter, length ? token : " ", length ? length : 1);
    track(splitter, token, length);
    return true;
}

/** All tokens of one line; is the line continued by a backslash? */
static bool split_line(struct splitter *splitter, const char *text, uint32_t start, uint32_t end)
{
    bool is_continued = false, is_first = true;
    for (uint32_t at = start;; is_first = false) {
        const char *space = memchr(text + at, ' ', end - at);
        uint32_t stop = space ? (uint32_t)(space - text) : end;
        if (!split_token(splitter, text + at, stop - at, at, is_first))
            is_continued = true;
        if (!space)
            return is_continued;
        at = stop + 1;
    }
}

static bool split(struct splitter *splitter, const struct text *text, struct error *error)
{
    for (uint32_t at = 0;;) {
        const char *newline = memchr(text->bytes + at, '\n', text->length - at);
        uint32_t end = newline ? (uint32_t)(newline - text->bytes) : text->length;
        bool is_continued = split_line(splitter, text->bytes, at, end);
        if (!newline)
            break;
        if (splitter->count == 0 && !is_continued)
            word_begin(splitter, end);
        if (!is_continued)
            word_append(splitter, "\n", 1);
        at = end + 1;
    }
    if (!is_open(splitter))
        return true;
    error_set(error, ERROR_PARSE, "failed at splitting arguments, either an unbalanced jinja2 block or quotes: %s",
              text->bytes);
    if (splitter->quote)
        error_help(error, "A quote (%c) is opened and not closed.", splitter->quote);
    else
        error_help(error, "A %s is opened and not closed.", splitter->outputs ? "{{" : splitter->blocks ? "{%" : "{#");
    return error_at(error, text_span(text, 0, text->length));
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef", *found = c ? strchr(digits, c | 0x20) : NULL;
    return found ? (int)(found - digits) : -1;
}

/** The code point that `count` hexadecimal digits name; false when they are not all there. */
static bool decode_hex(const char *at, const char *end, int count, uint32_t *point)
{
    uint32_t value = 0;
    if (end - at < count)
        return false;
    for (int i = 0; i < count; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0)
            return false;
        value = value << 4 | (uint32_t)digit;
    }
    *point = value;
    return value <= 0x10FFFF;
}

/** Appends what the escape at `at` (past the backslash) stands for; its length there, or 0 if it is none. */
static size_t decode_escape(const char *at, const char *end, struct text_buffer *out)
{
    static const char names[] = "\\'\"abfnrtv", meanings[] = "\\'\"\a\b\f\n\r\t\v";
    if (at == end)
        return 0;
    const char *simple = *at ? strchr(names, *at) : NULL;
    if (simple) {
        text_buffer_append_char(out, meanings[simple - names]);
        return 1;
    }
    int digits = *at == 'x' ? 2 : *at == 'u' ? 4 : *at == 'U' ? 8 : 0;
    uint32_t point;
    if (digits == 0 || !decode_hex(at + 1, end, digits, &point))
        return 0;
    text_buffer_append_point(out, point);
    return 1 + (size_t)digits;
}

/** The bytes with Python's escapes (\n, \x41, ...) replaced; unknown ones stay. */
static void decode_escapes(const char *bytes, size_t length, struct text_buffer *out)
{
    const char *end = bytes + length;
    for (const char *at = bytes; at < end;) {
        size_t escape = *at == '\\' ? decode_escape(at + 1, end, out) : 0;
        if (escape == 0)
            text_buffer_append_char(out, *at);
        at += 1 + escape;
    }
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/** Narrows [*start, *end) to what is inside white space, and inside quotes that surround it. */
static void strip(const char *bytes, size_t *start, size_t *end)
{
    while (*start < *end && is_space(bytes[*start]))
        ++*start;
    while (*start < *end && is_space(bytes[*end - 1]))
        --*end;
}

static void unquote(const char *bytes, size_t *start, size_t *end)
{
    if (*end - *start < 2 || bytes[*start] != bytes[*end - 1] || !strchr("'\"", bytes[*start]) ||
        bytes[*end - 2] == '\\')
        return;
    ++*start;
    --*end;
}

/** Where the first = stands that separates a key from a value, or -1. */
static int64_t find_equals(const char *bytes, size_t length)
{
    for (size_t i = 1; i < length; i++)
        if (bytes[i] == '=' && bytes[i - 1] != '\\')
            return (int64_t)i;
    return -1;
}

/** The bytes as a string; with its place when they stand in `text` from `start` on; trusted when `text` is. */
static struct value part_value(struct value text, uint32_t start, const char *bytes, size_t length)
{
    struct text *part = text_new(bytes, length);
    const struct text *whole = text.as.text;
    if (start <= whole->length && length <= whole->length - start && memcmp(whole->bytes + start, bytes, length) == 0)
        part = text_with_span_take(part, text_span(whole, start, (uint32_t)length));
    OWNED value = value_string_take(part);
    return text.flags & VALUE_TRUSTED ? value_trusted(value) : value_steal(&value);
}

static bool is_known(const char *const *known, const char *key, size_t length)
{
    for (; known && *known; known++)
        if (strlen(*known) == length && memcmp(*known, key, length) == 0)
            return true;
    return false;
}

/** production: pair
 *  Sets the pair that the word is; false if it is none. */
static bool take_pair(struct value text, const struct word *word, bool raw, const char *const *known,
                      struct dict *pairs)
{
    CLEANUP(text_buffer_done) struct text_buffer decoded = {0};
    decode_escapes(text_buffer_bytes(&word->bytes), word->bytes.length, &decoded);
    const char *bytes = text_buffer_bytes(&decoded);
    int64_t equals = find_equals(bytes, decoded.length);
    if (equals < 0)
        return false;
    size_t key_start = 0, key_end = (size_t)equals, start = key_end + 1, end = decoded.length;
    strip(bytes, &key_start, &key_end);
    if (raw && !is_known(known, bytes + key_start, key_end - key_start))
        return false;
    strip(bytes, &start, &end);
    unquote(bytes, &start, &end);
    OWNED key = part_value(text, word->start + (uint32_t)key_start, bytes + key_start, key_end - key_start);
    dict_set_take(pairs, value_steal(&key),
                  part_value(text, word->start + (uint32_t)start, bytes + start, end - start));
    return true;
}

/** Appends a word that is no pair to the free text: a space before it unless a line begins; \= is =. */
static void append_raw(struct text_buffer *raw, const struct word *word)
{
    const char *bytes = text_buffer_bytes(&word->bytes);
    size_t length = word->bytes.length;
    if (raw->length > 0 && text_buffer_bytes(raw)[raw->length - 1] != '\n')
        text_buffer_append_char(raw, ' ');
    bool has_pair = find_equals(bytes, length) >= 0;
    for (size_t i = 0; i < length; i++)
        if (has_pair || bytes[i] != '\\' || i + 1 == length || bytes[i + 1] != '=')
            text_buffer_append_char(raw, bytes[i]);
}

/** production: free_form */
bool arguments_parse(struct value text, bool raw, const char *const *known, struct dict **result, struct error *error)
{
    CLEANUP(splitter_done) struct splitter splitter = {0};
    if (!split(&splitter, text.as.text, error))
        return false;
    CLEANUP(text_buffer_done) struct text_buffer free_text = {0};
    struct dict *pairs = dict_new();
    uint32_t raw_start = UINT32_MAX;
    for (size_t i = 0; i < splitter.count; i++) {
        if (take_pair(text, &splitter.words[i], raw, known, pairs))
            continue;
        if (raw_start == UINT32_MAX)
            raw_start = splitter.words[i].start;
        append_raw(&free_text, &splitter.words[i]);
    }
    if (raw_start != UINT32_MAX) {
        uint32_t start = splitter.words[0].start == raw_start ? 0 : raw_start;
        bool is_whole = free_text.length == text.as.text->length;
        struct value value = part_value(text, is_whole ? 0 : start, text_buffer_bytes(&free_text), free_text.length);
        dict_set_string_take(pairs, "_raw_params", value);
    }
    *result = pairs;
    return true;
}
