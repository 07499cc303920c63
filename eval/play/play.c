#include "eval/play/play.h"

#include <stdlib.h>
#include <string.h>

#include "eval/play/gathering.h"
#include "eval/play/handlers.h"
#include "eval/play/play_hosts.h"
#include "eval/play/variables.h"
#include "runtime/value/repr.h"

/* ---- what variables.c reads ---- */

const struct play_variables *play_variables(const struct run *run)
{
    return run->play ? &run->play->variables : NULL;
}

bool play_has_removed(const struct run *run, const struct host *host)
{
    (void)run;
    return host->is_unreachable || (host->play && host->play->is_removed);
}

const struct play *run_play(const struct run *run)
{
    return run->play ? run->play->play : NULL;
}

/** `vars` as one dict: a list of dicts is merged. */
static struct dict *join_vars(const struct play *play)
{
    struct dict *vars = dict_new();
    const struct attribute *attribute = attributes_find(&play->attributes, KEYWORD_VARS);
    if (!attribute)
        return vars;
    if (value_is_dict(attribute->value))
        dict_update(vars, attribute->value.as.dict);
    for (size_t i = 0; value_is_list(attribute->value) && i < attribute->value.as.list->count; i++)
        if (value_is_dict(attribute->value.as.list->items[i]))
            dict_update(vars, attribute->value.as.list->items[i].as.dict);
    return vars;
}

bool play_keyword(struct play_state *play, enum keyword keyword, struct value *value, struct error *error)
{
    const struct attribute *attribute = attributes_find(&play->play->attributes, keyword);
    *value = value_null();
    if (!attribute)
        return true;
    if (!value_is_lazy(attribute->value)) {
        *value = value_copy(attribute->value);
        return true;
    }
    struct task_scope scope;
    task_scope_init(&scope, play->run, NULL, (struct task_instance){0});
    task_scope_enter(&scope);
    bool good = engine_evaluate(play->run->engine, &scope.scope, attribute->value, value, error);
    task_scope_done(&scope);
    if (good)
        return true;
    error->kind = ERROR_PARSE;
    error_wrap(error, "Error processing keyword '%s'", keyword_row(keyword)->spelling);
    return error_at(error, attribute->value_span);
}

bool play_flag(struct play_state *play, enum keyword keyword, bool fallback, bool *flag, struct error *error)
{
    OWNED value = value_null();
    if (!play_keyword(play, keyword, &value, error))
        return false;
    *flag = fallback;
    if (value_is_null(value) || value_to_bool(value, flag, error))
        return true;
    error->kind = ERROR_PARSE;
    error_wrap(error, "Error processing keyword '%s'", keyword_row(keyword)->spelling);
    return error_at(error, attributes_find(&play->play->attributes, keyword)->value_span);
}

/* ---- roles and handlers ---- */

static void publish_role(struct play_state *play, const struct role *role)
{
    size_t count = play->variables.role_count;
    for (size_t i = 0; i < count; i++)
        if (play->public_roles[i] == &role->variables)
            return;
    play->public_roles = memory_resize(play->public_roles, count + 1, sizeof *play->public_roles);
    play->public_roles[count] = &role->variables;
    play->variables.roles = play->public_roles;
    play->variables.role_count = count + 1;
}

/** The handlers of the roles that a role depends on, then its own. */
static void add_role_handlers(struct play_state *play, const struct role *role)
{
    for (size_t i = 0; i < role->dependency_count; i++)
        handlers_add(play->handlers, &role->dependencies[i]->handlers, NULL);
    handlers_add(play->handlers, &role->handlers, NULL);
}

/** Adds one use of a role to those that ansible_play_role_names tells. */
static void name_role(struct play_state *play, const struct role *role)
{
    size_t count = play->variables.named_role_count++;
    play->named_roles = memory_resize(play->named_roles, count + 1, sizeof *play->named_roles);
    play->named_roles[count] = &role->variables;
    play->variables.named_roles = play->named_roles;
}

