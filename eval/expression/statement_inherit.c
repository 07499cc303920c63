/*
 * {% extends %} and {% block %}.
 *
 * A template that extends another prints nothing more itself: what it sets and defines stays, then its parent is rendered
 * in the same frame, each block by its innermost definition.
 */
#include <stdlib.h>
#include <string.h>

#include "eval/expression/cycle.h"
#include "eval/expression/statement.h"
#include "eval/expression/walk.h"
#include "runtime/value/object.h"

/** One definition of a block. */
struct block_definition {
    const struct node *node;
    const struct template *template;
};

/** The blocks of a template and of those that it extends. */
struct inheritance {
    struct block_definition *definitions; /* the innermost template's first */
    size_t count;
    struct dict *positions;       /* name -> list of indexes into the definitions, innermost first; NULL: no blocks */
    struct template *parent;      /* that {% extends %} named in the template being rendered; NULL: none */
    struct frame_of_names *frame; /* of the template's top level; borrowed */
};

/* ---- definitions ---- */

static void inheritance_add(struct inheritance *inheritance, const struct template *template)
{
    size_t total = inheritance->count + template->block_count;
    if (template->block_count == 0)
        return;
    if (!inheritance->positions)
        inheritance->positions = dict_new();
    inheritance->definitions = memory_resize(inheritance->definitions, total, sizeof *inheritance->definitions);
    for (uint32_t i = 0; i < template->block_count; i++) {
        const struct node *node = template->blocks[i];
        OWNED key = value_string_take(text_copy(node->block.name));
        struct value positions;
        if (!dict_remove(inheritance->positions, key, &positions))
            positions = value_list_new();
        list_push_take(positions.as.list, value_int((int64_t)inheritance->count));
        dict_set_take(inheritance->positions, value_steal(&key), positions);
        inheritance->definitions[inheritance->count++] = (struct block_definition){node, template};
    }
}

static void inheritance_done(struct inheritance *inheritance)
{
    free(inheritance->definitions);
    dict_drop(inheritance->positions);
}

/** The definition of a block after the first `level` ones, or NULL. */
static const struct block_definition *inheritance_find(const struct inheritance *inheritance, struct text *name,
                                                       size_t level)
{
    if (!inheritance || !inheritance->positions)
        return NULL;
    const struct value *positions =
        dict_find(inheritance->positions, (struct value){.kind = VALUE_STRING, .as.text = name});
    if (!positions || level >= positions->as.list->count)
        return NULL;
    return &inheritance->definitions[positions->as.list->items[level].as.integer];
}

/* ---- references: `super` and `self.name` ---- */

struct block_reference {
    struct object object;
    struct text *name;            /* owned */
    size_t level;                 /* definitions to step over */
    struct frame_of_names *frame; /* around the block; owned reference */
};

static struct value reference_new(struct text *name, size_t level, struct frame_of_names *frame);

static bool definition_render(struct evaluation *evaluation, const struct block_definition *definition, size_t level,
                              struct output *output, struct error *error);

static void reference_free(struct object *object)
{
    struct block_reference *reference = (struct block_reference *)object;
    text_drop(reference->name);
    frame_of_names_drop(reference->frame);
    free(reference);
}

/** `super.super` */
static enum lookup_result reference_get_attribute(struct object *object, struct text *name, struct value *result,
                                                  struct error *error)
{
    const struct block_reference *reference = (const struct block_reference *)object;
    (void)error;
    if (strcmp(name->bytes, "super") != 0)
        return LOOKUP_MISSING;
    *result = reference_new(reference->name, reference->level + 1, reference->frame);
    return LOOKUP_FOUND;
}

static bool reference_call(struct evaluation *evaluation, struct object *object, const struct value *arguments,
                           size_t count, const struct dict *keywords, struct value *result, struct error *error)
{
    const struct block_reference *reference = (const struct block_reference *)object;
    const struct block_definition *definition =
        inheritance_find(evaluation->inheritance, reference->name, reference->level);
    struct output output = {.is_text = true, .is_strict = true};
    (void)arguments;
    if (count > 0 || (keywords && keywords->live > 0))
        return error_set(error, ERROR_TYPE, "BlockReference.__call__() takes no arguments");
    if (!definition)
        return error_set(error, ERROR_UNDEFINED, "there is no parent block called '%s'.", reference->name->bytes);
    struct evaluation inner = *evaluation;
    inner.frame = reference->frame;
    bool ok = definition_render(&inner, definition, reference->level, &output, error);
    if (ok)
        *result = output_take(&output);
    output_done(&output);
    return ok;
}

static const struct callable_class reference_class = {
    .base = {.type_name = "BlockReference",
             .is_callable = true,
             .free = reference_free,
             .get_attribute = reference_get_attribute,
             .finalize = object_unsupported},
    .call = reference_call,
};

static struct value reference_new(struct text *name, size_t level, struct frame_of_names *frame)
{
    struct block_reference *reference = memory_new(sizeof *reference);
    *reference = (struct block_reference){{1, &reference_class.base}, text_copy(name), level, frame};
    ++frame->references;
    return value_object_take(&reference->object);
}

