/* One run of a step's module: at once, waiting, limited in time, or as a job that is polled (step_state.h). */
#include <stddef.h>

#include "eval/play/async.h"
#include "eval/play/result.h"
#include "eval/play/step_state.h"
#include "runtime/async/job_store.h"
#include "runtime/value/repr.h"

static struct step *step_of_limit(struct timer *timer)
{
    return (struct step *)((char *)timer - offsetof(struct step, limit));
}

/** Lets go of the call, all but what was taken out of it. */
static void release_call(struct step *step)
{
    struct module_call *call = &step->call;
    clock_unset(loop_clock(step->spec.run->loop), &step->limit);
    if (call->evaluation)
        engine_evaluation_free(call->evaluation);
    module_call_release(call);
    value_drop(call->task_name);
    *call = (struct module_call){0};
}

void step_cancel_call(struct step *step)
{
    struct module_call *call = &step->call;
    if (!call->result)
        return;
    if (call->module->cancel)
        call->module->cancel(call);
    release_call(step);
}

/** Did the module itself say that it failed? A program's status says so too. */
static bool has_failed(const struct dict *result)
{
    return dict_find_string(result, "failed") ? dict_get_truth(result, "failed", false)
                                              : dict_get_int(result, "rc", 0) != 0;
}

/** A line that the module shows while it runs. */
static void call_say(struct module_call *call, const char *line)
{
    step_emit(call->owner, (struct event){.kind = EVENT_MESSAGE, .text = line});
}

/** How the module was called, for results of items and for -vvv. */
static void add_invocation(struct execution *execution)
{
    if (dict_find_string(execution->result, "invocation"))
        return;
    struct dict *invocation = dict_new();
    dict_set_string_take(invocation, "module_args", value_dict_take(dict_copy(execution->arguments)));
    dict_set_string_take(execution->result, "invocation", value_dict_take(invocation));
}

/** The module has ended. */
static void call_done(struct module_call *call)
{
    struct step *step = call->owner;
    struct execution *execution = &step->execution;
    execution->result = call->result;
    call->result = dict_new();
    execution->is_failed_by_module = !(call->module->flags & MODULE_ACTION) && has_failed(execution->result);
    if (!(call->module->flags & MODULE_ACTION))
        add_invocation(execution);
    execution_take_effects(step, &call->effects);
    release_call(step);
    step->phase = STEP_JUDGE;
    step_continue(step);
}

/** "Timed out after 1 second(s)." */
static void limit_passed(struct timer *timer)
{
    struct step *step = step_of_limit(timer);
    int64_t seconds = step->execution.time_limit;
    OWNED_ERROR error = {0};
    step_cancel_call(step);
    error_set(&error, ERROR_OTHER, "Timed out after %lld second(s).", (long long)seconds);
    execution_fail_take(step, &error);
    struct dict *timed_out = dict_new();
    dict_set_string_take(timed_out, "frame",
                         value_string("Configure `DISPLAY_TRACEBACK` to see a traceback on timeout errors."));
    dict_set_string_take(timed_out, "period", value_int(seconds));
    dict_set_string_take(step->execution.result, "timedout", value_dict_take(timed_out));
    step->phase = STEP_ITEM_DONE;
    step_continue(step);
}

/** What cannot predict what it would do is skipped in check mode. */
static void skip_in_check_mode(struct step *step)
{
    struct dict *result = step->execution.result = dict_new();
    dict_set_string_take(result, "skipped", value_bool(true));
    OWNED message = value_string_format("remote module (%s) does not support check mode", step->module->name);
    dict_set_string_take(result, "msg", value_copy(message));
    step->phase = STEP_JUDGE;
}

/** Starts the module; it may be over when this returns. */
static void start_module(struct step *step)
{
    struct module_call *call = &step->call;
    *call = (struct module_call){
        .module = step->module,
        .arguments = step->execution.arguments,
        .host = &step->access,
        .result = dict_new(),
        .done = call_done,
        .say = call_say,
        .owner = step,
    };
    if (step->module->flags & MODULE_ACTION)
        call->evaluation = engine_evaluation_new(step->spec.run->engine, &step->scope.scope);
    CLEANUP(memory_cleanup) char *name = step_task_name(step);
    call->task_name = value_string(name);
    step->phase = STEP_WAIT;
    if (step->execution.time_limit > 0) {
        step->limit.fire = limit_passed;
        clock_set_after(loop_clock(step->spec.run->loop), &step->limit,
                        step->execution.time_limit * NANOSECONDS_PER_SECOND);
    }
    step->module->start(call);
}

