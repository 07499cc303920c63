/*
 * Filters of community.general on spans of time: "1h 30m" in milliseconds, seconds ... years.
 */
#include <string.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"

enum { DECIMALS = 12, MILLISECONDS_OF_DAY = 86400000 };

enum time_unit {
    UNIT_MILLISECOND,
    UNIT_SECOND,
    UNIT_MINUTE,
    UNIT_HOUR,
    UNIT_DAY,
    UNIT_WEEK,
    UNIT_MONTH,
    UNIT_YEAR,
    UNIT_COUNT,
};

/** Names of units: long ones take an s at the end too. */
static const struct {
    const char *name;
    enum time_unit unit;
    bool is_long;
} unit_names[] = {
    {"ms", UNIT_MILLISECOND, false},  {"millisecond", UNIT_MILLISECOND, true},
    {"msec", UNIT_MILLISECOND, true}, {"msecond", UNIT_MILLISECOND, true},
    {"s", UNIT_SECOND, false},        {"sec", UNIT_SECOND, true},
    {"second", UNIT_SECOND, true},    {"m", UNIT_MINUTE, false},
    {"min", UNIT_MINUTE, true},       {"minute", UNIT_MINUTE, true},
    {"h", UNIT_HOUR, false},          {"hour", UNIT_HOUR, true},
    {"d", UNIT_DAY, false},           {"day", UNIT_DAY, true},
    {"w", UNIT_WEEK, false},          {"week", UNIT_WEEK, true},
    {"mo", UNIT_MONTH, false},        {"month", UNIT_MONTH, true},
    {"y", UNIT_YEAR, false},          {"year", UNIT_YEAR, true},
};

/** Milliseconds of each unit; those of a month and a year are the options'. */
struct time_scale {
    double milliseconds[UNIT_COUNT];
};

static bool unit_find(const char *name, size_t length, enum time_unit *unit)
{
    for (size_t i = 0; i < COUNT_OF(unit_names); i++) {
        size_t known = strlen(unit_names[i].name);
        bool is_plural = unit_names[i].is_long && length == known + 1 && name[known] == 's';
        if ((length == known || is_plural) && memcmp(name, unit_names[i].name, known) == 0) {
            *unit = unit_names[i].unit;
            return true;
        }
    }
    return false;
}

static bool scale_init(struct time_scale *scale, const struct dict *options, struct error *error)
{
    const double day = MILLISECONDS_OF_DAY;
    const struct dict_entry *entry;
    double month = 30, year = 365;
    for (size_t i = 0; dict_next(options, &i, &entry);) {
        OWNED name = value_str(entry->key);
        bool is_month = value_equals_string(name, "month");
        if (!is_month && !value_equals_string(name, "year"))
            return error_set(error, ERROR_FILTER, "to_time_unit() got unknown keyword arguments: %s",
                             value_bytes(name));
        if (!argument_double(entry->value, is_month ? &month : &year, error))
            return false;
    }
    *scale = (struct time_scale){{1, 1000, 60000, 3600000, day, 7 * day, month * day, year * day}};
    return true;
}

/** "-30m": a whole number and a unit, behind which no word goes on. */
static bool read_part(const struct time_scale *scale, const char *part, size_t length, double *milliseconds)
{
    struct value number;
    enum time_unit unit;
    size_t start = length > 0 && part[0] == '-', digits = start;
    while (digits < length && part[digits] >= '0' && part[digits] <= '9')
        digits++;
    size_t end = digits;
    while (end < length && part[end] >= 'a' && part[end] <= 'z')
        end++;
    bool goes_on = end < length && (strchr("_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", part[end]) || part[end] < 0);
    if (digits == start || goes_on || !unit_find(part + digits, end - digits, &unit) ||
        !value_parse_int(part, digits, 10, &number))
        return false;
    OWNED owner = number;
    OWNED_ERROR too_large = {0};
    double count;
    if (!value_to_double(owner, &count, &too_large))
        return false;
    *milliseconds += count * scale->milliseconds[unit];
    return true;
}

