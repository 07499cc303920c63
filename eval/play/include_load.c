/* Dynamic includes: from what steps ask for to instances in which hosts go on (strategy.h). */
#include <stdlib.h>
#include <string.h>

#include "eval/play/strategy.h"
#include "runtime/limits.h"
#include "runtime/value/repr.h"

/** Equal requests of several hosts: one instance. */
struct inclusion {
    const struct include_request *request; /* the first host's */
    struct task_instance instance;
    struct include *include; /* NULL: it could not be loaded */
    struct host **hosts;
    size_t host_count, capacity;
};

struct inclusions {
    struct play_state *play;
    struct inclusion *items;
    size_t count, capacity;
    struct dict *places; /* what makes requests equal, as text -> index */
};

static void inclusions_done(struct inclusions *inclusions)
{
    for (size_t i = 0; i < inclusions->count; i++) {
        include_drop(inclusions->items[i].include);
        free(inclusions->items[i].hosts);
    }
    free(inclusions->items);
    dict_drop(inclusions->places);
}

/* ---- grouping ---- */

static void append_dict(struct text_buffer *text, struct dict *dict)
{
    struct value value = {.kind = VALUE_DICT, .as.dict = dict};
    text_buffer_append_char(text, '\n');
    if (dict)
        value_append_repr(text, value);
}

/** What makes requests of the same task equal: file, arguments, variables; and which of equal ones of one host it is. */
static struct value request_key(const struct include_request *request, struct task_instance instance, size_t repeat)
{
    struct text_buffer text = {0};
    text_buffer_append_format(&text, "%p %p %zu %s", (const void *)instance.task, (void *)instance.include, repeat,
                              request->path ? request->path : "");
    append_dict(&text, request->arguments);
    append_dict(&text, request->variables);
    return value_string_take(text_buffer_take(&text));
}

static struct inclusion *add_inclusion(struct inclusions *inclusions, const struct include_request *request,
                                       struct task_instance instance)
{
    if (inclusions->count == inclusions->capacity) {
        inclusions->capacity = memory_grown(inclusions->capacity);
        inclusions->items = memory_resize(inclusions->items, inclusions->capacity, sizeof *inclusions->items);
    }
    inclusions->items[inclusions->count] = (struct inclusion){.request = request, .instance = instance};
    return &inclusions->items[inclusions->count++];
}

static void add_host(struct inclusion *inclusion, struct host *host)
{
    if (inclusion->host_count == inclusion->capacity) {
        inclusion->capacity = memory_grown(inclusion->capacity);
        inclusion->hosts = memory_resize(inclusion->hosts, inclusion->capacity, sizeof(struct host *));
    }
    inclusion->hosts[inclusion->host_count++] = host;
}

static bool has_host(const struct inclusion *inclusion, const struct host *host)
{
    return inclusion->host_count > 0 && inclusion->hosts[inclusion->host_count - 1] == host;
}

/** Adds the host to the inclusion of this request; the inclusion's index. */
static size_t join_inclusion(struct inclusions *inclusions, const struct include_request *request, struct step *step)
{
    struct task_instance instance = step_instance(step);
    for (size_t repeat = 0;; repeat++) {
        OWNED key = request_key(request, instance, repeat);
        const struct value *place = dict_find(inclusions->places, key);
        struct inclusion *inclusion =
            place ? &inclusions->items[place->as.integer] : add_inclusion(inclusions, request, instance);
        if (place && has_host(inclusion, step_host(step)))
            continue;
        add_host(inclusion, step_host(step));
        size_t index = (size_t)(inclusion - inclusions->items);
        if (!place)
            dict_set_take(inclusions->places, value_steal(&key), value_int((int64_t)index));
        return index;
    }
}

/* ---- loading ---- */

