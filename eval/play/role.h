/*
 * Roles: what a folder of tasks, handlers and variables brings into a play.
 *
 * One struct role for each use: an entry of `roles:`, a dependency, an import_role, an include_role.  Uses share the files'
 * variables (cached), not the trees of tasks, whose parents differ.  A role lives as long as the run that loaded it.
 */
#ifndef PLAYLET_EVAL_PLAY_ROLE_H
#define PLAYLET_EVAL_PLAY_ROLE_H

#include "eval/play/run.h"

struct role {
    struct text *name;                  /* as shown */
    char *path;                         /* its folder, absolute */
    const struct dict *defaults;        /* defaults/main.yml, raw and trusted; borrowed from the cache of files */
    const struct dict *variables;       /* vars/main.yml */
    struct dict *parameters;            /* of the use: `- {role: r, x: 1}`, raw; or NULL */
    struct role *parent;                /* the role whose meta or task asked for it, or NULL */
    struct role **dependencies;         /* of its meta, in order */
    size_t dependency_count;
    struct task *block;                 /* around its tasks: has the keywords of its use; block->role is this role */
    struct task_list handlers;
    bool allow_duplicates;
    bool is_public;                     /* its defaults and variables are seen by the whole play */
    uint64_t identity;                  /* equal for uses that are the same work: name, parameters, keywords */
};

/** How a role is used. */
struct role_spec {
    const char *name;
    struct span span;                   /* of the name, for errors */
    struct role *parent;
    const struct attributes *attributes;    /* of the use, for the block around its tasks; NULL: none */
    struct task *outer;                 /* what the block hangs under, or NULL */
    struct value parameters;            /* dict or null */
    const char *tasks_from, *vars_from, *defaults_from, *handlers_from;     /* NULL: main */
    const char *directory;              /* where the use stands: searched for roles too */
    bool allow_duplicates;              /* the use's own word; see has_allow_duplicates */
    bool has_allow_duplicates;
    bool is_public;
};

/** Finds and loads a role with its dependencies and static imports. */
struct role *role_load(struct run *run, const struct role_spec *spec, struct error *error) NODISCARD;
void role_free(struct role *role);

#endif
