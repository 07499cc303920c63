#include "runtime/async/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/async/spawn.h"

/** Everything that can be read; false with the errno in `errno`. */
static bool read_all(int descriptor, struct text_buffer *out)
{
    for (;;) {
        char *room = text_buffer_reserve(out, 65536);
        ssize_t count = read(descriptor, room, 65536);
        if (count > 0)
            text_buffer_added(out, (size_t)count);
        else if (count == 0)
            return true;
        else if (errno != EINTR)
            return false;
    }
}

bool capture_program(char *const *argv, const char *directory, struct text_buffer *out, int *status,
                     struct error *error)
{
    int ends[2], number;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return error_set(error, ERROR_OTHER, "cannot make a pipe: %s", strerror(errno));
    const struct spawn_spec spec = {
        .argv = argv,
        .directory = directory,
        .descriptors = {SPAWN_NULL, ends[1], STDERR_FILENO, SPAWN_NONE},
    };
    pid_t child = spawn_child(&spec, &number, error);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return false;
    }
    bool is_read = read_all(ends[0], out);
    int read_errno = errno, wait_status = 0;
    close(ends[0]);
    while (waitpid(child, &wait_status, 0) < 0 && errno == EINTR)
        continue;
    *status = WIFSIGNALED(wait_status) ? -WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
    return is_read ||
           error_set(error, ERROR_OTHER, "cannot read the output of '%s': %s", argv[0], strerror(read_errno));
}
