/* Retry files: see retry_file.h. */
#include "eval/play/retry_file.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/text.h"

enum { RETRY_FILE_MODE = 0644 };

static int compare_names(const void *left, const void *right)
{
    const struct host *const *a = left, *const *b = right;
    return text_compare((*a)->name, (*b)->name);
}

/** The names of the hosts that failed or were not reached, a line each. */
static void append_lost(const struct run *run, struct text_buffer *out)
{
    struct host_list all = inventory_hosts(run->inventory);
    struct host **lost = memory_new_array(all.count + 1, sizeof(struct host *));
    struct host *local = inventory_localhost(run->inventory);
    size_t count = 0;
    for (size_t i = 0; i < all.count; i++)
        if (all.hosts[i]->has_failed || all.hosts[i]->is_unreachable)
            lost[count++] = all.hosts[i];
    if (local->is_implicit && (local->has_failed || local->is_unreachable))
        lost[count++] = local;
    qsort(lost, count, sizeof(struct host *), compare_names);
    for (size_t i = 0; i < count; i++)
        text_buffer_append_format(out, "%s\n", lost[i]->name->bytes);
    free(lost);
}

/** FOLDER/NAME.retry for a playbook NAME.yml. */
static char *retry_path(const struct run *run, const char *playbook_path)
{
    CLEANUP(memory_cleanup) char *absolute = path_absolute(playbook_path);
    CLEANUP(memory_cleanup)
    char *folder =
        run->settings.retry_directory ? path_expand_user(run->settings.retry_directory) : path_directory(absolute);
    const char *name = path_name(absolute), *dot = strrchr(name, '.');
    CLEANUP(text_buffer_done) struct text_buffer path = {0};
    text_buffer_append_format(&path, "%s/%.*s.retry", folder,
                              (int)(dot && dot > name ? dot - name : (long)strlen(name)), name);
    return memory_copy_string(text_buffer_bytes(&path), path.length);
}

void retry_file_write(struct run *run, const char *playbook_path)
{
    CLEANUP(text_buffer_done) struct text_buffer names = {0}, line = {0};
    OWNED_ERROR error = {0};
    if (!run->settings.writes_retry_files)
        return;
    append_lost(run, &names);
    if (names.length == 0)
        return;
    CLEANUP(memory_cleanup) char *path = retry_path(run, playbook_path);
    if (!file_replace(path, text_buffer_bytes(&names), names.length, RETRY_FILE_MODE, &error)) {
        run_warn(run, (struct span){0}, "Could not create retry file '%s'. %s", path, error.message);
        return;
    }
    text_buffer_append_format(&line, "\tto retry, use: --limit @%s\n", path);
    struct event event = {.kind = EVENT_MESSAGE, .run = run, .text = text_buffer_bytes(&line)};
    run_emit(run, &event);
}
