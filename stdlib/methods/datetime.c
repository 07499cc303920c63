/* Methods of dates, datetimes, times, zones and timedeltas. */
#include "runtime/value/datetime.h"

#include <math.h>
#include <string.h>

#include "runtime/async/clock.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/timedelta.h"
#include "stdlib/argument.h"
#include "stdlib/methods/methods.h"
#include "stdlib/methods/string_argument.h"

/** Seconds between 0001-01-01, day 1 of Python's ordinals, and 1970-01-01. */
enum { ORDINAL_OF_EPOCH = 719163 };

static const struct datetime *self_of(const struct value *arguments)
{
    return value_datetime(arguments[0]);
}

static struct value take_buffer(struct text_buffer *out)
{
    return value_string_take(text_buffer_take(out));
}

/** A named tuple of ints. */
static struct value tuple_of(const struct tuple_shape *shape, const int *numbers, size_t count)
{
    struct list *items = list_new(count);
    items->shape = shape;
    for (size_t i = 0; i < count; i++)
        list_push_take(items, value_int(numbers[i]));
    return value_tuple_take(items);
}

/* ---- text ---- */

static bool datetime_strftime(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    (void)evaluation;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (!string_argument(arguments[1], "strftime() argument 1", error))
        return false;
    datetime_append_format(&out, self_of(arguments), value_bytes(arguments[1]), arguments[1].as.text->length);
    *result = take_buffer(&out);
    return true;
}

static bool append_iso(const struct value *arguments, struct value separator, struct value timespec,
                       struct value *result, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (!string_argument(separator, "isoformat() argument 1", error) ||
        !string_argument(timespec, "isoformat() argument 2", error) ||
        !datetime_append_iso(&out, self_of(arguments), value_bytes(separator), value_bytes(timespec), error))
        return false;
    *result = take_buffer(&out);
    return true;
}

static bool datetime_isoformat(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                               struct error *error)
{
    (void)evaluation;
    return append_iso(arguments, arguments[1], arguments[2], result, error);
}

static bool time_isoformat(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    OWNED separator = value_string("");
    return append_iso(arguments, separator, arguments[1], result, error);
}

static bool date_isoformat(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    OWNED separator = value_string(""), timespec = value_string("auto");
    return append_iso(arguments, separator, timespec, result, error);
}

static bool datetime_ctime(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    (void)error;
    static const char format[] = "%a %b %e %H:%M:%S %Y";
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    datetime_append_format(&out, self_of(arguments), format, strlen(format));
    *result = take_buffer(&out);
    return true;
}

/* ---- days ---- */

static bool datetime_weekday(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = value_int(calendar_weekday(&self_of(arguments)->moment));
    return true;
}

static bool datetime_isoweekday(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = value_int(calendar_weekday(&self_of(arguments)->moment) + 1);
    return true;
}

static bool datetime_isocalendar(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                 struct error *error)
{
    static const char *const fields[] = {"year", "week", "weekday"};
    static const struct tuple_shape shape = {"IsoCalendarDate", fields};
    (void)evaluation;
    (void)error;
    int numbers[COUNT_OF(fields)];
    calendar_iso_week(&self_of(arguments)->moment, &numbers[0], &numbers[1], &numbers[2]);
    *result = tuple_of(&shape, numbers, COUNT_OF(fields));
    return true;
}

static bool datetime_toordinal(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                               struct error *error)
{
    (void)evaluation;
    (void)error;
    const struct moment *moment = &self_of(arguments)->moment;
    *result = value_int(calendar_days(moment->year, moment->month, moment->day) + ORDINAL_OF_EPOCH);
    return true;
}

/** time.struct_time of a moment. */
static struct value time_tuple(const struct moment *moment, int is_summer)
{
    static const char *const fields[] = {"tm_year", "tm_mon",  "tm_mday", "tm_hour", "tm_min",
                                         "tm_sec",  "tm_wday", "tm_yday", "tm_isdst"};
    static const struct tuple_shape shape = {"struct_time", fields};
    const int numbers[] = {moment->year,
                           moment->month,
                           moment->day,
                           moment->hour,
                           moment->minute,
                           moment->second,
                           calendar_weekday(moment),
                           calendar_year_day(moment),
                           is_summer};
    return tuple_of(&shape, numbers, COUNT_OF(numbers));
}

