/*
 * {% for %}: iteration, the object `loop`, recursive loops.
 *
 * Each iteration has a frame of its own, so that what it sets is gone with it; one that nobody kept is used again.
 */
#include <stdlib.h>
#include <string.h>

#include "eval/expression/statement.h"
#include "eval/expression/variable.h"
#include "eval/expression/walk.h"
#include "runtime/value/compare.h"
#include "runtime/value/object.h"

/** The object `loop` of one run over the items. */
struct loop_object {
    struct object object;
    const struct node *node; /* borrowed from the template, which is being walked */
    const struct template *template;
    struct frame_of_names *outer; /* around the loop; owned reference, NULL once the loop has ended */
    struct list *items;           /* owned */
    size_t index;                 /* from 0 */
    unsigned depth;               /* from 0 */
    struct value last_changed;    /* the arguments of the last loop.changed(), a tuple; owned; null at first */
};

/* ---- attributes ---- */

/** The item `offset` away from the present one. */
static struct value neighbour(const struct loop_object *loop, int offset)
{
    int64_t at = (int64_t)loop->index + offset;
    if (at < 0)
        return value_undefined((struct span){0}, NULL, "there is no previous item");
    if (at >= (int64_t)loop->items->count)
        return value_undefined((struct span){0}, NULL, "there is no next item");
    return value_copy(loop->items->items[at]);
}

enum loop_attribute {
    LOOP_INDEX,
    LOOP_INDEX0,
    LOOP_REVINDEX,
    LOOP_REVINDEX0,
    LOOP_FIRST,
    LOOP_LAST,
    LOOP_LENGTH,
    LOOP_DEPTH,
    LOOP_DEPTH0,
    LOOP_PREVITEM,
    LOOP_NEXTITEM,
    LOOP_CYCLE,
    LOOP_CHANGED,
    LOOP_ATTRIBUTE_COUNT,
};

static const char *const attribute_names[LOOP_ATTRIBUTE_COUNT] = {
    "index", "index0", "revindex", "revindex0", "first", "last",    "length",
    "depth", "depth0", "previtem", "nextitem",  "cycle", "changed",
};

static struct value method_new(struct loop_object *loop, enum loop_attribute method);

static struct value attribute_value(struct loop_object *loop, enum loop_attribute attribute)
{
    int64_t index = (int64_t)loop->index, length = (int64_t)loop->items->count;
    switch (attribute) {
    case LOOP_INDEX:
        return value_int(index + 1);
    case LOOP_INDEX0:
        return value_int(index);
    case LOOP_REVINDEX:
        return value_int(length - index);
    case LOOP_REVINDEX0:
        return value_int(length - index - 1);
    case LOOP_FIRST:
        return value_bool(index == 0);
    case LOOP_LAST:
        return value_bool(index == length - 1);
    case LOOP_LENGTH:
        return value_int(length);
    case LOOP_DEPTH:
        return value_int(loop->depth + 1);
    case LOOP_DEPTH0:
        return value_int(loop->depth);
    case LOOP_PREVITEM:
        return neighbour(loop, -1);
    case LOOP_NEXTITEM:
        return neighbour(loop, 1);
    case LOOP_CYCLE:
    case LOOP_CHANGED:
        return method_new(loop, attribute);
    case LOOP_ATTRIBUTE_COUNT:
        break;
    }
    bug("no such attribute of a loop: %d", attribute);
}

static enum lookup_result loop_get_attribute(struct object *object, struct text *name, struct value *result,
                                             struct error *error)
{
    (void)error;
    for (enum loop_attribute i = (enum loop_attribute)0; i < LOOP_ATTRIBUTE_COUNT; i++)
        if (strcmp(name->bytes, attribute_names[i]) == 0) {
            *result = attribute_value((struct loop_object *)object, i);
            return LOOKUP_FOUND;
        }
    return LOOKUP_MISSING;
}

static void loop_object_free(struct object *object)
{
    struct loop_object *loop = (struct loop_object *)object;
    frame_of_names_drop(loop->outer);
    list_drop(loop->items);
    value_drop(loop->last_changed);
    free(loop);
}

