/* The hidden command `supervise`: this program as the supervisor of asynchronous jobs (eval/play/supervisor.h). */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "commands/commands.h"
#include "eval/play/supervisor.h"
#include "runtime/async/job_runner.h"
#include "runtime/async/supervisor_channel.h"
#include "stdlib/library.h"

/** Leaves behind all that came from the run: its terminal's signals, its folder, its descriptors. */
static void detach(void)
{
    static const int ignored[] = {SIGHUP, SIGINT, SIGQUIT};
    for (size_t i = 0; i < COUNT_OF(ignored); i++)
        signal(ignored[i], SIG_IGN);
    close_range(SUPERVISOR_DESCRIPTOR + 1, ~0U, 0);
    if (chdir("/") < 0) /* a folder that stays in use is no reason not to run */
        return;
}

/** Not for users: without the channel, which only a run gives, there is nothing to do. */
static int run(int argc, char **argv)
{
    (void)argc;
    if (fcntl(SUPERVISOR_DESCRIPTOR, F_GETFD) < 0) {
        fprintf(stderr, "%s: started by tasks with `async`, not by hand\n", argv[0]);
        return 1;
    }
    detach();
    job_runner_guard();
    return supervisor_run(&stdlib_library, SUPERVISOR_DESCRIPTOR);
}

const struct command command_supervise = {
    .name = SUPERVISOR_COMMAND,
    .run = run,
};
