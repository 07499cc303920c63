/* Lookups of files and their content: file, fileglob, unvault. */
#include <glob.h>
#include <string.h>

#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "stdlib/argument.h"
#include "stdlib/lookups/found_file.h"
#include "stdlib/lookups/lookups.h"
#include "stdlib/lookups/option.h"

/** The content of one term's file, its ends stripped as asked for. */
static bool read_file(struct evaluation *evaluation, struct value term, enum text_side sides, struct value *content,
                      struct error *error)
{
    if (!term_is_string(term, "startswith", error))
        return false;
    CLEANUP(memory_cleanup) char *path = found_file_path(evaluation, "files", value_bytes(term));
    OWNED_ERROR reason = {0};
    if (!path)
        return error_set(error, ERROR_LOOKUP,
                         "Unable to access the file '%s': File not found. Use -vvvvv to see paths searched.",
                         value_bytes(term));
    OWNED whole = value_null();
    if (!found_file_read(evaluation, path, &whole, &reason))
        return error_set(error, ERROR_LOOKUP, "Unable to access the file '%s': %s", value_bytes(term), reason.message);
    *content = sides ? value_string_take(text_strip(whole.as.text, NULL, sides)) : value_steal(&whole);
    return true;
}

static bool lookup_file(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    const struct list *terms = arguments[0].as.list;
    enum text_side sides = (option_truth(arguments[1]) ? TEXT_RIGHT : 0) | (option_truth(arguments[2]) ? TEXT_LEFT : 0);
    OWNED contents = value_list_new();
    for (size_t i = 0; i < terms->count; i++) {
        struct value content;
        if (!read_file(evaluation, terms->items[i], sides, &content, error))
            return false;
        list_push_take(contents.as.list, content);
    }
    *result = value_steal(&contents);
    return true;
}

static bool lookup_unvault(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    const struct list *terms = arguments[0].as.list;
    OWNED contents = value_list_new();
    for (size_t i = 0; i < terms->count; i++) {
        struct value content;
        if (!term_is_string(terms->items[i], "startswith", error))
            return false;
        CLEANUP(memory_cleanup) char *path = found_file_path(evaluation, "files", value_bytes(terms->items[i]));
        if (!path)
            return error_set(error, ERROR_LOOKUP, "Unable to find file matching \"%s\"", value_bytes(terms->items[i]));
        if (!found_file_read(evaluation, path, &content, error))
            return false;
        list_push_take(contents.as.list, content);
    }
    *result = value_steal(&contents);
    return true;
}

/* ---- fileglob ---- */

/** Regular files that match `name` in a folder, in the folder's own order.  Returns whether there are any. */
static bool push_matches(const char *folder, const char *name, struct list *paths)
{
    CLEANUP(memory_cleanup) char *pattern = path_join(folder, name);
    size_t before = paths->count;
    glob_t found;
    if (glob(pattern, GLOB_NOSORT | GLOB_NOESCAPE, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            if (file_is_regular(found.gl_pathv[i]))
                list_push_take(paths, value_string(found.gl_pathv[i]));
        globfree(&found);
    }
    return paths->count > before;
}

/** A pattern with a folder is looked for there alone, one without in `files` and in the search path itself. */
static bool push_glob(struct evaluation *evaluation, struct value term, struct list *paths, struct error *error)
{
    if (!value_is_string(term))
        return error_set(error, ERROR_TYPE, "expected str, bytes or os.PathLike object, not %s", value_type_name(term));
    CLEANUP(memory_cleanup) char *pattern = path_expand_user(value_bytes(term));
    CLEANUP(memory_cleanup) char *directory = path_directory(pattern);
    const char *name = path_name(pattern);
    CLEANUP(memory_cleanup) char *first = found_file_path(evaluation, "files", *directory ? directory : ".");
    if (first && push_matches(first, name, paths))
        return true;
    CLEANUP(memory_cleanup) char *second = *directory ? NULL : found_file_path(evaluation, NULL, ".");
    if (second)
        push_matches(second, name, paths);
    return true;
}

static bool lookup_fileglob(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    const struct list *terms = arguments[0].as.list;
    OWNED paths = value_list_new();
    for (size_t i = 0; i < terms->count; i++)
        if (!push_glob(evaluation, terms->items[i], paths.as.list, error))
            return false;
    *result = value_steal(&paths);
    return true;
}

static const struct function rows[] = {
    {"file", "terms, rstrip=True, lstrip=False" LOOKUP_UNKNOWN, lookup_file, LOOKUP_FLAGS, "The content of files."},
    {"fileglob", "terms" LOOKUP_UNKNOWN, lookup_fileglob, LOOKUP_FLAGS, "The files that match patterns of names."},
    {"unvault", "terms" LOOKUP_UNKNOWN, lookup_unvault, LOOKUP_FLAGS, "The content of files, to the last byte."},
};

const struct function_table lookups_files = {FUNCTION_LOOKUP, "ansible.builtin", rows, COUNT_OF(rows)};
