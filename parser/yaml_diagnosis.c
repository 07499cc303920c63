#include "parser/yaml_diagnosis.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/value/text.h"

/** One line of a source; offsets count from its start. */
struct line {
    uint32_t number;
    uint32_t start; /* in the source */
    const char *bytes;
    size_t length;
};

static struct line line_get(struct source *source, uint32_t number)
{
    struct line line = {.number = number, .start = source_line_start(source, number)};
    line.bytes = source_line(source, number, &line.length);
    return line;
}

static size_t skip_blanks(const struct line *line, size_t at)
{
    while (at < line->length && line->bytes[at] == ' ')
        at++;
    return at;
}

/** Where the first item or key of the line begins: after the indentation and the dashes of list items. */
static size_t content_start(const struct line *line)
{
    size_t at = skip_blanks(line, 0);
    while (at + 1 < line->length && line->bytes[at] == '-' && line->bytes[at + 1] == ' ')
        at = skip_blanks(line, at + 1);
    return at;
}

/** Where the value after the line's first `key: ` begins, or else its content. */
static size_t value_start(const struct line *line)
{
    size_t start = content_start(line);
    for (size_t at = start; at + 1 < line->length; at++)
        if (line->bytes[at] == ':' && line->bytes[at + 1] == ' ')
            return skip_blanks(line, at + 1);
    return start;
}

static bool starts_with(const struct line *line, size_t at, const char *word)
{
    size_t length = strlen(word);
    return at + length <= line->length && memcmp(line->bytes + at, word, length) == 0;
}

/** Where the line has a template that no quotes protect, or -1. */
static int64_t unquoted_template(const struct line *line)
{
    size_t content = content_start(line), value = value_start(line);
    if (starts_with(line, content, "{{"))
        return (int64_t)content;
    return starts_with(line, value, "{{") ? (int64_t)value : -1;
}

static struct span line_span(struct source *source, const struct line *line, size_t from, size_t to)
{
    return (struct span){source, line->start + (uint32_t)from, (uint32_t)(to > from ? to - from : 1)};
}

/** The line without trailing white space. */
static size_t trimmed_length(const struct line *line)
{
    size_t length = line->length;
    while (length > 0 && isspace((unsigned char)line->bytes[length - 1]))
        length--;
    return length;
}

static bool blame_template(struct source *source, const struct line *line, struct error *error)
{
    int64_t found = unquoted_template(line);
    if (found < 0)
        return false;
    size_t at = (size_t)found, end = trimmed_length(line);
    error_set(error, ERROR_PARSE,
              "YAML parsing failed: This may be an issue with missing quotes around a template block.");
    error_help(error, "To YAML an unquoted { begins a mapping. Put quotes around the whole value: \"%.*s\"",
               (int)(end - at), line->bytes + at);
    error_at(error, line_span(source, line, at, end));
    return true;
}

/** A value that begins with a quote and goes on after the closing one. */
static bool blame_quotes(struct source *source, const struct line *line, struct error *error)
{
    size_t at = value_start(line), end = trimmed_length(line);
    if (at + 1 >= end || (line->bytes[at] != '"' && line->bytes[at] != '\''))
        return false;
    char quote = line->bytes[at], other = quote == '"' ? '\'' : '"';
    const char *closing = memchr(line->bytes + at + 1, quote, end - at - 1);
    if (!closing || closing == line->bytes + end - 1)
        return false;
    bool ends_quoted = line->bytes[end - 1] == quote;
    error_set(error, ERROR_PARSE, "YAML parsing failed: Values starting with a quote must end with the same quote%s.",
              ends_quoted ? ", and not contain that quote" : "");
    if (memchr(line->bytes + at, other, end - at))
        error_help(error, "The value ends at the second %c. Put the whole of it in a block (|) on the next line.",
                   quote);
    else
        error_help(error, "The value ends at the second %c. Put other quotes around all of it: %c%.*s%c", quote, other,
                   (int)(end - at), line->bytes + at, other);
    error_at(error, line_span(source, line, at, end));
    return true;
}

static bool blame_colon(struct source *source, const struct line *line, uint32_t offset, struct error *error)
{
    size_t column = offset - line->start, value = value_start(line), end = trimmed_length(line);
    if (column >= line->length || line->bytes[column] != ':' || value == content_start(line) || value > column)
        return false;
    error_set(error, ERROR_PARSE,
              "YAML parsing failed: Colons in unquoted values must be followed by a non-space character.");
    if (memchr(line->bytes + value, '\'', end - value))
        error_help(error, "Put double quotes around the whole value, or the value in a block (|) on the next line.");
    else
        error_help(error, "Put quotes around the whole value: '%.*s'", (int)(end - value), line->bytes + value);
    error_at(error, line_span(source, line, column, column + 1));
    return true;
}

static bool is_dash(const struct line *line, size_t at)
{
    return at < line->length && line->bytes[at] == '-' && (at + 1 == line->length || line->bytes[at + 1] == ' ');
}

