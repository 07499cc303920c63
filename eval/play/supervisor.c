/* The supervisor of jobs: see supervisor.h. */
#include "eval/play/supervisor.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "eval/expression/registry.h"
#include "runtime/async/job.h"
#include "runtime/async/supervisor_channel.h"
#include "runtime/value/text.h"

struct supervisor {
    struct registry *registry;
    struct loop *loop;
    struct supervisor_reader reader;
    struct watch *channel; /* NULL once the run is gone */
    struct job *jobs;      /* under way */
    size_t job_count, job_limit;
    struct list *waiting; /* requests beyond the limit, oldest first */
    size_t taken;         /* of those */
    struct deferred next;
};

/** Descriptors that one job may need, and that are kept for all else. */
enum { JOB_DESCRIPTORS = 4, OTHER_DESCRIPTORS = 64 };

/** One job under way. */
struct job {
    struct supervisor *supervisor;
    struct job *next, **link;
    struct value request; /* all that `call` and `host` borrow */
    char **environment;
    struct host_access host;
    struct module_call call;
    struct timer limit;
};

/* ---------------------------------------------------------------- requests */

/** The environment (NULL: this process's own) as a list. */
static struct value environment_list(char *const *environment)
{
    struct list *list = list_new(64);
    for (char *const *at = environment ?: environ; *at; at++)
        list_push_take(list, value_string(*at));
    return value_list_take(list);
}

struct value supervisor_request(const struct job_spec *spec, const char *module, const char *id)
{
    const struct host_access *host = spec->host;
    struct dict *request = dict_new();
    dict_set_string_take(request, "id", value_string(id));
    dict_set_string_take(request, "module", value_string(module));
    dict_set_string_take(request, "arguments", value_dict_take(dict_clone(spec->arguments)));
    dict_set_string_take(request, "environment", environment_list(host->environment));
    dict_set_string_take(request, "async_directory", value_string(host->async_directory));
    dict_set_string_take(request, "working_directory", value_string(host->working_directory));
    dict_set_string_take(request, "check_mode", value_bool(host->check_mode));
    dict_set_string_take(request, "diff_mode", value_bool(host->diff_mode));
    dict_set_string_take(request, "verbosity", value_int(host->verbosity));
    dict_set_string_take(request, "limit", value_int(spec->limit));
    return value_dict_take(request);
}

/** The strings of the request's environment for children; borrowed, the array is the caller's. */
static char **environment_array(const struct dict *request)
{
    const struct list *list = dict_find_string(request, "environment")->as.list;
    char **array = memory_new_array(list->count + 1, sizeof *array);
    for (size_t i = 0; i < list->count; i++)
        array[i] = list->items[i].as.text->bytes;
    return array;
}

static struct host_access host_of(const struct job *job)
{
    const struct dict *request = job->request.as.dict;
    return (struct host_access){
        .loop = job->supervisor->loop,
        .environment = job->environment,
        .async_directory = dict_get_bytes(request, "async_directory", "/"),
        .working_directory = dict_get_bytes(request, "working_directory", "/"),
        .check_mode = dict_get_truth(request, "check_mode", false),
        .diff_mode = dict_get_truth(request, "diff_mode", false),
        .verbosity = (int)dict_get_int(request, "verbosity", 0),
        .time_limit = dict_get_int(request, "limit", 0),
    };
}

/* ---------------------------------------------------------------- jobs */

/** Writes what the module left as the job's status. */
static void job_report_result(struct job *job)
{
    OWNED_ERROR error = {0};
    OWNED result = value_dict_take(dict_copy(job->call.result));
    const char *id = dict_get_bytes(job->request.as.dict, "id", "");
    if (job_status_write(job->host.async_directory, id, result, &error))
        return;
    /* A result without a JSON form, or a full disk: say at least so much. */
    OWNED message = value_string_format("The result of the job could not be written: %s", error.message);
    job_status_overwrite(job->host.async_directory, id, value_bytes(message));
}

