/*
 * Macros: bodies that are called with arguments, and {% call %} blocks, which are macros handed to one as `caller`.
 *
 * A macro keeps the frame it was defined in and sees what that holds when it is called (cycle.h breaks the rings).
 * Binding is not signature.h's: a macro's parameters may all be left out, and its messages are Jinja's.
 */
#include <stdlib.h>
#include <string.h>

#include "eval/expression/statement.h"
#include "eval/expression/walk.h"
#include "runtime/value/object.h"

struct macro_object {
    struct object object;
    const struct macro *macro;       /* borrowed from `template` */
    const struct template *template; /* borrowed: the engine keeps what it parsed */
    struct scope *scope;             /* where it was defined; borrowed; NULL: imported without context */
    struct frame_of_names *frame;    /* where it was defined; owned reference */
};

static void macro_free(struct object *object)
{
    struct macro_object *macro = (struct macro_object *)object;
    frame_of_names_drop(macro->frame);
    free(macro);
}

/* ---- attributes ---- */

static struct value macro_arguments(const struct macro *macro)
{
    struct list *names = list_new(macro->parameter_count);
    for (uint32_t i = 0; i < macro->parameter_count; i++)
        list_push_take(names, value_string_take(text_copy(macro->parameters[i].name)));
    return value_tuple_take(names);
}

static enum lookup_result macro_get_attribute(struct object *object, struct text *name, struct value *result,
                                              struct error *error)
{
    const struct macro *macro = ((struct macro_object *)object)->macro;
    (void)error;
    if (strcmp(name->bytes, "name") == 0)
        *result = macro->name ? value_string_take(text_copy(macro->name)) : value_null();
    else if (strcmp(name->bytes, "arguments") == 0)
        *result = macro_arguments(macro);
    else if (strcmp(name->bytes, "catch_varargs") == 0)
        *result = value_bool(macro->uses_varargs);
    else if (strcmp(name->bytes, "catch_kwargs") == 0)
        *result = value_bool(macro->uses_kwargs);
    else if (strcmp(name->bytes, "caller") == 0)
        *result = value_bool(macro->uses_caller);
    else
        return LOOKUP_MISSING;
    return LOOKUP_FOUND;
}

static void macro_repr(struct object *object, struct text_buffer *out)
{
    const struct macro *macro = ((struct macro_object *)object)->macro;
    if (macro->name)
        text_buffer_append_format(out, "<Macro '%s'>", macro->name->bytes);
    else
        text_buffer_append_string(out, "<Macro anonymous>");
}

/* ---- calling ---- */

/** One call under way; `frame` is the body's. */
struct macro_call {
    const struct macro *macro;
    const struct value *arguments;
    size_t count;
    struct dict *keywords; /* those that were not bound yet; owned; NULL: none */
    struct frame_of_names *frame;
};

/** What messages call the macro: its name in quotes, or None. */
static void append_name(struct text_buffer *out, const struct macro *macro)
{
    if (macro->name)
        text_buffer_append_format(out, "'%s'", macro->name->bytes);
    else
        text_buffer_append_string(out, "None");
}

static bool take_keyword(struct macro_call *call, struct text *name, struct value *value)
{
    struct value key = {.kind = VALUE_STRING, .as.text = name};
    return call->keywords && dict_remove(call->keywords, key, value);
}

/** Binds every parameter to what was given for it, else to an undefined value.  *has_caller: `caller` is one of them. */
static void bind_given(struct macro_call *call, bool *has_caller)
{
    for (uint32_t i = 0; i < call->macro->parameter_count; i++) {
        struct text *name = call->macro->parameters[i].name;
        struct value value;
        *has_caller |= strcmp(name->bytes, "caller") == 0;
        if (i < call->count)
            value = value_copy(call->arguments[i]);
        else if (!take_keyword(call, name, &value))
            continue;
        frame_of_names_set_take(call->frame, name, value);
    }
}

/** Keywords that no parameter took: kwargs, or an error. */
static bool bind_keywords(struct macro_call *call, struct error *error)
{
    const struct dict_entry *entry;
    size_t position = 0;
    if (call->macro->uses_kwargs) {
        struct dict *rest = call->keywords ? dict_copy(call->keywords) : dict_new();
        frame_of_names_set_string_take(call->frame, "kwargs", value_dict_take(rest));
        return true;
    }
    if (!call->keywords || !dict_next(call->keywords, &position, &entry))
        return true;
    CLEANUP(text_buffer_done) struct text_buffer name = {0};
    append_name(&name, call->macro);
    if (dict_find_string(call->keywords, "caller"))
        return error_set(error, ERROR_TYPE,
                         "macro %s was invoked with two values for the special caller argument. This is most likely a "
                         "bug.",
                         text_buffer_bytes(&name));
    return error_set(error, ERROR_TYPE, "macro %s takes no keyword argument '%s'", text_buffer_bytes(&name),
                     value_bytes(entry->key));
}

/** Arguments past the parameters: varargs, or an error. */
static bool bind_rest(struct macro_call *call, struct error *error)
{
    size_t first = call->macro->parameter_count;
    if (call->macro->uses_varargs) {
        struct list *rest = list_new(0);
        for (size_t i = first; i < call->count; i++)
            list_push_take(rest, value_copy(call->arguments[i]));
        frame_of_names_set_string_take(call->frame, "varargs", value_tuple_take(rest));
        return true;
    }
    if (call->count <= first)
        return true;
    CLEANUP(text_buffer_done) struct text_buffer name = {0};
    append_name(&name, call->macro);
    return error_set(error, ERROR_TYPE, "macro %s takes not more than %zu argument(s)", text_buffer_bytes(&name),
                     first);
}

