/*
 * JMESPath's grammar: operator precedence (Pratt), one token ahead.
 *
 * Binding powers are those of the specification's reference grammar.  What follows a projection ([*], *, [], [?]) is
 * applied to each of its items, up to an operator that binds looser than PROJECTION_STOP.
 */
#include <stdlib.h>

#include "runtime/limits.h"
#include "stdlib/filters/jmespath/tree.h"

enum {
    POWER_PIPE = 1,
    POWER_OR = 2,
    POWER_AND = 3,
    POWER_COMPARE = 5,
    POWER_FLATTEN = 9,
    PROJECTION_STOP = 10,
    POWER_STAR = 20,
    POWER_FILTER = 21,
    POWER_DOT = 40,
    POWER_NOT = 45,
    POWER_BRACE = 50,
    POWER_BRACKET = 55,
    POWER_PAREN = 60
};

struct path_parser {
    struct arena *arena;
    const char *text;
    size_t length, position;
    struct path_token token, ahead;
    unsigned depth;
    struct error *error;
};

static struct path_node *parse_expression(struct path_parser *parser, int power);

/** A new node. */
static struct path_node *node_new(struct path_parser *parser, enum path_kind kind, struct path_node *left,
                                  struct path_node *right)
{
    struct path_node *node = arena_new(parser->arena, sizeof *node);
    node->kind = kind;
    node->left = left;
    node->right = right;
    return node;
}

/** Goes one token on. */
static bool advance(struct path_parser *parser)
{
    parser->token = parser->ahead;
    return path_token_read(parser->arena, parser->text, parser->length, &parser->position, &parser->ahead,
                           parser->error);
}

/** "Invalid jmespath expression: ..." at the present token. */
static struct path_node *fail(struct path_parser *parser, const char *what)
{
    if (parser->token.kind == TOKEN_END)
        error_set(parser->error, ERROR_VALUE, "Invalid jmespath expression: Incomplete expression: \"%.*s\"",
                  (int)parser->length, parser->text);
    else
        error_set(parser->error, ERROR_VALUE,
                  "Invalid jmespath expression: %s at column %zu, token \"%.*s\", for expression: \"%.*s\"", what,
                  parser->token.start, (int)parser->token.length, parser->text + parser->token.start,
                  (int)parser->length, parser->text);
    return NULL;
}

/** Takes a token of this kind. */
static bool match(struct path_parser *parser, enum path_token_kind kind)
{
    if (parser->token.kind == kind)
        return advance(parser);
    fail(parser, "Parse error");
    return false;
}

/** How tightly a token binds as an infix operator. */
static int power_of(enum path_token_kind kind)
{
    static const int powers[] = {
        [TOKEN_PIPE] = POWER_PIPE,
        [TOKEN_OR] = POWER_OR,
        [TOKEN_AND] = POWER_AND,
        [TOKEN_EQUAL] = POWER_COMPARE,
        [TOKEN_NOT_EQUAL] = POWER_COMPARE,
        [TOKEN_LESS] = POWER_COMPARE,
        [TOKEN_LESS_EQUAL] = POWER_COMPARE,
        [TOKEN_GREATER] = POWER_COMPARE,
        [TOKEN_GREATER_EQUAL] = POWER_COMPARE,
        [TOKEN_FLATTEN] = POWER_FLATTEN,
        [TOKEN_STAR] = POWER_STAR,
        [TOKEN_FILTER] = POWER_FILTER,
        [TOKEN_DOT] = POWER_DOT,
        [TOKEN_NOT] = POWER_NOT,
        [TOKEN_OPEN_BRACE] = POWER_BRACE,
        [TOKEN_OPEN_BRACKET] = POWER_BRACKET,
        [TOKEN_OPEN_PAREN] = POWER_PAREN,
    };
    return (size_t)kind < COUNT_OF(powers) ? powers[kind] : 0;
}

/** A growing list of nodes, copied to the arena at its end. */
struct node_list {
    struct path_node **nodes;
    struct value *keys;
    uint32_t count;
};

