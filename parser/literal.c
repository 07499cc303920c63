/* Literals: the values of numbers and strings; see template_parser.h. */
#include <string.h>

#include "parser/template_parser.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/bigint.h"

enum { HIGHEST_POINT = 0x10ffff };

static int digit_value(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    char lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/** The digits of a number without underscores. */
static void append_digits(struct text_buffer *out, const char *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++)
        if (bytes[i] != '_')
            text_buffer_append_char(out, bytes[i]);
}

/** The value of an integer, which the lexer found well formed. */
static struct value integer_value(const char *bytes, uint32_t length)
{
    char sign = length > 1 ? bytes[1] | 0x20 : '\0';
    int base = sign == 'x' ? 16 : sign == 'o' ? 8 : sign == 'b' ? 2 : 10;
    uint32_t first = base == 10 ? 0 : 2;
    int64_t number = 0;
    for (uint32_t i = first; i < length; i++) {
        if (bytes[i] == '_')
            continue;
        if (__builtin_mul_overflow(number, base, &number) ||
            __builtin_add_overflow(number, digit_value(bytes[i]), &number)) {
            CLEANUP(text_buffer_done) struct text_buffer digits = {0};
            append_digits(&digits, bytes + first, length - first);
            struct value big;
            if (!bigint_parse(text_buffer_bytes(&digits), digits.length, base, &big))
                bug("integer literal %.*s", (int)length, bytes);
            return big;
        }
    }
    return value_int(number);
}

static struct value float_value(const char *bytes, uint32_t length)
{
    CLEANUP(text_buffer_done) struct text_buffer digits = {0};
    append_digits(&digits, bytes, length);
    double number;
    if (!value_parse_float(text_buffer_bytes(&digits), digits.length, &number))
        bug("float literal %.*s", (int)length, bytes);
    return value_float(number);
}

/** Appends bytes with each \n, \r\n and \r as `newline`. */
static void append_lines(struct text_buffer *out, const char *bytes, const char *end, const char *newline)
{
    for (const char *line = bytes; bytes < end;) {
        if (*bytes != '\r' && *bytes != '\n') {
            bytes++;
            if (bytes == end)
                text_buffer_append(out, line, (size_t)(bytes - line));
            continue;
        }
        text_buffer_append(out, line, (size_t)(bytes - line));
        text_buffer_append_string(out, newline);
        bytes += *bytes == '\r' && bytes + 1 < end && bytes[1] == '\n' ? 2 : 1;
        line = bytes;
    }
}

struct text *parser_new_text(struct parser *parser, struct extent extent)
{
    const char *bytes = parser_bytes(parser, extent);
    if (!memchr(bytes, '\r', extent.length) && strcmp(parser->newline, "\n") == 0)
        return text_new(bytes, extent.length);
    struct text_buffer out = {0};
    append_lines(&out, bytes, bytes + extent.length, parser->newline);
    return text_buffer_take(&out);
}

/** The code point of an escape that stands for one byte by a letter, or 0. */
static char simple_escape(char letter)
{
    switch (letter) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case 'a':
        return '\a';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'v':
        return '\v';
    case '\\':
    case '\'':
    case '"':
        return letter;
    }
    return '\0';
}

/** An escape in a string: what follows the backslash. */
struct escape {
    const char *cursor, *end; /* the rest of the string; the cursor moves */
    struct text_buffer *out;
    struct extent extent; /* of the escape, for errors */
};

static bool escape_fail(struct parser *parser, const struct escape *escape, const char *message)
{
    struct extent extent = escape->extent;
    extent.length = escape->cursor - parser_bytes(parser, extent);
    return parser_fail_at(parser, extent, "%s", message);
}

/** \xHH, \uHHHH, \UHHHHHHHH: the cursor stands after the letter. */
static bool append_hexadecimal(struct parser *parser, struct escape *escape, int digits, const char *message)
{
    uint32_t point = 0;
    for (int i = 0; i < digits; i++, escape->cursor++) {
        int digit = escape->cursor < escape->end ? digit_value(*escape->cursor) : -1;
        if (digit < 0)
            return escape_fail(parser, escape, message);
        point = point * 16 + digit;
    }
    if (point > HIGHEST_POINT)
        return escape_fail(parser, escape, "illegal Unicode character");
    text_buffer_append_point(escape->out, point);
    return true;
}

