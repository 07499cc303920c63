/*
 * Dates: to_datetime, strftime.
 */
#include <math.h>
#include <time.h>

#include "runtime/async/clock.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/datetime.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"

enum { FORMATTED_MOST = 4096 };

static bool filter_to_datetime(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                               struct error *error)
{
    (void)evaluation;
    for (int i = 0; i < 2; i++)
        if (!value_is_string(arguments[i]))
            return error_set(error, ERROR_TYPE, "strptime() argument %d must be str, not %s", i + 1,
                             value_type_name(arguments[i]));
    return datetime_parse(arguments[0].as.text, arguments[1].as.text, result, error);
}

/** Seconds since the epoch: the argument, or now. */
static bool seconds_of(struct evaluation *evaluation, struct value argument, time_t *seconds, struct error *error)
{
    const struct clock *clock = evaluation_clock(evaluation);
    double number;
    if (value_is_null(argument)) {
        *seconds = clock ? (time_t)(clock_wall(clock) / NANOSECONDS_PER_SECOND) : time(NULL);
        return true;
    }
    if (argument_double(argument, &number, error) && isfinite(number)) {
        if (fabs(number) >= 0x1p63)
            return error_set(error, ERROR_OTHER, "timestamp out of range for platform time_t");
        *seconds = (time_t)floor(number);
        return true;
    }
    OWNED shown = value_str(argument);
    error_done(error);
    return error_set(error, ERROR_FILTER, "Invalid value for epoch value (%s)", value_bytes(shown));
}

static bool filter_strftime(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    char formatted[FORMATTED_MOST];
    struct tm fields;
    time_t seconds;
    if (!seconds_of(evaluation, arguments[1], &seconds, error))
        return false;
    if (!value_is_string(arguments[0]))
        return error_set(error, ERROR_TYPE, "strftime() argument 1 must be str, not %s", value_type_name(arguments[0]));
    if (!(value_truth(arguments[2]) ? gmtime_r : localtime_r)(&seconds, &fields))
        return error_set(error, ERROR_OTHER, "timestamp out of range for platform time_t");
    size_t length = strftime(formatted, sizeof formatted, value_bytes(arguments[0]), &fields);
    *result = value_string_length(formatted, length);
    return true;
}

static const struct function rows[] = {
    {"strftime", "string_format, second=None, utc=False", filter_strftime, FUNCTION_IMPURE,
     "A time (now, or seconds since 1970) in a format"},
    {"to_datetime", "string, format='%Y-%m-%d %H:%M:%S'", filter_to_datetime, 0, "The datetime that a text stands for"},
};

const struct function_table filters_date = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
