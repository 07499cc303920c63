/* Small files of the system: see fact_file.h. */
#include "stdlib/modules/facts/fact_file.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/os/file.h"
#include "runtime/os/path.h"

/** The content, the caller's; NULL where there is none. */
static char *read_quietly(const char *path)
{
    OWNED_ERROR ignored = {0};
    char *bytes;
    size_t length;
    return file_read(path, &bytes, &length, &ignored) ? bytes : NULL;
}

char *fact_trim(char *text)
{
    static const char space[] = " \t\r\n\v\f";
    text += strspn(text, space);
    size_t length = strlen(text);
    while (length > 0 && strchr(space, text[length - 1]))
        length--;
    text[length] = '\0';
    return text;
}

struct value fact_file(const char *path)
{
    CLEANUP(memory_cleanup) char *bytes = read_quietly(path);
    if (!bytes)
        return value_null();
    const char *text = fact_trim(bytes);
    return *text ? value_string(text) : value_null();
}

struct value fact_file_in(const char *folder, const char *name)
{
    CLEANUP(memory_cleanup) char *path = path_join(folder, name);
    return fact_file(path);
}

int64_t fact_file_number(const char *folder, const char *name, int64_t fallback)
{
    OWNED content = fact_file_in(folder, name);
    char *end;
    if (value_is_null(content))
        return fallback;
    int64_t number = strtoll(value_bytes(content), &end, 0);
    return *end ? fallback : number;
}

bool fact_file_has(const char *path, const char *text)
{
    CLEANUP(memory_cleanup) char *bytes = read_quietly(path);
    return bytes && strstr(bytes, text);
}

struct fact_lines fact_lines_open(const char *path)
{
    char *bytes = read_quietly(path);
    return (struct fact_lines){bytes, bytes};
}

char *fact_lines_next(struct fact_lines *lines)
{
    if (!lines->next || !*lines->next)
        return NULL;
    char *line = lines->next, *newline = strchr(line, '\n');
    if (newline)
        *newline = '\0';
    lines->next = newline ? newline + 1 : line + strlen(line);
    return line;
}

void fact_lines_done(struct fact_lines *lines)
{
    free(lines->bytes);
    *lines = (struct fact_lines){0};
}

struct dict *fact_assignments(const char *path)
{
    struct dict *assignments = dict_new();
    OWNED_LINES lines = fact_lines_open(path);
    for (char *line; (line = fact_lines_next(&lines));) {
        char *name = fact_trim(line), *value = strchr(name, '=');
        if (*name == '#' || !value)
            continue;
        *value++ = '\0';
        size_t length = strlen(value);
        if (length > 1 && (*value == '"' || *value == '\'') && value[length - 1] == *value) {
            value[length - 1] = '\0';
            value++;
        }
        dict_set_string_take(assignments, name, value_string(value));
    }
    return assignments;
}
