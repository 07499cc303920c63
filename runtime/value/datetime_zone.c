/* timezone: a fixed offset from UTC. */
#include <stdlib.h>

#include "runtime/value/compare.h"
#include "runtime/value/datetime.h"
#include "runtime/value/repr.h"
#include "runtime/value/timedelta.h"

static struct zone *body(struct object *object)
{
    return (struct zone *)object;
}

struct value zone_new(int64_t offset, struct text *name)
{
    struct zone *zone = memory_new(sizeof *zone);
    *zone = (struct zone){.object = {1, &zone_class}, .offset = offset, .name = name ? text_copy(name) : NULL};
    return value_object_take(&zone->object);
}

void zone_append_offset(struct text_buffer *out, int64_t offset, const char *separator)
{
    int64_t seconds = llabs(offset) / MICROSECONDS_PER_SECOND, rest = llabs(offset) % MICROSECONDS_PER_SECOND;
    text_buffer_append_format(out, "%c%02d%s%02d", offset < 0 ? '-' : '+', (int)(seconds / 3600), separator,
                              (int)(seconds / 60 % 60));
    if (seconds % 60 || rest)
        text_buffer_append_format(out, "%s%02d", separator, (int)(seconds % 60));
    if (rest)
        text_buffer_append_format(out, ".%06d", (int)rest);
}

static void zone_free(struct object *object)
{
    text_drop(body(object)->name);
    memory_cleanup(&object);
}

static void str(struct object *object, struct text_buffer *out)
{
    if (body(object)->name) {
        text_buffer_append_text(out, body(object)->name);
        return;
    }
    text_buffer_append_string(out, "UTC");
    if (body(object)->offset)
        zone_append_offset(out, body(object)->offset, ":");
}

static void repr(struct object *object, struct text_buffer *out)
{
    const struct zone *zone = body(object);
    if (!zone->offset && !zone->name) {
        text_buffer_append_string(out, "datetime.timezone.utc");
        return;
    }
    OWNED offset = timedelta_from_microseconds(zone->offset);
    text_buffer_append_string(out, "datetime.timezone(");
    value_append_repr(out, offset);
    if (zone->name) {
        OWNED name = value_string_take(text_copy(zone->name));
        text_buffer_append_string(out, ", ");
        value_append_repr(out, name);
    }
    text_buffer_append_char(out, ')');
}

static uint32_t hash(struct object *object)
{
    return value_hash(value_int(body(object)->offset));
}

static bool equal(struct object *left, struct object *right)
{
    return body(left)->offset == body(right)->offset;
}

static bool finalize(struct object *object, struct value *result, struct error *error)
{
    (void)object;
    (void)result;
    return error_set(error, ERROR_TYPE, "Type 'timezone' is unsupported for variable storage.");
}

const struct object_class zone_class = {
    .type_name = "timezone",
    .free = zone_free,
    .str = str,
    .repr = repr,
    .hash = hash,
    .equal = equal,
    .finalize = finalize,
};