static bool has_named_role(const struct play_state *play, const struct role *role)
{
    for (size_t i = 0; i < play->variables.named_role_count; i++)
        if (play->named_roles[i] == &role->variables)
            return true;
    return false;
}

void play_add_role(struct play_state *play, struct role *role, bool is_public)
{
    if (is_public)
        publish_role(play, role);
    if (!has_named_role(play, role))
        name_role(play, role);
    add_role_handlers(play, role);
}

static bool load_role(struct play_state *play, const struct role_reference *reference, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer name = {0};
    OWNED value = value_null();
    struct task_scope scope;
    task_scope_init(&scope, play->run, NULL, (struct task_instance){0});
    task_scope_enter(&scope);
    bool good = engine_evaluate(play->run->engine, &scope.scope, reference->name, &value, error);
    task_scope_done(&scope);
    if (!good)
        return error_at(error, reference->span);
    value_append_str(&name, value);
    struct role_spec spec = {.name = text_buffer_bytes(&name),
                             .span = reference->span,
                             .attributes = &reference->attributes,
                             .outer = play->wrapper,
                             .parameters = reference->parameters.as.dict,
                             .is_once = true};
    struct role *role = role_load(play->run, &spec, error);
    if (!role)
        return false;
    play->roles[play->role_count++] = role;
    publish_role(play, role);
    name_role(play, role);
    return true;
}

static bool load_roles(struct play_state *play, struct error *error)
{
    play->roles = memory_new_array(play->play->role_count + 1, sizeof *play->roles);
    for (uint32_t i = 0; i < play->play->role_count; i++)
        if (!load_role(play, &play->play->roles[i], error))
            return false;
    for (uint32_t i = 0; i < play->role_count; i++)
        add_role_handlers(play, play->roles[i]);
    return true;
}

/* ---- tasks in order ---- */

bool play_is_implicit_flush(const struct task *task)
{
    return !task->span.source && task->kind == TASK_ACTION && strcmp(task->action.name->bytes, "meta") == 0;
}

/** The tasks of a section hang under the import of the playbook, where there was one. */
static void adopt(const struct play_state *play, const struct task_list *tasks)
{
    for (uint32_t i = 0; play->wrapper && i < tasks->count; i++)
        tasks->tasks[i]->parent = play->wrapper;
}

static void append(struct task_list *list, const struct task_list *more)
{
    for (uint32_t i = 0; i < more->count; i++)
        list->tasks[list->count++] = more->tasks[i];
}

static void append_task(struct task_list *list, struct task *task)
{
    list->tasks[list->count++] = task;
}

/** A section and the flush after it; with force_handlers the flush is for hosts that failed, too. */
static void append_section(struct play_state *play, const struct task_list *section, bool force)
{
    struct run *run = play->run;
    struct task *flush = load_make_task(run, NULL, "meta", "flush_handlers");
    if (!force) {
        append(&play->tasks, section);
        append_task(&play->tasks, flush);
        return;
    }
    struct task *block = load_make_block(run, NULL);
    block->block = *section;
    block->always.tasks = arena_new(load_arena(run), sizeof flush);
    append_task(&block->always, flush);
    append_task(&play->tasks, block);
}

/** The roles' blocks and the play's own tasks as one section. */
static struct task_list join_roles(struct play_state *play)
{
    struct task_list joined = {0};
    size_t count = play->role_count + play->play->tasks.count + 1;
    joined.tasks = arena_new(load_arena(play->run), count * sizeof *joined.tasks);
    for (uint32_t i = 0; i < play->role_count; i++)
        append_task(&joined, play->roles[i]->block);
    append(&joined, &play->play->tasks);
    return joined;
}

