/*
 * Other templates: {% include %}, {% import %} and {% from %}, {% extends %} with its blocks.
 *
 * A template that extends another renders nothing itself: what it sets and defines stays, then its parent is rendered
 * in the same frame, each block by its innermost definition.
 */
#include <stdlib.h>
#include <string.h>

#include "eval/expression/engine_state.h"
#include "eval/expression/macro.h"
#include "eval/expression/statement.h"
#include "eval/expression/variable.h"
#include "eval/expression/walk.h"
#include "runtime/value/object.h"
#include "runtime/value/repr.h"

/** One definition of a block. */
struct block_definition {
    const struct node *node;
    struct template *template;
};

/** The blocks of a template and of those that it extends, innermost template first. */
struct inheritance {
    struct block_definition *blocks;
    size_t count;
    struct template *parent;      /* that {% extends %} named in the template being rendered; NULL: none */
    struct frame_of_names *frame; /* of the template's top level; borrowed */
};

/* ---- blocks ---- */

/** The definition of a block after the first `skip` ones, or NULL. */
static const struct block_definition *find_block(const struct inheritance *inheritance, const struct text *name,
                                                 size_t skip)
{
    for (size_t i = 0; i < inheritance->count; i++)
        if (text_equal(inheritance->blocks[i].node->block.name, name) && skip-- == 0)
            return &inheritance->blocks[i];
    return NULL;
}

static void add_blocks(struct inheritance *inheritance, struct template *template)
{
    inheritance->blocks =
        memory_resize(inheritance->blocks, inheritance->count + template->block_count, sizeof *inheritance->blocks);
    for (uint32_t i = 0; i < template->block_count; i++)
        inheritance->blocks[inheritance->count++] = (struct block_definition){template->blocks[i], template};
}

static bool definition_render(struct evaluation *evaluation, const struct block_definition *definition, size_t level,
                              struct output *output, struct error *error);

/** `super()` and `self.name()`: a block as something to call. */
struct block_object {
    struct object object;
    struct text *name; /* owned */
    size_t level;      /* definitions to step over */
};

static void block_object_free(struct object *object)
{
    struct block_object *block = (struct block_object *)object;
    text_drop(block->name);
    free(block);
}

static bool block_object_call(struct evaluation *evaluation, struct object *object, const struct value *arguments,
                              size_t count, const struct dict *keywords, struct value *result, struct error *error)
{
    const struct block_object *block = (const struct block_object *)object;
    const struct block_definition *definition =
        evaluation->inheritance ? find_block(evaluation->inheritance, block->name, block->level) : NULL;
    struct output output = {0};
    (void)arguments, (void)keywords;
    if (count > 0)
        return error_set(error, ERROR_TYPE, "a block takes no arguments but %zu were given", count);
    if (!definition)
        return error_set(error, ERROR_UNDEFINED, "there is no parent block called '%s'.", block->name->bytes);
    bool ok = definition_render(evaluation, definition, block->level, &output, error);
    if (ok)
        output_take(&output, result);
    output_done(&output);
    return ok;
}

static const struct callable_class block_class = {
    .base = {.type_name = "BlockReference", .is_callable = true, .free = block_object_free},
    .call = block_object_call,
};

static struct value block_value(struct text *name, size_t level)
{
    struct block_object *block = memory_new_array(1, sizeof *block);
    block->object = (struct object){1, &block_class.base};
    block->name = text_copy(name);
    block->level = level;
    return value_object_take(&block->object);
}

/** `self`: its attributes are the blocks. */
static enum lookup_result self_get_attribute(struct object *object, struct text *name, struct value *result,
                                             struct error *error)
{
    (void)object, (void)error;
    *result = block_value(name, 0);
    return LOOKUP_FOUND;
}

static void self_free(struct object *object)
{
    free(object);
}

static const struct object_class self_class = {
    .type_name = "TemplateReference", .free = self_free, .get_attribute = self_get_attribute};

static struct value self_value(void)
{
    struct object *self = memory_new_array(1, sizeof *self);
    *self = (struct object){1, &self_class};
    return value_object_take(self);
}

static void bind(struct frame_of_names *frame, const char *name, struct value value)
{
    struct text *text = text_new(name, strlen(name));
    frame_of_names_set_take(frame, text, value);
    text_drop(text);
}

