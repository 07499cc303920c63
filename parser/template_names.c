/*
 * The names that a template reads from outside: a walk in the order of evaluation that keeps count of what is bound.
 *
 * What may or may not be bound at run time (a {% set %} within {% if %}, a name that a macro reads and that is set
 * after it) counts as read from outside.
 */
#include <string.h>

#include "parser/template.h"

/** A name as the walk knows it. */
struct known_name {
    struct text *name; /* NULL: an empty slot */
    uint32_t bindings; /* scopes that bind it at present */
    bool is_reported;
};

struct name_walk {
    void (*visit)(void *context, struct text *name);
    void *context;
    struct known_name *known; /* open addressing by the name's hash; names are interned: pointers compare */
    size_t capacity, count;
    struct text **bound; /* a stack: what the open scopes bound, oldest first */
    size_t bound_count, bound_capacity;
    unsigned loops, macros; /* open ones: within them, `loop`, and `varargs`, `kwargs`, `caller` are bound */
};

static struct known_name *walk_slot(const struct name_walk *walk, struct text *name)
{
    size_t slot = text_hash(name) & (walk->capacity - 1);
    while (walk->known[slot].name && walk->known[slot].name != name)
        slot = (slot + 1) & (walk->capacity - 1);
    return &walk->known[slot];
}

static void walk_grow(struct name_walk *walk)
{
    struct name_walk old = *walk;
    walk->capacity = memory_grown(old.capacity);
    walk->known = memory_new_array(walk->capacity, sizeof *walk->known);
    for (size_t i = 0; i < old.capacity; i++)
        if (old.known[i].name)
            *walk_slot(walk, old.known[i].name) = old.known[i];
    memory_cleanup(&old.known);
}

static struct known_name *walk_know(struct name_walk *walk, struct text *name)
{
    if (walk->count * 2 >= walk->capacity)
        walk_grow(walk);
    struct known_name *known = walk_slot(walk, name);
    if (!known->name) {
        known->name = name;
        walk->count++;
    }
    return known;
}

/** Is this a name that the loop or macro around it provides? */
static bool walk_provides(const struct name_walk *walk, const struct text *name)
{
    if (walk->loops && strcmp(name->bytes, "loop") == 0)
        return true;
    return walk->macros && (strcmp(name->bytes, "varargs") == 0 || strcmp(name->bytes, "kwargs") == 0 ||
                            strcmp(name->bytes, "caller") == 0);
}

static void walk_read(struct name_walk *walk, struct text *name)
{
    struct known_name *known = walk_know(walk, name);
    if (known->bindings || known->is_reported || walk_provides(walk, name))
        return;
    known->is_reported = true;
    walk->visit(walk->context, name);
}

static void walk_bind(struct name_walk *walk, struct text *name)
{
    if (walk->bound_count == walk->bound_capacity) {
        walk->bound_capacity = memory_grown(walk->bound_capacity);
        walk->bound = memory_resize(walk->bound, walk->bound_capacity, sizeof *walk->bound);
    }
    walk->bound[walk->bound_count++] = name;
    walk_know(walk, name)->bindings++;
}

/** Ends the scope that began when `bound_count` was `first`. */
static void walk_leave(struct name_walk *walk, size_t first)
{
    while (walk->bound_count > first)
        walk_slot(walk, walk->bound[--walk->bound_count])->bindings--;
}

/* ---- expressions ---- */

static void walk_expression(struct name_walk *walk, const struct expression *expression);

static void walk_all(struct name_walk *walk, struct expression *const *expressions, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        walk_expression(walk, expressions[i]);
}

static void walk_arguments(struct name_walk *walk, const struct arguments *arguments)
{
    walk_all(walk, arguments->positional, arguments->positional_count);
    for (uint32_t i = 0; i < arguments->keyword_count; i++)
        walk_expression(walk, arguments->keywords[i].value);
    walk_expression(walk, arguments->star);
    walk_expression(walk, arguments->double_star);
}

/** Parts in order; NULL is allowed and nothing. */
static void walk_three(struct name_walk *walk, const struct expression *first, const struct expression *second,
                       const struct expression *third)
{
    walk_expression(walk, first);
    walk_expression(walk, second);
    walk_expression(walk, third);
}

static void walk_expression(struct name_walk *walk, const struct expression *expression)
{
    if (!expression)
        return;
    switch (expression->kind) {
    case EXPRESSION_CONSTANT:
        return;
    case EXPRESSION_NAME:
        return walk_read(walk, expression->name.text);
    case EXPRESSION_LIST:
    case EXPRESSION_TUPLE:
    case EXPRESSION_CONCATENATE:
        return walk_all(walk, expression->sequence.items, expression->sequence.count);
    case EXPRESSION_DICT:
        walk_all(walk, expression->dict.keys, expression->dict.count);
        return walk_all(walk, expression->dict.values, expression->dict.count);
    case EXPRESSION_UNARY:
    case EXPRESSION_BINARY:
    case EXPRESSION_LOGICAL:
        return walk_three(walk, expression->binary.left, expression->binary.right, NULL);
    case EXPRESSION_COMPARE:
        walk_expression(walk, expression->compare.first);
        for (uint32_t i = 0; i < expression->compare.count; i++)
            walk_expression(walk, expression->compare.rest[i].operand);
        return;
    case EXPRESSION_CONDITIONAL:
        return walk_three(walk, expression->conditional.condition, expression->conditional.then,
                          expression->conditional.otherwise);
    case EXPRESSION_ATTRIBUTE:
        return walk_expression(walk, expression->attribute.object);
    case EXPRESSION_ITEM:
        return walk_three(walk, expression->item.object, expression->item.key, NULL);
    case EXPRESSION_SLICE:
        return walk_three(walk, expression->slice.start, expression->slice.stop, expression->slice.step);
    case EXPRESSION_CALL:
        walk_expression(walk, expression->call.callee);
        return walk_arguments(walk, &expression->call.arguments);
    case EXPRESSION_FILTER:
    case EXPRESSION_TEST:
        walk_expression(walk, expression->plugin.operand);
        return walk_arguments(walk, &expression->plugin.arguments);
    }
}

