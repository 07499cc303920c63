/*
 * Jobs: tasks that outlive the play, as files.
 *
 * A job has an id ("j" 12 random digits "." process id) and a status file of that name in the async directory
 * (ANSIBLE_ASYNC_DIR, else ~/.ansible_async), JSON in the form that ansible-core writes, so that either reads the other's:
 * first {"started": true, "finished": false, "ansible_job_id": ...}, at last the module's result (ansible-core leaves
 * out "started" and "finished" then, so a status without "started" is a finished one).  Files are replaced atomically (file.h), mode 0600, the folder 0700.
 *
 * What runs the job is the supervisor (eval/play/supervisor.h); this pair of files only names, reads and writes.
 */
#ifndef PLAYLET_RUNTIME_ASYNC_JOB_H
#define PLAYLET_RUNTIME_ASYNC_JOB_H

#include "runtime/value/value.h"

/** The async directory, expanded and absolute, the caller's.  `configured` may be NULL: then environment or default. */
char *job_directory(const char *configured) NODISCARD;

/** A fresh id; random digits from getrandom(2). */
char *job_id_new(void) NODISCARD;

/** Is it a plain name that cannot leave the directory (no slash, not "." or "..", not empty)? */
bool job_id_is_valid(const char *id);

bool job_status_write(const char *directory, const char *id, struct value status, struct error *error);

/** Last resort where a status cannot be replaced (a full disk, a folder that is not writable any more): the job has failed with this
 *  message, written over the bytes of the status that is there. */
bool job_status_overwrite(const char *directory, const char *id, const char *message);

enum job_state {
    JOB_RUNNING,
    JOB_FINISHED,
    JOB_DEAD,       /* not finished, and what ran it is gone (job_runner.h) */
    JOB_UNKNOWN,    /* no such file */
    JOB_BROKEN,     /* a file that is no status */
};

/** Reads a status file.  *status (a dict, untrusted) is set for RUNNING, FINISHED and DEAD; *error says what is wrong with a BROKEN one. */
enum job_state job_status_read(const char *directory, const char *id, struct value *status, struct error *error);

/**
 * What async_status answers about a job: its status with ansible_job_id, started, finished and results_file filled in.  A job that is
 * not known, that is dead or whose status is broken is a failed and finished one, with a msg ("could not find job").
 */
struct dict *job_report(const char *directory, const char *id) NODISCARD;

/** The same about a status (a dict) that is known. */
struct dict *job_report_status(struct value status_take, const char *directory, const char *id) NODISCARD;

/** Removes the status file; true when it was there. */
bool job_status_remove(const char *directory, const char *id);

#endif
