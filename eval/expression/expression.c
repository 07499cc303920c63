/*
 * The walk over expressions: constants, names, collections, operators, comparisons, conditions.
 * Attributes and items are expression_access.c's; calls, filters and tests expression_call.c's.
 */
#include <string.h>

#include "eval/expression/equality.h"
#include "eval/expression/missing_else.h"
#include "eval/expression/private_copy.h"
#include "eval/expression/variable.h"
#include "eval/expression/walk.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/compare.h"
#include "runtime/value/markup.h"
#include "runtime/value/repr.h"

bool expression_fail_at(struct evaluation *evaluation, struct extent mark, struct error *error)
{
    return error_at(error, template_span(evaluation->template, mark));
}

bool expression_fail_undefined(struct evaluation *evaluation, const struct expression *expression, struct value *value,
                               struct error *error)
{
    undefined_error(evaluation, *value, error);
    value_replace_take(value, value_null());
    return expression_fail_at(evaluation, expression->mark, error);
}

bool expression_evaluate_defined(struct evaluation *evaluation, const struct expression *expression,
                                 struct value *result, struct error *error)
{
    return evaluate_operand(evaluation, expression, result, error);
}

/** The operand of an operator that looks inside: defined, with nothing in it left to be evaluated. */
static bool evaluate_resolved(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                              struct error *error)
{
    OWNED value = value_null();
    if (!expression_evaluate_defined(evaluation, expression, &value, error))
        return false;
    if (!value_is_lazy(value) || value_is_omit(value)) {
        *result = value_steal(&value);
        return true;
    }
    return evaluation_resolve(evaluation, value, result, error) ||
           expression_fail_at(evaluation, expression->mark, error);
}

bool expression_truth(struct evaluation *evaluation, const struct expression *expression, bool *result,
                      struct error *error)
{
    struct value value;
    if (!evaluate_operand(evaluation, expression, &value, error))
        return false;
    *result = value.kind == VALUE_BOOL ? value.as.boolean : value_truth(value);
    value_drop(value);
    return true;
}

/* ---- collections ---- */

/** A string constant; one that holds a template is evaluated where the evaluation says so (conditions, terms). */
static bool evaluate_constant(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                              struct error *error)
{
    struct value constant = expression->constant;
    bool is_templated = evaluation->templates_constants || evaluation->templates_terms;
    if (!is_templated || !value_is_string(constant) ||
        !text_has_template(constant.as.text->bytes, constant.as.text->length)) {
        *result = value_copy(constant);
        return true;
    }
    return engine_evaluate_text(evaluation, constant.as.text, result, error);
}

static bool evaluate_sequence(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                              struct error *error)
{
    struct list *list = list_new(expression->sequence.count);
    OWNED owned = expression->kind == EXPRESSION_TUPLE ? value_tuple_take(list) : value_list_take(list);
    for (uint32_t i = 0; i < expression->sequence.count; i++) {
        struct value item;
        if (!evaluate_quickly(evaluation, expression->sequence.items[i], &item, error))
            return false;
        list_push_take(list, item);
    }
    *result = value_steal(&owned);
    return true;
}

static bool evaluate_dict(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                          struct error *error)
{
    OWNED owned = value_dict_new();
    for (uint32_t i = 0; i < expression->dict.count; i++) {
        OWNED key = value_null();
        struct value value;
        const struct expression *key_expression = expression->dict.keys[i];
        if (!expression_evaluate_defined(evaluation, key_expression, &key, error))
            return false;
        if (!dict_key_check(key, error))
            return expression_fail_at(evaluation, key_expression->mark, error);
        if (!expression_evaluate(evaluation, expression->dict.values[i], &value, error))
            return false;
        if (value_is_omit(value) && value_is_omit(key))
            continue;
        dict_set_take(owned.as.dict, value_steal(&key), value);
    }
    *result = value_steal(&owned);
    return true;
}

/* ---- operators ---- */

static enum arithmetic arithmetic_of(enum operator operator)
{
    static const enum arithmetic table[OPERATOR_COUNT] = {
        [OPERATOR_ADD] = ARITHMETIC_ADD,
        [OPERATOR_SUBTRACT] = ARITHMETIC_SUBTRACT,
        [OPERATOR_MULTIPLY] = ARITHMETIC_MULTIPLY,
        [OPERATOR_DIVIDE] = ARITHMETIC_DIVIDE,
        [OPERATOR_FLOOR_DIVIDE] = ARITHMETIC_FLOOR_DIVIDE,
        [OPERATOR_MODULO] = ARITHMETIC_MODULO,
        [OPERATOR_POWER] = ARITHMETIC_POWER,
    };
    return table[operator];
}

