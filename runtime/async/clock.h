/*
 * The clock: all time of a run goes through it.
 *
 * Times are nanoseconds in an int64.  `now` is monotonic and counts from an arbitrary start; `wall` is since the
 * Unix epoch.  On the real clock they follow the system; on the virtual clock they stand still while anything real
 * is running and jump to the next deadline when nothing is (loop.h does the jumping).
 * The virtual clock begins at a fixed moment (CLOCK_VIRTUAL_START), so that every run sees the same times.
 * Timers are a binary heap ordered by deadline, then by the order in which they were set, or by one drawn from a seed.
 */
#ifndef PLAYLET_RUNTIME_ASYNC_CLOCK_H
#define PLAYLET_RUNTIME_ASYNC_CLOCK_H

#include "runtime/memory.h"

#define NANOSECONDS_PER_SECOND INT64_C(1000000000)

struct timer {
    int64_t deadline;                       /* on clock_now's scale */
    uint64_t sequence;                      /* first set, first counted */
    uint64_t rank;                          /* among equal deadlines, the lowest fires first */
    size_t position;                        /* in the heap, from 1; 0: not set */
    void (*fire)(struct timer *timer);      /* the timer is no longer set when this runs; it may be set again */
};

struct clock {
    bool is_virtual;
    int64_t virtual_now;
    int64_t virtual_wall_offset;            /* wall = now + offset, fixed at the start of the run */
    uint64_t next_sequence;
    uint64_t seed;                          /* permutes what happens at one moment; 0: as it was set */
    struct timer **heap;                    /* heap[0] unused */
    size_t count;
    size_t capacity;
};

/** Seconds since the epoch at which virtual time begins: 2026-01-01 00:00:00 UTC. */
#define CLOCK_VIRTUAL_START INT64_C(1767225600)

void clock_init(struct clock *clock, bool is_virtual);
void clock_done(struct clock *clock);

int64_t clock_now(const struct clock *clock);
int64_t clock_wall(const struct clock *clock);

/** Sets (or moves) `timer` to fire at `deadline` at the earliest; one in the past counts as now.
 *  The timer is the caller's and must stay in place. */
void clock_set(struct clock *clock, struct timer *timer, int64_t deadline);
void clock_set_after(struct clock *clock, struct timer *timer, int64_t nanoseconds);
void clock_unset(struct clock *clock, struct timer *timer);     /* harmless when it is not set */

/** The place of the next thing among those that happen at the same moment: rising, or drawn from the seed. */
uint64_t clock_draw_rank(struct clock *clock);

/** 0 <= result < 1, from the seed: the same in each run. */
double clock_draw_unit(struct clock *clock);

/** The earliest deadline; false when no timer is set. */
bool clock_next(const struct clock *clock, int64_t *deadline);

/** Fires, in order, the timers due now that were set before this call.  Returns how many. */
size_t clock_fire_due(struct clock *clock);

/** Virtual clock only: moves to the next deadline, if there is one. */
bool clock_jump(struct clock *clock);

/** Seconds (a user's float or int) as nanoseconds, saturating; negative and NaN give 0. */
int64_t nanoseconds_from_seconds(double seconds);

#endif
