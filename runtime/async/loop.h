/*
 * The event loop: file descriptors and signals through libuv, timers through the clock, and deferred calls.
 * loop.c and watch.c alone include uv.h.  Nothing blocks but loop_run.
 *
 * Stress mode (PLAYLET_STRESS=n, n > 0, when the loop is made) calls ready watches back in a random order seeded by n
 * and makes readers read byte by byte at first, so that tests meet what is rare.
 */
#ifndef PLAYLET_RUNTIME_ASYNC_LOOP_H
#define PLAYLET_RUNTIME_ASYNC_LOOP_H

#include "runtime/async/clock.h"

struct loop;
struct watch;

/** One a process, in practice.  With `is_virtual`, time jumps whenever no watch is active. */
struct loop *loop_new(bool is_virtual) NODISCARD;

/** Closes everything; what still waits is forgotten without a call. */
void loop_free(struct loop *loop);

struct clock *loop_clock(struct loop *loop);

/** Runs until loop_stop, or until nothing is left that could ever call back (returns false then). */
bool loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/** A call to be made once from loop_run, before it waits again; in the order they were deferred. */
struct deferred {
    void (*run)(struct deferred *deferred);
    struct deferred *next;
    bool is_queued;
};
void loop_defer(struct loop *loop, struct deferred *deferred);

enum watch_events { WATCH_READ = 1, WATCH_WRITE = 2 };

/**
 * Calls back whenever `descriptor` is ready (level-triggered; end of file and errors count as readable).
 * The descriptor stays the caller's, is made non-blocking, and may have one watch at a time.  `is_real_work`: while this watch lives, virtual time does not jump.
 */
struct watch *watch_new(struct loop *loop, int descriptor, int events, bool is_real_work,
                        void (*ready)(void *owner, int events), void *owner) NODISCARD;
void watch_free(struct watch *watch);   /* allowed inside its own callback; NULL is allowed */

/** Calls back on a signal (SIGINT, SIGTERM, SIGWINCH ...).  Does not keep loop_run running. */
struct watch *watch_signal(struct loop *loop, int signal, void (*caught)(void *owner, int signal), void *owner) NODISCARD;

/**
 * Calls back once when `nanoseconds` of *real* time have passed, on the virtual clock too: for limits on what is real
 * (children).  `is_real_work`: holds virtual time still.  Keeps loop_run running.  To be freed after the call as well.
 */
struct watch *watch_delay(struct loop *loop, int64_t nanoseconds, bool is_real_work,
                          void (*passed)(void *owner, int unused), void *owner)
    NODISCARD;

/** Something that must be told when its loop is freed (a child that still runs).  It forgets itself in that call. */
struct loop_end {
    void (*ended)(struct loop_end *end);
    struct loop_end *next;
    struct loop_end **link;
};
void loop_at_end(struct loop *loop, struct loop_end *end);
void loop_end_forget(struct loop_end *end);

bool loop_is_stressed(const struct loop *loop);

#endif
