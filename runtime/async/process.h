/*
 * Child processes: started by posix_spawn, each leading its own process group, watched through a pidfd.
 *
 * A child has two endings, its exit and the end of its output, in either order.  It is complete when it has
 * exited and its output has ended, or when a grace period after the exit is over (a daemon may keep the pipe).
 * Output is read as it comes, up to what one text may hold.  A failing exec comes back as an errno from process_start.
 *
 * A child lives in real time: its limits run in it on the virtual clock too, which stands still meanwhile.
 * A child that still runs when its loop is freed is killed.
 */
#ifndef PLAYLET_RUNTIME_ASYNC_PROCESS_H
#define PLAYLET_RUNTIME_ASYNC_PROCESS_H

#include <sys/types.h>

#include "runtime/async/loop.h"
#include "runtime/source/error.h"

struct text;
struct process;

struct process_spec {
    const char *program;            /* a path; NULL: argv[0], looked up in the PATH of `environment` (spawn.h) */
    char *const *argv;              /* NULL-terminated */
    char *const *environment;       /* NULL-terminated; NULL: this process's own */
    const char *directory;          /* NULL: this process's own */
    const char *input;              /* standard input; NULL: /dev/null */
    size_t input_length;
    int64_t time_limit;             /* nanoseconds; the group is ended then; 0: none */
    bool merge_errors;              /* standard error goes into the output */
};

struct process_result {
    int exit_status;                /* 0..255; 128 + signal is not used: see signal */
    int signal;                     /* that ended it, or 0 */
    bool timed_out;
    bool is_truncated;              /* an output passed LIMIT_TEXT_BYTES; what came after it was read and let go */
    struct text *output;            /* owned by the result */
    struct text *errors;
    int64_t started, ended;         /* clock_wall at start and at completion */
};

/** Takes ownership of what `result` points to by copying; it is released after the call. */
typedef void process_done_function(void *owner, const struct process_result *result);

/**
 * Starts a child; `done` is called once, later, from the loop.  NULL: it could not be started; `*error_number` is
 * the errno (ENOENT: no such program, EACCES ...) and *error says so as ERROR_FILE
 * ("[Errno 2] No such file or directory: b'nosuch'").
 * The process frees itself after `done`.
 */
struct process *process_start(struct loop *loop, const struct process_spec *spec, process_done_function *done, void *owner,
                              int *error_number, struct error *error);

pid_t process_id(const struct process *process);

/** Sends a signal to the whole group. */
void process_signal(struct process *process, int signal);

/** Ends the group (SIGTERM, then SIGKILL after a moment, while the loop runs) and forgets it: `done` is not called. */
void process_abandon(struct process *process);

/** The same, with what is known until now in *partial: times and output (texts that are the caller's). */
void process_interrupt(struct process *process, struct process_result *partial);

#endif
