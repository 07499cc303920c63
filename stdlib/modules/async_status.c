/* async_status: what became of a job; or removes what is known of it. */
#include "eval/plugin.h"
#include "runtime/async/job_store.h"
#include "runtime/os/path.h"
#include "stdlib/modules/job_list.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "jid",
     .type = OPTION_RAW,
     .required = true,
     .documentation = "The job's id (ansible_job_id); playlet: several, or registered results that hold them"},
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

static struct dict *report(const struct host_access *host, const char *id)
{
    return job_store_report(host->jobs, host->async_directory, id);
}

static struct dict *clean_up(const struct host_access *host, const char *id)
{
    struct dict *result = dict_new();
    bool was_there = job_store_remove(host->jobs, host->async_directory, id);
    CLEANUP(memory_cleanup) char *path = path_join(host->async_directory, id);
    dict_set_string_take(result, "ansible_job_id", value_string(id));
    dict_set_string_take(result, "erased", value_string(path));
    dict_set_string_take(result, "started", value_bool(!was_there));
    dict_set_string_take(result, "finished", value_bool(!was_there));
    dict_set_string_take(result, "stdout", value_string(""));
    dict_set_string_take(result, "stderr", value_string(""));
    if (!was_there) {
        dict_set_string_take(result, "failed", value_bool(true));
        dict_set_string_take(result, "msg", value_string("could not find job"));
    }
    return result;
}

/** One answer for several jobs: theirs in order, and how many there are of each kind. */
static struct dict *sum_up_take(struct list *results)
{
    struct dict *sum = dict_new();
    struct job_counts counts = job_list_count(results);
    dict_set_string_take(sum, "finished", value_int(counts.finished));
    dict_set_string_take(sum, "failed", value_int(counts.failed));
    dict_set_string_take(sum, "pending", value_int(counts.pending));
    if (counts.failed > 0)
        dict_set_string_take(sum, "msg",
                             value_string_format("%lld of %zu jobs failed", (long long)counts.failed, results->count));
    dict_set_string_take(sum, "results", value_list_take(results));
    return sum;
}

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    struct value given = module_argument(call, "jid");
    bool cleans = value_equals_string(module_argument(call, "mode"), "cleanup");
    struct list *ids = job_list_ids(given, &error);
    if (!ids) {
        module_fail_error(call, &error);
        return;
    }
    struct list *results = list_new(ids->count);
    for (size_t i = 0; i < ids->count; i++)
        list_push_take(results, value_dict_take((cleans ? clean_up : report)(call->host, value_bytes(ids->items[i]))));
    list_drop(ids);
    dict_drop(call->result);
    if (job_list_is_many(given)) {
        call->result = sum_up_take(results);
    } else {
        call->result = dict_copy(results->items[0].as.dict);
        list_drop(results);
    }
    module_done(call);
}