/** Appends; `key` may be a null value. */
static void node_list_push(struct node_list *list, struct value key, struct path_node *node)
{
    list->nodes = memory_resize(list->nodes, list->count + 1, sizeof *list->nodes);
    list->keys = memory_resize(list->keys, list->count + 1, sizeof *list->keys);
    list->nodes[list->count] = node;
    list->keys[list->count++] = key;
}

static void node_list_done(struct node_list *list)
{
    free(list->nodes);
    free(list->keys);
}

/** A LIST, OBJECT or CALL of what was collected. */
static struct path_node *many_new(struct path_parser *parser, enum path_kind kind, const struct node_list *list)
{
    struct path_node *node = node_new(parser, kind, NULL, NULL);
    node->many.count = list->count;
    node->many.items = arena_new(parser->arena, (list->count + 1) * sizeof *node->many.items);
    node->many.keys = arena_new(parser->arena, (list->count + 1) * sizeof *node->many.keys);
    for (uint32_t i = 0; i < list->count; i++) {
        node->many.items[i] = list->nodes[i];
        node->many.keys[i] = list->keys[i];
    }
    return node;
}

/** Behind "[": expressions up to "]". */
static struct path_node *parse_list(struct path_parser *parser)
{
    CLEANUP(node_list_done) struct node_list list = {0};
    for (;;) {
        struct path_node *item = parse_expression(parser, 0);
        if (!item)
            return NULL;
        node_list_push(&list, value_null(), item);
        if (parser->token.kind == TOKEN_CLOSE_BRACKET)
            break;
        if (!match(parser, TOKEN_COMMA))
            return NULL;
    }
    return match(parser, TOKEN_CLOSE_BRACKET) ? many_new(parser, PATH_LIST, &list) : NULL;
}

/** Behind "{": names and expressions up to "}". */
static struct path_node *parse_object(struct path_parser *parser)
{
    CLEANUP(node_list_done) struct node_list list = {0};
    for (;;) {
        struct value key = parser->token.value;
        if (parser->token.kind != TOKEN_NAME && parser->token.kind != TOKEN_QUOTED)
            return fail(parser, "Expecting a name");
        if (!advance(parser) || !match(parser, TOKEN_COLON))
            return NULL;
        struct path_node *item = parse_expression(parser, 0);
        if (!item)
            return NULL;
        node_list_push(&list, key, item);
        if (parser->token.kind == TOKEN_CLOSE_BRACE)
            break;
        if (!match(parser, TOKEN_COMMA))
            return NULL;
    }
    return match(parser, TOKEN_CLOSE_BRACE) ? many_new(parser, PATH_OBJECT, &list) : NULL;
}

/** What may follow a dot: a name, *, a list, an object. */
static struct path_node *parse_behind_dot(struct path_parser *parser, int power)
{
    switch ((int)parser->token.kind) {
    case TOKEN_NAME:
    case TOKEN_QUOTED:
    case TOKEN_STAR:
        return parse_expression(parser, power);
    case TOKEN_OPEN_BRACKET:
        return advance(parser) ? parse_list(parser) : NULL;
    case TOKEN_OPEN_BRACE:
        return advance(parser) ? parse_object(parser) : NULL;
    }
    return fail(parser, "Expecting a name, *, [ or {");
}

/** What is applied to each item of a projection. */
static struct path_node *parse_projected(struct path_parser *parser, int power)
{
    if (power_of(parser->token.kind) < PROJECTION_STOP)
        return node_new(parser, PATH_CURRENT, NULL, NULL);
    if (parser->token.kind == TOKEN_OPEN_BRACKET || parser->token.kind == TOKEN_FILTER)
        return parse_expression(parser, power);
    if (parser->token.kind == TOKEN_DOT)
        return advance(parser) ? parse_behind_dot(parser, power) : NULL;
    return fail(parser, "Parse error");
}

