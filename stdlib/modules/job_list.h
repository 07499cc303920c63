/*
 * Several jobs at once, as modules are given them and answer about them.
 */
#ifndef PLAYLET_STDLIB_MODULES_JOB_LIST_H
#define PLAYLET_STDLIB_MODULES_JOB_LIST_H

#include "runtime/value/list.h"

/**
 * The ids of jobs (a list of strings) in a value: an id, the registered result of a job or of a loop that started jobs, or a list of any of
 * these.  Items of a loop that started none (they were skipped) are left out.  NULL with ERROR_MODULE.
 */
struct list *job_list_ids(struct value jobs, struct error *error) NODISCARD;

/** Is it more than the id of one job? */
bool job_list_is_many(struct value jobs);

struct job_counts {
    int64_t finished /* failed ones as well */, failed, pending;
};

/** Counts the reports (job.h) of jobs. */
struct job_counts job_list_count(const struct list *reports);

/** {finished, failed, pending} */
struct value job_counts_dict(struct job_counts counts) NODISCARD;

/** Has the job of this report failed?  A program's status says so too. */
bool job_report_has_failed(const struct dict *report);

#endif