static bool datetime_timetuple(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                               struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = time_tuple(&self_of(arguments)->moment, -1);
    return true;
}

static bool datetime_utctimetuple(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                  struct error *error)
{
    (void)evaluation;
    struct moment moment;
    if (!moment_from_microseconds(datetime_microseconds(self_of(arguments)), &moment))
        return error_set(error, ERROR_OTHER, "date value out of range");
    *result = time_tuple(&moment, 0);
    return true;
}

/* ---- parts ---- */

static bool datetime_date(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    const struct moment *moment = &self_of(arguments)->moment;
    return date_new(moment->year, moment->month, moment->day, result, error);
}

static bool datetime_time_of_day(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                 struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = time_new(&self_of(arguments)->moment, NULL);
    return true;
}

static bool datetime_timetz(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = time_new(&self_of(arguments)->moment, self_of(arguments)->zone);
    return true;
}

/** An int argument that replaces a field unless it is null. */
static bool replace_field(struct value argument, int *field, struct error *error)
{
    int64_t number;
    if (value_is_null(argument))
        return true;
    if (!argument_int(argument, &number, error))
        return false;
    *field = number < INT32_MIN || number > INT32_MAX ? -1 : (int)number;
    return true;
}

/** A zone or null; `true`, the default of `replace` as in CPython, keeps the one that is there. */
static bool read_zone(struct value argument, struct zone *present, struct zone **zone, struct error *error)
{
    bool is_zone = value_is_object(argument, &zone_class);
    *zone = is_zone ? (struct zone *)argument.as.object : argument.kind == VALUE_BOOL ? present : NULL;
    if (is_zone || value_is_null(argument) || argument.kind == VALUE_BOOL)
        return true;
    return error_set(error, ERROR_TYPE, "tzinfo argument must be None or of a tzinfo subclass, not type '%s'",
                     value_type_name(argument));
}

static bool date_replace(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation;
    struct moment moment = self_of(arguments)->moment;
    return replace_field(arguments[1], &moment.year, error) && replace_field(arguments[2], &moment.month, error) &&
           replace_field(arguments[3], &moment.day, error) &&
           date_new(moment.year, moment.month, moment.day, result, error);
}

/** hour, minute, second, microsecond from `arguments` on, and the zone behind them. */
static bool replace_time(const struct value *arguments, struct moment *moment, struct zone *present, struct zone **zone,
                         struct error *error)
{
    return replace_field(arguments[0], &moment->hour, error) && replace_field(arguments[1], &moment->minute, error) &&
           replace_field(arguments[2], &moment->second, error) &&
           replace_field(arguments[3], &moment->microsecond, error) && read_zone(arguments[4], present, zone, error);
}

static bool datetime_replace(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation;
    const struct datetime *self = self_of(arguments);
    struct moment moment = self->moment;
    struct zone *zone;
    return replace_field(arguments[1], &moment.year, error) && replace_field(arguments[2], &moment.month, error) &&
           replace_field(arguments[3], &moment.day, error) &&
           replace_time(arguments + 4, &moment, self->zone, &zone, error) && datetime_new(&moment, zone, result, error);
}

static bool time_replace(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation;
    const struct datetime *self = self_of(arguments);
    struct moment moment = self->moment;
    struct zone *zone;
    if (!replace_time(arguments + 1, &moment, self->zone, &zone, error) || !moment_check(&moment, error))
        return false;
    *result = time_new(&moment, zone);
    return true;
}

/* ---- zones ---- */

static bool datetime_timestamp_of(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                  struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = value_float(datetime_timestamp(self_of(arguments)));
    return true;
}

static bool datetime_utcoffset(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                               struct error *error)
{
    (void)evaluation;
    (void)error;
    const struct zone *zone = self_of(arguments)->zone;
    *result = zone ? timedelta_from_microseconds(zone->offset) : value_null();
    return true;
}

