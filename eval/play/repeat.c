/* Repetition in a step: the next try under `until`, the next item of a loop (step_state.h). */
#include "eval/play/result.h"
#include "eval/play/step_state.h"
#include "runtime/value/list.h"

/* ---- tries ---- */

/** "FAILED - RETRYING: ... (2 retries left)." */
static void emit_retry(struct step *step)
{
    struct execution *execution = &step->execution;
    OWNED result = value_dict_take(dict_clone(execution->result));
    dict_set_string_take(result.as.dict, "retries", value_int(execution->tries));
    step_emit_state(step, EVENT_RETRY, result.as.dict);
}

/** No try is left: the result is a failure, whatever it says, with the number of retries. */
static void exhaust(struct step *step)
{
    struct execution *execution = &step->execution;
    bool is_early = execution->attempt < execution->tries; /* the deadline has come */
    dict_set_string_take(execution->result, "attempts",
                         value_int(is_early ? execution->attempt : execution->tries - 1));
    dict_set_string_take(execution->result, "failed", value_bool(true));
}

/** Nanoseconds until the next try; false when it would begin after the deadline. */
static bool find_delay(struct step *step, int64_t *delay)
{
    const struct execution *execution = &step->execution;
    struct clock *clock = loop_clock(step->spec.run->loop);
    *delay = retry_plan_delay(&execution->retry, execution->attempt, clock);
    int64_t elapsed = clock_now(clock) - execution->began;
    return execution->retry.deadline == 0 || *delay <= execution->retry.deadline - elapsed;
}

void step_after_try(struct step *step)
{
    struct execution *execution = &step->execution;
    OWNED_ERROR error = {0};
    bool satisfied = true;
    int64_t delay;
    step->phase = STEP_ITEM_DONE;
    if (execution->tries <= 1)
        return;
    if (!step_is_satisfied(step, &satisfied, &error)) {
        execution_fail_take(step, &error);
        return;
    }
    if (satisfied)
        return;
    if (execution->attempt >= execution->tries || !find_delay(step, &delay)) {
        exhaust(step);
        return;
    }
    emit_retry(step);
    step_sleep(step, delay, STEP_TRY);
}

/* ---- items ---- */

/** Does `break_when` hold? An error there ends the loop as well, as a failure of the item. */
static bool breaks(struct step *step)
{
    OWNED_ERROR error = {0};
    bool holds = false;
    if (value_is_null(step->control.break_when))
        return false;
    if (conditions_hold(step, &step->control.break_when, &holds, NULL, &error))
        return holds;
    execution_fail_take(step, &error);
    execution_emit(step);
    return true;
}

void step_after_item(struct step *step)
{
    if (breaks(step) || step->index + 1 >= step->items->count) {
        step->phase = STEP_DONE;
        return;
    }
    step->index++;
    step->phase = STEP_ITEM;
    if (step->control.pause > 0)
        step_sleep(step, step->control.pause, STEP_ITEM);
}
