/*
 * Filters on sequences as a whole: batch, count, first, items, join, last, length, list, reverse, slice, sum.
 */
#include "runtime/limits.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/compare.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"
#include "stdlib/items.h"

/** Reads all items into an owning value. */
static bool read_items(struct evaluation *evaluation, struct value iterable, struct value *items, struct error *error)
{
    struct list *list = items_read(evaluation, iterable, ITEMS_REFUSE_UNDEFINED, error);
    if (list)
        *items = value_list_take(list);
    return list != NULL;
}

static bool filter_length(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    int64_t length;
    if (!argument_length(arguments[0], &length, error))
        return false;
    *result = value_int(length);
    return true;
}

static bool filter_list(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    return read_items(evaluation, arguments[0], result, error);
}

static bool filter_items(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    if (!value_is_mapping(arguments[0]))
        return error_set(error, ERROR_TYPE, "Can only get item pairs from a mapping.");
    struct list *pairs = items_read_pairs(evaluation, arguments[0], error);
    if (pairs)
        *result = value_list_take(pairs);
    return pairs != NULL;
}

/* ---- first and last ---- */

/** The item at one end, or an undefined value with this message; what is undefined itself is handed on. */
static bool take_end(struct evaluation *evaluation, struct value sequence, bool is_last, struct value *result,
                     struct error *error)
{
    struct list *items = items_list(evaluation, sequence, error);
    if (!items)
        return false;
    OWNED owner = value_list_take(items);
    if (items->count > 0)
        return evaluation_read(evaluation, items->items[is_last ? items->count - 1 : 0], result, error);
    *result = value_undefined((struct span){0}, NULL, "No %s item, sequence was empty.", is_last ? "last" : "first");
    return true;
}

static bool filter_first(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    return take_end(evaluation, arguments[0], false, result, error);
}

static bool filter_last(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    if (value_length(arguments[0]) < 0)
        return error_set(error, ERROR_TYPE, "'%s' object is not reversible", value_type_name(arguments[0]));
    return take_end(evaluation, arguments[0], true, result, error);
}

/* ---- reverse ---- */

static struct text *reversed_text(const struct text *text)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    char *place = text_buffer_reserve(&out, text->length) + text->length;
    const char *cursor = text->bytes, *end = cursor + text->length;
    while (cursor < end) {
        const char *point = cursor;
        text_decode(&cursor, end);
        for (const char *byte = cursor; byte > point;)
            *--place = *--byte;
    }
    text_buffer_added(&out, text->length);
    return text_buffer_take(&out);
}

static bool filter_reverse(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    if (value_is_string(arguments[0])) {
        *result = argument_text_like(reversed_text(arguments[0].as.text), arguments[0]);
        return true;
    }
    OWNED items = value_null();
    if (!read_items(evaluation, arguments[0], &items, error)) {
        if (error->kind != ERROR_UNDEFINED)
            error_wrap(error, "argument must be iterable");
        return false;
    }
    list_reverse(value_own_list(&items));
    *result = value_steal(&items);
    return true;
}

/* ---- batch and slice ---- */

static struct value items_between(const struct list *items, size_t start, size_t end)
{
    struct list *part = list_new(end - start);
    for (size_t i = start; i < end; i++)
        list_push_take(part, value_copy(items->items[i]));
    return value_list_take(part);
}

/** Adds `count` copies of the filling. */
static bool fill(struct list *part, struct value filling, int64_t count, struct error *error)
{
    if (count > LIMIT_RANGE_ITEMS)
        return error_set(error, ERROR_LIMIT, "a list of %lld items is too long", (long long)count);
    for (int64_t i = 0; i < count; i++)
        list_push_take(part, value_copy(filling));
    return true;
}

/** Fills the last batch up to `line_count` items. */
static bool fill_batch(struct list *part, struct value line_count, struct value filling, struct error *error)
{
    OWNED missing = value_null();
    if (!value_arithmetic(ARITHMETIC_SUBTRACT, line_count, value_int((int64_t)part->count), &missing, error))
        return false;
    int order;
    if (!value_order(missing, value_int(0), ">", &order, error) || order != 1)
        return order != 1;
    int64_t count;
    if (!value_to_int64(missing, &count))
        return error_set(error, ERROR_TYPE, "can't multiply sequence by non-int of type '%s'",
                         value_type_name(missing));
    return fill(part, filling, count, error);
}

static bool filter_batch(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    struct value line_count = arguments[1], filling = arguments[2];
    OWNED items = value_null(), batches = value_list_new();
    if (!read_items(evaluation, arguments[0], &items, error))
        return false;
    size_t count = items.as.list->count, start = 0;
    /* A batch ends when its length equals the count: never for -1 or a text, and at once, but only once, for 0. */
    for (size_t i = 0; i < count; i++)
        if (value_equal(value_int((int64_t)(i - start)), line_count)) {
            list_push_take(batches.as.list, items_between(items.as.list, start, i));
            start = i;
        }
    if (count > 0) {
        OWNED last = items_between(items.as.list, start, count);
        if (!value_is_null(filling) && !fill_batch(last.as.list, line_count, filling, error))
            return false;
        list_push_take(batches.as.list, value_steal(&last));
    }
    *result = value_steal(&batches);
    return true;
}