static bool datetime_tzname(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    (void)evaluation;
    (void)error;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    datetime_append_format(&out, self_of(arguments), "%Z", 2);
    *result = self_of(arguments)->zone ? take_buffer(&out) : value_null();
    return true;
}

static bool datetime_dst(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation;
    (void)arguments;
    (void)error;
    *result = value_null();
    return true;
}

static bool zone_utcoffset(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = timedelta_from_microseconds(((const struct zone *)arguments[0].as.object)->offset);
    return true;
}

static bool zone_tzname(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    (void)error;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    zone_class.str(arguments[0].as.object, &out);
    *result = take_buffer(&out);
    return true;
}

/** This machine's zone at a time. */
static struct value local_zone(time_t seconds)
{
    struct tm time;
    if (!localtime_r(&seconds, &time))
        return zone_new(0, NULL);
    OWNED name = value_string(time.tm_zone ? time.tm_zone : "");
    return zone_new(time.tm_gmtoff * MICROSECONDS_PER_SECOND, name.as.text);
}

/** A datetime of microseconds since 1970 in UTC, as a zone (null: local time, naive) shows it. */
static bool from_timestamp(int64_t microseconds, struct value zone, struct value *result, struct error *error)
{
    OWNED local = value_null();
    if (value_is_null(zone)) {
        local = local_zone((time_t)floor((double)microseconds / MICROSECONDS_PER_SECOND));
        return datetime_from_microseconds(microseconds + ((struct zone *)local.as.object)->offset, NULL, result, error);
    }
    struct zone *given;
    return read_zone(zone, NULL, &given, error) &&
           datetime_from_microseconds(microseconds + (given ? given->offset : 0), given, result, error);
}

static bool datetime_astimezone(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                struct error *error)
{
    (void)evaluation;
    const struct datetime *self = self_of(arguments);
    int64_t microseconds = datetime_microseconds(self);
    double timestamp = datetime_timestamp(self);
    if (!self->zone)
        microseconds = (int64_t)floor(timestamp) * MICROSECONDS_PER_SECOND + self->moment.microsecond;
    OWNED zone = value_is_null(arguments[1]) ? local_zone((time_t)floor(timestamp)) : value_copy(arguments[1]);
    return from_timestamp(microseconds, zone, result, error);
}

/* ---- Python's other constructors, which instances have too ---- */

/** A timestamp in seconds as microseconds, the nearest, half to even. */
static bool read_timestamp(struct value argument, int64_t *microseconds, struct error *error)
{
    double seconds;
    if (!value_is_number(argument))
        return error_set(error, ERROR_TYPE, "'%s' object cannot be interpreted as an integer",
                         value_type_name(argument));
    if (!value_to_double(argument, &seconds, error))
        return false;
    if (isnan(seconds))
        return error_set(error, ERROR_VALUE, "Invalid value NaN (not a number)");
    if (fabs(seconds) > 1e12)
        return error_set(error, ERROR_VALUE, "year is out of range");
    double whole = floor(seconds);
    *microseconds = (int64_t)whole * MICROSECONDS_PER_SECOND +
                    (int64_t)nearbyint((seconds - whole) * (double)MICROSECONDS_PER_SECOND);
    return true;
}

static bool datetime_fromtimestamp(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                   struct error *error)
{
    (void)evaluation;
    int64_t microseconds;
    return read_timestamp(arguments[1], &microseconds, error) &&
           from_timestamp(microseconds, arguments[2], result, error);
}

static bool datetime_utcfromtimestamp(struct evaluation *evaluation, const struct value *arguments,
                                      struct value *result, struct error *error)
{
    (void)evaluation;
    int64_t microseconds;
    return read_timestamp(arguments[1], &microseconds, error) &&
           datetime_from_microseconds(microseconds, NULL, result, error);
}

static bool date_fromtimestamp(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                               struct error *error)
{
    (void)evaluation;
    int64_t microseconds;
    OWNED datetime = value_null();
    if (!read_timestamp(arguments[1], &microseconds, error) ||
        !from_timestamp(microseconds, value_null(), &datetime, error))
        return false;
    const struct moment *moment = &value_datetime(datetime)->moment;
    return date_new(moment->year, moment->month, moment->day, result, error);
}

