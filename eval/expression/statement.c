/*
 * The walk over statements.  Each kind that binds names or calls bodies anew has a file of its own: loops, macros,
 * inheritance with includes and imports.
 */
#include "eval/expression/statement.h"

#include "eval/expression/cycle.h"
#include "eval/expression/variable.h"
#include "eval/expression/walk.h"
#include "runtime/value/object.h"

/* ---- frames and targets ---- */

struct frame_of_names *frame_enter(struct evaluation *evaluation)
{
    struct frame_of_names *outer = evaluation->frame;
    evaluation->frame = frame_of_names_new(outer);
    return outer;
}

void frame_leave(struct evaluation *evaluation, struct frame_of_names *outer)
{
    cycles_retire_frame_take(evaluation->cycles, evaluation->frame);
    evaluation->frame = outer;
}

struct list *statement_items(struct evaluation *evaluation, struct value iterable, struct error *error)
{
    return value_is_sequence(iterable) ? list_copy(iterable.as.list) : evaluation_items(evaluation, iterable, error);
}

/** The items of what is unpacked into `wanted` targets, or NULL. */
static struct list *items_to_unpack(struct evaluation *evaluation, struct value value, uint32_t wanted,
                                    struct error *error)
{
    struct list *items = statement_items(evaluation, value, error);
    if (!items) {
        if (error->kind == ERROR_TYPE) {
            error_done(error);
            error_set(error, ERROR_TYPE, "cannot unpack non-iterable %s object", value_type_name(value));
        }
        return NULL;
    }
    if (items->count == wanted)
        return items;
    if (items->count > wanted)
        error_set(error, ERROR_VALUE, "too many values to unpack (expected %u)", wanted);
    else
        error_set(error, ERROR_VALUE, "not enough values to unpack (expected %u, got %zu)", wanted, items->count);
    list_drop(items);
    return NULL;
}

/** `a, b = value`. */
static bool unpack_take(struct evaluation *evaluation, const struct expression *target, struct value value,
                        struct error *error)
{
    OWNED whole = value;
    struct list *items = items_to_unpack(evaluation, whole, target->sequence.count, error);
    if (!items)
        return expression_fail_at(evaluation, target->extent, error);
    bool ok = true;
    for (uint32_t i = 0; ok && i < target->sequence.count; i++)
        ok = target_assign_take(evaluation, target->sequence.items[i], value_copy(items->items[i]), error);
    list_drop(items);
    return ok;
}

/** `ns.name = value`: only objects that take attributes (namespaces). */
static bool attribute_assign_take(struct evaluation *evaluation, const struct expression *target, struct value value,
                                  struct error *error)
{
    OWNED assigned = value;
    OWNED object = value_null();
    if (!evaluate_quickly(evaluation, target->attribute.object, &object, error))
        return false;
    if (object.kind == VALUE_OBJECT && object.as.object->class->set_attribute) {
        cycles_watch(evaluation->cycles, object, assigned);
        object.as.object->class->set_attribute(object.as.object, target->attribute.name, assigned);
        return true;
    }
    error_set(error, ERROR_TYPE, "cannot assign attribute on non-namespace object");
    return expression_fail_at(evaluation, target->extent, error);
}

bool target_assign_take(struct evaluation *evaluation, const struct expression *target, struct value value,
                        struct error *error)
{
    if (target->kind == EXPRESSION_TUPLE)
        return unpack_take(evaluation, target, value, error);
    if (target->kind == EXPRESSION_ATTRIBUTE)
        return attribute_assign_take(evaluation, target, value, error);
    frame_of_names_set_take(evaluation->frame, target->name.text, value);
    return true;
}

/* ---- simple statements ---- */

/** {{ expression }} */
static bool output_render(struct evaluation *evaluation, const struct expression *expression, struct output *output,
                          struct error *error)
{
    OWNED value = value_null();
    if (evaluation->is_silent)
        return true;
    if (!(output->keeps_undefined ? evaluate_quickly(evaluation, expression, &value, error)
                                  : evaluate_operand(evaluation, expression, &value, error)))
        return false;
    return output_add_take(evaluation, output, value_steal(&value), error) ||
           expression_fail_at(evaluation, expression->mark, error);
}

static bool if_render(struct evaluation *evaluation, const struct node *node, struct output *output, enum flow *flow,
                      struct error *error)
{
    for (uint32_t i = 0; i < node->conditional.count; i++) {
        const struct branch *branch = &node->conditional.branches[i];
        bool holds = true;
        if (branch->condition && !expression_truth(evaluation, branch->condition, &holds, error))
            return false;
        if (holds)
            return body_render(evaluation, &branch->body, output, flow, error);
    }
    return true;
}

/** body_capture within a loop whose {% break %} or {% continue %} the body may hold. */
static bool body_capture_flow(struct evaluation *evaluation, const struct body *body, struct value *result,
                              enum flow *flow, struct error *error)
{
    struct output output = {.keeps_undefined = true};
    bool ok = body_render(evaluation, body, &output, flow, error);
    if (ok)
        *result = output_take(&output);
    output_done(&output);
    return ok;
}

