/*
 * The walk over statements.  Each kind that binds names or calls bodies anew has a file of its own: loops, macros,
 * inheritance with includes and imports.
 */
#include "eval/expression/statement.h"

#include "eval/expression/macro.h"
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
    frame_release_macros(evaluation->frame);
    frame_of_names_drop(evaluation->frame);
    evaluation->frame = outer;
}

/** `a, b = value`. */
static bool unpack(struct evaluation *evaluation, const struct expression *target, struct value value,
                   struct error *error)
{
    struct list *items = evaluation_items(evaluation, value, error);
    if (!items) {
        if (error->kind == ERROR_TYPE) {
            error_done(error);
            error_set(error, ERROR_TYPE, "cannot unpack non-iterable %s object", value_type_name(value));
        }
        return expression_fail_at(evaluation, target->extent, error);
    }
    OWNED owned = value_list_take(items);
    uint32_t wanted = target->sequence.count;
    if (items->count > wanted)
        error_set(error, ERROR_VALUE, "too many values to unpack (expected %u)", wanted);
    else if (items->count < wanted)
        error_set(error, ERROR_VALUE, "not enough values to unpack (expected %u, got %zu)", wanted, items->count);
    if (items->count != wanted)
        return expression_fail_at(evaluation, target->extent, error);
    for (uint32_t i = 0; i < wanted; i++)
        if (!target_assign(evaluation, target->sequence.items[i], items->items[i], error))
            return false;
    return true;
}

/** `ns.name = value`: only objects that take attributes (namespaces). */
static bool assign_attribute(struct evaluation *evaluation, const struct expression *target, struct value value,
                             struct error *error)
{
    OWNED object = value_null();
    if (!expression_evaluate_defined(evaluation, target->attribute.object, &object, error))
        return false;
    if (object.kind == VALUE_OBJECT && object.as.object->class->set_attribute) {
        object.as.object->class->set_attribute(object.as.object, target->attribute.name, value);
        return true;
    }
    error_set(error, ERROR_TYPE, "cannot assign attribute on non-namespace object");
    return expression_fail_at(evaluation, target->extent, error);
}

bool target_assign(struct evaluation *evaluation, const struct expression *target, struct value value,
                   struct error *error)
{
    if (target->kind == EXPRESSION_TUPLE)
        return unpack(evaluation, target, value, error);
    if (target->kind == EXPRESSION_ATTRIBUTE)
        return assign_attribute(evaluation, target, value, error);
    frame_of_names_set_take(evaluation->frame, target->name.text, value_copy(value));
    return true;
}

/* ---- simple statements ---- */

/** {{ expression }}: undefined is the error, what is left to evaluate is evaluated before it becomes text. */
static bool output_render(struct evaluation *evaluation, const struct expression *expression, struct output *output,
                          struct error *error)
{
    OWNED value = value_null();
    struct value resolved;
    if (!expression_evaluate_defined(evaluation, expression, &value, error))
        return false;
    if (!value_is_lazy(value) || value_is_omit(value))
        return output_add_take(output, value_steal(&value), error);
    if (!evaluation_resolve(evaluation, value, &resolved, error))
        return expression_fail_at(evaluation, expression->mark, error);
    return output_add_take(output, resolved, error);
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

bool body_capture(struct evaluation *evaluation, const struct body *body, struct value *result, struct error *error)
{
    struct output output = {0};
    enum flow flow = FLOW_NEXT;
    bool ok = body_render(evaluation, body, &output, &flow, error);
    if (ok)
        output_take(&output, result);
    output_done(&output);
    return ok;
}

/** Renders a body in a frame of its own. */
static bool capture_in_frame(struct evaluation *evaluation, const struct body *body, struct value *result,
                             struct error *error)
{
    struct frame_of_names *outer = frame_enter(evaluation);
    bool ok = body_capture(evaluation, body, result, error);
    frame_leave(evaluation, outer);
    return ok;
}

static bool set_assign(struct evaluation *evaluation, const struct node *node, struct error *error)
{
    OWNED value = value_null();
    return expression_evaluate(evaluation, node->set.value, &value, error) &&
           target_assign(evaluation, node->set.target, value, error);
}

static bool set_block_assign(struct evaluation *evaluation, const struct node *node, struct error *error)
{
    OWNED captured = value_null();
    OWNED filtered = value_null();
    if (!capture_in_frame(evaluation, &node->set_block.body, &captured, error))
        return false;
    if (!node->set_block.filter)
        return target_assign(evaluation, node->set_block.target, captured, error);
    return expression_apply_filters(evaluation, node->set_block.filter, captured, &filtered, error) &&
           target_assign(evaluation, node->set_block.target, filtered, error);
}

static bool filter_render(struct evaluation *evaluation, const struct node *node, struct output *output,
                          struct error *error)
{
    OWNED captured = value_null();
    struct value filtered;
    return capture_in_frame(evaluation, &node->filter.body, &captured, error) &&
           expression_apply_filters(evaluation, node->filter.filter, captured, &filtered, error) &&
           output_add_take(output, filtered, error);
}

/** {% with %}: the values are evaluated outside of the new frame. */
static bool with_render(struct evaluation *evaluation, const struct node *node, struct output *output, enum flow *flow,
                        struct error *error)
{
    OWNED values = value_list_new();
    for (uint32_t i = 0; i < node->with.count; i++) {
        struct value value;
        if (!expression_evaluate(evaluation, node->with.values[i], &value, error))
            return false;
        list_push_take(values.as.list, value);
    }
    struct frame_of_names *outer = frame_enter(evaluation);
    bool ok = true;
    for (uint32_t i = 0; ok && i < node->with.count; i++)
        ok = target_assign(evaluation, node->with.targets[i], values.as.list->items[i], error);
    ok = ok && body_render(evaluation, &node->with.body, output, flow, error);
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
        output_add_text(output, node->text);
        return true;
    case NODE_OUTPUT:
        return output_render(evaluation, node->expression, output, error);
    case NODE_IF:
        return if_render(evaluation, node, output, flow, error);
    case NODE_FOR:
        return loop_render(evaluation, node, output, flow, error);
    case NODE_SET:
        return set_assign(evaluation, node, error);
    case NODE_SET_BLOCK:
        return set_block_assign(evaluation, node, error);
    case NODE_MACRO:
        return macro_define(evaluation, node, error);
    case NODE_CALL:
        return call_block_render(evaluation, node, output, error);
    case NODE_FILTER:
        return filter_render(evaluation, node, output, error);
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
        return body_render(evaluation, &node->autoescape.body, output, flow, error);
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
