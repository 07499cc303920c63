/* Statements that reach other templates: extends, block, include, import, from; see grammar/template.ebnf. */
#include <string.h>

#include "parser/template_parser.h"
#include "runtime/value/dict.h"

/** production: extends */
bool statement_extends(struct parser *parser, struct node *node)
{
    node->kind = NODE_EXTENDS;
    return (node->parent = parser_expression(parser));
}

/* ---- blocks ---- */

/** Does a text hold nothing but white space? */
static bool text_is_blank(const struct text *text)
{
    const char *cursor = text->bytes, *end = cursor + text->length;
    while (cursor < end)
        if (!text_point_is_space(text_decode(&cursor, end)))
            return false;
    return true;
}

/** A required block is there to be overridden: it has no content. */
static bool parser_check_required(struct parser *parser, const struct body *body)
{
    for (uint32_t i = 0; i < body->count; i++) {
        const struct node *node = body->nodes[i];
        if (node->kind != NODE_TEXT || !text_is_blank(node->text))
            return parser_fail_at(parser, node->extent, "Required blocks can only contain comments or whitespace");
    }
    return true;
}

/** Remembers a block for the template; no name twice. */
static bool parser_add_block(struct parser *parser, struct node *node, struct extent extent)
{
    const struct text *name = node->block.name;
    if (!parser->block_names)
        parser->block_names = dict_new();
    if (dict_find_bytes(parser->block_names, name->bytes, name->length))
        return parser_fail_at(parser, extent, "block '%s' defined twice", name->bytes);
    dict_set_string_take(parser->block_names, name->bytes, value_null());
    if (parser->block_count == parser->block_capacity) {
        parser->block_capacity = memory_grown(parser->block_capacity);
        parser->blocks = memory_resize(parser->blocks, parser->block_capacity, sizeof(struct node *));
    }
    parser->blocks[parser->block_count++] = node;
    return true;
}

/** The body of a block: what breaks out of an outer loop cannot stand in it. */
static bool parser_block_content(struct parser *parser, struct node *node)
{
    static const char *const endblock[] = {"endblock", NULL};
    unsigned loops = parser->loops;
    parser->loops = 0;
    if (!parser_closed_body(parser, endblock, &node->block.body))
        return false;
    parser->loops = loops;
    if (node->block.scoped)
        parser->specials |= SPECIAL_LOOP;
    return !node->block.required || parser_check_required(parser, &node->block.body);
}

/** production: block */
bool statement_block(struct parser *parser, struct node *node)
{
    bool has_name;
    struct extent name;
    node->kind = NODE_BLOCK;
    if (!(node->block.name = parser_expect_name(parser, &name)) || !parser_add_block(parser, node, name) ||
        !parser_take_word(parser, "scoped", &node->block.scoped) ||
        !parser_take_word(parser, "required", &node->block.required))
        return false;
    if (parser_at(parser, OPERATOR_SUBTRACT))
        return parser_fail(parser, "Block names in Jinja have to be valid Python identifiers and may not contain "
                                   "hyphens, use an underscore instead.");
    return parser_block_content(parser, node) && parser_take_word(parser, node->block.name->bytes, &has_name);
}

void parser_finish_blocks(struct parser *parser)
{
    struct template *template = parser->template;
    template->block_count = parser->block_count;
    if (parser->block_count) {
        template->blocks = arena_new(parser->arena, parser->block_count * sizeof(struct node *));
        memcpy(template->blocks, parser->blocks, parser->block_count * sizeof(struct node *));
    }
}

/* ---- includes and imports ---- */

/** Takes `with context` or `without context`; *found says whether it was there, *with_context changes only then.
 *  production: context */
static bool parser_context(struct parser *parser, bool *found, bool *with_context)
{
    struct token next;
    bool with = parser_at_word(parser, "with");
    *found = false;
    if (!with && !parser_at_word(parser, "without"))
        return true;
    if (!parser_peek(parser, &next))
        return false;
    if (!token_is_word(&parser->lexer, next, "context"))
        return true;
    *found = true;
    *with_context = with;
    parser->specials |= with ? SPECIAL_LOOP : 0;
    return parser_advance(parser) && parser_advance(parser);
}

/** Takes `ignore missing`. */
static bool parser_ignore_missing(struct parser *parser, bool *ignore_missing)
{
    struct token next;
    if (!parser_at_word(parser, "ignore"))
        return true;
    if (!parser_peek(parser, &next))
        return false;
    *ignore_missing = token_is_word(&parser->lexer, next, "missing");
    return !*ignore_missing || (parser_advance(parser) && parser_advance(parser));
}

/** production: include */
bool statement_include(struct parser *parser, struct node *node)
{
    bool found;
    node->kind = NODE_INCLUDE;
    node->include.with_context = true;
    parser->specials |= SPECIAL_LOOP; /* what is included may read it */
    return (node->include.name = parser_expression(parser)) &&
           parser_ignore_missing(parser, &node->include.ignore_missing) &&
           parser_context(parser, &found, &node->include.with_context);
}

/** production: import */
bool statement_import(struct parser *parser, struct node *node)
{
    bool found;
    node->kind = NODE_IMPORT;
    return (node->import.name = parser_expression(parser)) && parser_expect_word(parser, "as") &&
           (node->import.alias = parser_target_name(parser)) &&
           parser_context(parser, &found, &node->import.with_context);
}

/** Pushes one.
 *  production: imported_name */
static bool parser_imported_name(struct parser *parser)
{
    struct extent extent = parser->current.extent;
    struct imported_name *imported = arena_new(parser->arena, sizeof *imported);
    bool has_alias;
    if (!(imported->name = parser_target_name(parser)))
        return false;
    if (imported->name->bytes[0] == '_')
        return parser_fail_at(parser, extent, "names starting with an underline can not be imported");
    if (!parser_take_word(parser, "as", &has_alias))
        return false;
    imported->alias = has_alias ? parser_target_name(parser) : imported->name;
    parser_push(parser, imported);
    return imported->alias;
}

/** The names and the context after `import`, pushed. */
static bool parser_imported_names(struct parser *parser, bool *with_context)
{
    for (bool found, more = true, is_first = true; more; is_first = false) {
        if (!is_first && !parser_expect_operator(parser, OPERATOR_COMMA))
            return false;
        if (!parser_context(parser, &found, with_context))
            return false;
        if (found)
            break;
        if (!parser_imported_name(parser) || !parser_context(parser, &found, with_context))
            return false;
        more = !found && parser_at(parser, OPERATOR_COMMA);
    }
    return true;
}

/** production: from */
bool statement_from(struct parser *parser, struct node *node)
{
    uint32_t first = parser->item_count;
    node->kind = NODE_FROM_IMPORT;
    if (!(node->import.name = parser_expression(parser)) || !parser_expect_word(parser, "import") ||
        !parser_imported_names(parser, &node->import.with_context))
        return false;
    uint32_t count = parser->item_count - first;
    if (count)
        node->import.names = arena_new(parser->arena, count * sizeof *node->import.names);
    node->import.count = count;
    for (uint32_t i = 0; i < count; i++)
        node->import.names[i] = *(struct imported_name *)parser->items[first + i];
    parser->item_count = first;
    return true;
}
