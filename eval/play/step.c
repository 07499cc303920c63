/* The driver of steps: phases, start and end (step.h, step_state.h). */
#include "eval/play/step.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "eval/play/result.h"
#include "eval/play/step_state.h"
#include "runtime/value/list.h"
#include "runtime/value/repr.h"

/* ---- waiting ---- */

static void timer_fired(struct timer *timer)
{
    step_continue((struct step *)((char *)timer - offsetof(struct step, timer)));
}

/** The phase that comes after the wait is kept in the step: the driver sees WAIT until the timer has fired. */
void step_sleep(struct step *step, int64_t nanoseconds, enum step_phase phase)
{
    step->after_sleep = phase;
    step->phase = STEP_WAIT;
    step->timer.fire = timer_fired;
    clock_set_after(loop_clock(step->spec.run->loop), &step->timer, nanoseconds);
}

/* ---- an execution ---- */

static void execution_done(struct execution *execution)
{
    dict_drop(execution->result);
    list_drop(execution->warnings);
    error_done(&execution->error);
    text_drop(execution->delegated_to);
    host_free(execution->unknown);
    dict_drop(execution->arguments);
    module_effects_done(&execution->asked);
    *execution = (struct execution){0};
}

/** The condition does not hold. */
static void skip(struct step *step, struct value broken)
{
    struct dict *result = step->execution.result = dict_new();
    dict_set_string_take(result, "changed", value_bool(false));
    dict_set_string_take(result, "skipped", value_bool(true));
    dict_set_string_take(result, "skip_reason", value_string("Conditional result was False"));
    dict_set_string_take(result, "false_condition", value_untrusted(broken));
}

/** Stands for the module of a task whose action names none. */
static const struct module unresolved_module = {.name = "", .flags = MODULE_ANY_ARGUMENTS};

static bool is_meta(const struct step *step)
{
    return strcmp(step->module->name, "meta") == 0;
}

static bool is_include(const struct step *step)
{
    return step->module->flags & MODULE_CONTROL && !is_meta(step);
}

/** What `meta` is to do, as written: its argument is no template. */
static struct value find_meta(const struct step *step)
{
    struct value arguments = step->task->action.arguments;
    const struct value *raw = value_is_dict(arguments) ? dict_find_string(arguments.as.dict, "_raw_params") : NULL;
    OWNED text = raw ? value_str(*raw) : value_string("");
    return value_untrusted(text);
}

