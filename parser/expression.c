/* Expressions: operators, literals, brackets; see grammar/expression.ebnf.  What follows an operand: expression_postfix.c. */
#include <string.h>

#include "parser/template_parser.h"

enum { POWER_NOT = 4, POWER_LOWEST = 2 };

static const uint8_t powers[] = {
    0,
#define OPERATOR(token, spelling, power, documentation) power,
#include "grammar/operators.def"
#undef OPERATOR
};

struct expression *parser_new_expression(struct parser *parser, enum expression_kind kind, uint32_t start)
{
    struct expression *expression = arena_new(parser->arena, sizeof *expression);
    expression->kind = kind;
    expression->extent = expression->mark = parser_extent_from(parser, start);
    return expression;
}

bool parser_raise(struct parser *parser, unsigned height)
{
    if (parser->height < height)
        parser->height = height;
    return ++parser->height <= LIMIT_EXPRESSION_DEPTH ||
           parser_fail_limit(parser, "operators, brackets and calls are nested", LIMIT_EXPRESSION_DEPTH);
}

/** One more level of recursion; the caller takes it back. */
static bool parser_enter(struct parser *parser)
{
    return ++parser->depth <= LIMIT_EXPRESSION_DEPTH ||
           parser_fail_limit(parser, "operators, brackets and calls are nested", LIMIT_EXPRESSION_DEPTH);
}

static struct expression *parser_operation(struct parser *parser, unsigned lowest);

/* ---- operands ---- */

/** Remembers that one of the names was read that macros and loops provide. */
static void parser_note_special(struct parser *parser, const struct text *name)
{
    static const struct {
        const char *name;
        enum special_name special;
    } specials[] = {
        {"loop", SPECIAL_LOOP}, {"varargs", SPECIAL_VARARGS}, {"kwargs", SPECIAL_KWARGS}, {"caller", SPECIAL_CALLER}};
    for (size_t i = 0; i < COUNT_OF(specials); i++)
        if (name->bytes[0] == specials[i].name[0] && strcmp(name->bytes, specials[i].name) == 0)
            parser->specials |= specials[i].special;
}

/** Is the current name true, false or none?  Writes its value if so. */
static bool name_is_constant(const struct parser *parser, struct value *value)
{
    if (parser_at_word(parser, "true") || parser_at_word(parser, "True"))
        *value = value_bool(true);
    else if (parser_at_word(parser, "false") || parser_at_word(parser, "False"))
        *value = value_bool(false);
    else if (parser_at_word(parser, "none") || parser_at_word(parser, "None"))
        *value = value_null();
    else
        return false;
    return true;
}

static struct expression *parser_name(struct parser *parser)
{
    struct extent extent = parser->current.extent;
    struct text *name = parser_intern(parser, parser_bytes(parser, extent), extent.length);
    if (!parser_advance(parser))
        return NULL;
    parser_note_special(parser, name);
    struct expression *expression = parser_new_expression(parser, EXPRESSION_NAME, extent.start);
    expression->name.text = name;
    return expression;
}

/** production: literal */
static struct expression *parser_literal(struct parser *parser)
{
    uint32_t start = parser->current.extent.start;
    struct value value;
    bool is_word = name_is_constant(parser, &value);
    if (!(is_word ? parser_advance(parser) : parser_take_literal(parser, &value)))
        return NULL;
    struct expression *expression = parser_new_expression(parser, EXPRESSION_CONSTANT, start);
    expression->constant = value;
    return expression;
}

/** Can no item of a tuple stand here? */
static bool parser_at_tuple_end(const struct parser *parser)
{
    return parser->current.kind == TOKEN_OUTPUT_END || parser->current.kind == TOKEN_BLOCK_END ||
           parser_at(parser, OPERATOR_CLOSE_PAREN);
}

/** The items of a tuple; one item without a comma is itself. */
static struct expression *parser_tuple_items(struct parser *parser, struct expression *(*item)(struct parser *parser),
                                             bool may_be_empty)
{
    uint32_t start = parser->current.extent.start, first = parser->item_count;
    unsigned height = 0;
    struct expression *last = NULL;
    bool has_comma = false;
    for (bool more = true; more && !parser_at_tuple_end(parser); has_comma = has_comma || more) {
        last = item(parser);
        if (!last || !parser_take_operator(parser, OPERATOR_COMMA, &more))
            return NULL;
        parser_push(parser, last);
        height = parser->height > height ? parser->height : height;
    }
    if (last && !has_comma) {
        parser->item_count = first;
        return last;
    }
    if (!last && !may_be_empty) {
        parser_fail_token(parser, "Expected an expression, got ");
        return NULL;
    }
    struct expression *tuple = parser_new_expression(parser, EXPRESSION_TUPLE, start);
    tuple->sequence.items = (struct expression **)parser_take_items(parser, first, &tuple->sequence.count);
    parser->height = height;
    return parser_raise(parser, 0) ? tuple : NULL;
}

