/* Functions by their rows: binding, what is undefined or lazy among the arguments, running; functions as values. */
#include <stdlib.h>
#include <string.h>

#include "eval/expression/prepare.h"
#include "eval/expression/signature.h"
#include "eval/expression/variable.h"
#include "eval/expression/walk.h"
#include "runtime/value/object.h"

enum { SLOTS_ON_STACK = 16 };

/* ---- arguments ---- */

/** Is a lazy argument taken as it is? */
static bool is_settled(unsigned flags, struct value argument)
{
    return value_is_omit(argument) || (flags & FUNCTION_TAKES_LAZY && !value_is_string(argument)) ||
           (flags & FUNCTION_TAKES_UNDEFINED && value_is_undefined(argument));
}

/** Settles one argument for the row: nothing undefined, nothing left to be evaluated, unless it takes these. */
static bool settle_argument(struct evaluation *evaluation, unsigned flags, struct value *argument, struct error *error)
{
    if (!value_is_lazy(*argument) || is_settled(flags, *argument))
        return true;
    struct value resolved;
    if (!evaluation_resolve(evaluation, *argument, &resolved, error))
        return false;
    value_replace_take(argument, resolved);
    return true;
}

static bool settle_arguments(struct evaluation *evaluation, unsigned flags, struct value *slots, uint32_t count,
                             struct error *error)
{
    for (uint32_t i = 0; i < count; i++)
        if (!settle_argument(evaluation, flags, &slots[i], error))
            return false;
    return true;
}

static bool is_unusable(unsigned flags, struct value value)
{
    return value_is_undefined(value) && (!(flags & FUNCTION_TAKES_UNDEFINED) || value_is_failure(value));
}

/** The first argument that is undefined where the row takes none, or NULL: what a call with it comes to. */
static const struct value *unusable_argument(const struct call *call)
{
    unsigned flags = call->plugin->function->flags;
    const struct dict_entry *entry;
    for (size_t i = 0; i < call->count; i++)
        if (is_unusable(flags, call->arguments[i]))
            return &call->arguments[i];
    for (size_t i = 0; call->keywords && dict_next(call->keywords, &i, &entry);)
        if (is_unusable(flags, entry->value))
            return &entry->value;
    return NULL;
}

/**
 * Fills the slots with borrowed values, when the arguments are plain ones that fit and nothing in them is to be settled;
 * else false, and signature_bind knows.
 */
static bool bind_borrowed(const struct signature *signature, const struct call *call, struct value *slots)
{
    unsigned flags = call->plugin->function->flags;
    if (call->keywords || call->count > signature->positional_count || signature->has_rest || signature->has_options ||
        signature->count > SLOTS_ON_STACK)
        return false;
    for (uint32_t i = 0; i < signature->count; i++) {
        slots[i] = i < call->count ? call->arguments[i] : signature->parameters[i].fallback;
        bool is_missing = slots[i].kind == VALUE_UNDEFINED && i >= call->count;
        if (is_missing || (i < call->count && value_is_lazy(slots[i]) && !is_settled(flags, slots[i])))
            return false;
    }
    return true;
}

/** Binds by copies, settles what is lazy, and runs. */
static bool bind_and_run(struct evaluation *evaluation, const struct signature *signature, const struct call *call,
                         struct value *result, struct error *error)
{
    const struct function *function = call->plugin->function;
    uint32_t count = signature_slots(signature);
    struct value on_stack[SLOTS_ON_STACK], *slots = on_stack;
    if (count > SLOTS_ON_STACK)
        slots = memory_new_array(count, sizeof *slots);
    bool ok = signature_bind(signature, call->arguments, call->count, call->keywords, slots, error);
    if (ok) {
        ok = settle_arguments(evaluation, function->flags, slots, count, error) &&
             function->run(evaluation, slots, result, error);
        for (uint32_t i = 0; i < count; i++)
            value_drop(slots[i]);
    }
    if (slots != on_stack)
        free(slots);
    return ok;
}

bool function_call(struct evaluation *evaluation, const struct call *call, struct value *result, struct error *error)
{
    const struct signature *signature = registry_signature(call->plugin);
    const struct value *unusable = unusable_argument(call);
    struct value slots[SLOTS_ON_STACK];
    if (unusable) {
        *result = value_copy(*unusable);
        return true;
    }
    if (call->plugin->function->flags & FUNCTION_IMPURE && evaluation->scope)
        evaluation->scope->touched_impure = true;
    return bind_borrowed(signature, call, slots) ? call->plugin->function->run(evaluation, slots, result, error)
                                                 : bind_and_run(evaluation, signature, call, result, error);
}

/** What a kind of plugin is called in messages, and the kind of its errors. */
static const struct {
    const char *word;
    enum error_kind error_kind;
} kind_words[] = {
    [FUNCTION_FILTER] = {"filter", ERROR_FILTER}, [FUNCTION_TEST] = {"test", ERROR_TEST},
    [FUNCTION_LOOKUP] = {"lookup", ERROR_LOOKUP}, [FUNCTION_GLOBAL] = {"function", ERROR_OTHER},
    [FUNCTION_METHOD] = {"method", ERROR_OTHER},
};

