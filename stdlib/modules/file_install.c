/* Installing files: see file_install.h. */
#include "stdlib/modules/file_install.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/os/file.h"
#include "runtime/value/digest.h"
#include "stdlib/modules/file_mode.h"
#include "stdlib/modules/file_state.h"
#include "stdlib/modules/file_write.h"
#include "stdlib/modules/host_path.h"

/** An installation under way. */
struct installing {
    struct module_call *call;
    const struct file_install *install;
    char *path; /* absolute */
    bool is_there;
    struct stat status; /* of what is there */
    char *old;          /* its content */
    size_t old_length;
    struct list *diffs;
    struct error *error;
};

static bool system_failure(const struct installing *installing, const char *path)
{
    return error_set(installing->error, ERROR_MODULE, "[Errno %d] %s: '%s'", errno, strerror(errno), path);
}

/** The destination: below a folder that is there (or meant, by a slash at the end), and past links where they are followed. */
static void find_place(struct installing *installing)
{
    const struct file_install *install = installing->install;
    size_t length = strlen(install->destination);
    char *path = host_path(installing->call->host, install->destination);
    bool is_folder = (length > 0 && install->destination[length - 1] == '/') || file_is_directory(path);
    if (is_folder && install->name) {
        installing->path = path_join(path, install->name);
        free(path);
    } else {
        installing->path = path;
    }
    char *resolved = module_flag(installing->call, "follow") ? realpath(installing->path, NULL) : NULL;
    if (resolved) {
        free(installing->path);
        installing->path = memory_copy_string(resolved, strlen(resolved));
        free(resolved);
    }
}

/** Makes the folder above, where that is meant, or fails for want of it. */
static bool check_folder(struct installing *installing)
{
    const struct file_install *install = installing->install;
    CLEANUP(memory_cleanup) char *folder = path_directory(installing->path);
    size_t length = strlen(install->destination);
    bool is_meant = install->makes_folders || (length > 0 && install->destination[length - 1] == '/');
    if (!*folder || file_is_directory(folder))
        return true;
    if (!is_meant)
        return error_set(installing->error, ERROR_MODULE, "Destination directory %s does not exist", folder);
    mode_t mode = 0777;
    struct value wanted = module_argument(installing->call, "directory_mode");
    if (!value_is_null(wanted) && !file_mode_resolve(wanted, S_IFDIR | 0777, &mode, installing->error))
        return false;
    return installing->call->host->check_mode || file_make_directories(folder, mode, installing->error);
}

/** Reads what is there now. */
static bool read_old(struct installing *installing)
{
    installing->is_there = lstat(installing->path, &installing->status) == 0;
    if (!installing->is_there || !S_ISREG(installing->status.st_mode))
        return true;
    return file_read(installing->path, &installing->old, &installing->old_length, installing->error);
}

static bool is_same(const struct installing *installing)
{
    const struct file_install *install = installing->install;
    return installing->old && installing->old_length == install->length &&
           memcmp(installing->old, install->bytes, install->length) == 0;
}

/** The digest of the new content. */
static struct value content_digest(const struct file_install *install, const char *algorithm)
{
    OWNED_ERROR error = {0};
    CLEANUP(text_buffer_done) struct text_buffer hex = {0};
    if (!digest_append_hex(&hex, algorithm, install->bytes, install->length, &error))
        bug("%s", error.message);
    return value_string_take(text_buffer_take(&hex));
}

static bool check_checksum(struct installing *installing)
{
    const struct file_install *install = installing->install;
    OWNED actual = content_digest(install, "sha1");
    dict_set_string_take(installing->call->result, "checksum", value_copy(actual));
    if (!install->checksum || value_equals_string(actual, install->checksum))
        return true;
    dict_set_string_take(installing->call->result, "expected_checksum", value_string(install->checksum));
    return error_set(installing->error, ERROR_MODULE,
                     "Copied file does not match the expected checksum. Transfer failed.");
}

