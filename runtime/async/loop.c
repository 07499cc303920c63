/* The event loop: deferred calls, timers, and the waiting (see watch.c for descriptors and signals). */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "runtime/async/loop_state.h"

/** How long to wait for something to happen. */
enum patience { PATIENCE_NONE, PATIENCE_TIMER, PATIENCE_ENDLESS };

/** Lets this process have as many descriptors as the system allows: each child takes up to four. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

struct loop *loop_new(bool is_virtual)
{
    struct loop *loop = memory_new_array(1, sizeof *loop);
    clock_init(&loop->clock, is_virtual);
    loop->deferred_end = &loop->deferred;
    const char *stress = getenv("PLAYLET_STRESS");
    loop->stress = stress ? strtoull(stress, NULL, 10) : 0;
    raise_descriptor_limit();
    signal(SIGPIPE, SIG_IGN); /* a child that does not read its input is no reason to die */
    signal(SIGXFSZ, SIG_IGN); /* nor is a file that may not grow */
    return loop;
}

void loop_need_uv(struct loop *loop)
{
    if (loop->has_uv)
        return;
    int status = uv_loop_init(&loop->uv);
    if (status < 0)
        bug("no event loop: %s", uv_strerror(status));
    uv_timer_init(&loop->uv, &loop->wakeup);
    loop->uv.data = loop;
    loop->has_uv = true;
}

static void close_handle(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (uv_is_closing(handle))
        return;
    if (handle->data)
        watch_free(handle->data);
    else
        uv_close(handle, NULL);
}

void loop_free(struct loop *loop)
{
    while (loop->ends)
        loop->ends->ended(loop->ends);
    if (loop->has_uv) {
        uv_walk(&loop->uv, close_handle, NULL);
        uv_run(&loop->uv, UV_RUN_DEFAULT); /* until every close callback was called */
        uv_loop_close(&loop->uv);
    }
    free(loop->ready);
    clock_done(&loop->clock);
    free(loop);
}

struct clock *loop_clock(struct loop *loop)
{
    return &loop->clock;
}

bool loop_is_stressed(const struct loop *loop)
{
    return loop->stress > 0;
}

void loop_at_end(struct loop *loop, struct loop_end *end)
{
    end->next = loop->ends;
    end->link = &loop->ends;
    if (end->next)
        end->next->link = &end->next;
    loop->ends = end;
}

void loop_end_forget(struct loop_end *end)
{
    *end->link = end->next;
    if (end->next)
        end->next->link = end->link;
}

void loop_defer(struct loop *loop, struct deferred *deferred)
{
    if (deferred->is_queued)
        return;
    deferred->is_queued = true;
    deferred->next = NULL;
    *loop->deferred_end = deferred;
    loop->deferred_end = &deferred->next;
    loop->deferred_count++;
}

/** Calls what was deferred before this call, so that calls that defer themselves again starve nothing. */
static void run_deferred(struct loop *loop)
{
    for (size_t left = loop->deferred_count; left > 0 && !loop->stop_wanted; left--) {
        struct deferred *deferred = loop->deferred;
        loop->deferred = deferred->next;
        if (--loop->deferred_count == 0)
            loop->deferred_end = &loop->deferred;
        deferred->is_queued = false;
        deferred->run(deferred);
    }
}

static void wakeup_fired(uv_timer_t *timer)
{
    /* The clock's due timers are fired after every turn; here the turn is kept from waiting (see loop_state.h). */
    uv_stop(timer->loop);
}

/** Sleeps until the deadline or a signal. */
static void sleep_until(int64_t deadline)
{
    struct timespec time = {deadline / NANOSECONDS_PER_SECOND, deadline % NANOSECONDS_PER_SECOND};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

/** Arms libuv's timer so that the wait ends at the deadline, rounded up to its milliseconds. */
static void arm_wakeup(struct loop *loop, int64_t deadline)
{
    int64_t left = deadline - clock_now(&loop->clock);
    uint64_t milliseconds = left <= 0 ? 0 : (uint64_t)(left - 1) / NANOSECONDS_PER_MILLISECOND + 1;
    uv_update_time(&loop->uv); /* its time is that of the last turn */
    uv_timer_start(&loop->wakeup, wakeup_fired, milliseconds, 0);
}

/** One turn of the wait; calls back whatever descriptor or signal was ready. */
static void wait_once(struct loop *loop, enum patience patience)
{
    int64_t deadline = 0;
    if (patience == PATIENCE_TIMER)
        clock_next(&loop->clock, &deadline);
    if (!loop->has_uv) {
        if (patience == PATIENCE_TIMER)
            sleep_until(deadline);
        return;
    }
    if (patience == PATIENCE_TIMER)
        arm_wakeup(loop, deadline);
    uv_run(&loop->uv, patience == PATIENCE_NONE ? UV_RUN_NOWAIT : UV_RUN_ONCE);
    if (patience == PATIENCE_TIMER)
        uv_timer_stop(&loop->wakeup);
    watch_run_ready(loop);
}

/** Waits for what comes next; false when nothing ever will. */
static bool wait_next(struct loop *loop)
{
    int64_t deadline;
    bool has_timer = clock_next(&loop->clock, &deadline);
    if (loop->deferred) {
        wait_once(loop, PATIENCE_NONE);
        return true;
    }
    if (!has_timer && loop->watches == 0)
        return false;
    if (!loop->clock.is_virtual) {
        wait_once(loop, has_timer ? PATIENCE_TIMER : PATIENCE_ENDLESS);
        return true;
    }
    bool may_jump = has_timer && loop->real_watches == 0;
    wait_once(loop, may_jump ? PATIENCE_NONE : PATIENCE_ENDLESS);
    /* What was ready just now comes before time goes on, and may have started something real. */
    if (may_jump && loop->real_watches == 0 && !loop->deferred && !loop->stop_wanted)
        clock_jump(&loop->clock);
    return true;
}

bool loop_run(struct loop *loop)
{
    while (!loop->stop_wanted) {
        run_deferred(loop);
        if (!loop->stop_wanted)
            clock_fire_due(&loop->clock);
        if (!loop->stop_wanted && !wait_next(loop))
            return false;
    }
    loop->stop_wanted = false;
    return true;
}

void loop_stop(struct loop *loop)
{
    loop->stop_wanted = true;
}
