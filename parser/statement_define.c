/* Statements that give names: targets, set, macro, call; see grammar/template.ebnf. */
#include "parser/template_parser.h"

#include <string.h>

/* ---- targets ---- */

/** Jinja's name of an infix or prefix operator's node. */
static const char *const operator_nodes[OPERATOR_COUNT] = {
    [OPERATOR_OR] = "or",        [OPERATOR_AND] = "and",
    [OPERATOR_NOT] = "not",      [OPERATOR_ADD] = "add",
    [OPERATOR_SUBTRACT] = "sub", [OPERATOR_MULTIPLY] = "mul",
    [OPERATOR_DIVIDE] = "div",   [OPERATOR_FLOOR_DIVIDE] = "floordiv",
    [OPERATOR_MODULO] = "mod",   [OPERATOR_POWER] = "pow",
};

/** Jinja's name of an expression that cannot be assigned to. */
static const char *expression_node_name(const struct expression *expression)
{
    switch (expression->kind) {
    case EXPRESSION_CONSTANT:
        return "const";
    case EXPRESSION_NAME:
        return "name";
    case EXPRESSION_LIST:
        return "list";
    case EXPRESSION_TUPLE:
        return "tuple";
    case EXPRESSION_DICT:
        return "dict";
    case EXPRESSION_UNARY:
        if (expression->operator!= OPERATOR_NOT)
            return expression->operator== OPERATOR_ADD ? "pos" : "neg";
        return "not";
    case EXPRESSION_BINARY:
    case EXPRESSION_LOGICAL:
        return operator_nodes[expression->operator];
    case EXPRESSION_CONCATENATE:
        return "concat";
    case EXPRESSION_COMPARE:
        return "compare";
    case EXPRESSION_CONDITIONAL:
        return "condexpr";
    case EXPRESSION_ATTRIBUTE:
        return "getattr";
    case EXPRESSION_ITEM:
        return "getitem";
    case EXPRESSION_SLICE:
        return "slice";
    case EXPRESSION_CALL:
        return "call";
    case EXPRESSION_FILTER:
        return "filter";
    case EXPRESSION_TEST:
        return expression->plugin.negated ? "not" : "test";
    }
    bug("expression kind %d", expression->kind);
}

/** The part of a target that cannot be assigned to, or NULL. */
static const struct expression *target_find_wrong(const struct expression *target)
{
    if (target->kind == EXPRESSION_NAME)
        return NULL;
    if (target->kind != EXPRESSION_TUPLE)
        return target;
    const struct expression *wrong = NULL;
    for (uint32_t i = 0; !wrong && i < target->sequence.count; i++)
        wrong = target_find_wrong(target->sequence.items[i]);
    return wrong;
}

/** production: target */
struct expression *parser_target(struct parser *parser)
{
    struct expression *target = parser_tuple(parser, parser_primary);
    const struct expression *wrong = target ? target_find_wrong(target) : NULL;
    if (!wrong)
        return target;
    parser_fail_at(parser, wrong->extent, "can't assign to '%s'", expression_node_name(target));
    return NULL;
}

bool parser_check_target(struct parser *parser, const struct expression *target)
{
    if (target->kind == EXPRESSION_TUPLE) {
        for (uint32_t i = 0; i < target->sequence.count; i++)
            if (!parser_check_target(parser, target->sequence.items[i]))
                return false;
        return true;
    }
    return target->kind != EXPRESSION_NAME || strcmp(target->name.text->bytes, "loop") != 0 ||
           parser_fail_at(parser, target->extent, "Can't assign to special loop variable in for-loop target");
}

/** production: namespace_target */
static struct expression *parser_namespace_target(struct parser *parser)
{
    struct extent name, attribute;
    struct text *namespace = parser_expect_name(parser, &name);
    if (!namespace)
        return NULL;
    struct expression *object = parser_new_expression(parser, EXPRESSION_NAME, name.start);
    object->name.text = namespace;
    struct text *key = parser_advance(parser) ? parser_expect_name(parser, &attribute) : NULL;
    if (!key)
        return NULL;
    struct expression *target = parser_new_expression(parser, EXPRESSION_ATTRIBUTE, name.start);
    target->mark = attribute;
    target->attribute.object = object;
    target->attribute.name = key;
    return target;
}

static struct expression *parser_set_target(struct parser *parser)
{
    struct token next;
    if (!parser_peek(parser, &next))
        return NULL;
    return token_is(next, OPERATOR_DOT) ? parser_namespace_target(parser) : parser_target(parser);
}

struct text *parser_target_name(struct parser *parser)
{
    static const char *const constants[] = {"true", "True", "false", "False", "none", "None"};
    struct extent extent;
    struct text *name = parser_expect_name(parser, &extent);
    for (size_t i = 0; name && i < COUNT_OF(constants); i++)
        if (strcmp(name->bytes, constants[i]) == 0) {
            parser_fail_at(parser, extent, "can't assign to 'name'");
            return NULL;
        }
    return name;
}

/* ---- set ---- */

