/* wait_for: waits until a port, a file or a text in either is there or gone, or for a time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "eval/plugin.h"
#include "runtime/async/dial.h"
#include "runtime/os/file.h"
#include "runtime/value/regex.h"
#include "stdlib/modules/file_state.h"
#include "stdlib/modules/host_path.h"
#include "stdlib/modules/modules.h"
#include "stdlib/modules/tcp_table.h"

static const struct module_option options[] = {
    {.name = "host", .type = OPTION_STRING, .fallback = "127.0.0.1", .documentation = "Whose port"},
    {.name = "port", .type = OPTION_INT, .documentation = "The TCP port"},
    {.name = "path", .type = OPTION_PATH, .documentation = "The file"},
    {.name = "state",
     .type = OPTION_STRING,
     .fallback = "started",
     .choices = "absent|drained|present|started|stopped",
     .documentation = "What to wait for"},
    {.name = "search_regex", .type = OPTION_STRING, .documentation = "A pattern that the file or the port must give"},
    {.name = "timeout", .type = OPTION_INT, .fallback = "300", .documentation = "Seconds after which it fails"},
    {.name = "delay", .type = OPTION_INT, .fallback = "0", .documentation = "Seconds before the first look"},
    {.name = "sleep", .type = OPTION_INT, .fallback = "1", .documentation = "Seconds between looks"},
    {.name = "connect_timeout", .type = OPTION_INT, .fallback = "5", .documentation = "Seconds for one connection"},
    {.name = "msg", .type = OPTION_STRING, .documentation = "What to say when it fails"},
    {.name = "active_connection_states",
     .type = OPTION_LIST,
     .elements = OPTION_STRING,
     .fallback = "[ESTABLISHED, FIN_WAIT1, FIN_WAIT2, SYN_RECV, SYN_SENT, TIME_WAIT]",
     .documentation = "States of connections that keep a port from being drained"},
    {.name = "exclude_hosts",
     .type = OPTION_LIST,
     .elements = OPTION_STRING,
     .documentation = "Peers whose connections do not count (drained)"},
};

static void start(struct module_call *call);
static void cancel(struct module_call *call);

const struct module module_wait_for = {
    .name = "wait_for",
    .options = options,
    .option_count = COUNT_OF(options),
    .start = start,
    .cancel = cancel,
    .documentation = "Wait for a port, a file or a time",
};

enum goal { GOAL_TIME, GOAL_FILE, GOAL_NO_FILE, GOAL_PORT, GOAL_NO_PORT, GOAL_DRAINED };

struct wait {
    struct module_call *call;
    enum goal goal;
    int64_t began, deadline;
    struct timer next; /* the next look */
    struct dial *dial; /* a connection under way */
    int descriptor;    /* connected and read from, or -1 */
    struct watch *reading;
    struct text_buffer received;
    char *path;            /* absolute */
    struct regex *pattern; /* or NULL */
    struct value groups, named_groups;
    unsigned states; /* that keep a port from being drained, as bits */
};

static struct clock *wait_clock(const struct wait *wait)
{
    return loop_clock(wait->call->host->loop);
}

/** Ends the connection under way. */
static void hang_up(struct wait *wait)
{
    if (wait->dial)
        dial_cancel(wait->dial);
    watch_free(wait->reading);
    if (wait->descriptor >= 0)
        close(wait->descriptor);
    text_buffer_truncate(&wait->received, 0);
    wait->dial = NULL;
    wait->reading = NULL;
    wait->descriptor = -1;
}

static void wait_free(struct wait *wait)
{
    hang_up(wait);
    clock_unset(wait_clock(wait), &wait->next);
    text_buffer_done(&wait->received);
    regex_free(wait->pattern);
    free(wait->path);
    value_drop(wait->groups);
    value_drop(wait->named_groups);
    free(wait);
}

static void report_elapsed(struct wait *wait)
{
    int64_t elapsed = clock_now(wait_clock(wait)) - wait->began;
    dict_set_string_take(wait->call->result, "elapsed", value_int(elapsed / NANOSECONDS_PER_SECOND));
}

/** What was waited for has come. */
static void succeed(struct wait *wait)
{
    static const char *const repeated[] = {"state", "port", "search_regex", "path"};
    struct module_call *call = wait->call;
    report_elapsed(wait);
    for (size_t i = 0; i < COUNT_OF(repeated); i++)
        dict_set_string_take(call->result, repeated[i], value_copy(module_argument(call, repeated[i])));
    dict_set_string_take(call->result, "match_groups", value_steal(&wait->groups));
    dict_set_string_take(call->result, "match_groupdict", value_steal(&wait->named_groups));
    if (wait->goal == GOAL_FILE)
        file_state_describe(call->result, wait->path);
    wait_free(wait);
    module_done(call);
}