static bool datetime_now(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    return from_timestamp(clock_wall(evaluation_clock(evaluation)) / 1000, arguments[1], result, error);
}

static bool datetime_utcnow(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    (void)arguments;
    (void)error;
    *result = datetime_from_wall(clock_wall(evaluation_clock(evaluation)), true);
    return true;
}

static bool datetime_today(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    OWNED now = datetime_from_wall(clock_wall(evaluation_clock(evaluation)), false);
    const struct moment *moment = &value_datetime(now)->moment;
    if (datetime_is_date(self_of(arguments)))
        return date_new(moment->year, moment->month, moment->day, result, error);
    *result = value_steal(&now);
    return true;
}

static bool datetime_strptime(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    (void)evaluation;
    return string_argument(arguments[1], "strptime() argument 1", error) &&
           string_argument(arguments[2], "strptime() argument 2", error) &&
           datetime_parse(arguments[1].as.text, arguments[2].as.text, result, error);
}

static bool datetime_fromisoformat(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                   struct error *error)
{
    (void)evaluation;
    if (!value_is_string(arguments[1]))
        return error_set(error, ERROR_TYPE, "fromisoformat: argument must be str");
    return datetime_parse_iso(value_bytes(arguments[1]), arguments[1].as.text->length, result, error);
}

static bool date_fromisoformat(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                               struct error *error)
{
    OWNED datetime = value_null();
    if (!datetime_fromisoformat(evaluation, arguments, &datetime, error))
        return false;
    if (arguments[1].as.text->length > strlen("2024-02-29"))
        return error_set(error, ERROR_VALUE, "Invalid isoformat string: '%s'", value_bytes(arguments[1]));
    const struct moment *moment = &value_datetime(datetime)->moment;
    return date_new(moment->year, moment->month, moment->day, result, error);
}

static bool datetime_combine(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation;
    const struct datetime *date = value_datetime(arguments[1]), *time = value_datetime(arguments[2]);
    struct zone *zone;
    if (!date || datetime_is_time(date))
        return error_set(error, ERROR_TYPE, "combine() argument 1 must be datetime.date, not %s",
                         value_type_name(arguments[1]));
    if (!time || !datetime_is_time(time))
        return error_set(error, ERROR_TYPE, "combine() argument 2 must be datetime.time, not %s",
                         value_type_name(arguments[2]));
    struct moment moment = time->moment;
    moment.year = date->moment.year;
    moment.month = date->moment.month;
    moment.day = date->moment.day;
    return read_zone(arguments[3], time->zone, &zone, error) && datetime_new(&moment, zone, result, error);
}

static bool timedelta_total_seconds(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                    struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = value_float(timedelta_seconds(value_timedelta(arguments[0])));
    return true;
}

#define REPLACE_DATE "self, year=None, month=None, day=None"
#define REPLACE_TIME "hour=None, minute=None, second=None, microsecond=None, tzinfo=True"

