/* The supervisor of jobs: results, limits, and that it stays for its jobs and no longer. */
#include "eval/play/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "eval/play/bind.h"
#include "eval/play/job_set.h"
#include "runtime/async/job.h"
#include "runtime/async/supervisor_channel.h"
#include "runtime/os/file.h"
#include "stdlib/library.h"
#include "stdlib/modules/modules.h"
#include "tests/check.h"

/** A supervisor as a child, and the folder of its jobs. */
struct fixture {
    pid_t id;
    int channel;
    char folder[32];
};

static struct fixture fixture_new(void)
{
    int ends[2];
    struct fixture fixture = {.folder = "/tmp/playlet-test-XXXXXX"};
    if (!mkdtemp(fixture.folder) || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        bug("no fixture: %s", strerror(errno));
    fixture.id = fork();
    if (fixture.id == 0) {
        close(ends[0]);
        _exit(supervisor_run(&stdlib_library, ends[1]));
    }
    close(ends[1]);
    fixture.channel = ends[0];
    return fixture;
}

static void hang_up(struct fixture *fixture)
{
    if (fixture->channel >= 0)
        close(fixture->channel);
    fixture->channel = -1;
}

static void fixture_done(struct fixture *fixture)
{
    hang_up(fixture);
    kill(fixture->id, SIGKILL);
    waitpid(fixture->id, NULL, 0);
    file_remove_tree(fixture->folder);
}

#define FIXTURE(name) CLEANUP(fixture_done) struct fixture name = fixture_new()

/** Has `shell: script` run as a job. */
static bool start_job(const struct fixture *fixture, const char *id, const char *script, int64_t limit)
{
    struct host_access host = {.async_directory = fixture->folder, .working_directory = "/"};
    OWNED given = value_dict_new();
    struct dict *arguments = NULL;
    OWNED_ERROR error = {0};
    dict_set_string_take(given.as.dict, "cmd", value_string(script));
    if (!arguments_bind(&module_shell, given.as.dict, &arguments, &error))
        return false;
    OWNED bound = value_dict_take(arguments);
    struct job_spec spec = {.module = &module_shell, .arguments = arguments, .host = &host, .limit = limit};
    OWNED request = job_request(&spec, "ansible.builtin.shell", id);
    return supervisor_channel_send(fixture->channel, request, &error);
}

/** Waits until the job has a status; null when it has none after two seconds. */
static struct value wait_for_status(const struct fixture *fixture, const char *id)
{
    for (int tries = 0; tries < 200; tries++) {
        struct value status;
        OWNED_ERROR error = {0};
        if (job_status_read(fixture->folder, id, &status, &error) == JOB_FINISHED)
            return status;
        usleep(10000);
    }
    return value_dict_new();
}

static bool exits_soon(struct fixture *fixture)
{
    for (int tries = 0; tries < 200; tries++) {
        if (waitpid(fixture->id, NULL, WNOHANG) == fixture->id)
            return true;
        usleep(10000);
    }
    return false;
}

TEST(supervisor_runs_jobs_side_by_side_and_stays_for_them)
{
    FIXTURE(fixture);
    CHECK(start_job(&fixture, "j1.1", "sleep 0.2; echo one; exit 3", 10 * NANOSECONDS_PER_SECOND));
    CHECK(start_job(&fixture, "j2.1", "sleep 0.2; echo two", 10 * NANOSECONDS_PER_SECOND));
    hang_up(&fixture); /* the run is gone */
    OWNED first = wait_for_status(&fixture, "j1.1");
    OWNED second = wait_for_status(&fixture, "j2.1");
    CHECK_STRING(dict_get_bytes(first.as.dict, "stdout", ""), "one");
    CHECK_INT(dict_get_int(first.as.dict, "rc", 0), 3);
    CHECK(dict_get_truth(first.as.dict, "failed", false));
    CHECK_STRING(dict_get_bytes(second.as.dict, "stdout", ""), "two");
    CHECK(exits_soon(&fixture));
}

TEST(supervisor_ends_a_job_at_its_limit_and_keeps_its_output)
{
    FIXTURE(fixture);
    CHECK(start_job(&fixture, "j1.1", "echo so far; sleep 30 & sleep 30", NANOSECONDS_PER_SECOND / 5));
    OWNED status = wait_for_status(&fixture, "j1.1");
    CHECK_STRING(dict_get_bytes(status.as.dict, "msg", ""), "Timeout exceeded");
    CHECK(dict_get_truth(status.as.dict, "failed", false));
    CHECK_STRING(dict_get_bytes(status.as.dict, "stdout", ""), "so far");
    hang_up(&fixture);
    CHECK(exits_soon(&fixture)); /* which it does when the whole group is gone */
}

TEST(supervisor_that_is_ended_says_so_in_its_jobs)
{
    FIXTURE(fixture);
    CHECK(start_job(&fixture, "j1.1", "sleep 30", 60 * NANOSECONDS_PER_SECOND));
    CHECK(start_job(&fixture, "j2.1", "true", 60 * NANOSECONDS_PER_SECOND));
    OWNED done = wait_for_status(&fixture, "j2.1");
    CHECK_INT(dict_get_int(done.as.dict, "rc", -1), 0);
    kill(fixture.id, SIGTERM);
    OWNED status = wait_for_status(&fixture, "j1.1");
    CHECK_STRING(dict_get_bytes(status.as.dict, "msg", ""), "The supervisor of the job was ended by a signal");
    CHECK(exits_soon(&fixture));
}