/** production: tuple */
struct expression *parser_tuple(struct parser *parser, struct expression *(*item)(struct parser *parser))
{
    return parser_tuple_items(parser, item, false);
}

/** production: parenthesised */
static struct expression *parser_parenthesised(struct parser *parser)
{
    uint32_t start = parser->current.extent.start;
    if (!parser_advance(parser))
        return NULL;
    struct expression *inner = parser_tuple_items(parser, parser_expression, true);
    if (!inner || !parser_expect_operator(parser, OPERATOR_CLOSE_PAREN))
        return NULL;
    if (inner->kind == EXPRESSION_TUPLE)
        inner->extent = inner->mark = parser_extent_from(parser, start);
    return inner;
}

/** Is there one more item before `closing`, after the comma that separates it?  Writes *more. */
static bool parser_next_item(struct parser *parser, bool is_first, enum operator closing, bool *more)
{
    if (!is_first && !parser_at(parser, closing) && !parser_expect_operator(parser, OPERATOR_COMMA))
        return false;
    *more = !parser_at(parser, closing);
    return true;
}

/** production: list */
static struct expression *parser_list(struct parser *parser)
{
    uint32_t start = parser->current.extent.start, first = parser->item_count;
    unsigned height = 0;
    if (!parser_advance(parser))
        return NULL;
    for (bool more;;) {
        if (!parser_next_item(parser, parser->item_count == first, OPERATOR_CLOSE_BRACKET, &more))
            return NULL;
        if (!more)
            break;
        struct expression *item = parser_expression(parser);
        if (!item)
            return NULL;
        parser_push(parser, item);
        height = parser->height > height ? parser->height : height;
    }
    if (!parser_advance(parser))
        return NULL;
    struct expression *list = parser_new_expression(parser, EXPRESSION_LIST, start);
    list->sequence.items = (struct expression **)parser_take_items(parser, first, &list->sequence.count);
    parser->height = height;
    return parser_raise(parser, 0) ? list : NULL;
}

/** Pushes a key and its value; *height grows to theirs. */
static bool parser_dict_entry(struct parser *parser, unsigned *height)
{
    struct expression *key = parser_expression(parser);
    if (!key)
        return false;
    parser_push(parser, key);
    *height = parser->height > *height ? parser->height : *height;
    if (!parser_expect_operator(parser, OPERATOR_COLON))
        return false;
    struct expression *value = parser_expression(parser);
    if (!value)
        return false;
    parser_push(parser, value);
    *height = parser->height > *height ? parser->height : *height;
    return true;
}

/** production: dict */
static struct expression *parser_dict(struct parser *parser)
{
    uint32_t start = parser->current.extent.start, first = parser->item_count;
    unsigned height = 0;
    if (!parser_advance(parser))
        return NULL;
    for (bool more;;) {
        if (!parser_next_item(parser, parser->item_count == first, OPERATOR_CLOSE_BRACE, &more))
            return NULL;
        if (!more)
            break;
        if (!parser_dict_entry(parser, &height))
            return NULL;
    }
    if (!parser_advance(parser))
        return NULL;
    struct expression *dict = parser_new_expression(parser, EXPRESSION_DICT, start);
    uint32_t count = (parser->item_count - first) / 2;
    dict->dict.keys = count ? arena_new(parser->arena, 2 * count * sizeof *dict->dict.keys) : NULL;
    dict->dict.values = count ? dict->dict.keys + count : NULL;
    dict->dict.count = count;
    for (uint32_t i = 0; i < count; i++) {
        dict->dict.keys[i] = parser->items[first + 2 * i];
        dict->dict.values[i] = parser->items[first + 2 * i + 1];
    }
    parser->item_count = first;
    parser->height = height;
    return parser_raise(parser, 0) ? dict : NULL;
}

/** production: primary */
struct expression *parser_primary(struct parser *parser)
{
    struct value constant;
    parser->height = 1;
    switch (parser->current.kind) {
    case TOKEN_NAME:
        return name_is_constant(parser, &constant) ? parser_literal(parser) : parser_name(parser);
    case TOKEN_INTEGER:
    case TOKEN_FLOAT:
    case TOKEN_STRING:
        return parser_literal(parser);
    case TOKEN_OPERATOR:
        if (parser_at(parser, OPERATOR_OPEN_PAREN))
            return parser_parenthesised(parser);
        if (parser_at(parser, OPERATOR_OPEN_BRACKET))
            return parser_list(parser);
        if (parser_at(parser, OPERATOR_OPEN_BRACE))
            return parser_dict(parser);
        break;
    case TOKEN_END:
    case TOKEN_TEXT:
    case TOKEN_OUTPUT_START:
    case TOKEN_OUTPUT_END:
    case TOKEN_BLOCK_START:
    case TOKEN_BLOCK_END:
        break;
    }
    parser_fail_token(parser, "unexpected ");
    return NULL;
}

