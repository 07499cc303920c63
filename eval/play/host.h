/*
 * Hosts and groups: the inventory as a run sees it, and what a run knows of each host.
 * Built by inventory.h from parser/inventory; lives as long as the run.
 */
#ifndef PLAYLET_EVAL_PLAY_HOST_H
#define PLAYLET_EVAL_PLAY_HOST_H

#include "runtime/value/dict.h"

/** Where folders group_vars and host_vars stand; the later wins. */
enum variables_place { VARIABLES_BESIDE_INVENTORY, VARIABLES_BESIDE_PLAYBOOK, VARIABLES_PLACE_COUNT };

struct group {
    struct text *name;
    struct dict *variables;             /* from the inventory's sources, raw */
    struct dict *folder_variables[VARIABLES_PLACE_COUNT];   /* group_vars, raw; NULL: none */
    struct group **children, **parents;
    struct host **hosts;                /* direct members, in the order of the inventory */
    size_t child_count, parent_count, host_count, host_capacity;
    int priority;                       /* ansible_group_priority */
    unsigned depth;                     /* longest way from `all` */
};

/** The recap's columns. */
struct host_statistics {
    unsigned ok, changed, unreachable, failures, skipped, rescued, ignored;
};

struct host {
    struct text *name;
    struct dict *variables;             /* from the inventory's sources, raw */
    struct dict *folder_variables[VARIABLES_PLACE_COUNT];   /* host_vars, raw; NULL: none */
    struct group **groups;              /* direct groups */
    size_t group_count;
    bool is_implicit;                   /* localhost that no inventory names */

    /* what the run learned, each one layer of variables.c */
    struct dict *facts;                 /* gathered, `ansible_facts` of results */
    struct dict *set_facts;             /* set_fact, register: they win over vars of plays, blocks and tasks */
    struct dict *included_variables;    /* include_vars */

    struct host_statistics statistics;
    struct host_play *play;             /* its state in the present play (cursor, failures): eval/play/cursor.h; NULL outside */
    bool is_unreachable;                /* for the rest of the run (until meta: clear_host_errors) */
    bool has_failed;                    /* out of the following plays */
    size_t position;                    /* in the inventory's order */
};

struct host *host_new(const char *name, size_t length) NODISCARD;
void host_free(struct host *host);

#endif
