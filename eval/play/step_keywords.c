/* Keywords of a step: found outwards from the task to the play, templated in the task's scope, converted (step_state.h). */
#include <math.h>

#include "eval/play/bind.h"
#include "eval/play/step_state.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/repr.h"

/** The nearest attribute: of the task, of what is around it, of the play. */
static const struct attribute *find_attribute(const struct step *step, enum keyword keyword)
{
    const struct attribute *attribute = instance_attribute(step->spec.instance, keyword, NULL);
    const struct play *play = attribute ? NULL : run_play(step->spec.run);
    return play ? attributes_find(&play->attributes, keyword) : attribute;
}

/** "Error processing keyword 'x'" around an error, with its place. */
static bool fail_keyword(enum keyword keyword, const struct attribute *attribute, struct error *error)
{
    return step_error_wrap(error, attribute->value_span, "Error processing keyword '%s'.",
                           keyword_row(keyword)->spelling);
}

bool keyword_value(struct step *step, enum keyword keyword, struct value *value, struct error *error)
{
    const struct attribute *attribute = find_attribute(step, keyword);
    if (!attribute) {
        *value = value_null();
        return true;
    }
    if (!value_is_lazy(attribute->value)) {
        *value = value_copy(attribute->value);
        return true;
    }
    OWNED evaluated = value_null();
    if (!engine_evaluate_loosely(step->spec.run->engine, &step->scope.scope, attribute->value, &evaluated, error) ||
        (value_is_undefined(evaluated) && !value_undefined_error(evaluated, error)))
        return fail_keyword(keyword, attribute, error);
    *value = value_is_omit(evaluated) ? value_null() : value_steal(&evaluated);
    return true;
}

/** "The value 'many' could not be converted to 'int'." at the keyword's place. */
static bool fail_conversion(struct step *step, enum keyword keyword, struct value value, const char *type,
                            struct error *error)
{
    OWNED shown = value_repr(value);
    error_set(error, ERROR_TYPE, "The value %s could not be converted to '%s'.", value_bytes(shown), type);
    return fail_keyword(keyword, find_attribute(step, keyword), error);
}

bool keyword_bool(struct step *step, enum keyword keyword, bool fallback, bool *value, struct error *error)
{
    OWNED given = value_null();
    OWNED_ERROR why = {0};
    if (!keyword_value(step, keyword, &given, error))
        return false;
    if (value_is_null(given))
        *value = fallback;
    if (value_is_null(given) || value_to_bool(given, value, &why))
        return true;
    return fail_conversion(step, keyword, given, "bool", error);
}

/** A keyword's number, converted as a module's argument is; null when it is not given. */
static bool keyword_number(struct step *step, enum keyword keyword, enum option_type type, struct value *number,
                           struct error *error)
{
    OWNED given = value_null();
    OWNED_ERROR why = {0};
    *number = value_null();
    if (!keyword_value(step, keyword, &given, error))
        return false;
    if (value_is_null(given) || option_convert(type, given, number, &why))
        return true;
    return fail_conversion(step, keyword, given, type == OPTION_INT ? "int" : "float", error);
}

bool keyword_float(struct step *step, enum keyword keyword, double fallback, double *value, struct error *error)
{
    OWNED number = value_null();
    if (!keyword_number(step, keyword, OPTION_FLOAT, &number, error))
        return false;
    *value = value_is_null(number) ? fallback : number.as.floating;
    return true;
}

bool keyword_int(struct step *step, enum keyword keyword, int64_t fallback, int64_t *value, struct error *error)
{
    OWNED number = value_null();
    if (!keyword_number(step, keyword, OPTION_INT, &number, error))
        return false;
    if (value_is_null(number) || !value_to_int64(number, value))
        *value = fallback;
    return true;
}

