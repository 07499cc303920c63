/* The hidden command `supervise`: this program as the supervisor of asynchronous jobs (eval/play/supervisor.h). */
#include <fcntl.h>
#include <stdio.h>

#include "commands/commands.h"
#include "eval/play/supervisor.h"
#include "runtime/async/supervisor_channel.h"
#include "stdlib/library.h"

/** Not for users: without the channel, which only a run gives, there is nothing to do. */
static int run(int argc, char **argv)
{
    (void)argc;
    if (fcntl(SUPERVISOR_DESCRIPTOR, F_GETFD) < 0) {
        fprintf(stderr, "%s: started by tasks with `async`, not by hand\n", argv[0]);
        return 1;
    }
    return supervisor_run(&stdlib_library, SUPERVISOR_DESCRIPTOR);
}

const struct command command_supervise = {
    .name = SUPERVISOR_COMMAND,
    .run = run,
};
