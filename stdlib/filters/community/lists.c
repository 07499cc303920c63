/*
 * Filters of community.general on several lists: lists_union, lists_intersect, lists_difference,
 * lists_symmetric_difference, lists_mergeby.
 */
#include "runtime/value/compare.h"
#include "runtime/value/dict_merge.h"
#include "runtime/value/repr.h"
#include "runtime/value/value_set.h"
#include "stdlib/filters/filters.h"

/* ---- lists as sets ---- */

/** Pushes those items of `from` that are (or are not) in `other`, each once; `seen` has those that are pushed. */
static void push_chosen(struct list *out, struct value_set *seen, const struct list *from, const struct list *other,
                        bool is_wanted)
{
    CLEANUP(value_set_done) struct value_set others = {0};
    for (size_t i = 0; i < other->count; i++)
        value_set_add(&others, other->items[i]);
    for (size_t i = 0; i < from->count; i++)
        if (value_set_has(&others, from->items[i]) == is_wanted && value_set_add(seen, from->items[i]))
            list_push_take(out, value_copy(from->items[i]));
}

enum lists_operation { LISTS_UNION, LISTS_INTERSECT, LISTS_DIFFERENCE, LISTS_SYMMETRIC_DIFFERENCE };

static const char *const operation_names[] = {"lists_union", "lists_intersect", "lists_difference",
                                              "lists_symmetric_difference"};

/** Two lists made one, without repetitions. */
static struct value lists_join(enum lists_operation operation, const struct list *left, const struct list *right)
{
    CLEANUP(value_set_done) struct value_set seen = {0};
    OWNED none = value_list_new();
    struct list *out = list_new(left->count);
    push_chosen(out, &seen, left, operation == LISTS_UNION ? none.as.list : right, operation == LISTS_INTERSECT);
    if (operation == LISTS_UNION)
        push_chosen(out, &seen, right, none.as.list, false);
    if (operation == LISTS_SYMMETRIC_DIFFERENCE)
        push_chosen(out, &seen, right, left, false);
    return value_list_take(out);
}

/** All lists made one, from the first to the last. */
static bool lists_fold(enum lists_operation operation, const struct list *lists, struct value *result,
                       struct error *error)
{
    OWNED folded = value_list_new(), none = value_list_new();
    for (size_t i = 0; i < lists->count; i++) {
        if (!value_is_sequence(lists->items[i]))
            return error_set(error, ERROR_TYPE, "All arguments of community.general.%s must be lists, got '%s'",
                             operation_names[operation], value_type_name(lists->items[i]));
        const struct list *list = lists->items[i].as.list;
        value_replace_take(&folded, i == 0 ? lists_join(LISTS_UNION, list, none.as.list)
                                           : lists_join(operation, folded.as.list, list));
    }
    *result = value_steal(&folded);
    return true;
}

/** `list | filter(list, ...)`, or with flatten `[list, ...] | filter`. */
static bool lists_run(enum lists_operation operation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    OWNED lists = value_list_new();
    list_push_take(lists.as.list, value_copy(arguments[0]));
    list_extend(lists.as.list, arguments[1].as.list);
    if (!value_truth(arguments[2]))
        return lists_fold(operation, lists.as.list, result, error);
    OWNED flat = value_list_new();
    for (size_t i = 0; i < lists.as.list->count; i++)
        if (value_is_sequence(lists.as.list->items[i]))
            list_extend(flat.as.list, lists.as.list->items[i].as.list);
        else
            list_push_take(flat.as.list, value_copy(lists.as.list->items[i]));
    return lists_fold(operation, flat.as.list, result, error);
}

static bool filter_lists_union(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                               struct error *error)
{
    (void)evaluation;
    return lists_run(LISTS_UNION, arguments, result, error);
}

static bool filter_lists_intersect(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                   struct error *error)
{
    (void)evaluation;
    return lists_run(LISTS_INTERSECT, arguments, result, error);
}

static bool filter_lists_difference(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                    struct error *error)
{
    (void)evaluation;
    return lists_run(LISTS_DIFFERENCE, arguments, result, error);
}

static bool filter_lists_symmetric_difference(struct evaluation *evaluation, const struct value *arguments,
                                              struct value *result, struct error *error)
{
    (void)evaluation;
    return lists_run(LISTS_SYMMETRIC_DIFFERENCE, arguments, result, error);
}

/* ---- lists_mergeby ---- */

/** How dicts of the same index are merged. */
struct merge_by {
    struct value index; /* borrowed */
    bool is_recursive;
    enum list_merge list_merge;
};