/** A projection of `left`. */
static struct path_node *parse_projection(struct path_parser *parser, enum path_kind kind, struct path_node *left,
                                          int power)
{
    struct path_node *right = parse_projected(parser, power);
    return right ? node_new(parser, kind, left, right) : NULL;
}

/** One of the three numbers of a slice. */
static void set_slice_part(struct path_slice *slice, int part, int64_t number)
{
    int64_t *const parts[] = {&slice->start, &slice->stop, &slice->step};
    bool *const given[] = {&slice->has_start, &slice->has_stop, &slice->has_step};
    *parts[part] = number;
    *given[part] = true;
}

/** start:stop:step up to "]". */
static struct path_node *parse_slice(struct path_parser *parser)
{
    struct path_node *node = node_new(parser, PATH_SLICE, NULL, NULL);
    int part = 0;
    while (parser->token.kind != TOKEN_CLOSE_BRACKET) {
        if (parser->token.kind == TOKEN_COLON && part < 2)
            part++;
        else if (parser->token.kind == TOKEN_NUMBER)
            set_slice_part(&node->slice, part, parser->token.value.as.integer);
        else
            return fail(parser, "Syntax error in slice");
        if (!advance(parser))
            return NULL;
    }
    return match(parser, TOKEN_CLOSE_BRACKET) ? node : NULL;
}

/** Behind "[", at a number or a colon: an index, or a slice (a projection). */
static struct path_node *parse_index(struct path_parser *parser, struct path_node *left)
{
    if (parser->token.kind == TOKEN_COLON || parser->ahead.kind == TOKEN_COLON) {
        struct path_node *slice = parse_slice(parser);
        return slice ? parse_projection(parser, PATH_PROJECTION, node_new(parser, PATH_CHAIN, left, slice), POWER_STAR)
                     : NULL;
    }
    struct path_node *index = node_new(parser, PATH_INDEX, NULL, NULL);
    index->index = parser->token.value.as.integer;
    if (!advance(parser) || !match(parser, TOKEN_CLOSE_BRACKET))
        return NULL;
    return node_new(parser, PATH_CHAIN, left, index);
}

/** Behind "[?". */
static struct path_node *parse_filter(struct path_parser *parser, struct path_node *left)
{
    struct path_node *condition = parse_expression(parser, 0);
    if (!condition || !match(parser, TOKEN_CLOSE_BRACKET))
        return NULL;
    struct path_node *right = parser->token.kind == TOKEN_FLATTEN ? node_new(parser, PATH_CURRENT, NULL, NULL)
                                                                  : parse_projected(parser, POWER_FILTER);
    if (!right)
        return NULL;
    struct path_node *filter = node_new(parser, PATH_FILTER, left, right);
    filter->condition = condition;
    return filter;
}

/** Behind "[" at the start of an expression. */
static struct path_node *parse_bracket(struct path_parser *parser)
{
    struct path_node *current = node_new(parser, PATH_CURRENT, NULL, NULL);
    if (parser->token.kind == TOKEN_NUMBER || parser->token.kind == TOKEN_COLON)
        return parse_index(parser, current);
    if (parser->token.kind == TOKEN_STAR && parser->ahead.kind == TOKEN_CLOSE_BRACKET)
        return advance(parser) && advance(parser) ? parse_projection(parser, PATH_PROJECTION, current, POWER_STAR)
                                                  : NULL;
    return parse_list(parser);
}

