/* Child processes: their output, both of their endings, their limits, and that nothing of them stays. */
#include "runtime/async/process.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/value/text.h"
#include "tests/check.h"

/** What is left of a result after the call. */
struct outcome {
    unsigned calls;
    int exit_status, signal;
    bool timed_out;
    struct text *output, *errors;
    int64_t duration;
};

static void outcome_cleanup(struct outcome *outcome)
{
    text_drop(outcome->output);
    text_drop(outcome->errors);
}

#define OUTCOME(name) CLEANUP(outcome_cleanup) struct outcome name = {0}

static void keep_outcome(void *owner, const struct process_result *result)
{
    struct outcome *outcome = owner;
    text_drop(outcome->output);
    text_drop(outcome->errors);
    *outcome = (struct outcome){
        .calls = outcome->calls + 1,
        .exit_status = result->exit_status,
        .signal = result->signal,
        .timed_out = result->timed_out,
        .output = text_copy(result->output),
        .errors = text_copy(result->errors),
        .duration = result->ended - result->started,
    };
}

static void watch_nothing(void *owner, int signal)
{
    (void)owner;
    (void)signal;
}

/** A loop that has all the descriptors that it will ever need for itself. */
static struct loop *warm_loop(void)
{
    struct loop *loop = loop_new(false);
    watch_free(watch_signal(loop, SIGUSR1, watch_nothing, NULL));
    return loop;
}

