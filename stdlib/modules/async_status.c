/* async_status: what became of a job; or removes what is known of it. */
#include "eval/plugin.h"
#include "runtime/async/job_store.h"
#include "runtime/os/path.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "jid", .type = OPTION_STRING, .required = true, .documentation = "The job's id (ansible_job_id)"},
    {.name = "mode",
     .type = OPTION_STRING,
     .fallback = "status",
     .choices = "status|cleanup",
     .documentation = "Report, or remove the job's status file"},
};

static void start(struct module_call *call);

const struct module module_async_status = {
    .name = "async_status",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_CHECK_MODE,
    .start = start,
    .documentation = "Ask for the state of an asynchronous job",
};

static void report(struct module_call *call, const char *id)
{
    dict_drop(call->result);
    call->result = job_store_report(call->host->jobs, call->host->async_directory, id);
    module_done(call);
}

static void clean_up(struct module_call *call, const char *id)
{
    bool was_there = job_store_remove(call->host->jobs, call->host->async_directory, id);
    CLEANUP(memory_cleanup) char *path = path_join(call->host->async_directory, id);
    dict_set_string_take(call->result, "ansible_job_id", value_string(id));
    dict_set_string_take(call->result, "erased", value_string(path));
    dict_set_string_take(call->result, "started", value_bool(!was_there));
    dict_set_string_take(call->result, "finished", value_bool(!was_there));
    dict_set_string_take(call->result, "stdout", value_string(""));
    dict_set_string_take(call->result, "stderr", value_string(""));
    if (was_there)
        module_done(call);
    else
        module_fail(call, "could not find job");
}

static void start(struct module_call *call)
{
    const char *id = module_string(call, "jid");
    if (value_equals_string(module_argument(call, "mode"), "cleanup"))
        clean_up(call, id);
    else
        report(call, id);
}
