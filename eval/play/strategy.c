#include "eval/play/strategy.h"

#include <fnmatch.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "eval/play/gathering.h"
#include "eval/play/handlers.h"
#include "eval/play/tags.h"
#include "eval/play/variables.h"
#include "runtime/value/repr.h"

static const struct strategy {
    const char *name;
    void (*run)(struct play_state *play);
    bool is_free, is_pinned;
} strategies[] = {
    {"linear", linear_run, false, false},
    {"debug", linear_run, false, false},
    {"free", free_run, true, false},
    {"host_pinned", free_run, true, true},
};

static const struct strategy *find_strategy(const char *name)
{
    static const char *const prefixes[] = {"ansible.builtin.", "ansible.legacy."};
    for (size_t i = 0; i < COUNT_OF(prefixes); i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            name += strlen(prefixes[i]);
    for (size_t i = 0; i < COUNT_OF(strategies); i++)
        if (strcmp(strategies[i].name, name) == 0)
            return &strategies[i];
    return NULL;
}

bool strategy_choose(struct play_state *play, struct error *error)
{
    OWNED name = value_null();
    if (!play_keyword(play, KEYWORD_STRATEGY, &name, error))
        return false;
    const struct strategy *strategy = find_strategy(value_is_null(name)     ? "linear"
                                                    : value_is_string(name) ? value_bytes(name)
                                                                            : "");
    play->strategy = strategy;
    play->shows_task_late = strategy && strategy->is_free;
    play->is_pinned = strategy && strategy->is_pinned;
    return true;
}

bool strategy_is_known(struct play_state *play, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer shown = {0};
    OWNED name = value_null();
    struct suggestion suggestion;
    if (play->strategy)
        return true;
    if (!play_keyword(play, KEYWORD_STRATEGY, &name, error))
        return false;
    value_append_str(&shown, name);
    error_set(error, ERROR_OTHER, "Invalid play strategy specified: %s", text_buffer_bytes(&shown));
    suggestion_init(&suggestion, text_buffer_bytes(&shown), shown.length);
    for (size_t i = 0; i < COUNT_OF(strategies); i++)
        suggestion_offer(&suggestion, strategies[i].name, strlen(strategies[i].name));
    if (suggestion.best)
        error_help(error, "Did you mean '%s'?", suggestion.best);
    return error_at(error, play->play->span);
}

void strategy_run(struct play_state *play)
{
    play->strategy->run(play);
}

bool strategy_is_stopped(const struct play_state *play)
{
    return play->error.kind != ERROR_NONE || play->run->is_interrupted;
}

/* ---- cursors ---- */

/** Has another use of the same role done its work on this host already? */
static bool was_done_before(const struct host_play *state, const struct role *role)
{
    if (!role || !role->identity || !state->roles_run)
        return false;
    const struct value *use = dict_find(state->roles_run, value_int(role->identity));
    return use && use->as.integer != (int64_t)(intptr_t)role;
}

/** Is it the task of --start-at-task: by its name, with its role's before it, or by a pattern for these? */
static bool is_start(const struct run *run, struct task_instance instance)
{
    const struct attribute *name = attributes_find(&instance.task->attributes, KEYWORD_NAME);
    const struct text *role = instance_role_name(instance);
    CLEANUP(text_buffer_done) struct text_buffer shown = {0};
    const char *wanted = run->settings.start_at_task;
    if (name)
        value_append_str(&shown, name->value);
    else
        text_buffer_append_text(&shown, instance.task->action.name);
    if (fnmatch(wanted, text_buffer_bytes(&shown), 0) == 0)
        return true;
    CLEANUP(text_buffer_done) struct text_buffer full = {0};
    text_buffer_append_format(&full, "%s : %s", role ? role->bytes : "", text_buffer_bytes(&shown));
    return role && fnmatch(wanted, text_buffer_bytes(&full), 0) == 0;
}

/** Before the task of --start-at-task nothing runs but the gathering of facts. */
static bool is_before_start(struct play_state *play, struct host_play *state, struct task_instance instance)
{
    if (!state->is_seeking || !instance.task->span.source)
        return false;
    if (!is_start(play->run, instance))
        return true;
    state->is_seeking = false;
    play->has_found_start = true;
    return false;
}

static bool wants(void *context, struct task_instance instance, int64_t handler)
{
    struct host_filter *filter = context;
    if (handler >= 0)
        return handlers_wanted(filter->state, handler);
    if (instance.task->is_handler || play_is_implicit_flush(instance.task))
        return true;
    if (is_before_start(filter->play, filter->state, instance) ||
        gathering_is_needless(filter->state->host, instance.task))
        return false;
    return !was_done_before(filter->state, instance_role(instance)) && tags_choose(filter->play, instance);
}

void host_filter_init(struct host_filter *filter, struct play_state *play, struct host_play *state)
{
    *filter = (struct host_filter){{wants, filter}, play, state};
}

bool strategy_settle(struct play_state *play, struct host_play *state)
{
    struct host_filter filter;
    bool failed;
    if (state->cursor.count == 0)
        return false;
    host_filter_init(&filter, play, state);
    bool settled = cursor_settle(&state->cursor, &filter.filter, &failed);
    if (failed)
        state->is_out = state->is_removed = true;
    return settled;
}

void strategy_flush(struct play_state *play, struct host_play *state)
{
    handlers_flush(play, state);
    cursor_enter_handlers(&state->cursor, handlers_list(play->handlers));
}

/* ---- steps ---- */

static void step_done(void *owner, struct step *step)
{
    struct play_state *play = owner;
    struct host_play *state = step_host(step)->play;
    play->finished[play->finished_count++] = step;
    if (!state->is_waiting)
        return;
    state->is_waiting = false;
    --play->in_flight;
    loop_stop(play->run->loop);
}

/** A handler that is not there ends the run before the result is shown. */
static bool step_accepted(void *owner, const struct step *step)
{
    struct play_state *play = owner;
    const struct list *names = step_outcome(step)->notify;
    OWNED_ERROR error = {0};
    for (size_t i = 0; names && i < names->count; i++)
        if (!handlers_check(play, names->items[i], &error)) {
            play_abort(play, &error);
            return false;
        }
    return true;
}

void strategy_start(struct play_state *play, struct host_play *state)
{
    struct step_spec spec = {.run = play->run,
                             .host = state->host,
                             .instance = cursor_task(&state->cursor),
                             .batch = play->variables.batch,
                             .batch_count = play->batch_count,
                             .accepts = step_accepted,
                             .done = step_done,
                             .owner = play};
    size_t finished = play->finished_count;
    state->step = step_start(&spec);
    if (play->finished_count > finished)
        return;
    state->is_waiting = true;
    ++play->in_flight;
}

struct step *strategy_next_finished(struct play_state *play)
{
    if (play->finished_count == 0)
        return NULL;
    struct step *step = play->finished[0];
    memmove(play->finished, play->finished + 1, --play->finished_count * sizeof *play->finished);
    step_host(step)->play->step = NULL;
    return step;
}

static void interrupted(void *owner, int number)
{
    struct run *run = owner;
    (void)number;
    run->is_interrupted = true;
    loop_stop(run->loop);
}

void strategy_wait(struct play_state *play)
{
    struct run *run = play->run;
    struct watch *interrupt = watch_signal(run->loop, SIGINT, interrupted, run);
    while (play->in_flight > 0 && play->finished_count == 0 && !run->is_interrupted)
        if (!loop_run(run->loop) && play->finished_count == 0)
            bug("%zu steps wait for nothing", play->in_flight);
    watch_free(interrupt);
}

/* ---- keywords ---- */

/** The keyword's value for a task: its own, or that of what is around it, or the play's; null: nowhere. */
static bool find_keyword(struct play_state *play, struct host *host, struct task_instance instance,
                         enum keyword keyword, struct value *value, struct error *error)
{
    const struct attribute *attribute = instance_attribute(instance, keyword, NULL);
    if (!attribute)
        attribute = attributes_find(&play->play->attributes, keyword);
    *value = attribute ? value_copy(attribute->value) : value_null();
    if (!value_is_lazy(*value))
        return true;
    OWNED written = value_steal(value);
    struct task_scope scope;
    task_scope_init(&scope, play->run, host, instance);
    task_scope_enter(&scope);
    bool good = engine_evaluate(play->run->engine, &scope.scope, written, value, error);
    task_scope_done(&scope);
    return good;
}

bool strategy_flag(struct play_state *play, struct host *host, struct task_instance instance, enum keyword keyword,
                   bool fallback, bool *flag, struct error *error)
{
    OWNED value = value_null();
    *flag = fallback;
    return find_keyword(play, host, instance, keyword, &value, error) &&
           (value_is_null(value) || value_to_bool(value, flag, error));
}

bool strategy_int(struct play_state *play, struct host *host, struct task_instance instance, enum keyword keyword,
                  int64_t fallback, int64_t *number, struct error *error)
{
    OWNED value = value_null();
    *number = fallback;
    if (!find_keyword(play, host, instance, keyword, &value, error))
        return false;
    if (value_is_null(value))
        return true;
    CLEANUP(text_buffer_done) struct text_buffer text = {0};
    value_append_str(&text, value);
    char *end;
    *number = strtoll(text_buffer_bytes(&text), &end, 10);
    return *end == '\0' ||
           error_set(error, ERROR_TYPE, "The value '%s' could not be converted to 'int'.", text_buffer_bytes(&text));
}
