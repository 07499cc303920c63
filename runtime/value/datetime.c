#include "runtime/value/datetime.h"

#include <stddef.h>
#include <string.h>

#include "runtime/value/compare.h"
#include "runtime/value/repr.h"
#include "runtime/value/timedelta.h"

static struct datetime *body(struct object *object)
{
    return (struct datetime *)object;
}

struct datetime *value_datetime(struct value value)
{
    bool is_one = value_is_object(value, &datetime_class) || value_is_object(value, &date_class) ||
                  value_is_object(value, &time_class);
    return is_one ? body(value.as.object) : NULL;
}

/* ---- construction ---- */

static struct value make(const struct object_class *class, const struct moment *moment, struct zone *zone)
{
    struct datetime *datetime = memory_new(sizeof *datetime);
    *datetime = (struct datetime){.object = {1, class}, .moment = *moment, .zone = zone};
    if (zone)
        zone->object.references++;
    return value_object_take(&datetime->object);
}

bool date_new(int year, int month, int day, struct value *result, struct error *error)
{
    struct moment moment = {.year = year, .month = month, .day = day};
    if (!moment_check(&moment, error))
        return false;
    *result = make(&date_class, &moment, NULL);
    return true;
}

bool datetime_new(const struct moment *moment, struct zone *zone, struct value *result, struct error *error)
{
    if (!moment_check(moment, error))
        return false;
    *result = make(&datetime_class, moment, zone);
    return true;
}

struct value time_new(const struct moment *moment, struct zone *zone)
{
    struct moment time = *moment;
    time.year = 1900;
    time.month = time.day = 1;
    return make(&time_class, &time, zone);
}

bool datetime_from_microseconds(int64_t microseconds, struct zone *zone, struct value *result, struct error *error)
{
    struct moment moment;
    if (!moment_from_microseconds(microseconds, &moment))
        return error_set(error, ERROR_OTHER, "date value out of range");
    *result = make(&datetime_class, &moment, zone);
    return true;
}

struct value datetime_from_wall(int64_t nanoseconds, bool is_utc)
{
    time_t seconds = nanoseconds / (MICROSECONDS_PER_SECOND * 1000);
    struct tm time;
    if (!(is_utc ? gmtime_r : localtime_r)(&seconds, &time))
        bug("a clock that shows %lld", (long long)nanoseconds);
    struct moment moment = {time.tm_year + 1900,
                            time.tm_mon + 1,
                            time.tm_mday,
                            time.tm_hour,
                            time.tm_min,
                            time.tm_sec < 60 ? time.tm_sec : 59,
                            (int)(nanoseconds / 1000 % MICROSECONDS_PER_SECOND)};
    return make(&datetime_class, &moment, NULL);
}

static void datetime_free(struct object *object)
{
    if (body(object)->zone)
        value_drop((struct value){.kind = VALUE_OBJECT, .as.object = &body(object)->zone->object});
    memory_cleanup(&object);
}

/* ---- questions ---- */

int64_t datetime_microseconds(const struct datetime *datetime)
{
    return moment_microseconds(&datetime->moment) - (datetime->zone ? datetime->zone->offset : 0);
}

struct tm datetime_time(const struct datetime *datetime)
{
    const struct moment *moment = &datetime->moment;
    return (struct tm){
        .tm_year = moment->year - 1900,
        .tm_mon = moment->month - 1,
        .tm_mday = moment->day,
        .tm_hour = moment->hour,
        .tm_min = moment->minute,
        .tm_sec = moment->second,
        .tm_wday = (calendar_weekday(moment) + 1) % 7,
        .tm_yday = calendar_year_day(moment) - 1,
        .tm_isdst = -1,
    };
}

double datetime_timestamp(const struct datetime *datetime)
{
    if (datetime->zone)
        return (double)datetime_microseconds(datetime) / MICROSECONDS_PER_SECOND;
    struct tm time = datetime_time(datetime);
    return (double)mktime(&time) + (double)datetime->moment.microsecond / MICROSECONDS_PER_SECOND;
}

