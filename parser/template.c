/* Templates: reading, sharing, places; see template.h. */
#include "parser/template_header.h"
#include "parser/template_parser.h"

static struct template *template_new(struct text *text)
{
    struct template *template = memory_new_array(1, sizeof *template);
    template->references = 1;
    arena_init(&template->arena);
    template->text = text_copy(text);
    return template;
}

struct template *template_copy(struct template *template)
{
    template->references++;
    return template;
}

void template_drop(struct template *template)
{
    if (!template || --template->references > 0)
        return;
    arena_done(&template->arena);
    text_drop(template->text);
    memory_cleanup(&template);
}

struct span template_span(const struct template *template, struct extent extent)
{
    return text_span(template->text, extent.start, extent.length);
}

static bool body_is_constant(const struct body *body)
{
    for (uint32_t i = 0; i < body->count; i++)
        if (body->nodes[i]->kind != NODE_TEXT)
            return false;
    return true;
}

static bool read_body(struct template *template, const struct template_syntax *syntax, enum lexer_mode mode,
                      bool (*parse)(struct parser *parser), struct error *error)
{
    struct parser parser;
    bool ok = parser_init(&parser, template, syntax, mode, error) && parse(&parser);
    parser_done(&parser);
    return ok;
}

/** Runs `parse` over the text; NULL after an error. */
static struct template *template_read(struct text *text, const struct template_syntax *syntax, enum lexer_mode mode,
                                      bool (*parse)(struct parser *parser), struct error *error)
{
    struct template *template = template_new(text);
    struct template_syntax own = *syntax;
    bool ok = mode != LEXER_TEXT || template_header_read(template, &own, &template->start, error);
    ok = ok && read_body(template, &own, mode, parse, error);
    if (!ok) {
        template_drop(template);
        return NULL;
    }
    return template;
}

/** production: template */
static bool parser_template(struct parser *parser)
{
    struct template *template = parser->template;
    if (!parser_body(parser, &template->body))
        return false;
    parser_finish_blocks(parser);
    template->is_constant = body_is_constant(&template->body);
    return true;
}

/** production: bare_expression */
static bool parser_bare_expression(struct parser *parser)
{
    parser->template->expression = parser_expression(parser);
    if (!parser->template->expression)
        return false;
    return parser->current.kind == TOKEN_END || parser_fail(parser, "chunk after expression");
}

struct template *template_parse(struct text *text, const struct template_syntax *syntax, struct error *error)
{
    return template_read(text, syntax, LEXER_TEXT, parser_template, error);
}

struct template *expression_parse(struct text *text, struct error *error)
{
    static const struct template_syntax syntax = {0};
    return template_read(text, &syntax, LEXER_OUTPUT, parser_bare_expression, error);
}