/** An operator before its operand, at the current token. */
static struct expression *parser_unary(struct parser *parser, struct expression *(*operand)(struct parser *parser))
{
    struct token token = parser->current;
    if (!parser_enter(parser) || !parser_advance(parser))
        return NULL;
    struct expression *right = operand(parser);
    if (!right || !parser_raise(parser, 0))
        return NULL;
    parser->depth--;
    struct expression *unary = parser_new_expression(parser, EXPRESSION_UNARY, token.extent.start);
    unary->operator = token.symbol;
    unary->mark = token.extent;
    unary->binary.right = right;
    return unary;
}

/** production: signed */
static struct expression *parser_signed(struct parser *parser)
{
    if (parser_at(parser, OPERATOR_SUBTRACT) || parser_at(parser, OPERATOR_ADD))
        return parser_unary(parser, parser_signed);
    uint32_t start = parser->current.extent.start;
    struct expression *primary = parser_primary(parser);
    return primary ? parser_postfix(parser, primary, start) : NULL;
}

/** production: operand */
static struct expression *parser_operand(struct parser *parser)
{
    uint32_t start = parser->current.extent.start;
    struct expression *operand = parser_signed(parser);
    return operand ? parser_filters_and_tests(parser, operand, start) : NULL;
}

/* ---- infix operators: the operator is the current token, `left` began at `start` ---- */

static struct expression *parser_negated(struct parser *parser)
{
    return parser_operation(parser, POWER_NOT);
}

/** production: negation */
static struct expression *parser_negation(struct parser *parser)
{
    return parser_unary(parser, parser_negated);
}

static struct expression *parser_binary(struct parser *parser, enum expression_kind kind, struct expression *left,
                                        uint32_t start)
{
    struct token token = parser->current;
    unsigned height = parser->height;
    if (!parser_advance(parser))
        return NULL;
    struct expression *right = parser_operation(parser, powers[token.symbol] + 1);
    if (!right || !parser_raise(parser, height))
        return NULL;
    struct expression *binary = parser_new_expression(parser, kind, start);
    binary->operator = token.symbol;
    binary->mark = token.extent;
    binary->binary.left = left;
    binary->binary.right = right;
    return binary;
}

/** production: logical */
static struct expression *parser_logical(struct parser *parser, struct expression *left, uint32_t start)
{
    return parser_binary(parser, EXPRESSION_LOGICAL, left, start);
}

/** production: arithmetic */
static struct expression *parser_arithmetic(struct parser *parser, struct expression *left, uint32_t start)
{
    return parser_binary(parser, EXPRESSION_BINARY, left, start);
}

/** production: concatenation */
static struct expression *parser_concatenation(struct parser *parser, struct expression *left, uint32_t start)
{
    uint32_t first = parser->item_count;
    unsigned height = parser->height;
    struct extent mark = parser->current.extent;
    parser_push(parser, left);
    while (parser_at(parser, OPERATOR_CONCATENATE)) {
        if (!parser_advance(parser))
            return NULL;
        struct expression *operand = parser_operation(parser, powers[OPERATOR_CONCATENATE] + 1);
        if (!operand)
            return NULL;
        parser_push(parser, operand);
        height = parser->height > height ? parser->height : height;
    }
    struct expression *concatenation = parser_new_expression(parser, EXPRESSION_CONCATENATE, start);
    concatenation->mark = mark;
    concatenation->sequence.items =
        (struct expression **)parser_take_items(parser, first, &concatenation->sequence.count);
    parser->height = height;
    return parser_raise(parser, 0) ? concatenation : NULL;
}

/** Which infix operator stands here, `not in` being IN?  OPERATOR_NONE: none. */
static bool parser_infix_operator(struct parser *parser, enum operator *symbol)
{
    *symbol = parser->current.symbol;
    if (*symbol != OPERATOR_NOT) {
        if (powers[*symbol] < POWER_LOWEST)
            *symbol = OPERATOR_NONE;
        return true;
    }
    struct token next;
    if (!parser_peek(parser, &next))
        return false;
    *symbol = token_is_operator_word(next, OPERATOR_IN) ? OPERATOR_IN : OPERATOR_NONE;
    return true;
}

static bool operator_is_comparison(enum operator symbol)
{
    return powers[symbol] == powers[OPERATOR_EQUAL];
}

/** Moves over a comparison's operator.
 *  production: comparator */
