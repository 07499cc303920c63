#include "eval/play/handlers.h"

#include <stdlib.h>
#include <string.h>

#include "eval/play/variables.h"
#include "runtime/value/repr.h"

struct handlers {
    struct task_list list;
    uint32_t capacity;
    uint32_t *groups; /* for each handler: the block or list that it came from, counted */
    uint32_t group_count;
    struct dict *names;  /* name -> index of the handler that it means; NULL: to be made */
    struct dict *topics; /* listen -> list of indexes */
};

struct handlers *handlers_new(void)
{
    return memory_new_array(1, sizeof(struct handlers));
}

/** The names changed: they are looked at anew when the next is asked for. */
static void forget_names(struct handlers *handlers)
{
    dict_drop(handlers->names);
    dict_drop(handlers->topics);
    handlers->names = handlers->topics = NULL;
}

void handlers_free(struct handlers *handlers)
{
    if (!handlers)
        return;
    forget_names(handlers);
    free(handlers->list.tasks);
    free(handlers->groups);
    free(handlers);
}

const struct task_list *handlers_list(const struct handlers *handlers)
{
    return &handlers->list;
}

static void push(struct handlers *handlers, struct task *task)
{
    if (handlers->list.count == handlers->capacity) {
        handlers->capacity = (uint32_t)memory_grown(handlers->capacity);
        handlers->list.tasks = memory_resize(handlers->list.tasks, handlers->capacity, sizeof *handlers->list.tasks);
        handlers->groups = memory_resize(handlers->groups, handlers->capacity, sizeof *handlers->groups);
    }
    handlers->groups[handlers->list.count] = handlers->group_count;
    handlers->list.tasks[handlers->list.count++] = task;
}

/** The actions of a list in order, whatever blocks and imports are around them. */
static void push_all(struct handlers *handlers, const struct task_list *tasks)
{
    for (uint32_t i = 0; i < tasks->count; i++) {
        struct task *task = tasks->tasks[i];
        if (task->kind == TASK_BLOCK) {
            ++handlers->group_count;
            push_all(handlers, &task->block);
            ++handlers->group_count;
        } else if (task->imported.tasks) {
            push_all(handlers, &task->imported);
        } else {
            push(handlers, task);
        }
    }
}

void handlers_add(struct handlers *handlers, const struct task_list *tasks, struct task *wrapper)
{
    for (uint32_t i = 0; wrapper && i < tasks->count; i++)
        tasks->tasks[i]->parent = wrapper;
    ++handlers->group_count;
    push_all(handlers, tasks);
    forget_names(handlers);
}

/* ---- names ---- */

/** Its name, templated with what holds for the play; NULL: it has none that can be known. */
static struct text *handler_name(struct play_state *play, const struct task *task)
{
    const struct attribute *name = attributes_find(&task->attributes, KEYWORD_NAME);
    if (!name)
        return NULL;
    OWNED value = value_null();
    OWNED_ERROR error = {0};
    if (!value_is_lazy(name->value)) {
        value = value_copy(name->value);
    } else {
        struct task_scope scope;
        task_scope_init(&scope, play->run, NULL, (struct task_instance){task, NULL});
        task_scope_enter(&scope);
        bool good = engine_evaluate(play->run->engine, &scope.scope, name->value, &value, &error);
        task_scope_done(&scope);
        if (!good)
            return NULL;
    }
    struct text_buffer out = {0};
    value_append_str(&out, value);
    return text_buffer_take(&out);
}

static void add_name(struct handlers *handlers, const char *name, uint32_t index)
{
    if (!dict_find_string(handlers->names, name))
        dict_set_string_take(handlers->names, name, value_int(index));
}

static void add_topic(struct handlers *handlers, struct value topic, uint32_t index)
{
    const struct value *known = dict_find(handlers->topics, topic);
    struct list *indexes = known ? known->as.list : list_new(1);
    if (!known)
        dict_set_take(handlers->topics, value_copy(topic), value_list_take(indexes));
    list_push_take(indexes, value_int(index));
}

static void add_topics(struct handlers *handlers, const struct task *task, uint32_t index)
{
    const struct attribute *listen = attributes_find(&task->attributes, KEYWORD_LISTEN);
    if (!listen)
        return;
    if (value_is_string(listen->value)) {
        add_topic(handlers, listen->value, index);
        return;
    }
    for (size_t i = 0; value_is_sequence(listen->value) && i < listen->value.as.list->count; i++)
        if (value_is_string(listen->value.as.list->items[i]))
            add_topic(handlers, listen->value.as.list->items[i], index);
}

