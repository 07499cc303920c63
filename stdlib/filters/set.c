/*
 * Filters that take lists as sets: union, intersect, difference, symmetric_difference; and those that pair and combine
 * items: zip, zip_longest, product, permutations, combinations, flatten.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/value_set.h"
#include "stdlib/filters/filters.h"
#include "stdlib/items.h"

/* ---- sets ---- */

/** Which items of the two lists stay. */
enum set_operation { SET_UNION, SET_INTERSECT, SET_DIFFERENCE, SET_SYMMETRIC_DIFFERENCE };

/** Pushes the items of `list` that are new and, where `other` is given, in it (`wanted`) or not in it. */
static void push_chosen(const struct list *list, const struct value_set *other, bool wanted, struct value_set *seen,
                        struct list *out)
{
    for (size_t i = 0; i < list->count; i++)
        if ((!other || value_set_has(other, list->items[i]) == wanted) && value_set_add(seen, list->items[i]))
            list_push_take(out, value_copy(list->items[i]));
}

static void set_of(struct value_set *set, const struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        value_set_add(set, list->items[i]);
}

/** The result of an operation on two lists, in the order of the first, then of the second. */
static void combine_sets(enum set_operation operation, const struct list *left, const struct list *right,
                         struct list *out)
{
    struct value_set in_left = {0}, in_right = {0}, seen = {0};
    set_of(&in_left, left);
    set_of(&in_right, right);
    switch (operation) {
    case SET_UNION:
        push_chosen(left, NULL, true, &seen, out);
        push_chosen(right, NULL, true, &seen, out);
        break;
    case SET_INTERSECT:
        push_chosen(left, &in_right, true, &seen, out);
        break;
    case SET_DIFFERENCE:
        push_chosen(left, &in_right, false, &seen, out);
        break;
    case SET_SYMMETRIC_DIFFERENCE:
        push_chosen(left, &in_right, false, &seen, out);
        push_chosen(right, &in_left, false, &seen, out);
        break;
    }
    value_set_done(&in_left);
    value_set_done(&in_right);
    value_set_done(&seen);
}

static bool run_set(struct evaluation *evaluation, enum set_operation operation, const struct value *arguments,
                    struct value *result, struct error *error)
{
    struct list *left = items_read(evaluation, arguments[0], ITEMS_REFUSE_UNDEFINED, error);
    OWNED owned_left = left ? value_list_take(left) : value_null();
    struct list *right = left ? items_read(evaluation, arguments[1], ITEMS_REFUSE_UNDEFINED, error) : NULL;
    OWNED owned_right = right ? value_list_take(right) : value_null();
    if (!right)
        return false;
    OWNED out = value_list_new();
    combine_sets(operation, left, right, out.as.list);
    *result = value_steal(&out);
    return true;
}

#define SET_FILTER(name, operation)                                                                                    \
    static bool filter_##name(struct evaluation *evaluation, const struct value *arguments, struct value *result,      \
                              struct error *error)                                                                     \
    {                                                                                                                  \
        return run_set(evaluation, operation, arguments, result, error);                                               \
    }

SET_FILTER(union, SET_UNION)
SET_FILTER(intersect, SET_INTERSECT)
SET_FILTER(difference, SET_DIFFERENCE)
SET_FILTER(symmetric_difference, SET_SYMMETRIC_DIFFERENCE)

/* ---- zip ---- */

/** The first argument and those of *rest as lists of items; owned by the result, a list of lists. */
static bool columns_of(struct evaluation *evaluation, struct value first, struct value rest, struct value *columns,
                       struct error *error)
{
    OWNED all = value_list_new();
    for (size_t i = 0; i <= rest.as.list->count; i++) {
        struct value column = i == 0 ? first : rest.as.list->items[i - 1];
        struct list *items = items_read(evaluation, column, ITEMS_REFUSE_UNDEFINED, error);
        if (!items)
            return false;
        list_push_take(all.as.list, value_list_take(items));
    }
    *columns = value_steal(&all);
    return true;
}

/** Tuples of one item of each column; short columns are filled up with `fill` (NULL: the shortest ends it). */
static struct value rows_of(const struct list *columns, const struct value *fill)
{
    size_t length = fill ? 0 : SIZE_MAX;
    for (size_t i = 0; i < columns->count; i++) {
        size_t count = columns->items[i].as.list->count;
        length = fill ? (count > length ? count : length) : (count < length ? count : length);
    }
    struct list *rows = list_new(length);
    for (size_t row = 0; row < length; row++) {
        struct list *items = list_new(columns->count);
        for (size_t i = 0; i < columns->count; i++) {
            const struct list *column = columns->items[i].as.list;
            list_push_take(items, value_copy(row < column->count ? column->items[row] : *fill));
        }
        list_push_take(rows, value_tuple_take(items));
    }
    return value_list_take(rows);
}