/** The fields that are attributes, with where they stand. */
static const struct {
    const char *name;
    size_t offset;
    const struct object_class *stranger; /* the class that does not have it */
} fields[] = {
    {"year", offsetof(struct moment, year), &time_class},
    {"month", offsetof(struct moment, month), &time_class},
    {"day", offsetof(struct moment, day), &time_class},
    {"hour", offsetof(struct moment, hour), &date_class},
    {"minute", offsetof(struct moment, minute), &date_class},
    {"second", offsetof(struct moment, second), &date_class},
    {"microsecond", offsetof(struct moment, microsecond), &date_class},
};

/** min, max and resolution, which Python's classes and so their instances have. */
static enum lookup_result get_bound(const struct object_class *class, const char *name, struct value *result)
{
    static const struct moment first = {CALENDAR_FIRST_YEAR, 1, 1, 0, 0, 0, 0};
    static const struct moment last = {CALENDAR_LAST_YEAR, 12, 31, 23, 59, 59, 999999};
    struct moment moment = strcmp(name, "min") == 0 ? first : last;
    if (strcmp(name, "resolution") == 0) {
        *result = timedelta_from_microseconds(class == &date_class ? MICROSECONDS_PER_DAY : 1);
        return LOOKUP_FOUND;
    }
    if (strcmp(name, "min") != 0 && strcmp(name, "max") != 0)
        return LOOKUP_MISSING;
    if (class == &date_class)
        moment.hour = moment.minute = moment.second = moment.microsecond = 0;
    *result = class == &time_class ? time_new(&moment, NULL) : make(class, &moment, NULL);
    return LOOKUP_FOUND;
}

static struct value zone_value(const struct datetime *datetime)
{
    if (!datetime->zone)
        return value_null();
    datetime->zone->object.references++;
    return value_object_take(&datetime->zone->object);
}

static enum lookup_result get_attribute(struct object *object, struct text *name, struct value *result,
                                        struct error *error)
{
    (void)error;
    const struct object_class *class = object->class;
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (strcmp(fields[i].name, name->bytes) == 0 && class != fields[i].stranger) {
            *result = value_int(*(const int *)((const char *)&body(object)->moment + fields[i].offset));
            return LOOKUP_FOUND;
        }
    if (class != &date_class && strcmp(name->bytes, "tzinfo") == 0) {
        *result = zone_value(body(object));
        return LOOKUP_FOUND;
    }
    if (class != &date_class && strcmp(name->bytes, "fold") == 0) {
        *result = value_int(0);
        return LOOKUP_FOUND;
    }
    return get_bound(class, name->bytes, result);
}

static uint32_t hash(struct object *object)
{
    return value_hash(value_int(datetime_microseconds(body(object))));
}

static bool equal(struct object *left, struct object *right)
{
    return !body(left)->zone == !body(right)->zone &&
           datetime_microseconds(body(left)) == datetime_microseconds(body(right));
}

static bool order(struct object *left, struct object *right, int *result, struct error *error)
{
    if (!body(left)->zone != !body(right)->zone)
        return error_set(error, ERROR_TYPE, "can't compare offset-naive and offset-aware %ss", left->class->type_name);
    int64_t l = datetime_microseconds(body(left)), r = datetime_microseconds(body(right));
    *result = l < r ? -1 : l > r;
    return true;
}

/* ---- arithmetic ---- */

static enum lookup_result subtract_from(struct datetime *left, struct datetime *right, struct value *result,
                                        struct error *error)
{
    if (left->object.class != right->object.class || datetime_is_time(left))
        return LOOKUP_MISSING;
    if (!left->zone != !right->zone) {
        error_set(error, ERROR_TYPE, "can't subtract offset-naive and offset-aware datetimes");
        return LOOKUP_FAILED;
    }
    *result = timedelta_from_microseconds(datetime_microseconds(left) - datetime_microseconds(right));
    return LOOKUP_FOUND;
}

