/*
 * Python's timedelta: a difference between two dates or datetimes, in microseconds.
 * Arithmetic on it goes through its microseconds as an int of any size, so that it is exact as Python's.
 */
#ifndef PLAYLET_RUNTIME_VALUE_TIMEDELTA_H
#define PLAYLET_RUNTIME_VALUE_TIMEDELTA_H

#include "runtime/value/object.h"

extern const struct object_class timedelta_class;

/** 0 <= seconds < 86400 and 0 <= microseconds < 1000000, so a negative one has negative days. */
struct timedelta {
    struct object object;
    int32_t days;
    int32_t seconds;
    int32_t microseconds;
};

/** The body of a timedelta, borrowed; NULL for any other value. */
struct timedelta *value_timedelta(struct value value);

/** ERROR_OTHER "days=...; must have magnitude <= 999999999" when it is too large. */
bool timedelta_new(struct value microseconds, struct value *result, struct error *error);

/** One whose size is that of datetimes, which always fits. */
struct value timedelta_from_microseconds(int64_t microseconds) NODISCARD;

/** An int. */
struct value timedelta_microseconds(const struct timedelta *delta) NODISCARD;
double timedelta_seconds(const struct timedelta *delta);

#endif
