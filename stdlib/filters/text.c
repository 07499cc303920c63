/*
 * Filters on text: capitalize, center, format, lower, pprint, replace, string, title, trim, upper, wordcount.
 * What is no text is taken as str() shows it.
 */
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/format.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"

/** Maps the text of the operand; markup stays markup. */
static bool map_text(struct value operand, struct text *(*map)(struct text *), struct value *result)
{
    OWNED text = argument_text(operand);
    *result = argument_text_like(map(text.as.text), text);
    return true;
}

static bool filter_capitalize(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    (void)evaluation, (void)error;
    return map_text(arguments[0], text_capitalize, result);
}

static bool filter_lower(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation, (void)error;
    return map_text(arguments[0], text_lower, result);
}

static bool filter_upper(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation, (void)error;
    return map_text(arguments[0], text_upper, result);
}

static bool filter_string(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation, (void)error;
    *result = value_str(arguments[0]);
    return true;
}

/* ---- title ---- */

/** What stands between words for `title`; Python's own str.title divides at more. */
static bool is_word_start(uint32_t before)
{
    return before == '-' || before == '(' || before == '{' || before == '[' || before == '<' ||
           text_point_is_space(before);
}

static void append_word(struct text_buffer *out, const char *start, const char *end)
{
    if (start == end)
        return;
    const char *rest = start;
    text_decode(&rest, end);
    struct text *first = text_new(start, (size_t)(rest - start)), *others = text_new(rest, (size_t)(end - rest));
    struct text *upper = text_upper(first), *lower = text_lower(others);
    text_buffer_append_text(out, upper);
    text_buffer_append_text(out, lower);
    text_drop(first);
    text_drop(others);
    text_drop(upper);
    text_drop(lower);
}

