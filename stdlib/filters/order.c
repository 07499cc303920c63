/*
 * Filters that compare items: sort, dictsort, groupby, unique, min, max.
 * All ignore the case of texts unless told otherwise, and find what they compare by a path of attributes.
 */
#include <string.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/compare.h"
#include "runtime/value/value_set.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"
#include "stdlib/items.h"

/** How an item's key is made. */
struct key_rule {
    struct value attribute;
    struct value case_sensitive;
};

static bool find_key(struct evaluation *evaluation, const struct attribute_path *path, bool keeps_case,
                     struct value item, struct value *key, struct error *error)
{
    OWNED found = value_null(), resolved = value_null();
    if (!attribute_path_find(evaluation, path, item, &found, error) ||
        !evaluation_resolve(evaluation, found, &resolved, error))
        return false;
    *key = keeps_case ? value_steal(&resolved) : item_ignoring_case(resolved);
    return true;
}

/** The key of each item, as a list, or NULL. */
static struct list *find_keys(struct evaluation *evaluation, const struct list *items, struct key_rule rule,
                              struct error *error)
{
    bool keeps_case = value_truth(rule.case_sensitive);
    CLEANUP(attribute_path_done) struct attribute_path path;
    attribute_path_init(&path, rule.attribute);
    OWNED keys = value_list_take(list_new(items->count));
    for (size_t i = 0; i < items->count; i++) {
        struct value key;
        if (!find_key(evaluation, &path, keeps_case, items->items[i], &key, error))
            return NULL;
        list_push_take(keys.as.list, key);
    }
    return value_steal(&keys).as.list;
}

/* ---- sorting by keys ---- */

/** Places of items are sorted; `keys` has one list a level, most significant first. */
struct key_order {
    struct value *keys;
    size_t levels;
    bool is_reverse;
};

/** As Python compares lists of keys: the first level that is not equal decides. */
static bool compare_places(const struct value *left, const struct value *right, void *context, int *order,
                           struct error *error)
{
    const struct key_order *by = context;
    for (size_t i = 0; i < by->levels; i++) {
        const struct value *keys = by->keys[i].as.list->items;
        struct value left_key = keys[left->as.integer], right_key = keys[right->as.integer];
        if (value_equal(left_key, right_key))
            continue;
        if (!value_order(by->is_reverse ? right_key : left_key, by->is_reverse ? left_key : right_key, "<", order,
                         error))
            return false;
        return true;
    }
    *order = 0;
    return true;
}

/** The items in the order of their keys, equal ones as they were. */
static bool sort_by_keys(const struct list *items, struct key_order *by, struct value *result, struct error *error)
{
    OWNED places = value_list_take(list_new(items->count)), sorted = value_list_take(list_new(items->count));
    for (size_t i = 0; i < items->count; i++)
        list_push_take(places.as.list, value_int((int64_t)i));
    if (!value_sort(places.as.list->items, items->count, compare_places, by, error))
        return false;
    for (size_t i = 0; i < items->count; i++)
        list_push_take(sorted.as.list, value_copy(items->items[places.as.list->items[i].as.integer]));
    *result = value_steal(&sorted);
    return true;
}

/** Python's sorted() takes only integers and booleans as `reverse`. */
static bool read_reverse(struct value reverse, bool *is_reverse, struct error *error)
{
    int64_t number;
    if (!argument_int(reverse, &number, error))
        return false;
    *is_reverse = number != 0;
    return true;
}

/** "a,b.c" sorts by a, then by b.c: the paths between the commas. */
static struct value split_attribute(struct value attribute)
{
    OWNED paths = value_list_new();
    if (!value_is_string(attribute)) {
        list_push_take(paths.as.list, value_copy(attribute));
        return value_steal(&paths);
    }
    const char *start = attribute.as.text->bytes, *end = start + attribute.as.text->length;
    for (const char *comma; (comma = memchr(start, ',', (size_t)(end - start))); start = comma + 1)
        list_push_take(paths.as.list, value_string_length(start, (size_t)(comma - start)));
    list_push_take(paths.as.list, value_string_length(start, (size_t)(end - start)));
    return value_steal(&paths);
}

