#include "eval/play/run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eval/play/async.h"
#include "eval/play/play_hosts.h"
#include "eval/play/retry_file.h"
#include "eval/play/run_load.h"
#include "eval/play/strategy.h"
#include "eval/play/variables_folder.h"
#include "eval/play/virtual_jobs.h"

enum { EXIT_OPTIONS = 5, EXIT_INTERRUPTED = 99 };

/* ---- what the parser asks ---- */

static const char *find_module(void *context, const char *name, size_t length)
{
    const struct module *module = registry_find_module(context, name, length);
    return module ? module->name : NULL;
}

static const char *const *raw_keys(void *context, const char *name)
{
    static const char *const none[] = {NULL};
    const struct module *module = registry_find_module(context, name, strlen(name));
    if (!module || !(module->flags & MODULE_RAW))
        return NULL;
    return module->raw_keys ? module->raw_keys : none;
}

static void offer_modules(void *context, struct suggestion *suggestion)
{
    registry_offer_modules(context, suggestion);
}

static bool find_lookup(void *context, const char *name, size_t length)
{
    return registry_find(context, FUNCTION_LOOKUP, name, length);
}

/* ---- the run as a whole ---- */

static const struct callback *find_callback(const struct library *library, const char *name)
{
    static const char prefix[] = "ansible.builtin.";
    if (strncmp(name, prefix, strlen(prefix)) == 0)
        name += strlen(prefix);
    for (size_t i = 0; i < library->callback_count; i++)
        if (strcmp(library->callbacks[i]->name, name) == 0)
            return library->callbacks[i];
    return NULL;
}

static bool fail_callback(const struct library *library, const char *name, struct error *error)
{
    struct suggestion suggestion;
    suggestion_init(&suggestion, name, strlen(name));
    for (size_t i = 0; i < library->callback_count; i++)
        suggestion_offer(&suggestion, library->callbacks[i]->name, strlen(library->callbacks[i]->name));
    error_set(error, ERROR_USAGE, "Invalid callback for stdout specified: %s", name);
    if (suggestion.best)
        error_help(error, "Did you mean '%.*s'?", (int)suggestion.best_length, suggestion.best);
    return false;
}

struct run *run_new(struct registry *registry, struct inventory *inventory, const struct run_settings *settings,
                    const struct callback_settings *callback_settings, struct error *error)
{
    const struct library *library = registry_library(registry);
    const char *name = settings->callback ? settings->callback : "default";
    const struct callback *callback = find_callback(library, name);
    if (!callback) {
        fail_callback(library, name, error);
        return NULL;
    }
    struct run *run = memory_new_array(1, sizeof *run);
    run->settings = *settings;
    run->registry = registry;
    run->inventory = inventory;
    run->loop = loop_new(settings->virtual_time);
    loop_clock(run->loop)->seed = settings->seed;
    run->virtual_jobs = settings->virtual_time ? virtual_jobs_new(run) : NULL;
    struct engine_settings engine_settings = {.clock = loop_clock(run->loop), .keyring = settings->keyring, .settings = settings->settings};
    run->engine = engine_new(registry, &engine_settings);
    run->dialect = (struct dialect){find_module, raw_keys, offer_modules, find_lookup, registry};
    run->callback = callback;
    run->callback_state = callback->open(callback_settings);
    run->files = file_cache_new();
    run->extra_variables = settings->extra_variables ? dict_clone(settings->extra_variables) : dict_new();
    run->statistics = dict_new();
    run->directory = memory_copy_string(".", 1);
    return run;
}

void run_free(struct run *run)
{
    if (!run)
        return;
    run->callback->close(run->callback_state);
    job_client_free(run->jobs);
    virtual_jobs_free(run->virtual_jobs);
    file_cache_free(run->files);
    engine_free(run->engine);
    loop_free(run->loop);
    dict_drop(run->extra_variables);
    dict_drop(run->statistics);
    free(run->directory);
    free(run);
}

/* ---- hosts ---- */

void run_fail_host(struct run *run, struct host *host)
{
    run->failed_count += !host->has_failed;
    host->has_failed = true;
}

void run_lose_host(struct run *run, struct host *host)
{
    run->unreachable_count += !host->is_unreachable;
    host->is_unreachable = true;
}

void run_clear_host(struct run *run, struct host *host)
{
    run->failed_count -= host->has_failed;
    run->unreachable_count -= host->is_unreachable;
    host->has_failed = host->is_unreachable = false;
}

/* ---- events ---- */

/** Where a task's banner comes with its first result: has the event one that was not announced? */
static bool needs_banner(const struct play_state *play, const struct event *event, struct task_instance *instance)
{
    if (!play || !play->shows_task_late || !event->task || !event->host || !event->host->play ||
        event->kind == EVENT_TASK_START || event->host->play->cursor.count == 0)
        return false;
    *instance = cursor_task(&event->host->play->cursor);
    return instance->task == event->task &&
           (instance->task != play->last_banner.task || instance->include != play->last_banner.include);
}

void run_emit(const struct run *run, const struct event *event)
{
    struct task_instance instance;
    if (needs_banner(run->play, event, &instance))
        play_show_banner(run->play, event->host->play->host, instance);
    run->callback->handle(run->callback_state, event);
}

void run_warn(const struct run *run, struct span span, const char *format, ...)
{
    char *text;
    va_list words;
    va_start(words, format);
    if (vasprintf(&text, format, words) < 0)
        memory_exhausted();
    va_end(words);
    struct event event = {.kind = EVENT_WARNING, .run = run, .text = text, .span = span};
    run_emit(run, &event);
    free(text);
}

static int compare_names(const void *left, const void *right)
{
    const struct host *const *a = left, *const *b = right;
    return text_compare((*a)->name, (*b)->name);
}

