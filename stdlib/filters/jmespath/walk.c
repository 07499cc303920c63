/*
 * The evaluation of JMESPath trees.
 */
#include "runtime/value/compare.h"
#include "stdlib/filters/jmespath/tree.h"
#include "stdlib/items.h"

bool path_is_false(struct value value)
{
    switch ((enum value_kind)value.kind) {
    case VALUE_NULL:
        return true;
    case VALUE_BOOL:
        return !value.as.boolean;
    case VALUE_STRING:
    case VALUE_LIST:
    case VALUE_DICT:
        return value_length(value) == 0;
    case VALUE_TUPLE:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_BIGINT:
    case VALUE_UNDEFINED:
    case VALUE_OBJECT:
    case VALUE_OMIT:
        return false;
    }
    bug("no such kind: %d", value.kind);
}

/** The value of a key of a mapping, else null. */
static bool evaluate_field(struct evaluation *evaluation, const struct path_node *node, struct value data,
                           struct value *result, struct error *error)
{
    *result = value_null();
    if (value_is_dict(data)) {
        const struct value *found = dict_find(data.as.dict, node->value);
        return !found || item_read(evaluation, *found, result, error);
    }
    if (!value_is_mapping(data))
        return true;
    OWNED found = value_null();
    if (!evaluation_item(evaluation, data, node->value, &found, error))
        return false;
    if (!value_is_undefined(found))
        *result = value_steal(&found);
    return true;
}

/** An item of a list, counted from the end when negative, else null. */
static bool evaluate_index(struct evaluation *evaluation, const struct path_node *node, struct value data,
                           struct value *result, struct error *error)
{
    *result = value_null();
    if (!value_is_list(data))
        return true;
    int64_t count = (int64_t)data.as.list->count, index = node->index < 0 ? node->index + count : node->index;
    return index < 0 || index >= count || item_read(evaluation, data.as.list->items[index], result, error);
}

/** A bound of a slice, moved into range as Python's slice.indices does. */
static int64_t slice_bound(int64_t bound, int64_t count, bool backwards)
{
    if (bound < 0)
        bound += count;
    if (bound < 0)
        return backwards ? -1 : 0;
    if (bound >= count)
        return backwards ? count - 1 : count;
    return bound;
}

/** Items start:stop:step of a list. */
static bool evaluate_slice(const struct path_slice *slice, struct value data, struct value *result, struct error *error)
{
    int64_t step = slice->has_step ? slice->step : 1;
    if (step == 0)
        return error_set(error, ERROR_VALUE, "slice step cannot be zero");
    if (!value_is_list(data)) {
        *result = value_null();
        return true;
    }
    int64_t count = (int64_t)data.as.list->count;
    int64_t start = slice->has_start ? slice_bound(slice->start, count, step < 0) : step < 0 ? count - 1 : 0;
    int64_t stop = slice->has_stop ? slice_bound(slice->stop, count, step < 0) : step < 0 ? -1 : count;
    struct list *items = list_new(0);
    for (int64_t i = start; step > 0 ? i < stop : i > stop; i += step)
        list_push_take(items, value_copy(data.as.list->items[i]));
    *result = value_list_take(items);
    return true;
}

/** Adds what the right side of a projection makes of one item, unless that is null or the filter refuses the item. */
static bool project_item(struct evaluation *evaluation, const struct path_node *node, struct value unread,
                         struct list *results, struct error *error)
{
    struct value projected;
    OWNED item = value_null();
    if (!item_read(evaluation, unread, &item, error))
        return false;
    if (node->kind == PATH_FILTER) {
        OWNED holds = value_null();
        if (!path_evaluate(evaluation, node->condition, item, &holds, error))
            return false;
        if (path_is_false(holds))
            return true;
    }
    if (!path_evaluate(evaluation, node->right, item, &projected, error))
        return false;
    if (!value_is_null(projected))
        list_push_take(results, projected);
    return true;
}

/** The items or, of a mapping, the values that a projection goes over: a list, or null. */
static bool projected_items(struct evaluation *evaluation, const struct path_node *node, struct value base,
                            struct value *items, struct error *error)
{
    bool of_values = node->kind == PATH_VALUE_PROJECTION;
    *items = !of_values && value_is_list(base) ? value_copy(base) : value_null();
    if (!of_values || !value_is_mapping(base))
        return true;
    OWNED values = value_list_new();
    const struct dict_entry *entry;
    for (size_t i = 0; value_is_dict(base) && dict_next(base.as.dict, &i, &entry);)
        list_push_take(values.as.list, value_copy(entry->value));
    if (!value_is_dict(base)) {
        struct list *pairs = items_read_pairs(evaluation, base, error);
        if (!pairs)
            return false;
        OWNED owner = value_list_take(pairs);
        for (size_t i = 0; i < pairs->count; i++)
            list_push_take(values.as.list, value_copy(pairs->items[i].as.list->items[1]));
    }
    *items = value_steal(&values);
    return true;
}

