/*
 * The free strategies: each host takes its next task as soon as it has done the one before.  With host_pinned only so many
 * hosts are under way as there are forks; the next begins when one is at its end.
 */
#include "eval/play/strategy.h"

static void take_results(struct play_state *play)
{
    struct step *step;
    while ((step = strategy_next_finished(play))) {
        struct host_play *state = step_host(step)->play;
        ++play->turn;
        if (task_is_meta(play->run, step_instance(step).task) && step_outcome(step)->status != STATUS_FAILED)
            meta_run(play, state, step_outcome(step)->meta);
        else if (outcome_apply(play, state, step, false))
            include_load(play, &step, 1);
        step_free(step);
    }
}

/** How many hosts run this very task. */
static size_t count_running(const struct play_state *play, const struct task *task)
{
    size_t count = 0;
    for (size_t i = 0; i < play->batch_count; i++)
        count += play->states[i].is_waiting && cursor_task(&play->states[i].cursor).task == task;
    return count;
}

/** May one more host run the present task of this one? */
static bool has_room(struct play_state *play, struct host_play *state)
{
    OWNED_ERROR error = {0};
    struct task_instance instance = cursor_task(&state->cursor);
    int64_t throttle;
    if (play->in_flight >= play->run->settings.forks)
        return false;
    if (!strategy_int(play, state->host, instance, KEYWORD_THROTTLE, 0, &throttle, &error)) {
        error_at(&error, instance.task->span);
        play_abort(play, &error);
        return false;
    }
    return throttle <= 0 || count_running(play, instance.task) < (size_t)throttle;
}

static void warn_run_once(struct play_state *play, struct host_play *state)
{
    OWNED_ERROR error = {0};
    bool run_once;
    struct task_instance instance = cursor_task(&state->cursor);
    if (strategy_flag(play, state->host, instance, KEYWORD_RUN_ONCE, false, &run_once, &error) && run_once)
        run_warn(
            play->run, (struct span){0},
            "Using run_once with the free strategy is not currently supported. This task will still be executed for "
            "every host in the inventory list.");
}

/** Takes one host a task further, if it can go; false: it has nothing left to do. */
static bool step_host_on(struct play_state *play, struct host_play *state)
{
    if (state->is_waiting)
        return true;
    if (!strategy_settle(play, state))
        return false;
    if (play_is_implicit_flush(cursor_task(&state->cursor).task)) {
        strategy_flush(play, state);
        return true;
    }
    if (!has_room(play, state))
        return true;
    warn_run_once(play, state);
    strategy_start(play, state);
    take_results(play);
    return true;
}

/** One round over all hosts; how many are under way. */
static size_t run_round(struct play_state *play)
{
    size_t active = 0;
    for (size_t i = 0; i < play->batch_count && !strategy_is_stopped(play); i++) {
        if (play->is_pinned && active >= play->run->settings.forks)
            break;
        active += step_host_on(play, &play->states[i]);
    }
    return active;
}

/** Does every host that is under way wait? */
static bool is_blocked(const struct play_state *play, size_t active)
{
    return play->in_flight > 0 && (play->in_flight >= active || play->in_flight >= play->run->settings.forks);
}

void free_run(struct play_state *play)
{
    size_t active;
    while (!strategy_is_stopped(play) && (active = run_round(play)) > 0)
        if (is_blocked(play, active)) {
            strategy_wait(play);
            take_results(play);
        }
}
