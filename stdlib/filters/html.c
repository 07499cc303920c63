/*
 * Filters for HTML: escape, forceescape, safe, striptags, tojson, xmlattr.
 */
#include <string.h>

#include "runtime/value/json.h"
#include "runtime/value/markup.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"
#include "stdlib/filters/html_entities.h"
#include "stdlib/items.h"

static struct value as_markup(struct value text)
{
    struct value markup = argument_text(text);
    markup.flags = VALUE_MARKUP;
    return markup;
}

static bool filter_escape(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation, (void)error;
    *result = markup_escape(arguments[0]);
    return true;
}

static bool filter_forceescape(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                               struct error *error)
{
    (void)evaluation, (void)error;
    OWNED text = argument_text(arguments[0]);
    text.flags = 0;
    *result = markup_escape(text);
    return true;
}

static bool filter_safe(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation, (void)error;
    *result = as_markup(arguments[0]);
    return true;
}

/* ---- striptags ---- */

/** Appends what is between `open` ... `close`; an opening without an end stays. */
static struct text *without_spans(const struct text *text, const char *open, const char *close)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const char *cursor = text->bytes, *end = cursor + text->length;
    for (const char *start; (start = memmem(cursor, (size_t)(end - cursor), open, strlen(open)));) {
        const char *inside = start + strlen(open);
        const char *stop = memmem(inside, (size_t)(end - inside), close, strlen(close));
        if (!stop)
            break;
        text_buffer_append(&out, cursor, (size_t)(start - cursor));
        cursor = stop + strlen(close);
    }
    text_buffer_append(&out, cursor, (size_t)(end - cursor));
    return text_buffer_take(&out);
}

/** Words with one space between them. */
static void append_words(struct text_buffer *out, const struct text *text)
{
    const char *cursor = text->bytes, *end = cursor + text->length;
    for (bool space_due = false; cursor < end;) {
        const char *start = cursor;
        if (text_point_is_space(text_decode(&cursor, end))) {
            space_due = out->length > 0;
            continue;
        }
        if (space_due)
            text_buffer_append_char(out, ' ');
        space_due = false;
        text_buffer_append(out, start, (size_t)(cursor - start));
    }
}

static bool filter_striptags(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation, (void)error;
    OWNED text = argument_text(arguments[0]);
    struct text *without_comments = without_spans(text.as.text, "<!--", "-->");
    struct text *without_tags = without_spans(without_comments, "<", ">");
    CLEANUP(text_buffer_done) struct text_buffer words = {0}, out = {0};
    append_words(&words, without_tags);
    text_drop(without_comments);
    text_drop(without_tags);
    html_append_unescaped(&out, text_buffer_bytes(&words), words.length);
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

/* ---- tojson ---- */

/** JSON that may stand in a script element or an attribute: the four characters of HTML as escapes. */
static struct text *html_safe_json(const char *bytes, size_t length)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    for (size_t i = 0; i < length; i++)
        if (strchr("<>&'", bytes[i]) && bytes[i])
            text_buffer_append_format(&out, "\\u%04x", (unsigned)bytes[i]);
        else
            text_buffer_append_char(&out, bytes[i]);
    return text_buffer_take(&out);
}

static bool filter_tojson(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    int64_t indent = -1;
    if (!value_is_null(arguments[1]) && !argument_int(arguments[1], &indent, error))
        return false;
    struct json_style style = {
        .indent = indent > INT16_MAX ? INT16_MAX : (int)indent, .sort_keys = true, .ascii = true};
    CLEANUP(text_buffer_done) struct text_buffer json = {0};
    if (!json_append(&json, arguments[0], &style, error))
        return false;
    *result = value_string_take(html_safe_json(text_buffer_bytes(&json), json.length));
    result->flags = VALUE_MARKUP;
    return true;
}

/* ---- xmlattr ---- */

/** Nothing in the name may end it: ASCII white space, '/', '>' and '='. */
static bool check_attribute_name(struct value name, struct error *error)
{
    if (!value_is_string(name))
        return error_set(error, ERROR_TYPE, "expected string or bytes-like object, got '%s'", value_type_name(name));
    if (strcspn(value_bytes(name), " \t\n\r\f\v/>=") == name.as.text->length)
        return true;
    OWNED shown = value_repr(name);
    return error_set(error, ERROR_VALUE, "Invalid character in attribute name: %s", value_bytes(shown));
}

static bool filter_xmlattr(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    struct list *pairs = items_read_pairs(evaluation, arguments[0], error);
    if (!pairs)
        return false;
    OWNED owner = value_list_take(pairs), resolved = value_null();
    if (!evaluation_resolve(evaluation, owner, &resolved, error))
        return false;
    pairs = resolved.as.list;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    for (size_t i = 0; i < pairs->count; i++) {
        const struct value *pair = pairs->items[i].as.list->items;
        if (value_is_null(pair[1]))
            continue;
        if (!check_attribute_name(pair[0], error))
            return false;
        OWNED name = markup_escape(pair[0]), value = markup_escape(pair[1]);
        if (out.length > 0 || value_truth(arguments[1]))
            text_buffer_append_char(&out, ' ');
        text_buffer_append_format(&out, "%s=\"", value_bytes(name));
        text_buffer_append_text(&out, value.as.text);
        text_buffer_append_char(&out, '"');
    }
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static const struct function rows[] = {
    {"e", "s", filter_escape, 0, "Short for escape"},
    {"escape", "s", filter_escape, 0, "The text with & < > ' \" as HTML entities, unless it is markup already"},
    {"forceescape", "value", filter_forceescape, 0, "The text with & < > ' \" as HTML entities, markup too"},
    {"safe", "value", filter_safe, 0, "The text as markup, which escape leaves alone"},
    {"striptags", "value", filter_striptags, 0, "The text of HTML: no tags and comments, entities as characters"},
    {"tojson", "value, indent=None", filter_tojson, 0, "The value as JSON that may stand in HTML, keys sorted"},
    {"xmlattr", "d, autospace=True", filter_xmlattr, FUNCTION_TAKES_LAZY, "A dict as attributes of an HTML element"},
};

const struct function_table filters_html = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
