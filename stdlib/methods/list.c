/* Methods of lists and tuples. */
#include "runtime/value/arithmetic.h"
#include "runtime/value/compare.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/items.h"
#include "stdlib/methods/container.h"
#include "stdlib/methods/methods.h"

static bool list_append(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    (void)error;
    list_push_take(arguments[0].as.list, container_item(arguments[0], arguments[1]));
    *result = value_null();
    return true;
}

static bool list_extend_by(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    struct list *items = evaluation_items(evaluation, arguments[1], error);
    if (!items)
        return false;
    for (size_t i = 0, count = items->count; i < count; i++)
        list_push_take(arguments[0].as.list, container_item(arguments[0], items->items[i]));
    list_drop(items);
    *result = value_null();
    return true;
}

/** A position from either end; what is outside of 0..count goes to its end of that. */
static size_t clamp(int64_t index, size_t count)
{
    if (index < 0)
        index += (int64_t)count;
    return index < 0 ? 0 : (size_t)index > count ? count : (size_t)index;
}

static bool list_insert(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    struct list *self = arguments[0].as.list;
    int64_t index;
    if (!argument_int(arguments[1], &index, error))
        return false;
    list_insert_take(self, clamp(index, self->count), container_item(arguments[0], arguments[2]));
    *result = value_null();
    return true;
}

static bool list_pop(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                     struct error *error)
{
    struct list *self = arguments[0].as.list;
    int64_t index;
    if (!argument_int(arguments[1], &index, error))
        return false;
    if (self->count == 0)
        return error_set(error, ERROR_KEY, "pop from empty list");
    if (index < 0)
        index += (int64_t)self->count;
    if (index < 0 || (size_t)index >= self->count)
        return error_set(error, ERROR_KEY, "pop index out of range");
    OWNED item = list_remove(self, (size_t)index);
    return evaluation_read(evaluation, item, result, error);
}

/** The position of an equal item between two bounds, or the count of the list. */
static bool find_item(struct evaluation *evaluation, const struct list *self, struct value wanted, size_t start,
                      size_t end, size_t *position, struct error *error)
{
    for (*position = start; *position < end; ++*position) {
        OWNED item = value_null();
        if (!evaluation_read(evaluation, self->items[*position], &item, error))
            return false;
        if (value_equal(item, wanted))
            return true;
    }
    *position = self->count;
    return true;
}

static bool list_remove_item(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    struct list *self = arguments[0].as.list;
    size_t position;
    if (!find_item(evaluation, self, arguments[1], 0, self->count, &position, error))
        return false;
    if (position == self->count)
        return error_set(error, ERROR_VALUE, "list.remove(x): x not in list");
    value_drop(list_remove(self, position));
    *result = value_null();
    return true;
}

static bool read_bound(struct value bound, size_t count, size_t fallback, size_t *position, struct error *error)
{
    int64_t index;
    *position = fallback;
    if (value_is_null(bound))
        return true;
    if (!value_to_int64(bound, &index))
        return error_set(error, ERROR_TYPE, "slice indices must be integers or have an __index__ method");
    *position = clamp(index, count);
    return true;
}

static bool list_index(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    const struct list *self = arguments[0].as.list;
    size_t start, end, position;
    if (!read_bound(arguments[2], self->count, 0, &start, error) ||
        !read_bound(arguments[3], self->count, self->count, &end, error) ||
        !find_item(evaluation, self, arguments[1], start, end, &position, error))
        return false;
    if (position == self->count && arguments[0].kind == VALUE_TUPLE)
        return error_set(error, ERROR_VALUE, "tuple.index(x): x not in tuple");
    if (position == self->count) {
        OWNED shown = value_repr(arguments[1]);
        return error_set(error, ERROR_VALUE, "%s is not in list", value_bytes(shown));
    }
    *result = value_int((int64_t)position);
    return true;
}

static bool list_count(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    const struct list *self = arguments[0].as.list;
    int64_t count = 0;
    for (size_t position = 0; position < self->count; position++, count++) {
        if (!find_item(evaluation, self, arguments[1], position, self->count, &position, error))
            return false;
        if (position == self->count)
            break;
    }
    *result = value_int(count);
    return true;
}

