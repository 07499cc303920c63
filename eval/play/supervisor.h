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

/** What is sent over the channel to have a job run: all of the spec as a dict of plain values. */
struct value supervisor_request(const struct job_spec *spec, const char *module, const char *id) NODISCARD;

/** Runs the jobs that come over the channel (which it closes) until there are no more.  Returns the exit status. */
int supervisor_run(const struct library *library, int channel);

#endif