/** Renders one definition in a frame inside the one that is open, with its `super`. */
static bool definition_render(struct evaluation *evaluation, const struct block_definition *definition, size_t level,
                              struct output *output, struct error *error)
{
    const struct template *template = evaluation->template;
    struct frame_of_names *outer = frame_enter(evaluation);
    enum flow flow = FLOW_NEXT;
    evaluation->template = definition->template;
    bind(evaluation->frame, "super", block_value(definition->node->block.name, level + 1));
    bool ok = body_render(evaluation, &definition->node->block.body, output, &flow, error);
    evaluation->template = template;
    frame_leave(evaluation, outer);
    return ok;
}

bool block_render(struct evaluation *evaluation, const struct node *node, struct output *output, struct error *error)
{
    const struct inheritance *inheritance = evaluation->inheritance;
    if (inheritance->parent)
        return true;
    const struct block_definition *definition = find_block(inheritance, node->block.name, 0);
    if (definition->node->block.required) {
        error_set(error, ERROR_OTHER, "Required block '%s' not found", node->block.name->bytes);
        return expression_fail_at(evaluation, node->extent, error);
    }
    struct frame_of_names *frame = evaluation->frame;
    if (!node->block.scoped)
        evaluation->frame = inheritance->frame;
    bool ok = definition_render(evaluation, definition, 0, output, error);
    evaluation->frame = frame;
    return ok;
}

/* ---- templates by name ---- */

/** The first of the names that is found; NULL with an error, or without one where missing ones are ignored. */
static struct template *template_of_names(struct evaluation *evaluation, struct value names, bool ignore_missing,
                                          struct error *error)
{
    OWNED one = value_null();
    if (value_is_string(names)) {
        one = value_list_new();
        list_push_take(one.as.list, value_copy(names));
        names = one;
    }
    if (!value_is_sequence(names)) {
        error_set(error, ERROR_TYPE, "the name of a template must be text, not '%s'", value_type_name(names));
        return NULL;
    }
    for (size_t i = 0; i < names.as.list->count; i++) {
        OWNED_ERROR missing = {0};
        OWNED name = value_str(names.as.list->items[i]);
        struct template *template = engine_template_file(evaluation->engine, value_bytes(name), &missing);
        if (template)
            return template;
        if (missing.kind == ERROR_FILE && (ignore_missing || i + 1 < names.as.list->count))
            continue;
        if (missing.kind == ERROR_FILE)
            error_set(error, ERROR_FILE, "'%s' not found in search path", value_bytes(name));
        else
            error_move(error, &missing);
        return NULL;
    }
    return NULL;
}

static struct template *template_of(struct evaluation *evaluation, const struct expression *name, bool ignore_missing,
                                    struct error *error)
{
    OWNED value = value_null();
    if (!expression_evaluate_defined(evaluation, name, &value, error))
        return NULL;
    struct template *template = template_of_names(evaluation, value, ignore_missing, error);
    if (!template && error->kind != ERROR_NONE)
        expression_fail_at(evaluation, name->mark, error);
    return template;
}

/** The evaluation of another template: with what is visible here, or with nothing. */
static struct evaluation evaluation_of(const struct evaluation *evaluation, bool with_context)
{
    struct evaluation inner = *evaluation;
    inner.inheritance = NULL;
    if (!with_context) {
        inner.frame = NULL;
        inner.scope = NULL;
    }
    return inner;
}

bool include_render(struct evaluation *evaluation, const struct node *node, struct output *output, struct error *error)
{
    struct template *template = template_of(evaluation, node->include.name, node->include.ignore_missing, error);
    if (!template)
        return error->kind == ERROR_NONE;
    if (!evaluation_enter(evaluation, error))
        return false;
    struct evaluation inner = evaluation_of(evaluation, node->include.with_context);
    bool ok = template_render(&inner, template, output, error);
    evaluation_leave(evaluation);
    return ok;
}

bool extends_note(struct evaluation *evaluation, const struct node *node, struct error *error)
{
    struct template *parent = template_of(evaluation, node->parent, false, error);
    if (!parent)
        return false;
    if (evaluation->inheritance->parent) {
        error_set(error, ERROR_OTHER, "extended multiple times");
        return expression_fail_at(evaluation, node->extent, error);
    }
    evaluation->inheritance->parent = parent;
    return true;
}

/* ---- rendering ---- */

/** The nodes of one template; once it extends another, what it would print is let go. */
static bool own_body_render(struct evaluation *evaluation, const struct template *template, struct output *output,
                            struct error *error)
{
    struct output discarded = {0};
    bool ok = true;
    for (uint32_t i = 0; ok && i < template->body.count; i++) {
        struct body one = {&template->body.nodes[i], 1};
        enum flow flow = FLOW_NEXT;
        ok = body_render(evaluation, &one, evaluation->inheritance->parent ? &discarded : output, &flow, error);
    }
    output_done(&discarded);
    return ok;
}

