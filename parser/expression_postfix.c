/* What follows an operand: attributes, items, calls, filters, tests; see grammar/expression.ebnf. */
#include <string.h>

#include "parser/template_parser.h"

/* ---- arguments ---- */

/** Arguments under construction.  Keywords are pushed as name and value by turns, after all positional ones. */
struct argument_list {
    struct arguments *arguments;
    uint32_t first;    /* of the parser's items */
    uint32_t keywords; /* where keywords begin; item_count while there are none */
    unsigned height;
};

static bool parser_argument_order(struct parser *parser, bool is_right)
{
    return is_right || parser_fail(parser, "invalid syntax for function call expression");
}

static struct expression *parser_argument_value(struct parser *parser, struct argument_list *list)
{
    struct expression *value = parser_expression(parser);
    if (value && parser->height > list->height)
        list->height = parser->height;
    return value;
}

/** `*values` and `**values`. */
static bool parser_star_argument(struct parser *parser, struct argument_list *list, struct expression **slot)
{
    return parser_advance(parser) && (*slot = parser_argument_value(parser, list));
}

static bool parser_keyword_argument(struct parser *parser, struct argument_list *list)
{
    struct extent extent = parser->current.extent;
    struct text *name = parser_expect_name(parser, &extent);
    if (!name || !parser_advance(parser))
        return false;
    for (uint32_t i = list->keywords; i < parser->item_count; i += 2)
        if (parser->items[i] == name)
            return parser_fail_at(parser, extent, "keyword argument repeated: %s", name->bytes);
    struct expression *value = parser_argument_value(parser, list);
    if (!value)
        return false;
    parser_push(parser, name);
    parser_push(parser, value);
    list->arguments->keyword_count++;
    return true;
}

static bool parser_positional_argument(struct parser *parser, struct argument_list *list)
{
    struct expression *value = parser_argument_value(parser, list);
    if (!value)
        return false;
    parser_push(parser, value);
    list->keywords = parser->item_count;
    return true;
}

/** production: argument */
static bool parser_argument(struct parser *parser, struct argument_list *list)
{
    struct arguments *arguments = list->arguments;
    bool no_star = !arguments->star && !arguments->double_star, is_keyword = false;
    struct token next;
    if (parser_at(parser, OPERATOR_MULTIPLY))
        return parser_argument_order(parser, no_star) && parser_star_argument(parser, list, &arguments->star);
    if (parser_at(parser, OPERATOR_POWER))
        return parser_argument_order(parser, !arguments->double_star) &&
               parser_star_argument(parser, list, &arguments->double_star);
    if (parser->current.kind == TOKEN_NAME) {
        if (!parser_peek(parser, &next))
            return false;
        is_keyword = token_is(next, OPERATOR_ASSIGN);
    }
    if (is_keyword)
        return parser_argument_order(parser, !arguments->double_star) && parser_keyword_argument(parser, list);
    return parser_argument_order(parser, no_star && !arguments->keyword_count) &&
           parser_positional_argument(parser, list);
}

/** Moves what was pushed into the arguments. */
static void argument_list_finish(struct parser *parser, const struct argument_list *list)
{
    struct arguments *arguments = list->arguments;
    uint32_t count = arguments->keyword_count;
    if (count)
        arguments->keywords = arena_new(parser->arena, count * sizeof *arguments->keywords);
    for (uint32_t i = 0; i < count; i++)
        arguments->keywords[i] = (struct keyword_argument){.name = parser->items[list->keywords + 2 * i],
                                                           .value = parser->items[list->keywords + 2 * i + 1]};
    parser->item_count = list->keywords;
    arguments->positional = (struct expression **)parser_take_items(parser, list->first, &arguments->positional_count);
}

/** The parser's height becomes that of the highest argument, or stays when that was higher.
 *  production: arguments */
