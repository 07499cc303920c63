/*
 * Paths: basename, dirname, expanduser, expandvars, realpath, relpath, normpath, path_join, commonpath, splitext, fileglob, and
 * the win_ ones.  As text but for those that ask the system by their meaning.
 */
#include "runtime/os/path.h"

#include <ctype.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/os/file.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"
#include "stdlib/items.h"

/** A string value of memory that is taken. */
static struct value string_take(char *text)
{
    struct value value = value_string(text);
    free(text);
    return value;
}

/** Only text is a path. */
static bool is_path(struct value argument, struct error *error)
{
    return value_is_string(argument) ||
           error_set(error, ERROR_TYPE, "expected str, bytes or os.PathLike object, not %s", value_type_name(argument));
}

static bool filter_basename(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    (void)evaluation;
    if (!is_path(arguments[0], error))
        return false;
    *result = value_string(path_name(value_bytes(arguments[0])));
    return true;
}

static bool filter_dirname(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    if (!is_path(arguments[0], error))
        return false;
    *result = string_take(path_directory(value_bytes(arguments[0])));
    return true;
}

static bool filter_normpath(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    (void)evaluation;
    if (!is_path(arguments[0], error))
        return false;
    *result = string_take(path_normal(value_bytes(arguments[0])));
    return true;
}

static bool filter_expanduser(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    (void)evaluation;
    if (!is_path(arguments[0], error))
        return false;
    *result = string_take(path_expand_user(value_bytes(arguments[0])));
    return true;
}

