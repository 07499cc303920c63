/* Tokens inside of delimiters; see lexer.h.  What stands outside: lexer_text.c. */
#include "parser/lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/value/repr.h"

enum { FIRST_BYTE_NOT_ASCII = 0x80 };

struct operator_row {
    enum operator symbol;
    uint8_t length;
    char spelling[4];
};

static const struct operator_row rows[] = {
#define OPERATOR(token, spelling, power, documentation) {OPERATOR_##token, sizeof(spelling) - 1, spelling},
#include "grammar/operators.def"
#undef OPERATOR
};

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_word_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || is_digit(byte) || byte == '_';
}

const char *token_kind_name(enum token_kind kind)
{
    switch (kind) {
    case TOKEN_END:
        return "end of template";
    case TOKEN_TEXT:
        return "template data / text";
    case TOKEN_OUTPUT_START:
        return "begin of print statement";
    case TOKEN_OUTPUT_END:
        return "end of print statement";
    case TOKEN_BLOCK_START:
        return "begin of statement block";
    case TOKEN_BLOCK_END:
        return "end of statement block";
    case TOKEN_NAME:
        return "name";
    case TOKEN_INTEGER:
        return "integer";
    case TOKEN_FLOAT:
        return "float";
    case TOKEN_STRING:
        return "string";
    case TOKEN_OPERATOR:
        return "operator";
    }
    bug("token kind %d", kind);
}

bool token_is_word(const struct lexer *lexer, struct token token, const char *word)
{
    size_t length = strlen(word);
    return token.kind == TOKEN_NAME && token.extent.length == length &&
           memcmp(lexer->bytes + token.extent.start, word, length) == 0;
}

bool lexer_fail(struct lexer *lexer, struct extent extent, const char *format, ...)
{
    char *message;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&message, format, arguments);
    va_end(arguments);
    if (length < 0)
        memory_exhausted();
    error_set(lexer->error, ERROR_SYNTAX, "%s", message);
    memory_cleanup(&message);
    return error_at(lexer->error, text_span(lexer->text, extent.start, extent.length));
}

bool lexer_sees(const struct lexer *lexer, uint32_t position, struct delimiter delimiter)
{
    return delimiter.length && delimiter.length <= lexer->end - position &&
           memcmp(lexer->bytes + position, delimiter.bytes, delimiter.length) == 0;
}

uint32_t lexer_space_end(const struct lexer *lexer, uint32_t position)
{
    while (position < lexer->end) {
        unsigned char byte = lexer->bytes[position];
        if (byte == ' ' || (byte >= '\t' && byte <= '\r') || (byte >= 0x1c && byte <= 0x1f)) {
            position++;
            continue;
        }
        const char *cursor = lexer->bytes + position;
        if (byte < FIRST_BYTE_NOT_ASCII || !text_point_is_space(text_decode(&cursor, lexer->bytes + lexer->end)))
            break;
        position = cursor - lexer->bytes;
    }
    return position;
}

void lexer_skip_space(struct lexer *lexer)
{
    lexer->position = lexer_space_end(lexer, lexer->position);
}

void lexer_trim_newline(struct lexer *lexer)
{
    if (!lexer->trim_blocks || lexer->position >= lexer->end)
        return;
    const char *bytes = lexer->bytes + lexer->position;
    if (*bytes == '\r' && lexer->position + 1 < lexer->end && bytes[1] == '\n')
        lexer->position += 2;
    else if (*bytes == '\n' || *bytes == '\r')
        lexer->position++;
}

/** Fills `token` with what lies between `start` and the present position. */
static bool lexer_finish(const struct lexer *lexer, enum token_kind kind, uint32_t start, struct token *token)
{
    *token = (struct token){.kind = kind, .extent = {start, lexer->position - start}};
    return true;
}

