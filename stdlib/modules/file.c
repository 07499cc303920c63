/* file: what a path is to be (a file, folder, link, nothing), and whose. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/os/file.h"
#include "stdlib/modules/file_attributes.h"
#include "stdlib/modules/file_state.h"
#include "stdlib/modules/file_times.h"
#include "stdlib/modules/host_path.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "path", .type = OPTION_PATH, .required = true, .aliases = "dest|name", .documentation = "The path"},
    {.name = "state",
     .type = OPTION_STRING,
     .choices = "absent|directory|file|hard|link|touch",
     .documentation = "What it is to be"},
    {.name = "src", .type = OPTION_PATH, .documentation = "What a link points to"},
    {.name = "recurse",
     .type = OPTION_BOOL,
     .fallback = "false",
     .documentation = "Owner and mode for all that is inside"},
    {.name = "force",
     .type = OPTION_BOOL,
     .fallback = "false",
     .documentation = "Replace files by links; link to nothing"},
    {.name = "follow", .type = OPTION_BOOL, .fallback = "true", .documentation = "Follow links"},
    {.name = "access_time", .type = OPTION_STRING, .documentation = "preserve, now, or a time"},
    {.name = "modification_time", .type = OPTION_STRING, .documentation = "preserve, now, or a time"},
    {.name = "access_time_format",
     .type = OPTION_STRING,
     .fallback = "'%Y%m%d%H%M.%S'",
     .documentation = "How it is written"},
    {.name = "modification_time_format",
     .type = OPTION_STRING,
     .fallback = "'%Y%m%d%H%M.%S'",
     .documentation = "How it is written"},
    FILE_ATTRIBUTE_OPTIONS,
};

static void start(struct module_call *call);

const struct module module_file = {
    .name = "file",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_CHECK_MODE,
    .start = start,
    .documentation = "Make files, folders and links, and set whose they are",
};

/** One path under work. */
struct work {
    struct module_call *call;
    const char *path;    /* absolute */
    const char *state;   /* wanted */
    const char *present; /* what is there */
    struct stat status;
    bool changed;
    struct dict *before, *after; /* the diff */
    struct error *error;
};

static bool in_check_mode(const struct work *work)
{
    return work->call->host->check_mode;
}

static bool system_failure(const struct work *work, const char *what, const char *path)
{
    return error_set(work->error, ERROR_MODULE, "%s: [Errno %d] %s: '%s'", what, errno, strerror(errno), path);
}

/** Owner, group and mode of one path. */
static bool apply_attributes(struct work *work, const char *path, bool follow, bool is_main)
{
    struct file_attribute_diff diff = {is_main ? work->before : NULL, is_main ? work->after : NULL};
    return file_attributes_apply(work->call, path, follow, diff, &work->changed, work->error);
}

static void note_states(struct work *work)
{
    if (strcmp(work->present, work->state) == 0)
        return;
    dict_set_string_take(work->before, "state", value_string(work->present));
    dict_set_string_take(work->after, "state", value_string(work->state));
}

static bool follows(const struct work *work)
{
    return module_flag(work->call, "follow");
}

/* ---------------------------------------------------------------- states */

static bool make_absent(struct work *work)
{
    if (strcmp(work->present, "absent") == 0)
        return true;
    work->changed = true;
    note_states(work);
    if (in_check_mode(work) || file_remove_tree(work->path))
        return true;
    return system_failure(work, "rmtree failed", work->path);
}

static bool ensure_file(struct work *work)
{
    if (strcmp(work->present, "file") != 0 && strcmp(work->present, "hard") != 0)
        return error_set(work->error, ERROR_MODULE, "file (%s) is %s, cannot continue", work->path, work->present);
    return apply_attributes(work, work->path, follows(work), true);
}