/** How many descriptors this process has; libuv's own for the whole process are there from the first call on. */
static unsigned open_descriptors(void)
{
    static bool is_warm;
    if (!is_warm)
        loop_free(warm_loop());
    is_warm = true;
    unsigned count = 0;
    DIR *directory = opendir("/proc/self/fd");
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

/** Are all children reaped? */
static bool has_no_child(void)
{
    return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD;
}

/** Starts `sh -c script` with whatever else the spec says. */
static struct process *start_shell(struct loop *loop, const char *script, struct process_spec spec,
                                   struct outcome *outcome, struct error *error)
{
    char *argv[] = {"sh", "-c", (char *)script, NULL};
    int number = 0;
    spec.argv = argv;
    return process_start(loop, &spec, keep_outcome, outcome, &number, error);
}

/** Runs it to its end on a loop of its own; false when it did not start, leaked a descriptor or left a zombie. */
static bool run_shell(const char *script, struct process_spec spec, struct outcome *outcome)
{
    OWNED_ERROR error = {0};
    unsigned before = open_descriptors();
    struct loop *loop = loop_new(false);
    bool started = start_shell(loop, script, spec, outcome, &error) != NULL;
    bool went_on = loop_run(loop);
    loop_free(loop);
    return started && !went_on && outcome->calls == 1 && open_descriptors() == before && has_no_child();
}

TEST(process_gives_output_errors_and_status)
{
    OUTCOME(outcome);
    CHECK(run_shell("echo out; echo err >&2; exit 7", (struct process_spec){0}, &outcome));
    CHECK_STRING(outcome.output->bytes, "out\n");
    CHECK_STRING(outcome.errors->bytes, "err\n");
    CHECK_INT(outcome.exit_status, 7);
    CHECK_INT(outcome.signal, 0);
}

TEST(process_says_which_signal_ended_it)
{
    OUTCOME(outcome);
    CHECK(run_shell("kill -9 $$", (struct process_spec){0}, &outcome));
    CHECK_INT(outcome.signal, SIGKILL);
    CHECK_INT(outcome.exit_status, 0);
    CHECK(!outcome.timed_out);
}

TEST(process_merges_errors_in_order)
{
    OUTCOME(outcome);
    CHECK(run_shell("echo 1; echo 2 >&2; echo 3", (struct process_spec){.merge_errors = true}, &outcome));
    CHECK_STRING(outcome.output->bytes, "1\n2\n3\n");
    CHECK_STRING(outcome.errors->bytes, "");
}

TEST(process_gets_directory_environment_and_no_input)
{
    OUTCOME(outcome);
    char *environment[] = {"PATH=/bin:/usr/bin", "X=y z", NULL};
    struct process_spec spec = {.directory = "/usr", .environment = environment};
    CHECK(run_shell("pwd; echo \"$X\"; cat; readlink /proc/self/fd/0", spec, &outcome));
    CHECK_STRING(outcome.output->bytes, "/usr\ny z\n/dev/null\n");
}

TEST(process_input_longer_than_a_pipe_comes_back_whole)
{
    OUTCOME(outcome);
    enum { LENGTH = 1 << 20 };
    CLEANUP(memory_cleanup) char *input = memory_new(LENGTH);
    for (size_t i = 0; i < LENGTH; i++)
        input[i] = (char)(i * 7 + i / 251);
    CHECK(run_shell("cat", (struct process_spec){.input = input, .input_length = LENGTH}, &outcome));
    CHECK_INT(outcome.output->length, LENGTH);
    CHECK(memcmp(outcome.output->bytes, input, LENGTH) == 0);
}

TEST(process_that_does_not_read_its_input_is_no_trouble)
{
    enum { LENGTH = 1 << 20 };
    CLEANUP(memory_cleanup) char *input = memory_new_array(LENGTH, 1);
    struct process_spec spec = {.input = input, .input_length = LENGTH};
    OUTCOME(at_once);
    CHECK(run_shell("exit 3", spec, &at_once));
    CHECK_INT(at_once.exit_status, 3);
    OUTCOME(later);
    CHECK(run_shell("exec <&-; sleep 0.02; echo done", spec, &later));
    CHECK_STRING(later.output->bytes, "done\n");
    OUTCOME(empty);
    CHECK(run_shell("cat; echo end", (struct process_spec){.input = ""}, &empty));
    CHECK_STRING(empty.output->bytes, "end\n");
}

TEST(process_output_after_the_exit_belongs_to_it)
{
    OUTCOME(outcome);
    CHECK(run_shell("(sleep 0.05; echo late) & echo early", (struct process_spec){0}, &outcome));
    CHECK_STRING(outcome.output->bytes, "early\nlate\n");
}

TEST(process_output_may_end_before_the_exit)
{
    OUTCOME(outcome);
    CHECK(run_shell("exec >&- 2>&-; sleep 0.03; exit 4", (struct process_spec){0}, &outcome));
    CHECK_INT(outcome.exit_status, 4);
    CHECK(outcome.duration >= NANOSECONDS_PER_SECOND / 100 * 3);
}

TEST(process_with_a_daemon_on_its_pipe_ends_after_a_grace_period)
{
    OUTCOME(outcome);
    CHECK(run_shell("setsid sleep 3 & echo started", (struct process_spec){0}, &outcome));
    CHECK_STRING(outcome.output->bytes, "started\n");
    CHECK(outcome.duration >= NANOSECONDS_PER_SECOND && outcome.duration < NANOSECONDS_PER_SECOND * 2);
}

TEST(process_time_limit_ends_the_whole_group_and_keeps_the_output)
{
    OUTCOME(outcome);
    struct process_spec spec = {.time_limit = NANOSECONDS_PER_SECOND / 20};
    CHECK(run_shell("trap '' TERM INT; echo before; sleep 30 & sleep 30; echo after", spec, &outcome));
    CHECK(outcome.timed_out);
    CHECK_STRING(outcome.output->bytes, "before\n");
    CHECK_INT(outcome.signal, SIGKILL);
    CHECK(outcome.duration < NANOSECONDS_PER_SECOND / 2); /* the second sleep is gone too: no grace period */
}

TEST(process_time_limit_is_real_time_on_the_virtual_clock)
{
    OUTCOME(outcome);
    OWNED_ERROR error = {0};
    struct loop *loop = loop_new(true);
    struct process_spec spec = {.time_limit = NANOSECONDS_PER_SECOND / 20};
    CHECK(start_shell(loop, "sleep 30", spec, &outcome, &error) != NULL);
    CHECK(!loop_run(loop));
    CHECK(outcome.timed_out);
    CHECK_INT(outcome.duration, 0); /* the run's own time stood still */
    loop_free(loop);
}

TEST(process_children_have_default_signals_and_an_own_group)
{
    OUTCOME(outcome);
    sigset_t blocked, old;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, &old);
    bool ran = run_shell("grep -E '^Sig(Blk|Ign)' /proc/self/status; ps -o pgid= -p $$ | tr -d ' '; echo $$",
                         (struct process_spec){0}, &outcome);
    sigprocmask(SIG_SETMASK, &old, NULL);
    CHECK(ran);
    CHECK(strstr(outcome.output->bytes, "SigBlk:\t0000000000000000\n") != NULL);
    unsigned long ignored = 0;
    int group = 0, shell = -1;
    sscanf(strstr(outcome.output->bytes, "SigIgn:"), "SigIgn: %lx %d %d", &ignored, &group, &shell);
    CHECK((ignored & 1UL << (SIGPIPE - 1)) == 0);
    CHECK_INT(group, shell);
}

