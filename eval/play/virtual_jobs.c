/* Jobs in virtual time: see virtual_jobs.h. */
#include "eval/play/virtual_jobs.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "eval/play/job_set.h"

/** A result that is not known yet. */
struct unpublished {
    char *id;
    struct dict *result;
    uint64_t rank; /* in the order in which those of one moment become known */
};

struct virtual_jobs {
    struct run *run;
    struct job_set set;
    struct job_store *store;
    struct unpublished *unpublished;
    size_t count, capacity;
    struct timer publication;
    bool is_finishing;
};

static struct clock *jobs_clock(const struct virtual_jobs *jobs)
{
    return loop_clock(jobs->run->loop);
}

/** A result becomes the job's status. */
static void publish(struct virtual_jobs *jobs, const char *id, struct dict *result_take)
{
    dict_remove_string(result_take, "child_pid"); /* the job has no process of its own */
    job_store_put_take(jobs->store, id, value_dict_take(result_take));
    if (jobs->is_finishing && jobs->set.count == 0 && jobs->count == 0)
        loop_stop(jobs->run->loop);
}

static int compare_ranks(const void *left, const void *right)
{
    const struct unpublished *first = left, *second = right;
    return (first->rank > second->rank) - (first->rank < second->rank);
}

/** Time goes on: nothing real is under way, all results of the moment before are there. */
static void publish_all(struct timer *timer)
{
    struct virtual_jobs *jobs = (struct virtual_jobs *)((char *)timer - offsetof(struct virtual_jobs, publication));
    qsort(jobs->unpublished, jobs->count, sizeof *jobs->unpublished, compare_ranks);
    size_t count = jobs->count;
    jobs->count = 0;
    for (size_t i = 0; i < count; i++) {
        publish(jobs, jobs->unpublished[i].id, jobs->unpublished[i].result);
        free(jobs->unpublished[i].id);
    }
}

/** Keeps the result until time goes on. */
static void publish_later(struct virtual_jobs *jobs, const char *id, uint64_t rank, struct dict *result_take)
{
    if (jobs->count == jobs->capacity) {
        jobs->capacity = memory_grown(jobs->capacity);
        jobs->unpublished = memory_resize(jobs->unpublished, jobs->capacity, sizeof *jobs->unpublished);
    }
    jobs->unpublished[jobs->count++] = (struct unpublished){memory_copy_string(id, strlen(id)), result_take, rank};
    if (jobs->count == 1)
        clock_set_after(jobs_clock(jobs), &jobs->publication, 1);
}

static void job_ended(void *owner, const struct dict *request, struct dict *result_take)
{
    struct virtual_jobs *jobs = owner;
    const char *id = dict_get_bytes(request, "id", "");
    if (clock_now(jobs_clock(jobs)) > dict_get_int(request, "started", 0))
        publish(jobs, id, result_take);
    else
        publish_later(jobs, id, (uint64_t)dict_get_int(request, "rank", 0), result_take);
}

struct virtual_jobs *virtual_jobs_new(struct run *run)
{
    struct virtual_jobs *jobs = memory_new_array(1, sizeof *jobs);
    jobs->run = run;
    jobs->store = job_store_new();
    jobs->set = (struct job_set){run->registry, run->loop, job_ended, jobs, NULL, 0};
    jobs->publication.fire = publish_all;
    return jobs;
}

void virtual_jobs_free(struct virtual_jobs *jobs)
{
    if (!jobs)
        return;
    job_set_break_off(&jobs->set, NULL, "The run has ended");
    clock_unset(jobs_clock(jobs), &jobs->publication);
    for (size_t i = 0; i < jobs->count; i++) {
        free(jobs->unpublished[i].id);
        dict_drop(jobs->unpublished[i].result);
    }
    free(jobs->unpublished);
    job_store_free(jobs->store);
    free(jobs);
}

struct job_store *virtual_jobs_store(struct virtual_jobs *jobs)
{
    return jobs ? jobs->store : NULL;
}

void virtual_jobs_start(struct virtual_jobs *jobs, const struct job_spec *spec, const char *id)
{
    struct clock *clock = jobs_clock(jobs);
    struct value request = job_request(spec, registry_module_full_name(jobs->run->registry, spec->module), id);
    dict_set_string_take(request.as.dict, "started", value_int(clock_now(clock)));
    dict_set_string_take(request.as.dict, "rank", value_int((int64_t)(clock_draw_rank(clock) & INT64_MAX)));
    job_set_begin(&jobs->set, request);
}

void virtual_jobs_finish(struct virtual_jobs *jobs)
{
    jobs->is_finishing = true;
    if (jobs->set.count > 0 || jobs->count > 0)
        loop_run(jobs->run->loop);
    jobs->is_finishing = false;
}