/** Characters before `position`, as Python counts them: a \r\n is one. */
static uint32_t lexer_character_index(const struct lexer *lexer, uint32_t position)
{
    uint32_t index = 0;
    const char *cursor = lexer->bytes, *end = lexer->bytes + position;
    while (cursor < end) {
        if (*cursor != '\r' || cursor + 1 == end || cursor[1] != '\n')
            index++;
        text_decode(&cursor, end);
    }
    return index;
}

/** The length of the character at `position`. */
static uint32_t lexer_character_length(const struct lexer *lexer, uint32_t position)
{
    const char *cursor = lexer->bytes + position;
    text_decode(&cursor, lexer->bytes + lexer->end);
    return cursor - (lexer->bytes + position);
}

static bool lexer_unexpected_character(struct lexer *lexer)
{
    struct extent extent = {lexer->position, lexer_character_length(lexer, lexer->position)};
    OWNED character = value_string_length(lexer->bytes + extent.start, extent.length);
    CLEANUP(text_buffer_done) struct text_buffer repr = {0};
    value_append_repr(&repr, character);
    return lexer_fail(lexer, extent, "unexpected char %s at %u", text_buffer_bytes(&repr),
                      lexer_character_index(lexer, extent.start));
}

/** The position after digits that `is_member` accepts, single underscores between them allowed; `position` when there are none. */
static uint32_t lexer_digits_end(const struct lexer *lexer, uint32_t position, bool (*is_member)(char byte))
{
    uint32_t end = position;
    while (position < lexer->end && is_member(lexer->bytes[position])) {
        end = ++position;
        if (position < lexer->end && lexer->bytes[position] == '_')
            position++;
    }
    return end;
}

static bool is_zero(char byte)
{
    return byte == '0';
}

static bool is_binary(char byte)
{
    return byte == '0' || byte == '1';
}

static bool is_octal(char byte)
{
    return byte >= '0' && byte <= '7';
}

static bool is_hexadecimal(char byte)
{
    return is_digit(byte) || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
}

/** The end of a float at `start`, or `start` where there is none.
 *  production: float */
static uint32_t lexer_float_end(const struct lexer *lexer, uint32_t start)
{
    if (start > 0 && lexer->bytes[start - 1] == '.')
        return start; /* d.1.5 is two items, not one float */
    uint32_t whole = lexer_digits_end(lexer, start, is_digit), end = whole;
    if (whole < lexer->end && lexer->bytes[whole] == '.') {
        uint32_t fraction = lexer_digits_end(lexer, whole + 1, is_digit);
        if (fraction > whole + 1)
            end = fraction;
    }
    if (end < lexer->end && (lexer->bytes[end] | 0x20) == 'e') {
        uint32_t digits = end + 1;
        if (digits < lexer->end && (lexer->bytes[digits] == '+' || lexer->bytes[digits] == '-'))
            digits++;
        uint32_t exponent = lexer_digits_end(lexer, digits, is_digit);
        if (exponent > digits)
            return exponent;
    }
    return end > whole ? end : start;
}

/** The end of the integer at `start`, which is a digit.
 *  production: integer */
static uint32_t lexer_integer_end(const struct lexer *lexer, uint32_t start)
{
    if (lexer->bytes[start] != '0')
        return lexer_digits_end(lexer, start, is_digit);
    uint32_t digits = start + 2;
    bool (*is_member)(char byte) = NULL;
    if (digits < lexer->end) {
        char base = lexer->bytes[start + 1] | 0x20;
        is_member = base == 'x' ? is_hexadecimal : base == 'o' ? is_octal : base == 'b' ? is_binary : NULL;
    }
    if (is_member) {
        uint32_t first = digits < lexer->end && lexer->bytes[digits] == '_' ? digits + 1 : digits;
        uint32_t end = lexer_digits_end(lexer, first, is_member);
        if (end > first)
            return end;
    }
    return lexer_digits_end(lexer, start, is_zero);
}

static bool lexer_next_number(struct lexer *lexer, struct token *token)
{
    uint32_t start = lexer->position, end = lexer_float_end(lexer, start);
    bool is_float = end > start;
    lexer->position = is_float ? end : lexer_integer_end(lexer, start);
    return lexer_finish(lexer, is_float ? TOKEN_FLOAT : TOKEN_INTEGER, start, token);
}