/** A date counts whole days only. */
static enum lookup_result move_by(const struct datetime *datetime, const struct timedelta *delta, int sign,
                                  struct value *result, struct error *error)
{
    if (datetime_is_time(datetime))
        return LOOKUP_MISSING;
    int64_t microseconds = (int64_t)delta->days * MICROSECONDS_PER_DAY;
    if (delta->days > -4000000 && delta->days < 4000000) {
        if (!datetime_is_date(datetime))
            microseconds += delta->seconds * MICROSECONDS_PER_SECOND + delta->microseconds;
        struct moment moment;
        if (moment_from_microseconds(moment_microseconds(&datetime->moment) + sign * microseconds, &moment)) {
            *result = make(datetime->object.class, &moment, datetime->zone);
            return LOOKUP_FOUND;
        }
    }
    error_set(error, ERROR_OTHER, "date value out of range");
    return LOOKUP_FAILED;
}

static enum lookup_result binary(char operation, struct value left, struct value right, struct value *result,
                                 struct error *error)
{
    struct datetime *l = value_datetime(left), *r = value_datetime(right);
    if (operation == '-' && l && r)
        return subtract_from(l, r, result, error);
    if ((operation == '+' || operation == '-') && l && value_timedelta(right))
        return move_by(l, value_timedelta(right), operation == '+' ? 1 : -1, result, error);
    if (operation == '+' && r && value_timedelta(left))
        return move_by(r, value_timedelta(left), 1, result, error);
    return LOOKUP_MISSING;
}

/* ---- text ---- */

static void append_iso(struct text_buffer *out, struct object *object, const char *separator)
{
    OWNED_ERROR error = {0};
    if (!datetime_append_iso(out, body(object), separator, "auto", &error))
        bug("isoformat with the timespec auto");
}

static void str(struct object *object, struct text_buffer *out)
{
    append_iso(out, object, " ");
}

static struct value data(struct object *object)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    append_iso(&out, object, "T");
    return value_string_take(text_buffer_take(&out));
}

static void repr(struct object *object, struct text_buffer *out)
{
    const struct moment *moment = &body(object)->moment;
    text_buffer_append_format(out, "datetime.%s(", object->class->type_name);
    if (object->class != &time_class)
        text_buffer_append_format(out, "%d, %d, %d", moment->year, moment->month, moment->day);
    if (object->class != &date_class)
        text_buffer_append_format(out, "%s%d, %d", object->class == &time_class ? "" : ", ", moment->hour,
                                  moment->minute);
    if (moment->second || moment->microsecond)
        text_buffer_append_format(out, ", %d", moment->second);
    if (moment->microsecond)
        text_buffer_append_format(out, ", %d", moment->microsecond);
    if (body(object)->zone) {
        text_buffer_append_string(out, ", tzinfo=");
        OWNED zone = zone_value(body(object));
        value_append_repr(out, zone);
    }
    text_buffer_append_char(out, ')');
}

static bool format(struct object *object, const char *spec, size_t length, struct text_buffer *out, struct error *error)
{
    (void)error;
    if (length)
        datetime_append_format(out, body(object), spec, length);
    else
        str(object, out);
    return true;
}

const struct object_class date_class = {
    .type_name = "date",
    .free = datetime_free,
    .get_attribute = get_attribute,
    .str = str,
    .repr = repr,
    .format = format,
    .hash = hash,
    .equal = equal,
    .order = order,
    .binary = binary,
    .data = data,
};

const struct object_class datetime_class = {
    .type_name = "datetime",
    .free = datetime_free,
    .get_attribute = get_attribute,
    .str = str,
    .repr = repr,
    .format = format,
    .hash = hash,
    .equal = equal,
    .order = order,
    .binary = binary,
    .data = data,
};

const struct object_class time_class = {
    .type_name = "time",
    .free = datetime_free,
    .get_attribute = get_attribute,
    .str = str,
    .repr = repr,
    .format = format,
    .hash = hash,
    .equal = equal,
    .order = order,
    .binary = binary,
    .data = data,
};