static bool has_counts(const struct host_statistics *counts)
{
    return counts->ok || counts->changed || counts->unreachable || counts->failures || counts->skipped ||
           counts->rescued || counts->ignored;
}

/** The recap: every host that had a result, by name. */
static void show_statistics(struct run *run)
{
    struct host_list all = inventory_hosts(run->inventory);
    struct host *local = inventory_localhost(run->inventory);
    struct host **hosts = memory_new_array(all.count + 1, sizeof(struct host *));
    size_t count = 0;
    for (size_t i = 0; i < all.count; i++)
        if (has_counts(&all.hosts[i]->statistics))
            hosts[count++] = all.hosts[i];
    if (local->is_implicit && has_counts(&local->statistics))
        hosts[count++] = local;
    qsort(hosts, count, sizeof(struct host *), compare_names);
    struct event event = {.kind = EVENT_STATISTICS, .run = run, .hosts = hosts, .host_count = count, .text = ""};
    OWNED kept = value_dict_take(dict_copy(run->statistics));
    event.result = kept;
    run_emit(run, &event);
    free(hosts);
}

/* ---- plays ---- */

static void show(struct play_state *play, enum event_kind kind)
{
    struct event event = play_event(play, kind);
    const struct attribute *check = attributes_find(&play->play->attributes, KEYWORD_CHECK_MODE);
    event.text = play->name;
    event.is_in_check_mode = check ? value_truth(check->value) : play->run->settings.check_mode;
    run_emit(play->run, &event);
}

/** What the hosts' states say about how the run stands. */
static int run_status(const struct run *run, const struct play_state *play)
{
    if (play->has_stopped)
        return EXIT_HOSTS_FAILED;
    if (run->unreachable_count > 0)
        return EXIT_HOSTS_UNREACHABLE;
    return play->failed_before + play->out_count > 0 ? EXIT_HOSTS_FAILED : EXIT_OK;
}

int run_error_status(const struct run *run, const struct error *error)
{
    if (run->is_interrupted)
        return EXIT_INTERRUPTED;
    return error->kind == ERROR_PARSE || error->kind == ERROR_SYNTAX ? EXIT_HOSTS_UNREACHABLE
           : error->kind == ERROR_USAGE                              ? EXIT_OPTIONS
           : error->kind == ERROR_VALUE                              ? EXIT_UNKNOWN_ERROR
                                                                     : EXIT_ERROR;
}

static void report_start_at(struct play_state *play)
{
    struct run *run = play->run;
    if (!run->settings.start_at_task)
        return;
    if (play->has_found_start)
        run->settings.start_at_task = NULL;
    else
        run_warn(run, (struct span){0},
                 "No matching task \"%s\" found. Note: --start-at-task can only follow static includes.",
                 run->settings.start_at_task);
}

/** One batch; false: the run is over.  `*breaks`: so is the playbook. */
static bool run_batch(struct play_state *play, struct host **hosts, size_t count, bool *breaks, struct error *error)
{
    struct run *run = play->run;
    size_t lost = run->failed_count + run->unreachable_count;
    if (!strategy_choose(play, error))
        return false;
    show(play, EVENT_PLAY_START);
    if (!strategy_is_known(play, error))
        return false;
    play_begin_batch(play, hosts, count);
    strategy_run(play);
    play_end_batch(play);
    if (play->error.kind != ERROR_NONE)
        return error_move(error, &play->error);
    if (run->is_interrupted)
        return error_set(error, ERROR_OTHER, "User interrupted execution");
    run->exit_status = run_status(run, play);
    *breaks = play->has_stopped || run->failed_count + run->unreachable_count >= lost + count;
    return true;
}

static bool run_batches(struct play_state *play, bool *breaks, struct error *error)
{
    size_t *sizes, count;
    if (!play_batches(play, &sizes, &count, error))
        return false;
    struct host **hosts = play->hosts;
    bool good = true;
    for (size_t i = 0; i < count && good && !*breaks && !play->has_ended; i++) {
        good = run_batch(play, hosts, sizes[i], breaks, error);
        hosts += sizes[i];
    }
    free(sizes);
    report_start_at(play);
    return good;
}

/** One play; false: the run is over. */
static bool run_one_play(struct play_state *play, bool *breaks, struct error *error)
{
    run_enter_directory(play->run, play->path);
    if (!variables_folders_load(play->run, error) || !play_prepare(play, error))
        return false;
    if (play->host_count > 0)
        return run_batches(play, breaks, error);
    show(play, EVENT_PLAY_START);
    show(play, EVENT_NO_HOSTS_MATCHED);
    return true;
}

/** One playbook to its recap. */
static bool run_playbook(struct run *run, const struct loaded_playbook *playbook, struct error *error)
{
    struct event event = {.kind = EVENT_PLAYBOOK_START, .run = run, .text = playbook->path};
    bool breaks = false;
    run_emit(run, &event);
    for (size_t i = 0; i < playbook->count && !breaks; i++) {
        bool good = run_one_play(playbook->plays[i], &breaks, error);
        run->play = NULL;
        if (!good)
            return false;
    }
    retry_file_write(run, playbook->path);
    show_statistics(run);
    return true;
}

int run_playbooks(struct run *run, char *const *paths, size_t count, struct error *error)
{
    struct loaded_playbook *playbooks;
    bool good = playbooks_load(run, paths, count, &playbooks, error);
    for (size_t i = 0; i < count && good && run->exit_status == EXIT_OK; i++)
        good = run_playbook(run, &playbooks[i], error);
    if (!good)
        run->exit_status = run_error_status(run, error);
    if (run->virtual_jobs && !run->is_interrupted)
        virtual_jobs_finish(run->virtual_jobs);
    playbooks_done(playbooks, count);
    return run->exit_status;
}