static const struct function rows[] = {
    {"date.ctime", "self", datetime_ctime, 0, "The date as the C library prints it."},
    {"date.fromisoformat", "self, date_string", date_fromisoformat, 0, "A date out of its ISO 8601 form."},
    {"date.fromtimestamp", "self, timestamp", date_fromtimestamp, 0, "The local date of seconds since 1970."},
    {"date.isocalendar", "self", datetime_isocalendar, 0, "Year, number and day of the ISO 8601 week."},
    {"date.isoformat", "self", date_isoformat, 0, "The ISO 8601 form."},
    {"date.isoweekday", "self", datetime_isoweekday, 0, "The day of the week; Monday is 1."},
    {"date.replace", REPLACE_DATE, date_replace, 0, "The date with other fields."},
    {"date.strftime", "self, format", datetime_strftime, 0, "The date by a format of directives."},
    {"date.timetuple", "self", datetime_timetuple, 0, "The fields as time.struct_time."},
    {"date.today", "self", datetime_today, FUNCTION_IMPURE, "The date of now."},
    {"date.toordinal", "self", datetime_toordinal, 0, "Days since the year 1."},
    {"date.weekday", "self", datetime_weekday, 0, "The day of the week; Monday is 0."},
    {"datetime.astimezone", "self, tz=None", datetime_astimezone, 0, "The same time in another zone (the local one)."},
    {"datetime.combine", "self, date, time, tzinfo=True", datetime_combine, 0, "A datetime of a date and a time."},
    {"datetime.ctime", "self", datetime_ctime, 0, "The datetime as the C library prints it."},
    {"datetime.date", "self", datetime_date, 0, "The date of it."},
    {"datetime.dst", "self", datetime_dst, 0, "Null: zones here know no daylight saving time."},
    {"datetime.fromisoformat", "self, date_string", datetime_fromisoformat, 0, "A datetime out of its ISO 8601 form."},
    {"datetime.fromtimestamp", "self, timestamp, tz=None", datetime_fromtimestamp, 0,
     "The datetime (local, or in a zone) of seconds since 1970."},
    {"datetime.isocalendar", "self", datetime_isocalendar, 0, "Year, number and day of the ISO 8601 week."},
    {"datetime.isoformat", "self, sep='T', timespec='auto'", datetime_isoformat, 0, "The ISO 8601 form."},
    {"datetime.isoweekday", "self", datetime_isoweekday, 0, "The day of the week; Monday is 1."},
    {"datetime.now", "self, tz=None", datetime_now, FUNCTION_IMPURE, "The datetime of now, local or in a zone."},
    {"datetime.replace", REPLACE_DATE ", " REPLACE_TIME, datetime_replace, 0, "The datetime with other fields."},
    {"datetime.strftime", "self, format", datetime_strftime, 0, "The datetime by a format of directives."},
    {"datetime.strptime", "self, date_string, format", datetime_strptime, 0,
     "A datetime out of a text that a format describes."},
    {"datetime.time", "self", datetime_time_of_day, 0, "The time of day of it."},
    {"datetime.timestamp", "self", datetime_timestamp_of, 0, "Seconds since 1970."},
    {"datetime.timetuple", "self", datetime_timetuple, 0, "The fields as time.struct_time."},
    {"datetime.timetz", "self", datetime_timetz, 0, "The time of day of it, with its zone."},
    {"datetime.today", "self", datetime_today, FUNCTION_IMPURE, "The local datetime of now."},
    {"datetime.toordinal", "self", datetime_toordinal, 0, "Days since the year 1."},
    {"datetime.tzname", "self", datetime_tzname, 0, "The name of its zone, or null."},
    {"datetime.utcfromtimestamp", "self, timestamp", datetime_utcfromtimestamp, 0,
     "The datetime in UTC, without a zone, of seconds since 1970."},
    {"datetime.utcnow", "self", datetime_utcnow, FUNCTION_IMPURE, "The datetime of now in UTC, without a zone."},
    {"datetime.utcoffset", "self", datetime_utcoffset, 0, "The offset of its zone from UTC, or null."},
    {"datetime.utctimetuple", "self", datetime_utctimetuple, 0, "The fields in UTC as time.struct_time."},
    {"datetime.weekday", "self", datetime_weekday, 0, "The day of the week; Monday is 0."},
    {"time.isoformat", "self, timespec='auto'", time_isoformat, 0, "The ISO 8601 form."},
    {"time.replace", "self, " REPLACE_TIME, time_replace, 0, "The time with other fields."},
    {"time.strftime", "self, format", datetime_strftime, 0, "The time by a format of directives."},
    {"time.tzname", "self", datetime_tzname, 0, "The name of its zone, or null."},
    {"time.utcoffset", "self", datetime_utcoffset, 0, "The offset of its zone from UTC, or null."},
    {"timedelta.total_seconds", "self", timedelta_total_seconds, 0, "The whole difference in seconds."},
    {"timezone.tzname", "self, dt", zone_tzname, 0, "The name of the zone."},
    {"timezone.utcoffset", "self, dt", zone_utcoffset, 0, "The offset of the zone from UTC."},
};

const struct function_table methods_datetime = {FUNCTION_METHOD, NULL, rows, COUNT_OF(rows)};
