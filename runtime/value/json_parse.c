#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/bigint.h"
#include "runtime/value/dict.h"
#include "runtime/value/json.h"
#include "runtime/value/list.h"
#include "runtime/value/text_pool.h"

/** One run of json_parse.  The text need not end in a NUL. */
struct parser {
    const char *start, *cursor, *end;
    struct error *error;
    int depth;
    struct text_pool keys; /* objects of one document mostly have the same ones */
};

static bool parse_value(struct parser *parser, struct value *result);

/** Python's form: "<message>: line 1 column 2 (char 1)", all counted in code points. */
static bool fail_at(struct parser *parser, const char *place, const char *message)
{
    size_t line = 1, column = 1, points = 0;
    for (const char *cursor = parser->start; cursor < place; points++) {
        bool is_newline = *cursor == '\n';
        text_decode(&cursor, parser->end);
        line += is_newline;
        column = is_newline ? 1 : column + 1;
    }
    return error_set(parser->error, ERROR_VALUE, "%s: line %zu column %zu (char %zu)", message, line, column, points);
}

static void skip_space(struct parser *parser)
{
    while (parser->cursor < parser->end &&
           (*parser->cursor == ' ' || *parser->cursor == '\n' || *parser->cursor == '\r' || *parser->cursor == '\t'))
        parser->cursor++;
}

/** Moves past `byte` if it is next. */
static bool accept(struct parser *parser, char byte)
{
    if (parser->cursor == parser->end || *parser->cursor != byte)
        return false;
    parser->cursor++;
    return true;
}

/* ---- strings ---- */

static int hex_digit(char byte)
{
    return byte >= '0' && byte <= '9'   ? byte - '0'
           : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
           : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                        : -1;
}

/** The number of four hexadecimal digits at `digits`, or -1. */
static int32_t parse_hex4(const char *digits, const char *end)
{
    int32_t number = 0;
    for (int i = 0; i < 4; i++) {
        int digit = digits + i < end ? hex_digit(digits[i]) : -1;
        if (digit < 0)
            return -1;
        number = number << 4 | digit;
    }
    return number;
}

/** After "\u": one unit of UTF-16, or two that are a pair. */
static bool parse_unicode_escape(struct parser *parser, struct text_buffer *out)
{
    int32_t point = parse_hex4(parser->cursor, parser->end);
    if (point < 0)
        return fail_at(parser, parser->cursor - 1, "Invalid \\uXXXX escape");
    parser->cursor += 4;
    if (point >= 0xD800 && point < 0xDC00 && parser->end - parser->cursor >= 6 && parser->cursor[0] == '\\' &&
        parser->cursor[1] == 'u') {
        int32_t low = parse_hex4(parser->cursor + 2, parser->end);
        if (low >= 0xDC00 && low < 0xE000) {
            point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
            parser->cursor += 6;
        }
    }
    text_buffer_append_point(out, (uint32_t)point);
    return true;
}

