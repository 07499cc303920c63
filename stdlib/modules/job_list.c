/* Several jobs: see job_list.h. */
#include "stdlib/modules/job_list.h"

#include "runtime/limits.h"
#include "runtime/value/dict.h"
#include "runtime/value/repr.h"

bool job_list_is_many(struct value jobs)
{
    return value_is_list(jobs) || value_is_dict(jobs);
}

static bool add_ids(struct list *ids, struct value jobs, int depth, struct error *error);

static bool add_all(struct list *ids, const struct list *jobs, int depth, struct error *error)
{
    if (depth > LIMIT_VALUE_DEPTH)
        return error_set(error, ERROR_LIMIT, "Lists of jobs are nested too deeply.");
    for (size_t i = 0; i < jobs->count; i++)
        if (!add_ids(ids, jobs->items[i], depth + 1, error))
            return false;
    return true;
}

/** The job of a registered result, or those of a loop's. */
static bool add_result(struct list *ids, const struct dict *result, int depth, struct error *error)
{
    const struct value *id = dict_find_string(result, "ansible_job_id");
    const struct value *results = dict_find_string(result, "results");
    if (id) {
        list_push_take(ids, value_str(*id));
        return true;
    }
    if (results && value_is_list(*results))
        return add_all(ids, results->as.list, depth, error);
    if (dict_get_truth(result, "skipped", false))
        return true;
    error_set(error, ERROR_MODULE, "a result without 'ansible_job_id' is not a job");
    return error_help(error, "Only a task with `async` and `poll: 0` starts a job that can be asked for.");
}

static bool add_ids(struct list *ids, struct value jobs, int depth, struct error *error)
{
    if (value_is_dict(jobs))
        return add_result(ids, jobs.as.dict, depth, error);
    if (value_is_list(jobs))
        return add_all(ids, jobs.as.list, depth, error);
    if (value_is_null(jobs))
        return error_set(error, ERROR_MODULE, "null is not a job");
    list_push_take(ids, value_str(jobs));
    return true;
}

struct list *job_list_ids(struct value jobs, struct error *error)
{
    struct list *ids = list_new(16);
    if (add_ids(ids, jobs, 0, error))
        return ids;
    list_drop(ids);
    return NULL;
}

bool job_report_has_failed(const struct dict *report)
{
    return dict_get_truth(report, "failed", dict_get_int(report, "rc", 0) != 0);
}

struct value job_counts_dict(struct job_counts counts)
{
    struct value dict = value_dict_new();
    dict_set_string_take(dict.as.dict, "finished", value_int(counts.finished));
    dict_set_string_take(dict.as.dict, "failed", value_int(counts.failed));
    dict_set_string_take(dict.as.dict, "pending", value_int(counts.pending));
    return dict;
}

struct job_counts job_list_count(const struct list *reports)
{
    struct job_counts counts = {0};
    for (size_t i = 0; i < reports->count; i++) {
        const struct dict *report = reports->items[i].as.dict;
        bool is_finished = dict_get_truth(report, "finished", false);
        counts.finished += is_finished;
        counts.pending += !is_finished;
        counts.failed += is_finished && job_report_has_failed(report);
    }
    return counts;
}
