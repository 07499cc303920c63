/* include_vars: variables from a file, or from the files of a folder. */
#include <stdlib.h>
#include <string.h>

#include "eval/plugin.h"
#include "parser/yaml.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/os/vault_keyring.h"
#include "runtime/value/compare.h"
#include "runtime/value/regex.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "_raw_params", .type = OPTION_STRING, .documentation = "The file, as free-form text"},
    {.name = "file", .type = OPTION_STRING, .documentation = "The file"},
    {.name = "dir", .type = OPTION_STRING, .documentation = "The folder whose files to read"},
    {.name = "name", .type = OPTION_STRING, .documentation = "Put the variables into one of this name"},
    {.name = "depth", .type = OPTION_INT, .fallback = "0", .documentation = "How deep to go into folders; 0: all"},
    {.name = "files_matching", .type = OPTION_STRING, .documentation = "Only files whose name this pattern matches"},
    {.name = "ignore_files",
     .type = OPTION_LIST,
     .elements = OPTION_STRING,
     .documentation = "Patterns of names to leave out"},
    {.name = "extensions",
     .type = OPTION_LIST,
     .elements = OPTION_STRING,
     .fallback = "[yaml, yml, json]",
     .documentation = "Ends of names that may be read"},
    {.name = "ignore_unknown_extensions",
     .type = OPTION_BOOL,
     .fallback = "false",
     .documentation = "Leave out other files, instead of failing"},
    {.name = "hash_behaviour",
     .type = OPTION_STRING,
     .choices = "replace|merge",
     .documentation = "Replace dictionaries that are there, or merge into them"},
};

static const char *const either[] = {
    "file|_raw_params|dir",          "file|_raw_params|depth",      "file|_raw_params|files_matching",
    "file|_raw_params|ignore_files", "file|_raw_params|extensions", NULL,
};
static const struct module_rules rules = {.mutually_exclusive = either};

static void start(struct module_call *call);

const struct module module_include_vars = {
    .name = "include_vars",
    .options = options,
    .option_count = COUNT_OF(options),
    .rules = &rules,
    .flags = MODULE_ACTION | MODULE_CHECK_MODE | MODULE_RAW_ALLOWED,
    .start = start,
    .documentation = "Load variables from files",
};

/** What is being loaded. */
struct loading {
    struct module_call *call;
    struct dict *variables;
    struct list *files; /* that were read */
    struct regex *matching;
    struct error *error;
};

/** Reads a file of variables into what is there. */
static bool load_file(struct loading *loading, const char *path)
{
    struct source *source = vault_read_source(evaluation_keyring(loading->call->evaluation), path, loading->error);
    struct yaml_document *document = source ? yaml_parse(source, loading->error) : NULL;
    if (source)
        source_drop(source);
    if (!document)
        return false;
    OWNED variables = document->root ? yaml_value(document->root) : value_dict_new();
    yaml_document_free(document);
    if (value_is_null(variables))
        value_replace_take(&variables, value_dict_new());
    if (!value_is_dict(variables))
        return error_set(loading->error, ERROR_MODULE, "%s must be stored as a dictionary/hash", path);
    dict_update(loading->variables, variables.as.dict);
    list_push_take(loading->files, value_string(path));
    return true;
}

/* ---------------------------------------------------------------- folders */

static bool is_ignored(const struct loading *loading, const char *name)
{
    struct value names = module_argument(loading->call, "ignore_files");
    for (size_t i = 0; value_is_list(names) && i < names.as.list->count; i++) {
        OWNED_ERROR error = {0};
        OWNED pattern = value_string_format("(?:%s)$", value_bytes(names.as.list->items[i]));
        struct regex *regex = regex_compile(value_bytes(pattern), pattern.as.text->length, 0, &error);
        bool matches = regex && regex_is_found(regex, name, strlen(name));
        regex_free(regex);
        if (matches)
            return true;
    }
    return false;
}

static bool has_extension(const struct loading *loading, const char *name)
{
    const struct list *extensions = module_argument(loading->call, "extensions").as.list;
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < extensions->count; i++)
        if (value_equals_string(extensions->items[i], dot + 1))
            return true;
    return false;
}

static bool extension_error(const struct loading *loading, const char *path)
{
    const struct list *extensions = module_argument(loading->call, "extensions").as.list;
    CLEANUP(text_buffer_done) struct text_buffer names = {0};
    for (size_t i = 0; i < extensions->count; i++)
        text_buffer_append_format(&names, "%s%s", i ? ", " : "", value_bytes(extensions->items[i]));
    return error_set(loading->error, ERROR_MODULE, "%s does not have a valid extension: %s", path,
                     text_buffer_bytes(&names));
}

/** Loads one file of a folder, if it is wanted. */
static bool load_entry(struct loading *loading, const char *path)
{
    const char *name = path_name(path);
    if (is_ignored(loading, name))
        return true;
    if (loading->matching && !regex_is_found(loading->matching, name, strlen(name)))
        return true;
    if (has_extension(loading, name))
        return load_file(loading, path);
    return module_flag(loading->call, "ignore_unknown_extensions") || extension_error(loading, path);
}

