/* playlet.async.wait: waits for several jobs at once, for as long as the one that decides takes. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "eval/plugin.h"
#include "runtime/async/folder_watch.h"
#include "runtime/async/job_store.h"
#include "stdlib/modules/job_list.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "jobs",
     .type = OPTION_RAW,
     .required = true,
     .documentation = "Ids of jobs, or registered results of tasks and loops that started some"},
    {.name = "mode",
     .type = OPTION_STRING,
     .fallback = "all",
     .choices = "all|any|settled|first_success",
     .documentation = "Until all have succeeded or one has failed; one is done; all are done; or one has succeeded"},
    {.name = "timeout", .type = OPTION_FLOAT, .documentation = "Seconds after which it fails"},
    {.name = "interval",
     .type = OPTION_FLOAT,
     .fallback = "1",
     .documentation = "Seconds between looks at what tells nothing by itself"},
};

static void start(struct module_call *call);
static void cancel(struct module_call *call);

const struct module module_async_wait = {
    .name = "wait",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_CHECK_MODE,
    .start = start,
    .cancel = cancel,
    .documentation = "Wait for several asynchronous jobs at once",
};

enum mode { MODE_ALL, MODE_ANY, MODE_SETTLED, MODE_FIRST_SUCCESS };

struct job_wait {
    struct module_call *call;
    enum mode mode;
    struct list *ids;
    struct dict *pending; /* ids as keys: each job once, however often it was named */
    struct dict *reports; /* of finished jobs, by id; the first to finish first */
    size_t failed;
    struct value winner; /* id of the first that was done, or that succeeded; null: none */
    int64_t began, deadline, interval;
    struct timer timer; /* the next look, or the deadline */
    struct timer conclusion;
    struct folder_watch *folder;
    struct job_listener listener;
};

static struct clock *wait_clock(const struct job_wait *wait)
{
    return loop_clock(wait->call->host->loop);
}

static void wait_free(struct job_wait *wait)
{
    clock_unset(wait_clock(wait), &wait->timer);
    clock_unset(wait_clock(wait), &wait->conclusion);
    folder_watch_free(wait->folder);
    job_listener_forget(&wait->listener);
    list_drop(wait->ids);
    dict_drop(wait->pending);
    dict_drop(wait->reports);
    value_drop(wait->winner);
    free(wait);
}

/* ---- the result ---- */

static struct dict *ask(const struct job_wait *wait, const char *id)
{
    const struct host_access *host = wait->call->host;
    return job_store_report(host->jobs, host->async_directory, id);
}

/** Reports in the order in which the jobs were named. */
static struct list *make_reports(const struct job_wait *wait)
{
    struct list *reports = list_new(wait->ids->count);
    for (size_t i = 0; i < wait->ids->count; i++) {
        const struct value *known = dict_find(wait->reports, wait->ids->items[i]);
        list_push_take(reports,
                       known ? value_copy(*known) : value_dict_take(ask(wait, value_bytes(wait->ids->items[i]))));
    }
    return reports;
}

/** The winner, and its place among the jobs. */
static void add_winner(const struct job_wait *wait, struct dict *result)
{
    if (value_is_null(wait->winner))
        return;
    size_t index = 0;
    while (strcmp(value_bytes(wait->ids->items[index]), value_bytes(wait->winner)) != 0)
        index++;
    dict_set_string_take(result, "index", value_int((int64_t)index));
    dict_set_string_take(result, "result", value_copy(*dict_find(wait->reports, wait->winner)));
}

/** Ends the wait; `failed`, with this message (may be NULL). */
static void finish(struct job_wait *wait, bool failed, struct value message_take)
{
    struct module_call *call = wait->call;
    struct dict *result = call->result;
    struct list *reports = make_reports(wait);
    struct job_counts counts = job_list_count(reports);
    dict_set_string_take(result, "changed", value_bool(false));
    dict_set_string_take(result, "failed", value_bool(failed));
    if (!value_is_null(message_take))
        dict_set_string_take(result, "msg", message_take);
    dict_set_string_take(result, "finished", value_int(counts.finished));
    dict_set_string_take(result, "pending", value_int(counts.pending));
    dict_set_string_take(result, "counts", job_counts_dict(counts));
    dict_set_string_take(result, "elapsed",
                         value_int((clock_now(wait_clock(wait)) - wait->began) / NANOSECONDS_PER_SECOND));
    add_winner(wait, result);
    dict_set_string_take(result, "results", value_list_take(reports));
    wait_free(wait);
    module_done(call);
}

/** "1 of 3 jobs has failed: the first one's message" */
static struct value failure_text(const struct job_wait *wait)
{
    size_t position = 0;
    const char *why = "";
    for (const struct dict_entry *entry; dict_next(wait->reports, &position, &entry);)
        if (job_report_has_failed(entry->value.as.dict)) {
            why = dict_get_bytes(entry->value.as.dict, "msg", "");
            break;
        }
    return value_string_format("%zu of %u jobs failed%s%s", wait->failed, wait->reports->live + wait->pending->live,
                               *why ? ": " : "", why);
}

/* ---- deciding ---- */

/** Is it decided? */
static bool is_decided(const struct job_wait *wait)
{
    bool is_none_pending = wait->pending->live == 0;
    switch (wait->mode) {
    case MODE_ALL:
        return is_none_pending || wait->failed > 0;
    case MODE_ANY:
    case MODE_FIRST_SUCCESS:
        return is_none_pending || !value_is_null(wait->winner);
    case MODE_SETTLED:
        return is_none_pending;
    }
    bug("a mode of waiting that there is not");
}

