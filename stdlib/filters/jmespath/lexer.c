/*
 * The tokens of JMESPath.
 */
#include <ctype.h>
#include <string.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/json.h"
#include "runtime/value/text.h"
#include "stdlib/filters/jmespath/tree.h"

struct operator_row {
    const char *spelling;
    enum path_token_kind kind;
};

/** Longer spellings first. */
static const struct operator_row operator_rows[] = {
    {"[]", TOKEN_FLATTEN},   {"[?", TOKEN_FILTER},     {"||", TOKEN_OR},          {"&&", TOKEN_AND},
    {"==", TOKEN_EQUAL},     {"!=", TOKEN_NOT_EQUAL},  {"<=", TOKEN_LESS_EQUAL},  {">=", TOKEN_GREATER_EQUAL},
    {".", TOKEN_DOT},        {"*", TOKEN_STAR},        {",", TOKEN_COMMA},        {":", TOKEN_COLON},
    {"@", TOKEN_CURRENT},    {"&", TOKEN_REFERENCE},   {"(", TOKEN_OPEN_PAREN},   {")", TOKEN_CLOSE_PAREN},
    {"{", TOKEN_OPEN_BRACE}, {"}", TOKEN_CLOSE_BRACE}, {"[", TOKEN_OPEN_BRACKET}, {"]", TOKEN_CLOSE_BRACKET},
    {"|", TOKEN_PIPE},       {"!", TOKEN_NOT},         {"<", TOKEN_LESS},         {">", TOKEN_GREATER},
};

/** Lets go of a token's value when the arena ends. */
static void release_value(void *object)
{
    value_drop(*(struct value *)object);
}

/** Hands a value to the arena. */
static struct value keep_take(struct arena *arena, struct value value)
{
    struct value *kept = arena_new(arena, sizeof *kept);
    *kept = value;
    arena_defer(arena, release_value, kept);
    return value;
}

static bool is_name_start(char c)
{
    return isalpha((unsigned char)c) || c == '_';
}
static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/** The offset behind the closing delimiter of the text at `start`, or 0. */
static size_t find_end(const char *text, size_t length, size_t start, char delimiter)
{
    for (size_t i = start; i < length; i++) {
        if (text[i] == delimiter)
            return i + 1;
        if (text[i] == '\\')
            i++;
    }
    return 0;
}

/** The characters between the delimiters, with \delimiter replaced by the delimiter. */
static struct text *unescape_delimiter(const char *bytes, size_t length, char delimiter)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\\' && i + 1 < length && bytes[i + 1] == delimiter)
            i++;
        text_buffer_append_char(&out, bytes[i]);
    }
    return text_buffer_take(&out);
}

/** `json`, or text that is none and then stands for itself. */
static bool read_json_literal(const char *bytes, size_t length, struct value *value)
{
    struct text *text = unescape_delimiter(bytes, length, '`');
    const char *start = text->bytes + strspn(text->bytes, " \t\r\n");
    OWNED_ERROR no_json = {0}, no_text = {0};
    CLEANUP(text_buffer_done) struct text_buffer quoted = {0};
    bool read = json_parse(text->bytes, text->length, value, &no_json);
    if (!read) {
        text_buffer_append_format(&quoted, "\"%s\"", start);
        read = json_parse(text_buffer_bytes(&quoted), quoted.length, value, &no_text);
    }
    text_drop(text);
    return read;
}

/** A "quoted" name, a 'raw' string or a `json` literal. */
static bool read_delimited(struct arena *arena, const char *text, size_t length, struct path_token *token,
                           struct error *error)
{
    char delimiter = text[token->start];
    size_t end = find_end(text, length, token->start + 1, delimiter);
    if (!end)
        return error_set(error, ERROR_VALUE, "Bad jmespath expression: Unclosed %c delimiter at position %zu",
                         delimiter, token->start);
    token->length = end - token->start;
    const char *inside = text + token->start + 1;
    size_t inside_length = token->length - 2;
    struct value value = value_null();
    bool read = true;
    if (delimiter == '"')
        read = json_parse(text + token->start, token->length, &value, error);
    else if (delimiter == '\'')
        value = value_string_take(unescape_delimiter(inside, inside_length, '\''));
    else
        read = read_json_literal(inside, inside_length, &value);
    if (!read && error->kind == ERROR_NONE)
        error_set(error, ERROR_VALUE, "Bad jmespath expression: Invalid literal at position %zu", token->start);
    if (!read)
        return false;
    token->kind = delimiter == '"' ? TOKEN_QUOTED : TOKEN_LITERAL;
    token->value = keep_take(arena, value);
    return true;
}

/** A number: digits, with a sign.  One past the machine word is past the end of every list, so the largest does for it. */
static bool read_number(const char *text, size_t length, struct path_token *token, struct error *error)
{
    size_t end = token->start + 1;
    while (end < length && isdigit((unsigned char)text[end]))
        end++;
    token->length = end - token->start;
    token->kind = TOKEN_NUMBER;
    OWNED number = value_null();
    if (value_parse_int(text + token->start, token->length, 10, &number)) {
        int64_t limit = text[token->start] == '-' ? INT64_MIN : INT64_MAX;
        token->value = number.kind == VALUE_INT ? number : value_int(limit);
        return true;
    }
    return error_set(error, ERROR_VALUE, "Bad jmespath expression: Unknown token '%c' at position %zu",
                     text[token->start], token->start);
}

/** An operator; a lone = and anything unknown is the error. */
static bool read_operator(const char *text, size_t length, struct path_token *token, struct error *error)
{
    for (size_t i = 0; i < COUNT_OF(operator_rows); i++) {
        size_t size = strlen(operator_rows[i].spelling);
        if (size > length - token->start || memcmp(text + token->start, operator_rows[i].spelling, size) != 0)
            continue;
        token->kind = operator_rows[i].kind;
        token->length = size;
        return true;
    }
    return error_set(error, ERROR_VALUE, "Bad jmespath expression: Unknown token '%c' at position %zu",
                     text[token->start], token->start);
}

bool path_token_read(struct arena *arena, const char *text, size_t length, size_t *position, struct path_token *token,
                     struct error *error)
{
    size_t start = *position;
    while (start < length && strchr(" \t\r\n", text[start]) && text[start])
        start++;
    *token = (struct path_token){.kind = TOKEN_END, .start = start};
    bool read = true;
    if (start < length && is_name_start(text[start])) {
        while (start + token->length < length && is_name(text[start + token->length]))
            token->length++;
        token->kind = TOKEN_NAME;
        token->value = keep_take(arena, value_string_length(text + start, token->length));
    } else if (start < length && (text[start] == '"' || text[start] == '\'' || text[start] == '`')) {
        read = read_delimited(arena, text, length, token, error);
    } else if (start < length && (isdigit((unsigned char)text[start]) || text[start] == '-')) {
        read = read_number(text, length, token, error);
    } else if (start < length) {
        read = read_operator(text, length, token, error);
    }
    *position = start + token->length;
    return read;
}
