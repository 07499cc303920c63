/* The supervisor of jobs: see supervisor.h. */
#include "eval/play/supervisor.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "eval/expression/registry.h"
#include "eval/play/job_set.h"
#include "runtime/async/job.h"
#include "runtime/async/supervisor_channel.h"
#include "runtime/value/text.h"

struct supervisor {
    struct loop *loop;
    struct supervisor_reader reader;
    struct watch *channel; /* NULL once the run is gone */
    struct job_set jobs;   /* under way */
    size_t job_limit;
    struct list *waiting; /* requests beyond the limit, oldest first */
    size_t taken;         /* of those */
    struct deferred next;
};

/** Descriptors that one job may need, and that are kept for all else. */
enum { JOB_DESCRIPTORS = 4, OTHER_DESCRIPTORS = 64 };

/* ---------------------------------------------------------------- jobs that wait for others */

/** As many jobs as there are descriptors for run side by side; the others in the order in which they came. */
static size_t find_job_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur < OTHER_DESCRIPTORS + JOB_DESCRIPTORS)
        return 1;
    return (limit.rlim_cur - OTHER_DESCRIPTORS) / JOB_DESCRIPTORS;
}

/** The oldest request that waits. */
static struct value waiting_take(struct supervisor *supervisor)
{
    struct value request = value_steal(&supervisor->waiting->items[supervisor->taken++]);
    if (supervisor->taken == supervisor->waiting->count) {
        list_drop(supervisor->waiting);
        supervisor->waiting = list_new(0);
        supervisor->taken = 0;
    }
    return request;
}

/** Begins jobs until the limit is reached or none waits. */
static void begin_waiting(struct deferred *deferred)
{
    struct supervisor *supervisor = (struct supervisor *)((char *)deferred - offsetof(struct supervisor, next));
    while (supervisor->jobs.count < supervisor->job_limit && supervisor->taken < supervisor->waiting->count)
        job_set_begin(&supervisor->jobs, waiting_take(supervisor));
}

/** Jobs that never began have failed for this reason. */
static void refuse_waiting(struct supervisor *supervisor, const char *message)
{
    while (supervisor->taken < supervisor->waiting->count) {
        OWNED request = waiting_take(supervisor);
        job_status_overwrite(dict_get_bytes(request.as.dict, "async_directory", "/"),
                             dict_get_bytes(request.as.dict, "id", ""), message);
    }
}

/** Writes what the module left as the job's status. */
static void write_result(const struct dict *request, struct value result)
{
    OWNED_ERROR error = {0};
    const char *directory = dict_get_bytes(request, "async_directory", "/"), *id = dict_get_bytes(request, "id", "");
    if (job_status_write(directory, id, result, &error))
        return;
    /* A result without a JSON form, or a full disk: say at least so much. */
    OWNED message = value_string_format("The result of the job could not be written: %s", error.message);
    job_status_overwrite(directory, id, value_bytes(message));
}

/** A job is over; another one may begin. */
static void job_ended(void *owner, const struct dict *request, struct dict *result_take)
{
    struct supervisor *supervisor = owner;
    OWNED result = value_dict_take(result_take);
    write_result(request, result);
    if (supervisor->taken < supervisor->waiting->count)
        loop_defer(supervisor->loop, &supervisor->next);
}

/* ---------------------------------------------------------------- the process */

static void channel_ready(void *owner, int events)
{
    struct supervisor *supervisor = owner;
    (void)events;
    bool is_open = supervisor_reader_fill(&supervisor->reader);
    for (struct value request; supervisor_reader_next(&supervisor->reader, &request);)
        list_push_take(supervisor->waiting, request);
    begin_waiting(&supervisor->next);
    if (is_open)
        return;
    watch_free(supervisor->channel);
    supervisor->channel = NULL;
}

static void terminated(void *owner, int signal)
{
    struct supervisor *supervisor = owner;
    static const char message[] = "The supervisor of the job was ended by a signal";
    (void)signal;
    refuse_waiting(supervisor, message);
    job_set_break_off(&supervisor->jobs, NULL, message);
    watch_free(supervisor->channel);
    supervisor->channel = NULL;
}

int supervisor_run(const struct library *library, int channel)
{
    struct supervisor supervisor = {
        .loop = loop_new(false),
        .reader = {.channel = channel},
        .waiting = list_new(0),
        .next.run = begin_waiting,
    };
    supervisor.jobs = (struct job_set){registry_new(library), supervisor.loop, job_ended, &supervisor, NULL, 0};
    supervisor.job_limit = find_job_limit(); /* which the loop has raised */
    supervisor.channel = watch_new(supervisor.loop, channel, WATCH_READ, true, channel_ready, &supervisor);
    struct watch *signal = watch_signal(supervisor.loop, SIGTERM, terminated, &supervisor);
    loop_run(supervisor.loop); /* until the channel is closed and nothing waits any more */
    watch_free(signal);
    watch_free(supervisor.channel);
    loop_free(supervisor.loop);
    supervisor_reader_done(&supervisor.reader);
    list_drop(supervisor.waiting);
    registry_free(supervisor.jobs.registry);
    return 0;
}