static void bind_caller(struct macro_call *call)
{
    OWNED key = value_string("caller");
    struct value caller;
    if (!call->keywords || !dict_remove(call->keywords, key, &caller))
        caller = value_undefined((struct span){0}, NULL, "No caller defined");
    frame_of_names_set_take(call->frame, key.as.text, caller);
}

/** Binds all that was given to names of the call's frame. */
static bool bind_arguments(struct macro_call *call, struct error *error)
{
    bool has_caller = false;
    bind_given(call, &has_caller);
    if (call->macro->uses_caller && !has_caller)
        bind_caller(call);
    return bind_keywords(call, error) && bind_rest(call, error);
}

/** Parameters that were not given: their defaults, evaluated in order where those before are bound; else undefined. */
static bool bind_defaults(struct evaluation *evaluation, const struct macro *macro, struct error *error)
{
    struct frame_of_names *frame = evaluation->frame;
    uint32_t given = frame->count;
    for (uint32_t i = 0; i < macro->parameter_count; i++) {
        struct text *name = macro->parameters[i].name;
        if (!frame_of_names_find_own(frame, name))
            frame_of_names_set_take(
                frame, name, value_undefined((struct span){0}, NULL, "parameter '%s' was not provided", name->bytes));
    }
    for (uint32_t i = 0, missing = given; missing < frame->count; i++) {
        const struct parameter *parameter = &macro->parameters[i];
        struct value value;
        if (frame->locals[missing].name != parameter->name)
            continue;
        if (parameter->fallback) {
            if (!expression_evaluate(evaluation, parameter->fallback, &value, error))
                return false;
            value_replace_take(&frame->locals[missing].value, value);
        }
        ++missing;
    }
    return true;
}

static bool macro_call(struct evaluation *evaluation, struct object *object, const struct value *arguments,
                       size_t count, const struct dict *keywords, struct value *result, struct error *error)
{
    const struct macro_object *macro = (const struct macro_object *)object;
    if (!evaluation_enter(evaluation, error))
        return false;
    OWNED rest = keywords ? value_dict_take(dict_clone(keywords)) : value_null();
    struct evaluation inner = *evaluation;
    inner.template = macro->template;
    inner.scope = macro->scope;
    inner.frame = macro->frame;
    inner.is_silent = false;
    struct frame_of_names *outer = frame_enter(&inner);
    struct macro_call call = {macro->macro, arguments, count, keywords ? rest.as.dict : NULL, inner.frame};
    bool ok = bind_arguments(&call, error) && bind_defaults(&inner, macro->macro, error) &&
              body_capture(&inner, &macro->macro->body, result, error);
    frame_leave(&inner, outer);
    evaluation_leave(evaluation);
    return ok;
}

static const struct callable_class macro_class = {
    .base =
        {
            .type_name = "Macro",
            .is_callable = true,
            .free = macro_free,
            .get_attribute = macro_get_attribute,
            .repr = macro_repr,
            .finalize = object_unsupported,
        },
    .call = macro_call,
};

/* ---- definition ---- */

/** A macro that sees the present frame. */
static struct value macro_value(struct evaluation *evaluation, const struct macro *definition)
{
    struct macro_object *macro = memory_new(sizeof *macro);
    *macro = (struct macro_object){.object = {1, &macro_class.base},
                                   .macro = definition,
                                   .template = evaluation->template,
                                   .scope = evaluation->scope,
                                   .frame = evaluation->frame};
    ++macro->frame->references;
    return value_object_take(&macro->object);
}

void macro_define(struct evaluation *evaluation, const struct node *node)
{
    frame_of_names_set_take(evaluation->frame, node->macro.name, macro_value(evaluation, &node->macro));
}

/** Evaluates what a {% call %} block calls and with what, the block itself among the keywords. */
static bool call_evaluate(struct evaluation *evaluation, const struct node *node, struct value *callee,
                          struct list **positional, struct dict **keywords, struct error *error)
{
    const struct expression *call = node->call.call;
    OWNED called = value_null();
    if (!expression_evaluate_defined(evaluation, call->call.callee, &called, error) ||
        !arguments_evaluate(evaluation, &call->call.arguments, positional, keywords, error))
        return false;
    if (!*keywords)
        *keywords = dict_new();
    dict_set_string_take(*keywords, "caller", macro_value(evaluation, &node->call.macro));
    *callee = value_steal(&called);
    return true;
}

bool call_block_render(struct evaluation *evaluation, const struct node *node, struct output *output,
                       struct error *error)
{
    struct list *positional;
    struct dict *keywords;
    struct value result;
    OWNED callee = value_null();
    if (!call_evaluate(evaluation, node, &callee, &positional, &keywords, error))
        return false;
    bool ok = evaluation_call(evaluation, callee, positional->items, positional->count, keywords, &result, error) &&
              output_add_take(evaluation, output, result, error);
    list_drop(positional);
    dict_drop(keywords);
    return ok || expression_fail_at(evaluation, node->call.call->mark, error);
}
