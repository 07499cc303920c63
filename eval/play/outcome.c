/* What the outcome of a step means for the flow: counts, failures, notifications, new hosts and groups (strategy.h). */
#include <string.h>

#include "eval/play/handlers.h"
#include "eval/play/statistics.h"
#include "eval/play/strategy.h"

/* ---- failures ---- */

void outcome_fail(struct play_state *play, struct host_play *state)
{
    struct host_filter filter;
    if (state->cursor.count == 0)
        return;
    host_filter_init(&filter, play, state);
    if (cursor_fail(&state->cursor, &filter.filter) == FAILURE_OUT)
        play_lose_host(play, state);
}

static void set_fact_take(struct host *host, const char *name, struct value value)
{
    if (!host->set_facts)
        host->set_facts = dict_new();
    dict_set_string_take(host->set_facts, name, value);
}

/** The task as a dict: its name, what it runs, and its keywords as written. */
static struct value describe_task(struct task_instance instance)
{
    const struct task *task = instance.task;
    struct dict *description = dict_new();
    dict_set_string_take(description, "name", value_string(""));
    for (uint32_t i = 0; i < task->attributes.count; i++)
        dict_set_string_take(description, keyword_row(task->attributes.items[i].keyword)->spelling,
                             value_copy(task->attributes.items[i].value));
    dict_set_string_take(description, "action", value_string_take(text_copy(task->action.name)));
    dict_set_string_take(description, "args", value_copy(task->action.arguments));
    return value_dict_take(description);
}

/** The host's task failed; with run_once that holds for all hosts. */
static void fail_host(struct play_state *play, struct host_play *state, const struct outcome *outcome, bool run_once)
{
    struct task_instance instance = cursor_task(&state->cursor);
    struct host_filter filter;
    host_filter_init(&filter, play, state);
    bool rescued = cursor_is_rescuable(&state->cursor, &filter.filter);
    state->failed_turn = play->turn;
    for (size_t i = 0; run_once && i < play->batch_count; i++)
        if (&play->states[i] != state && !play->states[i].host->is_unreachable) {
            play->states[i].is_removed = true;
            outcome_fail(play, &play->states[i]);
        }
    outcome_fail(play, state);
    if (!rescued) {
        state->is_removed = true;
        ++state->host->statistics.failures;
        return;
    }
    ++state->host->statistics.rescued;
    set_fact_take(state->host, "ansible_failed_task", describe_task(instance));
    set_fact_take(state->host, "ansible_failed_result", value_untrusted(outcome->result));
}

static void lose_unreachable(struct play_state *play, struct host_play *state)
{
    state->is_removed = true;
    state->failed_turn = play->turn;
    ++state->host->statistics.unreachable;
    run_lose_host(play->run, state->host);
    cursor_end(&state->cursor);
}

/** A failure that is ignored counts as ok. */
static void count_ignored(struct host_play *state, const struct outcome *outcome)
{
    struct host_statistics *statistics = &state->host->statistics;
    ++statistics->ok;
    ++statistics->ignored;
    if (value_is_dict(outcome->result) && dict_get_truth(outcome->result.as.dict, "changed", false))
        ++statistics->changed;
    cursor_advance(&state->cursor);
}

/* ---- effects ---- */

static void join_group(struct inventory *inventory, const char *name, struct host *host)
{
    inventory_join(inventory_add_group(inventory, name, strlen(name)), host);
}

/** add_host: {name, groups, variables}. */
static void add_host(struct play_state *play, const struct dict *effect)
{
    struct inventory *inventory = play->run->inventory;
    const char *name = dict_get_bytes(effect, "name", NULL);
    const struct value *groups = dict_find_string(effect, "groups");
    const struct value *variables = dict_find_string(effect, "variables");
    if (!name)
        return;
    struct host *host = inventory_add_host(inventory, name, strlen(name));
    if (variables && value_is_dict(*variables)) {
        struct dict *joined = dict_clone(host->variables);
        dict_update(joined, variables->as.dict);
        dict_drop(host->variables);
        host->variables = joined;
    }
    for (size_t i = 0; groups && value_is_sequence(*groups) && i < groups->as.list->count; i++)
        join_group(inventory, value_bytes(groups->as.list->items[i]), host);
}

/** group_by: {key, parents}. */
static void group_by(struct play_state *play, struct host *host, const struct dict *effect)
{
    struct inventory *inventory = play->run->inventory;
    const char *key = dict_get_bytes(effect, "key", NULL);
    const struct value *parents = dict_find_string(effect, "parents");
    if (!key)
        return;
    join_group(inventory, key, host);
    for (size_t i = 0; parents && value_is_sequence(*parents) && i < parents->as.list->count; i++) {
        const char *parent = value_bytes(parents->as.list->items[i]);
        inventory_nest(inventory_add_group(inventory, parent, strlen(parent)),
                       inventory_add_group(inventory, key, strlen(key)));
    }
}

static void apply_effects(struct play_state *play, struct host_play *state, const struct outcome *outcome)
{
    for (size_t i = 0; outcome->add_host && i < outcome->add_host->count; i++)
        add_host(play, outcome->add_host->items[i].as.dict);
    for (size_t i = 0; outcome->group_by && i < outcome->group_by->count; i++)
        group_by(play, state->host, outcome->group_by->items[i].as.dict);
    for (size_t i = 0; outcome->stats && i < outcome->stats->count; i++)
        statistics_add(play->run->statistics, state->host->name->bytes, outcome->stats->items[i].as.dict);
}

static void notify(struct play_state *play, struct host_play *state, const struct outcome *outcome)
{
    for (size_t i = 0; outcome->notify && i < outcome->notify->count; i++)
        handlers_notify(play, state, outcome->notify->items[i]);
}

/** A task of the role ran here: other uses of the same role have nothing to do then. */
static void remember_role(struct host_play *state, struct task_instance instance)
{
    const struct role *role = instance_role(instance);
    if (!role || !role->identity)
        return;
    if (!state->roles_run)
        state->roles_run = dict_new();
    if (!dict_find(state->roles_run, value_int(role->identity)))
        dict_set_take(state->roles_run, value_int(role->identity), value_int((int64_t)(intptr_t)role));
}

static void count_success(struct host_play *state, const struct outcome *outcome)
{
    ++state->host->statistics.ok;
    if (outcome->status == STATUS_CHANGED)
        ++state->host->statistics.changed;
}

bool outcome_apply(struct play_state *play, struct host_play *state, struct step *step, bool run_once)
{
    const struct outcome *outcome = step_outcome(step);
    struct task_instance instance = step_instance(step);
    step_publish(step);
    if (state->cursor.count == 0)
        return false;
    handlers_done(state, cursor_handler(&state->cursor));
    if (outcome->status != STATUS_SKIPPED)
        remember_role(state, instance);
    switch (outcome->status) {
    case STATUS_FAILED:
        if (outcome->is_ignored)
            count_ignored(state, outcome);
        else
            fail_host(play, state, outcome, run_once);
        return false;
    case STATUS_UNREACHABLE:
        if (outcome->is_ignored)
            count_ignored(state, outcome);
        else
            lose_unreachable(play, state);
        return false;
    case STATUS_SKIPPED:
        ++state->host->statistics.skipped;
        cursor_advance(&state->cursor);
        return false;
    case STATUS_OK:
    case STATUS_CHANGED:
        break;
    }
    if (play->error.kind != ERROR_NONE)
        return false;
    apply_effects(play, state, outcome);
    notify(play, state, outcome);
    if (outcome->includes)
        return true;
    count_success(state, outcome);
    cursor_advance(&state->cursor);
    return false;
}
