/*
 * A step from the inside: its state and the functions between its files.  Private to eval/play/step*.c, loop_items.c, repeat.c, result.c.
 *
 *     step.c              the driver: which phase comes next; start, end, cancel
 *     step_keywords.c     keywords: found outwards, templated, converted
 *     step_conditions.c   when, changed_when, failed_when, until
 *     step_target.c       which host the module acts on, and how: delegation, connection, environment
 *     step_arguments.c    the module's arguments: templated, defaults, bound
 *     step_call.c         one run of the module: at once, waiting, timed, as a job
 *     step_report.c       errors and results: as events
 *     step_effects.c      what holds afterwards: register, facts, notifications, includes
 *     loop_items.c        the items of a loop, and loop_control
 *     repeat.c            the next item, the next try
 *     result.c            what results look like: no state
 */
#ifndef PLAYLET_EVAL_PLAY_STEP_STATE_H
#define PLAYLET_EVAL_PLAY_STEP_STATE_H

#include "eval/play/retry.h"
#include "eval/play/step.h"
#include "eval/play/variables.h"

/** The key of a meta task's result that holds its action. */
static const char META_ACTION[] = "meta";

/** What results of failures have in place of Python's traceback. */
static const char NO_TRACEBACK[] = "(traceback unavailable)";

/** What the driver does next. */
enum step_phase {
    STEP_LOOP,      /* find the items */
    STEP_ITEM,      /* begin an item, or the only execution */
    STEP_TRY,       /* run the module, once more under `until` */
    STEP_POLL,      /* ask what became of the job */
    STEP_JUDGE,     /* the module's result is there: conditions, `until` */
    STEP_ITEM_DONE, /* the item's result is complete */
    STEP_DONE,      /* the step's is */
    STEP_WAIT,      /* something will set the phase and call step_continue */
};

/** loop_control, evaluated. */
struct loop_control {
    struct value loop_variable, index_variable; /* strings; null: none */
    struct value label;                         /* raw; null: the item */
    struct value break_when;                    /* raw conditions; null: none */
    int64_t pause;                              /* nanoseconds */
    bool is_extended, has_all_items;
};

/** One execution of the task: an item, or the whole task without a loop. */
struct execution {
    struct dict *result;
    struct list *warnings;    /* that came up while it was prepared, for the result; NULL: none */
    struct error error;       /* behind a failure, as shown; empty: none, or to be told from the result */
    bool is_failed_by_module; /* the module itself failed, not failed_when */
    bool is_include;          /* an include was asked for: nothing has run */
    bool is_finalized;        /* the keywords below are evaluated */

    /* keywords */
    bool hides_result; /* no_log */
    bool ignores_errors, ignores_unreachable;
    bool check_mode, diff_mode;
    int64_t async_limit, poll; /* seconds */
    int64_t time_limit;        /* seconds */
    int64_t tries;             /* 1: no `until`, no `retries` */
    struct retry_plan retry;
    int64_t began;             /* clock_now at the first try */

    /* target */
    struct text *delegated_to; /* as shown, or NULL */
    struct host *target;       /* borrowed from the inventory, or `unknown` */
    struct host *unknown;      /* a host that no inventory has; owned */

    struct dict *arguments;      /* bound */
    struct module_effects asked; /* what the last try asked for */
    bool was_executed;
    int64_t attempt;      /* from 1 */
    int64_t seconds_left; /* of polling */
};

struct step {
    struct step_spec spec;
    struct outcome outcome;
    struct task_scope scope;
    const struct task *task;
    const struct module *module;
    const char *module_name; /* full */

    enum step_phase phase;
    enum step_phase after_sleep;
    bool is_driven;  /* step_continue is on the stack */
    bool has_waited; /* what was remembered may be stale */
    bool has_scope;
    bool is_once; /* run_once: what it finds out holds for the batch */

    struct list *items;      /* NULL: no loop */
    struct error loop_error; /* the items could not be found: told once the condition held */
    struct loop_control control;
    size_t index;
    struct list *results;      /* of the items */
    bool has_item_not_ignored; /* an item failed, and nothing said to go on */
    struct include_request *last_include;
    struct effects *effects; /* what executions asked for, see step_effects.c */
    size_t effect_count, effect_capacity;

    struct execution execution;
    struct module_call call; /* its result is NULL while none is under way */
    struct host_access access;
    char **environment; /* owned, with its strings; NULL: the program's own */
    char *async_directory;
    struct timer timer; /* delay, pause, poll */
    struct timer limit; /* timeout */
};

/* ---- step.c ---- */

/** Goes on until the step waits or is done.  Harmless while it is being driven already. */
void step_continue(struct step *step);
/** Waits `nanoseconds`, then goes on with `phase`. */
void step_sleep(struct step *step, int64_t nanoseconds, enum step_phase phase);

/* ---- step_keywords.c ---- */

