/* Statements of inventories, names with ranges, and lists with commas: see inventory.h. */
#include "parser/inventory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/arithmetic.h"

void inventory_file_done(struct inventory_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        text_drop(file->statements[i].group);
        text_drop(file->statements[i].name);
        dict_drop(file->statements[i].variables);
    }
    free(file->statements);
    *file = (struct inventory_file){0};
}

void inventory_file_add_take(struct inventory_file *file, struct inventory_statement statement)
{
    if (file->count == file->capacity) {
        file->capacity = memory_grown(file->capacity);
        file->statements = memory_resize(file->statements, file->capacity, sizeof *file->statements);
    }
    file->statements[file->count++] = statement;
}

/* ---- ranges ---- */

/** One [first:last:step] of a name. */
struct name_range {
    int64_t first, last, step;
    size_t width; /* digits at least, with zeros in front; 0: letters */
    bool is_letters;
};

/** Where hosts go while a name is expanded. */
struct host_expansion {
    struct inventory_file *file;
    const char *group;
    const struct dict *variables;
    struct error *error;
};

static bool range_fail(struct error *error, const char *name, const char *why)
{
    return error_set(error, ERROR_PARSE, "host range in '%s' %s", name, why);
}

/** Reads "01", or one letter, as a bound. */
static bool bound_parse(const char *bytes, size_t length, bool *is_letter, int64_t *result)
{
    struct value number;
    *is_letter = length == 1 && isalpha((unsigned char)*bytes);
    if (*is_letter) {
        *result = (unsigned char)*bytes;
        return true;
    }
    return length > 0 && length < 18 && strspn(bytes, "0123456789") >= length &&
           value_parse_int(bytes, length, 10, &number) && value_to_int64(number, result);
}

/** production: host-range */
static bool range_parse(const char *name, const char *bytes, size_t length, struct name_range *range,
                        struct error *error)
{
    const char *colon = memchr(bytes, ':', length);
    size_t first_length = colon ? (size_t)(colon - bytes) : length;
    const char *last = colon ? colon + 1 : NULL;
    size_t last_length = last ? length - first_length - 1 : 0;
    const char *second = last ? memchr(last, ':', last_length) : NULL;
    bool first_letter = false, last_letter, step_letter = false;
    *range = (struct name_range){.step = 1};
    if (!last)
        return range_fail(error, name, "must be begin:end or begin:end:step");
    if (second) {
        size_t step_length = last_length - (size_t)(second - last) - 1;
        last_length = (size_t)(second - last);
        if (!bound_parse(second + 1, step_length, &step_letter, &range->step) || step_letter || range->step < 1)
            return range_fail(error, name, "must have a step that is a number from 1");
    }
    if (first_length > 0 && !bound_parse(bytes, first_length, &first_letter, &range->first))
        return range_fail(error, name, "must begin with a number or a letter");
    if (!bound_parse(last, last_length, &last_letter, &range->last))
        return range_fail(error, name, "must specify end value");
    if (first_letter != last_letter)
        return range_fail(error, name, "must have bounds of one kind, letters or numbers");
    range->is_letters = first_letter;
    range->width = first_length > 1 && *bytes == '0' ? first_length : 1;
    if (range->width > 1 && !range->is_letters && first_length != last_length)
        return range_fail(error, name, "must specify equal-length begin and end formats");
    if (range->last < range->first)
        return range_fail(error, name, "must have begin <= end");
    if ((range->last - range->first) / range->step >= LIMIT_RANGE_ITEMS)
        return error_set(error, ERROR_LIMIT, "host range in '%s' has more than %d hosts", name, LIMIT_RANGE_ITEMS);
    return true;
}

/** The range's opening bracket in a name: one whose content holds a colon between letters or digits. */
static const char *range_find(const char *name, const char **end)
{
    for (const char *open = strchr(name, '['); open; open = strchr(open + 1, '[')) {
        const char *close = strchr(open, ']');
        size_t plain = strspn(open + 1, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:");
        const char *colon = strchr(open, ':');
        if (close && open + 1 + plain == close && colon && colon < close) {
            *end = close;
            return open;
        }
    }
    return NULL;
}

/** Adds the host of this name, or all that its first range stands for, and so on inwards. */
static bool name_expand(const struct host_expansion *expansion, const char *name)
{
    const char *close, *open = range_find(name, &close);
    if (!open) {
        inventory_file_add_take(
            expansion->file,
            (struct inventory_statement){
                .kind = INVENTORY_HOST,
                .group = expansion->group ? text_new(expansion->group, strlen(expansion->group)) : NULL,
                .name = text_new(name, strlen(name)),
                .variables = expansion->variables ? dict_clone(expansion->variables) : NULL,
            });
        return true;
    }
    struct name_range range;
    if (!range_parse(name, open + 1, (size_t)(close - open) - 1, &range, expansion->error))
        return false;
    for (int64_t i = range.first; i <= range.last; i += range.step) {
        CLEANUP(text_buffer_done) struct text_buffer expanded = {0};
        text_buffer_append(&expanded, name, (size_t)(open - name));
        if (range.is_letters)
            text_buffer_append_char(&expanded, (char)i);
        else
            text_buffer_append_format(&expanded, "%0*lld", (int)range.width, (long long)i);
        text_buffer_append_string(&expanded, close + 1);
        if (!name_expand(expansion, text_buffer_bytes(&expanded)))
            return false;
    }
    return true;
}

/** The ":port" at the end of a name, or NULL: one colon outside of brackets, with digits behind it. */
static const char *port_find(const char *name)
{
    const char *found = NULL;
    int depth = 0;
    for (const char *at = name; *at; at++) {
        depth += (*at == '[') - (*at == ']');
        if (*at != ':' || depth > 0)
            continue;
        if (found)
            return NULL;
        found = at;
    }
    return found && found[1] && found[1 + strspn(found + 1, "0123456789")] == '\0' ? found : NULL;
}

bool inventory_file_add_hosts(struct inventory_file *file, const char *name, size_t length, const char *group,
                              const struct dict *variables, struct error *error)
{
    CLEANUP(memory_cleanup) char *copy = memory_copy_string(name, length);
    char *port = (char *)port_find(copy);
    struct dict *with_port = NULL;
    if (port) {
        *port = '\0';
        with_port = variables ? dict_clone(variables) : dict_new();
        dict_set_string_take(with_port, "ansible_port", value_int(strtoll(port + 1, NULL, 10)));
    }
    struct host_expansion expansion = {file, group, with_port ? with_port : variables, error};
    bool ok = name_expand(&expansion, copy);
    dict_drop(with_port);
    return ok;
}

/** production: host-list */
bool inventory_parse_list(const char *list, struct inventory_file *file, struct error *error)
{
    for (const char *at = list; *at;) {
        size_t length = strcspn(at, ",");
        const char *start = at + strspn(at, " \t");
        const char *end = at + length;
        while (end > start && isspace((unsigned char)end[-1]))
            --end;
        if (end > start && !inventory_file_add_hosts(file, start, (size_t)(end - start), NULL, NULL, error))
            return false;
        at += length + (at[length] == ',');
    }
    return true;
}