/** [*], *, [?] with what follows. */
static bool evaluate_projection(struct evaluation *evaluation, const struct path_node *node, struct value data,
                                struct value *result, struct error *error)
{
    OWNED base = value_null();
    if (!path_evaluate(evaluation, node->left, data, &base, error))
        return false;
    OWNED items = value_null();
    if (!projected_items(evaluation, node, base, &items, error))
        return false;
    if (value_is_null(items)) {
        *result = value_null();
        return true;
    }
    OWNED results = value_list_new();
    for (size_t i = 0; i < items.as.list->count; i++)
        if (!project_item(evaluation, node, items.as.list->items[i], results.as.list, error))
            return false;
    *result = value_steal(&results);
    return true;
}

/** [a, b] and {a: b}; of null they are null. */
static bool evaluate_many(struct evaluation *evaluation, const struct path_node *node, struct value data,
                          struct value *result, struct error *error)
{
    if (value_is_null(data)) {
        *result = value_null();
        return true;
    }
    OWNED made = node->kind == PATH_LIST ? value_list_new() : value_dict_new();
    for (uint32_t i = 0; i < node->many.count; i++) {
        struct value item;
        if (!path_evaluate(evaluation, node->many.items[i], data, &item, error))
            return false;
        if (node->kind == PATH_LIST)
            list_push_take(made.as.list, item);
        else
            dict_set_take(made.as.dict, value_copy(node->many.keys[i]), item);
    }
    *result = value_steal(&made);
    return true;
}

/** Equality as JMESPath has it: 1 is not true. */
static bool path_equal(struct value left, struct value right)
{
    if ((left.kind == VALUE_BOOL) != (right.kind == VALUE_BOOL))
        return false;
    return value_equal(left, right);
}

/** Numbers and strings have an order. */
static bool is_ordered(struct value value)
{
    return value_is_string(value) || (value_is_number(value) && value.kind != VALUE_BOOL);
}

/** Does an order (negative, 0, positive) satisfy the comparison? */
static bool order_holds(enum path_comparison comparison, int order)
{
    switch (comparison) {
    case PATH_LESS:
        return order < 0;
    case PATH_LESS_EQUAL:
        return order <= 0;
    case PATH_GREATER:
        return order > 0 && order != VALUE_UNORDERED;
    case PATH_GREATER_EQUAL:
        return order >= 0 && order != VALUE_UNORDERED;
    case PATH_EQUAL:
    case PATH_NOT_EQUAL:
        break;
    }
    bug("no order: %d", comparison);
}

/** A comparison: a boolean, or null for what has no order. */
static bool compare(enum path_comparison comparison, struct value left, struct value right, struct value *result,
                    struct error *error)
{
    if (comparison == PATH_EQUAL || comparison == PATH_NOT_EQUAL) {
        *result = value_bool(path_equal(left, right) == (comparison == PATH_EQUAL));
        return true;
    }
    if (!is_ordered(left) || !is_ordered(right)) {
        *result = value_null();
        return true;
    }
    static const char *const spellings[] = {
        [PATH_LESS] = "<", [PATH_LESS_EQUAL] = "<=", [PATH_GREATER] = ">", [PATH_GREATER_EQUAL] = ">="};
    int order;
    if (!value_order(left, right, spellings[comparison], &order, error))
        return false;
    *result = value_bool(order_holds(comparison, order));
    return true;
}

/** The value of a node with everything in it evaluated. */
static bool evaluate_deeply(struct evaluation *evaluation, const struct path_node *node, struct value data,
                            struct value *result, struct error *error)
{
    OWNED value = value_null();
    return path_evaluate(evaluation, node, data, &value, error) && evaluation_resolve(evaluation, value, result, error);
}

/** Both sides of a comparison, over the same data. */
static bool evaluate_comparison(struct evaluation *evaluation, const struct path_node *node, struct value data,
                                struct value *result, struct error *error)
{
    OWNED left = value_null(), right = value_null();
    return evaluate_deeply(evaluation, node->left, data, &left, error) &&
           evaluate_deeply(evaluation, node->right, data, &right, error) &&
           compare(node->comparison, left, right, result, error);
}

