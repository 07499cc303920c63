/*
 * Stable merge sort, top down, on runs that insertion made (Knuth, TAOCP 3, 5.2.4).  As Python's, it only asks
 * whether a later item is less than an earlier one, so errors name the operands in that order.
 */
#include <string.h>

#include "runtime/value/compare.h"

enum { SORT_RUN = 8 };

struct sort {
    value_compare_function *compare;
    void *context;
    struct value *spare; /* room for half of the items */
    struct error *error;
};

static bool default_compare(const struct value *left, const struct value *right, void *context, int *order,
                            struct error *error)
{
    (void)context;
    return value_order(*left, *right, "<", order, error);
}

static bool is_less(const struct sort *sort, const struct value *left, const struct value *right, bool *less)
{
    int order = 0;
    if (!sort->compare(left, right, sort->context, &order, sort->error))
        return false;
    *less = order < 0;
    return true;
}

static bool insertion_sort(const struct sort *sort, struct value *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct value moved = items[i];
        size_t place = i;
        for (; place > 0; place--) {
            bool less;
            if (!is_less(sort, &moved, &items[place - 1], &less)) {
                memmove(&items[place + 1], &items[place], (i - place) * sizeof *items);
                items[place] = moved;
                return false;
            }
            if (!less)
                break;
        }
        memmove(&items[place + 1], &items[place], (i - place) * sizeof *items);
        items[place] = moved;
    }
    return true;
}

/** Merges items[0..middle) with items[middle..count), both sorted; whatever happens, nothing is lost. */
static bool merge(const struct sort *sort, struct value *items, size_t middle, size_t count)
{
    bool less, done = true;
    if (!is_less(sort, &items[middle], &items[middle - 1], &less))
        return false;
    if (!less)
        return true;
    memcpy(sort->spare, items, middle * sizeof *items);
    size_t left = 0, right = middle, out = 0;
    while (left < middle && right < count) {
        if (!(done = is_less(sort, &items[right], &sort->spare[left], &less)))
            break;
        items[out++] = less ? items[right++] : sort->spare[left++];
    }
    memcpy(&items[out], &sort->spare[left], (middle - left) * sizeof *items);
    return done;
}

static bool merge_sort(const struct sort *sort, struct value *items, size_t count)
{
    if (count <= SORT_RUN)
        return insertion_sort(sort, items, count);
    size_t middle = count / 2;
    return merge_sort(sort, items, middle) && merge_sort(sort, items + middle, count - middle) &&
           merge(sort, items, middle, count);
}

bool value_sort(struct value *items, size_t count, value_compare_function *compare, void *context, struct error *error)
{
    CLEANUP(memory_cleanup)
    struct value *spare = count > SORT_RUN ? memory_resize(NULL, count / 2, sizeof *spare) : NULL;
    struct sort sort = {compare ? compare : default_compare, context, spare, error};
    return merge_sort(&sort, items, count);
}