/** Makes a folder and those above it; each new one gets the attributes. */
static bool make_folders(struct work *work)
{
    CLEANUP(memory_cleanup) char *copy = memory_copy_string(work->path, strlen(work->path));
    for (char *slash = copy;; slash++) {
        slash = strchr(slash + 1, '/') ?: copy + strlen(copy);
        bool is_last = !*slash;
        *slash = '\0';
        if (!file_is_directory(copy)) {
            if (mkdir(copy, 0777) < 0 && errno != EEXIST)
                return system_failure(work, "There was an issue creating directory", copy);
            if (!apply_attributes(work, copy, follows(work), false))
                return false;
        }
        if (is_last)
            return true;
        *slash = '/';
    }
}

/** Attributes for all that is in a folder. */
static bool apply_recursively(struct work *work, const char *folder)
{
    bool is_good = true;
    DIR *directory = opendir(folder);
    if (!directory)
        return system_failure(work, "opendir failed", folder);
    for (const struct dirent *entry; is_good && (entry = readdir(directory));) {
        struct stat status;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        CLEANUP(memory_cleanup) char *path = path_join(folder, entry->d_name);
        if (lstat(path, &status) < 0)
            continue;
        is_good = apply_attributes(work, path, follows(work) && !S_ISLNK(status.st_mode), false) &&
                  (!S_ISDIR(status.st_mode) || apply_recursively(work, path));
    }
    closedir(directory);
    return is_good;
}

static bool ensure_directory(struct work *work)
{
    bool is_there = strcmp(work->present, "directory") == 0 ||
                    (strcmp(work->present, "link") == 0 && follows(work) && file_is_directory(work->path));
    if (strcmp(work->present, "absent") == 0) {
        work->changed = true;
        note_states(work);
        if (in_check_mode(work))
            return true;
        return make_folders(work);
    }
    if (!is_there)
        return error_set(work->error, ERROR_MODULE, "%s already exists as a %s", work->path, work->present);
    return apply_attributes(work, work->path, follows(work), true) &&
           (!module_flag(work->call, "recurse") || apply_recursively(work, work->path));
}

