/*
 * Jobs of a run: how a step starts a task with `async` and asks what became of it.
 *
 * A job runs in a supervisor (supervisor.h), a process of its own that the first job of a run starts and that outlives the
 * run.  The run's end of their channel is the job client, `run->jobs`; closing it ends no job.  What is known of a job is in
 * its status file (runtime/async/job.h) alone, so any run, and ansible-core, can ask.
 */
#ifndef PLAYLET_EVAL_PLAY_ASYNC_H
#define PLAYLET_EVAL_PLAY_ASYNC_H

#include "eval/play/run.h"

struct job_spec {
    const struct module *module;        /* acts on a host: neither MODULE_ACTION nor MODULE_CONTROL */
    const struct dict *arguments;       /* bound */
    const struct host_access *host;     /* environment, folders, modes; the loop is not used */
    int64_t limit;                      /* nanoseconds that the job may take; more than 0 */
};

/**
 * Starts a job.  *result is what the task answers: ansible_job_id, started (true), finished (false), results_file, changed (true).
 * Its status file is there when this returns.  ERROR_MODULE "This action (debug) does not support async." for what cannot be a job.
 */
bool job_start(struct run *run, const struct job_spec *spec, struct dict **result, struct error *error);

/** What async_status answers now: see job_report in runtime/async/job.h. */
struct dict *job_poll(const struct host_access *host, const char *id) NODISCARD;

/** Lets go of the run's end of the channel; jobs go on.  NULL is allowed. */
void job_client_free(struct job_client *client);

#endif
