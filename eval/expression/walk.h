/* What the files of the walk over expressions share; for them alone. */
#ifndef PLAYLET_EVAL_EXPRESSION_WALK_H
#define PLAYLET_EVAL_EXPRESSION_WALK_H

#include "eval/expression/evaluation.h"
#include "eval/expression/prepare.h"

/** Places an error at an extent of the template that is being walked.  Returns false. */
bool expression_fail_at(struct evaluation *evaluation, struct extent mark, struct error *error);

/** The error of an undefined value that `expression` came to; *value is let go.  Returns false. */
bool expression_fail_undefined(struct evaluation *evaluation, const struct expression *expression, struct value *value, struct error *error);

/** The value of a name that the template bound, where the node found it before; NULL: it has to be looked for. */
static inline struct value *local_recall(const struct evaluation *evaluation, const struct expression *name)
{
    uint32_t slot = name->name.slot - LOCAL_FOUND, index = slot & ((1U << LOCAL_INDEX_BITS) - 1);
    const struct frame_of_names *frame = evaluation->frame;
    if (name->name.slot < LOCAL_FOUND)
        return NULL;
    for (uint32_t depth = slot >> LOCAL_INDEX_BITS; depth > 0 && frame; depth--)
        frame = frame->outer;
    if (!frame || index >= frame->count || frame->locals[index].name != name->name.text)
        return NULL;
    return &frame->locals[index].value;
}

/** expression_evaluate without a call for what is most often an operand: constants, and names that the template bound. */
static inline bool evaluate_quickly(struct evaluation *evaluation, const struct expression *expression, struct value *result, struct error *error)
{
    const struct value *found = NULL;
    if (expression->kind == EXPRESSION_NAME)
        found = local_recall(evaluation, expression);
    else if (expression->kind == EXPRESSION_CONSTANT && !evaluation->templates_constants && !evaluation->templates_terms)
        found = &expression->constant;
    if (!found || (found->kind == VALUE_STRING && found->flags & VALUE_LAZY))
        return expression_evaluate(evaluation, expression, result, error);
    *result = value_copy(*found);
    return true;
}

/** expression_evaluate_defined, as quickly. */
static inline bool evaluate_operand(struct evaluation *evaluation, const struct expression *expression, struct value *result, struct error *error)
{
    if (!evaluate_quickly(evaluation, expression, result, error))
        return false;
    return result->kind != VALUE_UNDEFINED || expression_fail_undefined(evaluation, expression, result, error);
}

/* expression_access.c */
bool evaluate_attribute(struct evaluation *evaluation, const struct expression *expression, struct value *result, struct error *error);
bool evaluate_item(struct evaluation *evaluation, const struct expression *expression, struct value *result, struct error *error);

/** The attribute that a node of kind ATTRIBUTE asks for, of an object that was evaluated already. */
bool attribute_read(struct evaluation *evaluation, const struct expression *expression, struct value object, struct value *result, struct error *error);

/** The method of a value's type that an ATTRIBUTE asks for ("str.split"), or NULL; looked up once for a kind of value. */
struct plugin *method_of_node(struct evaluation *evaluation, const struct expression *node, struct value object);

/* expression_call.c */
bool evaluate_call(struct evaluation *evaluation, const struct expression *expression, struct value *result, struct error *error);
bool evaluate_filter(struct evaluation *evaluation, const struct expression *expression, struct value *result, struct error *error);
bool evaluate_test(struct evaluation *evaluation, const struct expression *expression, struct value *result, struct error *error);

/* call.c: functions by their rows */

/** Arguments as values, borrowed. */
struct call {
    struct plugin *plugin;
    const struct value *arguments;      /* the operand first */
    size_t count;
    const struct dict *keywords;        /* or NULL */
};

/** Is it a function whose positional literals may hold templates (lookup, query)? */
bool function_templates_terms(struct value callee);

/** Binds and runs.  An undefined first argument of a filter or test is the result; errors are not wrapped. */
bool function_call(struct evaluation *evaluation, const struct call *call, struct value *result, struct error *error);

/** The same for a filter or test, with "The filter plugin 'ansible.builtin.x' failed" around its errors. */
bool plugin_call(struct evaluation *evaluation, enum function_kind kind, const struct call *call, struct value *result, struct error *error);

/**
 * What a call that failed comes to: an undefined value that stands for the failure, placed at the node's mark.  As in the
 * reference, it is an error only where the result is used.  Returns true.
 */
bool call_capture(struct evaluation *evaluation, const struct expression *expression, struct value *result, struct error *error);

/** A filter or test by name, ERROR_NO_PLUGIN with the nearest name where there is none. */
struct plugin *plugin_get(struct evaluation *evaluation, enum function_kind kind, const struct text *name, struct error *error);

#endif
