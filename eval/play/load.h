/*
 * Files of a run: read and parsed once each, kept for the run; static imports resolved before a tree is used.
 */
#ifndef PLAYLET_EVAL_PLAY_LOAD_H
#define PLAYLET_EVAL_PLAY_LOAD_H

#include "eval/play/role.h"

struct file_cache *file_cache_new(void) NODISCARD;
void file_cache_free(struct file_cache *files);

/** A file's text, read once; borrowed.  ERROR_FILE with the reference's wording where it is missing. */
struct source *load_source(struct run *run, const char *path, struct error *error);

/**
 * The tasks of a file.  With `parent` NULL (a dynamic include) the tree is shared by all who ask for it; below a parent
 * (static imports, roles) it is a new one.  Borrowed for the run.
 */
const struct task_list *load_tasks(struct run *run, const char *path, struct task *parent, bool is_handler, struct error *error);

/** A file of variables: a dict, raw and trusted; borrowed for the run.  An empty file is an empty dict. */
const struct dict *load_variables(struct run *run, const char *path, struct error *error);

/** Replaces every import_tasks and import_role in the list, deeply, by what it brings (task->imported). */
bool load_imports(struct run *run, struct task_list *tasks, struct error *error);

/** Finds the first that is there among: the role's `folder`s outwards, the directory of the task's file and its `folder`, the
 *  playbook's.  `folder` ("tasks", "vars", "files", "templates") may be NULL.  NULL: none. */
char *load_find(struct run *run, struct task_instance instance, const char *folder, const char *name) NODISCARD;

/** One playbook with its imports resolved, in the order in which the plays run. */
struct loaded_play {
    struct play *play;
    const char *path;               /* of its playbook file */
    struct task *wrapper;           /* a block that has the keywords of the import_playbook around it, or NULL */
};

struct loaded_playbook {
    const char *path;               /* as given */
    struct loaded_play *plays;
    size_t count;
};

bool load_playbook(struct run *run, const char *path, struct loaded_playbook *loaded, struct error *error);
void loaded_playbook_done(struct loaded_playbook *loaded);

/** Gives ownership of a role to the run's files. */
void load_keep_role(struct run *run, struct role *role);

/** Memory for trees that are made while loading; ends with the run. */
struct arena *load_arena(struct run *run);

/** A block, or a task that runs `module` with one raw argument, that no file has (span.source is NULL). */
struct task *load_make_block(struct run *run, struct task *parent);
struct task *load_make_task(struct run *run, struct task *parent, const char *module, const char *raw);

#endif
