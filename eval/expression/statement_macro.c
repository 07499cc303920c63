/*
 * Macros: bodies that are called with arguments, and {% call %} blocks, which are macros handed to one as `caller`.
 *
 * A macro keeps the frame it was defined in and sees what that holds when it is called.  A frame that holds a macro which
 * holds the frame would never end: frame_release_macros breaks the ring when the frame's stretch of the template ends.
 */
#include <stdlib.h>
#include <string.h>

#include "eval/expression/macro.h"
#include "eval/expression/signature.h"
#include "eval/expression/statement.h"
#include "eval/expression/variable.h"
#include "eval/expression/walk.h"
#include "runtime/value/object.h"

struct macro_object {
    struct object object;
    const struct macro *macro;    /* borrowed from `template` */
    struct template *template;    /* owned reference */
    struct frame_of_names *frame; /* where it was defined; owned reference; NULL once released */
    struct signature *signature;  /* owned */
};

static const struct callable_class macro_class;

static void macro_object_free(struct object *object)
{
    struct macro_object *macro = (struct macro_object *)object;
    frame_of_names_drop(macro->frame);
    signature_free(macro->signature);
    template_drop(macro->template);
    free(macro);
}

void frame_release_macros(struct frame_of_names *frame)
{
    uint32_t held = 0;
    for (uint32_t i = 0; i < frame->count; i++) {
        struct value value = frame->locals[i].value;
        if (value_is_object(value, &macro_class.base) && value.as.object->references == 1)
            held += ((struct macro_object *)value.as.object)->frame == frame;
    }
    if (held > 0 && frame->references == held + 1)
        frame_of_names_clear(frame);
}

/* ---- attributes ---- */

static enum lookup_result macro_get_attribute(struct object *object, struct text *name, struct value *result,
                                              struct error *error)
{
    const struct macro *macro = ((struct macro_object *)object)->macro;
    (void)error;
    if (strcmp(name->bytes, "name") == 0) {
        *result = macro->name ? value_string_take(text_copy(macro->name)) : value_null();
    } else if (strcmp(name->bytes, "arguments") == 0) {
        struct list *names = list_new(macro->parameter_count);
        for (uint32_t i = 0; i < macro->parameter_count; i++)
            list_push_take(names, value_string_take(text_copy(macro->parameters[i].name)));
        *result = value_tuple_take(names);
    } else if (strcmp(name->bytes, "catch_varargs") == 0) {
        *result = value_bool(macro->uses_varargs);
    } else if (strcmp(name->bytes, "catch_kwargs") == 0) {
        *result = value_bool(macro->uses_kwargs);
    } else if (strcmp(name->bytes, "caller") == 0) {
        *result = value_bool(macro->uses_caller);
    } else {
        return LOOKUP_MISSING;
    }
    return LOOKUP_FOUND;
}

/* ---- calling ---- */

/** Takes `caller` out of the keyword arguments of a macro that uses it. */
static struct value take_caller(const struct macro *macro, struct dict *keywords)
{
    struct value caller;
    OWNED key = value_string("caller");
    if (macro->uses_caller && keywords && dict_remove(keywords, key, &caller))
        return caller;
    return value_undefined((struct span){0}, NULL, "No caller defined");
}

static void bind_name(struct evaluation *evaluation, const char *name, struct value value)
{
    struct text *text = text_new(name, strlen(name));
    frame_of_names_set_take(evaluation->frame, text, value);
    text_drop(text);
}

/** Binds a parameter that was not given: its default, evaluated where the earlier ones are bound; else undefined. */
static bool bind_fallback(struct evaluation *evaluation, const struct parameter *parameter, struct error *error)
{
    struct value value;
    if (!parameter->fallback)
        value = value_undefined((struct span){0}, NULL, "parameter '%s' was not provided", parameter->name->bytes);
    else if (!expression_evaluate(evaluation, parameter->fallback, &value, error))
        return false;
    frame_of_names_set_take(evaluation->frame, parameter->name, value);
    return true;
}

/** The slots of the signature as names of the frame. */
static bool bind_slots(struct evaluation *evaluation, const struct macro *macro, struct value *slots,
                       struct error *error)
{
    uint32_t count = macro->parameter_count;
    for (uint32_t i = 0; i < count; i++) {
        if (value_is_omit(slots[i])) {
            if (!bind_fallback(evaluation, &macro->parameters[i], error))
                return false;
        } else {
            frame_of_names_set_take(evaluation->frame, macro->parameters[i].name, value_copy(slots[i]));
        }
    }
    if (macro->uses_varargs)
        bind_name(evaluation, "varargs", value_copy(slots[count++]));
    if (macro->uses_kwargs)
        bind_name(evaluation, "kwargs", value_copy(slots[count]));
    return true;
}

