/* Other templates: {% include %}, {% import %} and {% from %}. */
#include <stdlib.h>
#include <string.h>

#include "eval/expression/cycle.h"
#include "eval/expression/statement.h"
#include "eval/expression/variable.h"
#include "eval/expression/walk.h"
#include "runtime/value/object.h"
#include "runtime/value/repr.h"

/* ---- templates by name ---- */

/** Does a name stay below the folders that are searched? */
static bool name_is_inside(const char *name)
{
    for (const char *part = name; *part; part += strcspn(part, "/"), part += strspn(part, "/"))
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
            return false;
    return *name != '\0';
}

/** The template of this name, or NULL with ERROR_FILE where there is none. */
static struct template *template_find(struct evaluation *evaluation, struct text *name, struct error *error)
{
    const char *path = name->bytes + strspn(name->bytes, "/");
    OWNED_ERROR failed = {0};
    struct template *template = name_is_inside(path) ? engine_template_file(evaluation->engine, path, &failed) : NULL;
    if (template)
        return template;
    if (failed.kind != ERROR_FILE && failed.kind != ERROR_NONE) {
        error_move(error, &failed);
        return NULL;
    }
    error_set(error, ERROR_FILE, "%s", name->bytes);
    if (failed.kind == ERROR_FILE)
        error_help(error, "%s", failed.message);
    return NULL;
}

struct template *template_named(struct evaluation *evaluation, const struct expression *name, struct error *error)
{
    OWNED value = value_null();
    struct template *template = NULL;
    if (!expression_evaluate_defined(evaluation, name, &value, error))
        return NULL;
    if (value_is_string(value))
        template = template_find(evaluation, value.as.text, error);
    else if (dict_key_check(value, error))
        error_set(error, ERROR_TYPE, "the name of a template must be text, not '%s'", value_type_name(value));
    if (!template)
        expression_fail_at(evaluation, name->mark, error);
    return template;
}

/** The first of several names that is found; undefined ones are passed over where another is found. */
static struct template *template_select(struct evaluation *evaluation, const struct list *names, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer tried = {0};
    for (size_t i = 0; i < names->count; i++) {
        OWNED name = value_null();
        OWNED_ERROR missing = {0};
        if (!evaluation_read(evaluation, names->items[i], &name, error))
            return NULL;
        text_buffer_append_string(&tried, i > 0 ? ", " : "");
        value_append_str(&tried, name);
        if (!value_is_string(name))
            continue;
        struct template *template = template_find(evaluation, name.as.text, &missing);
        if (template)
            return template;
        if (missing.kind != ERROR_FILE) {
            error_move(error, &missing);
            return NULL;
        }
    }
    if (names->count == 0)
        error_set(error, ERROR_FILE, "Tried to select from an empty list of templates.");
    else
        error_set(error, ERROR_FILE, "none of the templates given were found: %s", text_buffer_bytes(&tried));
    return NULL;
}

/** The template that {% include %} names, by one name or several. */
static struct template *template_included(struct evaluation *evaluation, const struct expression *expression,
                                          struct error *error)
{
    OWNED names = value_null();
    struct template *template = NULL;
    if (!expression_evaluate_defined(evaluation, expression, &names, error))
        return NULL;
    if (value_is_string(names)) {
        template = template_find(evaluation, names.as.text, error);
    } else {
        struct list *items = value_is_null(names) ? list_new(0) : evaluation_items(evaluation, names, error);
        template = items ? template_select(evaluation, items, error) : NULL;
        list_drop(items);
    }
    if (!template)
        expression_fail_at(evaluation, expression->mark, error);
    return template;
}

/** The evaluation of another template: with what is visible here, or with nothing. */
static struct evaluation evaluation_of(const struct evaluation *evaluation, bool with_context)
{
    struct evaluation inner = *evaluation;
    inner.inheritance = NULL;
    inner.is_silent = false;
    if (!with_context) {
        inner.frame = NULL;
        inner.scope = NULL;
    }
    return inner;
}

