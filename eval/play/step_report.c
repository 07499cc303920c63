/* Errors and results of a step, as results and as events (step_state.h). */
#include <stdlib.h>
#include <string.h>

#include "eval/play/diff.h"
#include "eval/play/result.h"
#include "eval/play/step_state.h"
#include "runtime/value/list.h"

/* ---- failures ---- */

/** Does the error stand inside of what `outer` covers? */
static bool stands_inside(struct span inner, struct span outer)
{
    return inner.source && inner.source == outer.source && inner.start >= outer.start &&
           inner.start <= outer.start + outer.length;
}

bool step_error_wrap(struct error *error, struct span span, const char *format, const char *name)
{
    error_at(error, span);
    bool is_exact = stands_inside(error->span, span);
    error_wrap(error, format, name);
    return error_at(error, is_exact ? error->cause->span : span);
}

/** A failed result that says no more than why. */
static struct dict *failed_result(const char *message)
{
    struct dict *result = dict_new();
    dict_set_string_take(result, "failed", value_bool(true));
    dict_set_string_take(result, "changed", value_bool(false));
    dict_set_string_take(result, "exception", value_string(NO_TRACEBACK));
    dict_set_string_take(result, "msg", value_string(message));
    return result;
}

/** Becomes the execution's error: "Task failed", at the task. */
static void keep_error_take(struct step *step, struct error *error)
{
    error_wrap(error, "Task failed.");
    error_at(error, step->task->span);
    error_done(&step->execution.error);
    error_move(&step->execution.error, error);
}

static void set_result_take(struct step *step, struct dict *result)
{
    dict_drop(step->execution.result);
    step->execution.result = result;
}

void execution_fail_take(struct step *step, struct error *error)
{
    keep_error_take(step, error);
    CLEANUP(memory_cleanup) char *message = error_chain_message(&step->execution.error);
    set_result_take(step, failed_result(message));
}

void execution_fail_plainly_take(struct step *step, const char *prefix, struct error *error)
{
    CLEANUP(memory_cleanup) char *message = error_chain_message(error);
    set_result_take(step, failed_result(message));
    if (prefix)
        error_wrap(error, "%s", prefix);
    keep_error_take(step, error);
}

void execution_unreachable_take(struct step *step, struct error *error)
{
    execution_fail_take(step, error);
    dict_remove_string(step->execution.result, "failed");
    dict_set_string_take(step->execution.result, "unreachable", value_bool(true));
}

void execution_explain(struct step *step)
{
    struct execution *execution = &step->execution;
    if (execution->error.kind != ERROR_NONE || !dict_get_truth(execution->result, "failed", false))
        return;
    CLEANUP(memory_cleanup) char *message = result_message(execution->result);
    const char *who = execution->is_failed_by_module ? "Module failed" : "Action failed";
    OWNED_ERROR error = {0};
    if (message && !*message)
        error_set(&error, ERROR_OTHER, "%s.", who);
    else
        error_set(&error, ERROR_OTHER, "%s: %s", who, message ? message : "Unknown error.");
    keep_error_take(step, &error);
    if (!message) {
        CLEANUP(memory_cleanup) char *whole = error_chain_message(&execution->error);
        dict_set_string_take(execution->result, "msg", value_string(whole));
    }
    if (!dict_find_string(execution->result, "exception"))
        dict_set_string_take(execution->result, "exception", value_string(NO_TRACEBACK));
}

/* ---- events ---- */

void step_emit(struct step *step, struct event event)
{
    event.run = step->spec.run;
    event.play = run_play(step->spec.run);
    event.task = step->task;
    event.host = step->spec.host;
    event.delegated_to = step->execution.delegated_to;
    event.is_handler = step->task->is_handler;
    run_emit(step->spec.run, &event);
}

void step_warn(struct step *step, const char *text, struct span span)
{
    struct execution *execution = &step->execution;
    step_emit(step, (struct event){.kind = EVENT_WARNING, .text = text, .span = span});
    if (!execution->warnings)
        execution->warnings = list_new(1);
    list_push_take(execution->warnings, value_string(text));
}