/** The line above whose item (or key) begins nearest to `column`: what the user meant to line up with; number 0: none. */
static struct line nearest_sibling(struct source *source, uint32_t number, size_t column, bool is_item, size_t *found)
{
    struct line best = {0};
    size_t lowest = SIZE_MAX;
    for (uint32_t above = number; --above > 0 && lowest > 0;) {
        struct line line = line_get(source, above);
        size_t at = skip_blanks(&line, 0);
        if (at == line.length || line.bytes[at] == '#' || at >= lowest)
            continue;
        lowest = at;
        if (!is_item)
            at = content_start(&line);
        else if (!is_dash(&line, at))
            continue;
        size_t distance = at > column ? at - column : column - at;
        size_t best_distance = *found > column ? *found - column : column - *found;
        if (best.number == 0 || distance < best_distance) {
            best = line;
            *found = at;
        }
    }
    return best;
}

/** "one column", "3 columns" */
static const char *columns(char *buffer, size_t size, size_t count)
{
    snprintf(buffer, size, count == 1 ? "one column" : "%zu columns", count);
    return buffer;
}

static void help_indentation(struct source *source, const struct line *line, uint32_t offset, struct error *error)
{
    size_t column = skip_blanks(line, 0), sibling = 0;
    if (offset - line->start != column)
        return;
    bool is_item = is_dash(line, column);
    struct line above = nearest_sibling(source, line->number, column, is_item, &sibling);
    if (above.number == 0 || sibling == column)
        return;
    char count[32];
    size_t difference = sibling > column ? sibling - column : column - sibling;
    error_help(error, "The %s on line %u is indented by %s %s than the %s before it (line %u).",
               is_item ? "list item" : "key", line->number, columns(count, sizeof count, difference),
               column > sibling ? "more" : "less", is_item ? "items" : "keys", above.number);
}

static void help_opened(struct source *source, const struct yaml_problem *problem, struct error *error)
{
    struct place place = source_locate(source, problem->context_offset);
    bool is_flow = strstr(problem->context, "flow");
    error_help(error, "What begins with %c on line %u, column %u is not closed%s.",
               source->bytes[problem->context_offset], place.line, place.column,
               is_flow ? " (or a comma is missing)" : "");
}

static bool is_problem(const struct yaml_problem *problem, const char *text)
{
    return strcmp(problem->problem, text) == 0;
}

static void help_character(struct source *source, const struct line *line, uint32_t offset, struct error *error)
{
    size_t at = offset - line->start, end = trimmed_length(line);
    if (at < end)
        error_help(error, "A value cannot begin with %c. Put quotes around it: '%.*s'", source->bytes[offset],
                   (int)(end - at), line->bytes + at);
}

/** The way out of a problem whose message is libyaml's own. */
static void help_problem(struct source *source, const struct yaml_problem *problem, const struct line *line,
                         struct error *error)
{
    bool has_opening = problem->context && problem->context_offset < source->length;
    if (is_problem(problem, "did not find expected key") ||
        is_problem(problem, "did not find expected '-' indicator") ||
        is_problem(problem, "did not find expected <document start>"))
        help_indentation(source, line, problem->offset, error);
    else if (is_problem(problem, "mapping values are not allowed in this context"))
        error_help(error, "A key cannot follow a value: is there a space after each key's colon, and is this line "
                          "indented like the key before it?");
    else if (is_problem(problem, "could not find expected ':'"))
        error_help(error,
                   "A key needs a colon and a space after it; a longer text, an indentation deeper than its key's.");
    else if (is_problem(problem, "block sequence entries are not allowed in this context"))
        error_help(error, "A list begins on the line after its key; a text that begins with a dash needs quotes.");
    else if (is_problem(problem, "found character that cannot start any token"))
        help_character(source, line, problem->offset, error);
    else if (is_problem(problem, "found unknown escape character"))
        error_help(error, "Inside double quotes a backslash begins an escape: write \\\\, or use single quotes.");
    else if (has_opening && (strstr(problem->context, "quoted") || strstr(problem->context, "flow")))
        help_opened(source, problem, error);
}

/** libyaml's words as one sentence: "While parsing a block mapping did not find expected key." */
static void set_sentence(const struct yaml_problem *problem, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer sentence = {0};
    if (problem->context)
        text_buffer_append_format(&sentence, "%s ", problem->context);
    text_buffer_append_string(&sentence, problem->problem);
    char first = (char)toupper((unsigned char)*text_buffer_bytes(&sentence));
    error_set(error, ERROR_PARSE, "YAML parsing failed: %c%s.", first, text_buffer_bytes(&sentence) + 1);
}

bool yaml_diagnose(struct source *source, const struct yaml_problem *problem, struct error *error)
{
    struct line line = line_get(source, source_locate(source, problem->offset).line);
    struct span span = {source, problem->offset, problem->offset < source->length};
    if (problem->offset < source->length && source->bytes[problem->offset] == '\t') {
        error_set(error, ERROR_PARSE, "YAML parsing failed: Tabs are usually invalid in YAML.");
        error_help(error, "Indent with spaces.");
        return error_at(error, span);
    }
    if (blame_template(source, &line, error))
        return false;
    if (is_problem(problem, "mapping values are not allowed in this context") &&
        blame_colon(source, &line, problem->offset, error))
        return false;
    if (strncmp(problem->problem, "did not find expected", 21) == 0 && blame_quotes(source, &line, error))
        return false;
    set_sentence(problem, error);
    help_problem(source, problem, &line, error);
    return error_at(error, span);
}
