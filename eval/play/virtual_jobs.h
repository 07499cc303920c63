/*
 * Jobs in virtual time: they run on the run's own loop and are part of it, so that its clock is theirs.
 *
 * A job whose module only waits takes virtual time.  A real program takes none: time stands still for it, so that its result is there at
 * the very moment when it began.  It becomes known when time goes on, since until then the order of real things is up to the system;
 * the results of one moment become known in the order in which the jobs were started, or in one drawn by the run's seed.
 * The run ends when the last job has.
 */
#ifndef PLAYLET_EVAL_PLAY_VIRTUAL_JOBS_H
#define PLAYLET_EVAL_PLAY_VIRTUAL_JOBS_H

#include "eval/play/async.h"
#include "runtime/async/job_store.h"

struct virtual_jobs;

struct virtual_jobs *virtual_jobs_new(struct run *run) NODISCARD;
/** Before the run's loop is freed.  NULL is allowed. */
void virtual_jobs_free(struct virtual_jobs *jobs);

struct job_store *virtual_jobs_store(struct virtual_jobs *jobs);

/** Starts a job under an id of the store. */
void virtual_jobs_start(struct virtual_jobs *jobs, const struct job_spec *spec, const char *id);

/** Runs the loop until no job is under way. */
void virtual_jobs_finish(struct virtual_jobs *jobs);

#endif