/** An operator on any two values. */
static bool calculate_take(struct evaluation *evaluation, const struct expression *expression, struct value first,
                           struct value second, struct value *result, struct error *error)
{
    OWNED left = first;
    OWNED right = second;
    bool formats = expression->operator== OPERATOR_MODULO && value_is_string(left);
    if (formats && value_is_lazy(right)) /* what the format does not ask for may be undefined */
        value_replace_take(&right, private_copy(evaluation, right));
    return value_arithmetic(arithmetic_of(expression->operator), left, right, result, error) ||
           expression_fail_at(evaluation, expression->mark, error);
}

static bool evaluate_binary(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                            struct error *error)
{
    enum arithmetic operation = arithmetic_of(expression->operator);
    struct value left, right;
    int64_t word;
    if (!evaluate_operand(evaluation, expression->binary.left, &left, error))
        return false;
    if (!evaluate_operand(evaluation, expression->binary.right, &right, error)) {
        value_drop(left);
        return false;
    }
    if (left.kind == VALUE_INT && right.kind == VALUE_INT && right.as.integer != 0 &&
        arithmetic_words(operation, left.as.integer, right.as.integer, &word)) {
        *result = value_int(word);
        return true;
    }
    return calculate_take(evaluation, expression, left, right, result, error);
}

static bool evaluate_unary(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                           struct error *error)
{
    OWNED operand = value_null();
    if (!expression_evaluate_defined(evaluation, expression->binary.right, &operand, error))
        return false;
    if (expression->operator== OPERATOR_NOT) {
        *result = value_bool(!value_truth(operand));
        return true;
    }
    bool ok = expression->operator== OPERATOR_SUBTRACT ? value_negate(operand, result, error)
                                                       : value_plus(operand, result, error);
    return ok || expression_fail_at(evaluation, expression->mark, error);
}

