/*
 * Times as modules report them: Python's str() of a datetime and of a timedelta.
 */
#ifndef PLAYLET_STDLIB_MODULES_MOMENT_H
#define PLAYLET_STDLIB_MODULES_MOMENT_H

#include "runtime/value/value.h"

/** "2026-11-25 00:23:58.795265", local time, of nanoseconds since the epoch (clock_wall). */
struct value moment_text(int64_t wall) NODISCARD;

/** "0:00:01.004011", "1 day, 2:00:00" of nanoseconds, not negative. */
struct value moment_duration_text(int64_t nanoseconds) NODISCARD;

#endif
