/* Statements: bodies, if, for, with, do and the like; see grammar/template.ebnf.
 * Assignment, macros: statement_define.c.  Blocks, includes, imports: statement_inherit.c. */
#include "parser/template_parser.h"

#include <string.h>

/* ---- messages about tags ---- */

/** Appends 'elif' or 'else' or 'endif'. */
static void append_ends(struct text_buffer *out, const char *const *ends)
{
    for (size_t i = 0; ends[i]; i++)
        text_buffer_append_format(out, "%s'%s'", i ? " or " : "", ends[i]);
}

static bool parser_at_any_of(const struct parser *parser, const char *const *words)
{
    for (; *words; words++)
        if (parser_at_word(parser, *words))
            return true;
    return false;
}

/** Does the current name end one of the open tags? */
static bool parser_at_any_end(const struct parser *parser)
{
    for (const struct open_tag *tag = parser->open_tag; tag; tag = tag->outer)
        if (parser_at_any_of(parser, tag->ends))
            return true;
    return false;
}

/** Appends what was looked for instead of the current token, and which tag is open. */
static void append_open_tag(const struct parser *parser, struct text_buffer *out)
{
    const struct open_tag *tag = parser->open_tag;
    if (!tag)
        return;
    bool is_nested_wrongly = parser->current.kind == TOKEN_NAME && parser_at_any_end(parser);
    text_buffer_append_string(out, is_nested_wrongly ? " You probably made a nesting mistake. Jinja is expecting this "
                                                       "tag, but currently looking for "
                                                     : " Jinja was looking for the following tags: ");
    append_ends(out, tag->ends);
    text_buffer_append_format(out, ". The innermost block that needs to be closed is '%.*s'.", (int)tag->name.length,
                              parser_bytes(parser, tag->name));
}

static bool parser_fail_unknown_tag(struct parser *parser)
{
    struct extent name = parser->current.extent;
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    text_buffer_append_format(&message, "Encountered unknown tag '%.*s'.", (int)name.length,
                              parser_bytes(parser, name));
    append_open_tag(parser, &message);
    return parser_fail(parser, "%s", text_buffer_bytes(&message));
}

/** The template ended within a body: the tag that was left open is to blame. */
static bool parser_fail_end(struct parser *parser)
{
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    text_buffer_append_string(&message, "Unexpected end of template.");
    append_open_tag(parser, &message);
    return parser_fail_at(parser, parser->open_tag->name, "%s", text_buffer_bytes(&message));
}

/* ---- bodies ---- */

/** Begins a node of the body under construction. */
static struct node *parser_new_node(struct parser *parser, enum node_kind kind, struct extent extent)
{
    struct node *node = arena_new(parser->arena, sizeof *node);
    node->kind = kind;
    node->extent = extent;
    parser_push(parser, node);
    return node;
}

static bool parser_text(struct parser *parser)
{
    struct extent extent = parser->current.extent;
    struct node *node = parser_new_node(parser, NODE_TEXT, extent);
    node->text = parser_keep_text_take(parser, parser_new_text(parser, extent));
    return parser_advance(parser);
}

/** production: output */
static bool parser_output(struct parser *parser)
{
    uint32_t start = parser->current.extent.start;
    struct node *node = parser_new_node(parser, NODE_OUTPUT, parser->current.extent);
    if (!parser_advance(parser) || !(node->expression = parser_tuple(parser, parser_expression)) ||
        !parser_expect_kind(parser, TOKEN_OUTPUT_END))
        return false;
    node->extent = parser_extent_from(parser, start);
    return true;
}

static bool parser_statement(struct parser *parser, uint32_t start);

/** production: body */
bool parser_body(struct parser *parser, struct body *body)
{
    uint32_t first = parser->item_count;
    for (bool ok = true; ok && parser->current.kind != TOKEN_END;) {
        uint32_t start = parser->current.extent.start;
        if (parser->current.kind == TOKEN_TEXT) {
            ok = parser_text(parser);
        } else if (parser->current.kind == TOKEN_OUTPUT_START) {
            ok = parser_output(parser);
        } else {
            if (!parser_advance(parser))
                return false;
            if (parser->open_tag && parser_at_any_of(parser, parser->open_tag->ends))
                break;
            ok = parser_statement(parser, start);
        }
        if (!ok)
            return false;
    }
    body->nodes = (struct node **)parser_take_items(parser, first, &body->count);
    return true;
}