static bool read_span(const struct time_scale *scale, struct value span, double *milliseconds, struct error *error)
{
    static const char spaces[] = " \t\n\r\f\v";
    if (!value_is_string(span))
        return error_set(error, ERROR_TYPE, "'%s' object has no attribute 'split'", value_type_name(span));
    *milliseconds = 0;
    for (const char *at = value_bytes(span); *(at += strspn(at, spaces));) {
        size_t length = strcspn(at, spaces);
        if (!read_part(scale, at, length, milliseconds))
            return error_set(error, ERROR_VALUE, "to_time_unit() can not interpret following string: %s",
                             value_bytes(span));
        at += length;
    }
    return true;
}

static bool span_convert(struct value span, enum time_unit unit, const struct dict *options, struct value *result,
                         struct error *error)
{
    struct time_scale scale;
    double milliseconds = 0;
    if (value_equals_string(span, "0")) {
        *result = value_int(0);
        return true;
    }
    if (!scale_init(&scale, options, error) || !read_span(&scale, span, &milliseconds, error))
        return false;
    if (scale.milliseconds[unit] == 0)
        return error_set(error, ERROR_ZERO_DIVISION, "float division by zero");
    return value_round(value_float(milliseconds / scale.milliseconds[unit]), DECIMALS, result, error);
}

static bool filter_to_time_unit(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                struct error *error)
{
    OWNED name = argument_text(arguments[1]);
    enum time_unit unit;
    (void)evaluation;
    if (!unit_find(value_bytes(name), name.as.text->length, &unit))
        return error_set(error, ERROR_VALUE,
                         "to_time_unit() can not convert to the following unit: %s. Available units (singular or "
                         "plural): millisecond, msec, msecond, sec, second, hour, min, minute, day, week, month, year. "
                         "Available short units: ms, s, m, h, d, w, mo, y",
                         value_bytes(name));
    return span_convert(arguments[0], unit, arguments[2].as.dict, result, error);
}

/** The function of the filter that converts to one unit. */
#define FILTER_TO_UNIT(name, unit)                                                                                     \
    static bool name(struct evaluation *evaluation, const struct value *arguments, struct value *result,               \
                     struct error *error)                                                                              \
    {                                                                                                                  \
        (void)evaluation;                                                                                              \
        return span_convert(arguments[0], unit, arguments[1].as.dict, result, error);                                  \
    }

FILTER_TO_UNIT(filter_to_milliseconds, UNIT_MILLISECOND)
FILTER_TO_UNIT(filter_to_seconds, UNIT_SECOND)
FILTER_TO_UNIT(filter_to_minutes, UNIT_MINUTE)
FILTER_TO_UNIT(filter_to_hours, UNIT_HOUR)
FILTER_TO_UNIT(filter_to_days, UNIT_DAY)
FILTER_TO_UNIT(filter_to_weeks, UNIT_WEEK)
FILTER_TO_UNIT(filter_to_months, UNIT_MONTH)
FILTER_TO_UNIT(filter_to_years, UNIT_YEAR)

static const struct function rows[] = {
    {"to_days", "value, **options", filter_to_days, 0, "A span of time such as '1w 2d' in days."},
    {"to_hours", "value, **options", filter_to_hours, 0, "A span of time such as '1d 6h' in hours."},
    {"to_milliseconds", "value, **options", filter_to_milliseconds, 0,
     "A span of time such as '1h 30m' in milliseconds."},
    {"to_minutes", "value, **options", filter_to_minutes, 0, "A span of time such as '1h 30m' in minutes."},
    {"to_months", "value, **options", filter_to_months, 0, "A span of time in months of 30 days (or as `month` says)."},
    {"to_seconds", "value, **options", filter_to_seconds, 0, "A span of time such as '1h 30m' in seconds."},
    {"to_time_unit", "value, unit='ms', **options", filter_to_time_unit, 0,
     "A span of time such as '1h 30m' in any unit."},
    {"to_weeks", "value, **options", filter_to_weeks, 0, "A span of time such as '1mo 3d' in weeks."},
    {"to_years", "value, **options", filter_to_years, 0, "A span of time in years of 365 days (or as `year` says)."},
};

const struct function_table filters_community_time = {FUNCTION_FILTER, "community.general", rows, COUNT_OF(rows)};
