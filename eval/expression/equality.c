#include "eval/expression/equality.h"

#include "eval/expression/variable.h"
#include "runtime/value/compare.h"

static bool equal_lists(struct evaluation *evaluation, const struct list *left, const struct list *right, bool *result,
                        struct error *error)
{
    *result = left == right || left->count == right->count;
    if (left == right)
        return true;
    for (size_t i = 0; *result && i < left->count; i++)
        if (!equal_evaluated(evaluation, left->items[i], right->items[i], result, error))
            return false;
    return true;
}

static bool equal_dicts(struct evaluation *evaluation, const struct dict *left, const struct dict *right, bool *result,
                        struct error *error)
{
    const struct dict_entry *entry;
    *result = left == right || left->live == right->live;
    if (left == right)
        return true;
    for (size_t i = 0; *result && dict_next(left, &i, &entry);) {
        const struct value *other = dict_find(right, entry->key);
        *result = other != NULL;
        if (other && !equal_evaluated(evaluation, entry->value, *other, result, error))
            return false;
    }
    return true;
}

/** Neither needs to be evaluated but for what is inside. */
static bool equal_read(struct evaluation *evaluation, struct value left, struct value right, bool *result,
                       struct error *error)
{
    if (value_is_undefined(left) || value_is_undefined(right))
        return undefined_error(evaluation, value_is_undefined(left) ? left : right, error);
    if (left.kind == right.kind && value_is_sequence(left))
        return equal_lists(evaluation, left.as.list, right.as.list, result, error);
    if (value_is_dict(left) && value_is_dict(right))
        return equal_dicts(evaluation, left.as.dict, right.as.dict, result, error);
    *result = value_equal(left, right);
    return true;
}

bool equal_evaluated(struct evaluation *evaluation, struct value left, struct value right, bool *result,
                     struct error *error)
{
    if (!value_is_lazy(left) && !value_is_lazy(right)) {
        *result = value_equal(left, right);
        return true;
    }
    OWNED first = value_null();
    OWNED second = value_null();
    if (!evaluation_enter(evaluation, error))
        return false;
    bool ok = evaluation_read(evaluation, left, &first, error) && evaluation_read(evaluation, right, &second, error) &&
              equal_read(evaluation, first, second, result, error);
    evaluation_leave(evaluation);
    return ok;
}

bool contains_evaluated(struct evaluation *evaluation, struct value haystack, struct value needle, bool *result,
                        struct error *error)
{
    if (!value_is_sequence(haystack) || (!value_is_lazy(haystack) && !value_is_lazy(needle)))
        return value_contains(haystack, needle, result, error);
    *result = false;
    for (size_t i = 0; !*result && i < haystack.as.list->count; i++)
        if (!equal_evaluated(evaluation, haystack.as.list->items[i], needle, result, error))
            return false;
    return true;
}
