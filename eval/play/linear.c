/*
 * The linear strategy: all hosts of the batch that stand at the foremost task, in document order, run it; then the next.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eval/play/handlers.h"
#include "eval/play/strategy.h"
#include "runtime/value/repr.h"

/** One task on the hosts that stand at it. */
struct turn {
    struct play_state *play;
    struct task_instance instance;
    struct host_play **states;
    size_t count;
    bool is_meta;
    const char *meta; /* the action that a meta task names, as written; NULL: not one */
    bool run_once;
    bool errors_are_fatal;
    size_t limit;           /* steps that may wait at once */
    struct step **includes; /* steps that brought files, in order of the hosts' ends */
    size_t include_count;
};

/** Collects the hosts that stand foremost; how many. */
static size_t find_foremost(struct play_state *play)
{
    struct host_play **found = play->turn_states;
    size_t count = 0;
    for (size_t i = 0; i < play->batch_count; i++) {
        struct host_play *state = &play->states[i];
        if (!strategy_settle(play, state))
            continue;
        int order = count ? cursor_compare(&state->cursor, &found[0]->cursor) : -1;
        if (order < 0)
            count = 0;
        if (order <= 0)
            found[count++] = state;
    }
    return count;
}

static bool is_run_once_module(const struct play_state *play, const struct task *task)
{
    const struct text *name = task->action.name;
    const struct module *module = registry_find_module(play->run->registry, name->bytes, name->length);
    return module && module->flags & MODULE_ONCE;
}

/** Reads what the task says about all hosts. */
static bool turn_init(struct turn *turn, struct play_state *play, size_t count, struct error *error)
{
    struct host *host = play->turn_states[0]->host;
    struct task_instance instance = cursor_task(&play->turn_states[0]->cursor);
    const struct task *task = instance.task;
    int64_t throttle;
    bool ignores, fatal;
    *turn = (struct turn){.play = play, .instance = instance, .states = play->turn_states, .count = count};
    turn->is_meta = task_is_meta(play->run, task);
    if (turn->is_meta && value_is_dict(task->action.arguments))
        turn->meta = dict_get_bytes(task->action.arguments.as.dict, "_raw_params", NULL);
    if (!strategy_flag(play, host, instance, KEYWORD_RUN_ONCE, false, &turn->run_once, error) ||
        !strategy_flag(play, host, instance, KEYWORD_ANY_ERRORS_FATAL, false, &fatal, error) ||
        !strategy_int(play, host, instance, KEYWORD_THROTTLE, 0, &throttle, error))
        return false;
    turn->run_once |= turn->is_meta ? meta_is_for_all(turn->meta) : is_run_once_module(play, task);
    OWNED_ERROR unknown = {0};
    if (!strategy_flag(play, host, instance, KEYWORD_IGNORE_ERRORS, false, &ignores, &unknown))
        ignores = false;
    turn->errors_are_fatal = (fatal || turn->run_once) && !ignores;
    turn->limit = play->run->settings.forks ? play->run->settings.forks : 1;
    if (throttle > 0 && (size_t)throttle < turn->limit)
        turn->limit = (size_t)throttle;
    return true;
}

/** What a complete step means; the step is kept when it brought includes. */
static void take_result(struct turn *turn, struct step *step)
{
    struct host_play *state = step_host(step)->play;
    if (turn->is_meta && step_outcome(step)->status != STATUS_FAILED) {
        meta_run(turn->play, state, step_outcome(step)->meta);
        step_free(step);
    } else if (outcome_apply(turn->play, state, step, turn->run_once)) {
        if (!turn->includes)
            turn->includes = memory_new_array(turn->count, sizeof(struct step *));
        turn->includes[turn->include_count++] = step;
    } else {
        step_free(step);
    }
}

static void take_results(struct turn *turn)
{
    struct step *step;
    while ((step = strategy_next_finished(turn->play)))
        take_result(turn, step);
}

/** Hosts that a task with run_once did not run on go on with the one that did. */
static void pass_by(const struct turn *turn)
{
    for (size_t i = 1; i < turn->count; i++) {
        handlers_done(turn->states[i], cursor_handler(&turn->states[i]->cursor));
        cursor_advance(&turn->states[i]->cursor);
    }
}

static void run_hosts(struct turn *turn)
{
    struct play_state *play = turn->play;
    size_t count = turn->run_once ? 1 : turn->count;
    if (!turn->is_meta)
        play_show_banner(play, turn->states[0]->host, turn->instance);
    if (turn->run_once)
        pass_by(turn);
    for (size_t i = 0; i < count && !strategy_is_stopped(play); i++) {
        if (turn->is_meta)
            play_show_banner(play, turn->states[i]->host, turn->instance);
        strategy_start(play, turn->states[i]);
        if (turn->is_meta || play->in_flight + play->finished_count >= turn->limit)
            take_results(turn);
        while (play->in_flight >= turn->limit && !strategy_is_stopped(play)) {
            strategy_wait(play);
            take_results(turn);
        }
    }
    take_results(turn);
    while (play->in_flight > 0 && !play->run->is_interrupted) {
        strategy_wait(play);
        take_results(turn);
    }
}

