/*
 * What the play under way and its roles bring as variables: written by who loads them (play.c, role.c), read by
 * variables.c, which knows their order and nothing of how they came.
 *
 * All dicts are raw (templated when they are read) and borrowed; NULL: none.  They live as long as the play.
 */
#ifndef PLAYLET_EVAL_PLAY_PLAY_VARIABLES_H
#define PLAYLET_EVAL_PLAY_PLAY_VARIABLES_H

#include "eval/play/include.h"
#include "eval/play/run.h"

/** A role at one place (in `roles:`, import_role, include_role, as a dependency). */
struct role_variables {
    const struct text *name;
    const char *path;                               /* the role's folder */
    const struct dict *defaults;                    /* defaults/main */
    const struct dict *vars;                        /* vars/main */
    const struct dict *parameters;                  /* `- {role: x, port: 80}` */
    const struct dict *keyword_vars;                /* `- {role: x, vars: {port: 80}}` */
    const struct role_variables *const *dependencies;   /* all, also those of dependencies, in the order in which they run */
    size_t dependency_count;
    const struct role_variables *const *dependents;     /* the roles that this one is a dependency of, outermost first */
    size_t dependent_count;
};

/** Never NULL; lives as long as the role. */
const struct role_variables *role_variables(const struct role *role);

/** The role that a task belongs to, or NULL. */
const struct role *instance_role(struct task_instance instance);

struct play_variables {
    const char *name;                               /* as shown */
    const struct dict *vars;
    const struct dict *prompted;                    /* vars_prompt */
    const struct role_variables *const *roles;      /* whose variables the whole play sees: of `roles:`, public includes; in order */
    size_t role_count;
    const struct role_variables *const *named_roles;    /* uses of roles, in order, public or not: ansible_play_role_names */
    size_t named_role_count;
    struct host *const *hosts;                      /* of the play, as `hosts` names them, whatever `order` says */
    size_t host_count;
    struct host *const *batch;                      /* of the present batch */
    size_t batch_count;
};

/** Of the play under way; NULL between plays. */
const struct play_variables *play_variables(const struct run *run);

/** What vars_files brought for this host (paths may depend on it), or NULL. */
const struct dict *play_file_variables(const struct run *run, const struct host *host);

/** Has the play lost this host (failed and not rescued, or unreachable)? */
bool play_has_removed(const struct run *run, const struct host *host);

#endif
