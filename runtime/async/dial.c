/* Dialing: see dial.h. */
#include "runtime/async/dial.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/async/process.h"
#include "runtime/value/text.h"

struct dial {
    struct loop *loop;
    char port[8];
    int64_t limit;
    struct process *resolver; /* NULL: the name is resolved */
    char *addresses;          /* of the resolver, one a line; NULL: only the host as it was given */
    char *next;               /* line of `addresses` to be tried next */
    int descriptor;           /* being connected, or -1 */
    struct watch *watch, *alarm;
    struct timer first; /* the first step, so that nothing is called back before dial_start returns */
    char *host;
    dial_done_function *done;
    void *owner;
};

static void free_watches(struct dial *dial)
{
    watch_free(dial->watch);
    watch_free(dial->alarm);
    dial->watch = dial->alarm = NULL;
}

static void dial_free(struct dial *dial)
{
    free_watches(dial);
    if (dial->descriptor >= 0)
        close(dial->descriptor);
    free(dial->addresses);
    free(dial->host);
    free(dial);
}

/** Hands the socket (or -1) over. */
static void finish(struct dial *dial, int descriptor)
{
    dial_done_function *done = dial->done;
    void *owner = dial->owner;
    dial->descriptor = -1;
    dial_free(dial);
    done(owner, descriptor);
}

/** A socket whose connection to this numeric address is under way (or made), or -1. */
static int connect_to(const char *address, const char *port)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM}, *found = NULL;
    if (getaddrinfo(address, port, &hints, &found) != 0)
        return -1;
    int descriptor = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor >= 0 && connect(descriptor, found->ai_addr, found->ai_addrlen) < 0 && errno != EINPROGRESS) {
        close(descriptor);
        descriptor = -1;
    }
    freeaddrinfo(found);
    return descriptor;
}

static void try_next(struct dial *dial);

/** The present address does not answer: on to the next. */
static void give_up_address(struct dial *dial)
{
    free_watches(dial);
    close(dial->descriptor);
    dial->descriptor = -1;
    try_next(dial);
}

static void connect_ready(void *owner, int events)
{
    struct dial *dial = owner;
    int number = 0;
    socklen_t length = sizeof number;
    (void)events;
    if (getsockopt(dial->descriptor, SOL_SOCKET, SO_ERROR, &number, &length) < 0 || number != 0) {
        give_up_address(dial);
        return;
    }
    free_watches(dial);
    finish(dial, dial->descriptor);
}

static void alarm_rang(void *owner, int unused)
{
    (void)unused;
    give_up_address(owner);
}

/** The next address as a string, or NULL when there is none left. */
static char *next_address(struct dial *dial)
{
    char *line = dial->next;
    if (!line || !*line)
        return NULL;
    size_t length = strcspn(line, "\n"), word = strcspn(line, " \t\n");
    dial->next = line + length + (line[length] == '\n');
    line[word] = '\0';
    return line;
}

static void try_next(struct dial *dial)
{
    for (char *address; (address = next_address(dial));) {
        dial->descriptor = connect_to(address, dial->port);
        if (dial->descriptor < 0)
            continue;
        dial->watch = watch_new(dial->loop, dial->descriptor, WATCH_WRITE, true, connect_ready, dial);
        dial->alarm = watch_delay(dial->loop, dial->limit, true, alarm_rang, dial);
        return;
    }
    finish(dial, -1);
}

static void resolved(void *owner, const struct process_result *result)
{
    struct dial *dial = owner;
    dial->resolver = NULL;
    dial->addresses = memory_copy_string(result->output->bytes, result->output->length);
    dial->next = dial->addresses;
    try_next(dial);
}

/** Asks the system for the addresses of a name; only its lines for streams, so that none is tried twice. */
static void resolve(struct dial *dial)
{
    int number;
    OWNED_ERROR error = {0};
    char *argv[] = {"sh", "-c", "getent ahosts \"$1\" | grep STREAM", "sh", dial->host, NULL};
    struct process_spec spec = {.argv = argv, .time_limit = dial->limit};
    dial->resolver = process_start(dial->loop, &spec, resolved, dial, &number, &error);
    if (!dial->resolver)
        finish(dial, -1);
}

static bool is_numeric(const char *host)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST}, *found = NULL;
    bool is_one = getaddrinfo(host, NULL, &hints, &found) == 0;
    if (is_one)
        freeaddrinfo(found);
    return is_one;
}

static void begin(struct timer *timer)
{
    struct dial *dial = (struct dial *)((char *)timer - offsetof(struct dial, first));
    if (!is_numeric(dial->host)) {
        resolve(dial);
        return;
    }
    dial->addresses = memory_copy_string(dial->host, strlen(dial->host));
    dial->next = dial->addresses;
    try_next(dial);
}

struct dial *dial_start(struct loop *loop, const char *host, int port, int64_t limit, dial_done_function *done,
                        void *owner)
{
    struct dial *dial = memory_new_array(1, sizeof *dial);
    dial->loop = loop;
    dial->limit = limit;
    dial->descriptor = -1;
    dial->first.fire = begin;
    dial->host = memory_copy_string(host, strlen(host));
    dial->done = done;
    dial->owner = owner;
    snprintf(dial->port, sizeof dial->port, "%d", port);
    clock_set_after(loop_clock(loop), &dial->first, 0);
    return dial;
}

void dial_cancel(struct dial *dial)
{
    if (dial->resolver)
        process_abandon(dial->resolver);
    clock_unset(loop_clock(dial->loop), &dial->first);
    dial_free(dial);
}
