/*
 * The supervisor: the process that runs jobs (`async`) and outlives the run that started them.
 *
 * It is this program, started with the hidden command "supervise" (commands/supervise.c), with a session of its own and no
 * descriptor but the channel (runtime/async/supervisor_channel.h).  It runs each job's module through the same table of
 * modules on a loop of its own, writes the result as the job's status, and ends a job that takes longer than its limit.
 * It goes when the channel is closed and the last job is done.
 */
#ifndef PLAYLET_EVAL_PLAY_SUPERVISOR_H
#define PLAYLET_EVAL_PLAY_SUPERVISOR_H

#include "eval/play/async.h"

/** Runs the jobs whose requests (job_set.h) come over the channel (which it closes) until there are no more.  Returns the exit status. */
int supervisor_run(const struct library *library, int channel);

#endif