static bool statement_set_block(struct parser *parser, struct node *node, struct expression *target)
{
    static const char *const endset[] = {"endset", NULL};
    node->kind = NODE_SET_BLOCK;
    node->set_block.target = target;
    parser->height = 0;
    if (parser_at(parser, OPERATOR_PIPE)) {
        if (!parser_advance(parser))
            return false;
        struct expression *filter = parser_filter(parser, NULL, parser->current.extent.start);
        if (!(node->set_block.filter = parser_filter_chain(parser, filter)))
            return false;
    }
    return parser_closed_body(parser, endset, &node->set_block.body);
}

/** production: set */
bool statement_set(struct parser *parser, struct node *node)
{
    bool has_value;
    struct expression *target = parser_set_target(parser);
    if (!target || (parser->loops > 0 && !parser_check_target(parser, target)) ||
        !parser_take_operator(parser, OPERATOR_ASSIGN, &has_value))
        return false;
    if (!has_value)
        return statement_set_block(parser, node, target);
    node->kind = NODE_SET;
    node->set.target = target;
    return (node->set.value = parser_tuple(parser, parser_expression));
}

/* ---- macros ---- */

/** A parameter, pushed; after one with a default value each must have one.
 *  production: parameter */
static bool parser_parameter(struct parser *parser, bool *has_default)
{
    struct extent extent = parser->current.extent;
    struct parameter *parameter = arena_new(parser->arena, sizeof *parameter);
    bool is_optional;
    if (!(parameter->name = parser_target_name(parser)) || !parser_take_operator(parser, OPERATOR_ASSIGN, &is_optional))
        return false;
    if (*has_default && !is_optional)
        return parser_fail_at(parser, extent, "non-default argument follows default argument");
    *has_default = is_optional;
    if (is_optional && !(parameter->fallback = parser_expression(parser)))
        return false;
    parser_push(parser, parameter);
    return true;
}

/** production: signature */
static bool parser_signature(struct parser *parser, struct macro *macro)
{
    uint32_t first = parser->item_count;
    bool has_default = false;
    if (!parser_expect_operator(parser, OPERATOR_OPEN_PAREN))
        return false;
    while (!parser_at(parser, OPERATOR_CLOSE_PAREN)) {
        if (parser->item_count > first && !parser_expect_operator(parser, OPERATOR_COMMA))
            return false;
        if (!parser_parameter(parser, &has_default))
            return false;
    }
    uint32_t count = parser->item_count - first;
    if (count)
        macro->parameters = arena_new(parser->arena, count * sizeof *macro->parameters);
    macro->parameter_count = count;
    for (uint32_t i = 0; i < count; i++)
        macro->parameters[i] = *(struct parameter *)parser->items[first + i];
    parser->item_count = first;
    return parser_advance(parser);
}

static bool macro_has_parameter(const struct macro *macro, const char *name)
{
    for (uint32_t i = 0; i < macro->parameter_count; i++)
        if (strcmp(macro->parameters[i].name->bytes, name) == 0)
            return true;
    return false;
}

/** A macro that reads `caller` must not demand it as an argument. */
static bool parser_check_caller(struct parser *parser, const struct macro *macro)
{
    for (uint32_t i = 0; macro->uses_caller && i < macro->parameter_count; i++)
        if (strcmp(macro->parameters[i].name->bytes, "caller") == 0 && !macro->parameters[i].fallback)
            return parser_fail_at(parser, parser->open_tag->name,
                                  "When defining macros or call blocks the special \"caller\" argument must be omitted "
                                  "or be given a default.");
    return true;
}

/** The body of a macro up to its end: notes which of the special names it reads. */
static bool parser_macro_body(struct parser *parser, const char *const *ends, struct macro *macro)
{
    unsigned specials = parser->specials, loops = parser->loops;
    parser->specials = 0;
    parser->loops = 0;
    if (!parser_closed_body(parser, ends, &macro->body))
        return false;
    macro->uses_varargs = parser->specials & SPECIAL_VARARGS && !macro_has_parameter(macro, "varargs");
    macro->uses_kwargs = parser->specials & SPECIAL_KWARGS && !macro_has_parameter(macro, "kwargs");
    macro->uses_caller = parser->specials & SPECIAL_CALLER;
    parser->specials |= specials;
    parser->loops = loops;
    return parser_check_caller(parser, macro);
}

/** production: macro */
bool statement_macro(struct parser *parser, struct node *node)
{
    static const char *const endmacro[] = {"endmacro", NULL};
    node->kind = NODE_MACRO;
    return (node->macro.name = parser_target_name(parser)) && parser_signature(parser, &node->macro) &&
           parser_macro_body(parser, endmacro, &node->macro);
}

/** production: call_block */
bool statement_call(struct parser *parser, struct node *node)
{
    static const char *const endcall[] = {"endcall", NULL};
    node->kind = NODE_CALL;
    if (parser_at(parser, OPERATOR_OPEN_PAREN) && !parser_signature(parser, &node->call.macro))
        return false;
    if (!(node->call.call = parser_expression(parser)))
        return false;
    if (node->call.call->kind != EXPRESSION_CALL)
        return parser_fail_at(parser, node->call.call->extent, "expected call");
    return parser_macro_body(parser, endcall, &node->call.macro);
}
