/* pause: waits for a time, or on a terminal for the user. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "eval/plugin.h"
#include "runtime/value/repr.h"
#include "stdlib/modules/modules.h"
#include "stdlib/modules/moment.h"

static const struct module_option options[] = {
    {.name = "seconds", .type = OPTION_FLOAT, .documentation = "How long, at least one second"},
    {.name = "minutes", .type = OPTION_FLOAT, .documentation = "How long, in minutes"},
    {.name = "prompt", .type = OPTION_STRING, .documentation = "What to ask on a terminal"},
    {.name = "echo", .type = OPTION_BOOL, .fallback = "true", .documentation = "Show what is typed"},
};

static const char *const one_time[] = {"minutes|seconds", NULL};
static const struct module_rules rules = {.mutually_exclusive = one_time};

static void start(struct module_call *call);
static void cancel(struct module_call *call);

const struct module module_pause = {
    .name = "pause",
    .options = options,
    .option_count = COUNT_OF(options),
    .rules = &rules,
    .flags = MODULE_ACTION | MODULE_CHECK_MODE | MODULE_ONCE,
    .start = start,
    .cancel = cancel,
    .documentation = "Wait for a time, or for the user",
};

enum { SECONDS_PER_MINUTE = 60, NANOSECONDS_PER_HUNDREDTH = 10000000 };

struct pause {
    struct module_call *call;
    struct timer timer;
    int64_t began, began_wall;
    int terminal; /* -1: nobody is asked */
    struct watch *keys;
    struct termios settings; /* of the terminal, as they were */
    struct text_buffer typed;
};

static void pause_free(struct pause *pause)
{
    clock_unset(loop_clock(pause->call->host->loop), &pause->timer);
    watch_free(pause->keys);
    if (pause->terminal >= 0) {
        tcsetattr(pause->terminal, TCSANOW, &pause->settings);
        close(pause->terminal);
    }
    text_buffer_done(&pause->typed);
    free(pause);
}

/** "Paused for 2.0 seconds": to the hundredth, in the unit that was asked for. */
static struct value paused_text(const struct module_call *call, int64_t elapsed)
{
    bool in_seconds = module_has(call, "seconds");
    int64_t unit = in_seconds ? NANOSECONDS_PER_HUNDREDTH : (int64_t)NANOSECONDS_PER_HUNDREDTH * SECONDS_PER_MINUTE;
    OWNED amount = value_repr(value_float((double)((elapsed + unit / 2) / unit) / 100));
    return value_string_format("Paused for %s %s", value_bytes(amount), in_seconds ? "seconds" : "minutes");
}

static void finish(struct pause *pause)
{
    struct module_call *call = pause->call;
    const struct clock *clock = loop_clock(call->host->loop);
    int64_t elapsed = clock_now(clock) - pause->began;
    struct dict *result = call->result;
    dict_set_string_take(result, "changed", value_bool(false));
    dict_set_string_take(result, "rc", value_int(0));
    dict_set_string_take(result, "stderr", value_string(""));
    dict_set_string_take(result, "stdout", paused_text(call, elapsed));
    dict_set_string_take(result, "start", moment_text(pause->began_wall));
    dict_set_string_take(result, "stop", moment_text(clock_wall(clock)));
    dict_set_string_take(result, "delta", value_int(elapsed / NANOSECONDS_PER_SECOND));
    dict_set_string_take(result, "echo", value_bool(module_flag(call, "echo")));
    dict_set_string_take(result, "user_input",
                         value_string_length(text_buffer_bytes(&pause->typed), pause->typed.length));
    pause_free(pause);
    module_done(call);
}

static void time_passed(struct timer *timer)
{
    finish((struct pause *)((char *)timer - offsetof(struct pause, timer)));
}

static void keys_ready(void *owner, int events)
{
    struct pause *pause = owner;
    char bytes[256];
    (void)events;
    ssize_t got = read(pause->terminal, bytes, sizeof bytes);
    if (got < 0)
        return;
    const char *end = memchr(bytes, '\n', (size_t)got);
    text_buffer_append(&pause->typed, bytes, end ? (size_t)(end - bytes) : (size_t)got);
    if (got == 0 || end)
        finish(pause);
}

/** Asks on the terminal and waits for a line. */
static void ask(struct pause *pause)
{
    const char *prompt = module_string(pause->call, "prompt") ?: "Press enter to continue, Ctrl+C to interrupt";
    tcgetattr(pause->terminal, &pause->settings);
    struct termios settings = pause->settings;
    if (!module_flag(pause->call, "echo"))
        settings.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(pause->terminal, TCSANOW, &settings);
    dprintf(pause->terminal, "[%s]\n%s:\n",
            value_is_string(pause->call->task_name) ? value_bytes(pause->call->task_name) : "pause", prompt);
    pause->keys = watch_new(pause->call->host->loop, pause->terminal, WATCH_READ, true, keys_ready, pause);
}

static void warn_unattended(struct module_call *call)
{
    struct list *warnings = list_new(1);
    list_push_take(warnings, value_string("Not waiting for response to prompt as stdin is not interactive"));
    dict_set_string_take(call->result, "warnings", value_list_take(warnings));
}

/** The time to wait, in whole seconds and at least one; 0 when none was given. */
static int64_t wanted_seconds(const struct module_call *call)
{
    bool in_seconds = module_has(call, "seconds");
    if (!in_seconds && !module_has(call, "minutes"))
        return 0;
    double amount = module_argument(call, in_seconds ? "seconds" : "minutes").as.floating;
    double seconds = in_seconds ? amount : amount * SECONDS_PER_MINUTE;
    return seconds < 1 ? 1 : nanoseconds_from_seconds(seconds) / NANOSECONDS_PER_SECOND;
}

/** "Pausing for 1 seconds" */
static void say_duration(struct module_call *call, int64_t seconds)
{
    CLEANUP(text_buffer_done) struct text_buffer line = {0};
    if (!call->say)
        return;
    text_buffer_append_format(&line, "Pausing for %lld seconds%s", (long long)seconds,
                              module_flag(call, "echo") ? "" : " (output is hidden)");
    call->say(call, text_buffer_bytes(&line));
    if (module_has(call, "prompt"))
        call->say(call, "(ctrl+C then 'C' = continue early, ctrl+C then 'A' = abort)\r");
}

static void start(struct module_call *call)
{
    struct clock *clock = loop_clock(call->host->loop);
    int64_t seconds = wanted_seconds(call);
    struct pause *pause = memory_new_array(1, sizeof *pause);
    *pause = (struct pause){
        .call = call,
        .timer.fire = time_passed,
        .began = clock_now(clock),
        .began_wall = clock_wall(clock),
        .terminal = -1,
    };
    call->state = pause;
    if (seconds > 0) {
        say_duration(call, seconds);
        clock_set_after(clock, &pause->timer, seconds * NANOSECONDS_PER_SECOND);
        return;
    }
    /* The terminal is opened anew: its own description can be made non-blocking without harm to others. */
    if (isatty(STDIN_FILENO))
        pause->terminal = open("/dev/tty", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (pause->terminal >= 0) {
        ask(pause);
        return;
    }
    warn_unattended(call);
    finish(pause);
}

static void cancel(struct module_call *call)
{
    pause_free(call->state);
}