static bool filter_title(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation, (void)error;
    OWNED text = argument_text(arguments[0]);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const char *cursor = text.as.text->bytes, *end = cursor + text.as.text->length, *word = cursor;
    while (cursor < end) {
        const char *point = cursor;
        if (!is_word_start(text_decode(&cursor, end)))
            continue;
        append_word(&out, word, point);
        text_buffer_append(&out, point, (size_t)(cursor - point));
        word = cursor;
    }
    append_word(&out, word, end);
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

/* ---- center, trim, replace, format, wordcount ---- */

static bool filter_center(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    int64_t width;
    if (!argument_int(arguments[1], &width, error))
        return false;
    if (width > LIMIT_TEXT_BYTES)
        return error_set(error, ERROR_LIMIT, "a text of %lld characters is too long", (long long)width);
    OWNED text = argument_text(arguments[0]);
    *result = argument_text_like(text_center(text.as.text, width, ' '), text);
    return true;
}

static bool filter_trim(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    struct value characters = arguments[1];
    if (!value_is_null(characters) && !value_is_string(characters))
        return error_set(error, ERROR_TYPE, "strip arg must be None or str");
    OWNED text = argument_text(arguments[0]);
    const struct text *stripped = value_is_null(characters) ? NULL : characters.as.text;
    *result = argument_text_like(text_strip(text.as.text, stripped, TEXT_BOTH), text);
    return true;
}

/** Would replacing in `text` build more than a text may hold? */
static bool is_too_long(const struct text *text, const struct text *old, const struct text *new)
{
    size_t places = old->length ? text->length / old->length : (size_t)text->length + 1;
    return new->length > 0 && places > (size_t)LIMIT_TEXT_BYTES / new->length;
}

static bool filter_replace(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    int64_t limit = -1;
    if (!value_is_null(arguments[3]) && !argument_int(arguments[3], &limit, error))
        return false;
    OWNED text = argument_text(arguments[0]), old = argument_text(arguments[1]), new = argument_text(arguments[2]);
    if (is_too_long(text.as.text, old.as.text, new.as.text))
        return error_set(error, ERROR_LIMIT, "the replaced text is too long");
    *result = value_string_take(text_replace(text.as.text, old.as.text, new.as.text, limit));
    return true;
}

static bool filter_format(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    bool has_keywords = arguments[2].as.dict->live > 0;
    if (has_keywords && arguments[1].as.list->count > 0)
        return error_set(error, ERROR_FILTER, "can't handle positional and keyword arguments at the same time");
    OWNED format = argument_text(arguments[0]);
    return value_format_percent(format, arguments[has_keywords ? 2 : 1], result, error);
}

static bool filter_wordcount(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation, (void)error;
    OWNED text = argument_text(arguments[0]);
    const char *cursor = text.as.text->bytes, *end = cursor + text.as.text->length;
    int64_t count = 0;
    bool is_inside = false;
    while (cursor < end) {
        uint32_t point = text_decode(&cursor, end);
        bool is_word = point == '_' || text_point_is_alnum(point);
        count += is_word && !is_inside;
        is_inside = is_word;
    }
    *result = value_int(count);
    return true;
}

/* ---- pprint ---- */

enum { PRINT_WIDTH = 80 };

/** Literals of one text, each on a line of its own. */
struct literals {
    struct text_buffer out;
    size_t count;
};

static struct value literal_of(const char *bytes, size_t length)
{
    OWNED text = value_string_length(bytes, length);
    return value_repr(text);
}

static void push_literal(struct literals *literals, const char *start, const char *end)
{
    OWNED literal = literal_of(start, (size_t)(end - start));
    if (literals->count++ > 0)
        text_buffer_append_string(&literals->out, "\n ");
    text_buffer_append_text(&literals->out, literal.as.text);
}

static bool fits(const char *start, const char *end, size_t width)
{
    /* No character's literal is shorter than the character. */
    if ((size_t)(end - start) > width * 4)
        return false;
    OWNED literal = literal_of(start, (size_t)(end - start));
    return text_points(literal.as.text) <= width;
}

/** The end of a word and the white space behind it. */
static const char *word_end(const char *cursor, const char *end)
{
    for (int is_space = 0; is_space <= 1; is_space++)
        while (cursor < end) {
            const char *next = cursor;
            if (text_point_is_space(text_decode(&next, end)) != is_space)
                break;
            cursor = next;
        }
    return cursor;
}

/** One line of the text, in as many literals as it needs; `width` holds for the last of them, others have one column more. */
static void push_line(struct literals *literals, const char *start, const char *end, bool is_last)
{
    size_t width = PRINT_WIDTH - 1, last_width = width - (is_last ? 1 : 0);
    if (fits(start, end, last_width)) {
        push_literal(literals, start, end);
        return;
    }
    const char *current = start;
    for (const char *word = start, *next; word < end; word = next) {
        next = word_end(word, end);
        if (fits(current, next, next == end ? last_width : width))
            continue;
        if (word > current)
            push_literal(literals, current, word);
        current = word;
    }
    if (current < end)
        push_literal(literals, current, end);
}

/** A text as pprint divides it: at line breaks and between words, in parentheses. */
static struct value pretty_text(struct text *text)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    struct literals literals = {0};
    const char *cursor = text->bytes, *end = cursor + text->length, *start = cursor, *line_end;
    for (; text_next_line(&cursor, end, &line_end); start = cursor)
        push_line(&literals, start, cursor, cursor == end);
    struct text *lines = text_buffer_take(&literals.out);
    if (literals.count == 1)
        return value_string_take(lines);
    text_buffer_append_char(&out, '(');
    text_buffer_append_text(&out, lines);
    text_buffer_append_char(&out, ')');
    text_drop(lines);
    return value_string_take(text_buffer_take(&out));
}

static bool filter_pprint(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation, (void)error;
    struct value value = arguments[0];
    OWNED literal = value_repr(value);
    bool is_divided =
        value_is_string(value) && !(value.flags & VALUE_MARKUP) && text_points(literal.as.text) > PRINT_WIDTH;
    *result = is_divided ? pretty_text(value.as.text) : value_steal(&literal);
    return true;
}

static const struct function rows[] = {
    {"capitalize", "s", filter_capitalize, 0, "The text with a capital first letter and the rest in lower case"},
    {"center", "value, width=80", filter_center, 0, "The text in the middle of a field of this width"},
    {"format", "value, *args, **kwargs", filter_format, 0, "The text with its %s, %d, %(name)s filled in"},
    {"lower", "s", filter_lower, 0, "The text in lower case"},
    {"pprint", "value", filter_pprint, 0, "The value as Python writes it, long texts over several lines"},
    {"replace", "s, old, new, count=None", filter_replace, 0,
     "The text with one part replaced by another, everywhere or count times"},
    {"string", "s", filter_string, 0, "The value as text"},
    {"title", "s", filter_title, 0, "The text with each word beginning with a capital letter"},
    {"trim", "value, chars=None", filter_trim, 0, "The text without white space (or these characters) at its ends"},
    {"upper", "s", filter_upper, 0, "The text in upper case"},
    {"wordcount", "s", filter_wordcount, 0, "How many words the text has"},
};

const struct function_table filters_text = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
