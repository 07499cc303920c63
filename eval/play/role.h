/*
 * Roles: what a folder of tasks, handlers and variables brings into a play.
 *
 * One struct role for each use: an entry of `roles:`, a dependency, an import_role; uses by include_role with the same words share
 * one.  Uses share the files' variables (cached), not the trees of tasks, whose parents differ.  A role lives as long as the run.
 */
#ifndef PLAYLET_EVAL_PLAY_ROLE_H
#define PLAYLET_EVAL_PLAY_ROLE_H

#include "eval/play/play_variables.h"

struct role {
    struct role_variables variables;    /* its name, folder and variables */
    struct text *name;                  /* owned */
    char *path;
    struct dict *parameters;            /* owned; may be NULL */
    const struct role **dependencies;   /* all, in the order in which they run */
    const struct role_variables **dependency_variables, **dependents;
    size_t dependency_count, dependent_count;
    struct task *block;                 /* around its dependencies and its tasks: has the keywords of its use */
    struct task_list tasks;             /* a list with the block alone */
    struct task_list handlers;
    bool allow_duplicates;
    uint32_t identity;                  /* equal, and not 0, for uses that are the same work and so are done once a host; 0: always done */
};

/** How a role is used. */
struct role_spec {
    const char *name;
    struct span span;                   /* of the name, for errors */
    const struct role *parent;          /* the role that depends on it, or NULL */
    const struct attributes *attributes;/* of the use, for the block around its tasks; NULL: none; borrowed for the run */
    struct task *outer;                 /* what the block hangs under, or NULL */
    const struct dict *parameters;      /* or NULL */
    const char *tasks_from, *vars_from, *defaults_from, *handlers_from;     /* NULL: main */
    const char *directory;              /* searched for the role as well: where the asking role's folder stands; NULL: none */
    bool is_once;                       /* the same use again does nothing (`roles:`, dependencies) unless the role allows duplicates */
};

/** Finds and loads a role with its dependencies and static imports; kept by the run's files. */
struct role *role_load(struct run *run, const struct role_spec *spec, struct error *error) NODISCARD;
void role_free(struct role *role);

/** The use that import_role or include_role asks for with these (evaluated) arguments; `*spec` borrows from them. */
bool role_spec_read(struct role_spec *spec, const struct dict *arguments, struct task_instance instance, struct error *error);

#endif