/** The job is over: its status is written and nothing of it stays. */
static void job_end(struct job *job)
{
    struct supervisor *supervisor = job->supervisor;
    job_report_result(job);
    clock_unset(loop_clock(supervisor->loop), &job->limit);
    supervisor->job_count--;
    if (supervisor->taken < supervisor->waiting->count)
        loop_defer(supervisor->loop, &supervisor->next);
    *job->link = job->next;
    if (job->next)
        job->next->link = job->link;
    module_call_release(&job->call);
    value_drop(job->request);
    free(job->environment);
    free(job);
}

static void job_done(struct module_call *call)
{
    job_end(call->owner);
}

/** Ends a job before its module has, for this reason; of what the module knows only the output stays. */
static void job_break_off(struct job *job, const char *message)
{
    static const char *const kept[] = {"stdout", "stderr"};
    struct module_call *call = &job->call;
    struct dict *result = dict_new();
    if (call->module->cancel)
        call->module->cancel(call);
    dict_set_string_take(result, "failed", value_bool(true));
    dict_set_string_take(result, "msg", value_string(message));
    dict_set_string_take(result, "child_pid", value_int(getpid()));
    for (size_t i = 0; i < COUNT_OF(kept); i++) {
        const struct value *output = dict_find_string(call->result, kept[i]);
        if (output)
            dict_set_string_take(result, kept[i], value_copy(*output));
    }
    dict_drop(call->result);
    call->result = result;
    job_end(job);
}

static void job_limit_reached(struct timer *timer)
{
    job_break_off((struct job *)((char *)timer - offsetof(struct job, limit)), "Timeout exceeded");
}

static struct job *job_new(struct supervisor *supervisor, struct value request_take)
{
    struct job *job = memory_new_array(1, sizeof *job);
    job->supervisor = supervisor;
    job->request = request_take;
    job->environment = environment_array(request_take.as.dict);
    job->host = host_of(job);
    job->next = supervisor->jobs;
    job->link = &supervisor->jobs;
    if (job->next)
        job->next->link = &job->next;
    supervisor->jobs = job;
    supervisor->job_count++;
    return job;
}

/** Starts the job that a request asks for. */
static void job_begin(struct supervisor *supervisor, struct value request_take)
{
    const struct dict *request = request_take.as.dict;
    const char *name = dict_get_bytes(request, "module", "");
    struct job *job = job_new(supervisor, request_take);
    job->call = (struct module_call){
        .module = registry_find_module(supervisor->registry, name, strlen(name)),
        .arguments = dict_find_string(request, "arguments")->as.dict,
        .host = &job->host,
        .result = dict_new(),
        .done = job_done,
        .owner = job,
    };
    job->limit.fire = job_limit_reached;
    clock_set_after(loop_clock(supervisor->loop), &job->limit, job->host.time_limit);
    job->call.module->start(&job->call);
}

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
    while (supervisor->job_count < supervisor->job_limit && supervisor->taken < supervisor->waiting->count)
        job_begin(supervisor, waiting_take(supervisor));
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
    while (supervisor->jobs)
        job_break_off(supervisor->jobs, message);
    watch_free(supervisor->channel);
    supervisor->channel = NULL;
}

int supervisor_run(const struct library *library, int channel)
{
    struct supervisor supervisor = {
        .registry = registry_new(library),
        .loop = loop_new(false),
        .reader = {.channel = channel},
        .waiting = list_new(0),
        .next.run = begin_waiting,
    };
    supervisor.job_limit = find_job_limit(); /* which the loop has raised */
    supervisor.channel = watch_new(supervisor.loop, channel, WATCH_READ, true, channel_ready, &supervisor);
    struct watch *signal = watch_signal(supervisor.loop, SIGTERM, terminated, &supervisor);
    loop_run(supervisor.loop); /* until the channel is closed and nothing waits any more */
    watch_free(signal);
    watch_free(supervisor.channel);
    loop_free(supervisor.loop);
    supervisor_reader_done(&supervisor.reader);
    list_drop(supervisor.waiting);
    registry_free(supervisor.registry);
    return 0;
}
