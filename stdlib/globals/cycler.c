/* cycler(): items in turn; joiner(): a separator from the second call on. */
#include <stdlib.h>

#include "stdlib/globals/globals.h"

/* ---- cycler ---- */

struct cycler {
    struct object object;
    struct value items; /* a tuple with at least one item; owned */
    size_t position;
};

static void cycler_free(struct object *object)
{
    struct cycler *cycler = (struct cycler *)object;
    value_drop(cycler->items);
    free(cycler);
}

static struct value cycler_current(const struct cycler *cycler)
{
    return value_copy(cycler->items.as.list->items[cycler->position]);
}

static enum lookup_result cycler_get_attribute(struct object *object, struct text *name, struct value *result,
                                               struct error *error)
{
    const struct cycler *cycler = (const struct cycler *)object;
    struct value key = {.kind = VALUE_STRING, .as.text = name};
    (void)error;
    if (value_equals_string(key, "current"))
        *result = cycler_current(cycler);
    else if (value_equals_string(key, "pos"))
        *result = value_int((int64_t)cycler->position);
    else if (value_equals_string(key, "items"))
        *result = value_copy(cycler->items);
    else
        return LOOKUP_MISSING;
    return LOOKUP_FOUND;
}

static const struct object_class cycler_class = {
    .type_name = "Cycler",
    .free = cycler_free,
    .get_attribute = cycler_get_attribute,
    .finalize = object_unsupported,
};

static bool global_cycler(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    if (arguments[0].as.list->count == 0)
        return error_set(error, ERROR_OTHER, "at least one item has to be provided");
    struct cycler *cycler = memory_new(sizeof *cycler);
    *cycler = (struct cycler){{1, &cycler_class}, value_copy(arguments[0]), 0};
    *result = value_object_take(&cycler->object);
    return true;
}

static bool method_next(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    struct cycler *cycler = (struct cycler *)arguments[0].as.object;
    (void)evaluation, (void)error;
    *result = cycler_current(cycler);
    cycler->position = (cycler->position + 1) % cycler->items.as.list->count;
    return true;
}

static bool method_reset(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation, (void)error;
    ((struct cycler *)arguments[0].as.object)->position = 0;
    *result = value_null();
    return true;
}

/* ---- joiner ---- */

struct joiner {
    struct object object;
    struct value separator; /* owned */
    bool was_called;
};

static void joiner_free(struct object *object)
{
    struct joiner *joiner = (struct joiner *)object;
    value_drop(joiner->separator);
    free(joiner);
}

static bool joiner_call(struct evaluation *evaluation, struct object *object, const struct value *arguments,
                        size_t count, const struct dict *keywords, struct value *result, struct error *error)
{
    struct joiner *joiner = (struct joiner *)object;
    (void)evaluation, (void)arguments;
    if (count > 0 || (keywords && keywords->live > 0))
        return error_set(error, ERROR_TYPE, "Joiner.__call__() takes no arguments");
    *result = joiner->was_called ? value_copy(joiner->separator) : value_string("");
    joiner->was_called = true;
    return true;
}

static const struct callable_class joiner_class = {
    .base = {.type_name = "Joiner", .is_callable = true, .free = joiner_free, .finalize = object_unsupported},
    .call = joiner_call,
};

static bool global_joiner(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    struct joiner *joiner = memory_new(sizeof *joiner);
    (void)evaluation, (void)error;
    *joiner = (struct joiner){{1, &joiner_class.base}, value_copy(arguments[0]), false};
    *result = value_object_take(&joiner->object);
    return true;
}

static const struct function cycler_rows[] = {
    {"cycler", "*items", global_cycler, FUNCTION_TAKES_UNDEFINED | FUNCTION_TAKES_LAZY,
     "An object whose next() gives the items in turn"},
    {"joiner", "sep=', '", global_joiner, 0, "An object that gives nothing when it is first called, then a separator"},
};

const struct function_table globals_cycler = {FUNCTION_GLOBAL, NULL, cycler_rows, COUNT_OF(cycler_rows)};

static const struct function cycler_method_rows[] = {
    {"Cycler.next", "self", method_next, 0, "The current item; the one after it becomes the current one"},
    {"Cycler.reset", "self", method_reset, 0, "Begins with the first item again"},
};

const struct function_table globals_cycler_methods = {FUNCTION_METHOD, NULL, cycler_method_rows,
                                                      COUNT_OF(cycler_method_rows)};