static bool filter_slice(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    OWNED items = value_null(), slices = value_list_new(), quotient = value_null();
    if (!read_items(evaluation, arguments[0], &items, error))
        return false;
    int64_t length = (int64_t)items.as.list->count, count;
    /* The division speaks for what cannot be divided by. */
    if (!value_arithmetic(ARITHMETIC_FLOOR_DIVIDE, value_int(length), arguments[1], &quotient, error) ||
        !argument_int(arguments[1], &count, error))
        return false;
    if (count > LIMIT_RANGE_ITEMS)
        return error_set(error, ERROR_LIMIT, "a list of %lld items is too long", (long long)count);
    int64_t start = 0, longer = count > 0 ? length % count : 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t end = start + length / count + (i < longer ? 1 : 0);
        struct value part = items_between(items.as.list, (size_t)start, (size_t)end);
        if (!value_is_null(arguments[2]) && i >= longer)
            list_push_take(part.as.list, value_copy(arguments[2]));
        list_push_take(slices.as.list, part);
        start = end;
    }
    *result = value_steal(&slices);
    return true;
}

/* ---- join and sum ---- */

/** Reads the items, or what the path finds in each of them. */
static bool read_attributes(struct evaluation *evaluation, struct value iterable, struct value attribute,
                            struct value *found, struct error *error)
{
    OWNED items = value_null();
    if (!read_items(evaluation, iterable, &items, error))
        return false;
    if (value_is_null(attribute)) {
        *found = value_steal(&items);
        return true;
    }
    CLEANUP(attribute_path_done) struct attribute_path path;
    attribute_path_init(&path, attribute);
    OWNED values = value_list_take(list_new(items.as.list->count));
    for (size_t i = 0; i < items.as.list->count; i++) {
        struct value value;
        if (!attribute_path_find(evaluation, &path, items.as.list->items[i], &value, error))
            return false;
        list_push_take(values.as.list, value);
    }
    *found = value_steal(&values);
    return true;
}

/** Appends str(item); the placeholder omit shows, as it does in the reference. */
static bool append_item(struct evaluation *evaluation, struct text_buffer *out, struct value item, struct error *error)
{
    OWNED resolved = value_null();
    if (!evaluation_resolve(evaluation, item, &resolved, error))
        return false;
    value_append_str(out, resolved);
    return true;
}

static bool filter_join(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    OWNED items = value_null();
    CLEANUP(text_buffer_done) struct text_buffer separator = {0}, out = {0};
    if (!append_item(evaluation, &separator, arguments[1], error) ||
        !read_attributes(evaluation, arguments[0], arguments[2], &items, error))
        return false;
    for (size_t i = 0; i < items.as.list->count; i++) {
        if (i > 0)
            text_buffer_append(&out, text_buffer_bytes(&separator), separator.length);
        if (!append_item(evaluation, &out, items.as.list->items[i], error))
            return false;
    }
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static bool add_to_sum(struct value *sum, struct value item, struct error *error)
{
    /* Lists grow in place: adding them up one by one would copy all of them each time. */
    if (value_is_list(*sum) && value_is_list(item)) {
        list_extend(value_own_list(sum), item.as.list);
        return true;
    }
    struct value next;
    if (!value_arithmetic(ARITHMETIC_ADD, *sum, item, &next, error))
        return false;
    value_replace_take(sum, next);
    return true;
}

static bool filter_sum(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    OWNED items = value_null(), sum = value_copy(arguments[2]);
    if (!read_attributes(evaluation, arguments[0], arguments[1], &items, error))
        return false;
    if (value_is_string(sum))
        return error_set(error, ERROR_TYPE, "sum() can't sum strings [use ''.join(seq) instead]");
    for (size_t i = 0; i < items.as.list->count; i++)
        if (!add_to_sum(&sum, items.as.list->items[i], error))
            return false;
    *result = value_steal(&sum);
    return true;
}

static const struct function rows[] = {
    {"batch", "value, linecount, fill_with=None", filter_batch, FUNCTION_TAKES_LAZY,
     "Lists of so many items each; fill_with completes the last one"},
    {"count", "obj", filter_length, FUNCTION_TAKES_LAZY, "Another name of length"},
    {"first", "seq", filter_first, FUNCTION_TAKES_LAZY, "The first item"},
    {"items", "value", filter_items, FUNCTION_TAKES_LAZY, "A dict's (key, value) pairs"},
    {"join", "value, d='', attribute=None", filter_join, FUNCTION_TAKES_LAZY,
     "The items (or an attribute of them) as one text with a separator between them"},
    {"last", "seq", filter_last, FUNCTION_TAKES_LAZY, "The last item"},
    {"length", "obj", filter_length, FUNCTION_TAKES_LAZY, "How many items or characters there are"},
    {"list", "value", filter_list, FUNCTION_TAKES_LAZY, "The items as a list: a text's characters, a dict's keys"},
    {"reverse", "value", filter_reverse, FUNCTION_TAKES_LAZY,
     "The items, or a text's characters, in the other direction"},
    {"slice", "value, slices, fill_with=None", filter_slice, FUNCTION_TAKES_LAZY,
     "So many lists of nearly equal length; fill_with completes the shorter ones"},
    {"sum", "iterable, attribute=None, start=0", filter_sum, FUNCTION_TAKES_LAZY,
     "The sum of the items (or of an attribute of them), beginning with start"},
};

const struct function_table filters_sequence = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
