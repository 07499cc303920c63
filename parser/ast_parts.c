/* What a tree is made of, one level at a time: for walks that treat few kinds in a way of their own. */
#include "parser/ast.h"

/** Visits those that are there. */
static void visit_all(struct expression *const *expressions, size_t count, const struct part_visitor *visitor)
{
    for (size_t i = 0; i < count; i++)
        if (expressions[i])
            visitor->expression(visitor->context, expressions[i]);
}

static void visit_one(struct expression *expression, const struct part_visitor *visitor)
{
    visit_all(&expression, 1, visitor);
}

static void visit_arguments(const struct arguments *arguments, const struct part_visitor *visitor)
{
    visit_all(arguments->positional, arguments->positional_count, visitor);
    for (uint32_t i = 0; i < arguments->keyword_count; i++)
        visit_one(arguments->keywords[i].value, visitor);
    visit_one(arguments->star, visitor);
    visit_one(arguments->double_star, visitor);
}

static void visit_comparisons(const struct expression *expression, const struct part_visitor *visitor)
{
    visit_one(expression->compare.first, visitor);
    for (uint32_t i = 0; i < expression->compare.count; i++)
        visit_one(expression->compare.rest[i].operand, visitor);
}

void expression_visit_parts(const struct expression *expression, const struct part_visitor *visitor)
{
    switch (expression->kind) {
    case EXPRESSION_CONSTANT:
    case EXPRESSION_NAME:
        return;
    case EXPRESSION_LIST:
    case EXPRESSION_TUPLE:
    case EXPRESSION_CONCATENATE:
        return visit_all(expression->sequence.items, expression->sequence.count, visitor);
    case EXPRESSION_DICT:
        visit_all(expression->dict.keys, expression->dict.count, visitor);
        return visit_all(expression->dict.values, expression->dict.count, visitor);
    case EXPRESSION_UNARY:
    case EXPRESSION_BINARY:
    case EXPRESSION_LOGICAL:
        visit_one(expression->binary.left, visitor);
        return visit_one(expression->binary.right, visitor);
    case EXPRESSION_COMPARE:
        return visit_comparisons(expression, visitor);
    case EXPRESSION_CONDITIONAL:
        visit_one(expression->conditional.condition, visitor);
        visit_one(expression->conditional.then, visitor);
        return visit_one(expression->conditional.otherwise, visitor);
    case EXPRESSION_ATTRIBUTE:
        return visit_one(expression->attribute.object, visitor);
    case EXPRESSION_ITEM:
        visit_one(expression->item.object, visitor);
        return visit_one(expression->item.key, visitor);
    case EXPRESSION_SLICE:
        visit_one(expression->slice.start, visitor);
        visit_one(expression->slice.stop, visitor);
        return visit_one(expression->slice.step, visitor);
    case EXPRESSION_CALL:
        visit_one(expression->call.callee, visitor);
        return visit_arguments(&expression->call.arguments, visitor);
    case EXPRESSION_FILTER:
    case EXPRESSION_TEST:
        visit_one(expression->plugin.operand, visitor);
        return visit_arguments(&expression->plugin.arguments, visitor);
    }
}

static void visit_branches(const struct node *node, const struct part_visitor *visitor)
{
    for (uint32_t i = 0; i < node->conditional.count; i++) {
        visit_one(node->conditional.branches[i].condition, visitor);
        visitor->body(visitor->context, &node->conditional.branches[i].body);
    }
}

static void visit_loop(const struct node *node, const struct part_visitor *visitor)
{
    visit_one(node->loop.iterable, visitor);
    visit_one(node->loop.target, visitor);
    visit_one(node->loop.condition, visitor);
    visitor->body(visitor->context, &node->loop.body);
    visitor->body(visitor->context, &node->loop.otherwise);
}

static void visit_macro(const struct macro *macro, const struct part_visitor *visitor)
{
    for (uint32_t i = 0; i < macro->parameter_count; i++)
        visit_one(macro->parameters[i].fallback, visitor);
    visitor->body(visitor->context, &macro->body);
}

/** An expression (or NULL) and the body that it concerns. */
static void visit_with_body(struct expression *expression, const struct body *body, const struct part_visitor *visitor)
{
    visit_one(expression, visitor);
    visitor->body(visitor->context, body);
}

void node_visit_parts(const struct node *node, const struct part_visitor *visitor)
{
    switch (node->kind) {
    case NODE_TEXT:
    case NODE_BREAK:
    case NODE_CONTINUE:
        return;
    case NODE_OUTPUT:
    case NODE_DO:
        return visit_one(node->expression, visitor);
    case NODE_IF:
        return visit_branches(node, visitor);
    case NODE_FOR:
        return visit_loop(node, visitor);
    case NODE_SET:
        visit_one(node->set.value, visitor);
        return visit_one(node->set.target, visitor);
    case NODE_SET_BLOCK:
        visit_one(node->set_block.target, visitor);
        return visit_with_body(node->set_block.filter, &node->set_block.body, visitor);
    case NODE_MACRO:
        return visit_macro(&node->macro, visitor);
    case NODE_CALL:
        visit_one(node->call.call, visitor);
        return visit_macro(&node->call.macro, visitor);
    case NODE_FILTER:
        return visit_with_body(node->filter.filter, &node->filter.body, visitor);
    case NODE_WITH:
        visit_all(node->with.values, node->with.count, visitor);
        return visit_with_body(NULL, &node->with.body, visitor);
    case NODE_INCLUDE:
        return visit_one(node->include.name, visitor);
    case NODE_IMPORT:
    case NODE_FROM_IMPORT:
        return visit_one(node->import.name, visitor);
    case NODE_EXTENDS:
        return visit_one(node->parent, visitor);
    case NODE_BLOCK:
        return visit_with_body(NULL, &node->block.body, visitor);
    case NODE_AUTOESCAPE:
        return visit_with_body(node->autoescape.enabled, &node->autoescape.body, visitor);
    }
}