/** \ooo: one to three octal digits, the first at the cursor. */
static void append_octal(struct escape *escape)
{
    uint32_t point = 0;
    for (int i = 0; i < 3 && escape->cursor < escape->end && *escape->cursor >= '0' && *escape->cursor <= '7'; i++)
        point = point * 8 + (*escape->cursor++ - '0');
    text_buffer_append_point(escape->out, point);
}

/** \N{NAME}: the names of characters are not known here. */
static bool append_named(struct parser *parser, struct escape *escape)
{
    const char *end = memchr(escape->cursor, '}', escape->end - escape->cursor);
    if (escape->cursor == escape->end || *escape->cursor != '{' || !end)
        return escape_fail(parser, escape, "malformed \\N character escape");
    escape->cursor = end + 1;
    escape_fail(parser, escape, "unknown Unicode character name");
    return error_help(parser->error, "Characters are not known by name here; write the number: \\u2022.");
}

/** One escape of Python's strings; a backslash before anything else stays. */
static bool append_escape(struct parser *parser, struct escape *escape)
{
    char letter = *escape->cursor++, simple = simple_escape(letter);
    if (simple) {
        text_buffer_append_char(escape->out, simple);
        return true;
    }
    switch (letter) {
    case 'x':
        return append_hexadecimal(parser, escape, 2, "truncated \\xXX escape");
    case 'u':
        return append_hexadecimal(parser, escape, 4, "truncated \\uXXXX escape");
    case 'U':
        return append_hexadecimal(parser, escape, 8, "truncated \\UXXXXXXXX escape");
    case 'N':
        return append_named(parser, escape);
    case '\r':
        if (escape->cursor < escape->end && *escape->cursor == '\n')
            escape->cursor++;
        return true;
    case '\n':
        return true; /* the line goes on */
    }
    escape->cursor--;
    if (letter >= '0' && letter <= '7')
        append_octal(escape);
    else
        text_buffer_append_char(escape->out, '\\');
    return true;
}

static bool append_escaped(struct parser *parser, struct text_buffer *out, const char *cursor, const char *end)
{
    for (const char *backslash; (backslash = memchr(cursor, '\\', end - cursor));) {
        append_lines(out, cursor, backslash, "\n");
        struct escape escape = {
            .cursor = backslash + 1, .end = end, .out = out, .extent = {backslash - parser->lexer.bytes, 1}};
        if (!append_escape(parser, &escape))
            return false;
        cursor = escape.cursor;
    }
    append_lines(out, cursor, end, "\n");
    return true;
}

/** Appends a STRING token's characters.  What stands in {{ }} of a playbook has no escapes. */
static bool append_string(struct parser *parser, struct text_buffer *out, struct extent extent)
{
    const char *bytes = parser_bytes(parser, extent) + 1, *end = bytes + extent.length - 2;
    if (parser->lexer.mode == LEXER_OUTPUT && parser->raw_literals)
        append_lines(out, bytes, end, "\n");
    else
        return append_escaped(parser, out, bytes, end);
    return true;
}

/** Reads STRING tokens while they follow one another. */
static bool parser_take_strings(struct parser *parser, struct value *value)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    while (parser->current.kind == TOKEN_STRING)
        if (!append_string(parser, &out, parser->current.extent) || !parser_advance(parser))
            return false;
    *value = parser_keep_take(parser, value_string_take(text_buffer_take(&out)));
    return true;
}

bool parser_take_literal(struct parser *parser, struct value *value)
{
    struct token token = parser->current;
    if (token.kind == TOKEN_STRING)
        return parser_take_strings(parser, value);
    const char *bytes = parser_bytes(parser, token.extent);
    *value = parser_keep_take(parser, token.kind == TOKEN_FLOAT ? float_value(bytes, token.extent.length)
                                                                : integer_value(bytes, token.extent.length));
    return parser_advance(parser);
}
