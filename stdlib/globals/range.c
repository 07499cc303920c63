/* range(): Python's, as an object that counts without holding its items. */
#include <stdlib.h>

#include "runtime/limits.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/compare.h"
#include "stdlib/globals/globals.h"

struct range {
    struct object object;
    int64_t start, stop, step;
    int64_t length;
};

static int64_t range_item(const struct range *range, int64_t index)
{
    return range->start + index * range->step;
}

/* ---- the object ---- */

static void range_free(struct object *object)
{
    free(object);
}

static enum lookup_result range_get_attribute(struct object *object, struct text *name, struct value *result,
                                              struct error *error)
{
    const struct range *range = (const struct range *)object;
    struct value key = {.kind = VALUE_STRING, .as.text = name};
    (void)error;
    if (value_equals_string(key, "start"))
        *result = value_int(range->start);
    else if (value_equals_string(key, "stop"))
        *result = value_int(range->stop);
    else if (value_equals_string(key, "step"))
        *result = value_int(range->step);
    else
        return LOOKUP_MISSING;
    return LOOKUP_FOUND;
}

static enum lookup_result range_get_item(struct object *object, struct value key, struct value *result,
                                         struct error *error)
{
    const struct range *range = (const struct range *)object;
    int64_t index;
    (void)error;
    if (!value_to_int64(key, &index))
        return LOOKUP_MISSING;
    if (index < 0)
        index += range->length;
    if (index < 0 || index >= range->length)
        return LOOKUP_MISSING;
    *result = value_int(range_item(range, index));
    return LOOKUP_FOUND;
}

static int64_t range_length(struct object *object)
{
    return ((struct range *)object)->length;
}

static struct list *range_items(struct object *object, struct error *error)
{
    const struct range *range = (const struct range *)object;
    if (range->length > LIMIT_RANGE_ITEMS) {
        error_set(error, ERROR_LIMIT, "range() has %lld items, which is more than %d", (long long)range->length,
                  LIMIT_RANGE_ITEMS);
        return NULL;
    }
    struct list *items = list_new((size_t)range->length);
    for (int64_t i = 0; i < range->length; i++)
        list_push_take(items, value_int(range_item(range, i)));
    return items;
}

/** The index of a number in the range, or -1. */
static int64_t range_find(const struct range *range, struct value needle)
{
    struct value integer;
    OWNED_ERROR ignored = {0};
    int64_t number;
    if (needle.kind == VALUE_FLOAT) {
        if (!value_int_from_float(needle.as.floating, &integer, &ignored))
            return -1;
        OWNED owned = integer;
        if (!value_equal(integer, needle) || !value_to_int64(integer, &number))
            return -1;
    } else if (!value_to_int64(needle, &number)) {
        return -1;
    }
    __int128 distance = (__int128)number - range->start;
    if (distance % range->step != 0)
        return -1;
    __int128 index = distance / range->step;
    return index >= 0 && index < range->length ? (int64_t)index : -1;
}

static bool range_contains(struct object *object, struct value needle, bool *result, struct error *error)
{
    (void)error;
    *result = range_find((struct range *)object, needle) >= 0;
    return true;
}

static void range_repr(struct object *object, struct text_buffer *out)
{
    const struct range *range = (const struct range *)object;
    text_buffer_append_format(out, "range(%lld, %lld", (long long)range->start, (long long)range->stop);
    if (range->step != 1)
        text_buffer_append_format(out, ", %lld", (long long)range->step);
    text_buffer_append_char(out, ')');
}

/** Ranges are equal when their items are. */
static bool range_equal(struct object *left_object, struct object *right_object)
{
    const struct range *left = (const struct range *)left_object, *right = (const struct range *)right_object;
    return left->length == right->length &&
           (left->length == 0 || (left->start == right->start && (left->length == 1 || left->step == right->step)));
}

static uint32_t range_hash(struct object *object)
{
    const struct range *range = (const struct range *)object;
    uint64_t start = range->length > 0 ? (uint64_t)range->start : 0;
    uint64_t step = range->length > 1 ? (uint64_t)range->step : 0;
    uint64_t mixed = ((uint64_t)range->length * 31 + start) * 31 + step;
    return (uint32_t)(mixed ^ mixed >> 32);
}

static const struct object_class range_class = {
    .type_name = "range",
    .free = range_free,
    .get_attribute = range_get_attribute,
    .get_item = range_get_item,
    .length = range_length,
    .items = range_items,
    .contains = range_contains,
    .repr = range_repr,
    .equal = range_equal,
    .hash = range_hash,
    .finalize = object_unsupported,
};

/* ---- the functions ---- */

static bool range_bound(struct value value, int64_t *result, struct error *error)
{
    if (value_to_int64(value, result))
        return true;
    if (value_is_integer(value))
        return error_set(error, ERROR_LIMIT, "range() counts within 64 bits only");
    return error_set(error, ERROR_TYPE, "'%s' object cannot be interpreted as an integer", value_type_name(value));
}

/** How many numbers there are from start to before stop. */
static bool range_count(int64_t start, int64_t stop, int64_t step, int64_t *result, struct error *error)
{
    __int128 distance = step > 0 ? (__int128)stop - start : (__int128)start - stop;
    __int128 stride = step > 0 ? step : -(__int128)step;
    __int128 count = distance > 0 ? (distance + stride - 1) / stride : 0;
    *result = (int64_t)count;
    return count <= INT64_MAX || error_set(error, ERROR_LIMIT, "range() counts within 64 bits only");
}

static bool global_range(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    const struct list *given = arguments[0].as.list;
    int64_t bounds[3] = {0, 0, 1}, length;
    (void)evaluation;
    if (given->count == 0)
        return error_set(error, ERROR_TYPE, "range expected at least 1 argument, got 0");
    if (given->count > COUNT_OF(bounds))
        return error_set(error, ERROR_TYPE, "range expected at most 3 arguments, got %zu", given->count);
    size_t first = given->count == 1 ? 1 : 0;
    for (size_t i = 0; i < given->count; i++)
        if (!range_bound(given->items[i], &bounds[first + i], error))
            return false;
    if (bounds[2] == 0)
        return error_set(error, ERROR_VALUE, "range() arg 3 must not be zero");
    if (!range_count(bounds[0], bounds[1], bounds[2], &length, error))
        return false;
    struct range *range = memory_new(sizeof *range);
    *range = (struct range){{1, &range_class}, bounds[0], bounds[1], bounds[2], length};
    *result = value_object_take(&range->object);
    return true;
}

static bool method_index(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    int64_t index = range_find((struct range *)arguments[0].as.object, arguments[1]);
    (void)evaluation;
    if (index < 0)
        return error_set(error, ERROR_VALUE, "the value is not in range");
    *result = value_int(index);
    return true;
}

static bool method_count(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation, (void)error;
    *result = value_int(range_find((struct range *)arguments[0].as.object, arguments[1]) >= 0);
    return true;
}

static const struct function range_rows[] = {
    {"range", "*bounds", global_range, 0, "The integers from start (0) to before stop, by step (1)"},
};

const struct function_table globals_range = {FUNCTION_GLOBAL, NULL, range_rows, COUNT_OF(range_rows)};

static const struct function range_method_rows[] = {
    {"range.index", "self, value", method_index, 0, "The position of a number in the range"},
    {"range.count", "self, value", method_count, 0, "How often the range has a number"},
};

const struct function_table globals_range_methods = {FUNCTION_METHOD, NULL, range_method_rows,
                                                     COUNT_OF(range_method_rows)};