static bool list_reverse_all(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation;
    (void)error;
    list_reverse(arguments[0].as.list);
    *result = value_null();
    return true;
}

/** An item with what it is sorted by. */
struct sorting {
    struct evaluation *evaluation;
    bool is_reverse;
};

/** Orders tuples of key and item by the key. */
static bool order_keys(const struct value *left, const struct value *right, void *context, int *order,
                       struct error *error)
{
    const struct sorting *sorting = context;
    if (!value_order(left->as.list->items[0], right->as.list->items[0], "<", order, error))
        return false;
    if (sorting->is_reverse && *order != VALUE_UNORDERED)
        *order = -*order;
    return true;
}

/** The items as tuples of key and item. */
static struct list *with_keys(struct evaluation *evaluation, const struct list *self, struct value key,
                              struct error *error)
{
    struct list *pairs = list_new(self->count);
    for (size_t i = 0; i < self->count; i++) {
        struct list *pair = list_new(2);
        struct value item, by;
        list_push_take(pairs, value_tuple_take(pair));
        if (!item_read(evaluation, self->items[i], &item, error))
            goto failed;
        list_push_take(pair, value_copy(item));
        list_push_take(pair, item);
        if (value_is_null(key))
            continue;
        if (!evaluation_call(evaluation, key, &pair->items[1], 1, NULL, &by, error))
            goto failed;
        list_set_take(pair, 0, by);
    }
    return pairs;
failed:
    list_drop(pairs);
    return NULL;
}

static bool list_sort(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    struct list *self = arguments[0].as.list;
    struct list *pairs = with_keys(evaluation, self, arguments[1], error);
    struct sorting sorting = {evaluation, value_truth(arguments[2])};
    if (!pairs)
        return false;
    OWNED owner = value_list_take(pairs);
    if (!value_sort(pairs->items, pairs->count, order_keys, &sorting, error))
        return false;
    for (size_t i = 0; i < pairs->count; i++)
        list_set_take(self, i, value_copy(pairs->items[i].as.list->items[1]));
    *result = value_null();
    return true;
}

static bool list_clone_of(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = value_list_take(list_clone(arguments[0].as.list));
    return true;
}

static bool list_clear(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    (void)error;
    struct list *self = arguments[0].as.list;
    while (self->count)
        value_drop(list_remove(self, self->count - 1));
    *result = value_null();
    return true;
}

static const struct function rows[] = {
    {"list.append", "self, object", list_append, METHOD_THAT_CHANGES | FUNCTION_TAKES_OMIT, "Adds an item at the end."},
    {"list.clear", "self", list_clear, METHOD_THAT_CHANGES, "Removes all items."},
    {"list.copy", "self", list_clone_of, METHOD_OF_CONTAINER, "Another list of the same items."},
    {"list.count", "self, value", list_count, 0, "How often an item is in the list."},
    {"list.extend", "self, iterable", list_extend_by, METHOD_THAT_CHANGES, "Adds all items of an iterable."},
    {"list.index", "self, value, start=None, stop=None", list_index, 0,
     "The index of the first equal item; an error when there is none."},
    {"list.insert", "self, index, object", list_insert, METHOD_THAT_CHANGES | FUNCTION_TAKES_OMIT,
     "Adds an item before an index."},
    {"list.pop", "self, index=-1", list_pop, METHOD_THAT_CHANGES, "Removes an item (the last) and returns it."},
    {"list.remove", "self, value", list_remove_item, METHOD_THAT_CHANGES, "Removes the first equal item."},
    {"list.reverse", "self", list_reverse_all, METHOD_THAT_CHANGES, "Turns the order around."},
    {"list.sort", "self, key=None, reverse=False", list_sort, METHOD_THAT_CHANGES, "Sorts the items in place."},
    {"tuple.count", "self, value", list_count, 0, "How often an item is in the tuple."},
    {"tuple.index", "self, value, start=None, stop=None", list_index, 0,
     "The index of the first equal item; an error when there is none."},
};

const struct function_table methods_list = {FUNCTION_METHOD, NULL, rows, COUNT_OF(rows)};