bool include_render(struct evaluation *evaluation, const struct node *node, struct output *output, struct error *error)
{
    struct template *template = template_included(evaluation, node->include.name, error);
    if (!template) {
        if (error->kind != ERROR_FILE || !node->include.ignore_missing)
            return false;
        error_done(error);
        return true;
    }
    struct evaluation inner = evaluation_of(evaluation, node->include.with_context);
    return template_render(&inner, template, output, error);
}

/* ---- modules: what an imported template defined at its top level ---- */

struct module_object {
    struct object object;
    struct frame_of_names *frame; /* owned reference */
    struct value body;            /* what it printed; owned */
};

static void module_free(struct object *object)
{
    struct module_object *module = (struct module_object *)object;
    frame_of_names_drop(module->frame);
    value_drop(module->body);
    free(module);
}

static enum lookup_result module_get_attribute(struct object *object, struct text *name, struct value *result,
                                               struct error *error)
{
    const struct frame_of_names *frame = ((struct module_object *)object)->frame;
    const struct value *found = name->bytes[0] == '_' ? NULL : frame_of_names_find_own(frame, name);
    (void)error;
    if (!found || strcmp(name->bytes, "self") == 0)
        return LOOKUP_MISSING;
    *result = value_copy(*found);
    return LOOKUP_FOUND;
}

static void module_str(struct object *object, struct text_buffer *out)
{
    const struct module_object *module = (const struct module_object *)object;
    if (!value_is_null(module->body))
        value_append_str(out, module->body);
}

static bool module_finalize(struct object *object, struct value *result, struct error *error)
{
    (void)error;
    *result = value_copy(((struct module_object *)object)->body);
    return true;
}

static const struct object_class module_class = {
    .type_name = "TemplateModule",
    .free = module_free,
    .get_attribute = module_get_attribute,
    .str = module_str,
    .finalize = module_finalize,
};

/** Renders a template for what it defines: a module. */
static bool module_render(struct evaluation *evaluation, struct template *template, struct value *result,
                          struct error *error)
{
    struct output output = {0};
    evaluation->frame = frame_of_names_new(evaluation->frame);
    bool ok = chain_render(evaluation, template, &output, error);
    if (ok) {
        struct module_object *module = memory_new(sizeof *module);
        *module = (struct module_object){{1, &module_class}, evaluation->frame, output_take(&output)};
        ++module->frame->references;
        *result = value_object_take(&module->object);
    }
    output_done(&output);
    cycles_retire_frame_take(evaluation->cycles, evaluation->frame);
    return ok;
}

static bool module_load(struct evaluation *evaluation, const struct node *node, struct value *result,
                        struct error *error)
{
    struct template *template = template_named(evaluation, node->import.name, error);
    if (!template)
        return false;
    struct evaluation inner = evaluation_of(evaluation, node->import.with_context);
    return module_render(&inner, template, result, error);
}

bool import_define(struct evaluation *evaluation, const struct node *node, struct error *error)
{
    struct value module;
    if (!module_load(evaluation, node, &module, error))
        return false;
    frame_of_names_set_take(evaluation->frame, node->import.alias, module);
    return true;
}

/** The line of a template, counted from 1, that a node begins on. */
static unsigned node_line(const struct template *template, const struct node *node)
{
    unsigned line = 1;
    for (uint32_t i = 0; i < node->extent.start; i++)
        line += template->text->bytes[i] == '\n';
    return line;
}

/** What {% from %} binds where the module has no such name. */
static struct value not_exported(struct evaluation *evaluation, const struct node *node, const struct text *name)
{
    const struct expression *module = node->import.name;
    bool is_constant = module->kind == EXPRESSION_CONSTANT && value_is_string(module->constant);
    return value_undefined(template_span(evaluation->template, node->extent), NULL,
                           "the template '%s' (imported on line %u) does not export the requested name '%s'",
                           is_constant ? value_bytes(module->constant) : "?", node_line(evaluation->template, node),
                           name->bytes);
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
            value = not_exported(evaluation, node, name->name);
        frame_of_names_set_take(evaluation->frame, name->alias ? name->alias : name->name, value);
    }
    return true;
}
