/* Dates and datetimes as text, and read from it: isoformat, strftime, strptime, fromisoformat. */
#include <ctype.h>
#include <string.h>

#include "runtime/value/datetime.h"

/** Which part the time of day ends with. */
enum timespec_part { PART_HOURS, PART_MINUTES, PART_SECONDS, PART_MILLISECONDS, PART_MICROSECONDS, PART_UNKNOWN };

static enum timespec_part find_part(const char *timespec, int microsecond)
{
    static const char *const names[] = {"hours", "minutes", "seconds", "milliseconds", "microseconds"};
    if (strcmp(timespec, "auto") == 0)
        return microsecond ? PART_MICROSECONDS : PART_SECONDS;
    size_t part = 0;
    while (part < COUNT_OF(names) && strcmp(names[part], timespec) != 0)
        part++;
    return (enum timespec_part)part;
}

bool datetime_append_iso(struct text_buffer *out, const struct datetime *datetime, const char *separator,
                         const char *timespec, struct error *error)
{
    const struct moment *moment = &datetime->moment;
    enum timespec_part part = find_part(timespec, moment->microsecond);
    if (part == PART_UNKNOWN)
        return error_set(error, ERROR_VALUE, "Unknown timespec value");
    if (!datetime_is_time(datetime))
        text_buffer_append_format(out, "%04d-%02d-%02d", moment->year, moment->month, moment->day);
    if (datetime_is_date(datetime))
        return true;
    text_buffer_append_format(out, "%s%02d", datetime_is_time(datetime) ? "" : separator, moment->hour);
    if (part >= PART_MINUTES)
        text_buffer_append_format(out, ":%02d", moment->minute);
    if (part >= PART_SECONDS)
        text_buffer_append_format(out, ":%02d", moment->second);
    if (part == PART_MILLISECONDS)
        text_buffer_append_format(out, ".%03d", moment->microsecond / 1000);
    if (part == PART_MICROSECONDS)
        text_buffer_append_format(out, ".%06d", moment->microsecond);
    if (datetime->zone)
        zone_append_offset(out, datetime->zone->offset, ":");
    return true;
}

/* ---- strftime ---- */

/** The directives that Python replaces itself. */
static void append_own_directive(struct text_buffer *out, const struct datetime *datetime, char directive)
{
    if (directive == 'f')
        text_buffer_append_format(out, "%06d", datetime->moment.microsecond);
    else if (directive == 'z' && datetime->zone)
        zone_append_offset(out, datetime->zone->offset, "");
    else if (directive == 'Z' && datetime->zone)
        datetime->zone->object.class->str(&datetime->zone->object, out);
}

void datetime_append_format(struct text_buffer *out, const struct datetime *datetime, const char *format, size_t length)
{
    struct tm time = datetime_time(datetime);
    size_t start = 0, i = 0;
    for (; i + 1 < length; i++) {
        if (format[i] != '%')
            continue;
        if (strchr("fzZ", format[i + 1]) && format[i + 1]) {
            calendar_append_time(out, &time, format + start, i - start);
            append_own_directive(out, datetime, format[i + 1]);
            start = i + 2;
        }
        i++;
    }
    calendar_append_time(out, &time, format + start, length - start);
}

/* ---- strptime ---- */

bool datetime_parse(struct text *data, struct text *format, struct value *result, struct error *error)
{
    struct parsed_time parsed;
    if (!calendar_parse(data->bytes, data->length, format->bytes, format->length, &parsed, error))
        return false;
    OWNED zone = value_null();
    OWNED name = value_string(parsed.zone_name);
    if (parsed.has_offset)
        zone = zone_new(parsed.offset, *parsed.zone_name ? name.as.text : NULL);
    return datetime_new(&parsed.moment, parsed.has_offset ? (struct zone *)zone.as.object : NULL, result, error);
}

/* ---- ISO 8601 ---- */

struct iso_reader {
    const char *at;
    const char *end;
};

