/* INI inventories: sections of hosts, children and variables, a line at a time. */
#include <ctype.h>
#include <string.h>

#include "parser/arguments.h"
#include "parser/inventory.h"
#include "parser/python_literal.h"

enum ini_section { INI_HOSTS, INI_CHILDREN, INI_VARIABLES };

struct ini_parser {
    struct source *source;
    struct inventory_file *file;
    struct error *error;
    struct dict *groups;  /* declared so far: name -> true */
    struct dict *pending; /* [group:vars] of groups that are not declared yet: name -> offset of the line */
    enum ini_section section;
    char *group;         /* of the section, owned; NULL before the first */
    uint32_t line_start; /* byte offset in the source */
    size_t line_length;
};

/** ERROR_PARSE at the present line. */
static bool ini_fail(struct ini_parser *parser, const char *format, const char *what)
{
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    text_buffer_append_string(&message, format);
    text_buffer_append_string(&message, what);
    error_set(parser->error, ERROR_PARSE, "%s", text_buffer_bytes(&message));
    return error_at(parser->error, (struct span){parser->source, parser->line_start, (uint32_t)parser->line_length});
}

static void declare_group(struct ini_parser *parser, const char *name)
{
    dict_set_string_take(parser->groups, name, value_bool(true));
    dict_remove_string(parser->pending, name);
    inventory_file_add_take(
        parser->file, (struct inventory_statement){.kind = INVENTORY_GROUP, .group = text_new(name, strlen(name))});
}

/** What a value in an INI file stands for: a Python literal, else its text. */
static struct value ini_value(struct ini_parser *parser, const char *bytes, size_t length, uint32_t offset)
{
    struct value literal;
    if (python_literal_parse(bytes, length, &literal)) {
        OWNED owned = literal;
        return value_trusted(owned);
    }
    struct text *text = text_new(bytes, length);
    if (offset)
        text = text_with_span_take(text, (struct span){parser->source, offset, (uint32_t)length});
    OWNED plain = value_string_take(text);
    return value_trusted(plain);
}

/** production: ini-section */
static bool parse_section(struct ini_parser *parser, const char *line)
{
    size_t name_length = strcspn(line + 1, ":] \t");
    const char *after = line + 1 + name_length;
    const char *kind = *after == ':' ? after + 1 : "hosts]";
    size_t kind_length = strcspn(kind, "]");
    const char *rest = (*after == ':' ? kind + kind_length : after);
    if (name_length == 0 || *rest != ']' ||
        (rest[1 + strspn(rest + 1, " \t")] && rest[1 + strspn(rest + 1, " \t")] != '#'))
        return ini_fail(parser, "Invalid section entry: ", line);
    memory_cleanup(&parser->group);
    parser->group = memory_copy_string(line + 1, name_length);
    if (kind_length == 5 && strncmp(kind, "hosts", 5) == 0)
        parser->section = INI_HOSTS;
    else if (kind_length == 8 && strncmp(kind, "children", 8) == 0)
        parser->section = INI_CHILDREN;
    else if (kind_length == 4 && strncmp(kind, "vars", 4) == 0)
        parser->section = INI_VARIABLES;
    else {
        CLEANUP(text_buffer_done) struct text_buffer what = {0};
        text_buffer_append_format(&what, "[%s:%.*s] has unknown type: %.*s", parser->group, (int)kind_length, kind,
                                  (int)kind_length, kind);
        ini_fail(parser, "Section ", text_buffer_bytes(&what));
        return error_help(parser->error, "A section is [group], [group:children] or [group:vars].");
    }
    if (parser->section != INI_VARIABLES)
        declare_group(parser, parser->group);
    else if (!dict_find_string(parser->groups, parser->group))
        dict_set_string_take(parser->pending, parser->group, value_int(parser->line_start));
    return true;
}

/** The length of a line without a comment that stands outside of quotes. */
static size_t uncommented_length(const char *line)
{
    char quote = '\0';
    size_t i;
    for (i = 0; line[i]; i++) {
        if (quote ? line[i] == quote : line[i] == '\'' || line[i] == '"')
            quote = quote ? '\0' : line[i];
        else if (!quote && line[i] == '#')
            break;
        else if (!quote && line[i] == '\\' && line[i + 1])
            ++i;
    }
    return i;
}

/** Adds key=value of a host's line. */
static bool add_host_variable(struct ini_parser *parser, struct dict *variables, struct value word)
{
    const char *bytes = value_bytes(word), *equals = strchr(bytes, '=');
    if (!equals)
        return ini_fail(parser, "Expected key=value host variable assignment, got: ", bytes);
    dict_set_take(variables, value_string_length(bytes, (size_t)(equals - bytes)),
                  ini_value(parser, equals + 1, strlen(equals + 1), 0));
    return true;
}

