/* Child processes, from their start to both of their endings: see process.h. */
#include "runtime/async/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/async/spawn.h"
#include "runtime/limits.h"
#include "runtime/value/text.h"

/** How long output may go on after the exit: whoever holds the pipe then is a daemon. */
static const int64_t GRACE_PERIOD = NANOSECONDS_PER_SECOND;

/** How long an abandoned group has between SIGTERM and SIGKILL. */
static const int64_t KILL_DELAY = NANOSECONDS_PER_SECOND;

enum {
    READ_SIZE = 64 * 1024,     /* a pipe holds so much */
    DRAIN_LIMIT = 1024 * 1024, /* a pipe can be made to hold so much; more is written by somebody who still lives */
    STRESSED_BYTES = 1024,     /* read one by one in stress mode */
    REAP_MILLISECONDS = 1000,  /* a killed child that takes longer hangs in the kernel */
};

/** One of the child's outputs. */
struct stream {
    struct process *process;
    int descriptor; /* -1: ended */
    struct watch *watch;
    struct text_buffer buffer;
};

enum phase { PHASE_RUNNING, PHASE_EXITED /* the output goes on */, PHASE_ABANDONED, PHASE_COMPLETE };

struct process {
    struct loop *loop;
    struct loop_end end;
    enum phase phase;
    pid_t id; /* not reaped before completion, so that it cannot become another process's */
    int pidfd;
    struct watch *exit;  /* NULL once it was seen */
    struct watch *alarm; /* the time limit, the grace period or the delay before SIGKILL */
    struct stream output, errors;
    struct {
        char *bytes;
        size_t length, written;
        int descriptor; /* -1: written, or nobody reads it */
        struct watch *watch;
    } input;
    bool timed_out, is_truncated, is_killed;
    int64_t started;
    process_done_function *done;
    void *owner;
};

static void close_descriptor(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

static void free_watch(struct watch **watch)
{
    watch_free(*watch);
    *watch = NULL;
}

static void stream_close(struct stream *stream)
{
    free_watch(&stream->watch);
    close_descriptor(&stream->descriptor);
}

static void input_close(struct process *process)
{
    free_watch(&process->input.watch);
    close_descriptor(&process->input.descriptor);
    memory_cleanup(&process->input.bytes);
    process->input.bytes = NULL;
}

/** Lets go of all that the loop knows of the child and of every descriptor. */
static void process_close(struct process *process)
{
    stream_close(&process->output);
    stream_close(&process->errors);
    input_close(process);
    free_watch(&process->exit);
    free_watch(&process->alarm);
    close_descriptor(&process->pidfd);
    if (process->end.link)
        loop_end_forget(&process->end);
    process->end.link = NULL;
}

static void process_free(struct process *process)
{
    process_close(process);
    text_buffer_done(&process->output.buffer);
    text_buffer_done(&process->errors.buffer);
    free(process);
}

/** Takes the exited child's status from the system. */
static siginfo_t reap(struct process *process)
{
    siginfo_t information = {0};
    while (waitid(P_PIDFD, (id_t)process->pidfd, &information, WEXITED) < 0 && errno == EINTR)
        ;
    return information;
}

/** The child is complete: hands the result to the owner and frees the process. */
static void complete(struct process *process)
{
    siginfo_t information = reap(process);
    bool has_exited = information.si_code == CLD_EXITED;
    struct process_result result = {
        .exit_status = has_exited ? information.si_status : 0,
        .signal = has_exited ? 0 : information.si_status,
        .timed_out = process->timed_out,
        .is_truncated = process->is_truncated,
        .output = text_buffer_take(&process->output.buffer),
        .errors = text_buffer_take(&process->errors.buffer),
        .started = process->started,
        .ended = clock_wall(loop_clock(process->loop)),
    };
    process->phase = PHASE_COMPLETE;
    process_close(process);
    process->done(process->owner, &result);
    text_drop(result.output);
    text_drop(result.errors);
    process_free(process);
}

/** Completes the child if it has exited and its output has ended. */
static void complete_if_ended(struct process *process)
{
    if (process->phase == PHASE_EXITED && process->output.descriptor < 0 && process->errors.descriptor < 0)
        complete(process);
}

static void stream_append(struct stream *stream, const char *bytes, size_t length)
{
    size_t room = LIMIT_TEXT_BYTES - stream->buffer.length;
    if (length > room)
        stream->process->is_truncated = true;
    text_buffer_append(&stream->buffer, bytes, length > room ? room : length);
}

/** Reads once what is there; its length, or 0 when there was nothing or the stream has ended and is closed. */
static size_t stream_read(struct stream *stream)
{
    char bytes[READ_SIZE];
    bool is_stressed = loop_is_stressed(stream->process->loop) && stream->buffer.length < STRESSED_BYTES;
    ssize_t got;
    do
        got = read(stream->descriptor, bytes, is_stressed ? 1 : sizeof bytes);
    while (got < 0 && errno == EINTR);
    if (got < 0 && errno == EAGAIN)
        return 0;
    if (got <= 0)
        stream_close(stream);
    else
        stream_append(stream, bytes, (size_t)got);
    return got > 0 ? (size_t)got : 0;
}

static void stream_ready(void *owner, int events)
{
    struct stream *stream = owner;
    (void)events;
    stream_read(stream);
    complete_if_ended(stream->process);
}

/** Reads what the child left in the pipe. */
static void stream_drain(struct stream *stream)
{
    size_t drained = 0;
    for (size_t got; stream->descriptor >= 0 && drained < DRAIN_LIMIT && (got = stream_read(stream)) > 0;)
        drained += got;
}

/** Writes what the child takes now; at the end, or when nobody reads it, the pipe is closed. */
static void input_write(struct process *process)
{
    while (process->input.written < process->input.length) {
        ssize_t count = write(process->input.descriptor, process->input.bytes + process->input.written,
                              process->input.length - process->input.written);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN)
            return;
        if (count < 0)
            break;
        process->input.written += (size_t)count;
    }
    input_close(process);
}

