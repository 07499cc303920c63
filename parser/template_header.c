#include "parser/template_header.h"

#include <stddef.h>
#include <string.h>

#include "parser/python_literal.h"
#include "runtime/value/repr.h"

/** What a header may say, and the member of the syntax that it changes. */
static const struct header_key {
    const char *name;
    size_t member;
    bool is_text; /* else a bool */
    bool may_be_none;
} header_keys[] = {
    {"block_start_string", offsetof(struct template_syntax, block_start), true, false},
    {"block_end_string", offsetof(struct template_syntax, block_end), true, false},
    {"variable_start_string", offsetof(struct template_syntax, variable_start), true, false},
    {"variable_end_string", offsetof(struct template_syntax, variable_end), true, false},
    {"comment_start_string", offsetof(struct template_syntax, comment_start), true, false},
    {"comment_end_string", offsetof(struct template_syntax, comment_end), true, false},
    {"line_statement_prefix", offsetof(struct template_syntax, line_statement_prefix), true, true},
    {"line_comment_prefix", offsetof(struct template_syntax, line_comment_prefix), true, true},
    {"newline_sequence", offsetof(struct template_syntax, newline_sequence), true, false},
    {"trim_blocks", offsetof(struct template_syntax, trim_blocks), false, false},
    {"lstrip_blocks", offsetof(struct template_syntax, lstrip_blocks), false, false},
    {"keep_trailing_newline", offsetof(struct template_syntax, keep_trailing_newline), false, false},
};

/** A header being read. */
struct header {
    struct template *template;
    struct template_syntax *syntax;
    struct error *error;
};

/** Bytes of the template's text without white space at their ends. */
static struct extent extent_stripped(const struct text *text, struct extent extent)
{
    static const char space[] = " \t\r";
    while (extent.length && strchr(space, text->bytes[extent.start])) {
        extent.start++;
        extent.length--;
    }
    while (extent.length && strchr(space, text->bytes[extent.start + extent.length - 1]))
        extent.length--;
    return extent;
}

static bool header_fail_at(struct header *header, struct extent extent)
{
    return error_at(header->error, template_span(header->template, extent));
}

static const struct header_key *header_find_key(const char *name, uint32_t length)
{
    for (size_t i = 0; i < COUNT_OF(header_keys); i++)
        if (strlen(header_keys[i].name) == length && memcmp(header_keys[i].name, name, length) == 0)
            return &header_keys[i];
    return NULL;
}

static bool header_check_newline(struct header *header, struct value value)
{
    if (value_equals_string(value, "\n") || value_equals_string(value, "\r\n") || value_equals_string(value, "\r"))
        return true;
    OWNED shown = value_repr(value);
    return error_set(header->error, ERROR_SYNTAX,
                     "TemplateOverrides.newline_sequence must be one of ('\\n', '\\r\\n', '\\r') instead of %s",
                     value_bytes(shown));
}

/** Sets what a key stands for. */
static bool header_set(struct header *header, const struct header_key *key, struct value value)
{
    char *member = (char *)header->syntax + key->member;
    bool is_none = value_is_null(value) && key->may_be_none;
    if (key->is_text ? !value_is_string(value) && !is_none : value.kind != VALUE_BOOL)
        return error_set(header->error, ERROR_SYNTAX,
                         "TemplateOverrides.%s must be <class '%s'> instead of <class '%s'>", key->name,
                         key->is_text ? "str" : "bool", value_type_name(value));
    if (!key->is_text) {
        *(bool *)member = value.as.boolean;
        return true;
    }
    if (key->member == offsetof(struct template_syntax, newline_sequence) && !header_check_newline(header, value))
        return false;
    bool is_empty = is_none || value.as.text->length == 0;
    if (is_empty && !key->may_be_none)
        return error_set(header->error, ERROR_SYNTAX, "TemplateOverrides.%s must not be empty", key->name);
    *(const char **)member =
        is_empty ? NULL : arena_copy_string(&header->template->arena, value_bytes(value), value.as.text->length);
    return true;
}

/** One "key:value". */
static bool header_pair(struct header *header, struct extent pair)
{
    const struct text *text = header->template->text;
    const char *bytes = text->bytes + pair.start, *colon = memchr(bytes, ':', pair.length);
    if (extent_stripped(text, pair).length == 0)
        return error_set(header->error, ERROR_SYNTAX, "Empty '#jinja2:' override pair not allowed.");
    if (!colon)
        return error_set(header->error, ERROR_SYNTAX,
                         "Missing key-value separator `:` in '#jinja2:' override pair '%.*s'.", (int)pair.length,
                         bytes);
    uint32_t before = (uint32_t)(colon - bytes);
    struct extent name = extent_stripped(text, (struct extent){pair.start, before});
    struct extent literal = extent_stripped(text, (struct extent){pair.start + before + 1, pair.length - before - 1});
    const struct header_key *key = header_find_key(text->bytes + name.start, name.length);
    OWNED value = value_null();
    if (!key)
        return error_set(header->error, ERROR_SYNTAX, "Invalid '#jinja2:' override key '%.*s'.", (int)name.length,
                         text->bytes + name.start);
    if (!python_literal_parse(text->bytes + literal.start, literal.length, &value))
        return error_set(header->error, ERROR_SYNTAX, "malformed value '%.*s' of '#jinja2:' override key '%s'",
                         (int)literal.length, text->bytes + literal.start, key->name);
    return header_set(header, key, value);
}

/** Can what opens a block, an expression and a comment be told apart? */
static bool header_check_openings(struct header *header)
{
    const struct template_syntax *syntax = header->syntax;
    const char *block = syntax->block_start ? syntax->block_start : "{%";
    const char *variable = syntax->variable_start ? syntax->variable_start : "{{";
    const char *comment = syntax->comment_start ? syntax->comment_start : "{#";
    return (strcmp(block, variable) != 0 && strcmp(block, comment) != 0 && strcmp(variable, comment) != 0) ||
           error_set(header->error, ERROR_SYNTAX, "Block, variable and comment start strings must be different.");
}

bool template_header_read(struct template *template, struct template_syntax *syntax, uint32_t *start,
                          struct error *error)
{
    const struct text *text = template->text;
    struct header header = {template, syntax, error};
    size_t prefix = strlen(TEXT_TEMPLATE_HEADER);
    *start = 0;
    if (strncmp(text->bytes, TEXT_TEMPLATE_HEADER, prefix) != 0)
        return true;
    const char *newline = memchr(text->bytes, '\n', text->length);
    if (!newline) {
        error_set(error, ERROR_SYNTAX, "Missing newline after '#jinja2:' override.");
        return header_fail_at(&header, (struct extent){0, text->length});
    }
    uint32_t end = (uint32_t)(newline - text->bytes);
    for (uint32_t position = (uint32_t)prefix, next; position <= end; position = next) {
        const char *comma = memchr(text->bytes + position, ',', end - position);
        next = comma ? (uint32_t)(comma - text->bytes) + 1 : end + 1;
        struct extent pair = {position, next - 1 - position};
        if (!header_pair(&header, pair))
            return header_fail_at(&header, pair);
    }
    *start = end + 1;
    return header_check_openings(&header) || header_fail_at(&header, (struct extent){0, end});
}