void execution_add_warnings(struct step *step)
{
    struct execution *execution = &step->execution;
    if (!execution->warnings)
        return;
    const struct value *present = dict_find_string(execution->result, "warnings");
    if (present && value_is_list(*present))
        list_extend(execution->warnings, present->as.list);
    dict_set_string_take(execution->result, "warnings", value_list_take(execution->warnings));
    execution->warnings = NULL;
}

static bool is_debug(const struct step *step)
{
    return strcmp(step->module->name, "debug") == 0;
}

/** The result as shown. */
static struct value shown(const struct step *step, const struct dict *result, bool is_loop, bool is_debug_shown)
{
    struct result_view view = {
        .is_debug = is_debug_shown,
        .is_hidden = step->execution.hides_result,
        .is_loop = is_loop,
        .verbosity = step->spec.run->settings.verbosity,
    };
    return result_shown(result, &view);
}

/** Each text of a list in the result as an event. */
static void emit_texts(struct step *step, const char *key, enum event_kind kind)
{
    const struct value *texts = dict_find_string(step->execution.result, key);
    for (size_t i = 0; texts && value_is_list(*texts) && i < texts->as.list->count; i++) {
        struct value item = texts->as.list->items[i];
        const struct value *text = value_is_dict(item) ? dict_find_string(item.as.dict, "msg") : &item;
        if (text && value_is_string(*text))
            step_emit(step, (struct event){.kind = kind, .text = value_bytes(*text)});
    }
}

/** What changed, where that is to be shown. */
static void emit_diff(struct step *step)
{
    const struct dict *result = step->execution.result;
    const struct value *found = dict_find_string(result, "diff");
    if (!found || !step->execution.diff_mode || step->execution.hides_result ||
        !dict_get_truth(result, "changed", false))
        return;
    struct text *text = diff_text(*found);
    if (text->length > 0)
        step_emit(step, (struct event){.kind = EVENT_DIFF, .text = text->bytes});
    text_drop(text);
}

void execution_emit(struct step *step)
{
    emit_texts(step, "deprecations", EVENT_DEPRECATION);
    emit_texts(step, "warnings", EVENT_WARNING);
    if (step->execution.error.kind != ERROR_NONE)
        step_emit(step, (struct event){.kind = EVENT_ERROR, .error = &step->execution.error});
    emit_diff(step);
}

static bool is_verbose_always(const struct step *step, const struct dict *result)
{
    return !step->execution.hides_result && dict_get_truth(result, "_ansible_verbose_always", false);
}

void execution_emit_item(struct step *step, struct value label)
{
    const struct dict *result = step->execution.result;
    OWNED view = shown(step, result, false, is_debug(step));
    step_emit(step, (struct event){
                        .kind = EVENT_ITEM,
                        .status = result_status(result),
                        .is_ignored = step->execution.ignores_errors,
                        .is_loop = true,
                        .is_verbose_always = is_verbose_always(step, result),
                        .hides_result = step->execution.hides_result,
                        .result = view,
                        .label = label,
                    });
}

void step_emit_result(struct step *step, const struct dict *result)
{
    enum task_status status = step->outcome.status;
    bool is_failure = status == STATUS_FAILED || status == STATUS_UNREACHABLE;
    OWNED view = shown(step, result, step->items != NULL, is_debug(step));
    step_emit(step, (struct event){
                        .kind = EVENT_RESULT,
                        .status = status,
                        .is_ignored = step->outcome.is_ignored,
                        /* of a failed debug in a loop the items have not said all: its result is shown as well */
                        .is_loop = step->results != NULL && !(is_failure && is_debug(step)),
                        .is_verbose_always = is_verbose_always(step, result),
                        .hides_result = step->execution.hides_result,
                        .result = view,
                    });
}

void step_emit_state(struct step *step, enum event_kind kind, const struct dict *result)
{
    OWNED view = shown(step, result, false, false);
    if (kind != EVENT_RETRY)
        value_replace_take(&view, result_registered(result));
    CLEANUP(memory_cleanup) char *name = step_task_name(step);
    step_emit(step, (struct event){
                        .kind = kind,
                        .result = view,
                        .text = name,
                        .is_verbose_always = is_verbose_always(step, result),
                        .hides_result = step->execution.hides_result,
                        .retries_left = step->execution.tries - step->execution.attempt,
                        .seconds_left = (double)step->execution.seconds_left,
                    });
}
