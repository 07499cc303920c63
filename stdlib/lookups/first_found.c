/* first_found: the first of several files that is there. */
#include <string.h>

#include "runtime/os/path.h"
#include "stdlib/lookups/found_file.h"
#include "stdlib/lookups/lookups.h"
#include "stdlib/lookups/option.h"

/** What is looked for; a dict among the terms sets it anew. */
struct search {
    struct list *files; /* owned */
    struct list *paths; /* owned */
    bool skip;
    struct list *candidates; /* owned */
};

static void search_done(struct search *search)
{
    list_drop(search->files);
    list_drop(search->paths);
    list_drop(search->candidates);
}

/** The parts of a list of strings between separators, of all of them. */
static struct list *split_all(struct list *strings, const char *separators)
{
    struct list *parts = list_new(strings->count);
    for (size_t i = 0; i < strings->count; i++) {
        struct list *some = text_parts(strings->items[i].as.text, separators);
        list_extend(parts, some);
        list_drop(some);
    }
    list_drop(strings);
    return parts;
}

/** Options as values; null where they are not given. */
static bool search_set(struct search *search, struct value files, struct value paths, struct value skip,
                       struct error *error)
{
    OWNED none = value_list_new();
    struct list *names = option_strings(&(struct option_place){"first_found", "files", "list"},
                                        value_is_null(files) ? none : files, error);
    struct list *folders = names ? option_strings(&(struct option_place){"first_found", "paths", "list"},
                                                  value_is_null(paths) ? none : paths, error)
                                 : NULL;
    if (!folders) {
        list_drop(names);
        return false;
    }
    list_drop(search->files);
    list_drop(search->paths);
    search->files = split_all(names, ",;");
    search->paths = split_all(folders, ",:;");
    search->skip = option_truth(skip);
    return true;
}

/** Each file in each path, or the files alone. */
static void push_candidates(struct search *search, const struct list *files)
{
    for (size_t i = 0; i < search->paths->count; i++)
        for (size_t j = 0; j < files->count; j++) {
            CLEANUP(memory_cleanup)
            char *path = path_join(value_bytes(search->paths->items[i]), value_bytes(files->items[j]));
            list_push_take(search->candidates, value_string(path));
        }
    if (search->paths->count == 0)
        list_extend(search->candidates, files);
}

static struct value option_of(const struct dict *options, const char *name)
{
    const struct value *found = dict_find_string(options, name);
    return found ? *found : value_null();
}

static bool push_terms(struct search *search, const struct list *terms, struct error *error)
{
    for (size_t i = 0; i < terms->count; i++) {
        struct value term = terms->items[i];
        if (value_is_string(term)) {
            struct list *files = text_parts(term.as.text, ",;");
            if (files->count == 0)
                list_push_take(files, value_string(""));
            push_candidates(search, files);
            list_drop(files);
        } else if (value_is_dict(term)) {
            const struct dict *options = term.as.dict;
            if (!search_set(search, option_of(options, "files"), option_of(options, "paths"),
                            option_of(options, "skip"), error))
                return false;
            push_candidates(search, search->files);
        } else if (!value_is_sequence(term)) {
            return error_set(error, ERROR_LOOKUP,
                             "Invalid term supplied. A string, dict or list is required, not '%s').",
                             value_type_name(term));
        } else if (!push_terms(search, term.as.list, error)) {
            return false;
        }
    }
    return true;
}

static bool lookup_first_found(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                               struct error *error)
{
    CLEANUP(search_done) struct search search = {.candidates = list_new(0)};
    const struct list *terms = arguments[0].as.list;
    const char *folder = value_is_string(arguments[4]) ? value_bytes(arguments[4]) : NULL;
    if (!search_set(&search, arguments[1], arguments[2], arguments[3], error) || !push_terms(&search, terms, error))
        return false;
    if (terms->count == 0)
        push_candidates(&search, search.files);
    struct list *found = list_new(1);
    OWNED owner = value_list_take(found);
    for (size_t i = 0; i < search.candidates->count && found->count == 0; i++) {
        CLEANUP(memory_cleanup)
        char *path = found_file_path(evaluation, folder, value_bytes(search.candidates->items[i]));
        if (path)
            list_push_take(found, value_string(path));
    }
    if (found->count == 0 && !search.skip)
        return error_set(error, ERROR_LOOKUP, "No file was found when using first_found.");
    *result = value_steal(&owner);
    return true;
}

static const struct function rows[] = {
    {"first_found", "terms, files=None, paths=None, skip=False, _subdir=None" LOOKUP_UNKNOWN, lookup_first_found,
     LOOKUP_FLAGS, "The first file that is there, of names and of folders to look for them in."},
};

const struct function_table lookups_first_found = {FUNCTION_LOOKUP, "ansible.builtin", rows, COUNT_OF(rows)};
