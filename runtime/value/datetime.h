/*
 * Python's date, datetime, time and timezone as objects; timedelta.h has the differences between them.
 * All are immutable.  Their methods are rows of stdlib/methods; what every reader of values may need (comparison,
 * arithmetic, str, format, attributes) is in their classes.
 */
#ifndef PLAYLET_RUNTIME_VALUE_DATETIME_H
#define PLAYLET_RUNTIME_VALUE_DATETIME_H

#include "runtime/value/calendar.h"
#include "runtime/value/object.h"

extern const struct object_class date_class;
extern const struct object_class datetime_class;
extern const struct object_class time_class;
extern const struct object_class zone_class;

/** A fixed offset from UTC. */
struct zone {
    struct object object;
    int64_t offset;    /* microseconds, east is positive */
    struct text *name; /* or NULL */
};

/**
 * The body of date, datetime and time.  A date's time of day is 0 and its zone NULL; a time's date is
 * 1900-01-01, which is what strftime shows of it.
 */
struct datetime {
    struct object object;
    struct moment moment;
    struct zone *zone; /* owned reference; NULL: naive */
};

/** The body of a date, a datetime or a time, borrowed; NULL for any other value. */
struct datetime *value_datetime(struct value value);
static inline bool datetime_is_date(const struct datetime *datetime) { return datetime->object.class == &date_class; }
static inline bool datetime_is_time(const struct datetime *datetime) { return datetime->object.class == &time_class; }

/** ERROR_VALUE as Python's constructors ("day is out of range for month").  `zone` may be NULL; it is borrowed. */
bool date_new(int year, int month, int day, struct value *result, struct error *error);
bool datetime_new(const struct moment *moment, struct zone *zone, struct value *result, struct error *error);

/** The time of day of a moment whose fields are in their ranges. */
struct value time_new(const struct moment *moment, struct zone *zone) NODISCARD;

/** A datetime of microseconds since 1970 in the zone's own time; ERROR_OTHER "date value out of range". */
bool datetime_from_microseconds(int64_t microseconds, struct zone *zone, struct value *result, struct error *error);

/** Of clock_wall's nanoseconds: naive, in local time or in UTC. */
struct value datetime_from_wall(int64_t nanoseconds, bool is_utc) NODISCARD;

/** Microseconds since 1970, in UTC when it has a zone, else as its fields say. */
int64_t datetime_microseconds(const struct datetime *datetime);

/** datetime.timestamp(): a naive one counts as local time. */
double datetime_timestamp(const struct datetime *datetime);

/** As struct tm, for strftime and timetuple: the zone is left out. */
struct tm datetime_time(const struct datetime *datetime);

/** A zone; UTC itself is offset 0 without a name. */
struct value zone_new(int64_t offset, struct text *name) NODISCARD;

/** What the numbers of a text of %z and the like say: "+02:00", with seconds where there are some; NULL: "". */
void zone_append_offset(struct text_buffer *out, int64_t offset, const char *separator);

/** isoformat(): `separator` between date and time; `timespec` is "auto", "hours" ... "microseconds". */
bool datetime_append_iso(struct text_buffer *out, const struct datetime *datetime, const char *separator,
                         const char *timespec, struct error *error);

/** strftime() of a date or datetime, with Python's own %f, %z and %Z. */
void datetime_append_format(struct text_buffer *out, const struct datetime *datetime, const char *format,
                            size_t length);

/** datetime.strptime(data, format). */
bool datetime_parse(struct text *data, struct text *format, struct value *result, struct error *error);

/** datetime.fromisoformat ("2024-02-29T12:30:45.5+02:00"); ERROR_VALUE "Invalid isoformat string: ...". */
bool datetime_parse_iso(const char *bytes, size_t length, struct value *result, struct error *error);

#endif