/** $NAME and ${NAME}; names that are not set stay as they are. */
static bool filter_expandvars(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    (void)evaluation;
    if (!is_path(arguments[0], error))
        return false;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    for (const char *at = value_bytes(arguments[0]); *at;) {
        bool has_brace = at[0] == '$' && at[1] == '{';
        const char *name = at + 1 + has_brace;
        size_t length = 0;
        while (has_brace ? name[length] && name[length] != '}'
                         : isalnum((unsigned char)name[length]) || name[length] == '_')
            ++length;
        bool is_name = *at == '$' && length > 0 && (!has_brace || name[length] == '}');
        CLEANUP(memory_cleanup) char *wanted = memory_copy_string(name, is_name ? length : 0);
        const char *value = is_name ? getenv(wanted) : NULL;
        if (value) {
            text_buffer_append_string(&out, value);
            at = name + length + has_brace;
        } else {
            text_buffer_append_char(&out, *at++);
        }
    }
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

/** The path with links followed as far as it exists. */
static bool filter_realpath(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    (void)evaluation;
    if (!is_path(arguments[0], error))
        return false;
    CLEANUP(memory_cleanup) char *absolute = path_absolute(value_bytes(arguments[0]));
    size_t length = strlen(absolute);
    while (length > 0) {
        CLEANUP(memory_cleanup) char *prefix = memory_copy_string(absolute, length);
        char *real = realpath(prefix, NULL);
        if (real) {
            const char *rest = absolute + length + strspn(absolute + length, "/");
            *result = *rest ? string_take(path_join(real, rest)) : value_string(real);
            free(real);
            return true;
        }
        while (length > 1 && absolute[length - 1] != '/')
            --length;
        length -= length > 1;
    }
    *result = value_string(absolute);
    return true;
}

static bool filter_relpath(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    if (!is_path(arguments[0], error) || !is_path(arguments[1], error))
        return false;
    const char *start = value_truth(arguments[1]) ? value_bytes(arguments[1]) : ".";
    CLEANUP(memory_cleanup) char *path = path_absolute(value_bytes(arguments[0]));
    CLEANUP(memory_cleanup) char *base = path_absolute(start);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (!*value_bytes(arguments[0]))
        return error_set(error, ERROR_VALUE, "no path specified");
    size_t common = 0;
    for (size_t i = 0;; i++) {
        bool path_ends = !path[i] || path[i] == '/', base_ends = !base[i] || base[i] == '/';
        if (path_ends && base_ends)
            common = i;
        if (!path[i] || !base[i] || path[i] != base[i])
            break;
    }
    for (const char *at = base + common; *at; at++)
        if (*at == '/' && at[1])
            text_buffer_append_string(&out, out.length ? "/.." : "..");
    const char *rest = path + common + strspn(path + common, "/");
    if (*rest)
        text_buffer_append_format(&out, "%s%s", out.length ? "/" : "", rest);
    *result = out.length ? value_string_take(text_buffer_take(&out)) : value_string(".");
    return true;
}

/** os.path.join: an absolute part takes the place of what stands before it. */
static bool join_parts(const struct list *parts, struct text_buffer *out, struct error *error)
{
    for (size_t i = 0; i < parts->count; i++) {
        struct value part = parts->items[i];
        if (!value_is_string(part))
            return error_set(error, ERROR_TYPE, "join() argument must be str, bytes, or os.PathLike object, not '%s'",
                             value_type_name(part));
        if (path_is_absolute(value_bytes(part)))
            text_buffer_truncate(out, 0);
        else if (out->length > 0 && text_buffer_bytes(out)[out->length - 1] != '/')
            text_buffer_append_char(out, '/');
        text_buffer_append_text(out, part.as.text);
    }
    return true;
}

static bool filter_path_join(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (value_is_string(arguments[0])) {
        *result = value_copy(arguments[0]);
        return true;
    }
    if (!value_is_sequence(arguments[0]) || value_length(arguments[0]) == 0)
        return error_set(error, ERROR_TYPE, "|path_join expects string or sequence, got %s instead.",
                         value_type_name(arguments[0]));
    struct list *parts = items_read(evaluation, arguments[0], ITEMS_REFUSE_UNDEFINED, error);
    if (!parts)
        return false;
    OWNED owned = value_list_take(parts);
    if (!join_parts(parts, &out, error))
        return false;
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static bool filter_splitext(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    (void)evaluation;
    if (!is_path(arguments[0], error))
        return false;
    const char *path = value_bytes(arguments[0]), *name = path_name(path);
    const char *first = name + strspn(name, "."), *dot = strrchr(first, '.');
    size_t length = arguments[0].as.text->length,
           root = dot && dot > first - 1 && dot != name ? (size_t)(dot - path) : length;
    struct list *pair = list_new(2);
    list_push_take(pair, value_string_length(path, root));
    list_push_take(pair, value_string_length(path + root, length - root));
    *result = value_tuple_take(pair);
    return true;
}

/** The path without doubled slashes and "." components; ".." stays.  To be freed. */
static char *path_without_dots(const char *path)
{
    char *copy = memory_new(strlen(path) + 2), *out = copy;
    if (*path == '/')
        *out++ = '/';
    for (size_t length; *path; path += length) {
        path += strspn(path, "/");
        length = strcspn(path, "/");
        if (length == 0 || (length == 1 && *path == '.'))
            continue;
        if (out > copy && out[-1] != '/')
            *out++ = '/';
        memcpy(out, path, length);
        out += length;
    }
    *out = '\0';
    return copy;
}

/** The length of the longest path that both begin with; "/" counts as one. */
static size_t common_length(const char *left, const char *right)
{
    size_t common = *left == '/' && *right == '/' ? 1 : 0;
    for (size_t i = 0;; i++) {
        if ((!left[i] || left[i] == '/') && (!right[i] || right[i] == '/') && i > 0)
            common = i;
        if (!left[i] || left[i] != right[i])
            return common;
    }
}

/** The longest path that all of them begin with. */
static bool filter_commonpath(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    struct list *items =
        value_is_sequence(arguments[0]) ? items_read(evaluation, arguments[0], ITEMS_REFUSE_UNDEFINED, error) : NULL;
    if (!items)
        return error->kind != ERROR_NONE ? false
                                         : error_set(error, ERROR_TYPE, "|commonpath expects sequence, got %s instead.",
                                                     value_type_name(arguments[0]));
    OWNED owned = value_list_take(items);
    CLEANUP(memory_cleanup) char *common = NULL;
    if (items->count == 0)
        return error_set(error, ERROR_VALUE, "commonpath() arg is an empty sequence");
    for (size_t i = 0; i < items->count; i++) {
        if (!is_path(items->items[i], error))
            return false;
        char *path = path_without_dots(value_bytes(items->items[i]));
        if (common && path_is_absolute(path) != path_is_absolute(common)) {
            free(path);
            return error_set(error, ERROR_VALUE, "Can't mix absolute and relative paths");
        }
        if (common)
            path[common_length(common, path)] = '\0';
        free(common);
        common = path;
    }
    *result = value_string(common);
    return true;
}

static bool filter_fileglob(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    struct list *found;
    glob_t paths;
    (void)evaluation;
    if (!value_is_string(arguments[0]))
        return error_set(error, ERROR_TYPE, "'%s' object is not subscriptable", value_type_name(arguments[0]));
    found = list_new(0);
    if (glob(value_bytes(arguments[0]), 0, NULL, &paths) == 0) {
        for (size_t i = 0; i < paths.gl_pathc; i++)
            if (file_is_regular(paths.gl_pathv[i]))
                list_push_take(found, value_string(paths.gl_pathv[i]));
        globfree(&paths);
    }
    *result = value_list_take(found);
    return true;
}

/* ---- Windows ---- */

static bool is_separator(char c)
{
    return c == '\\' || c == '/';
}

/** The length of "C:" or "\\\\host\\share" in front. */
static size_t drive_length(const char *path)
{
    if (isalpha((unsigned char)*path) && path[1] == ':')
        return 2;
    if (!is_separator(path[0]) || !is_separator(path[1]))
        return 0;
    size_t host = 2 + strcspn(path + 2, "\\/");
    return path[host] ? host + 1 + strcspn(path + host + 1, "\\/") : host;
}

/** Where the last component begins. */
static size_t windows_name(const char *path)
{
    size_t start = drive_length(path), name = start;
    for (size_t i = start; path[i]; i++)
        if (is_separator(path[i]))
            name = i + 1;
    return name;
}

static bool filter_win_basename(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                struct error *error)
{
    (void)evaluation;
    if (!is_path(arguments[0], error))
        return false;
    *result = value_string(value_bytes(arguments[0]) + windows_name(value_bytes(arguments[0])));
    return true;
}

static bool filter_win_dirname(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                               struct error *error)
{
    (void)evaluation;
    if (!is_path(arguments[0], error))
        return false;
    const char *path = value_bytes(arguments[0]);
    size_t drive = drive_length(path), name = windows_name(path), end = name;
    while (end > drive && is_separator(path[end - 1]))
        --end;
    *result = value_string_length(path, end > drive ? end : name);
    return true;
}

static bool filter_win_splitdrive(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                  struct error *error)
{
    (void)evaluation;
    if (!is_path(arguments[0], error))
        return false;
    size_t drive = drive_length(value_bytes(arguments[0]));
    struct list *pair = list_new(2);
    list_push_take(pair, value_string_length(value_bytes(arguments[0]), drive));
    list_push_take(pair, value_string(value_bytes(arguments[0]) + drive));
    *result = value_tuple_take(pair);
    return true;
}

static const struct function rows[] = {
    {"basename", "path", filter_basename, 0, "The last component of a path"},
    {"commonpath", "paths", filter_commonpath, 0, "The longest path that all paths begin with"},
    {"dirname", "path", filter_dirname, 0, "A path without its last component"},
    {"expanduser", "path", filter_expanduser, FUNCTION_IMPURE, "A path with ~ and ~user replaced by the home"},
    {"expandvars", "path", filter_expandvars, FUNCTION_IMPURE,
     "A path with $NAME and ${NAME} replaced from the environment"},
    {"fileglob", "pattern", filter_fileglob, FUNCTION_IMPURE,
     "The files of the controller that a shell pattern matches"},
    {"normpath", "path", filter_normpath, 0, "A path without . and .. and doubled slashes"},
    {"path_join", "paths", filter_path_join, 0, "Parts joined to one path"},
    {"realpath", "path", filter_realpath, FUNCTION_IMPURE, "A path with its symbolic links followed"},
    {"relpath", "path, start='.'", filter_relpath, FUNCTION_IMPURE, "The way to a path from another"},
    {"splitext", "path", filter_splitext, 0, "A path in two: up to its extension, and that"},
    {"win_basename", "path", filter_win_basename, 0, "The last component of a Windows path"},
    {"win_dirname", "path", filter_win_dirname, 0, "A Windows path without its last component"},
    {"win_splitdrive", "path", filter_win_splitdrive, 0, "A Windows path in two: the drive, and the rest"},
};

const struct function_table filters_path = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
