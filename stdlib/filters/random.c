/*
 * Filters of chance: random, shuffle.  With a seed they give what CPython's random gives.
 */
#include "runtime/value/random.h"

#include "runtime/value/arithmetic.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"
#include "stdlib/items.h"

static bool random_init(struct random *random, struct value seed, struct error *error)
{
    random_init_system(random);
    return value_is_null(seed) || random_init_seed(random, seed, error);
}

/** random.randrange(start, stop, step). */
static bool draw_number(struct random *random, const struct value *arguments, struct value *result, struct error *error)
{
    int64_t stop, start = 0, step = 1;
    if (!argument_int(arguments[0], &stop, error) ||
        !(value_is_null(arguments[1]) || argument_int(arguments[1], &start, error)) ||
        !(value_is_null(arguments[2]) || argument_int(arguments[2], &step, error)))
        return false;
    step = step ? step : 1;
    int64_t width = stop - start;
    int64_t count = step > 0 ? (width + step - 1) / step : (width + step + 1) / step;
    if (count <= 0 && step == 1)
        return error_set(error, ERROR_VALUE, "empty range for randrange() (%lld, %lld, %lld)", (long long)start,
                         (long long)stop, (long long)width);
    if (count <= 0)
        return error_set(error, ERROR_VALUE, "empty range for randrange()");
    *result = value_int(start + step * (int64_t)random_below(random, (uint64_t)count));
    return true;
}

static bool filter_random(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    struct random random;
    if (!random_init(&random, arguments[3], error))
        return false;
    if (arguments[0].kind == VALUE_BOOL || value_is_integer(arguments[0]))
        return draw_number(&random, arguments, result, error);
    if (value_length(arguments[0]) < 0 || value_is_dict(arguments[0]))
        return error_set(error, ERROR_FILTER, "random can only be used on sequences and integers");
    if (!value_is_null(arguments[1]) || !value_is_null(arguments[2]))
        return error_set(error, ERROR_FILTER, "start and step can only be used with integer values");
    struct list *items = items_read(evaluation, arguments[0], ITEMS_REFUSE_UNDEFINED, error);
    if (!items)
        return false;
    OWNED owned = value_list_take(items);
    if (items->count == 0)
        return error_set(error, ERROR_KEY, "Cannot choose from an empty sequence");
    *result = value_copy(items->items[random_below(&random, items->count)]);
    return true;
}

static bool filter_shuffle(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    struct random random;
    if (value_length(arguments[0]) < 0) {
        *result = value_copy(arguments[0]);
        return true;
    }
    struct list *items = items_list(evaluation, arguments[0], error);
    if (!items)
        return false;
    OWNED owned = value_list_take(items);
    if (!random_init(&random, arguments[1], error))
        return false;
    random_shuffle(&random, value_own_list(&owned));
    *result = value_steal(&owned);
    return true;
}

static const struct function rows[] = {
    {"random", "end, start=None, step=None, seed=None", filter_random, FUNCTION_IMPURE,
     "A random number below end, or a random item; the same for the same seed"},
    {"shuffle", "mylist, seed=None", filter_shuffle, FUNCTION_IMPURE | FUNCTION_TAKES_LAZY,
     "The items in a random order; the same for the same seed"},
};

const struct function_table filters_random = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