/** Binds the names of a target; an attribute of a namespace reads it. */
static void walk_target(struct name_walk *walk, const struct expression *target)
{
    if (target->kind == EXPRESSION_NAME)
        walk_bind(walk, target->name.text);
    else if (target->kind == EXPRESSION_ATTRIBUTE)
        walk_expression(walk, target->attribute.object);
    else
        for (uint32_t i = 0; i < target->sequence.count; i++)
            walk_target(walk, target->sequence.items[i]);
}

/* ---- statements ---- */

static void walk_node(struct name_walk *walk, const struct node *node);

/** A body in the scope that is open. */
static void walk_body(struct name_walk *walk, const struct body *body)
{
    for (uint32_t i = 0; i < body->count; i++)
        walk_node(walk, body->nodes[i]);
}

/** A body in a scope of its own. */
static void walk_scope(struct name_walk *walk, const struct body *body)
{
    size_t first = walk->bound_count;
    walk_body(walk, body);
    walk_leave(walk, first);
}

static void walk_if(struct name_walk *walk, const struct node *node)
{
    for (uint32_t i = 0; i < node->conditional.count; i++) {
        walk_expression(walk, node->conditional.branches[i].condition);
        walk_scope(walk, &node->conditional.branches[i].body);
    }
}

static void walk_for(struct name_walk *walk, const struct node *node)
{
    size_t first = walk->bound_count;
    walk_expression(walk, node->loop.iterable);
    walk_target(walk, node->loop.target);
    walk_expression(walk, node->loop.condition);
    walk->loops++;
    walk_body(walk, &node->loop.body);
    walk->loops--;
    walk_leave(walk, first);
    walk_scope(walk, &node->loop.otherwise);
}

/** A macro's parameters, which see one another, and its body. */
static void walk_macro(struct name_walk *walk, const struct macro *macro)
{
    size_t first = walk->bound_count;
    for (uint32_t i = 0; i < macro->parameter_count; i++) {
        walk_expression(walk, macro->parameters[i].fallback);
        walk_bind(walk, macro->parameters[i].name);
    }
    walk->macros++;
    walk_body(walk, &macro->body);
    walk->macros--;
    walk_leave(walk, first);
}

static void walk_with(struct name_walk *walk, const struct node *node)
{
    size_t first = walk->bound_count;
    for (uint32_t i = 0; i < node->with.count; i++) {
        walk_expression(walk, node->with.values[i]);
        walk_target(walk, node->with.targets[i]);
    }
    walk_body(walk, &node->with.body);
    walk_leave(walk, first);
}

static void walk_from_import(struct name_walk *walk, const struct node *node)
{
    walk_expression(walk, node->import.name);
    for (uint32_t i = 0; i < node->import.count; i++)
        walk_bind(walk, node->import.names[i].alias);
}

static void walk_node(struct name_walk *walk, const struct node *node)
{
    switch (node->kind) {
    case NODE_TEXT:
    case NODE_BREAK:
    case NODE_CONTINUE:
        return;
    case NODE_OUTPUT:
    case NODE_DO:
        return walk_expression(walk, node->expression);
    case NODE_IF:
        return walk_if(walk, node);
    case NODE_FOR:
        return walk_for(walk, node);
    case NODE_SET:
        walk_expression(walk, node->set.value);
        return walk_target(walk, node->set.target);
    case NODE_SET_BLOCK:
        walk_expression(walk, node->set_block.filter);
        walk_scope(walk, &node->set_block.body);
        return walk_target(walk, node->set_block.target);
    case NODE_MACRO:
        walk_bind(walk, node->macro.name); /* before the body: it may call itself */
        return walk_macro(walk, &node->macro);
    case NODE_CALL:
        walk_expression(walk, node->call.call);
        return walk_macro(walk, &node->call.macro);
    case NODE_FILTER:
        walk_expression(walk, node->filter.filter);
        return walk_scope(walk, &node->filter.body);
    case NODE_WITH:
        return walk_with(walk, node);
    case NODE_INCLUDE:
        return walk_expression(walk, node->include.name);
    case NODE_IMPORT:
        walk_expression(walk, node->import.name);
        return walk_bind(walk, node->import.alias);
    case NODE_FROM_IMPORT:
        return walk_from_import(walk, node);
    case NODE_EXTENDS:
        return walk_expression(walk, node->parent);
    case NODE_BLOCK:
        return walk_scope(walk, &node->block.body);
    case NODE_AUTOESCAPE:
        walk_expression(walk, node->autoescape.enabled);
        return walk_scope(walk, &node->autoescape.body);
    }
}

void template_free_names(const struct template *template, void (*visit)(void *context, struct text *name),
                         void *context)
{
    struct name_walk walk = {.visit = visit, .context = context};
    walk_body(&walk, &template->body);
    walk_expression(&walk, template->expression);
    memory_cleanup(&walk.known);
    memory_cleanup(&walk.bound);
}