/** Pushes the lists of one argument: itself, or those it holds and nothing else. */
static bool push_lists(struct list *out, struct value argument, struct error *error)
{
    OWNED shown = value_str(argument);
    if (!value_is_sequence(argument))
        return error_set(error, ERROR_TYPE,
                         "All arguments before the argument index for community.general.lists_mergeby must be lists. "
                         "%s is <class '%s'>",
                         value_bytes(shown), value_type_name(argument));
    bool holds_lists = true;
    for (size_t i = 0; i < argument.as.list->count; i++)
        holds_lists = holds_lists && value_is_sequence(argument.as.list->items[i]);
    if (argument.as.list->count == 0)
        return true;
    if (holds_lists)
        list_extend(out, argument.as.list);
    else
        list_push_take(out, value_copy(argument));
    return true;
}

/** Enters the elements that have the index, over those that are there. */
static bool merge_elements(const struct merge_by *by, struct dict *merged, const struct list *elements,
                           struct error *error)
{
    for (size_t i = 0; i < elements->count; i++) {
        struct value element = elements->items[i];
        OWNED shown = value_str(element);
        if (!value_is_dict(element))
            return error_set(error, ERROR_TYPE,
                             "Elements of list arguments for lists_mergeby must be dictionaries. %s is <class '%s'>",
                             value_bytes(shown), value_type_name(element));
        const struct value *key = dict_find(element.as.dict, by->index);
        if (!key)
            continue;
        if (!dict_key_check(*key, error))
            return false;
        const struct value *there = dict_find(merged, *key);
        dict_set_take(merged, value_copy(*key),
                      there ? dict_merge(*there, element, by->is_recursive, by->list_merge) : value_copy(element));
    }
    return true;
}

/** Orders dicts by what they have under the key that `context` points to. */
static bool compare_by(const struct value *left, const struct value *right, void *context, int *order,
                       struct error *error)
{
    const struct value *key = (const struct value *)context;
    return value_order(*dict_find(left->as.dict, *key), *dict_find(right->as.dict, *key), "<", order, error);
}

static bool merge_lists_by(struct merge_by *by, const struct list *lists, struct value *result, struct error *error)
{
    OWNED merged = value_dict_new(), sorted = value_list_new();
    const struct dict_entry *entry;
    for (size_t i = 0; i < lists->count; i++)
        if (!merge_elements(by, merged.as.dict, lists->items[i].as.list, error))
            return false;
    for (size_t i = 0; dict_next(merged.as.dict, &i, &entry);)
        list_push_take(sorted.as.list, value_copy(entry->value));
    if (!value_sort(sorted.as.list->items, sorted.as.list->count, compare_by, &by->index, error))
        return false;
    *result = value_steal(&sorted);
    return true;
}

static bool read_options(struct merge_by *by, const struct dict *options, struct error *error)
{
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(options, &i, &entry);) {
        if (value_equals_string(entry->key, "recursive"))
            by->is_recursive = value_truth(entry->value);
        else if (!value_equals_string(entry->key, "list_merge"))
            return error_set(error, ERROR_FILTER, "'recursive' and 'list_merge' are the only valid keyword arguments.");
        else if (!list_merge_find(entry->value, &by->list_merge, error))
            return false;
    }
    return true;
}

static bool filter_lists_mergeby(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                 struct error *error)
{
    const struct list *others = arguments[1].as.list;
    struct merge_by by = {.list_merge = LIST_MERGE_REPLACE};
    OWNED lists = value_list_new();
    (void)evaluation;
    if (!read_options(&by, arguments[2].as.dict, error))
        return false;
    if (others->count == 0)
        return error_set(error, ERROR_FILTER, "At least one list and index are needed.");
    for (size_t i = 0; i < others->count; i++)
        if (!push_lists(lists.as.list, i == 0 ? arguments[0] : others->items[i - 1], error))
            return false;
    if (lists.as.list->count < 2) {
        *result = lists.as.list->count == 0 ? value_list_new() : value_copy(lists.as.list->items[0]);
        return true;
    }
    by.index = others->items[others->count - 1];
    OWNED shown = value_str(by.index);
    if (!value_is_string(by.index))
        return error_set(error, ERROR_TYPE,
                         "First argument after the lists for community.general.lists_mergeby must be string. %s is "
                         "<class '%s'>",
                         value_bytes(shown), value_type_name(by.index));
    return merge_lists_by(&by, lists.as.list, result, error);
}

static const struct function rows[] = {
    {"lists_difference", "value, *others, flatten=False", filter_lists_difference, 0,
     "What is in the first list and in none of the others."},
    {"lists_intersect", "value, *others, flatten=False", filter_lists_intersect, 0, "What is in all of the lists."},
    {"lists_mergeby", "value, *others, **options", filter_lists_mergeby, 0,
     "Lists of dicts made one: dicts with the same value of an attribute are merged (recursive, list_merge)."},
    {"lists_symmetric_difference", "value, *others, flatten=False", filter_lists_symmetric_difference, 0,
     "What is in one of two lists only, list after list."},
    {"lists_union", "value, *others, flatten=False", filter_lists_union, 0, "What is in any of the lists."},
};

const struct function_table filters_community_lists = {FUNCTION_FILTER, "community.general", rows, COUNT_OF(rows)};