/** The operator that a word is, or NONE. */
static enum operator operator_of_word(const char *bytes, uint32_t length)
{
    for (size_t i = 0; length < sizeof rows->spelling && i < COUNT_OF(rows); i++)
        if (rows[i].spelling[0] == bytes[0] && rows[i].length == length && !memcmp(rows[i].spelling, bytes, length))
            return rows[i].symbol;
    return OPERATOR_NONE;
}

/** Moves over letters, digits and underscores of any script; false when they make no identifier. */
static bool lexer_skip_word(struct lexer *lexer)
{
    bool is_identifier = true;
    uint32_t start = lexer->position;
    const char *end = lexer->bytes + lexer->end;
    while (lexer->position < lexer->end) {
        const char *cursor = lexer->bytes + lexer->position;
        if (is_word_byte(*cursor)) {
            lexer->position++;
            continue;
        }
        uint32_t point = text_decode(&cursor, end);
        if (point < FIRST_BYTE_NOT_ASCII || !text_point_is_alnum(point))
            break;
        is_identifier = is_identifier && text_point_is_alpha(point);
        lexer->position = cursor - lexer->bytes;
    }
    return is_identifier && !is_digit(lexer->bytes[start]);
}

/** A name.
 *  production: name */
static bool lexer_next_name(struct lexer *lexer, struct token *token)
{
    uint32_t start = lexer->position;
    bool is_identifier = lexer_skip_word(lexer);
    if (lexer->position == start)
        return lexer_unexpected_character(lexer);
    lexer_finish(lexer, TOKEN_NAME, start, token);
    if (!is_identifier)
        return lexer_fail(lexer, token->extent, "Invalid character in identifier");
    token->symbol = operator_of_word(lexer->bytes + start, token->extent.length);
    return true;
}

/** A string with its quotes; what its escapes mean is the parser's to say (literal.c).
 *  production: string */
static bool lexer_next_string(struct lexer *lexer, struct token *token)
{
    uint32_t start = lexer->position;
    char quote = lexer->bytes[start];
    for (uint32_t i = start + 1; i < lexer->end; i++) {
        if (lexer->bytes[i] == '\\') {
            i++;
        } else if (lexer->bytes[i] == quote) {
            lexer->position = i + 1;
            return lexer_finish(lexer, TOKEN_STRING, start, token);
        }
    }
    return lexer_unexpected_character(lexer);
}

static bool lexer_open_bracket(struct lexer *lexer, struct token token, char closing)
{
    if (lexer->bracket_count == LIMIT_EXPRESSION_DEPTH) {
        error_set(lexer->error, ERROR_LIMIT, "brackets are nested more than %d deep", LIMIT_EXPRESSION_DEPTH);
        return error_at(lexer->error, text_span(lexer->text, token.extent.start, token.extent.length));
    }
    lexer->brackets[lexer->bracket_count++] = closing;
    return true;
}

static bool lexer_close_bracket(struct lexer *lexer, struct token token)
{
    char bracket = lexer->bytes[token.extent.start];
    if (lexer->bracket_count == 0)
        return lexer_fail(lexer, token.extent, "unexpected '%c'", bracket);
    char expected = lexer->brackets[--lexer->bracket_count];
    return expected == bracket || lexer_fail(lexer, token.extent, "unexpected '%c', expected '%c'", bracket, expected);
}

/** Keeps count of the brackets, so that `}}` inside of them ends nothing. */
static bool lexer_track_brackets(struct lexer *lexer, struct token token)
{
    switch (lexer->bytes[token.extent.start]) {
    case '(':
        return lexer_open_bracket(lexer, token, ')');
    case '[':
        return lexer_open_bracket(lexer, token, ']');
    case '{':
        return lexer_open_bracket(lexer, token, '}');
    case ')':
    case ']':
    case '}':
        return lexer_close_bracket(lexer, token);
    }
    return true;
}