/** Behind "(" of a call: arguments up to ")". */
static struct path_node *parse_call(struct path_parser *parser, const struct path_token *name)
{
    CLEANUP(node_list_done) struct node_list list = {0};
    const struct path_function *function = path_function_find(parser->text + name->start, name->length);
    while (parser->token.kind != TOKEN_CLOSE_PAREN) {
        struct path_node *argument = parse_expression(parser, 0);
        if (!argument)
            return NULL;
        node_list_push(&list, value_null(), argument);
        if (parser->token.kind == TOKEN_COMMA &&
            (!advance(parser) || (parser->token.kind == TOKEN_CLOSE_PAREN && !fail(parser, "Parse error"))))
            return NULL;
        else if (parser->token.kind != TOKEN_CLOSE_PAREN && parser->token.kind == TOKEN_END)
            return fail(parser, "Parse error");
    }
    if (!match(parser, TOKEN_CLOSE_PAREN))
        return NULL;
    if (!function) {
        error_set(parser->error, ERROR_VALUE, "Unknown function: %.*s()", (int)name->length,
                  parser->text + name->start);
        return NULL;
    }
    if (!path_function_check(function, list.count, parser->error))
        return NULL;
    struct path_node *call = many_new(parser, PATH_CALL, &list);
    call->many.function = function;
    return call;
}

/** A node of a token's value. */
static struct path_node *parse_value(struct path_parser *parser, enum path_kind kind, const struct path_token *token)
{
    struct path_node *node = node_new(parser, kind, NULL, NULL);
    node->value = token->value;
    return node;
}

/** A node with what follows as its only operand. */
static struct path_node *parse_prefix(struct path_parser *parser, enum path_kind kind, int power)
{
    struct path_node *operand = parse_expression(parser, power);
    return operand ? node_new(parser, kind, operand, NULL) : NULL;
}

/** "( expression )". */
static struct path_node *parse_group(struct path_parser *parser)
{
    struct path_node *inside = parse_expression(parser, 0);
    return inside && match(parser, TOKEN_CLOSE_PAREN) ? inside : NULL;
}

/** A name: a field, or the function when a parenthesis follows. */
static struct path_node *parse_name(struct path_parser *parser, const struct path_token *token)
{
    if (parser->token.kind != TOKEN_OPEN_PAREN)
        return parse_value(parser, PATH_FIELD, token);
    if (token->kind == TOKEN_QUOTED)
        return fail(parser, "Quoted identifier not allowed for function names");
    return advance(parser) ? parse_call(parser, token) : NULL;
}

/** What begins an expression; `token` was taken. */
static struct path_node *parse_first(struct path_parser *parser, const struct path_token *token)
{
    struct path_node *current = node_new(parser, PATH_CURRENT, NULL, NULL);
    switch ((int)token->kind) {
    case TOKEN_LITERAL:
        return parse_value(parser, PATH_LITERAL, token);
    case TOKEN_NAME:
    case TOKEN_QUOTED:
        return parse_name(parser, token);
    case TOKEN_STAR:
        if (parser->token.kind == TOKEN_CLOSE_BRACKET)
            return node_new(parser, PATH_VALUE_PROJECTION, current, current);
        return parse_projection(parser, PATH_VALUE_PROJECTION, current, POWER_STAR);
    case TOKEN_FILTER:
        return parse_filter(parser, current);
    case TOKEN_OPEN_BRACE:
        return parse_object(parser);
    case TOKEN_OPEN_PAREN:
        return parse_group(parser);
    case TOKEN_FLATTEN:
        return parse_projection(parser, PATH_PROJECTION, node_new(parser, PATH_FLATTEN, current, NULL), POWER_FLATTEN);
    case TOKEN_NOT:
        return parse_prefix(parser, PATH_NOT, POWER_NOT);
    case TOKEN_OPEN_BRACKET:
        return parse_bracket(parser);
    case TOKEN_CURRENT:
        return current;
    case TOKEN_REFERENCE:
        return parse_prefix(parser, PATH_REFERENCE, 0);
    }
    parser->token = *token;
    return fail(parser, "Parse error");
}

/** A binary operator between `left` and what follows. */
static struct path_node *parse_binary(struct path_parser *parser, enum path_kind kind, struct path_node *left,
                                      int power)
{
    struct path_node *right = parse_expression(parser, power);
    return right ? node_new(parser, kind, left, right) : NULL;
}

