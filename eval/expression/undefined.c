/*
 * Undefined values that are used: the error, with the nearest name or key that could have been meant.  What asked for the
 * value is found by its place in the tree of the template, and only now: most undefined values are never an error.
 */
#include "eval/expression/engine_state.h"
#include "eval/expression/variable.h"
#include "runtime/source/suggest.h"

/* ---- what asked ---- */

/** Looks for the node that an error points at. */
struct node_search {
    uint32_t start, length;
    const struct expression *found;
};

static void search_body(void *context, const struct body *body);

static void search_expression(void *context, const struct expression *expression)
{
    struct node_search *search = context;
    struct part_visitor visitor = {search_expression, search_body, search};
    if (search->found)
        return;
    bool asks = expression->kind == EXPRESSION_NAME || expression->kind == EXPRESSION_ATTRIBUTE ||
                expression->kind == EXPRESSION_ITEM;
    if (asks && expression->mark.start == search->start && expression->mark.length == search->length)
        search->found = expression;
    else
        expression_visit_parts(expression, &visitor);
}

static void search_body(void *context, const struct body *body)
{
    struct part_visitor visitor = {search_expression, search_body, context};
    for (uint32_t i = 0; i < body->count; i++)
        node_visit_parts(body->nodes[i], &visitor);
}

/** The node of a template that asked for an undefined value, or NULL. */
static const struct expression *asking_node(const struct template *template, const struct undefined *undefined)
{
    struct node_search search = {undefined->start, undefined->length, NULL};
    search_body(&search, &template->body);
    if (template->expression)
        search_expression(&search, template->expression);
    return search.found;
}

/* ---- what could have been meant ---- */

static void offer_frames(const struct frame_of_names *frame, struct suggestion *suggestion)
{
    for (; frame; frame = frame->outer)
        for (uint32_t i = 0; i < frame->count; i++)
            suggestion_offer(suggestion, frame->locals[i].name->bytes, frame->locals[i].name->length);
}

/** Is it made of names, attributes and items alone, so that asking again does nothing? */
static bool is_plain_path(const struct expression *expression)
{
    while (expression->kind == EXPRESSION_ATTRIBUTE ||
           (expression->kind == EXPRESSION_ITEM && expression->item.key->kind == EXPRESSION_CONSTANT))
        expression = expression->kind == EXPRESSION_ATTRIBUTE ? expression->attribute.object : expression->item.object;
    return expression->kind == EXPRESSION_NAME;
}

/** The key that an attribute or item asks for, where it is a constant string; else NULL. */
static struct text *asked_key(const struct expression *expression)
{
    if (expression->kind == EXPRESSION_ATTRIBUTE)
        return expression->attribute.name;
    const struct expression *key = expression->item.key;
    return key->kind == EXPRESSION_CONSTANT && value_is_string(key->constant) ? key->constant.as.text : NULL;
}

/** Names the nearest key of the dict that lacks what was asked for. */
static void suggest_key(struct evaluation *evaluation, const struct expression *expression, struct error *error)
{
    const struct expression *object =
        expression->kind == EXPRESSION_ATTRIBUTE ? expression->attribute.object : expression->item.object;
    const struct text *key = asked_key(expression);
    OWNED value = value_null();
    OWNED_ERROR ignored = {0};
    struct suggestion suggestion;
    const struct dict_entry *entry;
    if (!key || !is_plain_path(object) || !expression_evaluate(evaluation, object, &value, &ignored) ||
        !value_is_dict(value))
        return;
    suggestion_init(&suggestion, key->bytes, key->length);
    for (size_t i = 0; dict_next(value.as.dict, &i, &entry);)
        if (value_is_string(entry->key))
            suggestion_offer(&suggestion, value_bytes(entry->key), entry->key.as.text->length);
    if (suggestion.best)
        error_help(error, "Did you mean '%.*s'?", (int)suggestion.best_length, suggestion.best);
}

/** Names the nearest name that the template bound or that is a variable. */
static void suggest_name(struct evaluation *evaluation, const struct text *name, struct error *error)
{
    struct suggestion suggestion;
    suggestion_init(&suggestion, name->bytes, name->length);
    offer_frames(evaluation->frame, &suggestion);
    if (evaluation->scope)
        scope_offer(evaluation->scope, &suggestion);
    if (suggestion.best)
        error_help(error, "Did you mean '%.*s'?", (int)suggestion.best_length, suggestion.best);
}

/** Adds what could have been meant, where the place of the question is known. */
static void suggest(const struct evaluation *evaluation, const struct undefined *undefined, struct error *error)
{
    bool is_here = evaluation->template && evaluation->template->text == undefined->origin;
    const struct template *template =
        is_here ? evaluation->template : engine_template_of(evaluation->engine, undefined->origin);
    const struct expression *node = template ? asking_node(template, undefined) : NULL;
    struct evaluation there = {.engine = evaluation->engine,
                               .scope = evaluation->scope,
                               .template = template,
                               .frame = is_here ? evaluation->frame : NULL,
                               .depth = evaluation->depth};
    if (!node)
        return;
    if (node->kind == EXPRESSION_NAME)
        suggest_name(&there, node->name.text, error);
    else
        suggest_key(&there, node, error);
}

bool undefined_error(const struct evaluation *evaluation, struct value undefined, struct error *error)
{
    const struct undefined *body = undefined.as.undefined;
    value_undefined_error(undefined, error);
    if (!error->help && !value_is_failure(undefined) && body->origin)
        suggest(evaluation, body, error);
    return false;
}

struct value undefined_explained(const struct evaluation *evaluation, struct value undefined)
{
    OWNED_ERROR error = {0};
    undefined_error(evaluation, undefined, &error);
    return value_undefined_take(&error);
}