static void check_start_fails(struct process_spec spec, const char *name, int expected, const char *message)
{
    struct loop *loop = warm_loop();
    unsigned before = open_descriptors();
    OUTCOME(outcome);
    OWNED_ERROR error = {0};
    char *argv[] = {(char *)name, NULL};
    int number = 0;
    spec.argv = argv;
    struct process *process = process_start(loop, &spec, keep_outcome, &outcome, &number, &error);
    bool went_on = loop_run(loop);
    unsigned after = open_descriptors();
    loop_free(loop);
    CHECK(process == NULL && !went_on && outcome.calls == 0);
    CHECK_INT(number, expected);
    CHECK_STRING(error.message, message);
    CHECK_INT(error.kind, ERROR_FILE);
    CHECK_INT(after, before);
    CHECK(has_no_child());
}

TEST(process_that_cannot_start_says_why)
{
    struct process_spec spec = {0};
    char *environment[] = {"PATH=/nonexistent", NULL};
    check_start_fails(spec, "no'such", ENOENT, "[Errno 2] No such file or directory: b\"no'such\"");
    check_start_fails(spec, "/no/such\xff", ENOENT, "[Errno 2] No such file or directory: b'/no/such\\xff'");
    check_start_fails(spec, "/etc/passwd", EACCES, "[Errno 13] Permission denied: b'/etc/passwd'");
    spec.environment = environment;
    check_start_fails(spec, "sh", ENOENT, "[Errno 2] No such file or directory: b'sh'");
    spec = (struct process_spec){.directory = "/nonexistent"};
    check_start_fails(spec, "/bin/true", ENOENT, "[Errno 2] No such file or directory: '/nonexistent'");
    spec.directory = "/etc/passwd";
    check_start_fails(spec, "/bin/true", EACCES, "[Errno 13] Permission denied: '/etc/passwd'");
}

TEST(process_without_descriptors_left_is_an_error_with_a_way_out)
{
    OUTCOME(outcome);
    struct loop *loop = warm_loop();
    unsigned before = open_descriptors();
    struct rlimit old, none;
    getrlimit(RLIMIT_NOFILE, &old);
    int lowest = dup(STDERR_FILENO);
    close(lowest);
    for (unsigned spare = 0; spare < 6;
         spare++) { /* each of the descriptors that a start takes can be the missing one */
        OWNED_ERROR error = {0};
        none = (struct rlimit){.rlim_cur = (rlim_t)lowest + spare, .rlim_max = old.rlim_max};
        setrlimit(RLIMIT_NOFILE, &none);
        struct process *process =
            start_shell(loop, "cat", (struct process_spec){.input = "x", .input_length = 1}, &outcome, &error);
        setrlimit(RLIMIT_NOFILE, &old);
        CHECK(process == NULL);
        CHECK(strstr(error.message, "[Errno 24] Too many open files") != NULL);
        CHECK(strstr(error.help, "ulimit -n") != NULL);
        CHECK_INT(open_descriptors(), before);
        CHECK(has_no_child());
    }
    loop_free(loop);
}

/** Is there more of the group than zombies that their new parent has not reaped? */
static bool group_is_alive(pid_t group)
{
    char command[96];
    snprintf(command, sizeof command, "ps -eo pgid=,stat= | grep -q '^ *%d [^Z]'", (int)group);
    return system(command) == 0;
}