/** After a backslash. */
static bool parse_escape(struct parser *parser, struct text_buffer *out)
{
    static const char meanings[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
    char letter = *parser->cursor++;
    if (letter == 'u')
        return parse_unicode_escape(parser, out);
    for (const char *pair = meanings; *pair; pair += 2)
        if (letter == *pair) {
            text_buffer_append_char(out, pair[1]);
            return true;
        }
    return fail_at(parser, parser->cursor - 2, "Invalid \\escape");
}

/** Moves to the next quote, backslash or control character. */
static void skip_plain(struct parser *parser)
{
    while (parser->cursor < parser->end && (unsigned char)*parser->cursor >= ' ' && *parser->cursor != '"' &&
           *parser->cursor != '\\')
        parser->cursor++;
}

/** string = '"' { character | escape } '"', the first quote being read already. */
static bool parse_string(struct parser *parser, struct value *result)
{
    const char *opening = parser->cursor - 1;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    for (;;) {
        const char *plain = parser->cursor;
        skip_plain(parser);
        size_t length = (size_t)(parser->cursor - plain);
        if (parser->cursor == parser->end)
            return fail_at(parser, opening, "Unterminated string starting at");
        char stop = *parser->cursor++;
        if (stop == '"' && plain == opening + 1) {
            *result = value_string_length(plain, length);
            return true;
        }
        text_buffer_append(&out, plain, length);
        if (stop == '"')
            break;
        if (stop != '\\')
            return fail_at(parser, parser->cursor - 1, "Invalid control character at");
        if (parser->cursor == parser->end)
            return fail_at(parser, opening, "Unterminated string starting at");
        if (!parse_escape(parser, &out))
            return false;
    }
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

/* ---- numbers ---- */

static const char *skip_digits(const char *cursor, const char *end)
{
    while (cursor < end && *cursor >= '0' && *cursor <= '9')
        cursor++;
    return cursor;
}

/** The end of the fraction and exponent at `cursor`; what does not complete one is not part of the number. */
static const char *skip_fraction(const char *cursor, const char *end)
{
    if (cursor < end && *cursor == '.') {
        const char *digits = skip_digits(cursor + 1, end);
        if (digits > cursor + 1)
            cursor = digits;
    }
    if (cursor < end && (*cursor == 'e' || *cursor == 'E')) {
        const char *digits = cursor + 1;
        if (digits < end && (*digits == '+' || *digits == '-'))
            digits++;
        const char *stop = skip_digits(digits, end);
        if (stop > digits)
            cursor = stop;
    }
    return cursor;
}

static struct value float_of(const char *start, const char *end)
{
    char small[64];
    size_t length = (size_t)(end - start);
    if (length < sizeof small) {
        memcpy(small, start, length);
        small[length] = '\0';
        return value_float(strtod(small, NULL));
    }
    CLEANUP(memory_cleanup) char *copy = memory_copy_string(start, length);
    return value_float(strtod(copy, NULL));
}

static struct value integer_of(const char *start, const char *end)
{
    enum { SURE_DIGITS = 18 };
    struct value integer;
    if (end - start > SURE_DIGITS) {
        if (!bigint_parse(start, (size_t)(end - start), 10, &integer))
            bug("not an integer");
        return integer;
    }
    bool negative = *start == '-';
    int64_t number = 0;
    for (start += negative; start < end; start++)
        number = number * 10 + (*start - '0');
    return value_int(negative ? -number : number);
}

/** number = [ '-' ] ( '0' | digit1-9 { digit } ) [ '.' digits ] [ exponent ] */
static bool parse_number(struct parser *parser, struct value *result)
{
    const char *start = parser->cursor, *digits = start + (*start == '-');
    if (digits == parser->end || *digits < '0' || *digits > '9')
        return fail_at(parser, start, "Expecting value");
    const char *whole = *digits == '0' ? digits + 1 : skip_digits(digits, parser->end);
    parser->cursor = skip_fraction(whole, parser->end);
    *result = parser->cursor == whole ? integer_of(start, whole) : float_of(start, parser->cursor);
    return true;
}

/* ---- containers ---- */

static bool enter(struct parser *parser)
{
    if (++parser->depth > LIMIT_VALUE_DEPTH)
        return error_set(parser->error, ERROR_LIMIT, "JSON is nested deeper than %d levels", LIMIT_VALUE_DEPTH);
    return true;
}

/** array = '[' [ value { ',' value } ] ']', the bracket being read already. */
static bool parse_array(struct parser *parser, struct value *result)
{
    OWNED list = value_list_new();
    if (!enter(parser))
        return false;
    skip_space(parser);
    while (!accept(parser, ']')) {
        if (list.as.list->count > 0) {
            if (!accept(parser, ','))
                return fail_at(parser, parser->cursor, "Expecting ',' delimiter");
            skip_space(parser);
        }
        struct value item;
        if (!parse_value(parser, &item))
            return false;
        list_push_take(list.as.list, item);
        skip_space(parser);
    }
    parser->depth--;
    *result = value_steal(&list);
    return true;
}

/** The key of a member, the opening quote being read already. */
static bool parse_key(struct parser *parser, struct value *result)
{
    const char *plain = parser->cursor;
    skip_plain(parser);
    if (parser->cursor == parser->end || *parser->cursor != '"') {
        parser->cursor = plain;
        return parse_string(parser, result);
    }
    *result = value_string_take(text_pool_get(&parser->keys, plain, (size_t)(parser->cursor - plain)));
    parser->cursor++;
    return true;
}

/** member = string ':' value */
static bool parse_member(struct parser *parser, struct dict *dict)
{
    if (!accept(parser, '"'))
        return fail_at(parser, parser->cursor, "Expecting property name enclosed in double quotes");
    OWNED key = value_null();
    if (!parse_key(parser, &key))
        return false;
    skip_space(parser);
    if (!accept(parser, ':'))
        return fail_at(parser, parser->cursor, "Expecting ':' delimiter");
    skip_space(parser);
    struct value value;
    if (!parse_value(parser, &value))
        return false;
    dict_set_take(dict, value_steal(&key), value);
    return true;
}

/** object = '{' [ member { ',' member } ] '}', the brace being read already. */
static bool parse_object(struct parser *parser, struct value *result)
{
    OWNED dict = value_dict_new();
    if (!enter(parser))
        return false;
    skip_space(parser);
    while (!accept(parser, '}')) {
        if (dict.as.dict->live > 0) {
            if (!accept(parser, ','))
                return fail_at(parser, parser->cursor, "Expecting ',' delimiter");
            skip_space(parser);
        }
        if (!parse_member(parser, dict.as.dict))
            return false;
        skip_space(parser);
    }
    parser->depth--;
    *result = value_steal(&dict);
    return true;
}

/* ---- documents ---- */

static bool accept_word(struct parser *parser, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(parser->end - parser->cursor) < length || memcmp(parser->cursor, word, length) != 0)
        return false;
    parser->cursor += length;
    return true;
}

static bool parse_word(struct parser *parser, struct value *result)
{
    const struct {
        const char *word;
        struct value value;
    } words[] = {
        {"null", value_null()},    {"true", value_bool(true)},          {"false", value_bool(false)},
        {"NaN", value_float(NAN)}, {"Infinity", value_float(INFINITY)}, {"-Infinity", value_float(-INFINITY)},
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (accept_word(parser, words[i].word)) {
            *result = words[i].value;
            return true;
        }
    return parse_number(parser, result);
}

/** value = object | array | string | number | "true" | "false" | "null" | "NaN" | "Infinity" | "-Infinity" */
static bool parse_value(struct parser *parser, struct value *result)
{
    if (parser->cursor == parser->end)
        return fail_at(parser, parser->cursor, "Expecting value");
    if (accept(parser, '"'))
        return parse_string(parser, result);
    if (accept(parser, '{'))
        return parse_object(parser, result);
    if (accept(parser, '['))
        return parse_array(parser, result);
    return *parser->cursor >= '0' && *parser->cursor <= '9' ? parse_number(parser, result) : parse_word(parser, result);
}

/** document = space value space */
static bool parse_document(struct parser *parser, struct value *result)
{
    OWNED document = value_null();
    if (accept_word(parser, "\xEF\xBB\xBF"))
        return fail_at(parser, parser->start, "Unexpected UTF-8 BOM (decode using utf-8-sig)");
    skip_space(parser);
    if (!parse_value(parser, &document))
        return false;
    skip_space(parser);
    if (parser->cursor < parser->end)
        return fail_at(parser, parser->cursor, "Extra data");
    *result = value_steal(&document);
    return true;
}

bool json_parse(const char *bytes, size_t length, struct value *result, struct error *error)
{
    struct parser parser = {.start = bytes, .cursor = bytes, .end = bytes + length, .error = error};
    bool ok = parse_document(&parser, result);
    text_pool_done(&parser.keys);
    return ok;
}
