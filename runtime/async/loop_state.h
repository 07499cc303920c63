/*
 * What a loop is made of: shared by loop.c and watch.c, which together are the loop, and by nobody else.
 *
 * libuv is set up by the first watch: a run without processes and descriptors pays nothing for it.
 * Before version 1.45 it fires its timers ahead of a turn's wait, and may then wait for ever: whoever is called by
 * a uv_timer_t says uv_stop, which makes that one wait end at once.
 */
#ifndef PLAYLET_RUNTIME_ASYNC_LOOP_STATE_H
#define PLAYLET_RUNTIME_ASYNC_LOOP_STATE_H

#include <uv.h>

#include "runtime/async/loop.h"

enum { NANOSECONDS_PER_MILLISECOND = 1000000 };

struct loop {
    struct clock clock;
    bool has_uv;                        /* uv and wakeup are set up */
    bool stop_wanted;
    uv_loop_t uv;
    uv_timer_t wakeup;                  /* ends the wait at the clock's next deadline */
    size_t watches;                     /* that keep loop_run running: all but signals */
    size_t real_watches;                /* that hold virtual time still */
    struct deferred *deferred;          /* oldest first */
    struct deferred **deferred_end;
    size_t deferred_count;
    struct loop_end *ends;              /* newest first */

    /* Stress mode collects what is ready and calls back in an order of its own. */
    uint64_t stress;                    /* the state of the random numbers; 0: off */
    struct watch **ready;
    size_t ready_count;
    size_t ready_capacity;
};

/** Sets libuv up, if that was not done yet. */
void loop_need_uv(struct loop *loop);

/** Stress mode: calls what the last turn found ready, shuffled. */
void watch_run_ready(struct loop *loop);

#endif