/** Exactly `count` digits. */
static bool read_digits(struct iso_reader *reader, int count, int *number)
{
    if (reader->end - reader->at < count)
        return false;
    *number = 0;
    for (int i = 0; i < count; i++) {
        if (!isdigit((unsigned char)reader->at[i]))
            return false;
        *number = *number * 10 + (reader->at[i] - '0');
    }
    reader->at += count;
    return true;
}

static bool accept(struct iso_reader *reader, char c)
{
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

/** 2024-02-29, 20240229, 2024-W09-4, 2024W094, 2024-W09. */
static bool read_iso_date(struct iso_reader *reader, struct moment *moment)
{
    if (!read_digits(reader, 4, &moment->year))
        return false;
    bool has_dashes = accept(reader, '-');
    if (!accept(reader, 'W'))
        return read_digits(reader, 2, &moment->month) && accept(reader, '-') == has_dashes &&
               read_digits(reader, 2, &moment->day);
    int week, day = 1;
    int64_t days;
    if (!read_digits(reader, 2, &week))
        return false;
    bool has_day = has_dashes ? accept(reader, '-') : reader->at < reader->end && isdigit((unsigned char)*reader->at);
    if (has_day && (!read_digits(reader, 1, &day) || day < 1 || day > 7))
        return false;
    return calendar_days_of_iso_week(moment->year, week, day, &days) &&
           moment_from_microseconds(days * MICROSECONDS_PER_DAY, moment);
}

/** 12, 12:30, 1230, 12:30:45, 12:30:45.5 and so on; the fraction's digits past the sixth count for nothing. */
static bool read_iso_clock(struct iso_reader *reader, struct moment *moment)
{
    if (!read_digits(reader, 2, &moment->hour))
        return false;
    bool has_colons = accept(reader, ':');
    if (!has_colons && !(reader->at < reader->end && isdigit((unsigned char)*reader->at)))
        return true;
    if (!read_digits(reader, 2, &moment->minute))
        return false;
    bool has_seconds =
        has_colons ? accept(reader, ':') : reader->at < reader->end && isdigit((unsigned char)*reader->at);
    if (!has_seconds)
        return true;
    if (!read_digits(reader, 2, &moment->second))
        return false;
    if (!accept(reader, '.') && !accept(reader, ','))
        return true;
    const char *start = reader->at;
    for (int weight = 100000, digit; read_digits(reader, 1, &digit); weight /= 10)
        moment->microsecond += digit * weight;
    return reader->at > start;
}

/** Nothing, Z, or a sign and a clock time. */
static bool read_iso_offset(struct iso_reader *reader, struct value *zone)
{
    if (reader->at == reader->end)
        return true;
    if (accept(reader, 'Z')) {
        *zone = zone_new(0, NULL);
        return true;
    }
    bool is_negative = accept(reader, '-');
    struct moment clock = {.year = 1970, .month = 1, .day = 1};
    if ((!is_negative && !accept(reader, '+')) || !read_iso_clock(reader, &clock) || clock.hour > 23)
        return false;
    int64_t offset = moment_microseconds(&clock);
    *zone = zone_new(is_negative ? -offset : offset, NULL);
    return true;
}

bool datetime_parse_iso(const char *bytes, size_t length, struct value *result, struct error *error)
{
    struct iso_reader reader = {bytes, bytes + length};
    struct moment moment = {.month = 1, .day = 1};
    OWNED zone = value_null();
    bool is_read = read_iso_date(&reader, &moment);
    if (is_read && reader.at < reader.end) {
        text_decode(&reader.at, reader.end); /* any separator */
        is_read = read_iso_clock(&reader, &moment) && read_iso_offset(&reader, &zone);
    }
    if (!is_read || reader.at < reader.end)
        return error_set(error, ERROR_VALUE, "Invalid isoformat string: '%.*s'", (int)length, bytes);
    return datetime_new(&moment, zone.kind == VALUE_OBJECT ? (struct zone *)zone.as.object : NULL, result, error);
}
