/*
 * Strategies: in which order the hosts of a batch take their tasks.
 *
 *     strategy.c         what all of them do: starting and collecting steps, standing cursors on wanted tasks
 *     linear.c           hosts step together, in document order
 *     free.c             each host goes its own way (free), or a few at a time to their ends (host_pinned)
 *     outcome.c          what a step's outcome means for the flow: counts, failures, notifications, new hosts
 *     include_load.c     what includes bring
 *     meta.c             what meta tasks do
 */
#ifndef PLAYLET_EVAL_PLAY_STRATEGY_H
#define PLAYLET_EVAL_PLAY_STRATEGY_H

#include "eval/play/play.h"

/** Finds the play's strategy; play->strategy is NULL for an unknown one. */
bool strategy_choose(struct play_state *play, struct error *error);
/** False with the reference's error where strategy_choose found none. */
bool strategy_is_known(struct play_state *play, struct error *error);

/** Runs the batch to its end, or until play->error is set or the run is interrupted. */
void strategy_run(struct play_state *play);
void linear_run(struct play_state *play);
void free_run(struct play_state *play);

/* ---- strategy.c ---- */

/** Has something happened after which no task may start? */
bool strategy_is_stopped(const struct play_state *play);

/** Stands the host's cursor on its next wanted task; false: it has none. */
bool strategy_settle(struct play_state *play, struct host_play *state);

/** Starts the present task of the host.  It is complete at once, or waits and is complete later. */
void strategy_start(struct play_state *play, struct host_play *state);

/** Takes the complete steps out, in the order of their ends; the caller frees what it takes.  NULL: no more. */
struct step *strategy_next_finished(struct play_state *play);

/** Waits until a step is complete, or the run is interrupted. */
void strategy_wait(struct play_state *play);

/** Enters the handlers that were notified, or passes by. */
void strategy_flush(struct play_state *play, struct host_play *state);

/** A keyword of the task or of what is around it, the play included, as a bool; templated for this host. */
bool strategy_flag(struct play_state *play, struct host *host, struct task_instance instance, enum keyword keyword,
                   bool fallback, bool *flag, struct error *error);
/** The same as an int (throttle). */
bool strategy_int(struct play_state *play, struct host *host, struct task_instance instance, enum keyword keyword,
                  int64_t fallback, int64_t *number, struct error *error);

/* ---- outcome.c ---- */

/** Applies the outcome of a host's complete step and moves its cursor on, unless it is an include that brought something:
 *  true then, and the caller keeps the step for include_load. */
bool outcome_apply(struct play_state *play, struct host_play *state, struct step *step, bool run_once);

/** A task failed on the host: into rescue or always, or out of the play. */
void outcome_fail(struct play_state *play, struct host_play *state);

/** The filter that the cursor of a host goes by. */
struct host_filter {
    struct cursor_filter filter;
    struct play_state *play;
    struct host_play *state;
};
void host_filter_init(struct host_filter *filter, struct play_state *play, struct host_play *state);

/* ---- include_load.c ---- */

/** Loads what the steps' includes ask for, equal ones once, and sends each host inside. */
void include_load(struct play_state *play, struct step *const *steps, size_t count);

/* ---- meta.c ---- */

/** Does the meta task speak for all hosts at once? */
bool meta_is_for_all(const char *name);
/** Does what a meta task asks for; the host's cursor is moved on. `name` NULL: it was skipped. */
void meta_run(struct play_state *play, struct host_play *state, const char *name);
bool task_is_meta(const struct run *run, const struct task *task);

#endif
