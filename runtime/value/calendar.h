/*
 * The calendar: days, weeks and clock times of the proleptic Gregorian calendar, as Python's datetime reckons them,
 * and strftime and strptime on them.  Plain structs and no values; see datetime.h for the objects.
 */
#ifndef PLAYLET_RUNTIME_VALUE_CALENDAR_H
#define PLAYLET_RUNTIME_VALUE_CALENDAR_H

#include <time.h>

#include "runtime/source/error.h"
#include "runtime/value/text.h"

#define MICROSECONDS_PER_SECOND INT64_C(1000000)
#define MICROSECONDS_PER_DAY (86400 * MICROSECONDS_PER_SECOND)

enum { CALENDAR_FIRST_YEAR = 1, CALENDAR_LAST_YEAR = 9999 };

/** A date and a time of day, without a zone. */
struct moment {
    int year, month, day; /* from 1 */
    int hour, minute, second, microsecond;
};

/** Days since 1970-01-01; any year. */
int64_t calendar_days(int64_t year, int month, int day);
int calendar_month_length(int64_t year, int month);
int calendar_weekday(const struct moment *moment);  /* Monday is 0 */
int calendar_year_day(const struct moment *moment); /* 1 January is 1 */

/** The year, number and day (Monday is 1) of the ISO 8601 week. */
void calendar_iso_week(const struct moment *moment, int *year, int *week, int *day);

/** The day (since 1970-01-01) of a day in an ISO week; false when that year has no such week. */
bool calendar_days_of_iso_week(int year, int week, int day, int64_t *days);

/** Microseconds since 1970-01-01 00:00, and back.  Back is false outside of the years 1 to 9999. */
int64_t moment_microseconds(const struct moment *moment);
bool moment_from_microseconds(int64_t microseconds, struct moment *moment);

/** ERROR_VALUE as Python's ("month must be in 1..12") unless every field is in its range. */
bool moment_check(const struct moment *moment, struct error *error);

/** time.strftime: appends `format` (`length` bytes) with the directives of the C library replaced. */
void calendar_append_time(struct text_buffer *out, const struct tm *time, const char *format, size_t length);

/** What strptime read. */
struct parsed_time {
    struct moment moment;
    bool has_offset;
    int64_t offset;     /* microseconds east of UTC */
    char zone_name[16]; /* by %Z; "" without one */
};

/** datetime.strptime: ERROR_VALUE with Python's messages ("time data 'x' does not match format '%Y'"). */
bool calendar_parse(const char *data, size_t length, const char *format, size_t format_length,
                    struct parsed_time *parsed, struct error *error);

#endif