TEST(process_abandoned_is_ended_and_not_called_back)
{
    static const char *const scripts[] = {"sleep 30", "trap '' TERM; sleep 0.3; sleep 30 & sleep 30",
                                          "sleep 30 & exit"};
    for (size_t i = 0; i < COUNT_OF(scripts); i++) {
        OUTCOME(outcome);
        OWNED_ERROR error = {0};
        unsigned before = open_descriptors();
        struct loop *loop = loop_new(false);
        struct process *process = start_shell(loop, scripts[i], (struct process_spec){0}, &outcome, &error);
        CHECK(process != NULL);
        pid_t group = process_id(process);
        usleep(20000);
        process_abandon(process);
        CHECK(!loop_run(loop));
        loop_free(loop);
        CHECK_INT(outcome.calls, 0);
        CHECK(has_no_child());
        for (int tries = 0; group_is_alive(group) && tries < 50; tries++)
            usleep(1000); /* what was killed last is not ours to wait for */
        CHECK(!group_is_alive(group));
        CHECK_INT(open_descriptors(), before);
    }
}

TEST(process_ends_with_its_loop)
{
    OUTCOME(outcome);
    OWNED_ERROR error = {0};
    unsigned before = open_descriptors();
    struct loop *loop = loop_new(false);
    CHECK(start_shell(loop, "sleep 30", (struct process_spec){0}, &outcome, &error) != NULL);
    struct process *abandoned = start_shell(loop, "trap '' TERM; sleep 30", (struct process_spec){0}, &outcome, &error);
    CHECK(abandoned != NULL);
    process_abandon(abandoned);
    loop_free(loop);
    CHECK_INT(outcome.calls, 0);
    CHECK(has_no_child());
    CHECK_INT(open_descriptors(), before);
}

static void check_group(void *owner, const struct process_result *result)
{
    *(unsigned *)owner += result->exit_status == 0 && strcmp(result->output->bytes, "x\n") == 0;
}

TEST(process_many_at_once_all_complete)
{
    enum { COUNT = 100 };
    OWNED_ERROR error = {0};
    unsigned good = 0, before = open_descriptors();
    struct loop *loop = loop_new(false);
    char *argv[] = {"sh", "-c", "echo x", NULL};
    struct process_spec spec = {.argv = argv};
    int number = 0;
    for (int i = 0; i < COUNT; i++)
        CHECK(process_start(loop, &spec, check_group, &good, &number, &error) != NULL);
    CHECK(!loop_run(loop));
    loop_free(loop);
    CHECK_INT(good, COUNT);
    CHECK(has_no_child());
    CHECK_INT(open_descriptors(), before);
}

/** A process whose `done` starts the next one. */
struct chain {
    struct loop *loop;
    unsigned left;
};

static void chain_next(void *owner, const struct process_result *result)
{
    struct chain *chain = owner;
    char *argv[] = {"/bin/true", NULL};
    struct process_spec spec = {.argv = argv};
    OWNED_ERROR error = {0};
    int number = 0;
    if (result && result->exit_status != 0)
        return;
    if (chain->left > 0 && process_start(chain->loop, &spec, chain_next, chain, &number, &error))
        chain->left--;
}

TEST(process_may_start_the_next_when_done)
{
    struct chain chain = {loop_new(false), 20};
    chain_next(&chain, NULL);
    CHECK(!loop_run(chain.loop));
    CHECK_INT(chain.left, 0);
    loop_free(chain.loop);
}

TEST(process_signal_reaches_the_group)
{
    OUTCOME(outcome);
    OWNED_ERROR error = {0};
    struct loop *loop = loop_new(false);
    struct process *process = start_shell(loop, "trap 'echo caught; exit 5' TERM; sleep 30 & wait",
                                          (struct process_spec){0}, &outcome, &error);
    CHECK(process != NULL);
    usleep(50000);
    process_signal(process, SIGTERM);
    CHECK(!loop_run(loop));
    CHECK_STRING(outcome.output->bytes, "caught\n");
    CHECK_INT(outcome.exit_status, 5);
    loop_free(loop);
}
