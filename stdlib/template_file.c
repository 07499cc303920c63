#include "stdlib/template_file.h"

#include <pwd.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "parser/python_literal.h"
#include "runtime/value/datetime.h"

#define HEADER "#jinja2:"

/** Overrides that set a text of the syntax, and those that set a truth (where `flag` is not 0). */
static const struct {
    const char *name;
    size_t text;
    size_t flag;
} overrides[] = {
    {"block_start_string", offsetof(struct template_syntax, block_start), 0},
    {"block_end_string", offsetof(struct template_syntax, block_end), 0},
    {"variable_start_string", offsetof(struct template_syntax, variable_start), 0},
    {"variable_end_string", offsetof(struct template_syntax, variable_end), 0},
    {"comment_start_string", offsetof(struct template_syntax, comment_start), 0},
    {"comment_end_string", offsetof(struct template_syntax, comment_end), 0},
    {"line_statement_prefix", offsetof(struct template_syntax, line_statement_prefix), 0},
    {"line_comment_prefix", offsetof(struct template_syntax, line_comment_prefix), 0},
    {"trim_blocks", 0, offsetof(struct template_syntax, trim_blocks)},
    {"lstrip_blocks", 0, offsetof(struct template_syntax, lstrip_blocks)},
    {"keep_trailing_newline", 0, offsetof(struct template_syntax, keep_trailing_newline)},
    {"newline_sequence", offsetof(struct template_syntax, newline_sequence), 0},
};

static bool apply(struct template_file *file, const char *name, struct value value, struct error *error)
{
    for (size_t i = 0; i < COUNT_OF(overrides); i++) {
        if (strcmp(overrides[i].name, name) != 0)
            continue;
        bool is_text = overrides[i].flag == 0;
        if (is_text ? !value_is_string(value) : value.kind != VALUE_BOOL)
            return error_set(error, ERROR_SYNTAX, "'#jinja2:' override key '%s' must be a %s, not '%s'.", name,
                             is_text ? "text" : "boolean", value_type_name(value));
        dict_set_string_take(file->overrides, name, value_copy(value));
        if (!is_text)
            *(bool *)((char *)&file->syntax + overrides[i].flag) = value.as.boolean;
        else
            *(const char **)((char *)&file->syntax + overrides[i].text) = value_bytes(value);
        return true;
    }
    return error_set(error, ERROR_SYNTAX, "Invalid '#jinja2:' override key '%s'.", name);
}

/** The length of one pair: up to a comma that stands in no quotes. */
static size_t pair_length(const char *at, const char *end)
{
    char quote = '\0';
    const char *start = at;
    for (; at < end && (quote || *at != ','); at++)
        if (quote ? *at == quote : *at == '\'' || *at == '"')
            quote = quote ? '\0' : *at;
    return (size_t)(at - start);
}

static struct value strip(const char *bytes, size_t length)
{
    struct text *text = text_new(bytes, length);
    struct value stripped = value_string_take(text_strip(text, NULL, TEXT_BOTH));
    text_drop(text);
    return stripped;
}

/** name:literal, ... */
static bool read_header(struct template_file *file, const char *at, const char *end, struct error *error)
{
    file->overrides = dict_new();
    for (size_t length; at < end; at += length + 1) {
        length = pair_length(at, end);
        OWNED pair = strip(at, length);
        const char *bytes = value_bytes(pair), *colon = strchr(bytes, ':');
        if (!colon)
            return error_set(error, ERROR_SYNTAX, "Missing key-value separator `:` in '#jinja2:' override pair '%s'.",
                             bytes);
        OWNED name = strip(bytes, (size_t)(colon - bytes));
        OWNED text = strip(colon + 1, strlen(colon + 1));
        OWNED value = value_null();
        if (!python_literal_parse(value_bytes(text), text.as.text->length, &value))
            return error_set(error, ERROR_SYNTAX, "malformed node or string on line 1: %s", value_bytes(text));
        if (!apply(file, value_bytes(name), value, error))
            return false;
    }
    return true;
}

bool template_file_open(struct template_file *file, struct text *content, struct error *error)
{
    const char *start = content->bytes, *end = start + content->length;
    if (strncmp(start, HEADER, strlen(HEADER)) == 0) {
        const char *newline = memchr(start, '\n', content->length);
        if (!read_header(file, start + strlen(HEADER), newline ? newline : end, error))
            return false;
        start = newline ? newline + 1 : end;
    }
    OWNED text = value_string_length(start, (size_t)(end - start));
    file->text = value_trusted(text);
    return true;
}

void template_file_close(struct template_file *file)
{
    value_drop(file->text);
    dict_drop(file->overrides);
}

/* ---- variables ---- */

/** The name of the file's owner, or the number. */
static struct value owner_name(uid_t user)
{
    struct passwd *entry = getpwuid(user);
    return entry ? value_string(entry->pw_name) : value_int(user);
}

struct dict *template_file_variables(const char *path, const char *name, int64_t wall)
{
    struct dict *variables = dict_new();
    struct utsname machine;
    struct stat status = {0};
    bool is_there = stat(path, &status) == 0;
    int64_t modified = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
    dict_set_string_take(variables, "ansible_managed", value_string("Ansible managed"));
    dict_set_string_take(variables, "template_host", value_string(uname(&machine) == 0 ? machine.nodename : ""));
    dict_set_string_take(variables, "template_path", value_string(name));
    dict_set_string_take(variables, "template_fullpath", value_string(path));
    dict_set_string_take(variables, "template_destpath", value_null());
    dict_set_string_take(variables, "template_mtime", datetime_from_wall(modified, false));
    dict_set_string_take(variables, "template_uid", is_there ? owner_name(status.st_uid) : value_null());
    dict_set_string_take(variables, "template_run_date", datetime_from_wall(wall, false));
    return variables;
}
