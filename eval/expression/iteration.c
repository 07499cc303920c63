#include "eval/expression/iteration.h"

#include <stdlib.h>
#include <string.h>

#include "eval/expression/cycle.h"
#include "eval/expression/statement.h"
#include "runtime/limits.h"
#include "runtime/value/compare.h"

/* ---- what comes next ---- */

/** Asks the condition about an item. */
static bool iteration_admits(struct iteration *iteration, struct value item, bool *holds, struct error *error)
{
    struct evaluation *evaluation = iteration->evaluation;
    struct frame_of_names *inner = evaluation->frame;
    evaluation->frame = iteration->filter;
    bool ok = target_assign_take(evaluation, iteration->node->loop.target, value_copy(item), error) &&
              expression_truth(evaluation, iteration->node->loop.condition, holds, error);
    evaluation->frame = inner;
    return ok;
}

/** Looks at the items from `next` on.  The body may change the list meanwhile. */
static bool iteration_pull(struct iteration *iteration, struct value *item, bool *found, struct error *error)
{
    if (iteration->next > LIMIT_RANGE_ITEMS)
        return error_set(error, ERROR_LIMIT, "A loop went over more than %d items", LIMIT_RANGE_ITEMS);
    for (*found = false; !*found && iteration->next < iteration->items->count;) {
        OWNED next = value_copy(iteration->items->items[iteration->next++]);
        *found = true;
        if (iteration->filter && !iteration_admits(iteration, next, found, error))
            return false;
        if (*found)
            *item = value_steal(&next);
    }
    return true;
}

bool iteration_advance(struct iteration *iteration, struct value *item, bool *found, struct error *error)
{
    if (!iteration->has_ahead)
        return iteration_pull(iteration, item, found, error);
    *item = value_steal(&iteration->ahead);
    *found = true;
    iteration->has_ahead = false;
    return true;
}

static bool iteration_look_ahead(struct iteration *iteration, struct error *error)
{
    return iteration->has_ahead || iteration_pull(iteration, &iteration->ahead, &iteration->has_ahead, error);
}

bool iteration_is_last(struct iteration *iteration, bool *result, struct error *error)
{
    if (!iteration_look_ahead(iteration, error))
        return false;
    *result = !iteration->has_ahead;
    return true;
}

/** Asks the condition of all items that are left, which then are the loop's items. */
static bool iteration_settle(struct iteration *iteration, struct error *error)
{
    OWNED rest = value_list_new();
    struct value item;
    bool found;
    do {
        if (!iteration_advance(iteration, &item, &found, error))
            return false;
        if (found)
            list_push_take(rest.as.list, item);
    } while (found);
    list_drop(iteration->items);
    iteration->items = value_steal(&rest).as.list;
    iteration->next = 0;
    cycles_retire_frame_take(iteration->evaluation->cycles, iteration->filter);
    iteration->filter = NULL;
    return true;
}

bool iteration_count(struct iteration *iteration, int64_t *result, struct error *error)
{
    if (iteration->filter && !iteration_settle(iteration, error))
        return false;
    *result = iteration->index + 1 + iteration->has_ahead + (int64_t)(iteration->items->count - iteration->next);
    return true;
}

/* ---- attributes ---- */

enum iteration_attribute {
    ITERATION_INDEX,
    ITERATION_INDEX0,
    ITERATION_REVINDEX,
    ITERATION_REVINDEX0,
    ITERATION_FIRST,
    ITERATION_LAST,
    ITERATION_LENGTH,
    ITERATION_DEPTH,
    ITERATION_DEPTH0,
    ITERATION_PREVITEM,
    ITERATION_NEXTITEM,
    ITERATION_CYCLE,
    ITERATION_CHANGED,
    ITERATION_ATTRIBUTE_COUNT,
};

static const char *const attribute_names[ITERATION_ATTRIBUTE_COUNT] = {
    "index", "index0", "revindex", "revindex0", "first", "last",    "length",
    "depth", "depth0", "previtem", "nextitem",  "cycle", "changed",
};