/** Loads the files of a folder, then those of the folders in it, `depth` levels deep (0: all). */
static bool load_folder(struct loading *loading, const char *folder, int64_t depth)
{
    OWNED listed = value_null();
    struct list *names = file_list_folder(folder, loading->error);
    if (!names)
        return false;
    listed = value_list_take(names);
    for (size_t i = 0; i < names->count; i++) {
        CLEANUP(memory_cleanup) char *path = path_join(folder, value_bytes(names->items[i]));
        if (!file_is_directory(path) && !load_entry(loading, path))
            return false;
    }
    for (size_t i = 0; depth != 1 && i < names->count; i++) {
        CLEANUP(memory_cleanup) char *path = path_join(folder, value_bytes(names->items[i]));
        if (file_is_directory(path) && !load_folder(loading, path, depth > 0 ? depth - 1 : 0))
            return false;
    }
    return true;
}

/* ---------------------------------------------------------------- where they go */

/** `base` with what is in `other`, dictionaries in both merged; a new dict. */
static struct dict *merge_deeply(const struct dict *base, const struct dict *other)
{
    struct dict *merged = dict_clone(base);
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(other, &i, &entry);) {
        const struct value *old = dict_find(merged, entry->key);
        struct value value = old && value_is_dict(*old) && value_is_dict(entry->value)
                                 ? value_dict_take(merge_deeply(old->as.dict, entry->value.as.dict))
                                 : value_copy(entry->value);
        dict_set_take(merged, value_copy(entry->key), value);
    }
    return merged;
}

/** Merges each dictionary that was loaded into the one that the variable holds now. */
static bool merge_with_present(struct loading *loading)
{
    OWNED loaded = value_dict_take(dict_clone(loading->variables));
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(loaded.as.dict, &i, &entry);) {
        OWNED present = value_null();
        if (!value_is_dict(entry->value) || !value_is_string(entry->key))
            continue;
        if (!evaluation_variable(loading->call->evaluation, entry->key, &present, loading->error))
            return false;
        if (value_is_dict(present))
            dict_set_take(loading->variables, value_copy(entry->key),
                          value_dict_take(merge_deeply(present.as.dict, entry->value.as.dict)));
    }
    return true;
}

/** Says where the file was looked for, in the place of an error that says so otherwise. */
static bool fail_missing(struct loading *loading, const char *folder, const char *name)
{
    CLEANUP(text_buffer_done) struct text_buffer places = {0};
    struct error *error = loading->error;
    if (folder) {
        OWNED key = value_string("playbook_dir"), place = value_null();
        OWNED_ERROR ignored = {0};
        error_done(error);
        CLEANUP(memory_cleanup)
        char *path = evaluation_variable(loading->call->evaluation, key, &place, &ignored) && value_is_string(place)
                         ? path_join(value_bytes(place), name)
                         : memory_copy_string(name, strlen(name));
        return error_set(error, ERROR_MODULE, "%s directory does not exist", path);
    }
    evaluation_searched_places(loading->call->evaluation, "vars", name, &places);
    error_done(error);
    return error_set(
        error, ERROR_MODULE,
        "Could not find or access '%s'\nSearched in:%s on the Ansible Controller.\nIf you are using a module "
        "and expect the file to exist on the remote, see the remote_src option",
        name, text_buffer_bytes(&places));
}

/** Finds and loads what the arguments name. */
static bool load(struct loading *loading)
{
    const struct module_call *call = loading->call;
    const char *folder = module_string(call, "dir");
    const char *name = folder ?: module_string(call, "file") ?: module_string(call, "_raw_params");
    struct value matching = module_argument(call, "files_matching");
    if (!name)
        return error_set(
            loading->error, ERROR_MODULE,
            "Could not find file on the Ansible Controller.\nIf you are using a module and expect the file to "
            "exist on the remote, see the remote_src option");
    if (!value_is_null(matching) &&
        !(loading->matching = regex_compile(value_bytes(matching), matching.as.text->length, 0, loading->error)))
        return false;
    CLEANUP(memory_cleanup) char *path = evaluation_find_file(call->evaluation, "vars", name, loading->error);
    if (!path)
        return fail_missing(loading, folder, name);
    return folder ? load_folder(loading, path, module_int(call, "depth")) : load_file(loading, path);
}

/** Puts the variables under one name, if that is wished. */
static struct dict *named(const struct module_call *call, struct dict *variables)
{
    const char *name = module_string(call, "name");
    if (!name)
        return dict_copy(variables);
    struct dict *outer = dict_new();
    dict_set_string_take(outer, name, value_dict_take(dict_copy(variables)));
    return outer;
}

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    OWNED variables = value_dict_new();
    OWNED files = value_list_new();
    struct loading loading = {.call = call, .variables = variables.as.dict, .files = files.as.list, .error = &error};
    bool is_loaded = load(&loading);
    if (is_loaded && value_equals_string(module_argument(call, "hash_behaviour"), "merge"))
        is_loaded = merge_with_present(&loading);
    regex_free(loading.matching);
    dict_set_string_take(call->result, "changed", value_bool(false));
    dict_set_string_take(call->result, "ansible_included_var_files", value_steal(&files));
    if (!is_loaded) {
        CLEANUP(memory_cleanup) char *message = error_chain_message(&error);
        OWNED none = value_dict_new();
        dict_set_string_take(call->result, "ansible_facts", value_dict_take(named(call, none.as.dict)));
        dict_set_string_take(call->result, "message", value_string(message));
        module_fail_error(call, &error);
        return;
    }
    call->effects.variables = named(call, variables.as.dict);
    dict_set_string_take(call->result, "ansible_facts", value_dict_take(dict_copy(call->effects.variables)));
    module_done(call);
}
