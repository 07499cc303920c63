/*
 * Special variables: what a run, a play and a host provide on demand.  Rows of names and functions, used by variables.c as layers.
 */
#ifndef PLAYLET_EVAL_PLAY_VARIABLES_SPECIAL_H
#define PLAYLET_EVAL_PLAY_VARIABLES_SPECIAL_H

#include "eval/play/variables.h"

/** What no variable of the user can hide (groups, hostvars, playbook_dir, ansible_version ...): just inside the extra variables.
 *  The layer's owner is its task_scope. */
bool special_provide(const struct layer *layer, struct text *name, struct value *value);
void special_list(const struct layer *layer, void (*visit)(void *context, const char *name), void *context);

/** What a host is (inventory_hostname, group_names ...): as its own variables, the play's can hide it. */
bool special_host_provide(const struct layer *layer, struct text *name, struct value *value);
void special_host_list(const struct layer *layer, void (*visit)(void *context, const char *name), void *context);

/** The list of dicts of `environment`, of the play, then of blocks inwards, then of the task; raw. */
struct list *special_environment(const struct task_scope *scope) NODISCARD;

/** Groups of the scope's host in the order in which their variables apply; found once. */
size_t task_scope_groups(struct task_scope *scope, struct group ***groups);

/** Is it the group of all hosts? */
bool group_is_all(const struct group *group);

/** Folders where files of the task are looked for; NULL-terminated; made once. */
const char *const *task_scope_folders(struct task_scope *scope);

#endif