/** `self`: its attributes are the blocks. */
struct self_object {
    struct object object;
    const struct template *template; /* borrowed: whose blocks it has */
    struct frame_of_names *frame;    /* owned reference */
};

static enum lookup_result self_get_attribute(struct object *object, struct text *name, struct value *result,
                                             struct error *error)
{
    const struct self_object *self = (const struct self_object *)object;
    (void)error;
    for (uint32_t i = 0; i < self->template->block_count; i++)
        if (text_equal(self->template->blocks[i]->block.name, name)) {
            *result = reference_new(name, 0, self->frame);
            return LOOKUP_FOUND;
        }
    return LOOKUP_MISSING;
}

static void self_free(struct object *object)
{
    frame_of_names_drop(((struct self_object *)object)->frame);
    free(object);
}

static const struct object_class self_class = {
    .type_name = "TemplateReference",
    .free = self_free,
    .get_attribute = self_get_attribute,
    .finalize = object_unsupported,
};

static void self_bind(struct frame_of_names *frame, const struct template *template)
{
    struct self_object *self = memory_new(sizeof *self);
    *self = (struct self_object){{1, &self_class}, template, frame};
    ++frame->references;
    frame_of_names_set_string_take(frame, "self", value_object_take(&self->object));
}

/* ---- blocks ---- */

/** `super` of a definition in the frame that is open: what it stands for, or undefined. */
static void super_bind(struct evaluation *evaluation, struct text *name, size_t level, struct frame_of_names *around)
{
    struct value super =
        inheritance_find(evaluation->inheritance, name, level + 1)
            ? reference_new(name, level + 1, around)
            : value_undefined((struct span){0}, NULL, "there is no parent block called '%s'.", name->bytes);
    frame_of_names_set_string_take(evaluation->frame, "super", super);
}

/** Renders one definition in a frame inside the one that is open. */
static bool definition_render(struct evaluation *evaluation, const struct block_definition *definition, size_t level,
                              struct output *output, struct error *error)
{
    if (!evaluation_enter(evaluation, error))
        return false;
    struct evaluation inner = *evaluation;
    enum flow flow = FLOW_NEXT;
    inner.template = definition->template;
    inner.is_silent = false;
    struct frame_of_names *outer = frame_enter(&inner);
    super_bind(&inner, definition->node->block.name, level, outer);
    bool ok = body_render(&inner, &definition->node->block.body, output, &flow, error);
    frame_leave(&inner, outer);
    evaluation_leave(evaluation);
    return ok;
}

bool block_render(struct evaluation *evaluation, const struct node *node, struct output *output, struct error *error)
{
    const struct inheritance *inheritance = evaluation->inheritance;
    if (evaluation->is_silent)
        return true;
    const struct block_definition own = {node, evaluation->template};
    const struct block_definition *definition = inheritance_find(inheritance, node->block.name, 0);
    if (!definition)
        definition = &own;
    if (definition->node->block.required) {
        error_set(error, ERROR_OTHER, "Required block '%s' not found", node->block.name->bytes);
        return expression_fail_at(evaluation, node->extent, error);
    }
    struct evaluation inner = *evaluation;
    if (!node->block.scoped)
        inner.frame = inheritance->frame;
    return definition_render(&inner, definition, 0, output, error);
}

/* ---- whole templates ---- */

bool extends_note(struct evaluation *evaluation, const struct node *node, struct error *error)
{
    if (evaluation->inheritance->parent) {
        error_set(error, ERROR_OTHER, "extended multiple times");
        return expression_fail_at(evaluation, node->extent, error);
    }
    evaluation->inheritance->parent = template_named(evaluation, node->parent, error);
    evaluation->is_silent = true;
    return evaluation->inheritance->parent != NULL;
}

bool chain_render(struct evaluation *evaluation, struct template *template, struct output *output, struct error *error)
{
    struct inheritance inheritance = {.frame = evaluation->frame};
    struct evaluation inner = *evaluation;
    bool ok = true;
    inner.inheritance = &inheritance;
    for (; ok && template; template = inheritance.parent) {
        enum flow flow = FLOW_NEXT;
        inheritance.parent = NULL;
        inner.template = template;
        inner.is_silent = false;
        inheritance_add(&inheritance, template);
        if (template->block_count > 0)
            self_bind(inner.frame, template);
        ok = evaluation_enter(&inner, error) && body_render(&inner, &template->body, output, &flow, error);
    }
    inheritance_done(&inheritance);
    return ok;
}

bool template_render(struct evaluation *evaluation, struct template *template, struct output *output,
                     struct error *error)
{
    struct cycles cycles = {0};
    struct evaluation inner = *evaluation;
    if (!inner.cycles)
        inner.cycles = &cycles;
    struct frame_of_names *outer = frame_enter(&inner);
    bool ok = chain_render(&inner, template, output, error);
    frame_leave(&inner, outer);
    cycles_done(&cycles);
    return ok;
}