/** The longest operator of the table that stands here. */
static bool lexer_next_operator(struct lexer *lexer, struct token *token)
{
    const char *bytes = lexer->bytes + lexer->position;
    uint32_t left = lexer->end - lexer->position;
    const struct operator_row *longest = NULL;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct operator_row *row = &rows[i];
        if (row->spelling[0] == *bytes && row->length <= left && !memcmp(row->spelling, bytes, row->length) &&
            (!longest || row->length > longest->length))
            longest = row;
    }
    if (!longest)
        return lexer_unexpected_character(lexer);
    uint32_t start = lexer->position;
    lexer->position += longest->length;
    lexer_finish(lexer, TOKEN_OPERATOR, start, token);
    token->symbol = longest->symbol;
    return lexer_track_brackets(lexer, *token);
}

/** Is this the end of {{ }} or {% %}, with its white space control?  Takes it if so. */
static bool lexer_take_end(struct lexer *lexer, struct delimiter delimiter, enum token_kind kind, struct token *token)
{
    uint32_t start = lexer->position;
    char sign = lexer->bytes[start];
    bool signed_end =
        (sign == '-' || (sign == '+' && kind == TOKEN_BLOCK_END)) && lexer_sees(lexer, start + 1, delimiter);
    if (!signed_end && !lexer_sees(lexer, start, delimiter))
        return false;
    lexer->position = start + signed_end + delimiter.length;
    lexer->mode = LEXER_TEXT;
    lexer_finish(lexer, kind, start, token);
    if (signed_end && sign == '-')
        lexer_skip_space(lexer);
    else if (!signed_end && kind == TOKEN_BLOCK_END)
        lexer_trim_newline(lexer);
    return true;
}

/** A line statement ends with its line; the empty lines after it go.
 *  production: line_statement_end */
static bool lexer_take_line_end(struct lexer *lexer, struct token *token)
{
    uint32_t start = lexer->position, end = lexer_space_end(lexer, start), after = start;
    for (uint32_t i = start; i < end; i++)
        if (lexer->bytes[i] == '\n')
            after = i + 1;
    if (end == lexer->end)
        after = end;
    else if (after == start)
        return false;
    lexer->mode = LEXER_TEXT;
    lexer->position = start;
    lexer_finish(lexer, TOKEN_BLOCK_END, start, token);
    lexer->position = after;
    return true;
}

/** Is this where the present mode ends?  Never within brackets. */
static bool lexer_take_mode_end(struct lexer *lexer, struct token *token)
{
    if (lexer->bracket_count > 0)
        return false;
    switch (lexer->mode) {
    case LEXER_OUTPUT:
        return lexer_take_end(lexer, lexer->output_end, TOKEN_OUTPUT_END, token);
    case LEXER_BLOCK:
        return lexer_take_end(lexer, lexer->block_end, TOKEN_BLOCK_END, token);
    case LEXER_LINE_STATEMENT:
        return lexer_take_line_end(lexer, token);
    case LEXER_TEXT:
        break;
    }
    return false;
}

bool lexer_next(struct lexer *lexer, struct token *token)
{
    if (lexer->mode == LEXER_TEXT)
        return lexer_next_outside(lexer, token);
    if (lexer->mode == LEXER_LINE_STATEMENT && lexer_take_mode_end(lexer, token))
        return true;
    lexer_skip_space(lexer);
    if (lexer->position >= lexer->end)
        return lexer_finish(lexer, TOKEN_END, lexer->position, token);
    if (lexer_take_mode_end(lexer, token))
        return true;
    char byte = lexer->bytes[lexer->position];
    if (is_digit(byte))
        return lexer_next_number(lexer, token);
    if (is_word_byte(byte) || (unsigned char)byte >= FIRST_BYTE_NOT_ASCII)
        return lexer_next_name(lexer, token);
    if (byte == '\'' || byte == '"')
        return lexer_next_string(lexer, token);
    return lexer_next_operator(lexer, token);
}