static bool order_tasks(struct play_state *play, struct error *error)
{
    const struct play *tree = play->play;
    struct task *gathering;
    bool force;
    if (!gathering_make(play, &gathering, error) ||
        !play_flag(play, KEYWORD_FORCE_HANDLERS, play->run->settings.force_handlers, &force, error))
        return false;
    struct task_list middle = join_roles(play);
    size_t count = tree->pre_tasks.count + middle.count + tree->post_tasks.count + 4;
    play->tasks.tasks = arena_new(load_arena(play->run), count * sizeof *play->tasks.tasks);
    if (gathering)
        append_task(&play->tasks, gathering);
    append_section(play, &tree->pre_tasks, force);
    append_section(play, &middle, force);
    append_section(play, &tree->post_tasks, force);
    return true;
}

static bool load_trees(struct play_state *play, struct error *error)
{
    const struct play *tree = play->play;
    adopt(play, &tree->pre_tasks);
    adopt(play, &tree->tasks);
    adopt(play, &tree->post_tasks);
    adopt(play, &tree->handlers);
    if (!load_roles(play, error) || !load_imports(play->run, &tree->handlers, error))
        return false;
    handlers_add(play->handlers, &tree->handlers, NULL);
    return load_imports(play->run, &tree->pre_tasks, error) && load_imports(play->run, &tree->tasks, error) &&
           load_imports(play->run, &tree->post_tasks, error) && order_tasks(play, error);
}

/* ---- the play as a whole ---- */

struct play_state *play_new(struct run *run, const struct play *tree, const char *path, struct task *wrapper,
                            struct error *error)
{
    struct play_state *play = memory_new_array(1, sizeof *play);
    play->run = run;
    play->play = tree;
    play->path = path;
    play->wrapper = wrapper;
    play->handlers = handlers_new();
    play->own_variables = join_vars(tree);
    play->variables.vars = play->own_variables;
    run->play = play;
    bool good = play_load_files(play, error) && load_trees(play, error);
    run->play = NULL;
    if (good)
        return play;
    play_free(play);
    return NULL;
}

void play_free(struct play_state *play)
{
    if (!play)
        return;
    handlers_free(play->handlers);
    dict_drop(play->own_variables);
    dict_drop(play->prompted);
    dict_drop(play->file_variables);
    free(play->name);
    free(play->public_roles);
    free(play->named_roles);
    free(play->roles);
    free(play->hosts);
    free(play->named_hosts);
    error_done(&play->error);
    free(play);
}

/** "name", else what `hosts` says. */
static bool find_name(struct play_state *play, const char *pattern, struct error *error)
{
    OWNED name = value_null();
    CLEANUP(text_buffer_done) struct text_buffer shown = {0};
    if (!play_keyword(play, KEYWORD_NAME, &name, error))
        return false;
    if (value_is_null(name))
        text_buffer_append_string(&shown, pattern);
    else
        value_append_str(&shown, name);
    play->name = memory_copy_string(text_buffer_bytes(&shown), shown.length);
    play->variables.name = play->name;
    return true;
}

bool play_pattern(struct play_state *play, struct text_buffer *pattern, struct error *error)
{
    OWNED hosts = value_null();
    if (!play_keyword(play, KEYWORD_HOSTS, &hosts, error))
        return false;
    if (!value_is_sequence(hosts)) {
        value_append_str(pattern, hosts);
        return true;
    }
    for (size_t i = 0; i < hosts.as.list->count; i++) {
        text_buffer_append_string(pattern, i ? "," : "");
        value_append_str(pattern, hosts.as.list->items[i]);
    }
    return true;
}

static void warn_pattern(void *context, const char *message)
{
    run_warn(context, (struct span){0}, "%s", message);
}

bool play_prepare(struct play_state *play, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer pattern = {0};
    struct host_list hosts = {0};
    struct run *run = play->run;
    run->play = play;
    play_prompt(play);
    if (!play_pattern(play, &pattern, error) || !find_name(play, text_buffer_bytes(&pattern), error) ||
        !inventory_select(run->inventory, text_buffer_bytes(&pattern), run->settings.limit, &hosts, warn_pattern, run,
                          error))
        return false;
    play->hosts = hosts.hosts ? hosts.hosts : memory_new_array(1, sizeof *play->hosts);
    play->host_count = hosts.count;
    play->named_hosts = memory_resize(play->named_hosts, hosts.count + 1, sizeof *play->named_hosts);
    memcpy(play->named_hosts, play->hosts, hosts.count * sizeof *play->named_hosts);
    play->variables.hosts = play->named_hosts;
    play->variables.host_count = hosts.count;
    return play_order_hosts(play, error);
}