/** Binds the arguments and renders the body in a frame inside the one of the definition. */
static bool macro_render(struct evaluation *evaluation, const struct macro_object *macro, struct value *slots,
                         struct value caller, struct value *result, struct error *error)
{
    struct evaluation inner = *evaluation;
    inner.template = macro->template;
    inner.frame = frame_of_names_new(macro->frame);
    if (macro->macro->uses_caller)
        bind_name(&inner, "caller", value_copy(caller));
    bool ok =
        bind_slots(&inner, macro->macro, slots, error) && body_capture(&inner, &macro->macro->body, result, error);
    frame_release_macros(inner.frame);
    frame_of_names_drop(inner.frame);
    return ok;
}

static bool macro_call(struct evaluation *evaluation, struct object *object, const struct value *arguments,
                       size_t count, const struct dict *given, struct value *result, struct error *error)
{
    const struct macro_object *macro = (const struct macro_object *)object;
    struct dict *keywords = given ? dict_clone(given) : NULL;
    OWNED owned_keywords = keywords ? value_dict_take(keywords) : value_null();
    OWNED caller = take_caller(macro->macro, keywords);
    uint32_t slot_count = signature_slots(macro->signature);
    struct value *slots = memory_new_array(slot_count, sizeof *slots);
    bool ok = signature_bind(macro->signature, arguments, count, keywords, slots, error);
    if (ok) {
        ok = macro_render(evaluation, macro, slots, caller, result, error);
        for (uint32_t i = 0; i < slot_count; i++)
            value_drop(slots[i]);
    }
    free(slots);
    return ok;
}

static const struct callable_class macro_class = {
    .base =
        {
            .type_name = "Macro",
            .is_callable = true,
            .free = macro_object_free,
            .get_attribute = macro_get_attribute,
        },
    .call = macro_call,
};

/* ---- definition ---- */

/** Every parameter may be left out: omit marks those. */
static struct signature *macro_signature(const struct macro *macro)
{
    CLEANUP(text_buffer_done) struct text_buffer parameters = {0};
    for (uint32_t i = 0; i < macro->parameter_count; i++)
        text_buffer_append_format(&parameters, "%s%s=None", i ? ", " : "", macro->parameters[i].name->bytes);
    if (macro->uses_varargs)
        text_buffer_append_string(&parameters, macro->parameter_count ? ", *varargs" : "*varargs");
    if (macro->uses_kwargs)
        text_buffer_append_string(&parameters, parameters.length ? ", **kwargs" : "**kwargs");
    struct signature *signature =
        signature_parse(macro->name ? macro->name->bytes : "caller", text_buffer_bytes(&parameters));
    for (uint32_t i = 0; i < signature->count; i++)
        signature->parameters[i].fallback = value_omit();
    return signature;
}

/** A macro that sees the present frame. */
static struct value macro_value(struct evaluation *evaluation, const struct macro *definition)
{
    struct macro_object *macro = memory_new_array(1, sizeof *macro);
    macro->object = (struct object){1, &macro_class.base};
    macro->macro = definition;
    macro->template = template_copy((struct template *)evaluation->template);
    macro->frame = evaluation->frame;
    ++macro->frame->references;
    macro->signature = macro_signature(definition);
    return value_object_take(&macro->object);
}

bool macro_define(struct evaluation *evaluation, const struct node *node, struct error *error)
{
    (void)error;
    frame_of_names_set_take(evaluation->frame, node->macro.name, macro_value(evaluation, &node->macro));
    return true;
}

bool call_block_render(struct evaluation *evaluation, const struct node *node, struct output *output,
                       struct error *error)
{
    const struct expression *call = node->call.call;
    OWNED callee = value_null();
    OWNED caller = macro_value(evaluation, &node->call.macro);
    struct list *positional;
    struct dict *keywords;
    struct value result;
    if (!expression_evaluate_defined(evaluation, call->call.callee, &callee, error) ||
        !arguments_evaluate(evaluation, &call->call.arguments, &positional, &keywords, error))
        return false;
    OWNED owned_positional = value_list_take(positional);
    OWNED owned_keywords = value_dict_take(keywords ? keywords : dict_new());
    dict_set_string_take(owned_keywords.as.dict, "caller", value_copy(caller));
    if (!evaluation_call(evaluation, callee, positional->items, positional->count, owned_keywords.as.dict, &result,
                         error))
        return expression_fail_at(evaluation, call->mark, error);
    return output_add_take(output, result, error);
}
