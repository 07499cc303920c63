#include "eval/play/run_load.h"

#include <stdlib.h>
#include <string.h>

#include "eval/play/variables.h"
#include "runtime/limits.h"
#include "runtime/os/path.h"

void run_enter_directory(struct run *run, const char *playbook_path)
{
    free(run->directory);
    run->directory = path_directory(playbook_path);
}

/** A file of plays on its way into a playbook. */
struct loading {
    struct run *run;
    struct loaded_playbook *playbook;
    struct error *error;
    unsigned depth;
};

static bool load_file(struct loading *loading, const char *path, struct task *wrapper);

static bool load_play(struct loading *loading, const struct play *tree, const char *path, struct task *wrapper)
{
    struct loaded_playbook *playbook = loading->playbook;
    if (tree->is_implicit)
        run_warn(loading->run, (struct span){0}, "%s is a list of tasks: it runs as a play on localhost", path);
    struct play_state *play = play_new(loading->run, tree, path, wrapper, loading->error);
    if (!play)
        return false;
    if (playbook->count == playbook->capacity) {
        playbook->capacity = memory_grown(playbook->capacity);
        playbook->plays = memory_resize(playbook->plays, playbook->capacity, sizeof *playbook->plays);
    }
    playbook->plays[playbook->count++] = play;
    return true;
}

/** The path that import_playbook names, templated with the variables of the command line. */
static bool import_path(struct loading *loading, const struct playbook_entry *entry, char **path)
{
    struct run *run = loading->run;
    OWNED value = value_null();
    struct task_scope scope;
    task_scope_init(&scope, run, NULL, (struct task_instance){0});
    task_scope_enter(&scope);
    bool good = engine_evaluate(run->engine, &scope.scope, entry->import_path, &value, loading->error);
    task_scope_done(&scope);
    if (!good)
        return error_at(loading->error, entry->span);
    if (!value_is_string(value))
        return error_set(loading->error, ERROR_PARSE, "import_playbook needs the path of a playbook") ||
               error_at(loading->error, entry->span);
    CLEANUP(memory_cleanup) char *expanded = path_expand_user(value_bytes(value));
    CLEANUP(memory_cleanup) char *joined = path_join(run->directory, expanded);
    *path = path_normal(joined);
    return true;
}

static bool load_import(struct loading *loading, const struct playbook_entry *entry, struct task *outer)
{
    CLEANUP(memory_cleanup) char *path = NULL;
    CLEANUP(memory_cleanup)
    char *directory = memory_copy_string(loading->run->directory, strlen(loading->run->directory));
    if (++loading->depth > LIMIT_IMPORT_DEPTH) {
        error_set(loading->error, ERROR_LIMIT, "imports are nested deeper than %d levels", LIMIT_IMPORT_DEPTH);
        return error_at(loading->error, entry->span);
    }
    if (!import_path(loading, entry, &path))
        return false;
    struct task *wrapper = load_make_block(loading->run, outer);
    wrapper->attributes = entry->attributes;
    bool good = load_file(loading, path, wrapper);
    --loading->depth;
    free(loading->run->directory);
    loading->run->directory = directory;
    directory = NULL;
    return good;
}

static bool load_file(struct loading *loading, const char *path, struct task *wrapper)
{
    struct playbook *playbook = load_playbook(loading->run, path, loading->error);
    if (!playbook)
        return false;
    const char *kept = playbook->document->source->name;
    run_enter_directory(loading->run, kept);
    for (uint32_t i = 0; i < playbook->count; i++) {
        const struct playbook_entry *entry = &playbook->entries[i];
        if (entry->play ? !load_play(loading, entry->play, kept, wrapper) : !load_import(loading, entry, wrapper))
            return false;
    }
    return true;
}

bool playbooks_load(struct run *run, char *const *paths, size_t count, struct loaded_playbook **playbooks,
                    struct error *error)
{
    *playbooks = memory_new_array(count + 1, sizeof **playbooks);
    for (size_t i = 0; i < count; i++) {
        struct loading loading = {run, &(*playbooks)[i], error, 0};
        CLEANUP(memory_cleanup) char *absolute = path_absolute(paths[i]);
        loading.playbook->path = paths[i];
        run_enter_directory(run, absolute);
        if (!load_file(&loading, absolute, NULL))
            return false;
    }
    return true;
}

void playbooks_done(struct loaded_playbook *playbooks, size_t count)
{
    for (size_t i = 0; playbooks && i < count; i++) {
        for (size_t k = 0; k < playbooks[i].count; k++)
            play_free(playbooks[i].plays[k]);
        free(playbooks[i].plays);
    }
    free(playbooks);
}