static struct value iteration_method_new(struct iteration *iteration, enum iteration_attribute method);

/** An attribute that depends on what comes after the current item. */
static bool iteration_read_rest(struct iteration *iteration, enum iteration_attribute attribute, struct value *result,
                                struct error *error)
{
    int64_t count = 0;
    bool is_last = false;
    if (attribute == ITERATION_LAST) {
        if (!iteration_is_last(iteration, &is_last, error))
            return false;
        *result = value_bool(is_last);
        return true;
    }
    if (attribute == ITERATION_NEXTITEM) {
        if (!iteration_look_ahead(iteration, error))
            return false;
        *result = iteration->has_ahead ? value_copy(iteration->ahead)
                                       : value_undefined((struct span){0}, NULL, "there is no next item");
        return true;
    }
    if (!iteration_count(iteration, &count, error))
        return false;
    *result = value_int(attribute == ITERATION_LENGTH     ? count
                        : attribute == ITERATION_REVINDEX ? count - iteration->index
                                                          : count - iteration->index - 1);
    return true;
}

static bool iteration_read(struct iteration *iteration, enum iteration_attribute attribute, struct value *result,
                           struct error *error)
{
    switch (attribute) {
    case ITERATION_INDEX:
        *result = value_int(iteration->index + 1);
        return true;
    case ITERATION_INDEX0:
        *result = value_int(iteration->index);
        return true;
    case ITERATION_FIRST:
        *result = value_bool(iteration->index == 0);
        return true;
    case ITERATION_DEPTH:
        *result = value_int(iteration->depth + 1);
        return true;
    case ITERATION_DEPTH0:
        *result = value_int(iteration->depth);
        return true;
    case ITERATION_PREVITEM:
        *result = iteration->has_previous ? value_copy(iteration->previous)
                                          : value_undefined((struct span){0}, NULL, "there is no previous item");
        return true;
    case ITERATION_REVINDEX:
    case ITERATION_REVINDEX0:
    case ITERATION_LAST:
    case ITERATION_LENGTH:
    case ITERATION_NEXTITEM:
        return iteration_read_rest(iteration, attribute, result, error);
    case ITERATION_CYCLE:
    case ITERATION_CHANGED:
        *result = iteration_method_new(iteration, attribute);
        return true;
    case ITERATION_ATTRIBUTE_COUNT:
        break;
    }
    bug("no such attribute of a loop: %d", attribute);
}

static enum lookup_result iteration_get_attribute(struct object *object, struct text *name, struct value *result,
                                                  struct error *error)
{
    for (unsigned i = 0; i < ITERATION_ATTRIBUTE_COUNT; i++)
        if (strcmp(name->bytes, attribute_names[i]) == 0)
            return iteration_read((struct iteration *)object, (enum iteration_attribute)i, result, error)
                       ? LOOKUP_FOUND
                       : LOOKUP_FAILED;
    return LOOKUP_MISSING;
}

/* ---- the object ---- */

static void iteration_free(struct object *object)
{
    struct iteration *iteration = (struct iteration *)object;
    frame_of_names_drop(iteration->outer);
    frame_of_names_drop(iteration->filter);
    list_drop(iteration->items);
    value_drop(iteration->ahead);
    value_drop(iteration->current);
    value_drop(iteration->previous);
    value_drop(iteration->changed);
    free(iteration);
}

/** What a method or the loop was called with, where a number of arguments is wanted. */
static bool iteration_check_call(const char *name, size_t wanted, size_t count, const struct dict *keywords,
                                 struct error *error)
{
    if (keywords && keywords->live > 0)
        return error_set(error, ERROR_TYPE, "LoopContext.%s() takes no keyword arguments", name);
    return count == wanted ||
           error_set(error, ERROR_TYPE, "LoopContext.%s() takes %zu positional arguments but %zu were given", name,
                     wanted + 1, count + 1);
}