/** Behind "." with `left` before it. */
static struct path_node *parse_dot(struct path_parser *parser, struct path_node *left)
{
    if (parser->token.kind == TOKEN_STAR)
        return advance(parser) ? parse_projection(parser, PATH_VALUE_PROJECTION, left, POWER_DOT) : NULL;
    struct path_node *right = parse_behind_dot(parser, POWER_DOT);
    return right ? node_new(parser, PATH_CHAIN, left, right) : NULL;
}

/** Behind "[" with `left` before it. */
static struct path_node *parse_subscript(struct path_parser *parser, struct path_node *left)
{
    if (parser->token.kind == TOKEN_NUMBER || parser->token.kind == TOKEN_COLON)
        return parse_index(parser, left);
    if (!match(parser, TOKEN_STAR) || !match(parser, TOKEN_CLOSE_BRACKET))
        return NULL;
    return parse_projection(parser, PATH_PROJECTION, left, POWER_STAR);
}

/** A comparison. */
static struct path_node *parse_comparison(struct path_parser *parser, struct path_node *left, enum path_token_kind kind)
{
    struct path_node *node = parse_binary(parser, PATH_COMPARE, left, POWER_COMPARE);
    if (node)
        node->comparison = (enum path_comparison)(kind - TOKEN_EQUAL);
    return node;
}

/** What goes on with `left`; the operator was taken. */
static struct path_node *parse_rest(struct path_parser *parser, struct path_node *left, enum path_token_kind kind)
{
    switch ((int)kind) {
    case TOKEN_DOT:
        return parse_dot(parser, left);
    case TOKEN_PIPE:
        return parse_binary(parser, PATH_CHAIN, left, POWER_PIPE);
    case TOKEN_OR:
        return parse_binary(parser, PATH_OR, left, POWER_OR);
    case TOKEN_AND:
        return parse_binary(parser, PATH_AND, left, POWER_AND);
    case TOKEN_FILTER:
        return parse_filter(parser, left);
    case TOKEN_FLATTEN:
        return parse_projection(parser, PATH_PROJECTION, node_new(parser, PATH_FLATTEN, left, NULL), POWER_FLATTEN);
    case TOKEN_OPEN_BRACKET:
        return parse_subscript(parser, left);
    case TOKEN_EQUAL:
    case TOKEN_NOT_EQUAL:
    case TOKEN_LESS:
    case TOKEN_LESS_EQUAL:
    case TOKEN_GREATER:
    case TOKEN_GREATER_EQUAL:
        return parse_comparison(parser, left, kind);
    }
    return fail(parser, "Parse error");
}

/** An expression of operators that bind tighter than `power`. */
static struct path_node *parse_expression(struct path_parser *parser, int power)
{
    if (++parser->depth > LIMIT_EXPRESSION_DEPTH) {
        error_set(parser->error, ERROR_LIMIT, "The jmespath expression is nested too deeply (more than %d levels)",
                  LIMIT_EXPRESSION_DEPTH);
        return NULL;
    }
    struct path_token token = parser->token;
    if (token.kind == TOKEN_END)
        return fail(parser, "Incomplete expression");
    struct path_node *node = advance(parser) ? parse_first(parser, &token) : NULL;
    while (node && power < power_of(parser->token.kind)) {
        token = parser->token;
        node = advance(parser) ? parse_rest(parser, node, token.kind) : NULL;
    }
    parser->depth--;
    return node;
}

struct jmespath *jmespath_compile(const char *text, size_t length, struct error *error)
{
    struct jmespath *expression = memory_new_array(1, sizeof *expression);
    arena_init(&expression->arena);
    struct path_parser parser = {.arena = &expression->arena, .text = text, .length = length, .error = error};
    if (advance(&parser) && advance(&parser))
        expression->root = parse_expression(&parser, 0);
    if (expression->root && parser.token.kind != TOKEN_END) {
        fail(&parser, "Unexpected token");
        expression->root = NULL;
    }
    if (expression->root)
        return expression;
    jmespath_free(expression);
    return NULL;
}

void jmespath_free(struct jmespath *expression)
{
    if (!expression)
        return;
    arena_done(&expression->arena);
    free(expression);
}
