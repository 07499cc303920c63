/* Meta tasks: what they ask of the flow (strategy.h). */
#include <string.h>

#include "eval/play/strategy.h"

static void do_nothing(struct play_state *play, struct host_play *state)
{
    (void)play;
    cursor_advance(&state->cursor);
}

static void flush_handlers(struct play_state *play, struct host_play *state)
{
    OWNED_ERROR error = {0};
    if (!cursor_is_handler(&state->cursor)) {
        strategy_flush(play, state);
        return;
    }
    error_set(&error, ERROR_OTHER, "flush_handlers cannot be used as a handler");
    play_abort(play, &error);
}

static void clear_facts(struct play_state *play, struct host_play *state)
{
    for (size_t i = 0; i < play->host_count; i++) {
        dict_drop(play->hosts[i]->facts);
        play->hosts[i]->facts = NULL;
    }
    cursor_advance(&state->cursor);
}

/** Failed and lost hosts are back in the next play; in this one they stay where they ended. */
static void clear_host_errors(struct play_state *play, struct host_play *state)
{
    for (size_t i = 0; i < play->batch_count; i++)
        play->states[i].is_out = play->states[i].is_removed = false;
    for (size_t i = 0; i < play->host_count; i++)
        run_clear_host(play->run, play->hosts[i]);
    play->failed_before = 0;
    cursor_advance(&state->cursor);
}

static void warn_inventory(void *context, const char *message)
{
    run_warn(context, (struct span){0}, "%s", message);
}

/** Reads the sources again: hosts, groups and variables that are new there are added. */
static void refresh_inventory(struct play_state *play, struct host_play *state)
{
    struct run *run = play->run;
    OWNED_ERROR error = {0};
    for (const char *const *source = run->settings.inventory_sources; source && *source; source++)
        if (!inventory_load(run->inventory, *source, warn_inventory, run, &error)) {
            play_abort(play, &error);
            return;
        }
    cursor_advance(&state->cursor);
}

static void end_host(struct play_state *play, struct host_play *state)
{
    (void)play;
    state->is_removed = true;
    cursor_end(&state->cursor);
}

static void end_batch(struct play_state *play, struct host_play *state)
{
    (void)state;
    for (size_t i = 0; i < play->batch_count; i++)
        cursor_end(&play->states[i].cursor);
}

static void end_play(struct play_state *play, struct host_play *state)
{
    end_batch(play, state);
    play->has_ended = true;
}

static void end_role(struct play_state *play, struct host_play *state)
{
    OWNED_ERROR error = {0};
    struct task_instance instance = cursor_task(&state->cursor);
    const struct role *role = instance_role(instance);
    if (role && !instance.task->is_handler && cursor_leave_role(&state->cursor, role))
        return;
    error_set(&error, ERROR_OTHER, "Cannot execute 'end_role' from %s", role ? "a handler" : "outside of a role");
    error_at(&error, instance.task->span);
    play_abort(play, &error);
}

/** playlet: past the rest of the section of the block around it; `always` runs. */
static void end_block(struct play_state *play, struct host_play *state)
{
    OWNED_ERROR error = {0};
    const struct task *task = cursor_task(&state->cursor).task;
    if (cursor_leave_block(&state->cursor))
        return;
    error_set(&error, ERROR_OTHER, "Cannot execute 'end_block' outside of a block");
    error_at(&error, task->span);
    play_abort(play, &error);
}

static const struct meta_row {
    const char *name;
    bool is_for_all;
    void (*run)(struct play_state *play, struct host_play *state);
} rows[] = {
    {"noop", false, do_nothing},
    {"flush_handlers", false, flush_handlers},
    {"refresh_inventory", true, refresh_inventory},
    {"clear_facts", true, clear_facts},
    {"clear_host_errors", true, clear_host_errors},
    {"end_host", false, end_host},
    {"end_batch", true, end_batch},
    {"end_play", true, end_play},
    {"end_role", false, end_role},
    {"end_block", false, end_block},
    {"reset_connection", false, do_nothing},
};

static const struct meta_row *find_row(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

bool meta_is_for_all(const char *name)
{
    const struct meta_row *row = name ? find_row(name) : NULL;
    return !row || row->is_for_all;
}

bool task_is_meta(const struct run *run, const struct task *task)
{
    return strcmp(load_action_name(run, task), "meta") == 0;
}

/** Says that there is no such meta action, and which was probably meant. */
static void fail_unknown(struct play_state *play, const struct task *task, const char *name)
{
    OWNED_ERROR error = {0};
    struct suggestion suggestion;
    error_set(&error, ERROR_OTHER, "invalid meta action requested: %s", name);
    error_at(&error, task->span);
    suggestion_init(&suggestion, name, strlen(name));
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        suggestion_offer(&suggestion, rows[i].name, strlen(rows[i].name));
    if (suggestion.best)
        error_help(&error, "Did you mean '%.*s'?", (int)suggestion.best_length, suggestion.best);
    play_abort(play, &error);
}

void meta_run(struct play_state *play, struct host_play *state, const char *name)
{
    if (state->cursor.count == 0)
        return;
    if (!name) {
        cursor_advance(&state->cursor);
        return;
    }
    const struct meta_row *row = find_row(name);
    if (row)
        row->run(play, state);
    else
        fail_unknown(play, cursor_task(&state->cursor).task, name);
}
