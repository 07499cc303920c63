/*
 * A play under way: its variables and roles, its lists of tasks and handlers, and the present batch with the state of each host.
 *
 * play_new makes it from the tree; play_begin_batch gives each host of a batch its state (host->play); a strategy steps
 * through; play_end_batch takes the states away.  Made anew for each batch; owned by the run while it is run->play.
 */
#ifndef PLAYLET_EVAL_PLAY_PLAY_H
#define PLAYLET_EVAL_PLAY_PLAY_H

#include "eval/play/cursor.h"
#include "eval/play/load.h"
#include "eval/play/step.h"

/** What a host is about in the present batch: host->play. */
struct host_play {
    struct host *host;
    struct cursor cursor;
    struct step *step;              /* under way, or NULL */
    struct dict *notified;          /* names that tasks notified since the last flush -> null; NULL: none */
    uint64_t *handlers;             /* a bit a handler: it is to run */
    size_t handler_words;
    bool is_out;                    /* its failure has left the play (the reference's "failed" in the iterator) */
    bool was_failed;                /* it had failed before the batch began */
    bool is_removed;                /* not in ansible_play_hosts any more */
    bool has_cleared_errors;        /* meta: clear_host_errors: back in the next play */
    bool is_done;                   /* nothing is left to do */
};

struct handlers;                    /* handlers.h */

struct play_state {
    struct run *run;
    const struct play *play;
    const struct loaded_play *loaded;
    char *name;                     /* as shown */

    struct dict *prompted;          /* vars_prompt: raw values; NULL: none */
    const struct dict **variable_files; /* vars_files that were found, in order; borrowed */
    size_t variable_file_count;
    struct role **roles;            /* `roles:` and dependencies, import_role, public include_role: seen by the whole play, in order */
    size_t role_count;

    struct task_list tasks;         /* everything in order: facts, pre_tasks, flush, roles, tasks, flush, post_tasks, flush */
    struct task_list handlers;      /* of roles, of the play, of included roles, in this order; blocks taken apart */
    uint32_t *handler_groups;       /* which list each came from: later lists win where a name is there twice */
    uint32_t handler_group_count;
    struct dict *roles_run;         /* what roles have run on which host: handlers of duplicates; see strategy.c */

    struct host **batch;            /* hosts of the batch, in the play's order; borrowed array of all hosts */
    size_t batch_count;
    struct host_play *states;       /* one a host of the batch, in order */
    struct host **all_hosts;        /* of the play, in order */
    size_t all_host_count;
    size_t failed_count;            /* hosts of the batch that failed for good since it began */

    size_t in_flight;               /* steps that wait */
    struct step **finished;         /* complete steps, not looked at yet */
    size_t finished_count, finished_capacity;
    uint64_t include_order;         /* for the order of include instances */
    struct task_instance last_banner;
    bool shows_task_late;           /* free: the banner comes with the first result */
    bool has_ended;                 /* end_play */
    bool has_stopped;               /* max_fail_percentage: no more batches, no more plays */
};

/** The play with its variables, roles and lists; hosts come later. */
struct play_state *play_new(struct run *run, const struct loaded_play *loaded, struct error *error) NODISCARD;
void play_free(struct play_state *play);

/** A play-level keyword as a bool, an int ..., templated with the play's variables; `fallback` where it is absent. */
bool play_keyword(struct play_state *play, enum keyword keyword, struct value *value, struct error *error);

/** All hosts of the play in its order. */
bool play_select_hosts(struct play_state *play, struct error *error);

void play_begin_batch(struct play_state *play, struct host **hosts, size_t count);
void play_end_batch(struct play_state *play);

#endif
