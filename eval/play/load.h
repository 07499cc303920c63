/*
 * Files of a run: read and parsed once each and kept; static imports are resolved before a tree is used.
 *
 * Everything here is borrowed by who asks and lives as long as the run.
 */
#ifndef PLAYLET_EVAL_PLAY_LOAD_H
#define PLAYLET_EVAL_PLAY_LOAD_H

#include "eval/play/role.h"

struct file_cache *file_cache_new(void) NODISCARD;
void file_cache_free(struct file_cache *files);

/** A file's text.  ERROR_FILE with the reference's wording where it cannot be read. */
struct source *load_source(struct run *run, const char *path, struct error *error);

/**
 * The tasks of a file.  With `parent` NULL (a dynamic include) the tree is shared by all who ask for it; below a parent
 * (static imports, roles) it is a new one.
 */
const struct task_list *load_tasks(struct run *run, const char *path, struct task *parent, bool is_handler, struct error *error);

/** The folder of a file that load_tasks read. */
const char *load_folder(struct run *run, const char *path);

/** A file of variables, or all files of a folder of them: a dict, raw and trusted.  An empty file is an empty dict. */
const struct dict *load_variables(struct run *run, const char *path, struct error *error);

/** Links what it brings into every import_tasks and import_role of the list, deeply. */
bool load_imports(struct run *run, const struct task_list *tasks, struct error *error);

/** A role's meta/main.yml. */
const struct role_meta *load_role_meta(struct run *run, const char *path, struct error *error);

/**
 * The file that a task means by `name`: below its role's `folder`, beside the task's file, beside the files around that, beside the
 * playbook; the last of these when there is none.  The caller's.
 */
char *load_find(struct run *run, struct task_instance instance, const char *folder, const char *name) NODISCARD;

/** A playbook file. */
struct playbook *load_playbook(struct run *run, const char *path, struct error *error);

/** Lets the run's files own a role. */
void load_keep_role(struct run *run, struct role *role);
/** A role that the same key stored before, or NULL. */
struct role *load_find_role(struct run *run, const char *key);
void load_store_role(struct run *run, const char *key, struct role *role);
/** A small number for each distinct text, from 1. */
uint32_t load_identity(struct run *run, const char *text);

/** Memory for trees that no file has; ends with the run. */
struct arena *load_arena(struct run *run);

/** A block, or a task that runs `module` with one raw argument (NULL: none), that no file has (span.source is NULL). */
struct task *load_make_block(struct run *run, struct task *parent);
struct task *load_make_task(struct run *run, struct task *parent, const char *module, const char *raw);

/** Attributes that no file has: sets one; lets all go (the array and the values are theirs). */
void attributes_set_take(struct attributes *attributes, enum keyword keyword, struct value value);
void attributes_release(void *attributes);

/** The canonical short name of what an action runs, "" when that is not known: "include_tasks". */
const char *load_action_name(const struct run *run, const struct task *task);

/** "a/b", the directory of the file that the task was written in; the playbook's for a task that no file has. The caller's. */
char *load_directory(const struct run *run, const struct task *task) NODISCARD;

#endif
