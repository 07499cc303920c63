/* The arguments of a step's module: templated, with module_defaults, bound to its options (step_state.h). */
#include "eval/play/bind.h"
#include "eval/play/step_state.h"
#include "runtime/value/list.h"

static const char VARIABLE[] = "_variable_params";

/** Is this option given to the module as it was written? */
static bool is_late(const struct module *module, struct value name)
{
    for (size_t i = 0; i < module->option_count; i++)
        if (module->options[i].is_late && value_equals_string(name, module->options[i].name))
            return true;
    return false;
}

/** A late argument that is one template for a list: the list, its items as they are. */
static bool evaluate_late(struct step *step, struct value given, struct value *value, struct error *error)
{
    OWNED evaluated = value_null();
    *value = value_copy(given);
    if (!value_is_string(given))
        return true;
    if (!engine_evaluate_container(step->spec.run->engine, &step->scope.scope, given, &evaluated, error)) {
        error_done(error);
        return true;
    }
    if (value_is_list(evaluated))
        value_replace_take(value, value_steal(&evaluated));
    return true;
}

/** One value, into `arguments`; omit leaves it out, and takes a default away. */
static bool evaluate_one(struct step *step, struct value name, struct value given, struct dict *arguments,
                         struct error *error)
{
    OWNED value = value_null();
    bool succeeded = true;
    if (!value_is_lazy(given))
        value = value_copy(given); /* it stays trusted: the module may evaluate it (debug's var) */
    else if (is_late(step->module, name))
        succeeded = evaluate_late(step, given, &value, error);
    else
        succeeded = engine_evaluate_loosely(step->spec.run->engine, &step->scope.scope, given, &value, error);
    if (succeeded && value_is_undefined(value))
        succeeded = engine_blame_undefined(step->spec.run->engine, &step->scope.scope, value, error);
    if (!succeeded) {
        step_advise_items(step, error);
        struct span span = value_is_string(given) ? given.as.text->span : (struct span){0};
        return step_error_wrap(error, span, "Error while resolving value for '%s'.",
                               value_is_string(name) ? value_bytes(name) : "");
    }
    struct value replaced;
    if (!value_is_omit(value))
        dict_set_take(arguments, value_copy(name), value_steal(&value));
    else if (dict_remove(arguments, name, &replaced))
        value_drop(replaced);
    return true;
}

/** All values of a dict; names may be templates (set_fact). */
static bool evaluate_dict(struct step *step, const struct dict *given, struct dict *arguments, struct error *error)
{
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(given, &i, &entry);) {
        OWNED name = value_null();
        if (value_equals_string(entry->key, VARIABLE))
            continue;
        if (!engine_evaluate(step->spec.run->engine, &step->scope.scope, entry->key, &name, error) ||
            !dict_key_check(name, error) || !evaluate_one(step, name, entry->value, arguments, error))
            return false;
    }
    return true;
}

/** `args: "{{ d }}"`: a template for a dict. */
static bool evaluate_variable(struct step *step, struct value given, struct dict *arguments, struct error *error)
{
    OWNED value = value_null();
    struct span span = value_is_string(given) ? given.as.text->span : (struct span){0};
    step_warn(step,
              "Using a template for task args is unsafe in some situations (see "
              "https://docs.ansible.com/ansible/devel/reference_appendices/faq.html#argsplat-unsafe).",
              span);
    if (!engine_evaluate(step->spec.run->engine, &step->scope.scope, given, &value, error))
        return error_at(error, span);
    if (!value_is_dict(value)) {
        error_set(error, ERROR_TYPE, "Task args must resolve to a 'dict' not '%s'.", value_type_name(value));
        return error_at(error, span);
    }
    dict_update(arguments, value.as.dict);
    return true;
}

/* ---- module_defaults ---- */

/** The defaults for the module in one dict of `module_defaults`, or NULL. */
static const struct value *find_defaults(struct step *step, const struct dict *defaults)
{
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(defaults, &i, &entry);)
        if (value_is_string(entry->key) && registry_find_module(step->spec.run->registry, value_bytes(entry->key),
                                                                entry->key.as.text->length) == step->module)
            return &entry->value;
    return NULL;
}

/** ... in an attribute: a dict, or a list of them of which the last wins. */
static const struct value *attribute_defaults(struct step *step, const struct attributes *attributes)
{
    const struct attribute *attribute = attributes_find(attributes, KEYWORD_MODULE_DEFAULTS);
    const struct value *found = NULL;
    if (attribute && value_is_dict(attribute->value))
        return find_defaults(step, attribute->value.as.dict);
    for (size_t i = attribute && value_is_list(attribute->value) ? attribute->value.as.list->count : 0;
         i-- > 0 && !found;)
        if (value_is_dict(attribute->value.as.list->items[i]))
            found = find_defaults(step, attribute->value.as.list->items[i].as.dict);
    return found;
}

/** The nearest defaults that name the module win as a whole. */
static bool evaluate_defaults(struct step *step, struct dict *arguments, struct error *error)
{
    struct task_instance instance = step->spec.instance;
    const struct play *play = run_play(step->spec.run);
    const struct value *found;
    OWNED value = value_null();
    do
        found = attribute_defaults(step, &instance.task->attributes);
    while (!found && instance_outer_with(instance, KEYWORD_MODULE_DEFAULTS, &instance));
    if (!found && play)
        found = attribute_defaults(step, &play->attributes);
    if (!found)
        return true;
    if (!engine_evaluate(step->spec.run->engine, &step->scope.scope, *found, &value, error))
        return error_wrap(error, "Error processing keyword 'module_defaults'.");
    if (value_is_dict(value))
        dict_update(arguments, value.as.dict);
    return true;
}

/* ---- all ---- */

static bool evaluate_all(struct step *step, struct dict *arguments, struct error *error)
{
    struct value given = step->task->action.arguments;
    if (!evaluate_defaults(step, arguments, error))
        return false;
    if (value_is_string(given))
        return evaluate_variable(step, given, arguments, error);
    if (!value_is_dict(given))
        return true;
    const struct value *variable = dict_find_string(given.as.dict, VARIABLE);
    return (!variable || evaluate_variable(step, *variable, arguments, error)) &&
           evaluate_dict(step, given.as.dict, arguments, error);
}

struct dict *arguments_evaluate_all(struct step *step, struct error *error)
{
    struct dict *arguments = dict_new();
    if (evaluate_all(step, arguments, error))
        return arguments;
    dict_drop(arguments);
    error_wrap(error, "Finalization of task args for '%s' failed.", step->module_name);
    return NULL;
}

bool execution_bind_arguments(struct step *step, bool *was_evaluated, struct error *error)
{
    OWNED arguments = value_null();
    struct dict *given = arguments_evaluate_all(step, error);
    *was_evaluated = given != NULL;
    if (!given)
        return false;
    arguments = value_dict_take(given);
    return arguments_bind(step->module, given, &step->execution.arguments, error);
}