/* ---- jobs ---- */

/** After `poll` seconds, look. */
static void wait_for_job(struct step *step)
{
    step_sleep(step, step->execution.poll * NANOSECONDS_PER_SECOND, STEP_POLL);
}

static void start_job(struct step *step)
{
    struct execution *execution = &step->execution;
    OWNED_ERROR error = {0};
    struct job_spec spec = {
        .module = step->module,
        .arguments = execution->arguments,
        .host = &step->access,
        .limit = execution->async_limit * NANOSECONDS_PER_SECOND,
    };
    if (!job_start(step->spec.run, &spec, &execution->result, &error)) {
        execution_fail_plainly_take(step, NULL, &error);
        step->phase = STEP_ITEM_DONE;
        return;
    }
    step->phase = STEP_JUDGE;
    execution->seconds_left = execution->async_limit;
    if (execution->poll > 0)
        wait_for_job(step);
}

/** The job has not ended in its time. */
static void give_up_job(struct step *step, struct dict *state)
{
    struct dict *result = dict_new();
    result_add_lines(state);
    dict_set_string_take(result, "failed", value_bool(true));
    dict_set_string_take(result, "async_result", value_dict_take(state));
    OWNED message = value_string_format("async task did not complete within the requested time - %llds",
                                        (long long)step->execution.async_limit);
    dict_set_string_take(result, "msg", value_copy(message));
    dict_drop(step->execution.result);
    step->execution.result = result;
    const struct value *id = dict_find_string(state, "ansible_job_id");
    struct dict *shown = dict_new();
    dict_set_string_take(shown, "ansible_job_id", id ? value_copy(*id) : value_null());
    step_emit_state(step, EVENT_ASYNC_FAILED, shown);
    dict_drop(shown);
}

static bool has_ended(const struct dict *state)
{
    return dict_get_truth(state, "finished", false) || dict_find_string(state, "failed") ||
           dict_find_string(state, "skipped");
}

void step_poll_job(struct step *step)
{
    struct execution *execution = &step->execution;
    OWNED id = value_null();
    const struct value *found = dict_find_string(execution->result, "ansible_job_id");
    if (found)
        id = value_str(*found);
    struct dict *state = job_poll(&step->access, value_is_string(id) ? value_bytes(id) : "");
    if (!has_ended(state)) {
        execution->seconds_left -= execution->poll;
        step_emit_state(step, EVENT_ASYNC_POLL, state);
        if (execution->seconds_left > 0) {
            dict_drop(state);
            wait_for_job(step);
            return;
        }
        give_up_job(step, state);
        step->phase = STEP_JUDGE;
        return;
    }
    dict_drop(execution->result);
    execution->result = state;
    execution->is_failed_by_module = has_failed(state);
    add_invocation(execution);
    execution_take_effects(step, &(struct module_effects){0});
    job_store_remove(step->access.jobs, step->access.async_directory, value_is_string(id) ? value_bytes(id) : "");
    step_emit_state(step, execution->is_failed_by_module ? EVENT_ASYNC_FAILED : EVENT_ASYNC_OK, state);
    step->phase = STEP_JUDGE;
}

/* ---- */

void step_call_module(struct step *step)
{
    struct execution *execution = &step->execution;
    if (execution->attempt++ == 0)
        execution->began = clock_now(loop_clock(step->spec.run->loop));
    execution->was_executed = true;
    execution->is_failed_by_module = false;
    dict_drop(execution->result);
    execution->result = NULL;
    if (execution->async_limit > 0)
        start_job(step);
    else if (execution->check_mode && !(step->module->flags & MODULE_CHECK_MODE))
        skip_in_check_mode(step);
    else
        start_module(step);
}