/* ---- batches ---- */

static void begin_host(struct play_state *play, struct host_play *state, struct host *host)
{
    state->host = host;
    host->play = state;
    cursor_init(&state->cursor, &play->tasks);
    state->was_failed = host->has_failed;
    state->is_seeking = play->run->settings.start_at_task;
    if (!host->has_failed && !host->is_unreachable)
        return;
    cursor_end(&state->cursor);
    state->is_out = host->has_failed;
    state->is_removed = true;
}

void play_begin_batch(struct play_state *play, struct host **hosts, size_t count)
{
    play->states = memory_new_array(count + 1, sizeof *play->states);
    play->turn_states = memory_new_array(count + 1, sizeof *play->turn_states);
    play->finished = memory_new_array(count + 1, sizeof *play->finished);
    play->batch_count = count;
    play->failed_count = play->out_count = 0;
    play->failed_before = play->run->failed_count;
    play->variables.batch = hosts;
    play->variables.batch_count = count;
    for (size_t i = 0; i < count; i++)
        begin_host(play, &play->states[i], hosts[i]);
}

void play_end_batch(struct play_state *play)
{
    play->finished_count = 0;
    for (size_t i = 0; i < play->batch_count; i++) {
        struct host_play *state = &play->states[i];
        if (state->step)
            step_free(state->step);
        play->out_count += state->is_out && !state->was_failed;
        if (state->is_out)
            run_fail_host(play->run, state->host);
        cursor_done(&state->cursor);
        dict_drop(state->notified);
        dict_drop(state->roles_run);
        dict_drop(state->file_variables);
        free(state->handlers);
        state->host->play = NULL;
    }
    free(play->states);
    free(play->turn_states);
    free(play->finished);
    play->states = NULL;
    play->turn_states = NULL;
    play->finished = NULL;
    play->batch_count = 0;
    play->in_flight = 0;
}

void play_count_failed(struct play_state *play, struct host_play *state)
{
    run_fail_host(play->run, state->host);
    if (!state->has_failed_now && !state->was_failed)
        ++play->failed_count;
    state->has_failed_now = true;
}

void play_lose_host(struct play_state *play, struct host_play *state)
{
    state->is_out = true;
    state->is_removed = true;
    cursor_end(&state->cursor);
    play_count_failed(play, state);
}

/* ---- events ---- */

struct event play_event(const struct play_state *play, enum event_kind kind)
{
    return (struct event){.kind = kind, .run = play->run, .play = play->play, .text = ""};
}

/** What the nearest check_mode says as it is written; else the run. */
static bool is_in_check_mode(const struct play_state *play, struct task_instance instance)
{
    const struct attribute *attribute = instance_attribute(instance, KEYWORD_CHECK_MODE, NULL);
    if (!attribute)
        attribute = attributes_find(&play->play->attributes, KEYWORD_CHECK_MODE);
    return attribute ? value_truth(attribute->value) : play->run->settings.check_mode;
}

void play_show_banner(struct play_state *play, struct host *host, struct task_instance instance)
{
    struct event event = play_event(play, EVENT_TASK_START);
    CLEANUP(memory_cleanup) char *name = task_shown_name(play->run, host, instance);
    event.task = instance.task;
    event.text = name;
    event.is_handler = instance.task->is_handler;
    event.is_in_check_mode = is_in_check_mode(play, instance);
    play->last_banner = instance;
    run_emit(play->run, &event);
}

void play_abort(struct play_state *play, struct error *error)
{
    if (play->error.kind == ERROR_NONE)
        error_move(&play->error, error);
    else
        error_done(error);
}