/** "Timeout when waiting for ...", as the goal has it. */
static struct value timeout_text(const struct wait *wait)
{
    const struct module_call *call = wait->call;
    const char *host = module_string(call, "host"), *path = module_string(call, "path");
    long long port = (long long)module_int(call, "port");
    switch (wait->goal) {
    case GOAL_FILE:
        if (wait->pattern)
            return value_string_format("Timeout when waiting for search string %s in %s",
                                       module_string(call, "search_regex"), path);
        return value_string_format("Timeout when waiting for file %s", path);
    case GOAL_NO_FILE:
        return value_string_format("Timeout when waiting for %s to be absent.", path);
    case GOAL_PORT:
        if (wait->pattern)
            return value_string_format("Timeout when waiting for search string %s in %s:%lld",
                                       module_string(call, "search_regex"), host, port);
        return value_string_format("Timeout when waiting for %s:%lld", host, port);
    case GOAL_NO_PORT:
        return value_string_format("Timeout when waiting for %s:%lld to stop.", host, port);
    case GOAL_DRAINED:
        return value_string_format("Timeout when waiting for %s:%lld to drain", host, port);
    case GOAL_TIME:
        break;
    }
    bug("a time that cannot time out");
}

static void time_out(struct wait *wait)
{
    struct module_call *call = wait->call;
    OWNED text = timeout_text(wait);
    const char *message = module_string(call, "msg") ?: value_bytes(text);
    report_elapsed(wait);
    wait_free(wait);
    module_fail(call, "%s", message);
}

/** Looks again after a while, or gives up. */
static void look_later(struct wait *wait)
{
    hang_up(wait);
    clock_set_after(wait_clock(wait), &wait->next, module_int(wait->call, "sleep") * NANOSECONDS_PER_SECOND);
}

/* ---------------------------------------------------------------- looking */

/** Does the text have the pattern?  Notes its groups. */
static bool has_pattern(struct wait *wait, const char *bytes, size_t length)
{
    if (!regex_is_found(wait->pattern, bytes, length))
        return false;
    value_replace_take(&wait->groups, value_list_take(regex_groups(wait->pattern, bytes)));
    value_replace_take(&wait->named_groups, value_dict_take(regex_named_groups(wait->pattern, bytes)));
    return true;
}

static bool file_has_pattern(struct wait *wait)
{
    char *bytes;
    size_t length;
    OWNED_ERROR error = {0};
    if (!file_read(wait->path, &bytes, &length, &error))
        return false;
    bool found = has_pattern(wait, bytes, length);
    free(bytes);
    return found;
}

/** Does the file say that the wait is over? */
static bool file_is_ready(struct wait *wait)
{
    if (wait->goal == GOAL_NO_FILE)
        return access(wait->path, F_OK) < 0;
    return file_exists(wait->path) && (!wait->pattern || file_has_pattern(wait));
}

/** Reads what the port gives until the pattern is in it or the port has no more. */
static void port_ready(void *owner, int events)
{
    struct wait *wait = owner;
    char bytes[4096];
    (void)events;
    ssize_t got = read(wait->descriptor, bytes, sizeof bytes);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        look_later(wait);
        return;
    }
    text_buffer_append(&wait->received, bytes, (size_t)got);
    if (has_pattern(wait, text_buffer_bytes(&wait->received), wait->received.length))
        succeed(wait);
}

static void dialed(void *owner, int descriptor)
{
    struct wait *wait = owner;
    wait->dial = NULL;
    wait->descriptor = descriptor;
    if ((descriptor >= 0) != (wait->goal == GOAL_PORT)) {
        look_later(wait);
    } else if (descriptor < 0 || !wait->pattern) {
        succeed(wait);
    } else {
        wait->reading = watch_new(wait->call->host->loop, descriptor, WATCH_READ, true, port_ready, wait);
        /* A port that is silent is given up at the deadline. */
        clock_set(wait_clock(wait), &wait->next, wait->deadline);
    }
}

static void dial(struct wait *wait)
{
    const struct module_call *call = wait->call;
    int64_t limit = module_int(call, "connect_timeout") * NANOSECONDS_PER_SECOND;
    int64_t left = wait->deadline - clock_now(wait_clock(wait));
    wait->dial = dial_start(call->host->loop, module_string(call, "host"), (int)module_int(call, "port"),
                            left < limit ? left : limit, dialed, wait);
}