/** production: ini-host */
static bool parse_host(struct ini_parser *parser, const char *line)
{
    struct list *words = NULL;
    if (!words_split(line, uncommented_length(line), &words, parser->error))
        return error_at(parser->error,
                        (struct span){parser->source, parser->line_start, (uint32_t)parser->line_length});
    OWNED owned = value_list_take(words);
    OWNED variables = value_dict_new();
    if (words->count == 0)
        return true;
    for (size_t i = 1; i < words->count; i++)
        if (!add_host_variable(parser, variables.as.dict, words->items[i]))
            return false;
    const struct text *name = words->items[0].as.text;
    if (inventory_file_add_hosts(parser->file, name->bytes, name->length, parser->group, variables.as.dict,
                                 parser->error))
        return true;
    return error_at(parser->error, (struct span){parser->source, parser->line_start, (uint32_t)parser->line_length});
}

/** production: ini-child */
static bool parse_child(struct ini_parser *parser, const char *line)
{
    size_t length = strcspn(line, " \t#");
    CLEANUP(memory_cleanup) char *name = memory_copy_string(line, length);
    const char *rest = line + length + strspn(line + length, " \t");
    if (length == 0 || (*rest && *rest != '#'))
        return ini_fail(parser, "Expected group name, got: ", line);
    declare_group(parser, name);
    inventory_file_add_take(parser->file,
                            (struct inventory_statement){.kind = INVENTORY_CHILD,
                                                         .group = text_new(parser->group, strlen(parser->group)),
                                                         .name = text_new(name, length)});
    return true;
}

/** production: ini-variable */
static bool parse_variable(struct ini_parser *parser, const char *line)
{
    const char *equals = strchr(line, '=');
    if (!equals)
        return ini_fail(parser, "Expected key=value, got: ", line);
    size_t key_length = (size_t)(equals - line);
    while (key_length > 0 && isspace((unsigned char)line[key_length - 1]))
        --key_length;
    const char *value = equals + 1 + strspn(equals + 1, " \t");
    struct dict *variables = dict_new();
    uint32_t offset = parser->line_start + (uint32_t)(value - line);
    dict_set_take(variables, value_string_length(line, key_length), ini_value(parser, value, strlen(value), offset));
    inventory_file_add_take(parser->file,
                            (struct inventory_statement){.kind = INVENTORY_VARIABLES,
                                                         .group = text_new(parser->group, strlen(parser->group)),
                                                         .variables = variables});
    return true;
}

/** One line without the space around it. */
static bool parse_line(struct ini_parser *parser, const char *line)
{
    if (*line == '\0' || *line == '#' || *line == ';')
        return true;
    if (*line == '[')
        return parse_section(parser, line);
    switch (parser->section) {
    case INI_HOSTS:
        return parse_host(parser, line);
    case INI_CHILDREN:
        return parse_child(parser, line);
    case INI_VARIABLES:
        return parse_variable(parser, line);
    }
    bug("no such section: %d", parser->section);
}

/** production: ini-inventory */
static bool parse_lines(struct ini_parser *parser)
{
    const char *bytes = parser->source->bytes, *end = bytes + parser->source->length;
    for (const char *at = bytes; at < end;) {
        size_t length = strcspn(at, "\n");
        const char *start = at;
        size_t trimmed = length;
        while (trimmed > 0 && isspace((unsigned char)*start)) {
            ++start;
            --trimmed;
        }
        while (trimmed > 0 && isspace((unsigned char)start[trimmed - 1]))
            --trimmed;
        parser->line_start = (uint32_t)(start - bytes);
        parser->line_length = trimmed;
        CLEANUP(memory_cleanup) char *line = memory_copy_string(start, trimmed);
        if (!parse_line(parser, line))
            return false;
        at += length + 1;
    }
    return true;
}

bool inventory_parse_ini(struct source *source, struct inventory_file *file, struct error *error)
{
    struct ini_parser parser = {
        .source = source, .file = file, .error = error, .groups = dict_new(), .pending = dict_new()};
    const struct dict_entry *entry;
    dict_set_string_take(parser.groups, "all", value_bool(true));
    dict_set_string_take(parser.groups, "ungrouped", value_bool(true));
    bool ok = parse_lines(&parser);
    size_t first = 0;
    if (ok && dict_next(parser.pending, &first, &entry)) {
        parser.line_start = (uint32_t)entry->value.as.integer;
        parser.line_length = 1;
        ok = ini_fail(&parser, "There are variables for a group that is not defined: ", value_bytes(entry->key));
    }
    memory_cleanup(&parser.group);
    dict_drop(parser.groups);
    dict_drop(parser.pending);
    return ok;
}
