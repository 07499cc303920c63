/* Jobs under way: see job_set.h. */
#include "eval/play/job_set.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "eval/expression/registry.h"
#include "runtime/value/text.h"

/** One job under way. */
struct job {
    struct job_set *set;
    struct job *next, **link;
    struct value request; /* all that `call` and `host` borrow */
    char **environment;
    struct host_access host;
    struct module_call call;
    struct timer limit;
    struct watch *real_limit; /* in virtual time, which stands still for what is real */
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

struct value job_request(const struct job_spec *spec, const char *module, const char *id)
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
        .loop = job->set->loop,
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

/** The job is over: nothing of it stays but its result. */
static void job_end(struct job *job)
{
    struct job_set *set = job->set;
    struct dict *result = job->call.result;
    OWNED request = value_steal(&job->request);
    job->call.result = NULL;
    clock_unset(loop_clock(set->loop), &job->limit);
    watch_free(job->real_limit);
    *job->link = job->next;
    if (job->next)
        job->next->link = job->link;
    set->count--;
    set->ended(set->owner, request.as.dict, result);
    module_call_release(&job->call);
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

/** The same for a program that takes too long in real time. */
static void real_limit_reached(void *owner, int unused)
{
    (void)unused;
    job_break_off(owner, "Timeout exceeded");
}

static struct job *job_new(struct job_set *set, struct value request_take)
{
    struct job *job = memory_new_array(1, sizeof *job);
    job->set = set;
    job->request = request_take;
    job->environment = environment_array(request_take.as.dict);
    job->host = host_of(job);
    job->next = set->jobs;
    job->link = &set->jobs;
    if (job->next)
        job->next->link = &job->next;
    set->jobs = job;
    set->count++;
    return job;
}

void job_set_begin(struct job_set *set, struct value request_take)
{
    const struct dict *request = request_take.as.dict;
    const char *name = dict_get_bytes(request, "module", "");
    struct job *job = job_new(set, request_take);
    job->call = (struct module_call){
        .module = registry_find_module(set->registry, name, strlen(name)),
        .arguments = dict_find_string(request, "arguments")->as.dict,
        .host = &job->host,
        .result = dict_new(),
        .done = job_done,
        .owner = job,
    };
    job->limit.fire = job_limit_reached;
    clock_set_after(loop_clock(set->loop), &job->limit, job->host.time_limit);
    if (loop_clock(set->loop)->is_virtual)
        job->real_limit = watch_delay(set->loop, job->host.time_limit, false, real_limit_reached, job);
    job->call.module->start(&job->call);
}

bool job_set_break_off(struct job_set *set, const char *id, const char *message)
{
    bool found = false;
    for (struct job *next, *job = set->jobs; job; job = next) {
        next = job->next;
        if (id && strcmp(dict_get_bytes(job->request.as.dict, "id", ""), id) != 0)
            continue;
        found = true;
        job_break_off(job, message);
    }
    return found;
}