/** Meta actions that happen whatever `when` says. */
static bool is_unconditional(struct value action)
{
    static const char *const names[] = {"noop", "refresh_inventory", "reset_connection"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (value_equals_string(action, names[i]))
            return true;
    return false;
}

/** `when`, and the error of a loop that waited for it.  `*goes_on`: the execution is wanted. */
static bool check_condition(struct step *step, bool *goes_on, struct error *error)
{
    const struct value *broken = NULL;
    if (!step_is_wanted(step, goes_on, &broken, error))
        return false;
    if (!*goes_on)
        skip(step, *broken);
    else if (step->loop_error.kind != ERROR_NONE)
        return error_move(error, &step->loop_error);
    return true;
}

/** A meta task: its action goes to the outcome. */
static bool begin_meta(struct step *step, struct error *error)
{
    OWNED action = find_meta(step);
    bool wanted = true;
    if (is_unconditional(action)) {
        if (attributes_find(&step->task->attributes, KEYWORD_WHEN)) {
            OWNED text = value_string_format("%s task does not support when conditional", value_bytes(action));
            step_warn(step, value_bytes(text), (struct span){0});
        }
    } else if (!check_condition(step, &wanted, error)) {
        return false;
    }
    if (!wanted)
        return true;
    struct dict *result = step->execution.result = dict_new();
    dict_set_string_take(result, META_ACTION, value_steal(&action));
    step->outcome.meta = dict_get_bytes(result, META_ACTION, "");
    return true;
}

/** Binding failed: an action's complaint, or the module's, which failed_when may still judge. */
static void fail_binding(struct step *step, struct error *error)
{
    bool is_action = step->module->flags & MODULE_ACTION;
    execution_fail_plainly_take(step, is_action ? NULL : "Module failed", error);
    if (is_action)
        return;
    step->execution.is_failed_by_module = true;
    step->execution.attempt = step->execution.tries; /* the same arguments would fail again */
    step->phase = STEP_JUDGE;
}

/** `action:` may name what there is not: the task fails when it is come to. */
static bool check_resolved(const struct step *step, struct error *error)
{
    const struct action *action = &step->task->action;
    if (step->module != &unresolved_module)
        return true;
    error_set(error, ERROR_OTHER, "Cannot resolve '%s' to an action or module.", action->name->bytes);
    struct suggestion suggestion;
    suggestion_init(&suggestion, action->name->bytes, action->name->length);
    registry_offer_modules(step->spec.run->registry, &suggestion);
    if (suggestion.best)
        error_help(error, "Did you mean '%.*s'?", (int)suggestion.best_length, suggestion.best);
    return error_at(error, action->name_span);
}

/** Keywords and arguments.  False: the error ends the execution, unless a result is there already. */
static bool prepare(struct step *step, struct error *error)
{
    bool was_evaluated, unreachable = false;
    if (!check_resolved(step, error) || !execution_finalize(step, error))
        return false;
    if (!execution_bind_arguments(step, &was_evaluated, error)) {
        if (was_evaluated)
            fail_binding(step, error);
        return false;
    }
    if (execution_reach_target(step, &unreachable, error)) {
        step->phase = STEP_TRY;
        return true;
    }
    if (unreachable)
        execution_unreachable_take(step, error);
    return false;
}

/** From the condition to the arguments, in the reference's order of complaints. */
static bool begin(struct step *step, struct error *error)
{
    bool wanted;
    if (is_meta(step))
        return begin_meta(step, error);
    if (!execution_find_target(step, error))
        return false;
    execution_find_no_log(step);
    if (!check_condition(step, &wanted, error))
        return false;
    if (!wanted)
        return true;
    if (is_include(step))
        return execution_request_include(step, error);
    return prepare(step, error);
}

static void begin_execution(struct step *step)
{
    OWNED_ERROR error = {0};
    execution_done(&step->execution);
    if (step->items)
        step_set_item(step);
    step->phase = STEP_ITEM_DONE;
    if (!begin(step, &error) && !step->execution.result)
        execution_fail_take(step, &error);
}

/* ---- after the module ---- */

static void set_default(struct dict *result, const char *key, bool value)
{
    if (!dict_find_string(result, key))
        dict_set_string_take(result, key, value_bool(value));
}

/** The result as what is evaluated next sees it, under the name of `register`. */
static void register_locally(struct step *step)
{
    const struct attribute *attribute = attributes_find(&step->task->attributes, KEYWORD_REGISTER);
    if (attribute && value_is_string(attribute->value))
        task_scope_set_local_take(&step->scope, value_bytes(attribute->value),
                                  result_registered(step->execution.result));
}

static void judge(struct step *step)
{
    struct execution *execution = &step->execution;
    struct dict *result = execution->result;
    if (!(step->module->flags & MODULE_ACTION) || (step->module->flags & MODULE_REACHES_HOST)) /* what computes in the controller answers with what it says alone */
        result_add_lines(result);
    set_default(result, "failed", dict_get_int(result, "rc", 0) != 0);
    set_default(result, "changed", false);
    if (execution->tries > 1)
        dict_set_string_take(result, "attempts", value_int(execution->attempt));
    register_locally(step);
    if (!dict_get_truth(result, "skipped", false))
        step_apply_conditions(step);
    register_locally(step);
    step_after_try(step);
    register_locally(step);
}

/* ---- the end of an execution ---- */

/** ignore_errors or ignore_unreachable, also of an execution that did not get to its keywords: what cannot be evaluated
 *  counts as written, which is true. */
static bool is_ignored(struct step *step, enum task_status status)
{
    struct execution *execution = &step->execution;
    OWNED_ERROR error = {0};
    bool ignores;
    if (status != STATUS_FAILED && status != STATUS_UNREACHABLE)
        return false;
    bool is_failure = status == STATUS_FAILED;
    if (execution->is_finalized)
        return is_failure ? execution->ignores_errors : execution->ignores_unreachable;
    return !keyword_bool(step, is_failure ? KEYWORD_IGNORE_ERRORS : KEYWORD_IGNORE_UNREACHABLE, false, &ignores,
                         &error) ||
           ignores;
}

/** Will nobody read the item's result once it was shown?  Then the arguments in it need not be kept for all items. */
static bool is_result_unseen(const struct step *step, enum task_status status)
{
    return (status == STATUS_OK || status == STATUS_CHANGED) && step->spec.run->settings.verbosity < 3 &&
           !attributes_find(&step->task->attributes, KEYWORD_REGISTER);
}

/** An item's result is complete: it is shown and kept. */
static void finish_item(struct step *step)
{
    struct execution *execution = &step->execution;
    OWNED_ERROR error = {0};
    OWNED label = value_null();
    step_mark_item(step, execution->result);
    execution_emit(step);
    execution_add_warnings(step);
    if (!step_item_label(step, &label, &error)) {
        CLEANUP(memory_cleanup) char *message = error_chain_message(&error);
        OWNED text = value_string_format("Failed to template loop_control.label: %s", message);
        dict_set_string_take(execution->result, "failed", value_bool(true));
        dict_set_string_take(execution->result, "msg", value_copy(text));
    }
    enum task_status status = result_status(execution->result);
    execution->ignores_errors = is_ignored(step, status);
    if ((status == STATUS_FAILED || status == STATUS_UNREACHABLE) && !execution->ignores_errors)
        step->has_item_not_ignored = true;
    if (execution->is_include && error.kind == ERROR_NONE)
        value_replace_take(&step->last_include->label, value_steal(&label));
    else
        execution_emit_item(step, label);
    if (is_result_unseen(step, status))
        dict_remove_string(execution->result, "invocation");
    list_push_take(step->results, value_dict_take(dict_copy(execution->result)));
    step_after_item(step);
}

static void finish_execution(struct step *step)
{
    execution_explain(step);
    execution_collect_effects(step);
    if (step->results) {
        finish_item(step);
        return;
    }
    execution_emit(step);
    execution_add_warnings(step);
    set_default(step->execution.result, "changed", false);
    step->phase = STEP_DONE;
}

/* ---- the end of the step ---- */

/** Does the step itself show its result? What goes on as an include or as a meta action is shown by who does that. */
static bool shows_result(const struct step *step)
{
    enum task_status status = step->outcome.status;
    bool went_well = status == STATUS_OK || status == STATUS_CHANGED;
    return !((is_include(step) || is_meta(step)) && went_well);
}

static void finish(struct step *step)
{
    struct outcome *outcome = &step->outcome;
    struct dict *result = step->results ? result_sum_take(list_copy(step->results)) : dict_copy(step->execution.result);
    outcome->status = result_status(result);
    outcome->is_changed = outcome->status == STATUS_CHANGED;
    outcome->is_ignored = step->results ? (outcome->status == STATUS_FAILED || outcome->status == STATUS_UNREACHABLE) &&
                                              !step->has_item_not_ignored
                                        : is_ignored(step, outcome->status);
    step_hand_over_effects(step, outcome->status);
    outcome->result = result_registered(result);
    bool is_accepted = !step->spec.accepts || step->spec.accepts(step->spec.owner, step);
    if (is_accepted && shows_result(step))
        step_emit_result(step, result);
    dict_drop(result);
    task_scope_done(&step->scope);
    step->has_scope = false;
    step->spec.done(step->spec.owner, step);
}

/* ---- the loop ---- */

/** The loop cannot be made: the step fails without looking at anything else. */
static void fail_loop(struct step *step, struct error *error)
{
    struct dict *result = dict_new();
    CLEANUP(memory_cleanup) char *message = error_chain_message(error);
    dict_set_string_take(result, "failed", value_bool(true));
    dict_set_string_take(result, "exception", value_string(NO_TRACEBACK));
    dict_set_string_take(result, "msg", value_string(message));
    step->execution.result = result;
    error_move(&step->execution.error, error);
    execution_emit(step);
    step->phase = STEP_DONE;
}

/** No items: the step is skipped. */
static void skip_loop(struct step *step)
{
    struct dict *result = dict_new();
    dict_set_string_take(result, "changed", value_bool(false));
    dict_set_string_take(result, "skipped", value_bool(true));
    dict_set_string_take(result, "skipped_reason", value_string("No items in the list"));
    dict_set_string_take(result, "results", value_list_new());
    step->execution.result = result;
    step->phase = STEP_DONE;
}

static void begin_loop(struct step *step)
{
    OWNED_ERROR error = {0}, ignored = {0};
    step->phase = STEP_ITEM;
    keyword_bool(step, KEYWORD_RUN_ONCE, false, &step->is_once, &ignored);
    if (is_meta(step))
        return;
    if (!step_find_items(step, &error) || (step->items && !step_find_control(step, &error))) {
        fail_loop(step, &error);
        return;
    }
    if (step->items && step->items->count == 0)
        skip_loop(step);
    else if (step->items)
        step->results = list_new(step->items->count);
}

/* ---- the driver ---- */

static void run_phase(struct step *step)
{
    switch (step->phase) {
    case STEP_LOOP:
        begin_loop(step);
        break;
    case STEP_ITEM:
        begin_execution(step);
        break;
    case STEP_TRY:
        step_call_module(step);
        break;
    case STEP_POLL:
        step_poll_job(step);
        break;
    case STEP_JUDGE:
        judge(step);
        break;
    case STEP_ITEM_DONE:
        finish_execution(step);
        break;
    case STEP_DONE:
    case STEP_WAIT:
        break;
    }
}

/** What happened meanwhile may have changed variables, and another step set the search path. */
static void enter(struct step *step)
{
    if (step->has_waited)
        task_scope_changed(&step->scope);
    step->has_waited = true;
    task_scope_enter(&step->scope);
}

void step_continue(struct step *step)
{
    if (step->is_driven)
        return;
    step->is_driven = true;
    if (step->phase == STEP_WAIT)
        step->phase = step->after_sleep;
    enter(step);
    while (step->phase != STEP_WAIT && step->phase != STEP_DONE)
        run_phase(step);
    step->is_driven = false;
    if (step->phase == STEP_DONE)
        finish(step);
}

struct step *step_start(const struct step_spec *spec)
{
    struct step *step = memory_new_array(1, sizeof *step);
    step->spec = *spec;
    step->task = spec->instance.task;
    step->spec.instance.include = include_copy(spec->instance.include);
    const struct text *name = step->task->action.name;
    step->module = registry_find_module(spec->run->registry, name->bytes, name->length);
    if (!step->module)
        step->module = &unresolved_module;
    step->module_name =
        step->module == &unresolved_module ? name->bytes : registry_module_full_name(spec->run->registry, step->module);
    task_scope_init(&step->scope, spec->run, spec->host, spec->instance);
    step->has_scope = true;
    step_continue(step);
    return step;
}

const struct outcome *step_outcome(const struct step *step)
{
    return &step->outcome;
}

struct host *step_host(const struct step *step)
{
    return step->spec.host;
}

struct task_instance step_instance(const struct step *step)
{
    return step->spec.instance;
}

/* ---- the end ---- */

static void outcome_done(struct outcome *outcome)
{
    for (struct include_request *next, *request = outcome->includes; request; request = next) {
        next = request->next;
        free(request->path);
        dict_drop(request->arguments);
        dict_drop(request->variables);
        value_drop(request->label);
        free(request);
    }
    value_drop(outcome->result);
    list_drop(outcome->notify);
    list_drop(outcome->add_host);
    list_drop(outcome->group_by);
    list_drop(outcome->stats);
}

void step_free(struct step *step)
{
    if (!step)
        return;
    step_cancel_call(step);
    clock_unset(loop_clock(step->spec.run->loop), &step->timer);
    step_drop_effects(step);
    execution_done(&step->execution);
    step_release_access(step);
    loop_control_done(&step->control);
    error_done(&step->loop_error);
    list_drop(step->items);
    list_drop(step->results);
    outcome_done(&step->outcome);
    if (step->has_scope)
        task_scope_done(&step->scope);
    include_drop(step->spec.instance.include);
    free(step);
}