/** The value of a keyword, evaluated: of the task, the blocks around it, the play.  Null when it is nowhere or omitted. */
bool keyword_value(struct step *step, enum keyword keyword, struct value *value, struct error *error);
bool keyword_bool(struct step *step, enum keyword keyword, bool fallback, bool *value, struct error *error);
bool keyword_int(struct step *step, enum keyword keyword, int64_t fallback, int64_t *value, struct error *error);
bool keyword_float(struct step *step, enum keyword keyword, double fallback, double *value, struct error *error);
/** All that an execution needs, once its condition held. */
bool execution_finalize(struct step *step, struct error *error);
/** no_log before anything else is known; where it cannot be evaluated the result is hidden and a warning says so. */
void execution_find_no_log(struct step *step);

/* ---- step_conditions.c ---- */

/** All conditions of a value (one, or a list).  `*broken` (may be NULL) is the first that does not hold, borrowed. */
bool conditions_hold(struct step *step, const struct value *conditions, bool *holds, const struct value **broken,
                     struct error *error);
/** `when` of everything around and of the task; the condition that does not hold in `*broken`. */
bool step_is_wanted(struct step *step, bool *wanted, const struct value **broken, struct error *error);
/** changed_when and failed_when, into the result. */
void step_apply_conditions(struct step *step);
/** Is it enough (`until`, or that it has not failed)? */
bool step_is_satisfied(struct step *step, bool *satisfied, struct error *error);

/* ---- step_target.c ---- */

bool execution_find_target(struct step *step, struct error *error);
/** Fills step->access; false for a connection or a user that cannot be had; `*unreachable` when that is the host's fault. */
bool execution_reach_target(struct step *step, bool *unreachable, struct error *error);
void step_release_access(struct step *step);

/* ---- step_arguments.c ---- */

/** The arguments evaluated, with module_defaults: a new dict. */
struct dict *arguments_evaluate_all(struct step *step, struct error *error);
/** Evaluates and binds them into execution.arguments; `*is_bound` tells errors of evaluation from those of binding. */
bool execution_bind_arguments(struct step *step, bool *was_evaluated, struct error *error);

/* ---- step_call.c ---- */

/** Starts the module, or the job; the phase after that is JUDGE, or WAIT until it is. */
void step_call_module(struct step *step);
/** Looks at the job; the phase after that is JUDGE, or WAIT until the next look. */
void step_poll_job(struct step *step);
/** Ends what is under way, without a result. */
void step_cancel_call(struct step *step);

/* ---- step_report.c ---- */

/** Makes an error the cause of another one ("Error processing keyword '%s'."), at the place that is to blame: the error's own
 *  where that lies inside `span`, else `span`.  Returns false. */
bool step_error_wrap(struct error *error, struct span span, const char *format, const char *name);
/** The execution fails with this error, which is taken; `msg` is the whole chain. */
void execution_fail_take(struct step *step, struct error *error);
/** The same where `msg` is the error alone ("missing required arguments: that"), shown behind `prefix` (may be NULL). */
void execution_fail_plainly_take(struct step *step, const char *prefix, struct error *error);
void execution_unreachable_take(struct step *step, struct error *error);
/** Completes the failed result of a module: its error, for the display. */
void execution_explain(struct step *step);
/** The events of a complete execution: ERROR, WARNING, DIFF. */
void execution_emit(struct step *step);
/** The result of an item, or of the whole. */
void execution_emit_item(struct step *step, struct value label);
void step_emit_result(struct step *step, const struct dict *result);
/** An asynchronous job's state, or a try that was not enough. */
void step_emit_state(struct step *step, enum event_kind kind, const struct dict *result);
void step_emit(struct step *step, struct event event);
/** Warns, and adds the warning to the result of the execution under way. */
void step_warn(struct step *step, const char *text, struct span span);
/** Moves what was warned of into the complete result. */
void execution_add_warnings(struct step *step);
/** The name of the task for RETRY. */
char *step_task_name(struct step *step) NODISCARD;

/* ---- step_effects.c ---- */

/** Takes over what a try asked for; facts hold at once for what the step itself evaluates. */
void execution_take_effects(struct step *step, struct module_effects *asked);
/** Keeps what a complete execution asked for until it is known that the task as a whole went well. */
void execution_collect_effects(struct step *step);
void module_effects_done(struct module_effects *effects);
/** An include_tasks, include_role for this item. */
bool execution_request_include(struct step *step, struct error *error);
/** Fills the outcome's lists. */
void step_hand_over_effects(struct step *step, enum task_status status);
void step_drop_effects(struct step *step);

/* ---- loop_items.c ---- */

/** Adds the way out to an error of an item that is the registered result of a loop. */
void step_advise_items(const struct step *step, struct error *error);

/** Finds the items, or sets loop_error.  False: an error that comes before any condition. */
bool step_find_items(struct step *step, struct error *error);
bool step_find_control(struct step *step, struct error *error);
/** Sets the item's variables in the scope. */
void step_set_item(struct step *step);
/** Adds them to its result. */
void step_mark_item(struct step *step, struct dict *result);
/** What is shown for the item; false with what is wrong with `label`. */
bool step_item_label(struct step *step, struct value *label, struct error *error);
void loop_control_done(struct loop_control *control);

/* ---- repeat.c ---- */

/** What comes after a judged try: another one, or the item's end. */
void step_after_try(struct step *step);
/** What comes after an item: the next one, after a pause, or the end. */
void step_after_item(struct step *step);

#endif