static bool is_drained(const struct wait *wait)
{
    const struct module_call *call = wait->call;
    struct value excluded = module_argument(call, "exclude_hosts");
    return tcp_table_count(module_string(call, "host"), (int)module_int(call, "port"), wait->states,
                           value_is_list(excluded) ? excluded.as.list : NULL) == 0;
}

/** One look, unless the time is over. */
static void look(struct timer *timer)
{
    struct wait *wait = (struct wait *)((char *)timer - offsetof(struct wait, next));
    bool is_over = clock_now(wait_clock(wait)) >= wait->deadline;
    bool is_dialing = wait->goal == GOAL_PORT || wait->goal == GOAL_NO_PORT;
    if (is_over && wait->goal == GOAL_TIME)
        succeed(wait);
    else if (is_over)
        time_out(wait);
    else if (is_dialing)
        dial(wait);
    else if (wait->goal == GOAL_DRAINED ? is_drained(wait) : file_is_ready(wait))
        succeed(wait);
    else
        look_later(wait);
}

/* ---------------------------------------------------------------- what to wait for */

/** Which goal the arguments name; false with an error where they contradict one another. */
static bool read_goal(const struct module_call *call, enum goal *goal, struct error *error)
{
    const char *state = module_string(call, "state");
    bool has_port = module_has(call, "port"), has_path = module_has(call, "path");
    bool is_drained_wanted = strcmp(state, "drained") == 0, is_stopped_wanted = strcmp(state, "stopped") == 0;
    if (has_port && has_path)
        return error_set(error, ERROR_MODULE, "port and path parameter can not both be passed to wait_for");
    if ((has_path || !has_port) && is_drained_wanted)
        return error_set(error, ERROR_MODULE,
                         "state=drained should only be used for checking a port in the wait_for module");
    if (has_path && is_stopped_wanted)
        return error_set(error, ERROR_MODULE,
                         "state=stopped should only be used for checking a port in the wait_for module");
    if (module_has(call, "exclude_hosts") && !is_drained_wanted)
        return error_set(error, ERROR_MODULE, "exclude_hosts should only be with state=drained");
    bool is_gone = is_stopped_wanted || strcmp(state, "absent") == 0;
    if (has_path)
        *goal = is_gone ? GOAL_NO_FILE : GOAL_FILE;
    else if (has_port)
        *goal = is_drained_wanted ? GOAL_DRAINED : is_gone ? GOAL_NO_PORT : GOAL_PORT;
    else
        *goal = GOAL_TIME;
    return true;
}

static bool read_states(struct wait *wait, struct error *error)
{
    const struct list *names = module_argument(wait->call, "active_connection_states").as.list;
    for (size_t i = 0; i < names->count; i++) {
        unsigned state = tcp_state_find(value_bytes(names->items[i]));
        if (state == 0)
            return error_set(error, ERROR_MODULE, "unknown active_connection_state (%s) defined",
                             value_bytes(names->items[i]));
        wait->states |= 1u << state;
    }
    return true;
}

static bool read_pattern(struct wait *wait, struct error *error)
{
    struct value pattern = module_argument(wait->call, "search_regex");
    if (value_is_null(pattern))
        return true;
    wait->pattern = regex_compile(value_bytes(pattern), pattern.as.text->length, REGEX_MULTILINE, error);
    return wait->pattern || error_wrap(error, "Invalid regular expression");
}

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    struct clock *clock = loop_clock(call->host->loop);
    struct wait *wait = memory_new_array(1, sizeof *wait);
    wait->call = call;
    wait->descriptor = -1;
    wait->began = clock_now(clock);
    wait->deadline = wait->began + module_int(call, "timeout") * NANOSECONDS_PER_SECOND;
    wait->next.fire = look;
    wait->groups = value_list_new();
    wait->named_groups = value_dict_new();
    call->state = wait;
    if (!read_goal(call, &wait->goal, &error) || !read_states(wait, &error) || !read_pattern(wait, &error)) {
        report_elapsed(wait);
        wait_free(wait);
        module_fail_error(call, &error);
        return;
    }
    if (module_has(call, "path"))
        wait->path = host_path(call->host, module_string(call, "path"));
    int64_t delay = module_int(call, "delay") * NANOSECONDS_PER_SECOND;
    clock_set(clock, &wait->next, wait->goal == GOAL_TIME ? wait->deadline : wait->began + delay);
}

static void cancel(struct module_call *call)
{
    wait_free(call->state);
}
