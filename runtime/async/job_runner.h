/*
 * What runs jobs, as a process: how others tell whether it is still there, and the warden that tidies up after it.
 *
 * A status that is not finished bears a mark of the process that is to finish it: machine, boot, process namespace, id and
 * start time.  Whoever reads the status on the same machine can tell from it that nobody will; anywhere else nothing is said.
 *
 * The warden is a process above the supervisor that does nothing but wait for its end: a supervisor that was killed leaves no
 * program running without a limit.  A warden that is killed takes the supervisor with it, which ends its jobs in order.
 */
#ifndef PLAYLET_RUNTIME_ASYNC_JOB_RUNNER_H
#define PLAYLET_RUNTIME_ASYNC_JOB_RUNNER_H

#include <stdbool.h>
#include <sys/types.h>

#include "runtime/memory.h"

/** The key of a status that holds the mark; never shown.  ansible-core takes such keys out of results as well. */
#define JOB_RUNNER_KEY "_ansible_job_runner"

/** The mark of a process that lives, the caller's. */
char *job_runner_mark(pid_t id) NODISCARD;

/** Is it certain that the process with this mark is gone? */
bool job_runner_is_gone(const char *mark);

/** Splits this process, which leads its session: returns in the supervisor, a child of it.  The warden itself waits, kills what a
 *  killed supervisor left, and exits as the supervisor did. */
void job_runner_guard(void);

#endif
