/*
 * Filters of community.general on lists, and on what dicts are made of: accumulate, counter, dict, dict_kv,
 * groupby_as_dict, version_sort.
 */
#include "runtime/value/arithmetic.h"
#include "runtime/value/compare.h"
#include "runtime/value/repr.h"
#include "stdlib/filters/filters.h"
#include "stdlib/tests/version.h"

/** Is it what Python calls a sequence: a list, a tuple, text? */
static bool is_sequence(struct value value)
{
    return value_is_sequence(value) || value_is_string(value);
}

/* ---- counter ---- */

static bool filter_counter(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    OWNED counts = value_dict_new(), shown = value_str(arguments[0]);
    if (!is_sequence(arguments[0]))
        return error_set(
            error, ERROR_TYPE,
            "Argument for community.general.counter must be a sequence (string or list). %s is <class '%s'>",
            value_bytes(shown), value_type_name(arguments[0]));
    struct list *items = evaluation_items(evaluation, arguments[0], error);
    if (!items)
        return false;
    OWNED owner = value_list_take(items);
    for (size_t i = 0; i < items->count; i++) {
        OWNED_ERROR cause = {0};
        if (!dict_key_check(items->items[i], &cause))
            return error_set(
                error, ERROR_TYPE,
                "community.general.counter needs a sequence with hashable elements (int, float or str) - %s",
                cause.message);
        const struct value *count = dict_find(counts.as.dict, items->items[i]);
        int64_t counted = count ? count->as.integer : 0;
        dict_set_take(counts.as.dict, value_copy(items->items[i]), value_int(counted + 1));
    }
    *result = value_steal(&counts);
    return true;
}

/* ---- dict ---- */

/** Enters item `index` of the pairs: anything that has two items. */
static bool enter_pair(struct evaluation *evaluation, struct dict *out, struct value pair, size_t index,
                       struct error *error)
{
    OWNED_ERROR cause = {0};
    struct list *parts = evaluation_items(evaluation, pair, &cause);
    if (!parts)
        return error_set(error, ERROR_TYPE, "cannot convert dictionary update sequence element #%zu to a sequence",
                         index);
    OWNED owner = value_list_take(parts);
    if (parts->count != 2)
        return error_set(error, ERROR_VALUE, "dictionary update sequence element #%zu has length %zu; 2 is required",
                         index, parts->count);
    if (!dict_key_check(parts->items[0], error))
        return false;
    dict_set_take(out, value_copy(parts->items[0]), value_copy(parts->items[1]));
    return true;
}

static bool filter_dict(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    OWNED out = value_dict_new();
    if (value_is_dict(arguments[0])) {
        *result = value_copy(arguments[0]);
        return true;
    }
    struct list *pairs = evaluation_items(evaluation, arguments[0], error);
    if (!pairs)
        return false;
    OWNED owner = value_list_take(pairs);
    for (size_t i = 0; i < pairs->count; i++)
        if (!enter_pair(evaluation, out.as.dict, pairs->items[i], i, error))
            return false;
    *result = value_steal(&out);
    return true;
}

static bool filter_dict_kv(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    if (!dict_key_check(arguments[1], error))
        return false;
    struct dict *out = dict_new();
    dict_set_take(out, value_copy(arguments[1]), value_copy(arguments[0]));
    *result = value_dict_take(out);
    return true;
}

/* ---- groupby_as_dict ---- */

static bool enter_element(struct dict *out, struct value element, size_t index, struct value attribute,
                          struct error *error)
{
    if (!value_is_dict(element))
        return error_set(error, ERROR_FILTER, "Sequence element #%zu is not a mapping", index);
    const struct value *key = dict_find(element.as.dict, attribute);
    if (!key)
        return error_set(error, ERROR_FILTER, "Attribute not contained in element #%zu of sequence", index);
    if (!dict_key_check(*key, error))
        return false;
    if (dict_find(out, *key)) {
        OWNED shown = value_repr(*key);
        return error_set(error, ERROR_FILTER, "Multiple sequence entries have attribute value %s", value_bytes(shown));
    }
    dict_set_take(out, value_copy(*key), value_copy(element));
    return true;
}