static bool parser_arguments(struct parser *parser, struct arguments *arguments)
{
    struct argument_list list = {
        .arguments = arguments, .first = parser->item_count, .keywords = parser->item_count, .height = parser->height};
    if (!parser_expect_operator(parser, OPERATOR_OPEN_PAREN))
        return false;
    for (bool is_first = true; !parser_at(parser, OPERATOR_CLOSE_PAREN); is_first = false) {
        if (!is_first && !parser_expect_operator(parser, OPERATOR_COMMA))
            return false;
        if (!is_first && parser_at(parser, OPERATOR_CLOSE_PAREN))
            break;
        if (!parser_argument(parser, &list))
            return false;
    }
    argument_list_finish(parser, &list);
    parser->height = list.height;
    return parser_expect_operator(parser, OPERATOR_CLOSE_PAREN);
}

/* ---- attributes, items, calls ---- */

/** The key of `d.1`: a constant. */
static struct expression *parser_number_attribute(struct parser *parser, struct expression *object, uint32_t start,
                                                  struct expression *key)
{
    struct expression *item = parser_new_expression(parser, EXPRESSION_ITEM, start);
    item->mark = key->extent;
    item->item.object = object;
    item->item.key = key;
    return item;
}

/** production: attribute */
static struct expression *parser_attribute(struct parser *parser, struct expression *object, uint32_t start)
{
    if (!parser_advance(parser))
        return NULL;
    struct token token = parser->current;
    if (token.kind == TOKEN_INTEGER) {
        unsigned height = parser->height;
        struct expression *key = parser_primary(parser);
        return key && parser_raise(parser, height) ? parser_number_attribute(parser, object, start, key) : NULL;
    }
    if (!parser_advance(parser))
        return NULL;
    if (token.kind != TOKEN_NAME) {
        parser_fail_at(parser, token.extent, "expected name or number");
        return NULL;
    }
    if (!parser_raise(parser, 0))
        return NULL;
    struct expression *attribute = parser_new_expression(parser, EXPRESSION_ATTRIBUTE, start);
    attribute->mark = token.extent;
    attribute->attribute.object = object;
    attribute->attribute.name = parser_intern(parser, parser_bytes(parser, token.extent), token.extent.length);
    return attribute;
}

/** One part of a slice, NULL where it was left out; *height grows to its own. */
static bool parser_slice_part(struct parser *parser, struct expression **part, unsigned *height)
{
    *part = NULL;
    if (parser_at(parser, OPERATOR_COLON) || parser_at(parser, OPERATOR_CLOSE_BRACKET) ||
        parser_at(parser, OPERATOR_COMMA))
        return true;
    *part = parser_expression(parser);
    *height = parser->height > *height ? parser->height : *height;
    return *part != NULL;
}

/** The rest of a slice from its first colon on. */
static struct expression *parser_slice(struct parser *parser, struct expression *first, uint32_t start)
{
    struct expression *stop, *step = NULL;
    unsigned height = first ? parser->height : 0;
    bool has_step;
    if (!parser_advance(parser) || !parser_slice_part(parser, &stop, &height) ||
        !parser_take_operator(parser, OPERATOR_COLON, &has_step) ||
        (has_step && !parser_slice_part(parser, &step, &height)))
        return NULL;
    parser->height = height;
    if (!parser_raise(parser, 0))
        return NULL;
    struct expression *slice = parser_new_expression(parser, EXPRESSION_SLICE, start);
    slice->slice.start = first;
    slice->slice.stop = stop;
    slice->slice.step = step;
    return slice;
}

/** production: subscript */
static struct expression *parser_subscript(struct parser *parser)
{
    uint32_t start = parser->current.extent.start;
    struct expression *first = NULL;
    if (!parser_at(parser, OPERATOR_COLON) && !(first = parser_expression(parser)))
        return NULL;
    return parser_at(parser, OPERATOR_COLON) ? parser_slice(parser, first, start) : first;
}

