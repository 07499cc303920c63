/*
 * One walk over a tree that was just parsed.
 *
 * A filter or test that does not exist is an error before anything is evaluated, as in Jinja, but within {% if %} and
 * inline if: there it is one when it is reached, so that a template may ask for what only some installations have.
 */
#include "eval/expression/prepare.h"

#include "eval/expression/engine.h"
#include "eval/expression/walk.h"

struct search {
    struct registry *registry;
    struct template *template;
    struct error *error;       /* set: the search is over */
    bool is_soft;              /* within an if */
    struct dict *bindings;     /* name -> how many places bind it */
    struct expression **names; /* every NAME */
    size_t name_count, name_capacity;
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

/* ---- names ---- */

static void note_name(struct search *search, const struct expression *name)
{
    if (search->name_count == search->name_capacity) {
        search->name_capacity = memory_grown(search->name_capacity);
        search->names = memory_resize(search->names, search->name_capacity, sizeof *search->names);
    }
    search->names[search->name_count++] = (struct expression *)name;
}

static void count_binding(struct search *search, struct text *name)
{
    struct value key = {.kind = VALUE_STRING, .as.text = name};
    const struct value *found = dict_find(search->bindings, key);
    dict_set_take(search->bindings, value_copy(key), value_int(found ? found->as.integer + 1 : 1));
}

static void count_target(struct search *search, const struct expression *target)
{
    if (target->kind == EXPRESSION_NAME)
        count_binding(search, target->name.text);
    else if (target->kind == EXPRESSION_TUPLE)
        for (uint32_t i = 0; i < target->sequence.count; i++)
            count_target(search, target->sequence.items[i]);
}

static void count_parameters(struct search *search, const struct macro *macro)
{
    for (uint32_t i = 0; i < macro->parameter_count; i++)
        count_binding(search, macro->parameters[i].name);
}

static void count_imports(struct search *search, const struct node *node)
{
    for (uint32_t i = 0; i < node->import.count; i++)
        count_binding(search, node->import.names[i].alias ? node->import.names[i].alias : node->import.names[i].name);
}

/** The names that a statement binds itself. */
static void count_bindings(struct search *search, const struct node *node)
{
    switch (node->kind) {
    case NODE_FOR:
        return count_target(search, node->loop.target);
    case NODE_SET:
        return count_target(search, node->set.target);
    case NODE_SET_BLOCK:
        return count_target(search, node->set_block.target);
    case NODE_MACRO:
        count_binding(search, node->macro.name);
        return count_parameters(search, &node->macro);
    case NODE_CALL:
        return count_parameters(search, &node->call.macro);
    case NODE_WITH:
        for (uint32_t i = 0; i < node->with.count; i++)
            count_target(search, node->with.targets[i]);
        return;
    case NODE_IMPORT:
        return count_binding(search, node->import.alias);
    case NODE_FROM_IMPORT:
        return count_imports(search, node);
    case NODE_TEXT:
    case NODE_OUTPUT:
    case NODE_IF:
    case NODE_FILTER:
    case NODE_INCLUDE:
    case NODE_EXTENDS:
    case NODE_BLOCK:
    case NODE_DO:
    case NODE_BREAK:
    case NODE_CONTINUE:
    case NODE_AUTOESCAPE:
        return;
    }
}

/** Says of each name whether it may be found where it was found before. */
static void mark_names(struct search *search)
{
    for (size_t i = 0; i < search->name_count; i++) {
        struct value key = {.kind = VALUE_STRING, .as.text = search->names[i]->name.text};
        const struct value *places = dict_find(search->bindings, key);
        search->names[i]->name.slot = !places || places->as.integer == 1 ? LOCAL_UNKNOWN : LOCAL_SOUGHT;
    }
}

/* ---- the walk ---- */

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
    if (expression->kind == EXPRESSION_NAME)
        note_name(search, expression);
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
        count_bindings(search, body->nodes[i]);
        node_visit_parts(body->nodes[i], &visitor);
    }
    search->is_soft = was_soft;
}

bool template_prepare(struct registry *registry, struct template *template, struct error *error)
{
    struct search search = {.registry = registry, .template = template, .error = error, .bindings = dict_new()};
    search_body(&search, &template->body);
    if (template->expression)
        search_expression(&search, template->expression);
    mark_names(&search);
    dict_drop(search.bindings);
    memory_cleanup(&search.names);
    return !error->message;
}