static bool filter_groupby_as_dict(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                   struct error *error)
{
    OWNED out = value_dict_new();
    if (!is_sequence(arguments[0]))
        return error_set(error, ERROR_FILTER, "Input is not a sequence");
    struct list *elements = evaluation_items(evaluation, arguments[0], error);
    if (!elements)
        return false;
    OWNED owner = value_list_take(elements);
    for (size_t i = 0; i < elements->count; i++)
        if (!enter_element(out.as.dict, elements->items[i], i, arguments[1], error))
            return false;
    *result = value_steal(&out);
    return true;
}

/* ---- version_sort ---- */

/** Orders (key, item) pairs by their keys. */
static bool compare_keys(const struct value *left, const struct value *right, void *context, int *order,
                         struct error *error)
{
    (void)context;
    return value_order(left->as.list->items[0], right->as.list->items[0], "<", order, error);
}

static bool push_version(struct list *out, struct value version, struct error *error)
{
    struct value key;
    if (!value_is_string(version))
        return error_set(error, ERROR_TYPE, "expected string or bytes-like object, got '%s'", value_type_name(version));
    if (!version_parse_loose(version.as.text, &key, error))
        return false;
    struct list *pair = list_new(2);
    list_push_take(pair, key);
    list_push_take(pair, value_copy(version));
    list_push_take(out, value_tuple_take(pair));
    return true;
}

static bool filter_version_sort(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                struct error *error)
{
    OWNED keyed = value_list_new(), sorted = value_list_new();
    struct list *versions = evaluation_items(evaluation, arguments[0], error), *pairs = keyed.as.list;
    bool is_reversed = value_truth(arguments[1]);
    if (!versions)
        return false;
    OWNED owner = value_list_take(versions);
    for (size_t i = 0; i < versions->count; i++)
        if (!push_version(pairs, versions->items[i], error))
            return false;
    /* Reversed before and after, equal versions keep their order. */
    if (is_reversed)
        list_reverse(pairs);
    if (!value_sort(pairs->items, pairs->count, compare_keys, NULL, error))
        return false;
    if (is_reversed)
        list_reverse(pairs);
    for (size_t i = 0; i < pairs->count; i++)
        list_push_take(sorted.as.list, value_copy(pairs->items[i].as.list->items[1]));
    *result = value_steal(&sorted);
    return true;
}

/* ---- accumulate ---- */

static bool filter_accumulate(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    OWNED sums = value_list_new();
    if (!is_sequence(arguments[0]))
        return error_set(error, ERROR_TYPE, "Invalid value type (<class '%s'>) for accumulate, must be a sequence",
                         value_type_name(arguments[0]));
    struct list *items = evaluation_items(evaluation, arguments[0], error);
    if (!items)
        return false;
    OWNED owner = value_list_take(items);
    for (size_t i = 0; i < items->count; i++) {
        struct value sum = value_null();
        if (i == 0)
            sum = value_copy(items->items[0]);
        else if (!value_arithmetic(ARITHMETIC_ADD, sums.as.list->items[i - 1], items->items[i], &sum, error))
            return false;
        list_push_take(sums.as.list, sum);
    }
    *result = value_steal(&sums);
    return true;
}

static const struct function rows[] = {
    {"accumulate", "value", filter_accumulate, 0, "The running sums of a list."},
    {"counter", "value", filter_counter, 0, "How often each item occurs, by item."},
    {"dict", "value", filter_dict, 0, "A list of pairs as a dict."},
    {"dict_kv", "value, key", filter_dict_kv, 0, "A dict of one key that has this value."},
    {"groupby_as_dict", "value, attribute", filter_groupby_as_dict, 0,
     "Dicts by the value that each alone has for an attribute."},
    {"version_sort", "value, reverse=False", filter_version_sort, 0,
     "Version numbers in order, so that 2.10 follows 2.9."},
};

const struct function_table filters_community_list = {FUNCTION_FILTER, "community.general", rows, COUNT_OF(rows)};