static bool filter_zip(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    OWNED columns = value_null();
    if (!columns_of(evaluation, arguments[0], arguments[1], &columns, error))
        return false;
    if (value_truth(arguments[2]))
        for (size_t i = 1; i < columns.as.list->count; i++)
            if (columns.as.list->items[i].as.list->count != columns.as.list->items[0].as.list->count)
                return error_set(error, ERROR_VALUE, "zip() argument %zu is %s than argument%s %s", i + 1,
                                 columns.as.list->items[i].as.list->count < columns.as.list->items[0].as.list->count
                                     ? "shorter"
                                     : "longer",
                                 i > 1 ? "s" : "", i > 1 ? "1-2" : "1");
    *result = rows_of(columns.as.list, NULL);
    return true;
}

static bool filter_zip_longest(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                               struct error *error)
{
    OWNED columns = value_null();
    if (!columns_of(evaluation, arguments[0], arguments[1], &columns, error))
        return false;
    *result = rows_of(columns.as.list, &arguments[2]);
    return true;
}

/* ---- combinations ---- */

static bool too_many(struct error *error)
{
    return error_set(error, ERROR_LIMIT, "the result would have more than %d items", LIMIT_RANGE_ITEMS);
}

/** The items at these places, as a tuple. */
static struct value chosen(const struct list *items, const size_t *places, size_t count)
{
    struct list *row = list_new(count);
    for (size_t i = 0; i < count; i++)
        list_push_take(row, value_copy(items->items[places[i]]));
    return value_tuple_take(row);
}

/** itertools.product: the last column turns fastest. */
static bool product_of(const struct list *columns, struct list *out, struct error *error)
{
    size_t *places = memory_new_array(columns->count + 1, sizeof *places);
    bool has_more = true;
    for (size_t i = 0; i < columns->count; i++)
        has_more &= columns->items[i].as.list->count > 0;
    while (has_more && out->count < LIMIT_RANGE_ITEMS) {
        struct list *row = list_new(columns->count);
        for (size_t i = 0; i < columns->count; i++)
            list_push_take(row, value_copy(columns->items[i].as.list->items[places[i]]));
        list_push_take(out, value_tuple_take(row));
        size_t at = columns->count;
        while (at > 0 && ++places[at - 1] == columns->items[at - 1].as.list->count)
            places[--at] = 0;
        has_more = at > 0;
    }
    free(places);
    return !has_more || too_many(error);
}

static bool filter_product(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    OWNED columns = value_null();
    OWNED repeated = value_list_new();
    OWNED out = value_list_new();
    int64_t repeat;
    if (!columns_of(evaluation, arguments[0], arguments[1], &columns, error))
        return false;
    if (!value_to_int64(arguments[2], &repeat))
        return error_set(error, ERROR_TYPE, "'%s' object cannot be interpreted as an integer",
                         value_type_name(arguments[2]));
    if (repeat < 0)
        return error_set(error, ERROR_VALUE, "repeat argument cannot be negative");
    for (int64_t i = 0; i < repeat; i++) {
        if (repeated.as.list->count > LIMIT_RANGE_ITEMS)
            return too_many(error);
        list_extend(repeated.as.list, columns.as.list);
    }
    if (!product_of(repeated.as.list, out.as.list, error))
        return false;
    *result = value_steal(&out);
    return true;
}

/** The size of the choice: null means all. */
static bool choice_size(struct value argument, size_t all, int64_t *size, struct error *error)
{
    *size = (int64_t)all;
    if (value_is_null(argument))
        return true;
    if (!value_to_int64(argument, size))
        return error_set(error, ERROR_TYPE, "'%s' object cannot be interpreted as an integer",
                         value_type_name(argument));
    return *size >= 0 || error_set(error, ERROR_VALUE, "r must be non-negative");
}

/** itertools.permutations of `size` items (docs.python.org gives the algorithm). */
static bool permute(const struct list *items, size_t size, struct list *out, struct error *error)
{
    size_t count = items->count;
    size_t *places = memory_new_array(count + 1, sizeof *places), *cycles = memory_new_array(size + 1, sizeof *cycles);
    for (size_t i = 0; i < count; i++)
        places[i] = i;
    for (size_t i = 0; i < size; i++)
        cycles[i] = count - i;
    list_push_take(out, chosen(items, places, size));
    for (size_t i = size; i > 0 && out->count < LIMIT_RANGE_ITEMS;) {
        if (--cycles[i - 1] == 0) {
            size_t first = places[i - 1];
            memmove(&places[i - 1], &places[i], (count - i) * sizeof *places);
            places[count - 1] = first;
            cycles[i - 1] = count - (i - 1);
            --i;
        } else {
            size_t other = count - cycles[i - 1], swapped = places[i - 1];
            places[i - 1] = places[other];
            places[other] = swapped;
            list_push_take(out, chosen(items, places, size));
            i = size;
        }
    }
    free(places);
    free(cycles);
    return out->count < LIMIT_RANGE_ITEMS || too_many(error);
}

