/*
 * A play under way: its variables and roles, its lists of tasks and handlers, and the present batch with the state of each host.
 *
 * A play is made from the tree when its playbook is loaded (play_new), with its roles and imports; play_prepare evaluates what
 * needs variables when its turn comes; play_begin_batch gives each host of a batch its state (host->play), a strategy steps
 * through, play_end_batch takes the states away.  While it is loaded or runs it is run->play.
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
    bool *handlers;                 /* for each handler: it is to run; as many as handler_count says */
    size_t handler_count;
    struct dict *roles_run;         /* identity of a role -> which use of it has run a task here; NULL: none */
    struct dict *file_variables;    /* what vars_files brought, when paths depend on variables; NULL: not known */
    bool is_out;                    /* its failure has left the play */
    bool was_failed;                /* it had failed before the batch began */
    bool is_removed;                /* not in ansible_play_hosts any more */
    bool is_seeking;                /* --start-at-task was not come to yet */
    bool is_waiting;                /* its step waits */
    bool has_include_failed;        /* while includes are loaded: one of them could not be */
    uint64_t failed_turn;           /* the play's turn in which a task last failed here */
    bool has_failed_now;            /* counted in the play's failed_count */
};

struct play_state {
    struct run *run;
    const struct play *play;
    const char *path;               /* of its playbook file; borrowed */
    struct task *wrapper;           /* a block with the keywords of the import_playbook around it, or NULL */
    struct play_variables variables;
    char *name;                     /* as shown */
    struct dict *own_variables;     /* `vars` as one dict */
    struct dict *prompted;
    struct dict *file_variables;    /* vars_files whose paths hold no template */
    bool has_file_templates;        /* some path does */
    bool is_reading_files;          /* guards against paths that depend on the files */
    const struct role_variables **public_roles;
    struct role **roles;            /* of `roles:`, in order */
    uint32_t role_count;
    const struct role_variables **named_roles;

    struct task_list tasks;         /* everything in order: facts, pre_tasks, flush, roles, tasks, flush, post_tasks, flush */
    struct handlers *handlers;

    struct host **hosts;            /* of the play, in its order */
    struct host **named_hosts;      /* the same in the order of `hosts`, as variables name them */
    size_t host_count;
    struct host_play *states;       /* one a host of the batch, in order */
    size_t batch_count;
    size_t failed_count;            /* hosts of the batch that are out of the following plays since it began */
    size_t failed_before;           /* hosts of the run that were so before */
    size_t out_count;               /* hosts that a failure has ended, counted at the end of the batch */
    const struct strategy *strategy;
    bool shows_task_late;           /* a task's banner comes with its first result: free, host_pinned */
    bool is_pinned;

    struct host_play **turn_states; /* the hosts that stand at the same task; room for the batch */
    uint64_t turn;                  /* counts tasks, from 1 */
    size_t in_flight;               /* steps that wait */
    struct step **finished;         /* complete steps that were not looked at yet, in the order of their ends; room for the batch */
    size_t finished_count;
    uint64_t include_order;         /* for the order of include instances */
    struct task_instance last_banner;
    bool has_ended;                 /* end_play: no more batches */
    bool has_found_start;           /* --start-at-task */
    bool has_stopped;               /* max_fail_percentage: no more batches, no more plays */
    struct error error;             /* what ends the run; kind ERROR_NONE: nothing */
};

/** The play with its variables, roles, imports and lists; hosts come later. It becomes run->play meanwhile. */
struct play_state *play_new(struct run *run, const struct play *play, const char *path, struct task *wrapper, struct error *error) NODISCARD;
void play_free(struct play_state *play);

/** When its turn comes: prompts, name, hosts, strategy.  It is run->play from now on. */
bool play_prepare(struct play_state *play, struct error *error);

/** What `hosts` says, as one pattern. */
bool play_pattern(struct play_state *play, struct text_buffer *pattern, struct error *error);

/** A keyword of the play itself, templated with its variables; *value is null where it is absent. */
bool play_keyword(struct play_state *play, enum keyword keyword, struct value *value, struct error *error);

/** A keyword of the play that means yes or no; `fallback` where it is not there. */
bool play_flag(struct play_state *play, enum keyword keyword, bool fallback, bool *flag, struct error *error);

void play_begin_batch(struct play_state *play, struct host **hosts, size_t count);
void play_end_batch(struct play_state *play);

/** Out of the following plays, whatever becomes of it in this one. */
void play_count_failed(struct play_state *play, struct host_play *state);
/** The host can do no more in this play because it failed. */
void play_lose_host(struct play_state *play, struct host_play *state);

/** A role that an import or include brought: its handlers, which come after all that there are though it was known, and its
 *  variables where it is public. */
void play_add_role(struct play_state *play, struct role *role, bool is_public);

/** Is it the play's own flush of handlers between its sections? */
bool play_is_implicit_flush(const struct task *task);

/** vars_files (play_files.c): reads those whose paths are known. */
bool play_load_files(struct play_state *play, struct error *error);
/** vars_prompt (play_prompt.c): asks, or takes the defaults where nobody can answer. */
void play_prompt(struct play_state *play);

/** Fills an event with what the play knows. */
struct event play_event(const struct play_state *play, enum event_kind kind);
void play_show_banner(struct play_state *play, struct host *host, struct task_instance instance);

/** Ends the run with this error, unless it has one already; takes it. */
void play_abort(struct play_state *play, struct error *error);

#endif