/** `apply:` as a block that has its keywords. */
static bool make_apply(const struct dict *arguments, struct task_instance instance, struct task **apply,
                       struct error *error)
{
    const struct value *keywords = arguments ? dict_find_string(arguments, "apply") : NULL;
    const struct dict_entry *entry;
    if (!keywords || value_is_null(*keywords))
        return true;
    if (!value_is_dict(*keywords)) {
        error_set(error, ERROR_PARSE, "Expected a dict for apply but got %s instead", value_type_name(*keywords));
        return error_at(error, instance.task->span);
    }
    struct task *block = memory_new_array(1, sizeof *block);
    block->kind = TASK_BLOCK;
    *apply = block;
    for (size_t i = 0; dict_next(keywords->as.dict, &i, &entry);) {
        const char *name = value_is_string(entry->key) ? value_bytes(entry->key) : "?";
        enum keyword keyword = keyword_find(name, strlen(name));
        if (!(keyword_row(keyword)->levels & LEVEL_BLOCK)) {
            error_set(error, ERROR_PARSE, "'%s' is not a valid attribute for a Block", name);
            return error_at(error, instance.task->span);
        }
        attributes_set_take(&block->attributes, keyword, value_copy(entry->value));
    }
    return true;
}

/** What include_role brings: the role, loaded once for each different set of words. */
static struct role *find_role(struct play_state *play, const struct dict *arguments, struct task_instance instance,
                              struct error *error)
{
    struct role_spec spec = {0};
    if (!role_spec_read(&spec, arguments, instance, error))
        return NULL;
    const char *const words[] = {spec.name,          spec.tasks_from,    spec.vars_from,
                                 spec.defaults_from, spec.handlers_from, spec.directory};
    CLEANUP(text_buffer_done) struct text_buffer key = {0};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        text_buffer_append_format(&key, "%s\n", words[i] ? words[i] : "");
    struct role *role = load_find_role(play->run, text_buffer_bytes(&key));
    if (role)
        return role;
    role = role_load(play->run, &spec, error);
    if (role)
        load_store_role(play->run, text_buffer_bytes(&key), role);
    return role;
}

static bool bring_role(struct play_state *play, struct inclusion *inclusion, struct include *include,
                       struct error *error)
{
    const struct dict *arguments = inclusion->request->arguments;
    const struct value *is_public = dict_find_string(arguments, "public");
    bool publishes = false;
    struct role *role = find_role(play, arguments, inclusion->instance, error);
    if (!role)
        return false;
    if (is_public && !value_is_null(*is_public) && !value_to_bool(*is_public, &publishes, error))
        return false;
    play_add_role(play, role, publishes);
    include->role = role;
    include->tasks = &role->tasks;
    include->directory = role->path;
    return true;
}

static bool bring_tasks(struct play_state *play, struct inclusion *inclusion, struct include *include, char **path,
                        struct error *error)
{
    const struct task *task = inclusion->instance.task;
    const char *name = inclusion->request->path ? inclusion->request->path : "";
    *path = load_find(play->run, inclusion->instance, task->is_handler ? "handlers" : "tasks", name);
    include->tasks = load_tasks(play->run, *path, NULL, task->is_handler, error);
    include->directory = load_folder(play->run, *path);
    return include->tasks;
}

static struct include *make_include(struct play_state *play, const struct inclusion *inclusion)
{
    struct include *include = memory_new_array(1, sizeof *include);
    struct include *parent = inclusion->instance.include;
    include->references = 1;
    include->parent = include_copy(parent);
    include->task = inclusion->instance.task;
    include->variables = inclusion->request->variables ? dict_copy(inclusion->request->variables) : NULL;
    include->order = play->include_order++;
    include->depth = parent ? parent->depth + 1 : 1;
    return include;
}

/** "included: FILE for h1, h2", and an ok for each. */
static void show_included(struct play_state *play, const struct inclusion *inclusion, const char *shown)
{
    struct event event = play_event(play, EVENT_INCLUDED);
    event.task = inclusion->instance.task;
    event.host = inclusion->hosts[0];
    event.hosts = inclusion->hosts;
    event.host_count = inclusion->host_count;
    event.text = shown;
    event.is_loop = inclusion->request->is_loop;
    event.label = inclusion->request->label;
    event.is_handler = inclusion->instance.task->is_handler;
    run_emit(play->run, &event);
    for (size_t i = 0; i < inclusion->host_count; i++)
        ++inclusion->hosts[i]->statistics.ok;
}

static bool includes_role(const struct play_state *play, const struct inclusion *inclusion)
{
    return strcmp(load_action_name(play->run, inclusion->instance.task), "include_role") == 0;
}