static bool iteration_call(struct evaluation *evaluation, struct object *object, const struct value *arguments,
                           size_t count, const struct dict *keywords, struct value *result, struct error *error)
{
    struct iteration *iteration = (struct iteration *)object;
    if (!iteration_check_call("__call__", 1, count, keywords, error))
        return false;
    if (!iteration->node->loop.recursive)
        return error_set(error, ERROR_TYPE, "The loop must have the 'recursive' marker to be called recursively.");
    if (!iteration->evaluation)
        return error_set(error, ERROR_TYPE, "The loop has ended and cannot be called any more.");
    return iteration_recurse(iteration, evaluation, arguments[0], result, error);
}

static int64_t iteration_length(struct object *object)
{
    int64_t count;
    OWNED_ERROR ignored = {0};
    return iteration_count((struct iteration *)object, &count, &ignored) ? count : -1;
}

static bool iteration_truth(struct object *object)
{
    (void)object;
    return true;
}

/** <LoopContext 1/3> */
static void iteration_repr(struct object *object, struct text_buffer *out)
{
    text_buffer_append_format(out, "<LoopContext %lld/%lld>", (long long)((struct iteration *)object)->index + 1,
                              (long long)iteration_length(object));
}

const struct callable_class iteration_class = {
    .base =
        {
            .type_name = "LoopContext",
            .is_callable = true,
            .free = iteration_free,
            .get_attribute = iteration_get_attribute,
            .length = iteration_length,
            .truth = iteration_truth,
            .repr = iteration_repr,
            .finalize = object_unsupported,
        },
    .call = iteration_call,
};

/* ---- methods ---- */

/** loop.cycle and loop.changed, to be called. */
struct iteration_method {
    struct object object;
    struct iteration *iteration; /* owned reference */
    enum iteration_attribute attribute;
};

static void iteration_method_free(struct object *object)
{
    struct iteration_method *method = (struct iteration_method *)object;
    value_drop((struct value){.kind = VALUE_OBJECT, .as.object = &method->iteration->object});
    free(method);
}

/** Is this the first call, or were the arguments others at the last one? */
static bool iteration_has_changed(struct iteration *iteration, const struct value *arguments, size_t count)
{
    OWNED given = value_tuple_take(list_new(count));
    for (size_t i = 0; i < count; i++)
        list_push_take(given.as.list, value_copy(arguments[i]));
    if (value_equal(iteration->changed, given))
        return false;
    value_replace_take(&iteration->changed, value_steal(&given));
    return true;
}

static bool iteration_method_call(struct evaluation *evaluation, struct object *object, const struct value *arguments,
                                  size_t count, const struct dict *keywords, struct value *result, struct error *error)
{
    const struct iteration_method *method = (const struct iteration_method *)object;
    (void)evaluation;
    if (keywords && keywords->live > 0)
        return error_set(error, ERROR_TYPE, "LoopContext.%s() takes no keyword arguments",
                         attribute_names[method->attribute]);
    if (method->attribute == ITERATION_CHANGED) {
        *result = value_bool(iteration_has_changed(method->iteration, arguments, count));
        return true;
    }
    if (count == 0)
        return error_set(error, ERROR_TYPE, "no items for cycling given");
    *result = value_copy(arguments[(size_t)method->iteration->index % count]);
    return true;
}

static const struct callable_class iteration_method_class = {
    .base = {.type_name = "method", .is_callable = true, .free = iteration_method_free, .finalize = object_unsupported},
    .call = iteration_method_call,
};

static struct value iteration_method_new(struct iteration *iteration, enum iteration_attribute attribute)
{
    struct iteration_method *method = memory_new(sizeof *method);
    *method = (struct iteration_method){{1, &iteration_method_class.base}, iteration, attribute};
    ++iteration->object.references;
    return value_object_take(&method->object);
}