/** Puts the content in its place, after a copy of the old one where that is wished. */
static bool write_new(struct installing *installing)
{
    struct value backup;
    const struct file_install *install = installing->install;
    if (installing->old && module_flag(installing->call, "backup")) {
        if (!file_write_backup(installing->path, installing->old, installing->old_length, installing->status.st_mode,
                               &backup, installing->error))
            return false;
        dict_set_string_take(installing->call->result, "backup_file", backup);
    }
    return file_write_over(installing->path, install->bytes, install->length,
                           installing->is_there ? &installing->status : NULL, installing->error);
}

/** Owner, group and mode; `mode: preserve` is the source's. */
static bool apply_attributes(struct installing *installing, bool *changed)
{
    OWNED before = value_dict_new();
    OWNED after = value_dict_new();
    struct file_attribute_diff diff = {before.as.dict, after.as.dict};
    struct module_call *call = installing->call;
    bool had_change = *changed;
    if (!file_attributes_apply(call, installing->path, true, diff, changed, installing->error))
        return false;
    bool is_preserved =
        value_equals_string(module_argument(call, "mode"), "preserve") && installing->install->source_mode;
    if (is_preserved && !call->host->check_mode &&
        chmod(installing->path, installing->install->source_mode & FILE_MODE_BITS) < 0)
        return system_failure(installing, installing->path);
    if (!call->host->diff_mode || had_change || !*changed)
        return true;
    struct dict *pair = dict_new();
    dict_set_string_take(before.as.dict, "path", value_string(installing->path));
    dict_set_string_take(after.as.dict, "path", value_string(installing->path));
    dict_set_string_take(pair, "before", value_steal(&before));
    dict_set_string_take(pair, "after", value_steal(&after));
    list_push_take(installing->diffs, value_dict_take(pair));
    return true;
}

static void note_content_diff(struct installing *installing)
{
    const struct file_install *install = installing->install;
    if (!installing->call->host->diff_mode)
        return;
    struct dict *diff = dict_new();
    dict_set_string_take(diff, "before", value_string_length(installing->old ?: "", installing->old_length));
    dict_set_string_take(diff, "after", value_string_length(install->bytes, install->length));
    if (installing->is_there)
        dict_set_string_take(diff, "before_header", value_string(installing->path));
    dict_set_string_take(diff, "after_header", value_string(install->source ? install->source : installing->path));
    list_push_take(installing->diffs, value_dict_take(diff));
}

/** Fills in what is reported of the file as it is now. */
static void report(struct installing *installing, bool is_written, bool changed)
{
    struct dict *result = installing->call->result;
    const struct file_install *install = installing->install;
    dict_set_string_take(result, "changed", value_bool(changed));
    dict_set_string_take(result, "dest", value_string(installing->path));
    if (install->source)
        dict_set_string_take(result, "src", value_string(install->source));
    if (is_written)
        dict_set_string_take(result, "md5sum", content_digest(install, "md5"));
    else
        dict_set_string_take(result, "path", value_string(installing->path));
    file_state_describe(result, installing->path);
}

/** All but the diff, which is reported by whoever calls this. */
static bool install_now(struct installing *installing)
{
    struct module_call *call = installing->call;
    bool changed = false;
    find_place(installing);
    if (!check_checksum(installing) || !check_folder(installing) || !read_old(installing))
        return false;
    if (installing->is_there && !module_flag(call, "force")) {
        dict_remove_string(call->result, "checksum");
        dict_set_string_take(call->result, "changed", value_bool(false));
        dict_set_string_take(call->result, "dest", value_string(installing->path));
        return true;
    }
    bool differs = !is_same(installing);
    if (differs) {
        changed = true;
        note_content_diff(installing);
        if (call->host->check_mode) {
            dict_remove_string(call->result, "checksum");
            dict_set_string_take(call->result, "changed", value_bool(true));
            return true;
        }
        if (!write_new(installing))
            return false;
    }
    if (!apply_attributes(installing, &changed))
        return false;
    report(installing, differs, changed);
    return true;
}

bool file_install(struct module_call *call, const struct file_install *install, struct error *error)
{
    struct installing installing = {.call = call, .install = install, .diffs = list_new(2), .error = error};
    bool is_good = install_now(&installing);
    OWNED diffs = value_list_take(installing.diffs);
    if (call->host->diff_mode)
        dict_set_string_take(call->result, "diff", value_steal(&diffs));
    free(installing.path);
    free(installing.old);
    return is_good;
}