static bool has_failed(const struct job_wait *wait)
{
    switch (wait->mode) {
    case MODE_ALL:
        return wait->failed > 0;
    case MODE_ANY:
        return !value_is_null(wait->winner) && job_report_has_failed(dict_find(wait->reports, wait->winner)->as.dict);
    case MODE_FIRST_SUCCESS:
        return value_is_null(wait->winner);
    case MODE_SETTLED:
        return false;
    }
    bug("a mode of waiting that there is not");
}

static void conclude(struct timer *timer)
{
    struct job_wait *wait = (struct job_wait *)((char *)timer - offsetof(struct job_wait, conclusion));
    bool failed = has_failed(wait);
    finish(wait, failed, failed ? failure_text(wait) : value_null());
}

/** Not at once: whoever tells of a job is not to go on in the playbook from there. */
static void conclude_soon(struct job_wait *wait)
{
    if (is_decided(wait) && wait->conclusion.position == 0)
        clock_set_after(wait_clock(wait), &wait->conclusion, 0);
}

/** Looks at one job that was pending. */
static void look(struct job_wait *wait, struct value id)
{
    OWNED report = value_dict_take(ask(wait, value_bytes(id)));
    if (!dict_get_truth(report.as.dict, "finished", false))
        return;
    bool failed = job_report_has_failed(report.as.dict);
    bool wins = wait->mode == MODE_ANY || (wait->mode == MODE_FIRST_SUCCESS && !failed);
    if (wins && value_is_null(wait->winner))
        wait->winner = value_copy(id);
    wait->failed += failed;
    dict_set_take(wait->reports, value_copy(id), value_steal(&report));
    dict_remove_string(wait->pending, value_bytes(id));
    conclude_soon(wait);
}

/** Looks at all that are pending. */
static void look_at_all(struct job_wait *wait)
{
    for (size_t i = 0; i < wait->ids->count; i++)
        if (dict_find(wait->pending, wait->ids->items[i]))
            look(wait, wait->ids->items[i]);
}

static void folder_changed(void *owner, const char *name)
{
    struct job_wait *wait = owner;
    OWNED id = name ? value_string(name) : value_null();
    if (!name)
        look_at_all(wait);
    else if (dict_find(wait->pending, id))
        look(wait, id);
}

static void store_changed(struct job_listener *listener, const char *id)
{
    folder_changed((struct job_wait *)((char *)listener - offsetof(struct job_wait, listener)), id);
}

/** At the next look, or at the deadline where that comes first. */
static void set_timer(struct job_wait *wait)
{
    int64_t next = clock_now(wait_clock(wait)) + wait->interval;
    clock_set(wait_clock(wait), &wait->timer, next < wait->deadline ? next : wait->deadline);
}

static void time_passed(struct timer *timer)
{
    struct job_wait *wait = (struct job_wait *)((char *)timer - offsetof(struct job_wait, timer));
    look_at_all(wait);
    if (is_decided(wait))
        return;
    if (clock_now(wait_clock(wait)) < wait->deadline) {
        set_timer(wait);
        return;
    }
    dict_set_string_take(wait->call->result, "timed_out", value_bool(true));
    finish(wait, true,
           value_string_format("%u of %u jobs are not done after %g seconds", wait->pending->live,
                               wait->reports->live + wait->pending->live,
                               module_argument(wait->call, "timeout").as.floating));
}

/* ---- */

static enum mode find_mode(const char *name)
{
    static const char *const names[] = {
        [MODE_ALL] = "all", [MODE_ANY] = "any", [MODE_SETTLED] = "settled", [MODE_FIRST_SUCCESS] = "first_success"};
    enum mode mode = MODE_ALL;
    while (strcmp(names[mode], name) != 0)
        mode++;
    return mode;
}

/** The shortest time between looks. */
static const int64_t LEAST_INTERVAL = NANOSECONDS_PER_SECOND / 100;

static struct job_wait *wait_new(struct module_call *call, struct list *ids_take)
{
    struct job_wait *wait = memory_new_array(1, sizeof *wait);
    int64_t interval = nanoseconds_from_seconds(module_argument(call, "interval").as.floating);
    *wait = (struct job_wait){
        .call = call,
        .mode = find_mode(module_string(call, "mode")),
        .ids = ids_take,
        .pending = dict_new(),
        .reports = dict_new(),
        .deadline = INT64_MAX,
        .interval = interval > LEAST_INTERVAL ? interval : LEAST_INTERVAL,
        .timer.fire = time_passed,
        .conclusion.fire = conclude,
        .listener.changed = store_changed,
    };
    wait->began = clock_now(wait_clock(wait));
    if (module_has(call, "timeout"))
        wait->deadline = wait->began + nanoseconds_from_seconds(module_argument(call, "timeout").as.floating);
    for (size_t i = 0; i < ids_take->count; i++)
        dict_set_take(wait->pending, value_copy(ids_take->items[i]), value_null());
    return wait;
}

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    struct list *ids = job_list_ids(module_argument(call, "jobs"), &error);
    if (!ids) {
        module_fail_error(call, &error);
        return;
    }
    struct job_wait *wait = call->state = wait_new(call, ids);
    /* First the watch, then the look: nothing can happen between the two unseen. */
    if (call->host->jobs)
        job_store_listen(call->host->jobs, &wait->listener);
    else
        wait->folder = folder_watch_new(call->host->loop, call->host->async_directory, folder_changed, wait);
    set_timer(wait);
    look_at_all(wait);
    conclude_soon(wait);
}

static void cancel(struct module_call *call)
{
    wait_free(call->state);
}
