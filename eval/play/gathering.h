/*
 * The gathering of facts that plays begin with: a task of its own, made when the play wants one.
 */
#ifndef PLAYLET_EVAL_PLAY_GATHERING_H
#define PLAYLET_EVAL_PLAY_GATHERING_H

#include "eval/play/play.h"

/** The task (NULL where the play wants none), with the play's gather_subset, gather_timeout and fact_path as its arguments. */
bool gathering_make(struct play_state *play, struct task **task, struct error *error);

/** Is this the task that gathers, on a host whose facts are known already, where facts are to be gathered once (smart)? */
bool gathering_is_needless(const struct host *host, const struct task *task);

#endif
