/* Calls, filters and tests in expressions. */
#include <stdlib.h>
#include <string.h>

#include "eval/expression/private_copy.h"
#include "eval/expression/variable.h"
#include "eval/expression/walk.h"

enum { ARGUMENTS_ON_STACK = 8 };

/** Evaluated arguments, an operand in front of them where there is one. */
struct evaluated {
    struct value on_stack[ARGUMENTS_ON_STACK];
    struct value *values; /* on_stack, or allocated */
    size_t count;
    struct dict *keywords; /* or NULL */
    bool are_terms;        /* of a lookup: templates in literals are evaluated */
};

/** The array stays as it is: only what is counted is looked at. */
static void evaluated_init(struct evaluated *evaluated)
{
    evaluated->values = evaluated->on_stack;
    evaluated->count = 0;
    evaluated->keywords = NULL;
    evaluated->are_terms = false;
}

static void evaluated_done(struct evaluated *evaluated)
{
    for (size_t i = 0; i < evaluated->count; i++)
        value_drop(evaluated->values[i]);
    if (evaluated->values != evaluated->on_stack)
        free(evaluated->values);
    dict_drop(evaluated->keywords);
}

/* ---- arguments ---- */

/** *args: their items. */
static bool evaluate_star(struct evaluation *evaluation, const struct expression *star, struct list **items,
                          struct error *error)
{
    OWNED value = value_null();
    if (!expression_evaluate_defined(evaluation, star, &value, error))
        return false;
    *items = evaluation_items(evaluation, value, error);
    return *items || expression_fail_at(evaluation, star->mark, error);
}

/** One argument; what an outer call does with literals ends here. */
static bool evaluate_argument(struct evaluation *evaluation, const struct expression *argument, bool is_term,
                              struct value *result, struct error *error)
{
    bool is_literal = argument->kind == EXPRESSION_CONSTANT || argument->kind == EXPRESSION_LIST ||
                      argument->kind == EXPRESSION_TUPLE || argument->kind == EXPRESSION_DICT;
    bool outer = evaluation->templates_terms;
    evaluation->templates_terms = is_term && is_literal;
    bool ok = expression_evaluate(evaluation, argument, result, error);
    evaluation->templates_terms = outer;
    return ok;
}

/** Keyword arguments and **kwargs, as a new dict. */
static bool evaluate_keywords(struct evaluation *evaluation, const struct arguments *arguments, struct dict *keywords,
                              struct error *error)
{
    for (uint32_t i = 0; i < arguments->keyword_count; i++) {
        struct value value;
        if (!evaluate_argument(evaluation, arguments->keywords[i].value, false, &value, error))
            return false;
        private_values(evaluation, &value, 1);
        dict_set_take(keywords, value_string_take(text_copy(arguments->keywords[i].name)), value);
    }
    if (!arguments->double_star)
        return true;
    OWNED value = value_null();
    if (!expression_evaluate_defined(evaluation, arguments->double_star, &value, error))
        return false;
    if (value_is_dict(value)) {
        dict_update(keywords, value.as.dict);
        return true;
    }
    error_set(error, ERROR_TYPE, "argument after ** must be a mapping, not %s", value_type_name(value));
    return expression_fail_at(evaluation, arguments->double_star->mark, error);
}

/** Evaluates into an empty `evaluated`; the operand (NULL: none) is the first value. */
static bool evaluate_arguments(struct evaluation *evaluation, const struct arguments *arguments,
                               const struct value *operand, struct evaluated *evaluated, struct error *error)
{
    struct list *star = NULL;
    if (arguments->star && !evaluate_star(evaluation, arguments->star, &star, error))
        return false;
    size_t total = (operand != NULL) + arguments->positional_count + (star ? star->count : 0);
    if (total > ARGUMENTS_ON_STACK)
        evaluated->values = memory_new_array(total, sizeof *evaluated->values);
    if (operand)
        evaluated->values[evaluated->count++] = value_copy(*operand);
    bool ok = true;
    for (uint32_t i = 0; ok && i < arguments->positional_count; i++) {
        ok = evaluate_argument(evaluation, arguments->positional[i], evaluated->are_terms,
                               &evaluated->values[evaluated->count], error);
        evaluated->count += ok;
    }
    for (size_t i = 0; ok && star && i < star->count; i++)
        evaluated->values[evaluated->count++] = value_copy(star->items[i]);
    list_drop(star);
    if (!ok || (arguments->keyword_count == 0 && !arguments->double_star))
        return ok;
    evaluated->keywords = dict_new();
    return evaluate_keywords(evaluation, arguments, evaluated->keywords, error);
}

bool arguments_evaluate(struct evaluation *evaluation, const struct arguments *arguments, struct list **positional,
                        struct dict **keywords, struct error *error)
{
    struct evaluated evaluated;
    evaluated_init(&evaluated);
    bool ok = evaluate_arguments(evaluation, arguments, NULL, &evaluated, error);
    if (ok) {
        *positional = list_new(evaluated.count);
        for (size_t i = 0; i < evaluated.count; i++)
            list_push_take(*positional, value_copy(evaluated.values[i]));
        *keywords = evaluated.keywords;
        evaluated.keywords = NULL;
    }
    evaluated_done(&evaluated);
    return ok;
}

/* ---- calls ---- */

bool evaluation_call(struct evaluation *evaluation, struct value callee, const struct value *arguments, size_t count,
                     const struct dict *keywords, struct value *result, struct error *error)
{
    const struct callable_class *callable = value_callable(callee);
    if (value_is_undefined(callee)) {
        *result = value_copy(callee);
        return true;
    }
    if (!callable)
        return error_set(error, ERROR_TYPE, "'%s' object is not callable", value_type_name(callee));
    if (!evaluation_enter(evaluation, error))
        return false;
    bool ok = callable->call(evaluation, callee.as.object, arguments, count, keywords, result, error);
    evaluation_leave(evaluation);
    return ok;
}

