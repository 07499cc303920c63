#include "stdlib/methods/container.h"

#include "runtime/limits.h"

/** Is the body of `container` to be found in `value`?  What is nested past the limit counts as such. */
static bool holds(struct value value, struct value container, int depth)
{
    if (!value_is_sequence(value) && !value_is_dict(value))
        return false;
    if (value.as.references == container.as.references || depth > LIMIT_VALUE_DEPTH)
        return true;
    if (value_is_dict(value)) {
        const struct dict_entry *entry;
        for (size_t i = 0; dict_next(value.as.dict, &i, &entry);)
            if (holds(entry->value, container, depth + 1))
                return true;
        return false;
    }
    for (size_t i = 0; i < value.as.list->count; i++)
        if (holds(value.as.list->items[i], container, depth + 1))
            return true;
    return false;
}

/** A copy all the way down. */
static struct value clone(struct value value, int depth)
{
    if (depth > LIMIT_VALUE_DEPTH)
        return value_null();
    if (value_is_dict(value)) {
        struct value copy = value_dict_new();
        const struct dict_entry *entry;
        for (size_t i = 0; dict_next(value.as.dict, &i, &entry);)
            dict_set_take(copy.as.dict, value_copy(entry->key), clone(entry->value, depth + 1));
        return copy;
    }
    if (!value_is_sequence(value))
        return value_copy(value);
    struct list *items = list_new(value.as.list->count);
    for (size_t i = 0; i < value.as.list->count; i++)
        list_push_take(items, clone(value.as.list->items[i], depth + 1));
    return value_is_list(value) ? value_list_take(items) : value_tuple_take(items);
}

struct value container_item(struct value container, struct value value)
{
    return holds(value, container, 0) ? clone(value, 0) : value_copy(value);
}
