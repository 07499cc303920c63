/*
 * Filters of ansible.builtin on texts: quote, split, comment, urlsplit, urldecode.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"

/** shlex.quote. */
static bool filter_quote(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
    OWNED text = value_is_null(arguments[0]) ? value_string("") : argument_text(arguments[0]);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const char *bytes = value_bytes(text);
    (void)evaluation, (void)error;
    if (*bytes && strspn(bytes, safe) == text.as.text->length) {
        *result = value_steal(&text);
        return true;
    }
    text_buffer_append_char(&out, '\'');
    for (uint32_t i = 0; i < text.as.text->length; i++) {
        if (bytes[i] == '\'')
            text_buffer_append_string(&out, "'\"'\"'");
        else
            text_buffer_append_char(&out, bytes[i]);
    }
    text_buffer_append_char(&out, '\'');
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

/** str.split. */
static bool filter_split(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    OWNED name = value_string("split");
    OWNED method = value_null();
    if (!value_is_string(arguments[0]))
        return error_set(error, ERROR_TYPE, "descriptor 'split' for 'str' objects doesn't apply to a '%s' object",
                         value_type_name(arguments[0]));
    return evaluation_attribute(evaluation, arguments[0], name, &method, error) &&
           evaluation_call(evaluation, method, arguments + 1, 2, NULL, result, error);
}

/* ---- comment ---- */

/** The parts of a comment; what a style leaves out is empty. */
struct comment_style {
    const char *name, *beginning, *decoration, *end;
};

static const struct comment_style styles[] = {
    {"plain", "", "# ", ""},        {"erlang", "", "% ", ""},      {"c", "", "// ", ""},
    {"cblock", "/*", " * ", " */"}, {"xml", "<!--", " - ", "-->"},
};

enum comment_part {
    COMMENT_NEWLINE,
    COMMENT_BEGINNING,
    COMMENT_PREFIX,
    COMMENT_PREFIX_COUNT,
    COMMENT_DECORATION,
    COMMENT_POSTFIX,
    COMMENT_POSTFIX_COUNT,
    COMMENT_END,
    COMMENT_PART_COUNT,
};

static const char *const part_names[COMMENT_PART_COUNT] = {"newline",    "beginning", "prefix",        "prefix_count",
                                                           "decoration", "postfix",   "postfix_count", "end"};

/** Text with the spaces at its end gone. */
static struct value stripped(const char *text)
{
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        --length;
    return value_string_length(text, length);
}

/** The parts of a style, and over them what the keywords say.  All owned. */
static bool comment_parts(const struct comment_style *style, const struct dict *options, struct value *parts,
                          struct error *error)
{
    const struct dict_entry *entry;
    const struct value *own = dict_find_string(options, part_names[COMMENT_DECORATION]);
    OWNED decoration = own ? argument_text(*own) : value_string(style->decoration);
    parts[COMMENT_NEWLINE] = value_string("\n");
    parts[COMMENT_BEGINNING] = value_string(style->beginning);
    parts[COMMENT_PREFIX] = stripped(value_bytes(decoration));
    parts[COMMENT_PREFIX_COUNT] = value_int(1);
    parts[COMMENT_DECORATION] = value_string(style->decoration);
    parts[COMMENT_POSTFIX] = stripped(value_bytes(decoration));
    parts[COMMENT_POSTFIX_COUNT] = value_int(1);
    parts[COMMENT_END] = value_string(style->end);
    for (size_t i = 0; dict_next(options, &i, &entry);)
        for (int part = 0; part < COMMENT_PART_COUNT; part++)
            if (value_equals_string(entry->key, part_names[part]))
                value_replace_take(&parts[part], part == COMMENT_PREFIX_COUNT || part == COMMENT_POSTFIX_COUNT
                                                     ? value_copy(entry->value)
                                                     : argument_text(entry->value));
    int64_t count;
    return argument_int(parts[COMMENT_PREFIX_COUNT], &count, error) &&
           argument_int(parts[COMMENT_POSTFIX_COUNT], &count, error);
}

/** The lines of the text, each with the decoration in front, none at the end of empty ones. */
static void append_decorated(struct text_buffer *out, const char *text, const struct value *parts)
{
    const char *newline = value_bytes(parts[COMMENT_NEWLINE]), *decoration = value_bytes(parts[COMMENT_DECORATION]);
    OWNED bare = stripped(decoration);
    for (;;) {
        const char *end = *newline ? strstr(text, newline) : NULL;
        bool is_empty = end == text;
        text_buffer_append_string(out, is_empty ? value_bytes(bare) : decoration);
        if (!end)
            break;
        text_buffer_append(out, text, (size_t)(end - text));
        text_buffer_append_string(out, newline);
        text = end + strlen(newline);
    }
    text_buffer_append_string(out, text);
}

static void append_comment(struct text_buffer *out, const char *text, const struct value *parts)
{
    const char *newline = value_bytes(parts[COMMENT_NEWLINE]), *prefix = value_bytes(parts[COMMENT_PREFIX]);
    if (*value_bytes(parts[COMMENT_BEGINNING]))
        text_buffer_append_format(out, "%s%s", value_bytes(parts[COMMENT_BEGINNING]), newline);
    for (int64_t i = 0; *prefix && i < parts[COMMENT_PREFIX_COUNT].as.integer; i++)
        text_buffer_append_format(out, "%s%s", strcmp(prefix, newline) == 0 ? "" : prefix, newline);
    append_decorated(out, text, parts);
    for (int64_t i = 0; i < parts[COMMENT_POSTFIX_COUNT].as.integer; i++)
        text_buffer_append_format(out, "%s%s", newline, value_bytes(parts[COMMENT_POSTFIX]));
    if (*value_bytes(parts[COMMENT_END]))
        text_buffer_append_format(out, "%s%s", newline, value_bytes(parts[COMMENT_END]));
}

static bool filter_comment(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    struct value parts[COMMENT_PART_COUNT];
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const struct comment_style *style = NULL;
    (void)evaluation;
    for (size_t i = 0; i < COUNT_OF(styles); i++)
        if (value_equals_string(arguments[1], styles[i].name))
            style = &styles[i];
    if (!style) {
        OWNED name = argument_text(arguments[1]);
        return error_set(error, ERROR_FILTER, "Invalid style '%s'", value_bytes(name));
    }
    if (!value_is_string(arguments[0]))
        return error_set(error, ERROR_TYPE, "'%s' object has no attribute 'replace'", value_type_name(arguments[0]));
    bool ok = comment_parts(style, arguments[2].as.dict, parts, error);
    if (ok) {
        append_comment(&out, value_bytes(arguments[0]), parts);
        *result = value_string_take(text_buffer_take(&out));
    }
    for (int i = 0; i < COMMENT_PART_COUNT; i++)
        value_drop(parts[i]);
    return ok;
}

/* ---- addresses ---- */

/** urllib.parse.unquote_plus. */
static bool filter_urldecode(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    (void)evaluation;
    if (!value_is_string(arguments[0]))
        return error_set(error, ERROR_TYPE, "'%s' object has no attribute 'replace'", value_type_name(arguments[0]));
    for (const char *at = value_bytes(arguments[0]); *at; at++) {
        if (*at == '%' && isxdigit((unsigned char)at[1]) && isxdigit((unsigned char)at[2])) {
            char digits[3] = {at[1], at[2], '\0'};
            text_buffer_append_char(&out, (char)strtol(digits, NULL, 16));
            at += 2;
        } else {
            text_buffer_append_char(&out, *at == '+' ? ' ' : *at);
        }
    }
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

/** Cuts `text` at the first of `marks`; what is behind it is returned, NULL where there is none. */
static char *cut(char *text, char mark)
{
    char *found = strchr(text, mark);
    if (found)
        *found++ = '\0';
    return found;
}

/** "user:password@host:port" as its parts; absent ones are null. */
static bool split_netloc(struct dict *parts, const char *netloc, struct error *error)
{
    CLEANUP(memory_cleanup) char *copy = memory_copy_string(netloc, strlen(netloc));
    char *at = strrchr(copy, '@'), *user = at ? copy : NULL, *host = copy, *password = NULL, *port;
    if (at) {
        *at = '\0';
        host = at + 1;
        password = cut(user, ':');
    }
    char *bracket = *host == '[' ? strchr(host, ']') : NULL;
    if (*host == '[' && !bracket)
        return error_set(error, ERROR_VALUE, "Invalid IPv6 URL");
    if (bracket) {
        port = bracket[1] == ':' ? bracket + 2 : NULL;
        *bracket = '\0';
        ++host;
    } else {
        port = cut(host, ':');
    }
    for (char *c = host; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    char *end = port;
    long number = port ? strtol(port, &end, 10) : 0;
    if (port && *port && *end)
        return error_set(error, ERROR_VALUE, "Port could not be cast to integer value as '%s'", port);
    if (number < 0 || number > 65535)
        return error_set(error, ERROR_VALUE, "Port out of range 0-65535");
    dict_set_string_take(parts, "hostname", *host ? value_string(host) : value_null());
    dict_set_string_take(parts, "password", password ? value_string(password) : value_null());
    dict_set_string_take(parts, "port", port && *port ? value_int(number) : value_null());
    dict_set_string_take(parts, "username", user ? value_string(user) : value_null());
    return true;
}

/** The length of a scheme in front of a colon, or 0. */
static size_t scheme_length(const char *address)
{
    size_t length = strspn(address, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
    return isalpha((unsigned char)*address) && address[length] == ':' ? length : 0;
}

static bool split_address(const char *address, struct dict *parts, struct error *error)
{
    CLEANUP(memory_cleanup) char *copy = memory_copy_string(address, strlen(address));
    size_t scheme = scheme_length(copy);
    char *rest = scheme ? copy + scheme + 1 : copy, *netloc = (char[]){'\0'};
    CLEANUP(memory_cleanup) char *owned_netloc = NULL;
    char *fragment = cut(rest, '#'), *query = cut(rest, '?');
    if (strncmp(rest, "//", 2) == 0) {
        size_t length = strcspn(rest + 2, "/");
        netloc = owned_netloc = memory_copy_string(rest + 2, length);
        rest += 2 + length;
    }
    for (size_t i = 0; i < scheme; i++)
        copy[i] = (char)tolower((unsigned char)copy[i]);
    dict_set_string_take(parts, "fragment", value_string(fragment ? fragment : ""));
    dict_set_string_take(parts, "netloc", value_string(netloc));
    dict_set_string_take(parts, "path", value_string(rest));
    dict_set_string_take(parts, "query", value_string(query ? query : ""));
    dict_set_string_take(parts, "scheme", value_string_length(copy, scheme));
    return split_netloc(parts, netloc, error);
}

static bool filter_urlsplit(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    OWNED parts = value_dict_new();
    (void)evaluation;
    if (!value_is_string(arguments[0]))
        return error_set(error, ERROR_TYPE, "'%s' object has no attribute 'decode'", value_type_name(arguments[0]));
    if (!split_address(value_bytes(arguments[0]), parts.as.dict, error))
        return false;
    if (!value_truth(arguments[1])) {
        *result = value_steal(&parts);
        return true;
    }
    const struct value *part = dict_find(parts.as.dict, arguments[1]);
    if (!part) {
        OWNED name = argument_text(arguments[1]);
        return error_set(error, ERROR_FILTER, "urlsplit: unknown URL component: %s", value_bytes(name));
    }
    *result = value_copy(*part);
    return true;
}

static const struct function rows[] = {
    {"comment", "text, style='plain', **options", filter_comment, 0,
     "A text as a comment: plain, c, cblock, erlang, xml"},
    {"quote", "value", filter_quote, 0, "A text quoted for the shell"},
    {"split", "value, sep=None, maxsplit=-1", filter_split, 0, "The parts of a text between separators"},
    {"urldecode", "string", filter_urldecode, 0, "A text with %XX and + decoded"},
    {"urlsplit", "value, query='', alias='urlsplit'", filter_urlsplit, 0, "The parts of an address, or one of them"},
};

const struct function_table filters_string = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
