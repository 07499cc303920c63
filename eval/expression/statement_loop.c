/*
 * {% for %}: a run over items; what each of them is to the body is iteration.h's.
 *
 * The body has one frame, which is emptied for each iteration, so that what one sets is gone with it.
 */
#include "eval/expression/cycle.h"
#include "eval/expression/iteration.h"
#include "eval/expression/statement.h"
#include "eval/expression/walk.h"

/** A loop over items, which are taken, that begins in the present frame. */
static struct iteration *iteration_begin(struct evaluation *evaluation, const struct node *node, struct list *items)
{
    struct iteration *iteration = memory_new_array(1, sizeof *iteration);
    iteration->object = (struct object){1, &iteration_class.base};
    iteration->evaluation = evaluation;
    iteration->node = node;
    iteration->outer = evaluation->frame;
    ++iteration->outer->references;
    iteration->items = items;
    iteration->index = -1;
    if (node->loop.condition)
        iteration->filter = frame_of_names_new(evaluation->frame);
    return iteration;
}

/** Ends a loop; the object lives on where the body kept it, without anything that could be evaluated. */
static void iteration_end(struct iteration *iteration)
{
    struct cycles *cycles = iteration->evaluation->cycles;
    iteration->evaluation = NULL;
    if (iteration->filter)
        cycles_retire_frame_take(cycles, iteration->filter);
    iteration->filter = NULL;
    frame_of_names_drop(iteration->outer);
    iteration->outer = NULL;
    value_drop((struct value){.kind = VALUE_OBJECT, .as.object = &iteration->object});
}

/** Makes an item the current one; takes it. */
static void iteration_enter_item(struct iteration *iteration, struct value item)
{
    ++iteration->index;
    if (!iteration->node->loop.uses_loop) {
        value_drop(item);
        return;
    }
    if (iteration->index > 0) {
        value_replace_take(&iteration->previous, value_steal(&iteration->current));
        iteration->has_previous = true;
    }
    iteration->current = item;
}

/** Iterations until the items end or the body breaks, in the frame that is open.  *flow is how the last one ended. */
static bool iteration_iterate(struct iteration *iteration, struct output *output, enum flow *flow, struct error *error)
{
    struct evaluation *evaluation = iteration->evaluation;
    const struct node *node = iteration->node;
    uint32_t kept = evaluation->frame->count;
    struct value item;
    bool found;
    for (*flow = FLOW_NEXT; *flow != FLOW_BREAK;) {
        if (!iteration_advance(iteration, &item, &found, error))
            return false;
        if (!found)
            break;
        *flow = FLOW_NEXT;
        iteration_enter_item(iteration, value_copy(item));
        if (!target_assign_take(evaluation, node->loop.target, item, error))
            return false;
        if (iteration->index == 0)
            kept = evaluation->frame->count;
        if (!body_render(evaluation, &node->loop.body, output, flow, error))
            return false;
        frame_of_names_truncate(evaluation->frame, kept);
    }
    return true;
}

/** The iterations, then the else where there were none. */
static bool iteration_run(struct iteration *iteration, struct output *output, enum flow *flow, struct error *error)
{
    struct evaluation *evaluation = iteration->evaluation;
    const struct node *node = iteration->node;
    struct frame_of_names *outer = frame_enter(evaluation);
    enum flow inner = FLOW_NEXT;
    if (node->loop.uses_loop) {
        ++iteration->object.references;
        frame_of_names_set_string_take(evaluation->frame, "loop", value_object_take(&iteration->object));
    }
    bool ok = iteration_iterate(iteration, output, &inner, error);
    frame_leave(evaluation, outer);
    if (!ok || iteration->index >= 0 || node->loop.otherwise.count == 0)
        return ok;
    outer = frame_enter(evaluation);
    ok = body_render(evaluation, &node->loop.otherwise, output, flow, error);
    frame_leave(evaluation, outer);
    return ok;
}

bool iteration_recurse(struct iteration *iteration, struct evaluation *evaluation, struct value iterable,
                       struct value *result, struct error *error)
{
    struct list *items = statement_items(evaluation, iterable, error);
    struct output output = {.keeps_undefined = true};
    enum flow flow = FLOW_NEXT;
    if (!items)
        return false;
    if (!evaluation_enter(evaluation, error)) {
        list_drop(items);
        return false;
    }
    struct evaluation inner = *evaluation;
    inner.frame = iteration->outer;
    inner.template = iteration->evaluation->template;
    struct iteration *deeper = iteration_begin(&inner, iteration->node, items);
    deeper->depth = iteration->depth + 1;
    bool ok = iteration_run(deeper, &output, &flow, error);
    iteration_end(deeper);
    if (ok)
        *result = output_take(&output);
    output_done(&output);
    evaluation_leave(evaluation);
    return ok;
}

bool loop_render(struct evaluation *evaluation, const struct node *node, struct output *output, enum flow *flow,
                 struct error *error)
{
    OWNED iterable = value_null();
    if (!expression_evaluate_defined(evaluation, node->loop.iterable, &iterable, error))
        return false;
    struct list *items = statement_items(evaluation, iterable, error);
    if (!items)
        return expression_fail_at(evaluation, node->loop.iterable->mark, error);
    struct iteration *iteration = iteration_begin(evaluation, node, items);
    bool ok = iteration_run(iteration, output, flow, error);
    iteration_end(iteration);
    return ok;
}