static void input_ready(void *owner, int events)
{
    (void)events;
    input_write(owner);
}

static void alarm_rang(void *owner, int unused)
{
    struct process *process = owner;
    (void)unused;
    free_watch(&process->alarm);
    if (process->phase == PHASE_EXITED) {
        complete(process);
        return;
    }
    process->timed_out = process->phase == PHASE_RUNNING;
    process->is_killed = true;
    kill(-process->id, SIGKILL);
    if (!process->exit) /* abandoned, and only the rest of its group was still there */
        process_free(process);
}

static void set_alarm(struct process *process, int64_t nanoseconds)
{
    free_watch(&process->alarm);
    process->alarm = watch_delay(process->loop, nanoseconds, true, alarm_rang, process);
}

/** An abandoned child has exited: all is over unless others of its group have not listened to SIGTERM yet. */
static void abandoned_exited(struct process *process)
{
    reap(process);
    bool group_is_empty = kill(-process->id, 0) < 0;
    if (group_is_empty || process->is_killed)
        process_free(process);
}

static void exit_seen(void *owner, int events)
{
    struct process *process = owner;
    (void)events;
    free_watch(&process->exit);
    if (process->phase == PHASE_ABANDONED) {
        abandoned_exited(process);
        return;
    }
    process->phase = PHASE_EXITED;
    input_close(process);
    stream_drain(&process->output);
    stream_drain(&process->errors);
    if (process->output.descriptor >= 0 || process->errors.descriptor >= 0)
        set_alarm(process, GRACE_PERIOD);
    complete_if_ended(process);
}

/** The loop goes: a child that nobody will hear of again is killed. */
static void loop_ended(struct loop_end *end)
{
    struct process *process = (struct process *)((char *)end - offsetof(struct process, end));
    if (process->phase != PHASE_EXITED)
        kill(-process->id, SIGKILL);
    struct pollfd wait = {.fd = process->pidfd, .events = POLLIN};
    if (poll(&wait, 1, REAP_MILLISECONDS) == 1)
        reap(process);
    process_free(process);
}

static struct process *process_new(struct loop *loop, process_done_function *done, void *owner)
{
    struct process *process = memory_new_array(1, sizeof *process);
    process->loop = loop;
    process->pidfd = process->input.descriptor = -1;
    process->output = (struct stream){.process = process, .descriptor = -1};
    process->errors = (struct stream){.process = process, .descriptor = -1};
    process->started = clock_wall(loop_clock(loop));
    process->done = done;
    process->owner = owner;
    return process;
}

/** A pipe whose one end is ours and the other the child's; `child_reads`: it gets the reading end.  False with errno. */
static bool open_pipe(bool child_reads, int *ours, int *childs)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return false;
    *ours = ends[child_reads];
    *childs = ends[!child_reads];
    return true;
}

/** Opens the pipes that the child needs; false with errno. */
static bool open_pipes(struct process *process, const struct process_spec *spec, int descriptors[SPAWN_DESCRIPTORS])
{
    if (spec->input && !open_pipe(true, &process->input.descriptor, &descriptors[STDIN_FILENO]))
        return false;
    if (!open_pipe(false, &process->output.descriptor, &descriptors[STDOUT_FILENO]))
        return false;
    return spec->merge_errors || open_pipe(false, &process->errors.descriptor, &descriptors[STDERR_FILENO]);
}