static int64_t loop_length(struct object *object)
{
    return (int64_t)((struct loop_object *)object)->items->count;
}

static bool items_render(struct evaluation *evaluation, const struct node *node, struct list *items, unsigned depth,
                         struct output *output, enum flow *flow, struct error *error);

/** `loop(children)`: the loop's body over other items, one deeper. */
static bool loop_call(struct evaluation *evaluation, struct object *object, const struct value *arguments, size_t count,
                      const struct dict *keywords, struct value *result, struct error *error)
{
    struct loop_object *loop = (struct loop_object *)object;
    if (count != 1 || keywords)
        return error_set(error, ERROR_TYPE, "loop() takes 1 positional argument but %zu were given", count);
    if (!loop->node->loop.recursive || !loop->outer)
        return error_set(error, ERROR_TYPE, "The loop must have the 'recursive' marker to be called recursively.");
    struct evaluation inner = *evaluation;
    struct output output = {0};
    enum flow flow = FLOW_NEXT;
    struct list *items = evaluation_items(evaluation, arguments[0], error);
    if (!items)
        return false;
    inner.template = loop->template;
    inner.frame = loop->outer;
    ++inner.frame->references;
    bool ok = items_render(&inner, loop->node, items, loop->depth + 1, &output, &flow, error);
    frame_of_names_drop(inner.frame);
    if (ok)
        output_take(&output, result);
    output_done(&output);
    return ok;
}

static const struct callable_class loop_class = {
    .base =
        {
            .type_name = "LoopContext",
            .is_callable = true,
            .free = loop_object_free,
            .get_attribute = loop_get_attribute,
            .length = loop_length,
        },
    .call = loop_call,
};

/* ---- loop.cycle and loop.changed ---- */

struct loop_method {
    struct object object;
    struct loop_object *loop; /* owned reference */
    enum loop_attribute method;
};

static void loop_method_free(struct object *object)
{
    struct loop_method *method = (struct loop_method *)object;
    value_drop((struct value){.kind = VALUE_OBJECT, .as.object = &method->loop->object});
    free(method);
}

static bool loop_method_call(struct evaluation *evaluation, struct object *object, const struct value *arguments,
                             size_t count, const struct dict *keywords, struct value *result, struct error *error)
{
    struct loop_method *method = (struct loop_method *)object;
    struct loop_object *loop = method->loop;
    (void)evaluation, (void)keywords;
    if (method->method == LOOP_CYCLE) {
        if (count == 0)
            return error_set(error, ERROR_TYPE, "no items for cycling given");
        *result = value_copy(arguments[loop->index % count]);
        return true;
    }
    OWNED given = value_tuple_take(list_new(count));
    for (size_t i = 0; i < count; i++)
        list_push_take(given.as.list, value_copy(arguments[i]));
    bool changed = value_is_null(loop->last_changed) || !value_equal(loop->last_changed, given);
    value_replace_take(&loop->last_changed, value_steal(&given));
    *result = value_bool(changed);
    return true;
}

static const struct callable_class loop_method_class = {
    .base = {.type_name = "method", .is_callable = true, .free = loop_method_free},
    .call = loop_method_call,
};

static struct value method_new(struct loop_object *loop, enum loop_attribute kind)
{
    struct loop_method *method = memory_new_array(1, sizeof *method);
    method->object = (struct object){1, &loop_method_class.base};
    method->method = kind;
    method->loop = loop;
    ++loop->object.references;
    return value_object_take(&method->object);
}

/* ---- iteration ---- */

/** Empties the iteration's frame, or leaves it to who kept it and makes another. */
static void frame_renew(struct evaluation *evaluation, struct frame_of_names *outer)
{
    if (evaluation->frame->references == 1) {
        frame_of_names_clear(evaluation->frame);
        return;
    }
    frame_leave(evaluation, outer);
    frame_enter(evaluation);
}