static bool touch(struct work *work)
{
    bool is_new = strcmp(work->present, "absent") == 0;
    if (is_new) {
        work->changed = true;
        note_states(work);
        if (in_check_mode(work))
            return true;
        int descriptor = open(work->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
        if (descriptor < 0)
            return system_failure(work, "Error, could not touch target", work->path);
        close(descriptor);
    }
    return file_times_apply(work->call, work->path, is_new, &work->changed, work->error) &&
           apply_attributes(work, work->path, follows(work), true);
}

/** Where a link's target is, for one that is asked about; the caller's. */
static char *target_path(const struct work *work, const char *source)
{
    CLEANUP(memory_cleanup) char *folder = path_directory(work->path);
    return path_join(folder, source);
}

/** Is what is there the link that is wanted? */
static bool link_is_right(const struct work *work, const char *source)
{
    if (strcmp(work->state, "hard") == 0) {
        struct stat target;
        return strcmp(work->present, "absent") != 0 && stat(source, &target) == 0 &&
               target.st_ino == work->status.st_ino && target.st_dev == work->status.st_dev;
    }
    char target[4096];
    ssize_t length = readlink(work->path, target, sizeof target);
    return length == (ssize_t)strlen(source) && memcmp(target, source, (size_t)length) == 0;
}

/** May what is there be replaced by a link? */
static bool check_replacement(const struct work *work)
{
    bool is_free = strcmp(work->present, "absent") == 0 || strcmp(work->present, work->state) == 0 ||
                   strcmp(work->present, "link") == 0;
    if (is_free || (module_flag(work->call, "force") && strcmp(work->present, "directory") != 0))
        return true;
    return error_set(work->error, ERROR_MODULE, "refusing to convert from %s to %s for %s", work->present,
                     strcmp(work->state, "link") == 0 ? "symlink" : "hard link", work->path);
}

/** Makes the link beside its place and moves it there, so that there is always one. */
static bool make_link(struct work *work, const char *source)
{
    CLEANUP(text_buffer_done) struct text_buffer temporary = {0};
    text_buffer_append_format(&temporary, "%s.%d.playlet", work->path, (int)getpid());
    const char *path = text_buffer_bytes(&temporary);
    int made = strcmp(work->state, "hard") == 0 ? link(source, path) : symlink(source, path);
    if (made == 0 && rename(path, work->path) == 0)
        return true;
    int number = errno;
    unlink(path);
    errno = number;
    return system_failure(work, "Error while linking", work->path);
}

static bool ensure_link(struct work *work)
{
    const char *source = module_string(work->call, "src");
    bool is_symbolic = strcmp(work->state, "link") == 0;
    if (!source && strcmp(work->present, work->state) == 0)
        return apply_attributes(work, work->path, false, true);
    if (!source)
        return error_set(work->error, ERROR_MODULE, "src is required for creating new %s",
                         is_symbolic ? "symlinks" : "hardlinks");
    dict_set_string_take(work->call->result, "src", value_string(source));
    CLEANUP(memory_cleanup) char *target = target_path(work, source);
    if (!file_exists(target) && (!is_symbolic || !module_flag(work->call, "force")))
        return error_set(work->error, ERROR_MODULE,
                         is_symbolic
                             ? "src file does not exist, use 'force=yes' if you really want to create the link: %s"
                             : "src does not exist: %s",
                         target);
    if (link_is_right(work, source))
        return true;
    if (!check_replacement(work))
        return false;
    work->changed = true;
    note_states(work);
    return in_check_mode(work) || make_link(work, source);
}

/* ---------------------------------------------------------------- the whole */

/** What the path is to be, where the task does not say: what it is. */
static const char *wanted_state(const struct module_call *call, const char *present)
{
    const char *state = module_string(call, "state");
    if (state)
        return state;
    if (module_flag(call, "recurse"))
        return "directory";
    return strcmp(present, "absent") == 0 || strcmp(present, "hard") == 0 ? "file" : present;
}

static bool run_state(struct work *work)
{
    static const struct {
        const char *state;
        bool (*run)(struct work *work);
        const char *key; /* what the result calls the path */
    } states[] = {
        {"absent", make_absent, "path"}, {"directory", ensure_directory, "path"}, {"file", ensure_file, "path"},
        {"touch", touch, "dest"},        {"link", ensure_link, "dest"},           {"hard", ensure_link, "dest"},
    };
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        if (strcmp(states[i].state, work->state) != 0)
            continue;
        bool is_good = states[i].run(work);
        dict_set_string_take(work->call->result, is_good ? states[i].key : "path", value_string(work->path));
        return is_good;
    }
    bug("no such state: %s", work->state);
}

/** Adds the diff to the result. */
static void report_diff(struct work *work)
{
    struct dict *diff = dict_new();
    dict_set_string_take(work->before, "path", value_string(work->path));
    dict_set_string_take(work->after, "path", value_string(work->path));
    dict_set_string_take(diff, "before", value_dict_take(dict_copy(work->before)));
    dict_set_string_take(diff, "after", value_dict_take(dict_copy(work->after)));
    dict_set_string_take(work->call->result, "diff", value_dict_take(diff));
}

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    OWNED before = value_dict_new();
    OWNED after = value_dict_new();
    CLEANUP(memory_cleanup) char *joined = host_path(call->host, module_string(call, "path"));
    CLEANUP(memory_cleanup) char *path = path_normal(joined);
    struct work work = {.call = call, .path = path, .before = before.as.dict, .after = after.as.dict, .error = &error};
    work.present = file_state(path, &work.status);
    work.state = wanted_state(call, work.present);
    if (module_flag(call, "recurse") && strcmp(work.state, "directory") != 0) {
        module_fail(call, "recurse option requires state to be 'directory'");
        return;
    }
    bool is_good = run_state(&work);
    dict_set_string_take(call->result, "changed", value_bool(is_good && work.changed));
    if (!call->host->check_mode || strcmp(work.present, "absent") != 0)
        file_state_describe(call->result, path);
    if (!is_good) {
        module_fail_error(call, &error);
        return;
    }
    report_diff(&work);
    module_done(call);
}
