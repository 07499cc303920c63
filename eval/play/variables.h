/*
 * Variables of a task on a host: the layers of precedence, outermost first, as one table.  Nothing is merged.
 *
 * The order is the reference's ("Understanding variable precedence"): role defaults, inventory group and host variables, facts, play vars,
 * vars_prompt, vars_files, role vars, block vars, task vars, include_vars, set_fact / register, role and include parameters, extra vars;
 * special variables (inventory_hostname, hostvars, groups, ansible_play_hosts ...) are provided on demand.
 */
#ifndef PLAYLET_EVAL_PLAY_VARIABLES_H
#define PLAYLET_EVAL_PLAY_VARIABLES_H

#include "eval/expression/scope.h"
#include "eval/play/include.h"
#include "eval/play/run.h"

/** The scope of one task on one host, with the layers it is made of.  It must stay in place while in use. */
struct task_scope {
    struct scope scope;
    struct layer *layers;               /* array, innermost first */
    size_t count, capacity;
    struct dict *item_variables;        /* the loop's and the step's own: changed in place by task_scope_set_item */
    struct run *run;
    struct host *host;                  /* NULL: no host yet */
    struct host *delegate;              /* the host that the task runs on in its place, or NULL: see task_scope_delegate */
    struct task_instance instance;
    struct group **groups;              /* of the host, in the order in which they apply; found when first needed */
    size_t group_count;
    bool has_groups;
    bool is_for_others;                 /* made by task_scope_init_host */
    const char **folders;               /* the search path, NULL-terminated; made when first needed */
    char *task_folder;
};

/** Builds the layers for a task (instance.task may be NULL: the play's level) on a host (NULL: no host yet). */
void task_scope_init(struct task_scope *scope, struct run *run, struct host *host, struct task_instance instance);
/** The layers that other hosts see of a host (hostvars): without the play's. */
void task_scope_init_host(struct task_scope *scope, struct run *run, struct host *host);
void task_scope_done(struct task_scope *scope);

/** Makes lookups and template files be searched for where the task's file is.  To be called whenever a step (re)starts evaluating. */
void task_scope_enter(struct task_scope *scope);

/** Sets loop variables (a dict, borrowed and copied): names that it does not have keep their values. */
void task_scope_set_item(struct task_scope *scope, const struct dict *variables);
/** Adds one variable to the innermost layer (ansible_loop ..., the registered name during until). */
void task_scope_set_local_take(struct task_scope *scope, const char *name, struct value value);
/** A variable of a host changed (register, set_fact): scopes that are alive forget what they remembered. */
void task_scope_changed(struct task_scope *scope);

/** Says which host the task runs on in place of its own (NULL: its own): ansible_delegated_vars. */
void task_scope_delegate(struct task_scope *scope, struct host *host);

#endif
