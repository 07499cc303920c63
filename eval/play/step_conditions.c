/* Conditions of a step: when, changed_when, failed_when, until (step_state.h). */
#include "eval/play/step_state.h"

/** "Error while evaluating conditional" around what is no error of the condition itself. */
static bool fail_condition(struct value condition, struct error *error)
{
    struct span span = value_is_string(condition) ? condition.as.text->span : (struct span){0};
    error_at(error, span);
    bool speaks_of_condition =
        error->kind == ERROR_CONDITIONAL || error->kind == ERROR_UNTRUSTED || error->kind == ERROR_SYNTAX;
    if (speaks_of_condition)
        return false;
    return step_error_wrap(error, span, "%s", "Error while evaluating conditional.");
}

bool conditions_hold(struct step *step, const struct value *conditions, bool *holds, const struct value **broken,
                     struct error *error)
{
    bool is_list = value_is_list(*conditions);
    const struct value *items = is_list ? conditions->as.list->items : conditions;
    size_t count = is_list ? conditions->as.list->count : !value_is_null(*conditions);
    *holds = true;
    for (size_t i = 0; i < count && *holds; i++) {
        if (!engine_condition(step->spec.run->engine, &step->scope.scope, items[i], holds, error))
            return fail_condition(items[i], error);
        if (!*holds && broken)
            *broken = &items[i];
    }
    return true;
}

/* ---- when ---- */

/** `when` of an instance, after those around it. Blocks stand within one another by the nesting of the file, which the parser limits;
 *  includes by LIMIT_INCLUDE_DEPTH, so the way outwards is an array and no recursion. */
struct ancestry {
    struct task_instance *instances; /* innermost first */
    size_t count, capacity;
};

static void ancestry_find(struct ancestry *ancestry, struct task_instance instance)
{
    do {
        if (!attributes_find(&instance.task->attributes, KEYWORD_WHEN))
            continue;
        if (ancestry->count == ancestry->capacity) {
            ancestry->capacity = memory_grown(ancestry->capacity);
            ancestry->instances = memory_resize(ancestry->instances, ancestry->capacity, sizeof *ancestry->instances);
        }
        ancestry->instances[ancestry->count++] = instance;
    } while (instance_outer_with(instance, KEYWORD_WHEN, &instance));
}

bool step_is_wanted(struct step *step, bool *wanted, const struct value **broken, struct error *error)
{
    struct ancestry ancestry = {0};
    bool succeeded = true;
    *wanted = true;
    ancestry_find(&ancestry, step->spec.instance);
    for (size_t i = ancestry.count; i-- > 0 && succeeded && *wanted;) {
        const struct attribute *when = attributes_find(&ancestry.instances[i].task->attributes, KEYWORD_WHEN);
        succeeded = conditions_hold(step, &when->value, wanted, broken, error);
    }
    memory_cleanup(&ancestry.instances);
    return succeeded;
}

/* ---- after the module ---- */

/** Is there a condition at all?  An empty list is none. */
static bool has_conditions(const struct attribute *attribute)
{
    return attribute && !(value_is_list(attribute->value) && attribute->value.as.list->count == 0);
}

/** Evaluates one of the two into the result; an error there is a failure, told in `result_key`. */
static bool apply(struct step *step, enum keyword keyword, const char *result_key, bool *holds)
{
    const struct attribute *attribute = attributes_find(&step->task->attributes, keyword);
    OWNED_ERROR error = {0};
    bool is_empty = value_is_null(attribute->value);
    if (is_empty)
        error_set(&error, ERROR_CONDITIONAL, "Empty conditional expressions are not allowed.");
    if (!is_empty && conditions_hold(step, &attribute->value, holds, NULL, &error))
        return true;
    CLEANUP(memory_cleanup) char *message = error_chain_message(&error);
    dict_set_string_take(step->execution.result, "failed", value_bool(true));
    dict_set_string_take(step->execution.result, result_key, value_string(message));
    return false;
}

void step_apply_conditions(struct step *step)
{
    const struct attributes *attributes = &step->task->attributes;
    struct dict *result = step->execution.result;
    bool holds;
    if (has_conditions(attributes_find(attributes, KEYWORD_CHANGED_WHEN))) {
        if (!apply(step, KEYWORD_CHANGED_WHEN, "changed_when_result", &holds))
            return;
        dict_set_string_take(result, "changed", value_bool(holds));
    }
    if (has_conditions(attributes_find(attributes, KEYWORD_FAILED_WHEN)) &&
        apply(step, KEYWORD_FAILED_WHEN, "failed_when_result", &holds)) {
        if (!holds && step->execution.is_failed_by_module)
            dict_set_string_take(result, "failed_when_suppressed_exception", value_string(NO_TRACEBACK));
        dict_set_string_take(result, "failed", value_bool(holds));
        dict_set_string_take(result, "failed_when_result", value_bool(holds));
    }
}

bool step_is_satisfied(struct step *step, bool *satisfied, struct error *error)
{
    const struct attribute *until = attributes_find(&step->task->attributes, KEYWORD_UNTIL);
    if (has_conditions(until) && !value_is_null(until->value))
        return conditions_hold(step, &until->value, satisfied, NULL, error);
    *satisfied = !dict_get_truth(step->execution.result, "failed", false);
    return true;
}