/** Renders a template and its parents in the frame that is open. */
static bool chain_render(struct evaluation *evaluation, struct template *template, struct output *output,
                         struct error *error)
{
    const struct template *outer_template = evaluation->template;
    struct inheritance *outer_inheritance = evaluation->inheritance;
    struct inheritance inheritance = {.frame = evaluation->frame};
    unsigned depth = evaluation->depth;
    bool ok = true;
    evaluation->inheritance = &inheritance;
    if (template->block_count > 0)
        bind(evaluation->frame, "self", self_value());
    for (; ok && template; template = inheritance.parent) {
        ok = evaluation_enter(evaluation, error);
        inheritance.parent = NULL;
        evaluation->template = template;
        add_blocks(&inheritance, template);
        ok = ok && own_body_render(evaluation, template, output, error);
    }
    free(inheritance.blocks);
    evaluation->depth = depth;
    evaluation->inheritance = outer_inheritance;
    evaluation->template = outer_template;
    return ok;
}

bool template_render(struct evaluation *evaluation, struct template *template, struct output *output,
                     struct error *error)
{
    struct frame_of_names *outer = frame_enter(evaluation);
    bool ok = chain_render(evaluation, template, output, error);
    frame_leave(evaluation, outer);
    return ok;
}

/* ---- imports ---- */

/** What an imported template defined at its top level. */
struct module_object {
    struct object object;
    struct frame_of_names *frame; /* owned reference */
    struct value text;            /* what it printed; owned */
};

static void module_object_free(struct object *object)
{
    struct module_object *module = (struct module_object *)object;
    frame_release_macros(module->frame);
    frame_of_names_drop(module->frame);
    value_drop(module->text);
    free(module);
}

static enum lookup_result module_get_attribute(struct object *object, struct text *name, struct value *result,
                                               struct error *error)
{
    const struct frame_of_names *frame = ((struct module_object *)object)->frame;
    (void)error;
    for (uint32_t i = 0; i < frame->count; i++)
        if (text_equal(frame->locals[i].name, name)) {
            *result = value_copy(frame->locals[i].value);
            return LOOKUP_FOUND;
        }
    return LOOKUP_MISSING;
}

static void module_str(struct object *object, struct text_buffer *out)
{
    value_append_str(out, ((struct module_object *)object)->text);
}

static const struct object_class module_class = {.type_name = "TemplateModule",
                                                 .free = module_object_free,
                                                 .get_attribute = module_get_attribute,
                                                 .str = module_str};

/** Renders the template that a node names for what it defines. */
static bool module_load(struct evaluation *evaluation, const struct node *node, struct value *result,
                        struct error *error)
{
    struct template *template = template_of(evaluation, node->import.name, false, error);
    struct output output = {0};
    if (!template || !evaluation_enter(evaluation, error))
        return false;
    struct evaluation inner = evaluation_of(evaluation, node->import.with_context);
    struct module_object *module = memory_new_array(1, sizeof *module);
    OWNED owned = value_object_take(&module->object);
    module->object = (struct object){1, &module_class};
    module->frame = frame_of_names_new(inner.frame);
    inner.frame = module->frame;
    engine_keep_frame(evaluation->engine, module->frame);
    bool ok = chain_render(&inner, template, &output, error);
    if (ok) {
        output_take(&output, &module->text);
        *result = value_steal(&owned);
    }
    output_done(&output);
    evaluation_leave(evaluation);
    return ok;
}

bool import_define(struct evaluation *evaluation, const struct node *node, struct error *error)
{
    struct value module;
    if (!module_load(evaluation, node, &module, error))
        return false;
    frame_of_names_set_take(evaluation->frame, node->import.alias, module);
    return true;
}

bool from_import_define(struct evaluation *evaluation, const struct node *node, struct error *error)
{
    OWNED module = value_null();
    if (!module_load(evaluation, node, &module, error))
        return false;
    for (uint32_t i = 0; i < node->import.count; i++) {
        const struct imported_name *name = &node->import.names[i];
        struct value value;
        if (module_get_attribute(module.as.object, name->name, &value, error) == LOOKUP_MISSING)
            value = value_undefined(template_span(evaluation->template, node->extent), NULL,
                                    "the template does not export the requested name '%s'", name->name->bytes);
        frame_of_names_set_take(evaluation->frame, name->alias ? name->alias : name->name, value);
    }
    return true;
}