bool plugin_call(struct evaluation *evaluation, enum function_kind kind, const struct call *call, struct value *result,
                 struct error *error)
{
    if (function_call(evaluation, call, result, error))
        return true;
    if (error->is_settled || error->kind == ERROR_UNDEFINED)
        return false;
    bool is_lookup = kind == FUNCTION_LOOKUP;
    error_wrap(error, "The %s plugin '%s%s%s' failed", kind_words[kind].word, is_lookup ? "" : call->plugin->collection,
               is_lookup ? "" : ".", call->plugin->function->name);
    if (error->kind != ERROR_NO_PLUGIN)
        error->kind = kind_words[kind].error_kind;
    error->is_settled = true;
    return false;
}

bool plugin_missing(struct registry *registry, enum function_kind kind, const struct text *name, struct error *error)
{
    struct suggestion suggestion;
    suggestion_init(&suggestion, name->bytes, name->length);
    registry_offer(registry, kind, &suggestion);
    if (kind == FUNCTION_LOOKUP)
        error_set(error, ERROR_NO_PLUGIN, "The lookup plugin '%s' was not found.", name->bytes);
    else
        error_set(error, ERROR_NO_PLUGIN, "No %s named '%s'.", kind_words[kind].word, name->bytes);
    if (suggestion.best)
        error_help(error, "Did you mean '%.*s'?", (int)suggestion.best_length, suggestion.best);
    error->is_settled = kind == FUNCTION_LOOKUP;
    return false;
}

struct plugin *plugin_get(struct evaluation *evaluation, enum function_kind kind, const struct text *name,
                          struct error *error)
{
    struct registry *registry = engine_registry(evaluation->engine);
    struct plugin *plugin = registry_find(registry, kind, name->bytes, name->length);
    if (!plugin)
        plugin_missing(registry, kind, name, error);
    return plugin;
}

bool call_capture(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                  struct error *error)
{
    expression_fail_at(evaluation, expression->mark, error);
    template_settle_error(evaluation->template, error);
    *result = value_undefined_take(error);
    return true;
}

/* ---- functions as values ---- */

/** A global, or a method bound to what it is a method of. */
struct function_object {
    struct object object;
    struct plugin *plugin;
    bool has_self;
    struct value self; /* owned */
};

static void function_object_free(struct object *object)
{
    struct function_object *function = (struct function_object *)object;
    value_drop(function->self);
    free(function);
}

static bool function_object_call(struct evaluation *evaluation, struct object *object, const struct value *arguments,
                                 size_t count, const struct dict *keywords, struct value *result, struct error *error)
{
    const struct function_object *function = (const struct function_object *)object;
    struct value on_stack[SLOTS_ON_STACK], *all = on_stack;
    if (!function->has_self)
        return function_call(evaluation, &(struct call){function->plugin, arguments, count, keywords}, result, error);
    if (count + 1 > SLOTS_ON_STACK)
        all = memory_new_array(count + 1, sizeof *all);
    all[0] = function->self;
    memcpy(all + 1, arguments, count * sizeof *all);
    bool ok = function_call(evaluation, &(struct call){function->plugin, all, count + 1, keywords}, result, error);
    if (all != on_stack)
        free(all);
    return ok;
}

static bool function_object_finalize(struct object *object, struct value *result, struct error *error)
{
    const struct function_object *function = (const struct function_object *)object;
    (void)result;
    error_set(error, ERROR_TYPE, "Type '%s' is unsupported for variable storage.", object->class->type_name);
    return error_help(error, "'%s' is a function: call it with parentheses.", function->plugin->function->name);
}

static const struct callable_class function_class = {
    .base =
        {
            .type_name = "function",
            .is_callable = true,
            .free = function_object_free,
            .finalize = function_object_finalize,
        },
    .call = function_object_call,
};

static const struct callable_class method_class = {
    .base =
        {
            .type_name = "builtin_function_or_method",
            .is_callable = true,
            .free = function_object_free,
            .finalize = function_object_finalize,
        },
    .call = function_object_call,
};

struct value function_value(struct plugin *plugin, const struct value *self)
{
    struct function_object *function = memory_new_array(1, sizeof *function);
    function->object = (struct object){1, self ? &method_class.base : &function_class.base};
    function->plugin = plugin;
    function->has_self = self != NULL;
    if (self)
        function->self = value_copy(*self);
    return value_object_take(&function->object);
}

bool function_templates_terms(struct value callee)
{
    return value_is_object(callee, &function_class.base) &&
           ((const struct function_object *)callee.as.object)->plugin->function->flags & FUNCTION_TEMPLATES_TERMS;
}

const struct callable_class *value_callable(struct value value)
{
    if (value.kind != VALUE_OBJECT || !value.as.object->class->is_callable)
        return NULL;
    return (const struct callable_class *)value.as.object->class;
}