/** `retries`: a number, or a mapping. */
static bool find_retry_plan(struct step *step, int64_t fallback, double delay, struct error *error)
{
    struct retry_plan *plan = &step->execution.retry;
    OWNED given = value_null();
    *plan = (struct retry_plan){.delay = delay, .max_delay = INFINITY};
    if (!keyword_value(step, KEYWORD_RETRIES, &given, error))
        return false;
    if (!value_is_dict(given))
        return keyword_int(step, KEYWORD_RETRIES, fallback, &plan->count, error);
    return retry_plan_read(given.as.dict, delay, plan, error) ||
           fail_keyword(KEYWORD_RETRIES, find_attribute(step, KEYWORD_RETRIES), error);
}

/** `until` without `retries` tries three times more; a number below one is no loop. */
static bool find_tries(struct step *step, struct error *error)
{
    struct execution *execution = &step->execution;
    const struct attribute *until = attributes_find(&step->task->attributes, KEYWORD_UNTIL);
    const struct attribute *retries = attributes_find(&step->task->attributes, KEYWORD_RETRIES);
    bool has_until =
        until && !value_is_null(until->value) && !(value_is_list(until->value) && until->value.as.list->count == 0);
    double delay;
    execution->tries = 1;
    if (!has_until && !retries)
        return true;
    if (!keyword_float(step, KEYWORD_DELAY, 5, &delay, error) ||
        !find_retry_plan(step, has_until ? 3 : 0, delay < 0 ? 1 : delay, error))
        return false;
    execution->tries = execution->retry.count > 0 ? execution->retry.count + 1 : 1;
    return true;
}

/** Keywords that others look at must be what they are to be as well. */
static bool check_others(struct step *step, struct error *error)
{
    static const enum keyword bools[] = {KEYWORD_BECOME, KEYWORD_RUN_ONCE, KEYWORD_ANY_ERRORS_FATAL,
                                         KEYWORD_DELEGATE_FACTS};
    static const enum keyword ints[] = {KEYWORD_THROTTLE, KEYWORD_PORT};
    bool is_true, good = true;
    int64_t number;
    for (size_t i = 0; i < COUNT_OF(bools) && good; i++)
        good = keyword_bool(step, bools[i], false, &is_true, error);
    for (size_t i = 0; i < COUNT_OF(ints) && good; i++)
        good = keyword_int(step, ints[i], 0, &number, error);
    return good;
}

bool execution_finalize(struct step *step, struct error *error)
{
    struct execution *execution = &step->execution;
    const struct run_settings *settings = &step->spec.run->settings;
    bool done = keyword_bool(step, KEYWORD_NO_LOG, false, &execution->hides_result, error) &&
                keyword_bool(step, KEYWORD_CHECK_MODE, settings->check_mode, &execution->check_mode, error) &&
                keyword_bool(step, KEYWORD_DIFF, settings->diff_mode, &execution->diff_mode, error) &&
                keyword_bool(step, KEYWORD_IGNORE_ERRORS, false, &execution->ignores_errors, error) &&
                keyword_bool(step, KEYWORD_IGNORE_UNREACHABLE, false, &execution->ignores_unreachable, error) &&
                keyword_int(step, KEYWORD_ASYNC, 0, &execution->async_limit, error) &&
                keyword_int(step, KEYWORD_POLL, 15, &execution->poll, error) &&
                keyword_int(step, KEYWORD_TIMEOUT, 0, &execution->time_limit, error) && find_tries(step, error) &&
                check_others(step, error);
    execution->is_finalized = done;
    return done;
}

void execution_find_no_log(struct step *step)
{
    OWNED_ERROR error = {0};
    if (keyword_bool(step, KEYWORD_NO_LOG, false, &step->execution.hides_result, &error))
        return;
    step->execution.hides_result = true;
    CLEANUP(memory_cleanup) char *why = error_chain_message(&error);
    CLEANUP(text_buffer_done) struct text_buffer text = {0};
    text_buffer_append_format(&text, "Invalid no_log value for task, output will be masked: %s", why);
    step_warn(step, text_buffer_bytes(&text), error.span);
}
