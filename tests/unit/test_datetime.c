#include <string.h>

#include "parser/yaml_schema.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/compare.h"
#include "runtime/value/datetime.h"
#include "runtime/value/repr.h"
#include "runtime/value/timedelta.h"
#include "tests/check.h"

/** A result's repr, or the error's message when `is_done` is false. */
static bool is(bool is_done, struct value result, const struct error *error, const char *expected, int line)
{
    OWNED text = is_done ? value_repr(result) : value_string(error->message);
    return check_string(value_bytes(text), expected, "result", __FILE__, line);
}

static bool parses(const char *data, const char *format, const char *expected, int line)
{
    OWNED_ERROR error = {0};
    OWNED text = value_string(data), pattern = value_string(format), result = value_null();
    bool is_done = datetime_parse(text.as.text, pattern.as.text, &result, &error);
    return is(is_done, result, &error, expected, line);
}

#define PARSES(data, format, expected) CHECK(parses(data, format, expected, __LINE__))

TEST(datetime_parses_as_strptime)
{
    PARSES("2024-02-29 12:30:45", "%Y-%m-%d %H:%M:%S", "datetime.datetime(2024, 2, 29, 12, 30, 45)");
    PARSES("1124", "%d%m%y", "datetime.datetime(2024, 1, 1, 0, 0)");
    PARSES("1111", "%d%m%y", "datetime.datetime(2011, 1, 1, 0, 0)");
    PARSES("11124", "%d%m%y", "datetime.datetime(2024, 1, 11, 0, 0)");
    PARSES("9 feb 69 12 AM", "%d %b %y %I %p", "datetime.datetime(1969, 2, 9, 0, 0)");
    PARSES("Thursday 9 2024", "%A %U %Y", "datetime.datetime(2024, 3, 7, 0, 0)");
    PARSES("2024 09 4", "%G %V %u", "datetime.datetime(2024, 2, 29, 0, 0)");
    PARSES("2024 53 4", "%G %V %u", "Invalid week: 53");
    PARSES("2024 366", "%Y %j", "datetime.datetime(2024, 12, 31, 0, 0)");
    PARSES("12.5Z", "%H.%f%z", "datetime.datetime(1900, 1, 1, 12, 0, 0, 500000, tzinfo=datetime.timezone.utc)");
    PARSES("1-01:30", "%H%z",
           "datetime.datetime(1900, 1, 1, 1, 0, "
           "tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=81000)))");
    PARSES("2023-02-29", "%Y-%m-%d", "day is out of range for month");
    PARSES("2024-02-29x", "%Y-%m-%d", "unconverted data remains: x");
    PARSES("x", "%Q", "'Q' is a bad directive in format '%Q'");
    PARSES("x", "x%", "stray % in format 'x%'");
    PARSES("a  1%", " A %d%%", "time data 'a  1%' does not match format ' A %d%%'");
    PARSES("a  1%", "A %d%%", "datetime.datetime(1900, 1, 1, 0, 0)");
}

static bool calculates(struct value left, enum arithmetic operation, struct value right, const char *expected, int line)
{
    OWNED_ERROR error = {0};
    OWNED result = value_null();
    bool is_done = value_arithmetic(operation, left, right, &result, &error);
    return is(is_done, result, &error, expected, line);
}

#define CALCULATES(left, operation, right, expected)                                                                   \
    CHECK(calculates(left, ARITHMETIC_##operation, right, expected, __LINE__))

TEST(datetime_arithmetic_is_of_differences)
{
    OWNED_ERROR error = {0};
    OWNED leap = value_null(), christmas = value_null(), date = value_null();
    CHECK(datetime_new(&(struct moment){2024, 2, 29, 12, 30, 45, 0}, NULL, &leap, &error));
    CHECK(datetime_new(&(struct moment){2023, 12, 25, 0, 0, 0, 0}, NULL, &christmas, &error));
    CHECK(date_new(9999, 12, 31, &date, &error));
    OWNED delta = timedelta_from_microseconds(-1);
    OWNED half = timedelta_from_microseconds(1500001);
    CALCULATES(leap, SUBTRACT, christmas, "datetime.timedelta(days=66, seconds=45045)");
    CALCULATES(christmas, ADD, delta, "datetime.datetime(2023, 12, 24, 23, 59, 59, 999999)");
    CALCULATES(date, SUBTRACT, delta, "date value out of range");
    CALCULATES(half, DIVIDE, value_int(2), "datetime.timedelta(microseconds=750000)");
    CALCULATES(half, MULTIPLY, value_float(-0.5), "datetime.timedelta(days=-1, seconds=86399, microseconds=250000)");
    CALCULATES(half, FLOOR_DIVIDE, delta, "-1500001");
    CALCULATES(half, DIVIDE, half, "1.0");
    CALCULATES(leap, ADD, leap, "unsupported operand type(s) for +: 'datetime' and 'datetime'");
    CALCULATES(half, DIVIDE, value_int(0), "integer division or modulo by zero");
    int order;
    CHECK(value_order(christmas, leap, "<", &order, &error));
    CHECK_INT(order, -1);
}

static bool formats(struct value datetime, const char *format, const char *expected, int line)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    datetime_append_format(&out, value_datetime(datetime), format, strlen(format));
    return check_string(text_buffer_bytes(&out), expected, format, __FILE__, line);
}

#define FORMATS(datetime, format, expected) CHECK(formats(datetime, format, expected, __LINE__))

TEST(datetime_formats_as_strftime)
{
    OWNED_ERROR error = {0};
    OWNED zone = zone_new(INT64_C(-5400) * MICROSECONDS_PER_SECOND, NULL), datetime = value_null();
    CHECK(
        datetime_new(&(struct moment){2024, 2, 29, 12, 30, 45, 120}, (struct zone *)zone.as.object, &datetime, &error));
    FORMATS(datetime, "%Y-%m-%dT%H:%M:%S.%f%z|%Z|%%f%Q|%", "2024-02-29T12:30:45.000120-0130|UTC-01:30|%f%Q|%");
    FORMATS(datetime, "%A %j %U %V %-d", "Thursday 060 08 09 29");
    FORMATS(datetime, "", "");
    OWNED text = value_str(datetime);
    CHECK_STRING(value_bytes(text), "2024-02-29 12:30:45.000120-01:30");
}

static bool resolves(const char *text, const char *expected, int line)
{
    OWNED_ERROR error = {0};
    OWNED result = value_null();
    bool is_done = yaml_resolve_timestamp(text, strlen(text), &result, &error);
    return is(is_done, result, &error, expected, line);
}

#define RESOLVES(text, expected) CHECK(resolves(text, expected, __LINE__))

TEST(datetime_resolves_timestamps_of_yaml)
{
    RESOLVES("2024-02-29", "datetime.date(2024, 2, 29)");
    RESOLVES("2024-13-01", "month must be in 1..12");
    RESOLVES("2024-2-9t1:02:03.5", "datetime.datetime(2024, 2, 9, 1, 2, 3, 500000)");
    RESOLVES("2024-02-09 01:02:03 Z", "datetime.datetime(2024, 2, 9, 1, 2, 3, tzinfo=datetime.timezone.utc)");
    RESOLVES(
        "2024-02-09 01:02:03.1234567 +1:30",
        "datetime.datetime(2024, 2, 9, 1, 2, 3, 123456, tzinfo=datetime.timezone(datetime.timedelta(seconds=5400)))");
}