static bool filter_sort(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    OWNED items = value_null(), paths = split_attribute(arguments[3]), keys = value_list_new();
    struct list *list = items_read(evaluation, arguments[0], ITEMS_REFUSE_UNDEFINED, error);
    if (!list)
        return false;
    items = value_list_take(list);
    for (size_t i = 0; i < paths.as.list->count; i++) {
        struct key_rule rule = {.attribute = paths.as.list->items[i], .case_sensitive = arguments[2]};
        struct list *level = find_keys(evaluation, list, rule, error);
        if (!level)
            return false;
        list_push_take(keys.as.list, value_list_take(level));
    }
    struct key_order by = {.keys = keys.as.list->items, .levels = keys.as.list->count};
    return read_reverse(arguments[1], &by.is_reverse, error) && sort_by_keys(list, &by, result, error);
}

static bool filter_dictsort(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    int64_t place;
    if (value_equals_string(arguments[2], "key"))
        place = 0;
    else if (value_equals_string(arguments[2], "value"))
        place = 1;
    else
        return error_set(error, ERROR_FILTER, "You can only sort by either \"key\" or \"value\"");
    struct list *pairs = items_read_pairs(evaluation, arguments[0], error);
    if (!pairs)
        return false;
    OWNED owner = value_list_take(pairs);
    struct key_rule rule = {.attribute = value_int(place), .case_sensitive = arguments[1]};
    struct list *keys = find_keys(evaluation, pairs, rule, error);
    if (!keys)
        return false;
    OWNED level = value_list_take(keys);
    struct key_order by = {.keys = &level, .levels = 1};
    return read_reverse(arguments[3], &by.is_reverse, error) && sort_by_keys(pairs, &by, result, error);
}

/* ---- groupby ---- */

static const char *const group_fields[] = {"grouper", "list"};
static const struct tuple_shape group_shape = {"GroupTuple", group_fields};

static struct value group_take(struct value key, struct value items)
{
    struct list *group = list_new(2);
    group->shape = &group_shape;
    list_push_take(group, key);
    list_push_take(group, items);
    return value_tuple_take(group);
}

/** The groups of items whose neighbouring keys are equal; each is named by its first item's key with its own case. */
static bool divide_groups(struct evaluation *evaluation, const struct list *pairs, const struct attribute_path *path,
                          struct list *groups, struct error *error)
{
    for (size_t i = 0; i < pairs->count;) {
        OWNED members = value_list_new();
        const struct value *first = pairs->items[i].as.list->items;
        for (; i < pairs->count && value_equal(pairs->items[i].as.list->items[0], first[0]); i++)
            list_push_take(members.as.list, value_copy(pairs->items[i].as.list->items[1]));
        if (members.as.list->count == 0) /* a NaN is not even equal to itself */
            list_push_take(members.as.list, value_copy(pairs->items[i++].as.list->items[1]));
        struct value key;
        if (!find_key(evaluation, path, true, first[1], &key, error))
            return false;
        list_push_take(groups, group_take(key, value_steal(&members)));
    }
    return true;
}

/** (key, item) of each item. */
static struct value pair_with_keys(const struct list *keys, const struct list *items)
{
    struct list *pairs = list_new(items->count);
    for (size_t i = 0; i < items->count; i++) {
        struct list *pair = list_new(2);
        list_push_take(pair, value_copy(keys->items[i]));
        list_push_take(pair, value_copy(items->items[i]));
        list_push_take(pairs, value_tuple_take(pair));
    }
    return value_list_take(pairs);
}

static bool filter_groupby(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    struct list *list = items_read(evaluation, arguments[0], ITEMS_REFUSE_UNDEFINED, error);
    if (!list)
        return false;
    OWNED items = value_list_take(list), keys = value_null(), sorted = value_null(), groups = value_list_new();
    struct key_rule rule = {.attribute = arguments[1], .case_sensitive = arguments[3]};
    struct list *key_list = find_keys(evaluation, list, rule, error);
    if (!key_list)
        return false;
    keys = value_list_take(key_list);
    OWNED pairs = pair_with_keys(key_list, list);
    struct key_order by = {.keys = &keys, .levels = 1};
    if (!sort_by_keys(pairs.as.list, &by, &sorted, error))
        return false;
    CLEANUP(attribute_path_done) struct attribute_path path;
    attribute_path_init(&path, arguments[1]);
    if (!divide_groups(evaluation, sorted.as.list, &path, groups.as.list, error))
        return false;
    *result = value_steal(&groups);
    return true;
}

/* ---- unique ---- */

static bool push_unique(const struct list *items, const struct list *keys, struct list *out)
{
    CLEANUP(value_set_done) struct value_set seen = {0};
    for (size_t i = 0; i < items->count; i++)
        if (value_set_add(&seen, keys->items[i]))
            list_push_take(out, value_copy(items->items[i]));
    return true;
}