static void learn(struct play_state *play, uint32_t index)
{
    const struct task *task = play->handlers->list.tasks[index];
    struct text *name = handler_name(play, task);
    const struct text *role = instance_role_name((struct task_instance){task, NULL});
    if (name) {
        CLEANUP(text_buffer_done) struct text_buffer full = {0};
        add_name(play->handlers, name->bytes, index);
        if (role) {
            text_buffer_append_format(&full, "%s : %s", role->bytes, name->bytes);
            add_name(play->handlers, text_buffer_bytes(&full), index);
        }
    }
    add_topics(play->handlers, task, index);
    text_drop(name);
}

/** Learns all names.  The last group that defines one wins, and in a group the first handler. */
static void learn_names(struct play_state *play)
{
    struct handlers *handlers = play->handlers;
    if (handlers->names)
        return;
    handlers->names = dict_new();
    handlers->topics = dict_new();
    for (uint32_t end = handlers->list.count; end > 0;) {
        uint32_t start = end;
        while (start > 0 && handlers->groups[start - 1] == handlers->groups[end - 1])
            --start;
        for (uint32_t i = start; i < end; i++)
            learn(play, i);
        end = start;
    }
}

/* ---- notifications ---- */

static void mark(struct play_state *play, struct host_play *state, uint32_t index)
{
    if (index >= state->handler_count) {
        size_t count = play->handlers->list.count;
        state->handlers = memory_resize(state->handlers, count, sizeof *state->handlers);
        memset(state->handlers + state->handler_count, 0, count - state->handler_count);
        state->handler_count = count;
    }
    if (state->handlers[index])
        return;
    state->handlers[index] = true;
    const struct task *task = play->handlers->list.tasks[index];
    CLEANUP(memory_cleanup) char *name = task_shown_name(play->run, NULL, (struct task_instance){task, NULL});
    struct event event = play_event(play, EVENT_HANDLER_NOTIFIED);
    event.host = state->host;
    event.text = name;
    run_emit(play->run, &event);
}

/** Marks what a name stands for: the handler of that name and all that listen to it. */
static void mark_name(struct play_state *play, struct host_play *state, struct value name)
{
    const struct value *index = dict_find(play->handlers->names, name);
    const struct value *listeners = dict_find(play->handlers->topics, name);
    if (index)
        mark(play, state, (uint32_t)index->as.integer);
    for (size_t i = 0; listeners && i < listeners->as.list->count; i++)
        mark(play, state, (uint32_t)listeners->as.list->items[i].as.integer);
}

bool handlers_check(struct play_state *play, struct value name, struct error *error)
{
    learn_names(play);
    if (dict_find(play->handlers->names, name) || dict_find(play->handlers->topics, name))
        return true;
    CLEANUP(text_buffer_done) struct text_buffer shown = {0};
    struct suggestion suggestion;
    const struct dict_entry *entry;
    value_append_str(&shown, name);
    error_set(
        error, ERROR_OTHER,
        "The requested handler '%s' was not found in either the main handlers list nor in the listening handlers list",
        text_buffer_bytes(&shown));
    suggestion_init(&suggestion, text_buffer_bytes(&shown), shown.length);
    for (size_t i = 0; dict_next(play->handlers->names, &i, &entry);)
        suggestion_offer(&suggestion, entry->key.as.text->bytes, entry->key.as.text->length);
    if (suggestion.best)
        error_help(error, "Did you mean '%.*s'?", (int)suggestion.best_length, suggestion.best);
    return false;
}

void handlers_notify(struct play_state *play, struct host_play *state, struct value name)
{
    if (state->cursor.count > 0 && cursor_is_handler(&state->cursor)) {
        mark_name(play, state, name);
        return;
    }
    if (!state->notified)
        state->notified = dict_new();
    dict_set_take(state->notified, value_copy(name), value_null());
}

void handlers_flush(struct play_state *play, struct host_play *state)
{
    const struct dict_entry *entry;
    if (!state->notified)
        return;
    learn_names(play);
    for (size_t i = 0; dict_next(state->notified, &i, &entry);)
        mark_name(play, state, entry->key);
    dict_drop(state->notified);
    state->notified = NULL;
}

bool handlers_wanted(const struct host_play *state, int64_t index)
{
    return index >= 0 && (size_t)index < state->handler_count && state->handlers[index];
}

void handlers_done(struct host_play *state, int64_t index)
{
    if (handlers_wanted(state, index))
        state->handlers[index] = false;
}