bool parser_block_body(struct parser *parser, const char *const *ends, struct body *body)
{
    bool has_colon;
    if (++parser->nesting > LIMIT_TEMPLATE_NESTING)
        return parser_fail_limit(parser, "statements are nested", LIMIT_TEMPLATE_NESTING);
    parser->open_tag->ends = ends;
    if (!parser_take_operator(parser, OPERATOR_COLON, &has_colon) || !parser_expect_kind(parser, TOKEN_BLOCK_END) ||
        !parser_body(parser, body))
        return false;
    parser->nesting--;
    return parser->current.kind != TOKEN_END || parser_fail_end(parser);
}

bool parser_closed_body(struct parser *parser, const char *const *ends, struct body *body)
{
    return parser_block_body(parser, ends, body) && parser_advance(parser);
}

/* ---- statements: the name of the tag has been taken ---- */

static const char *const else_or_endfor[] = {"endfor", "else", NULL};
static const char *const elif_else_or_endif[] = {"elif", "else", "endif", NULL};
static const char *const endfor[] = {"endfor", NULL};
static const char *const endif[] = {"endif", NULL};
static const char *const endwith[] = {"endwith", NULL};
static const char *const endfilter[] = {"endfilter", NULL};
static const char *const endautoescape[] = {"endautoescape", NULL};

/** production: condition */
static struct expression *parser_condition(struct parser *parser)
{
    return parser_tuple(parser, parser_expression_without_if);
}

/** One branch, its tag's name being taken; pushed as branch. */
static bool parser_branch(struct parser *parser, bool is_else)
{
    struct branch *branch = arena_new(parser->arena, sizeof *branch);
    if (!is_else && !(branch->condition = parser_condition(parser)))
        return false;
    if (!parser_block_body(parser, is_else ? endif : elif_else_or_endif, &branch->body))
        return false;
    parser_push(parser, branch);
    return true;
}

/** production: if */
static bool statement_if(struct parser *parser, struct node *node)
{
    uint32_t first = parser->item_count, count = 0;
    node->kind = NODE_IF;
    for (bool is_else = false, is_end = false; !is_end; count++) {
        if (!parser_branch(parser, is_else))
            return false;
        is_end = parser_at_word(parser, "endif");
        is_else = parser_at_word(parser, "else");
        if (!parser_advance(parser))
            return false;
    }
    node->conditional.branches = arena_new(parser->arena, count * sizeof *node->conditional.branches);
    node->conditional.count = count;
    for (uint32_t i = 0; i < count; i++)
        node->conditional.branches[i] = *(struct branch *)parser->items[first + i];
    parser->item_count = first;
    return true;
}

/** The body of a loop: notes whether it names `loop`, which then is no outer loop's. */
static bool parser_loop_body(struct parser *parser, struct node *node)
{
    unsigned specials = parser->specials;
    parser->specials &= ~SPECIAL_LOOP;
    parser->loops++;
    if (!parser_block_body(parser, else_or_endfor, &node->loop.body))
        return false;
    parser->loops--;
    node->loop.uses_loop = node->loop.recursive || parser->specials & SPECIAL_LOOP;
    parser->specials = (parser->specials & ~SPECIAL_LOOP) | specials;
    return true;
}

/** production: for */
static bool statement_for(struct parser *parser, struct node *node)
{
    bool has_condition, has_else;
    node->kind = NODE_FOR;
    if (!(node->loop.target = parser_target(parser)) || !parser_check_target(parser, node->loop.target) ||
        !parser_expect_word(parser, "in") || !(node->loop.iterable = parser_condition(parser)) ||
        !parser_take_word(parser, "if", &has_condition) ||
        (has_condition && !(node->loop.condition = parser_expression(parser))) ||
        !parser_take_word(parser, "recursive", &node->loop.recursive) || !parser_loop_body(parser, node) ||
        !parser_take_word(parser, "else", &has_else))
        return false;
    return has_else ? parser_closed_body(parser, endfor, &node->loop.otherwise) : parser_advance(parser);
}

/** production: with */
static bool statement_with(struct parser *parser, struct node *node)
{
    uint32_t first = parser->item_count;
    node->kind = NODE_WITH;
    while (parser->current.kind != TOKEN_BLOCK_END) {
        if (parser->item_count > first && !parser_expect_operator(parser, OPERATOR_COMMA))
            return false;
        struct expression *target = parser_target(parser), *value = NULL;
        if (!target || (parser->loops > 0 && !parser_check_target(parser, target)) ||
            !parser_expect_operator(parser, OPERATOR_ASSIGN) || !(value = parser_expression(parser)))
            return false;
        parser_push(parser, target);
        parser_push(parser, value);
    }
    uint32_t count = (parser->item_count - first) / 2;
    node->with.targets = arena_new(parser->arena, (2 * count + 1) * sizeof *node->with.targets);
    node->with.values = node->with.targets + count;
    node->with.count = count;
    for (uint32_t i = 0; i < count; i++) {
        node->with.targets[i] = parser->items[first + 2 * i];
        node->with.values[i] = parser->items[first + 2 * i + 1];
    }
    parser->item_count = first;
    return parser_closed_body(parser, endwith, &node->with.body);
}