static bool parser_comparator(struct parser *parser, bool *negated)
{
    *negated = parser->current.symbol == OPERATOR_NOT;
    return (!*negated || parser_advance(parser)) && parser_advance(parser);
}

/** Makes the chain of what was pushed since `first`: an operand and its operator by turns. */
static void comparison_fill(struct parser *parser, struct expression *comparison, uint32_t first)
{
    uint32_t count = (parser->item_count - first) / 2;
    comparison->compare.rest = arena_new(parser->arena, count * sizeof *comparison->compare.rest);
    comparison->compare.count = count;
    for (uint32_t i = 0; i < count; i++) {
        uintptr_t packed = (uintptr_t)parser->items[first + 2 * i + 1];
        comparison->compare.rest[i] =
            (struct comparison){.operator = packed>> 1, .negated = packed & 1, .operand = parser->items[first + 2 * i]};
    }
    parser->item_count = first;
}

/** production: comparison */
static struct expression *parser_comparison(struct parser *parser, struct expression *left, uint32_t start)
{
    uint32_t first = parser->item_count, mark_start = parser->current.extent.start;
    unsigned height = parser->height;
    struct extent mark = {0};
    for (;;) {
        enum operator symbol;
        bool negated;
        if (!parser_infix_operator(parser, &symbol))
            return NULL;
        if (!operator_is_comparison(symbol))
            break;
        if (!parser_comparator(parser, &negated))
            return NULL;
        mark = mark.length ? mark : parser_extent_from(parser, mark_start);
        struct expression *operand = parser_operation(parser, powers[symbol] + 1);
        if (!operand)
            return NULL;
        parser_push(parser, operand);
        parser_push(parser, (void *)((uintptr_t)symbol << 1 | negated));
        height = parser->height > height ? parser->height : height;
    }
    struct expression *comparison = parser_new_expression(parser, EXPRESSION_COMPARE, start);
    comparison->mark = mark;
    comparison->compare.first = left;
    comparison_fill(parser, comparison, first);
    parser->height = height;
    return parser_raise(parser, 0) ? comparison : NULL;
}

/** production: infix */
static struct expression *parser_infix(struct parser *parser, enum operator symbol, struct expression *left,
                                       uint32_t start)
{
    if (symbol == OPERATOR_AND || symbol == OPERATOR_OR)
        return parser_logical(parser, left, start);
    if (operator_is_comparison(symbol))
        return parser_comparison(parser, left, start);
    if (symbol == OPERATOR_CONCATENATE)
        return parser_concatenation(parser, left, start);
    return parser_arithmetic(parser, left, start);
}

/** Operators that bind at least as tightly as `lowest`.
 *  production: operation */
static struct expression *parser_operation(struct parser *parser, unsigned lowest)
{
    uint32_t start = parser->current.extent.start;
    if (!parser_enter(parser))
        return NULL;
    bool is_negation = lowest <= POWER_NOT && token_is_operator_word(parser->current, OPERATOR_NOT);
    struct expression *left = is_negation ? parser_negation(parser) : parser_operand(parser);
    while (left) {
        enum operator symbol;
        if (!parser_infix_operator(parser, &symbol))
            return NULL;
        if (symbol == OPERATOR_NONE || powers[symbol] < lowest)
            break;
        left = parser_infix(parser, symbol, left, start);
    }
    parser->depth--;
    return left;
}

struct expression *parser_expression_without_if(struct parser *parser)
{
    return parser_operation(parser, POWER_LOWEST);
}

/** `then if condition else otherwise`, the current token being `if`. */
static struct expression *parser_conditional(struct parser *parser, struct expression *then, uint32_t start)
{
    unsigned height = parser->height;
    bool has_else;
    if (!parser_advance(parser))
        return NULL;
    struct expression *condition = parser_expression_without_if(parser), *otherwise = NULL;
    if (!condition || !parser_take_word(parser, "else", &has_else))
        return NULL;
    height = parser->height > height ? parser->height : height;
    if (has_else && !(otherwise = parser_expression(parser)))
        return NULL;
    if (!parser_raise(parser, height))
        return NULL;
    struct expression *conditional = parser_new_expression(parser, EXPRESSION_CONDITIONAL, start);
    conditional->conditional.then = then;
    conditional->conditional.condition = condition;
    conditional->conditional.otherwise = otherwise;
    return conditional;
}

/** production: expression */
struct expression *parser_expression(struct parser *parser)
{
    uint32_t start = parser->current.extent.start;
    if (!parser_enter(parser))
        return NULL;
    struct expression *expression = parser_expression_without_if(parser);
    while (expression && token_is_operator_word(parser->current, OPERATOR_IF))
        expression = parser_conditional(parser, expression, start);
    parser->depth--;
    return expression;
}