/** Starts the child with pipes and a pidfd; false with the errno and the error. */
static bool launch(struct process *process, const struct process_spec *spec, int *error_number, struct error *error)
{
    struct spawn_spec child = {
        .program = spec->program,
        .argv = spec->argv,
        .environment = spec->environment,
        .directory = spec->directory,
        .descriptors = {SPAWN_NULL, SPAWN_NULL, SPAWN_NULL, SPAWN_NONE},
    };
    int pipe_ends[SPAWN_DESCRIPTORS] = {-1, -1, -1, -1};
    int number = open_pipes(process, spec, pipe_ends) ? 0 : errno;
    for (int i = 0; i < SPAWN_DESCRIPTORS; i++)
        if (pipe_ends[i] >= 0)
            child.descriptors[i] = pipe_ends[i];
    if (spec->merge_errors)
        child.descriptors[STDERR_FILENO] = pipe_ends[STDOUT_FILENO];
    process->id = number ? -1 : spawn_child(&child, error_number, error);
    for (int i = 0; i < SPAWN_DESCRIPTORS; i++)
        close_descriptor(&pipe_ends[i]);
    if (process->id > 0 && (process->pidfd = pidfd_open(process->id, 0)) < 0) {
        number = errno;
        kill(-process->id, SIGKILL);
        waitpid(process->id, NULL, 0);
    }
    if (number) {
        *error_number = number;
        spawn_error(error, number, spec->program ? spec->program : spec->argv[0]);
    }
    return process->pidfd >= 0;
}

/** Writes as much of the input as the pipe takes at once, and keeps a copy of it only for a rest. */
static void input_start(struct process *process, const struct process_spec *spec)
{
    fcntl(process->input.descriptor, F_SETFL, O_NONBLOCK);
    ssize_t written = spec->input_length > 0 ? write(process->input.descriptor, spec->input, spec->input_length) : 0;
    if (written == (ssize_t)spec->input_length || (written < 0 && errno != EAGAIN && errno != EINTR)) {
        input_close(process);
        return;
    }
    size_t skipped = written > 0 ? (size_t)written : 0;
    process->input.length = spec->input_length - skipped;
    process->input.bytes = memory_copy_string(spec->input + skipped, process->input.length);
    process->input.watch = watch_new(process->loop, process->input.descriptor, WATCH_WRITE, true, input_ready, process);
}

static void stream_start(struct stream *stream)
{
    if (stream->descriptor >= 0)
        stream->watch = watch_new(stream->process->loop, stream->descriptor, WATCH_READ, true, stream_ready, stream);
}

struct process *process_start(struct loop *loop, const struct process_spec *spec, process_done_function *done,
                              void *owner, int *error_number, struct error *error)
{
    struct process *process = process_new(loop, done, owner);
    if (!launch(process, spec, error_number, error)) {
        process_free(process);
        return NULL;
    }
    process->end.ended = loop_ended;
    loop_at_end(loop, &process->end);
    process->exit = watch_new(loop, process->pidfd, WATCH_READ, true, exit_seen, process);
    stream_start(&process->output);
    stream_start(&process->errors);
    if (spec->input)
        input_start(process, spec);
    if (spec->time_limit > 0)
        set_alarm(process, spec->time_limit);
    return process;
}

pid_t process_id(const struct process *process)
{
    return process->id;
}

void process_signal(struct process *process, int signal)
{
    if (process->phase != PHASE_COMPLETE)
        kill(-process->id, signal);
}

void process_abandon(struct process *process)
{
    if (process->phase == PHASE_COMPLETE) /* called by its own `done` */
        return;
    kill(-process->id, SIGTERM);
    bool has_exited = process->phase == PHASE_EXITED;
    process->phase = PHASE_ABANDONED;
    stream_close(&process->output);
    stream_close(&process->errors);
    input_close(process);
    set_alarm(process, KILL_DELAY);
    if (has_exited)
        abandoned_exited(process);
}

void process_interrupt(struct process *process, struct process_result *partial)
{
    *partial = (struct process_result){
        .is_truncated = process->is_truncated,
        .output = text_buffer_take(&process->output.buffer),
        .errors = text_buffer_take(&process->errors.buffer),
        .started = process->started,
        .ended = clock_wall(loop_clock(process->loop)),
    };
    process_abandon(process);
}
