/*
 * Finds the filters and tests that a template names, once, when it is compiled, and whether it calls methods that change
 * their object.
 *
 * A name that does not exist is an error before anything is evaluated, as in Jinja, but within {% if %} and inline if:
 * there it is one when it is reached, so that a template may ask for what only some installations have.
 */
#include "eval/expression/plugin_names.h"

#include "eval/expression/engine.h"
#include "eval/expression/walk.h"

struct search {
    struct registry *registry;
    struct template *template;
    struct error *error; /* set: the search is over */
    bool is_soft;        /* within an if */
};

static void search_expression(void *context, const struct expression *expression);
static void search_body(void *context, const struct body *body);

static struct part_visitor visitor_of(struct search *search)
{
    return (struct part_visitor){search_expression, search_body, search};
}

/** Fills the slot of a filter or test. */
static void resolve(struct search *search, const struct expression *expression)
{
    struct expression *writable = (struct expression *)expression; /* the one slot that is filled after parsing */
    enum function_kind kind = expression->kind == EXPRESSION_FILTER ? FUNCTION_FILTER : FUNCTION_TEST;
    struct text *name = expression->plugin.name;
    writable->plugin.resolution = registry_find(search->registry, kind, name->bytes, name->length);
    if (writable->plugin.resolution || search->is_soft)
        return;
    plugin_missing(search->registry, kind, name, search->error);
    error_at(search->error, template_span(search->template, expression->mark));
}

/** Is there a method of this name that changes what it is called on? */
static bool changes_self(struct registry *registry, const struct text *name)
{
    static const char *const types[] = {"list", "dict"};
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        CLEANUP(text_buffer_done) struct text_buffer full = {0};
        text_buffer_append_format(&full, "%s.%s", types[i], name->bytes);
        const struct plugin *method = registry_find(registry, FUNCTION_METHOD, text_buffer_bytes(&full), full.length);
        if (method && method->function->flags & FUNCTION_CHANGES_SELF)
            return true;
    }
    return false;
}

static void search_expression(void *context, const struct expression *expression)
{
    struct search *search = context;
    bool was_soft = search->is_soft;
    struct part_visitor visitor = visitor_of(search);
    if (search->error->message)
        return;
    search->is_soft |= expression->kind == EXPRESSION_CONDITIONAL;
    expression_visit_parts(expression, &visitor);
    if (!search->error->message && (expression->kind == EXPRESSION_FILTER || expression->kind == EXPRESSION_TEST))
        resolve(search, expression);
    if (expression->kind == EXPRESSION_ATTRIBUTE && changes_self(search->registry, expression->attribute.name))
        search->template->changes_values = true;
    search->is_soft = was_soft;
}

static void search_body(void *context, const struct body *body)
{
    struct search *search = context;
    bool was_soft = search->is_soft;
    struct part_visitor visitor = visitor_of(search);
    for (uint32_t i = 0; i < body->count && !search->error->message; i++) {
        enum node_kind kind = body->nodes[i]->kind;
        search->is_soft = kind == NODE_IF || (was_soft && (kind == NODE_OUTPUT || kind == NODE_SET || kind == NODE_DO));
        node_visit_parts(body->nodes[i], &visitor);
    }
    search->is_soft = was_soft;
}

bool plugin_names_resolve(struct registry *registry, struct template *template, struct error *error)
{
    struct search search = {.registry = registry, .template = template, .error = error};
    search_body(&search, &template->body);
    if (template->expression)
        search_expression(&search, template->expression);
    return !error->message;
}