/** The one subscript, or the tuple of what was pushed since `first`. */
static struct expression *parser_subscript_key(struct parser *parser, uint32_t first, uint32_t start)
{
    uint32_t count = parser->item_count - first;
    if (count == 1)
        return parser->items[--parser->item_count];
    for (uint32_t i = first; i < parser->item_count; i++) {
        const struct expression *part = parser->items[i];
        if (part->kind == EXPRESSION_SLICE) {
            parser_fail_at(parser, part->extent, "a slice cannot be combined with other subscripts");
            return NULL;
        }
    }
    struct expression *key = parser_new_expression(parser, EXPRESSION_TUPLE, start);
    key->sequence.items = (struct expression **)parser_take_items(parser, first, &key->sequence.count);
    return parser_raise(parser, 0) ? key : NULL;
}

/** production: item */
static struct expression *parser_item(struct parser *parser, struct expression *object, uint32_t start)
{
    uint32_t open = parser->current.extent.start, first = parser->item_count;
    unsigned height = parser->height;
    if (!parser_advance(parser))
        return NULL;
    while (!parser_at(parser, OPERATOR_CLOSE_BRACKET)) {
        if (parser->item_count > first && !parser_expect_operator(parser, OPERATOR_COMMA))
            return NULL;
        struct expression *subscript = parser_subscript(parser);
        if (!subscript)
            return NULL;
        parser_push(parser, subscript);
        height = parser->height > height ? parser->height : height;
    }
    parser->height = height;
    struct expression *key = parser_subscript_key(parser, first, open + 1);
    if (!key || !parser_advance(parser) || !parser_raise(parser, 0))
        return NULL;
    struct expression *item = parser_new_expression(parser, EXPRESSION_ITEM, start);
    item->mark = parser_extent_from(parser, open);
    item->item.object = object;
    item->item.key = key;
    return item;
}

/** production: call */
static struct expression *parser_call(struct parser *parser, struct expression *callee, uint32_t start)
{
    struct arguments arguments = {0};
    if (!parser_arguments(parser, &arguments) || !parser_raise(parser, 0))
        return NULL;
    struct expression *call = parser_new_expression(parser, EXPRESSION_CALL, start);
    call->mark = callee->mark;
    call->call.callee = callee;
    call->call.arguments = arguments;
    return call;
}

/** production: postfix */
struct expression *parser_postfix(struct parser *parser, struct expression *operand, uint32_t start)
{
    while (operand && parser->current.kind == TOKEN_OPERATOR) {
        if (parser_at(parser, OPERATOR_DOT))
            operand = parser_attribute(parser, operand, start);
        else if (parser_at(parser, OPERATOR_OPEN_BRACKET))
            operand = parser_item(parser, operand, start);
        else if (parser_at(parser, OPERATOR_OPEN_PAREN))
            operand = parser_call(parser, operand, start);
        else
            break;
    }
    return operand;
}

/* ---- filters and tests ---- */

/** A name of more than one word, put together of what was pushed since `first`. */
static struct text *parser_join_names(struct parser *parser, uint32_t first)
{
    CLEANUP(text_buffer_done) struct text_buffer joined = {0};
    for (uint32_t i = first; i < parser->item_count; i++) {
        if (i > first)
            text_buffer_append_char(&joined, '.');
        text_buffer_append_text(&joined, parser->items[i]);
    }
    parser->item_count = first;
    return parser_intern(parser, text_buffer_bytes(&joined), joined.length);
}

/** A plugin's name with its place.
 *  production: plugin_name */
static struct text *parser_plugin_name(struct parser *parser, struct extent *extent)
{
    uint32_t start = parser->current.extent.start, first = parser->item_count;
    struct text *name = parser_expect_name(parser, NULL);
    if (name && parser_at(parser, OPERATOR_DOT)) {
        parser_push(parser, name);
        while (name && parser_at(parser, OPERATOR_DOT)) {
            name = parser_advance(parser) ? parser_expect_name(parser, NULL) : NULL;
            parser_push(parser, name);
        }
        name = name ? parser_join_names(parser, first) : NULL;
    }
    *extent = parser_extent_from(parser, start);
    return name;
}

