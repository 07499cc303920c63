/*
 * Includes: what a dynamic include brought into a play.
 *
 * An include instance is one file of tasks at one place, for the hosts that included it with the same arguments.  It
 * holds the variables that hold inside (the include's own, its loop item), and its parent instance, so that inherited keywords and
 * variables are found by walking outwards: task -> blocks of its file -> the include task -> blocks around that -> ...
 * Hosts in the same instance step through it together (linear).
 */
#ifndef PLAYLET_EVAL_PLAY_INCLUDE_H
#define PLAYLET_EVAL_PLAY_INCLUDE_H

#include "parser/playbook.h"

struct include {
    uint32_t references;                /* cursors and steps inside it */
    struct include *parent;             /* owned reference; NULL: the play itself */
    const struct task *task;            /* the include_tasks / include_role task; NULL for the play itself */
    const struct task_list *tasks;      /* of the file; borrowed from the run's cache of files */
    const struct include *giver;        /* this one, or the nearest around it, that has variables; NULL: none */
    struct dict *variables;             /* vars of the include and its loop variables, raw; may be NULL */
    struct task *apply;                 /* a block without tasks that has the keywords of `apply:`; owned, or NULL */
    struct role *role;                  /* the role that its tasks belong to, or NULL */
    const struct role *nearest_role;    /* that role, or the one around the include; NULL: none */
    const char *directory;              /* of the file: where relative paths inside start; borrowed */
    uint64_t order;                     /* place among the instances that the same task made, for the order of hosts' positions */
    unsigned depth;                     /* LIMIT_INCLUDE_DEPTH */
    uint64_t around[(KEYWORD_COUNT + 63) / 64]; /* a bit a keyword that something around its tasks has: include_learn_around */
};

struct include *include_copy(struct include *include) NODISCARD;
void include_drop(struct include *include);     /* NULL is allowed */

/** Learns the nearest role, the nearest variables and which keywords stand around the include's tasks, so that they need not be looked for through all
 *  includes. */
void include_learn_around(struct include *include);

/** A task where it runs: the tree's node and the include instance around it (NULL: the play's own). */
struct task_instance {
    const struct task *task;
    struct include *include;
};

/** The nearest attribute on the way outwards (the task itself, then as instance_outer goes; not the play), or NULL.
 *  `*found_in` (may be NULL) is the instance whose task has it. */
const struct attribute *instance_attribute(struct task_instance instance, enum keyword keyword, struct task_instance *found_in);

/** The name of the role that the task belongs to, or NULL. */
const struct text *instance_role_name(struct task_instance instance);

/**
 * The enclosing instance: the parent block or static import; at the top of a dynamically included file the include's `apply`
 * block, then what is around the include task.  The include task itself is stepped over: its keywords (when, loop, tags ...) speak
 * of the including, not of what is inside.  False at the play.
 */
bool instance_outer(struct task_instance instance, struct task_instance *outer);

/** The same for who looks for a keyword: false as soon as nothing further out can have it. */
bool instance_outer_with(struct task_instance instance, enum keyword keyword, struct task_instance *outer);

#endif
