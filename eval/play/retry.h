/*
 * How a task is tried again: `retries` as a number, or playlet's mapping with growing delays, jitter and a deadline.
 */
#ifndef PLAYLET_EVAL_PLAY_RETRY_H
#define PLAYLET_EVAL_PLAY_RETRY_H

#include "runtime/async/clock.h"
#include "runtime/source/error.h"
#include "runtime/value/dict.h"

enum backoff { BACKOFF_CONSTANT, BACKOFF_LINEAR, BACKOFF_EXPONENTIAL };

struct retry_plan {
    int64_t count;      /* of tries after the first */
    double delay;       /* seconds before the second try */
    enum backoff backoff;
    double factor;      /* by which delays grow */
    double max_delay;   /* seconds; infinity: none */
    double jitter;      /* the share of a delay by which it is longer or shorter at most, 0..1 */
    int64_t deadline;   /* nanoseconds after the first try's start; no try begins after it; 0: none */
};

/** The plan of a mapping; `delay` is the keyword's. */
bool retry_plan_read(struct dict *mapping, double delay, struct retry_plan *plan, struct error *error);

/** Nanoseconds between the try of this number (from 1) and the next.  Jitter is drawn from the clock's seed in virtual time, else from the
 *  system. */
int64_t retry_plan_delay(const struct retry_plan *plan, int64_t attempt, struct clock *clock);

#endif