static bool load_inclusion(struct play_state *play, struct inclusion *inclusion, struct error *error)
{
    struct include *include = make_include(play, inclusion);
    CLEANUP(memory_cleanup) char *path = NULL;
    bool is_role = includes_role(play, inclusion);
    bool good = false;
    if (include->depth > LIMIT_INCLUDE_DEPTH)
        error_set(error, ERROR_LIMIT, "includes are nested deeper than %d levels", LIMIT_INCLUDE_DEPTH);
    else
        good = make_apply(inclusion->request->arguments, inclusion->instance, &include->apply, error) &&
               (is_role ? bring_role(play, inclusion, include, error)
                        : bring_tasks(play, inclusion, include, &path, error));
    if (!good) {
        include_drop(include);
        return false;
    }
    include_learn_around(include);
    inclusion->include = include;
    show_included(play, inclusion, is_role ? include->role->name->bytes : path);
    return true;
}

/** The hosts of a inclusion fail, for its file or role is not there. */
static void fail_inclusion(struct play_state *play, const struct inclusion *inclusion, struct error *error)
{
    OWNED result = value_dict_new();
    struct dict *fields = value_own_dict(&result);
    CLEANUP(memory_cleanup) char *reason = error_chain_message(error);
    dict_set_string_take(fields, "changed", value_bool(false));
    if (!includes_role(play, inclusion))
        dict_set_string_take(fields, "include", value_string(inclusion->request->path));
    dict_set_string_take(fields, "reason", value_string(reason));
    struct event shown = play_event(play, EVENT_ERROR);
    shown.error = error;
    shown.task = inclusion->instance.task;
    run_emit(play->run, &shown);
    struct event event = play_event(play, EVENT_RESULT);
    event.task = inclusion->instance.task;
    event.status = STATUS_FAILED;
    event.result = result;
    for (size_t i = 0; i < inclusion->host_count; i++) {
        struct host_play *state = inclusion->hosts[i]->play;
        event.host = inclusion->hosts[i];
        run_emit(play->run, &event);
        ++inclusion->hosts[i]->statistics.failures;
        state->failed_turn = play->turn;
        state->has_include_failed = true;
    }
}

static int compare_places(const void *left, const void *right)
{
    const size_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/** Sends a host into the instances of its requests, in the order in which any host asked for them; on to a rescue where one of them failed. */
static void enter(struct inclusions *inclusions, struct step *step, size_t *places, size_t count)
{
    struct host_play *state = step_host(step)->play;
    if (state->cursor.count == 0)
        return;
    if (state->has_include_failed) {
        state->has_include_failed = false;
        state->is_removed = true;
        play_count_failed(inclusions->play, state);
        outcome_fail(inclusions->play, state);
        return;
    }
    struct include **includes = memory_new_array(count, sizeof(struct include *));
    qsort(places, count, sizeof *places, compare_places);
    for (size_t i = 0; i < count; i++)
        includes[i] = include_copy(inclusions->items[places[i]].include);
    cursor_enter_includes_take(&state->cursor, includes, count);
}

static size_t count_requests(const struct step *step)
{
    size_t count = 0;
    for (const struct include_request *request = step_outcome(step)->includes; request; request = request->next)
        ++count;
    return count;
}

/** Loads every inclusion; false: the run has to end. */
static bool load_inclusions(struct inclusions *inclusions)
{
    for (size_t i = 0; i < inclusions->count; i++) {
        OWNED_ERROR error = {0};
        if (load_inclusion(inclusions->play, &inclusions->items[i], &error))
            continue;
        if (error.kind != ERROR_FILE && error.kind != ERROR_LIMIT && error.kind != ERROR_OTHER) {
            play_abort(inclusions->play, &error);
            return false;
        }
        fail_inclusion(inclusions->play, &inclusions->items[i], &error);
    }
    return true;
}

void include_load(struct play_state *play, struct step *const *steps, size_t count)
{
    struct inclusions inclusions = {.play = play, .places = dict_new()};
    size_t total = 0, at = 0;
    for (size_t i = 0; i < count; i++)
        total += count_requests(steps[i]);
    size_t *places = memory_new_array(total + 1, sizeof *places);
    for (size_t i = 0; i < count; i++)
        for (const struct include_request *request = step_outcome(steps[i])->includes; request; request = request->next)
            places[at++] = join_inclusion(&inclusions, request, steps[i]);
    if (load_inclusions(&inclusions))
        for (size_t i = 0, start = 0; i < count; i++) {
            size_t requests = count_requests(steps[i]);
            enter(&inclusions, steps[i], places + start, requests);
            start += requests;
        }
    free(places);
    inclusions_done(&inclusions);
}
