/* Times as text: see moment.h. */
#include "stdlib/modules/moment.h"

#include <stdio.h>
#include <time.h>

#include "runtime/async/clock.h"

enum { NANOSECONDS_PER_MICROSECOND = 1000, SECONDS_PER_DAY = 24 * 60 * 60 };

/** Appends ".795265", as Python nothing when it is zero. */
static size_t append_fraction(char *at, size_t size, int64_t nanoseconds)
{
    long microseconds = (long)(nanoseconds / NANOSECONDS_PER_MICROSECOND);
    return microseconds ? (size_t)snprintf(at, size, ".%06ld", microseconds) : 0;
}

struct value moment_text(int64_t wall)
{
    char text[64];
    struct tm local;
    time_t seconds = wall / NANOSECONDS_PER_SECOND;
    localtime_r(&seconds, &local);
    size_t length = strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
    length += append_fraction(text + length, sizeof text - length, wall % NANOSECONDS_PER_SECOND);
    return value_string_length(text, length);
}

struct value moment_duration_text(int64_t nanoseconds)
{
    char text[64];
    size_t length = 0;
    long seconds = (long)(nanoseconds / NANOSECONDS_PER_SECOND), days = seconds / SECONDS_PER_DAY;
    seconds %= SECONDS_PER_DAY;
    if (days > 0)
        length = (size_t)snprintf(text, sizeof text, "%ld day%s, ", days, days == 1 ? "" : "s");
    length += (size_t)snprintf(text + length, sizeof text - length, "%ld:%02ld:%02ld", seconds / 3600,
                               seconds / 60 % 60, seconds % 60);
    length += append_fraction(text + length, sizeof text - length, nanoseconds % NANOSECONDS_PER_SECOND);
    return value_string_length(text, length);
}
