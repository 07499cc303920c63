#include "runtime/value/calendar.h"

#include <string.h>

/* Days from and to dates: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */

enum { DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400, DAYS_TO_EPOCH = 719468 };

static int64_t floor_divide(int64_t left, int64_t right)
{
    return left / right - (left % right < 0);
}

int64_t calendar_days(int64_t year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = floor_divide(y, YEARS_PER_ERA);
    int64_t year_of_era = y - era * YEARS_PER_ERA;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH;
}

static void date_from_days(int64_t days, struct moment *moment)
{
    int64_t era = floor_divide(days + DAYS_TO_EPOCH, DAYS_PER_ERA);
    int64_t day_of_era = days + DAYS_TO_EPOCH - era * DAYS_PER_ERA;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153; /* from March */
    moment->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    moment->month = (int)(month < 10 ? month + 3 : month - 9);
    moment->year = (int)(year_of_era + era * YEARS_PER_ERA + (moment->month <= 2));
}

int calendar_month_length(int64_t year, int month)
{
    return (int)(calendar_days(year + month / 12, month % 12 + 1, 1) - calendar_days(year, month, 1));
}

/** Monday is 0; 1970-01-01 was a Thursday. */
static int weekday_of_days(int64_t days)
{
    return (int)(days + 3 - 7 * floor_divide(days + 3, 7));
}

static int64_t days_of(const struct moment *moment)
{
    return calendar_days(moment->year, moment->month, moment->day);
}

int calendar_weekday(const struct moment *moment)
{
    return weekday_of_days(days_of(moment));
}

int calendar_year_day(const struct moment *moment)
{
    return (int)(days_of(moment) - calendar_days(moment->year, 1, 1)) + 1;
}

/** The Monday of the first ISO week of a year: the week that has its 4 January. */
static int64_t iso_year_start(int64_t year)
{
    int64_t fourth = calendar_days(year, 1, 4);
    return fourth - weekday_of_days(fourth);
}

void calendar_iso_week(const struct moment *moment, int *year, int *week, int *day)
{
    int64_t days = days_of(moment);
    *year = moment->year + 1;
    while (days < iso_year_start(*year))
        --*year;
    *week = (int)((days - iso_year_start(*year)) / 7) + 1;
    *day = weekday_of_days(days) + 1;
}

bool calendar_days_of_iso_week(int year, int week, int day, int64_t *days)
{
    int64_t start = iso_year_start(year), monday = start + (int64_t)(week - 1) * 7;
    if (week < 1 || monday >= iso_year_start(year + 1))
        return false;
    *days = monday + day - 1;
    return true;
}

int64_t moment_microseconds(const struct moment *moment)
{
    int64_t seconds = moment->hour * 3600 + moment->minute * 60 + moment->second;
    return days_of(moment) * MICROSECONDS_PER_DAY + seconds * MICROSECONDS_PER_SECOND + moment->microsecond;
}

bool moment_from_microseconds(int64_t microseconds, struct moment *moment)
{
    int64_t days = floor_divide(microseconds, MICROSECONDS_PER_DAY);
    if (days < calendar_days(CALENDAR_FIRST_YEAR, 1, 1) || days > calendar_days(CALENDAR_LAST_YEAR, 12, 31))
        return false;
    int64_t rest = microseconds - days * MICROSECONDS_PER_DAY;
    date_from_days(days, moment);
    moment->microsecond = (int)(rest % MICROSECONDS_PER_SECOND);
    rest /= MICROSECONDS_PER_SECOND;
    moment->second = (int)(rest % 60);
    moment->minute = (int)(rest / 60 % 60);
    moment->hour = (int)(rest / 3600);
    return true;
}

bool moment_check(const struct moment *moment, struct error *error)
{
    if (moment->year < CALENDAR_FIRST_YEAR || moment->year > CALENDAR_LAST_YEAR)
        return error_set(error, ERROR_VALUE, "year %d is out of range", moment->year);
    if (moment->month < 1 || moment->month > 12)
        return error_set(error, ERROR_VALUE, "month must be in 1..12");
    if (moment->day < 1 || moment->day > calendar_month_length(moment->year, moment->month))
        return error_set(error, ERROR_VALUE, "day is out of range for month");
    if (moment->hour < 0 || moment->hour > 23)
        return error_set(error, ERROR_VALUE, "hour must be in 0..23");
    if (moment->minute < 0 || moment->minute > 59)
        return error_set(error, ERROR_VALUE, "minute must be in 0..59");
    if (moment->second < 0 || moment->second > 59)
        return error_set(error, ERROR_VALUE, "second must be in 0..59");
    if (moment->microsecond < 0 || moment->microsecond > 999999)
        return error_set(error, ERROR_VALUE, "microsecond must be in 0..999999");
    return true;
}

/** One stretch of a format without NUL.  As in Python, a result more than 256 times as long counts as empty. */
static void append_time(struct text_buffer *out, const struct tm *time, const char *format, size_t length)
{
    /* The mark at the end tells an empty result from one that did not fit. */
    CLEANUP(memory_cleanup) char *marked = memory_new(length + 2);
    memcpy(marked, format, length);
    memcpy(marked + length, "|", 2);
    size_t written = 0;
    for (size_t room = length + 64; written == 0 && room <= 256 * (length + 1); room *= 2)
        written = strftime(text_buffer_reserve(out, room), room, marked, time);
    text_buffer_added(out, written ? written - 1 : 0);
}

void calendar_append_time(struct text_buffer *out, const struct tm *time, const char *format, size_t length)
{
    const char *end = format + length;
    while (format < end) {
        size_t stretch = strnlen(format, (size_t)(end - format));
        if (stretch)
            append_time(out, time, format, stretch);
        else
            text_buffer_append_char(out, '\0');
        format += stretch ? stretch : 1;
    }
}
