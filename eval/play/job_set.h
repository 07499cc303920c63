/*
 * The jobs under way on a loop: modules that run detached from any step, each with a limit.
 *
 * The supervisor has one for its run's jobs, and a run in virtual time one of its own (virtual_jobs.h).  A job is described by a request: the
 * job's spec as a dict of plain values, which can be sent to another process.
 */
#ifndef PLAYLET_EVAL_PLAY_JOB_SET_H
#define PLAYLET_EVAL_PLAY_JOB_SET_H

#include "eval/play/async.h"

struct job_set {
    struct registry *registry;
    struct loop *loop;
    /** A job is over.  `request` is borrowed, the result the owner's. */
    void (*ended)(void *owner, const struct dict *request, struct dict *result_take);
    void *owner;
    struct job *jobs;
    size_t count;
};

/** All of the spec as a dict of plain values. */
struct value job_request(const struct job_spec *spec, const char *module, const char *id) NODISCARD;

/** Starts the job that a request asks for; it may have ended when this returns. */
void job_set_begin(struct job_set *set, struct value request_take);

/** Ends the job with this id, or all jobs (NULL), for this reason; of what their modules know only the output stays.
 *  False: there is none. */
bool job_set_break_off(struct job_set *set, const char *id, const char *message);

#endif