/** Calls with what stands in the parentheses. */
static bool call_value(struct evaluation *evaluation, const struct expression *expression, struct value callee,
                       struct value *result, struct error *error)
{
    struct evaluated evaluated;
    evaluated_init(&evaluated);
    evaluated.are_terms = function_templates_terms(callee);
    bool ok = evaluate_arguments(evaluation, &expression->call.arguments, NULL, &evaluated, error);
    if (ok)
        private_values(evaluation, evaluated.values, evaluated.count);
    if (ok &&
        !evaluation_call(evaluation, callee, evaluated.values, evaluated.count, evaluated.keywords, result, error))
        call_capture(evaluation, expression, result, error);
    evaluated_done(&evaluated);
    return ok;
}

/** `object.name(...)` of a type's method: no value is made for the bound method. */
static bool call_method(struct evaluation *evaluation, const struct expression *expression, struct value object,
                        struct plugin *method, struct value *result, struct error *error)
{
    struct evaluated evaluated;
    evaluated_init(&evaluated);
    struct call call = {.plugin = method};
    bool ok = evaluate_arguments(evaluation, &expression->call.arguments, &object, &evaluated, error);
    if (ok) {
        call.arguments = evaluated.values;
        call.count = evaluated.count;
        call.keywords = evaluated.keywords;
        bool changes_self = method->function->flags & FUNCTION_CHANGES_SELF;
        if (changes_self)
            private_values(evaluation, evaluated.values + 1, evaluated.count - 1);
        if (!function_call(evaluation, &call, result, error))
            call_capture(evaluation, expression, result, error);
        else if (!changes_self)
            private_values(evaluation, result, 1);
    }
    evaluated_done(&evaluated);
    return ok;
}

/** A call whose callee is an attribute: a method where the type has one and the object itself does not. */
static bool call_attribute(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                           struct error *error)
{
    const struct expression *callee = expression->call.callee;
    OWNED object = value_null();
    OWNED value = value_null();
    if (!evaluate_quickly(evaluation, callee->attribute.object, &object, error))
        return false;
    if (object.kind != VALUE_OBJECT && !value_is_undefined(object)) {
        struct plugin *method = method_of_node(evaluation, callee, object);
        if (method && !(method->function->flags & FUNCTION_PROPERTY))
            return call_method(evaluation, expression, object, method, result, error);
    }
    if (!attribute_read(evaluation, callee, object, &value, error))
        return false;
    return call_value(evaluation, expression, value, result, error);
}

bool evaluate_call(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                   struct error *error)
{
    const struct expression *callee = expression->call.callee;
    OWNED value = value_null();
    bool ok = callee->kind == EXPRESSION_ATTRIBUTE ? call_attribute(evaluation, expression, result, error)
                                                   : expression_evaluate(evaluation, callee, &value, error) &&
                                                         call_value(evaluation, expression, value, result, error);
    return ok || expression_fail_at(evaluation, expression->mark, error);
}

/* ---- filters and tests ---- */

/** Applies the node's filter or test to an operand. */
static bool apply(struct evaluation *evaluation, const struct expression *expression, enum function_kind kind,
                  struct value operand, struct value *result, struct error *error)
{
    struct evaluated evaluated;
    evaluated_init(&evaluated);
    struct call call = {.plugin = (struct plugin *)expression->plugin.resolution};
    if (!call.plugin) {
        error_set(error, ERROR_OTHER, "No %s named '%s' found.", kind == FUNCTION_FILTER ? "filter" : "test",
                  expression->plugin.name->bytes);
        return expression_fail_at(evaluation, expression->mark, error);
    }
    bool ok = evaluate_arguments(evaluation, &expression->plugin.arguments, &operand, &evaluated, error);
    if (ok) {
        call.arguments = evaluated.values;
        call.count = evaluated.count;
        call.keywords = evaluated.keywords;
        if (!plugin_call(evaluation, kind, &call, result, error))
            call_capture(evaluation, expression, result, error);
        else
            private_values(evaluation, result, 1);
    }
    evaluated_done(&evaluated);
    return ok || expression_fail_at(evaluation, expression->mark, error);
}

bool evaluate_filter(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                     struct error *error)
{
    OWNED operand = value_null();
    if (!evaluate_quickly(evaluation, expression->plugin.operand, &operand, error))
        return false;
    return apply(evaluation, expression, FUNCTION_FILTER, operand, result, error);
}

bool expression_apply_filters(struct evaluation *evaluation, const struct expression *filters, struct value operand,
                              struct value *result, struct error *error)
{
    OWNED inner = value_null();
    if (!filters->plugin.operand)
        return apply(evaluation, filters, FUNCTION_FILTER, operand, result, error);
    return expression_apply_filters(evaluation, filters->plugin.operand, operand, &inner, error) &&
           apply(evaluation, filters, FUNCTION_FILTER, inner, result, error);
}

bool evaluate_test(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                   struct error *error)
{
    OWNED operand = value_null();
    OWNED holds = value_null();
    if (!evaluate_quickly(evaluation, expression->plugin.operand, &operand, error) ||
        !apply(evaluation, expression, FUNCTION_TEST, operand, &holds, error))
        return false;
    if (value_is_undefined(holds))
        *result = value_steal(&holds);
    else
        *result = value_bool(value_truth(holds) != expression->plugin.negated);
    return true;
}