/** itertools.combinations of `size` items. */
static bool combine(const struct list *items, size_t size, struct list *out, struct error *error)
{
    size_t *places = memory_new_array(size + 1, sizeof *places);
    bool has_more = true;
    for (size_t i = 0; i < size; i++)
        places[i] = i;
    while (has_more && out->count < LIMIT_RANGE_ITEMS) {
        list_push_take(out, chosen(items, places, size));
        size_t at = size;
        while (at > 0 && places[at - 1] == at - 1 + items->count - size)
            --at;
        has_more = at > 0;
        if (has_more)
            ++places[at - 1];
        for (size_t i = at; has_more && i < size; i++)
            places[i] = places[i - 1] + 1;
    }
    free(places);
    return !has_more || too_many(error);
}

typedef bool choose_function(const struct list *items, size_t size, struct list *out, struct error *error);

static bool run_choice(struct evaluation *evaluation, choose_function *choose, const struct value *arguments,
                       struct value *result, struct error *error)
{
    struct list *items = items_read(evaluation, arguments[0], ITEMS_REFUSE_UNDEFINED, error);
    OWNED owned = items ? value_list_take(items) : value_null();
    OWNED out = value_list_new();
    int64_t size;
    if (!items || !choice_size(arguments[1], items->count, &size, error))
        return false;
    if ((size_t)size <= items->count && !choose(items, (size_t)size, out.as.list, error))
        return false;
    *result = value_steal(&out);
    return true;
}

static bool filter_permutations(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                struct error *error)
{
    return run_choice(evaluation, permute, arguments, result, error);
}

static bool filter_combinations(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                struct error *error)
{
    if (value_is_null(arguments[1]))
        return error_set(error, ERROR_TYPE, "combinations() missing required argument 'r' (pos 2)");
    return run_choice(evaluation, combine, arguments, result, error);
}

/* ---- flatten ---- */

/** null, 'None' and 'null' count as nothing. */
static bool is_nothing(struct value value)
{
    return value_is_null(value) || value_equals_string(value, "None") || value_equals_string(value, "null");
}

/** How deep lists are opened. */
struct flattening {
    struct value levels; /* null: all; looked at only where there is a list in the list, as in the reference */
    bool skips_nulls;
};

/** Pushes items, those of lists among them where `depth` levels are opened already and more may be. */
static bool flatten_into(struct evaluation *evaluation, struct value value, const struct flattening *flattening,
                         int64_t depth, struct list *out, struct error *error)
{
    struct list *items = items_read(evaluation, value, ITEMS_REFUSE_UNDEFINED, error);
    if (!items)
        return false;
    OWNED owned = value_list_take(items);
    for (size_t i = 0; i < items->count; i++) {
        struct value item = items->items[i];
        int64_t levels = INT64_MAX;
        if (is_nothing(item) && flattening->skips_nulls)
            continue;
        if (value_is_sequence(item) && !value_is_null(flattening->levels) &&
            !value_to_int64(flattening->levels, &levels))
            return error_set(error, ERROR_TYPE, "'>=' not supported between instances of '%s' and 'int'",
                             value_type_name(flattening->levels));
        if (!value_is_sequence(item) || depth >= levels)
            list_push_take(out, value_copy(item));
        else if (!flatten_into(evaluation, item, flattening, depth + 1, out, error))
            return false;
    }
    return true;
}

static bool filter_flatten(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    OWNED out = value_list_new();
    struct flattening flattening = {arguments[1], value_truth(arguments[2])};
    if (!flatten_into(evaluation, arguments[0], &flattening, 0, out.as.list, error))
        return false;
    *result = value_steal(&out);
    return true;
}

static const struct function rows[] = {
    {"combinations", "value, r=None", filter_combinations, 0, "All choices of r items, in order, without repetition"},
    {"difference", "a, b", filter_difference, 0,
     "The items of the first list that the second does not have, each once"},
    {"flatten", "mylist, levels=None, skip_nulls=True", filter_flatten, 0,
     "Lists in the list opened, all or so many levels deep"},
    {"intersect", "a, b", filter_intersect, 0, "The items that both lists have, each once"},
    {"permutations", "value, r=None", filter_permutations, 0, "All arrangements of r items (all of them by default)"},
    {"product", "value, *others, repeat=1", filter_product, 0, "Every combination of one item from each list"},
    {"symmetric_difference", "a, b", filter_symmetric_difference, 0,
     "The items that only one of two lists has, each once"},
    {"union", "a, b", filter_union, 0, "The items of both lists, each once"},
    {"zip", "value, *others, strict=False", filter_zip, 0,
     "Lists of the first items, the second items ..., to the end of the shortest"},
    {"zip_longest", "value, *others, fillvalue=None", filter_zip_longest, 0,
     "The same to the end of the longest, filled up with fillvalue"},
};

const struct function_table filters_set = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
