/*
 * Where the states of jobs are kept and looked up: as files (job.h), or in virtual time in memory, where they are part of the run.
 *
 * In memory only for jobs of this run; any other job is looked for among the files all the same.
 */
#ifndef PLAYLET_RUNTIME_ASYNC_JOB_STORE_H
#define PLAYLET_RUNTIME_ASYNC_JOB_STORE_H

#include "runtime/async/job.h"

struct job_store;

struct job_store *job_store_new(void) NODISCARD;
void job_store_free(struct job_store *store);   /* NULL is allowed */

/** A fresh id: the same in each run. */
char *job_store_id_new(struct job_store *store) NODISCARD;

/** Sets a job's status (a dict). */
void job_store_put_take(struct job_store *store, const char *id, struct value status_take);

/* As in job.h; `store` is NULL where there are files alone. */
struct dict *job_store_report(const struct job_store *store, const char *directory, const char *id) NODISCARD;
bool job_store_remove(struct job_store *store, const char *directory, const char *id);


/** Somebody who is told of every status that is set. */
struct job_listener {
    void (*changed)(struct job_listener *listener, const char *id); /* must not start or end anything */
    struct job_listener *next, **link;
};
void job_store_listen(struct job_store *store, struct job_listener *listener);
void job_listener_forget(struct job_listener *listener);   /* harmless when it does not listen */

#endif