/** The items for which the loop's condition holds; the given list where it has none.  Takes the list. */
static struct list *items_filtered_take(struct evaluation *evaluation, const struct node *node, struct list *items,
                                        struct error *error)
{
    if (!node->loop.condition)
        return items;
    OWNED given = value_list_take(items);
    OWNED kept = value_list_take(list_new(items->count));
    struct frame_of_names *outer = frame_enter(evaluation);
    bool ok = true;
    for (size_t i = 0; ok && i < items->count; i++) {
        bool holds = false;
        frame_renew(evaluation, outer);
        ok = target_assign(evaluation, node->loop.target, items->items[i], error) &&
             expression_truth(evaluation, node->loop.condition, &holds, error);
        if (ok && holds)
            list_push_take(kept.as.list, value_copy(items->items[i]));
    }
    frame_leave(evaluation, outer);
    return ok ? value_steal(&kept).as.list : NULL;
}

/** The object `loop`, or null where the body does not name it. */
static struct value loop_object_new(struct evaluation *evaluation, const struct node *node, struct list *items,
                                    unsigned depth)
{
    if (!node->loop.uses_loop && !node->loop.recursive)
        return value_null();
    struct loop_object *loop = memory_new_array(1, sizeof *loop);
    loop->object = (struct object){1, &loop_class.base};
    loop->node = node;
    loop->template = evaluation->template;
    loop->outer = evaluation->frame;
    ++loop->outer->references;
    loop->items = list_copy(items);
    loop->depth = depth;
    return value_object_take(&loop->object);
}

/** Everything that one iteration needs besides its item. */
struct iteration {
    const struct node *node;
    struct value loop; /* the object, or null */
    struct text *loop_name;
    struct output *output;
};

/** One iteration, in the frame that is open. */
static bool iterate(struct evaluation *evaluation, const struct iteration *iteration, struct value item,
                    enum flow *flow, struct error *error)
{
    if (!value_is_null(iteration->loop))
        frame_of_names_set_take(evaluation->frame, iteration->loop_name, value_copy(iteration->loop));
    return target_assign(evaluation, iteration->node->loop.target, item, error) &&
           body_render(evaluation, &iteration->node->loop.body, iteration->output, flow, error);
}

/** The body for each item of a list that was filtered. */
static bool iterate_all(struct evaluation *evaluation, const struct iteration *iteration, const struct list *items,
                        struct error *error)
{
    struct frame_of_names *outer = frame_enter(evaluation);
    bool ok = true;
    for (size_t i = 0; ok && i < items->count; i++) {
        enum flow flow = FLOW_NEXT;
        if (i > 0)
            frame_renew(evaluation, outer);
        if (!value_is_null(iteration->loop))
            ((struct loop_object *)iteration->loop.as.object)->index = i;
        ok = iterate(evaluation, iteration, items->items[i], &flow, error);
        if (flow == FLOW_BREAK)
            break;
    }
    frame_leave(evaluation, outer);
    return ok;
}

/** The whole loop over items, which are taken. */
static bool items_render(struct evaluation *evaluation, const struct node *node, struct list *items, unsigned depth,
                         struct output *output, enum flow *flow, struct error *error)
{
    OWNED filtered = value_null();
    struct list *kept = items_filtered_take(evaluation, node, items, error);
    if (!kept)
        return false;
    filtered = value_list_take(kept);
    if (kept->count == 0)
        return body_render(evaluation, &node->loop.otherwise, output, flow, error);
    struct text *loop_name = text_new("loop", strlen("loop"));
    struct iteration iteration = {node, loop_object_new(evaluation, node, kept, depth), loop_name, output};
    bool ok = iterate_all(evaluation, &iteration, kept, error);
    if (!value_is_null(iteration.loop)) {
        struct loop_object *loop = (struct loop_object *)iteration.loop.as.object;
        frame_of_names_drop(loop->outer);
        loop->outer = NULL;
    }
    value_drop(iteration.loop);
    text_drop(loop_name);
    return ok;
}

bool loop_render(struct evaluation *evaluation, const struct node *node, struct output *output, enum flow *flow,
                 struct error *error)
{
    OWNED iterable = value_null();
    if (!expression_evaluate_defined(evaluation, node->loop.iterable, &iterable, error))
        return false;
    struct list *items = evaluation_items(evaluation, iterable, error);
    if (!items)
        return expression_fail_at(evaluation, node->loop.iterable->mark, error);
    return items_render(evaluation, node, items, 0, output, flow, error);
}
