/*
 * A step: one task on one host, from `when` to `notify`.
 *
 *     when -> loop -> arguments -> run -> register -> changed_when / failed_when -> until -> ...
 *
 * A step is a state machine on the heap.  It either is done when step_start returns or waits: then exactly one completion resumes it, and
 * `done` is called from the event loop.  Nothing recursive is on the C stack across a wait.
 * It emits ITEM, RETRY, DIFF, ERROR, WARNING and ASYNC_* events and the EVENT_RESULT (of an include task only when it was skipped or failed;
 * of meta only when it was skipped).  Its owner publishes what it registers and the module's facts and variables.  What concerns the flow is
 * left to the owner, in its outcome: failure and the recap's counts, notify, includes, meta, add_host, group_by, set_stats.
 */
#ifndef PLAYLET_EVAL_PLAY_STEP_H
#define PLAYLET_EVAL_PLAY_STEP_H

#include "eval/play/include.h"
#include "eval/play/run.h"

/** One include that the task asked for (per item of its loop). */
struct include_request {
    struct include_request *next;
    char *path;                         /* as templated; resolution against the search path is the owner's */
    struct dict *arguments;             /* of include_tasks / include_role, evaluated */
    struct dict *variables;             /* vars and loop variables, raw */
    struct value label;                 /* of the item; null without a loop */
    bool is_loop;
};

struct outcome {
    enum task_status status;
    bool is_ignored;                    /* failed, but ignore_errors / ignore_unreachable say to go on */
    struct value result;                /* as registered: a dict */
    struct include_request *includes;   /* include_tasks, include_role: nothing has run yet */
    struct list *notify;                /* names (templated), when changed; or NULL */
    bool is_changed;
    const char *meta;                   /* of `meta:`: the action's name; borrowed from result; NULL when it was skipped */
    struct list *add_host;              /* dicts of module_effects, one an item that asked, in order; NULL: none */
    struct list *group_by;
    struct list *stats;
};

struct step;

struct step_spec {
    struct run *run;
    struct host *host;
    struct task_instance instance;
    struct host *const *batch;          /* the hosts of the present batch: what run_once and MODULE_ONCE tasks find out holds for all */
    size_t batch_count;
    /** Asked before the result is shown: may it be?  False: the run is over (an unknown handler was notified).  NULL: always. */
    bool (*accepts)(void *owner, const struct step *step);
    void (*done)(void *owner, struct step *step);
    void *owner;
};

/** Starts; when it is complete (perhaps before this returns), calls spec->done exactly once. */
struct step *step_start(const struct step_spec *spec) NODISCARD;

/** The outcome of a complete step, borrowed. */
const struct outcome *step_outcome(const struct step *step);
struct host *step_host(const struct step *step);
struct task_instance step_instance(const struct step *step);

/** Lets the host (or those that run_once speaks for) have what a complete step registers, and its facts and variables.  Hosts that were
 *  started for the same task before this do not see them. */
void step_publish(const struct step *step);

/** Releases a complete step; one that waits is cancelled first (its module's children end). */
void step_free(struct step *step);

/** The name of a task as shown: templated where that is possible ("{{ x }}" as written where it is not), else its action's name; with "role : " before. The caller's. */
char *task_shown_name(struct run *run, struct host *host, struct task_instance instance) NODISCARD;

#endif
