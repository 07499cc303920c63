/* Watches: descriptors and signals that call back from the loop. */
#include <stdlib.h>

#include "runtime/async/loop_state.h"

struct watch {
    union {
        uv_handle_t any;
        uv_poll_t poll;
        uv_idle_t idle; /* for what epoll does not take because it is always ready: files, /dev/null */
        uv_signal_t signal;
        uv_timer_t delay;
    } handle;
    struct loop *loop;
    void (*ready)(void *owner, int events_or_signal);
    void *owner;
    int events;
    bool keeps_running;
    bool is_real_work;
    bool is_ready; /* stress mode: stands in loop->ready */
};

static int uv_events(int events)
{
    return (events & WATCH_READ ? UV_READABLE : 0) | (events & WATCH_WRITE ? UV_WRITABLE : 0);
}

/** Remembers a ready watch until the turn is over. */
static void push_ready(struct watch *watch)
{
    struct loop *loop = watch->loop;
    if (watch->is_ready)
        return;
    if (loop->ready_count == loop->ready_capacity) {
        loop->ready_capacity = memory_grown(loop->ready_capacity);
        loop->ready = memory_resize(loop->ready, loop->ready_capacity, sizeof(struct watch *));
    }
    loop->ready[loop->ready_count++] = watch;
    watch->is_ready = true;
}

/** Takes one out; the order of the others means nothing. */
static struct watch *take_ready(struct loop *loop, size_t index)
{
    struct watch *watch = loop->ready[index];
    loop->ready[index] = loop->ready[--loop->ready_count];
    watch->is_ready = false;
    return watch;
}

/** The next random number (Marsaglia, "Xorshift RNGs", 2003). */
static uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

void watch_run_ready(struct loop *loop)
{
    while (loop->ready_count > 0) {
        struct watch *watch = take_ready(loop, random_next(&loop->stress) % loop->ready_count);
        watch->ready(watch->owner, watch->events);
    }
}

static void poll_ready(uv_poll_t *poll, int status, int events)
{
    struct watch *watch = poll->data;
    int seen = (events & UV_READABLE ? WATCH_READ : 0) | (events & UV_WRITABLE ? WATCH_WRITE : 0);
    if (status < 0) {
        /* libuv stops at an error of the descriptor; here that is an end that the owner will find by itself. */
        uv_poll_start(poll, uv_events(watch->events), poll_ready);
        seen = watch->events;
    }
    if (loop_is_stressed(watch->loop))
        push_ready(watch);
    else
        watch->ready(watch->owner, seen);
}

static void idle_ready(uv_idle_t *idle)
{
    struct watch *watch = idle->data;
    watch->ready(watch->owner, watch->events);
}

/** A watch without a handle yet; one that `is_counted` keeps loop_run running. */
static struct watch *watch_make(struct loop *loop, bool is_counted, void (*ready)(void *owner, int), void *owner)
{
    loop_need_uv(loop);
    struct watch *watch = memory_new_array(1, sizeof *watch);
    watch->keeps_running = is_counted;
    loop->watches += is_counted;
    watch->loop = loop;
    watch->ready = ready;
    watch->owner = owner;
    return watch;
}

struct watch *watch_new(struct loop *loop, int descriptor, int events, bool is_real_work,
                        void (*ready)(void *owner, int events), void *owner)
{
    struct watch *watch = watch_make(loop, true, ready, owner);
    watch->events = events;
    watch->is_real_work = is_real_work;
    loop->real_watches += is_real_work;
    int status = uv_poll_init(&loop->uv, &watch->handle.poll, descriptor);
    if (status == UV_EPERM) {
        uv_idle_init(&loop->uv, &watch->handle.idle);
        uv_idle_start(&watch->handle.idle, idle_ready);
    } else if (status == 0) {
        uv_poll_start(&watch->handle.poll, uv_events(events), poll_ready);
    } else {
        bug("descriptor %d cannot be watched: %s", descriptor, uv_strerror(status));
    }
    watch->handle.any.data = watch;
    return watch;
}

static void signal_caught(uv_signal_t *handle, int signal)
{
    struct watch *watch = handle->data;
    watch->ready(watch->owner, signal);
}

struct watch *watch_signal(struct loop *loop, int signal, void (*caught)(void *owner, int signal), void *owner)
{
    struct watch *watch = watch_make(loop, false, caught, owner);
    uv_signal_init(&loop->uv, &watch->handle.signal);
    int status = uv_signal_start(&watch->handle.signal, signal_caught, signal);
    if (status < 0)
        bug("signal %d cannot be watched: %s", signal, uv_strerror(status));
    watch->handle.any.data = watch;
    return watch;
}

static void delay_passed(uv_timer_t *timer)
{
    struct watch *watch = timer->data;
    uv_stop(timer->loop);
    watch->ready(watch->owner, 0);
}

struct watch *watch_delay(struct loop *loop, int64_t nanoseconds, bool is_real_work,
                          void (*passed)(void *owner, int unused), void *owner)
{
    struct watch *watch = watch_make(loop, true, passed, owner);
    watch->is_real_work = is_real_work;
    loop->real_watches += is_real_work;
    uv_timer_init(&loop->uv, &watch->handle.delay);
    uv_update_time(&loop->uv);
    /* One more than the rounded number, since libuv's present is rounded down. */
    uv_timer_start(&watch->handle.delay, delay_passed, (uint64_t)(nanoseconds / NANOSECONDS_PER_MILLISECOND) + 1, 0);
    watch->handle.any.data = watch;
    return watch;
}

static void watch_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void watch_free(struct watch *watch)
{
    if (!watch)
        return;
    struct loop *loop = watch->loop;
    for (size_t i = 0; watch->is_ready; i++)
        if (loop->ready[i] == watch)
            take_ready(loop, i);
    loop->watches -= watch->keeps_running;
    loop->real_watches -= watch->is_real_work;
    uv_close(&watch->handle.any, watch_closed); /* libuv is not done with it before that call */
}