/** `or` and `and`: the left side when that decides, else the right. */
static bool evaluate_logical(struct evaluation *evaluation, const struct path_node *node, struct value data,
                             struct value *result, struct error *error)
{
    OWNED left = value_null();
    if (!path_evaluate(evaluation, node->left, data, &left, error))
        return false;
    if (path_is_false(left) == (node->kind == PATH_OR))
        return path_evaluate(evaluation, node->right, data, result, error);
    *result = value_steal(&left);
    return true;
}

/** The right side over what the left side gives. */
static bool evaluate_chain(struct evaluation *evaluation, const struct path_node *node, struct value data,
                           struct value *result, struct error *error)
{
    OWNED left = value_null();
    return path_evaluate(evaluation, node->left, data, &left, error) &&
           path_evaluate(evaluation, node->right, left, result, error);
}

/** Evaluates the arguments (a reference is left as its node) and calls. */
static bool evaluate_call(struct evaluation *evaluation, const struct path_node *node, struct value data,
                          struct value *result, struct error *error)
{
    OWNED arguments = value_list_new();
    uint32_t count = node->many.count;
    CLEANUP(memory_cleanup) const struct path_node **references = memory_new_array(count + 1, sizeof *references);
    for (uint32_t i = 0; i < count; i++) {
        struct value argument = value_null();
        if (node->many.items[i]->kind == PATH_REFERENCE)
            references[i] = node->many.items[i]->left;
        else if (!evaluate_deeply(evaluation, node->many.items[i], data, &argument, error))
            return false;
        list_push_take(arguments.as.list, argument);
    }
    struct path_call call = {evaluation, arguments.as.list->items, references, count};
    return path_function_call(node->many.function, &call, result, error);
}

/** Negation; of the number 0 it is false, as in Python's implementation. */
static bool evaluate_not(struct evaluation *evaluation, const struct path_node *node, struct value data,
                         struct value *result, struct error *error)
{
    OWNED operand = value_null();
    if (!path_evaluate(evaluation, node->left, data, &operand, error))
        return false;
    *result = value_bool(path_is_false(operand));
    return true;
}

/** Opens the lists in what the left side gives, if that is a list. */
static bool evaluate_flatten(struct evaluation *evaluation, const struct path_node *node, struct value data,
                             struct value *result, struct error *error)
{
    OWNED left = value_null(), flat = value_list_new();
    if (!path_evaluate(evaluation, node->left, data, &left, error))
        return false;
    for (size_t i = 0; value_is_list(left) && i < left.as.list->count; i++) {
        OWNED item = value_null();
        if (!item_read(evaluation, left.as.list->items[i], &item, error))
            return false;
        if (value_is_list(item))
            list_extend(flat.as.list, item.as.list);
        else
            list_push_take(flat.as.list, value_steal(&item));
    }
    *result = value_is_list(left) ? value_steal(&flat) : value_null();
    return true;
}

bool path_evaluate(struct evaluation *evaluation, const struct path_node *node, struct value data, struct value *result,
                   struct error *error)
{
    switch (node->kind) {
    case PATH_CURRENT:
        *result = value_copy(data);
        return true;
    case PATH_FIELD:
        return evaluate_field(evaluation, node, data, result, error);
    case PATH_LITERAL:
        *result = value_copy(node->value);
        return true;
    case PATH_INDEX:
        return evaluate_index(evaluation, node, data, result, error);
    case PATH_SLICE:
        return evaluate_slice(&node->slice, data, result, error);
    case PATH_CHAIN:
        return evaluate_chain(evaluation, node, data, result, error);
    case PATH_FLATTEN:
        return evaluate_flatten(evaluation, node, data, result, error);
    case PATH_PROJECTION:
    case PATH_VALUE_PROJECTION:
    case PATH_FILTER:
        return evaluate_projection(evaluation, node, data, result, error);
    case PATH_LIST:
    case PATH_OBJECT:
        return evaluate_many(evaluation, node, data, result, error);
    case PATH_OR:
    case PATH_AND:
        return evaluate_logical(evaluation, node, data, result, error);
    case PATH_NOT:
        return evaluate_not(evaluation, node, data, result, error);
    case PATH_COMPARE:
        return evaluate_comparison(evaluation, node, data, result, error);
    case PATH_CALL:
        return evaluate_call(evaluation, node, data, result, error);
    case PATH_REFERENCE:
        return error_set(error, ERROR_VALUE, "An expression reference is only allowed as an argument of a function");
    }
    bug("no such node: %d", node->kind);
}

bool jmespath_search(const struct jmespath *expression, struct evaluation *evaluation, struct value data,
                     struct value *result, struct error *error)
{
    return path_evaluate(evaluation, expression->root, data, result, error);
}