bool body_capture(struct evaluation *evaluation, const struct body *body, struct value *result, struct error *error)
{
    enum flow flow = FLOW_NEXT;
    return body_capture_flow(evaluation, body, result, &flow, error);
}

/** Renders a body in a frame of its own and passes it through filters (NULL: none). */
static bool capture_filtered(struct evaluation *evaluation, const struct body *body, const struct expression *filters,
                             struct value *result, enum flow *flow, struct error *error)
{
    OWNED captured = value_null();
    struct frame_of_names *outer = frame_enter(evaluation);
    bool ok = body_capture_flow(evaluation, body, &captured, flow, error);
    frame_leave(evaluation, outer);
    if (ok && filters)
        return expression_apply_filters(evaluation, filters, captured, result, error);
    *result = value_steal(&captured);
    return ok;
}

static bool set_assign(struct evaluation *evaluation, const struct node *node, struct error *error)
{
    struct value value;
    return expression_evaluate(evaluation, node->set.value, &value, error) &&
           target_assign_take(evaluation, node->set.target, value, error);
}

static bool set_block_assign(struct evaluation *evaluation, const struct node *node, enum flow *flow,
                             struct error *error)
{
    struct value value;
    return capture_filtered(evaluation, &node->set_block.body, node->set_block.filter, &value, flow, error) &&
           target_assign_take(evaluation, node->set_block.target, value, error);
}

static bool filter_render(struct evaluation *evaluation, const struct node *node, struct output *output,
                          enum flow *flow, struct error *error)
{
    struct value filtered;
    return capture_filtered(evaluation, &node->filter.body, node->filter.filter, &filtered, flow, error) &&
           (output_add_take(evaluation, output, filtered, error) ||
            expression_fail_at(evaluation, node->filter.filter->mark, error));
}

/** {% with %}: the values are evaluated outside of the new frame. */
static bool with_render(struct evaluation *evaluation, const struct node *node, struct output *output, enum flow *flow,
                        struct error *error)
{
    struct frame_of_names *outer = evaluation->frame, *inner = frame_of_names_new(outer);
    bool ok = true;
    for (uint32_t i = 0; ok && i < node->with.count; i++) {
        struct value value;
        evaluation->frame = outer;
        ok = expression_evaluate(evaluation, node->with.values[i], &value, error);
        evaluation->frame = inner;
        ok = ok && target_assign_take(evaluation, node->with.targets[i], value, error);
    }
    evaluation->frame = inner;
    ok = ok && body_render(evaluation, &node->with.body, output, flow, error);
    frame_leave(evaluation, outer);
    return ok;
}

static bool autoescape_render(struct evaluation *evaluation, const struct node *node, struct output *output,
                              enum flow *flow, struct error *error)
{
    struct frame_of_names *outer = frame_enter(evaluation);
    bool ok = body_render(evaluation, &node->autoescape.body, output, flow, error);
    frame_leave(evaluation, outer);
    return ok;
}

static bool do_evaluate(struct evaluation *evaluation, const struct node *node, struct error *error)
{
    OWNED value = value_null();
    return expression_evaluate(evaluation, node->expression, &value, error);
}

/* ---- the walk ---- */

/** One node: a call each. */
static bool node_render(struct evaluation *evaluation, const struct node *node, struct output *output, enum flow *flow,
                        struct error *error)
{
    switch (node->kind) {
    case NODE_TEXT:
        return evaluation->is_silent || output_add_text(evaluation, output, node->text, error);
    case NODE_OUTPUT:
        return output_render(evaluation, node->expression, output, error);
    case NODE_IF:
        return if_render(evaluation, node, output, flow, error);
    case NODE_FOR:
        return loop_render(evaluation, node, output, flow, error);
    case NODE_SET:
        return set_assign(evaluation, node, error);
    case NODE_SET_BLOCK:
        return set_block_assign(evaluation, node, flow, error);
    case NODE_MACRO:
        macro_define(evaluation, node);
        return true;
    case NODE_CALL:
        return call_block_render(evaluation, node, output, error);
    case NODE_FILTER:
        return filter_render(evaluation, node, output, flow, error);
    case NODE_WITH:
        return with_render(evaluation, node, output, flow, error);
    case NODE_INCLUDE:
        return include_render(evaluation, node, output, error);
    case NODE_IMPORT:
        return import_define(evaluation, node, error);
    case NODE_FROM_IMPORT:
        return from_import_define(evaluation, node, error);
    case NODE_EXTENDS:
        return extends_note(evaluation, node, error);
    case NODE_BLOCK:
        return block_render(evaluation, node, output, error);
    case NODE_DO:
        return do_evaluate(evaluation, node, error);
    case NODE_BREAK:
        *flow = FLOW_BREAK;
        return true;
    case NODE_CONTINUE:
        *flow = FLOW_CONTINUE;
        return true;
    case NODE_AUTOESCAPE:
        return autoescape_render(evaluation, node, output, flow, error);
    }
    bug("no such node: %d", node->kind);
}

bool body_render(struct evaluation *evaluation, const struct body *body, struct output *output, enum flow *flow,
                 struct error *error)
{
    for (uint32_t i = 0; i < body->count && *flow == FLOW_NEXT; i++)
        if (!node_render(evaluation, body->nodes[i], output, flow, error))
            return false;
    return true;
}