/** Everybody else fails with those that failed. */
static void fail_others(struct play_state *play)
{
    for (size_t i = 0; i < play->batch_count; i++) {
        struct host_play *state = &play->states[i];
        if (state->host->is_unreachable || state->failed_turn == play->turn)
            continue;
        state->is_removed = true;
        play_count_failed(play, state);
        outcome_fail(play, state);
    }
}

static bool any_failed(const struct play_state *play)
{
    for (size_t i = 0; i < play->batch_count; i++)
        if (play->states[i].failed_turn == play->turn)
            return true;
    return false;
}

/** How many hosts are not lost. */
static size_t count_left(const struct play_state *play)
{
    size_t count = 0;
    for (size_t i = 0; i < play->batch_count; i++)
        count += !play->states[i].host->is_unreachable;
    return count;
}

/** The share of hosts that may fail; false: any. */
static bool read_maximum(struct play_state *play, double *share, struct error *error)
{
    OWNED value = value_null();
    CLEANUP(text_buffer_done) struct text_buffer text = {0};
    if (!play_keyword(play, KEYWORD_MAX_FAIL_PERCENTAGE, &value, error) || value_is_null(value))
        return false;
    value_append_str(&text, value);
    *share = strtod(text_buffer_bytes(&text), NULL) / 100.0;
    return true;
}

static void show(struct play_state *play, enum event_kind kind)
{
    struct event event = play_event(play, kind);
    run_emit(play->run, &event);
}

/** Ends the play where more hosts failed than may. */
static void check_maximum(struct play_state *play)
{
    OWNED_ERROR error = {0};
    double share;
    if (play->failed_count == 0 || !read_maximum(play, &share, &error)) {
        if (error.kind != ERROR_NONE)
            play_abort(play, &error);
        return;
    }
    if ((double)play->failed_count / (double)play->batch_count <= share)
        return;
    fail_others(play);
    play->has_stopped = true;
    show(play, EVENT_NO_HOSTS_REMAINING);
}

static void free_includes(struct turn *turn)
{
    for (size_t i = 0; i < turn->include_count; i++)
        step_free(turn->includes[i]);
    free(turn->includes);
}

/** The user's answer to --step: run the task? */
static bool confirm(struct play_state *play, struct task_instance instance, struct host *host)
{
    char answer[64];
    if (!play->run->settings.step)
        return true;
    CLEANUP(memory_cleanup) char *name = task_shown_name(play->run, host, instance);
    fprintf(stderr, "Perform task: TASK: %s (N)o/(y)es/(c)ontinue: ", name);
    if (!fgets(answer, sizeof answer, stdin))
        return false;
    answer[strcspn(answer, "\n")] = '\0';
    bool goes_on = strcasecmp(answer, "c") == 0 || strcasecmp(answer, "continue") == 0;
    if (goes_on)
        play->run->settings.step = false;
    return goes_on || strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0;
}

static void run_turn(struct play_state *play, size_t count)
{
    OWNED_ERROR error = {0};
    struct turn turn;
    ++play->turn;
    if (!turn_init(&turn, play, count, &error)) {
        error_at(&error, cursor_task(&play->turn_states[0]->cursor).task->span);
        play_abort(play, &error);
        return;
    }
    if (!confirm(play, turn.instance, turn.states[0]->host)) {
        for (size_t i = 0; i < count; i++)
            cursor_advance(&turn.states[i]->cursor);
        return;
    }
    run_hosts(&turn);
    if (turn.include_count > 0 && !strategy_is_stopped(play))
        include_load(play, turn.includes, turn.include_count);
    free_includes(&turn);
    if (strategy_is_stopped(play))
        return;
    if (turn.errors_are_fatal && any_failed(play))
        fail_others(play);
    check_maximum(play);
}

void linear_run(struct play_state *play)
{
    size_t count;
    while (!strategy_is_stopped(play) && (count = find_foremost(play)) > 0) {
        if (play_is_implicit_flush(cursor_task(&play->turn_states[0]->cursor).task)) {
            for (size_t i = 0; i < count; i++)
                strategy_flush(play, play->turn_states[i]);
            continue;
        }
        run_turn(play, count);
        if (play->has_stopped && play->failed_count >= count_left(play)) {
            show(play, EVENT_NO_HOSTS_REMAINING);
            return;
        }
    }
}