/** `a ~ b ~ c`: always plain text, markup or not. */
static bool evaluate_concatenation(struct evaluation *evaluation, const struct expression *expression,
                                   struct value *result, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    for (uint32_t i = 0; i < expression->sequence.count; i++) {
        OWNED operand = value_null();
        if (!evaluate_resolved(evaluation, expression->sequence.items[i], &operand, error))
            return false;
        value_append_str(&out, operand);
    }
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

/** The operand that decides, as in Python. */
static bool evaluate_logical(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                             struct error *error)
{
    OWNED left = value_null();
    if (!evaluate_operand(evaluation, expression->binary.left, &left, error))
        return false;
    if (value_truth(left) == (expression->operator== OPERATOR_OR)) {
        *result = value_steal(&left);
        return true;
    }
    return expression_evaluate(evaluation, expression->binary.right, result, error);
}

/** left < right and so on, with nothing in them left to be evaluated. */
static bool order_evaluated(struct evaluation *evaluation, enum operator operator, struct value left,
                            struct value right, int *order, struct error *error)
{
    if (!value_is_lazy(left) && !value_is_lazy(right))
        return value_order(left, right, operator_spelling(operator), order, error);
    OWNED first = value_null();
    OWNED second = value_null();
    return evaluation_resolve(evaluation, left, &first, error) &&
           evaluation_resolve(evaluation, right, &second, error) &&
           value_order(first, second, operator_spelling(operator), order, error);
}

/** Operators of order and equality on what is most often compared. */
static bool compare_words(enum operator operator, int64_t left, int64_t right)
{
    return (left < right &&
            (operator== OPERATOR_LESS || operator== OPERATOR_LESS_EQUAL || operator== OPERATOR_NOT_EQUAL)) ||
           (left > right &&
            (operator== OPERATOR_GREATER || operator== OPERATOR_GREATER_EQUAL || operator== OPERATOR_NOT_EQUAL)) ||
           (left == right &&
            (operator== OPERATOR_EQUAL || operator== OPERATOR_LESS_EQUAL || operator== OPERATOR_GREATER_EQUAL));
}

static bool compare(struct evaluation *evaluation, const struct comparison *comparison, struct value left,
                    struct value right, bool *result, struct error *error)
{
    enum operator operator= comparison->operator;
    int order;
    if (left.kind == VALUE_INT && right.kind == VALUE_INT && operator!= OPERATOR_IN) {
        *result = compare_words(operator, left.as.integer, right.as.integer);
        return true;
    }
    if (operator== OPERATOR_EQUAL || operator== OPERATOR_NOT_EQUAL) {
        if (!equal_evaluated(evaluation, left, right, result, error))
            return false;
        *result ^= operator== OPERATOR_NOT_EQUAL;
        return true;
    }
    if (operator== OPERATOR_IN) {
        if (!contains_evaluated(evaluation, right, left, result, error))
            return false;
        *result ^= comparison->negated;
        return true;
    }
    if (!order_evaluated(evaluation, operator, left, right, &order, error))
        return false;
    *result = order != VALUE_UNORDERED &&
              ((operator== OPERATOR_LESS && order<0) || (operator== OPERATOR_LESS_EQUAL && order <= 0) ||
               (operator== OPERATOR_GREATER && order> 0) || (operator== OPERATOR_GREATER_EQUAL && order >= 0));
    return true;
}

/** `left in [constants]` without making the list; false where it must be made. */
static bool is_in_constants(const struct evaluation *evaluation, const struct expression *sequence, struct value left,
                            bool *result)
{
    bool is_sequence = sequence->kind == EXPRESSION_LIST || sequence->kind == EXPRESSION_TUPLE;
    if (!is_sequence || evaluation->templates_constants || value_is_lazy(left))
        return false;
    for (uint32_t i = 0; i < sequence->sequence.count; i++)
        if (sequence->sequence.items[i]->kind != EXPRESSION_CONSTANT)
            return false;
    *result = false;
    for (uint32_t i = 0; !*result && i < sequence->sequence.count; i++)
        *result = value_equal(left, sequence->sequence.items[i]->constant);
    return true;
}

static bool evaluate_comparisons(struct evaluation *evaluation, const struct expression *expression,
                                 struct value *result, struct error *error)
{
    OWNED left = value_null();
    bool holds = true;
    if (!evaluate_operand(evaluation, expression->compare.first, &left, error))
        return false;
    for (uint32_t i = 0; holds && i < expression->compare.count; i++) {
        const struct comparison *comparison = &expression->compare.rest[i];
        struct value right;
        if (comparison->operator== OPERATOR_IN && i + 1 == expression->compare.count &&
            is_in_constants(evaluation, comparison->operand, left, &holds)) {
            holds ^= comparison->negated;
            break;
        }
        if (!evaluate_operand(evaluation, comparison->operand, &right, error))
            return false;
        bool ok = compare(evaluation, comparison, left, right, &holds, error);
        value_replace_take(&left, right);
        if (!ok)
            return expression_fail_at(evaluation, expression->mark, error);
    }
    *result = value_bool(holds);
    return true;
}

static bool evaluate_conditional(struct evaluation *evaluation, const struct expression *expression,
                                 struct value *result, struct error *error)
{
    bool holds;
    if (!expression_truth(evaluation, expression->conditional.condition, &holds, error))
        return false;
    const struct expression *chosen = holds ? expression->conditional.then : expression->conditional.otherwise;
    if (chosen)
        return expression_evaluate(evaluation, chosen, result, error);
    *result = missing_else();
    return true;
}

/* ---- the walk ---- */

static bool evaluate_slice_alone(struct evaluation *evaluation, const struct expression *expression,
                                 struct value *result, struct error *error)
{
    (void)evaluation, (void)result, (void)error;
    bug("an expression of kind %d cannot be evaluated", expression->kind);
}

/** A function for each kind. */
static bool (*const walkers[])(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                               struct error *error) = {
    [EXPRESSION_CONSTANT] = evaluate_constant,
    [EXPRESSION_NAME] = variable_read,
    [EXPRESSION_LIST] = evaluate_sequence,
    [EXPRESSION_TUPLE] = evaluate_sequence,
    [EXPRESSION_DICT] = evaluate_dict,
    [EXPRESSION_UNARY] = evaluate_unary,
    [EXPRESSION_BINARY] = evaluate_binary,
    [EXPRESSION_CONCATENATE] = evaluate_concatenation,
    [EXPRESSION_LOGICAL] = evaluate_logical,
    [EXPRESSION_COMPARE] = evaluate_comparisons,
    [EXPRESSION_CONDITIONAL] = evaluate_conditional,
    [EXPRESSION_ATTRIBUTE] = evaluate_attribute,
    [EXPRESSION_ITEM] = evaluate_item,
    [EXPRESSION_SLICE] = evaluate_slice_alone, /* only as the key of an ITEM, which knows it */
    [EXPRESSION_CALL] = evaluate_call,
    [EXPRESSION_FILTER] = evaluate_filter,
    [EXPRESSION_TEST] = evaluate_test,
};

bool expression_evaluate(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                         struct error *error)
{
    return walkers[expression->kind](evaluation, expression, result, error);
}
