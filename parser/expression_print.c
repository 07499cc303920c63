/* Expressions in prefix form; see template_print.h. */
#include "parser/template_print.h"
#include "runtime/value/repr.h"

/** " expression", or " _" for none. */
static void print_operand(struct text_buffer *out, const struct expression *operand)
{
    text_buffer_append_char(out, ' ');
    if (operand)
        expression_print(out, operand);
    else
        text_buffer_append_char(out, '_');
}

static void print_items(struct text_buffer *out, const struct expression *expression)
{
    for (uint32_t i = 0; i < expression->sequence.count; i++)
        print_operand(out, expression->sequence.items[i]);
}

static void print_list(struct text_buffer *out, const struct expression *list)
{
    text_buffer_append_char(out, '[');
    for (uint32_t i = 0; i < list->sequence.count; i++) {
        text_buffer_append_string(out, i ? ", " : "");
        expression_print(out, list->sequence.items[i]);
    }
    text_buffer_append_char(out, ']');
}

static void print_dict(struct text_buffer *out, const struct expression *dict)
{
    text_buffer_append_char(out, '{');
    for (uint32_t i = 0; i < dict->dict.count; i++) {
        text_buffer_append_string(out, i ? ", " : "");
        expression_print(out, dict->dict.keys[i]);
        text_buffer_append_char(out, ':');
        print_operand(out, dict->dict.values[i]);
    }
    text_buffer_append_char(out, '}');
}

static void print_comparison(struct text_buffer *out, const struct expression *expression)
{
    uint32_t count = expression->compare.count;
    for (uint32_t i = 0; i < count; i++) {
        const struct comparison *comparison = &expression->compare.rest[i];
        text_buffer_append_format(out, "%s%s%s", i || count > 1 ? " " : "", comparison->negated ? "not " : "",
                                  operator_spelling(comparison->operator));
        if (count == 1)
            print_operand(out, expression->compare.first);
        print_operand(out, comparison->operand);
    }
}

static void print_arguments(struct text_buffer *out, const struct arguments *arguments)
{
    for (uint32_t i = 0; i < arguments->positional_count; i++)
        print_operand(out, arguments->positional[i]);
    for (uint32_t i = 0; i < arguments->keyword_count; i++) {
        text_buffer_append_format(out, " %s=", arguments->keywords[i].name->bytes);
        expression_print(out, arguments->keywords[i].value);
    }
    if (arguments->star) {
        text_buffer_append_string(out, " *");
        expression_print(out, arguments->star);
    }
    if (arguments->double_star) {
        text_buffer_append_string(out, " **");
        expression_print(out, arguments->double_star);
    }
}

static void print_plugin(struct text_buffer *out, const struct expression *expression)
{
    print_operand(out, expression->plugin.operand);
    text_buffer_append_format(out, " %s", expression->plugin.name->bytes);
    print_arguments(out, &expression->plugin.arguments);
}

/** What follows the opening parenthesis. */
static void print_form(struct text_buffer *out, const struct expression *expression)
{
    switch (expression->kind) {
    case EXPRESSION_TUPLE:
        text_buffer_append_string(out, "tuple");
        return print_items(out, expression);
    case EXPRESSION_CONCATENATE:
        text_buffer_append_char(out, '~');
        return print_items(out, expression);
    case EXPRESSION_UNARY:
        text_buffer_append_string(out, operator_spelling(expression->operator));
        return print_operand(out, expression->binary.right);
    case EXPRESSION_BINARY:
    case EXPRESSION_LOGICAL:
        text_buffer_append_string(out, operator_spelling(expression->operator));
        print_operand(out, expression->binary.left);
        return print_operand(out, expression->binary.right);
    case EXPRESSION_COMPARE:
        if (expression->compare.count > 1)
            expression_print(out, expression->compare.first);
        return print_comparison(out, expression);
    case EXPRESSION_CONDITIONAL:
        text_buffer_append_string(out, "if");
        print_operand(out, expression->conditional.condition);
        print_operand(out, expression->conditional.then);
        return print_operand(out, expression->conditional.otherwise);
    case EXPRESSION_ATTRIBUTE:
        text_buffer_append_char(out, '.');
        print_operand(out, expression->attribute.object);
        return text_buffer_append_format(out, " %s", expression->attribute.name->bytes);
    case EXPRESSION_ITEM:
        text_buffer_append_string(out, "item");
        print_operand(out, expression->item.object);
        return print_operand(out, expression->item.key);
    case EXPRESSION_SLICE:
        text_buffer_append_string(out, "slice");
        print_operand(out, expression->slice.start);
        print_operand(out, expression->slice.stop);
        return print_operand(out, expression->slice.step);
    case EXPRESSION_CALL:
        text_buffer_append_string(out, "call");
        print_operand(out, expression->call.callee);
        return print_arguments(out, &expression->call.arguments);
    case EXPRESSION_FILTER:
        text_buffer_append_char(out, '|');
        return print_plugin(out, expression);
    case EXPRESSION_TEST:
        text_buffer_append_string(out, expression->plugin.negated ? "is-not" : "is");
        return print_plugin(out, expression);
    case EXPRESSION_CONSTANT:
    case EXPRESSION_NAME:
    case EXPRESSION_LIST:
    case EXPRESSION_DICT:
        break;
    }
    bug("expression kind %d has no form", expression->kind);
}

void expression_print(struct text_buffer *out, const struct expression *expression)
{
    if (expression->kind == EXPRESSION_CONSTANT)
        return value_append_repr(out, expression->constant);
    if (expression->kind == EXPRESSION_NAME)
        return text_buffer_append_text(out, expression->name.text);
    if (expression->kind == EXPRESSION_LIST)
        return print_list(out, expression);
    if (expression->kind == EXPRESSION_DICT)
        return print_dict(out, expression);
    text_buffer_append_char(out, '(');
    print_form(out, expression);
    text_buffer_append_char(out, ')');
}