struct expression *parser_filter_chain(struct parser *parser, struct expression *chain)
{
    uint32_t start = parser->current.extent.start;
    while (chain && parser_at(parser, OPERATOR_PIPE))
        chain = parser_advance(parser) ? parser_filter(parser, chain, start) : NULL;
    return chain;
}

/** production: filter_block */
static bool statement_filter(struct parser *parser, struct node *node)
{
    node->kind = NODE_FILTER;
    parser->height = 0;
    node->filter.filter = parser_filter(parser, NULL, parser->current.extent.start);
    node->filter.filter = parser_filter_chain(parser, node->filter.filter);
    return node->filter.filter && parser_closed_body(parser, endfilter, &node->filter.body);
}

/** Each expression is an output of its own.
 *  production: print */
static bool statement_print(struct parser *parser, struct node *node)
{
    uint32_t first = parser->item_count;
    parser->item_count--; /* the node serves as the first output, if there is one */
    for (bool more = parser->current.kind != TOKEN_BLOCK_END; more;) {
        struct expression *expression = parser_expression(parser);
        if (!expression)
            return false;
        if (parser->item_count < first)
            parser_push(parser, node);
        else
            node = parser_new_node(parser, NODE_OUTPUT, node->extent);
        node->kind = NODE_OUTPUT;
        node->expression = expression;
        more = parser->current.kind != TOKEN_BLOCK_END;
        if (more && !parser_expect_operator(parser, OPERATOR_COMMA))
            return false;
        more = parser->current.kind != TOKEN_BLOCK_END;
    }
    return true;
}

/** production: autoescape */
static bool statement_autoescape(struct parser *parser, struct node *node)
{
    node->kind = NODE_AUTOESCAPE;
    return (node->autoescape.enabled = parser_expression(parser)) &&
           parser_closed_body(parser, endautoescape, &node->autoescape.body);
}

/** production: do */
static bool statement_do(struct parser *parser, struct node *node)
{
    node->kind = NODE_DO;
    return (node->expression = parser_tuple(parser, parser_expression));
}

static bool parser_check_loop(struct parser *parser, const char *message)
{
    return parser->loops > 0 || parser_fail_at(parser, parser->open_tag->name, "%s", message);
}

/** production: break */
static bool statement_break(struct parser *parser, struct node *node)
{
    node->kind = NODE_BREAK;
    return parser_check_loop(parser, "'break' outside loop");
}

/** production: continue */
static bool statement_continue(struct parser *parser, struct node *node)
{
    node->kind = NODE_CONTINUE;
    return parser_check_loop(parser, "'continue' not properly in loop");
}

static const struct statement {
    const char *tag;
    statement_function *parse;
    bool is_extension;
} statements[] = {
    {"if", statement_if, false},
    {"for", statement_for, false},
    {"set", statement_set, false},
    {"macro", statement_macro, false},
    {"call", statement_call, false},
    {"filter", statement_filter, false},
    {"with", statement_with, false},
    {"include", statement_include, false},
    {"import", statement_import, false},
    {"from", statement_from, false},
    {"extends", statement_extends, false},
    {"block", statement_block, false},
    {"print", statement_print, false},
    {"autoescape", statement_autoescape, false},
    {"do", statement_do, true},
    {"break", statement_break, true},
    {"continue", statement_continue, true},
};

/** The statement of the current name, or NULL. */
static const struct statement *parser_find_statement(const struct parser *parser)
{
    for (size_t i = 0; i < COUNT_OF(statements); i++)
        if (parser_at_word(parser, statements[i].tag))
            return !statements[i].is_extension || parser->has_extensions ? &statements[i] : NULL;
    return NULL;
}

/** A statement that began at `start`, its name being the current token.
 *  production: statement */
static bool parser_statement(struct parser *parser, uint32_t start)
{
    if (parser->current.kind != TOKEN_NAME)
        return parser_fail(parser, "tag name expected");
    const struct statement *statement = parser_find_statement(parser);
    if (!statement)
        return parser_fail_unknown_tag(parser);
    struct open_tag tag = {.name = parser->current.extent, .outer = parser->open_tag};
    struct node *node = parser_new_node(parser, NODE_OUTPUT, (struct extent){start, 0});
    parser->open_tag = &tag;
    if (!parser_advance(parser) || !statement->parse(parser, node))
        return false;
    parser->open_tag = tag.outer;
    node->extent = parser_extent_from(parser, start);
    return parser_expect_kind(parser, TOKEN_BLOCK_END);
}
