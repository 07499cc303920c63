#include "parser/python_literal.h"

#include <string.h>

#include "parser/template.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/dict.h"
#include "runtime/value/list.h"

static bool literal_of(const struct template *template, const struct expression *expression, struct value *result);

/** A constant; the words true, false and none are literals of templates only, with a capital of Python too. */
static bool literal_constant(const struct template *template, const struct expression *expression, struct value *result)
{
    enum value_kind kind = (enum value_kind)expression->constant.kind;
    char first = template->text->bytes[expression->extent.start];
    if ((kind == VALUE_BOOL || kind == VALUE_NULL) && first >= 'a')
        return false;
    *result = value_copy(expression->constant);
    return true;
}

static bool literal_sequence(const struct template *template, const struct expression *expression, struct value *result)
{
    struct list *list = list_new(expression->sequence.count);
    OWNED owned = expression->kind == EXPRESSION_TUPLE ? value_tuple_take(list) : value_list_take(list);
    for (uint32_t i = 0; i < expression->sequence.count; i++) {
        struct value item;
        if (!literal_of(template, expression->sequence.items[i], &item))
            return false;
        list_push_take(list, item);
    }
    *result = value_steal(&owned);
    return true;
}

static bool literal_dict(const struct template *template, const struct expression *expression, struct value *result)
{
    struct dict *dict = dict_new();
    OWNED owned = value_dict_take(dict);
    for (uint32_t i = 0; i < expression->dict.count; i++) {
        OWNED key = value_null();
        OWNED_ERROR error = {0};
        struct value value;
        if (!literal_of(template, expression->dict.keys[i], &key) || !dict_key_check(key, &error) ||
            !literal_of(template, expression->dict.values[i], &value))
            return false;
        dict_set_take(dict, value_steal(&key), value);
    }
    *result = value_steal(&owned);
    return true;
}

/** A number with a sign. */
static bool literal_signed(const struct template *template, const struct expression *expression, struct value *result)
{
    OWNED operand = value_null();
    OWNED_ERROR error = {0};
    if (!literal_of(template, expression->binary.right, &operand) || !value_is_number(operand) ||
        operand.kind == VALUE_BOOL)
        return false;
    if (expression->operator== OPERATOR_SUBTRACT)
        return value_negate(operand, result, &error);
    return expression->operator== OPERATOR_ADD && value_plus(operand, result, &error);
}

static bool literal_of(const struct template *template, const struct expression *expression, struct value *result)
{
    if (expression->kind == EXPRESSION_CONSTANT)
        return literal_constant(template, expression, result);
    if (expression->kind == EXPRESSION_LIST || expression->kind == EXPRESSION_TUPLE)
        return literal_sequence(template, expression, result);
    if (expression->kind == EXPRESSION_DICT)
        return literal_dict(template, expression, result);
    return expression->kind == EXPRESSION_UNARY && literal_signed(template, expression, result);
}

bool python_literal_parse(const char *bytes, size_t length, struct value *result)
{
    OWNED_ERROR error = {0};
    struct text *text = text_new(bytes, length);
    struct template *template = expression_parse(text, &error);
    bool ok = template && literal_of(template, template->expression, result);
    template_drop(template);
    text_drop(text);
    return ok;
}