/** Jinja's way: keys must be hashable. */
static bool unique_by_keys(struct evaluation *evaluation, const struct list *items, struct key_rule rule,
                           struct list *out, struct error *error)
{
    struct list *keys = find_keys(evaluation, items, rule, error);
    if (!keys)
        return false;
    OWNED owner = value_list_take(keys);
    for (size_t i = 0; i < keys->count; i++)
        if (!dict_key_check(keys->items[i], error))
            return false;
    return push_unique(items, keys, out);
}

/** Ansible's way, where Jinja's fails: any values, and their case counts.  It has neither an attribute nor `case_sensitive=false`. */
static bool unique_fallback(struct evaluation *evaluation, const struct value *arguments, const struct list *items,
                            struct value *result, struct error *error)
{
    bool is_possible = (value_is_null(arguments[1]) || value_truth(arguments[1])) && value_is_null(arguments[2]);
    if (!is_possible) {
        CLEANUP(memory_cleanup) char *reason = error_chain_message(error);
        error_done(error);
        return error_set(error, ERROR_FILTER,
                         "Jinja2's unique filter failed and we cannot fall back to Ansible's version as it does not "
                         "support the parameters supplied: %s",
                         reason);
    }
    if (!items)
        return false;
    error_done(error);
    OWNED resolved = value_null(), owner = value_list_take(list_copy((struct list *)items)), out = value_list_new();
    if (!evaluation_resolve(evaluation, owner, &resolved, error))
        return false;
    push_unique(resolved.as.list, resolved.as.list, out.as.list);
    *result = value_steal(&out);
    return true;
}

static bool filter_unique(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    struct list *items = items_read(evaluation, arguments[0], ITEMS_REFUSE_UNDEFINED, error);
    OWNED owner = items ? value_list_take(items) : value_null(), out = value_list_new();
    struct key_rule rule = {.attribute = arguments[2], .case_sensitive = arguments[1]};
    if (!items || !unique_by_keys(evaluation, items, rule, out.as.list, error))
        return unique_fallback(evaluation, arguments, items, result, error);
    *result = value_steal(&out);
    return true;
}

/* ---- min and max ---- */

/** The first item whose key stands before ("<") or behind (">") all others. */
static bool find_extreme(struct evaluation *evaluation, const struct value *arguments, const char *operation,
                         struct value *result, struct error *error)
{
    struct list *items = items_read(evaluation, arguments[0], ITEMS_REFUSE_UNDEFINED, error);
    if (!items)
        return false;
    OWNED owner = value_list_take(items);
    if (items->count == 0) {
        *result = value_undefined((struct span){0}, NULL, "No aggregated item, sequence was empty.");
        return true;
    }
    struct key_rule rule = {.attribute = arguments[2], .case_sensitive = arguments[1]};
    struct list *keys = find_keys(evaluation, items, rule, error);
    if (!keys)
        return false;
    OWNED key_owner = value_list_take(keys);
    size_t best = 0;
    for (size_t i = 1; i < items->count; i++) {
        int order;
        if (!value_order(keys->items[i], keys->items[best], operation, &order, error))
            return false;
        if (order == (operation[0] == '<' ? -1 : 1))
            best = i;
    }
    *result = value_copy(items->items[best]);
    return true;
}

static bool filter_min(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    return find_extreme(evaluation, arguments, "<", result, error);
}

static bool filter_max(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    return find_extreme(evaluation, arguments, ">", result, error);
}

static const struct function rows[] = {
    {"dictsort", "value, case_sensitive=False, by='key', reverse=False", filter_dictsort, FUNCTION_TAKES_LAZY,
     "A dict's (key, value) pairs sorted by key or by value"},
    {"groupby", "value, attribute, default=None, case_sensitive=False", filter_groupby, FUNCTION_TAKES_LAZY,
     "The items in groups (grouper, list) by an attribute, sorted by it"},
    {"max", "value, case_sensitive=False, attribute=None", filter_max, FUNCTION_TAKES_LAZY,
     "The greatest item, or the one with the greatest attribute"},
    {"min", "value, case_sensitive=False, attribute=None", filter_min, FUNCTION_TAKES_LAZY,
     "The least item, or the one with the least attribute"},
    {"sort", "value, reverse=False, case_sensitive=False, attribute=None", filter_sort, FUNCTION_TAKES_LAZY,
     "The items in order, equal ones as they were; attribute: by one or more, \"a,b.c\""},
    {"unique", "a, case_sensitive=None, attribute=None", filter_unique, FUNCTION_TAKES_LAZY,
     "The items without repetitions, or the first of each value of an attribute"},
};

const struct function_table filters_order = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
