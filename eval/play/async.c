/* Starting jobs: see async.h. */
#include "eval/play/async.h"

#include <stdlib.h>
#include <unistd.h>

#include "eval/play/job_set.h"
#include "eval/play/virtual_jobs.h"
#include "runtime/async/job.h"
#include "runtime/async/job_runner.h"
#include "runtime/async/supervisor_channel.h"
#include "runtime/os/path.h"

struct job_client {
    int channel;
    char *mark; /* of the supervisor: job_runner.h */
};

void job_client_free(struct job_client *client)
{
    if (!client)
        return;
    close(client->channel);
    free(client->mark);
    free(client);
}

/** The run's client, made with a new supervisor when there is none yet; NULL with an error. */
static struct job_client *client_get(struct run *run, struct error *error)
{
    if (run->jobs)
        return run->jobs;
    pid_t supervisor;
    int channel = supervisor_channel_open(&supervisor, error);
    if (channel < 0)
        return NULL;
    run->jobs = memory_new(sizeof *run->jobs);
    run->jobs->channel = channel;
    run->jobs->mark = job_runner_mark(supervisor);
    return run->jobs;
}

/** The first status of a job, before anything was done for it. */
static struct dict *status_new(const char *id)
{
    struct dict *status = dict_new();
    dict_set_string_take(status, "started", value_bool(true));
    dict_set_string_take(status, "finished", value_bool(false));
    dict_set_string_take(status, "ansible_job_id", value_string(id));
    return status;
}

/** Writes the job's first status, marked with who is to finish it. */
static bool status_write(const struct job_client *client, const char *directory, const char *id, struct error *error)
{
    OWNED status = value_dict_take(status_new(id));
    dict_set_string_take(status.as.dict, JOB_RUNNER_KEY, value_string(client->mark));
    return job_status_write(directory, id, status, error);
}

/** Writes the job's first status and asks the supervisor to run it; where that has died, a new one.  A job that nobody runs leaves
 *  no status. */
static bool job_launch(struct run *run, const struct job_spec *spec, const char *id, struct error *error)
{
    enum { ATTEMPTS = 2 };
    const char *directory = spec->host->async_directory;
    OWNED request = job_request(spec, registry_module_full_name(run->registry, spec->module), id);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        error_done(error);
        if (!client_get(run, error) || !status_write(run->jobs, directory, id, error))
            return false;
        if (supervisor_channel_send(run->jobs->channel, request, error))
            return true;
        job_client_free(run->jobs);
        run->jobs = NULL;
    }
    job_status_remove(directory, id);
    return false;
}

/** The job's start in virtual time. */
static void virtual_launch(struct run *run, const struct job_spec *spec, const char *id)
{
    job_store_put_take(virtual_jobs_store(run->virtual_jobs), id, value_dict_take(status_new(id)));
    virtual_jobs_start(run->virtual_jobs, spec, id);
}

bool job_start(struct run *run, const struct job_spec *spec, struct dict **result, struct error *error)
{
    if (spec->module->flags & (MODULE_ACTION | MODULE_CONTROL))
        return error_set(error, ERROR_MODULE, "This action (%s) does not support async.", spec->module->name);
    CLEANUP(memory_cleanup)
    char *id = run->virtual_jobs ? job_store_id_new(virtual_jobs_store(run->virtual_jobs)) : job_id_new();
    if (run->virtual_jobs)
        virtual_launch(run, spec, id);
    else if (!job_launch(run, spec, id, error))
        return false;
    CLEANUP(memory_cleanup) char *path = path_join(spec->host->async_directory, id);
    *result = status_new(id);
    dict_set_string_take(*result, "results_file", value_string(path));
    dict_set_string_take(*result, "changed", value_bool(true));
    return true;
}

struct dict *job_poll(const struct host_access *host, const char *id)
{
    return job_store_report(host->jobs, host->async_directory, id);
}