/** production: filter */
struct expression *parser_filter(struct parser *parser, struct expression *operand, uint32_t start)
{
    struct extent mark;
    struct arguments arguments = {0};
    struct text *name = parser_plugin_name(parser, &mark);
    if (!name || (parser_at(parser, OPERATOR_OPEN_PAREN) && !parser_arguments(parser, &arguments)) ||
        !parser_raise(parser, 0))
        return NULL;
    struct expression *filter = parser_new_expression(parser, EXPRESSION_FILTER, start);
    filter->mark = mark;
    filter->plugin.operand = operand;
    filter->plugin.name = name;
    filter->plugin.arguments = arguments;
    return filter;
}

/** Can the one bare argument of a test begin here? */
static bool parser_at_test_argument(const struct parser *parser)
{
    switch (parser->current.kind) {
    case TOKEN_NAME:
        return !parser_at_word(parser, "else") && !token_is_operator_word(parser->current, OPERATOR_OR) &&
               !token_is_operator_word(parser->current, OPERATOR_AND);
    case TOKEN_INTEGER:
    case TOKEN_FLOAT:
    case TOKEN_STRING:
        return true;
    case TOKEN_OPERATOR:
        return parser_at(parser, OPERATOR_OPEN_BRACKET) || parser_at(parser, OPERATOR_OPEN_BRACE);
    case TOKEN_END:
    case TOKEN_TEXT:
    case TOKEN_OUTPUT_START:
    case TOKEN_OUTPUT_END:
    case TOKEN_BLOCK_START:
    case TOKEN_BLOCK_END:
        break;
    }
    return false;
}

/** The bare argument of a test; the parser's height becomes the higher of its own and the argument's. */
static bool parser_test_argument(struct parser *parser, struct arguments *arguments)
{
    unsigned height = parser->height;
    if (token_is_operator_word(parser->current, OPERATOR_IS))
        return parser_fail(parser, "You cannot chain multiple tests with is");
    uint32_t start = parser->current.extent.start;
    struct expression *argument = parser_primary(parser);
    if (!argument || !(argument = parser_postfix(parser, argument, start)))
        return false;
    arguments->positional = arena_new(parser->arena, sizeof *arguments->positional);
    arguments->positional[0] = argument;
    arguments->positional_count = 1;
    parser->height = parser->height > height ? parser->height : height;
    return true;
}

/** production: test */
static struct expression *parser_test(struct parser *parser, struct expression *operand, uint32_t start)
{
    struct extent mark;
    struct arguments arguments = {0};
    bool negated, has_arguments = true;
    if (!parser_advance(parser) || !parser_take_word(parser, "not", &negated))
        return NULL;
    struct text *name = parser_plugin_name(parser, &mark);
    if (!name)
        return NULL;
    if (parser_at(parser, OPERATOR_OPEN_PAREN))
        has_arguments = parser_arguments(parser, &arguments);
    else if (parser_at_test_argument(parser))
        has_arguments = parser_test_argument(parser, &arguments);
    if (!has_arguments || !parser_raise(parser, 0))
        return NULL;
    struct expression *test = parser_new_expression(parser, EXPRESSION_TEST, start);
    test->mark = mark;
    test->plugin.operand = operand;
    test->plugin.name = name;
    test->plugin.arguments = arguments;
    test->plugin.negated = negated;
    return test;
}

/** production: filters_and_tests */
struct expression *parser_filters_and_tests(struct parser *parser, struct expression *operand, uint32_t start)
{
    while (operand) {
        if (parser_at(parser, OPERATOR_PIPE))
            operand = parser_advance(parser) ? parser_filter(parser, operand, start) : NULL;
        else if (token_is_operator_word(parser->current, OPERATOR_IS))
            operand = parser_test(parser, operand, start);
        else if (parser_at(parser, OPERATOR_OPEN_PAREN))
            operand = parser_call(parser, operand, start);
        else
            break;
    }
    return operand;
}
