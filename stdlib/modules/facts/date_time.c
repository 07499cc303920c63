/* The fact date_time: now, in the forms that playbooks use. */
#include <stdio.h>
#include <time.h>

#include "runtime/value/calendar.h"
#include "stdlib/modules/facts/facts.h"

struct form {
    const char *key;
    const char *format; /* strftime's */
};

static void add_forms(struct dict *forms, const struct form *rows, size_t count, const struct tm *time)
{
    for (size_t i = 0; i < count; i++) {
        char text[64];
        size_t length = strftime(text, sizeof text, rows[i].format, time);
        dict_set_string_take(forms, rows[i].key, value_string_length(text, length));
    }
}

/** Those with microseconds, which strftime does not know. */
static void add_precise(struct dict *forms, const struct tm *local, const struct tm *universal, int microseconds)
{
    char text[64];
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", universal);
    dict_set_string_take(forms, "iso8601_micro", value_string_format("%s.%06dZ", text, microseconds));
    strftime(text, sizeof text, "%Y%m%dT%H%M%S", local);
    dict_set_string_take(forms, "iso8601_basic", value_string_format("%s%06d", text, microseconds));
}

void facts_date_time(struct facts *facts)
{
    static const struct form local_forms[] = {
        {"year", "%Y"},       {"month", "%m"},
        {"weekday", "%A"},    {"weekday_number", "%w"},
        {"weeknumber", "%W"}, {"day", "%d"},
        {"hour", "%H"},       {"minute", "%M"},
        {"second", "%S"},     {"date", "%Y-%m-%d"},
        {"time", "%H:%M:%S"}, {"tz", "%Z"},
        {"tz_offset", "%z"},  {"iso8601_basic_short", "%Y%m%dT%H%M%S"},
    };
    static const struct form universal_forms[] = {{"iso8601", "%Y-%m-%dT%H:%M:%SZ"}};
    int64_t wall = clock_wall(loop_clock(facts->host->loop));
    time_t seconds = (time_t)(wall / NANOSECONDS_PER_SECOND);
    struct tm local, universal;
    struct dict *forms = dict_new();
    localtime_r(&seconds, &local);
    gmtime_r(&seconds, &universal);
    add_forms(forms, local_forms, COUNT_OF(local_forms), &local);
    add_forms(forms, universal_forms, COUNT_OF(universal_forms), &universal);
    add_precise(forms, &local, &universal, (int)(wall % NANOSECONDS_PER_SECOND / 1000));
    dict_set_string_take(forms, "epoch", value_string_format("%lld", (long long)seconds));
    dict_set_string_take(forms, "epoch_int", value_string_format("%lld", (long long)seconds));
    dict_set_string_take(forms, "tz_dst", value_string(tzname[1]));
    facts_set_take(facts, "date_time", value_dict_take(forms));
}
