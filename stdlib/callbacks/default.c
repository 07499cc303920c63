/*
 * The default callback: what ansible-core's default output prints, line for line.
 */
#include "stdlib/callbacks/callbacks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eval/play/statistics.h"
#include "runtime/os/path.h"
#include "runtime/source/render.h"
#include "runtime/value/json.h"
#include "runtime/value/repr.h"
#include "stdlib/callbacks/display.h"

struct default_output {
    struct display display;
    struct text_buffer out; /* one message under construction */
};

/** Opens the callback's state. */
static void *default_open(const struct callback_settings *settings)
{
    struct default_output *output = memory_new_array(1, sizeof *output);
    display_init(&output->display, settings);
    return output;
}

/** Frees the callback's state. */
static void default_close(void *state)
{
    struct default_output *output = state;
    text_buffer_done(&output->out);
    display_done(&output->display);
    free(output);
}

/** Appends the result as JSON, indented when it asks to be read (debug) or from -vvv on. */
static void append_result(struct default_output *output, struct text_buffer *out, const struct event *event)
{
    bool indented = event->is_verbose_always || output->display.settings.verbosity > 2;
    struct json_style style = {.indent = indented ? 4 : -1, .sort_keys = true};
    OWNED_ERROR error = {0};
    size_t start = out->length;
    if (!json_append(out, event->result, &style, &error)) {
        text_buffer_truncate(out, start);
        value_append_repr(out, event->result);
    }
}

/** "host" or "host -> other". */
static void append_host(struct text_buffer *out, const struct event *event)
{
    text_buffer_append_text(out, event->host->name);
    if (event->delegated_to) {
        text_buffer_append_string(out, " -> ");
        text_buffer_append_text(out, event->delegated_to);
    }
}

/** " (item=label)", or what stands for it under no_log. */
static void append_item(struct text_buffer *out, const struct event *event)
{
    text_buffer_append_string(out, "(item=");
    if (event->hides_result)
        text_buffer_append_string(out, "(censored due to no_log)");
    else
        value_append_str(out, event->label);
    text_buffer_append_char(out, ')');
}

/** Ends the message in one colour and writes it. */
static void finish(struct default_output *output, struct text_buffer *message, enum colour colour)
{
    display_colour(&output->display, &output->out, colour, text_buffer_bytes(message), message->length);
    display_flush(&output->display, &output->out);
}

static bool shows_result(const struct default_output *output, const struct event *event)
{
    return (output->display.settings.verbosity > 0 || event->is_verbose_always) && value_is_dict(event->result);
}

/** "ok: [host]", "changed: [host] => (item=x) => {...}". */
static void show_success(struct default_output *output, const struct event *event)
{
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    bool changed = event->status == STATUS_CHANGED;
    text_buffer_append_string(&message, changed ? "changed: [" : "ok: [");
    append_host(&message, event);
    text_buffer_append_char(&message, ']');
    if (event->kind == EVENT_ITEM) {
        text_buffer_append_string(&message, " => ");
        append_item(&message, event);
    }
    if (shows_result(output, event)) {
        text_buffer_append_string(&message, " => ");
        append_result(output, &message, event);
    }
    finish(output, &message, changed ? COLOUR_CHANGED : COLOUR_OK);
}

/** "skipping: [host]", "skipping: [host] => (item=x) ". */
static void show_skipped(struct default_output *output, const struct event *event)
{
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    if (!output->display.settings.display_skipped)
        return;
    text_buffer_append_string(&message, "skipping: [");
    text_buffer_append_text(&message, event->host->name);
    text_buffer_append_char(&message, ']');
    if (event->kind == EVENT_ITEM) {
        text_buffer_append_string(&message, " => ");
        append_item(&message, event);
        text_buffer_append_char(&message, ' ');
    }
    if (shows_result(output, event)) {
        text_buffer_append_string(&message, " => ");
        append_result(output, &message, event);
    }
    finish(output, &message, COLOUR_SKIP);
}

/** "fatal: [host]: FAILED! => {...}", "failed: [host] (item=x) => {...}", and "...ignoring". */
static void show_failure(struct default_output *output, const struct event *event)
{
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    bool unreachable = event->status == STATUS_UNREACHABLE;
    if (event->kind == EVENT_ITEM) {
        text_buffer_append_string(&message, "failed: [");
        append_host(&message, event);
        text_buffer_append_string(&message, "] ");
        append_item(&message, event);
    } else {
        text_buffer_append_string(&message, "fatal: [");
        append_host(&message, event);
        text_buffer_append_string(&message, unreachable ? "]: UNREACHABLE!" : "]: FAILED!");
    }
    text_buffer_append_string(&message, " => ");
    append_result(output, &message, event);
    finish(output, &message, unreachable ? COLOUR_UNREACHABLE : COLOUR_ERROR);
}

/** The result of a host; of a loop only what its items did not say. */
static void show_result(struct default_output *output, const struct event *event)
{
    switch (event->status) {
    case STATUS_OK:
    case STATUS_CHANGED:
        if (!event->is_loop && (output->display.settings.display_ok || event->status == STATUS_CHANGED))
            show_success(output, event);
        break;
    case STATUS_SKIPPED:
        show_skipped(output, event);
        break;
    case STATUS_FAILED:
    case STATUS_UNREACHABLE:
        if (!event->is_loop)
            show_failure(output, event);
        if (event->is_ignored)
            display_message(&output->display, COLOUR_SKIP, "...ignoring");
        break;
    }
}

/** One item of a loop. */
static void show_item(struct default_output *output, const struct event *event)
{
    switch (event->status) {
    case STATUS_OK:
    case STATUS_CHANGED:
        show_success(output, event);
        break;
    case STATUS_SKIPPED:
        show_skipped(output, event);
        break;
    case STATUS_FAILED:
    case STATUS_UNREACHABLE:
        show_failure(output, event);
        break;
    }
}

/** "PLAYBOOK: name" from -vv on. */
/** Marks the begin and the end of a run in check mode. */
static void show_dry_run(struct default_output *output)
{
    if (output->display.settings.check_mode && output->display.settings.marks_check_mode)
        display_banner(&output->display, "DRY RUN");
}

static void show_playbook(struct default_output *output, const struct event *event)
{
    static const char no_configuration[] = "No config file found; using defaults";
    CLEANUP(text_buffer_done) struct text_buffer banner = {0};
    if (output->display.settings.verbosity > 0 && display_says_first(&output->display, no_configuration))
        display_message(&output->display, COLOUR_VERBOSE, "%s", no_configuration);
    if (output->display.settings.verbosity >= 2) {
        text_buffer_append_format(&banner, "PLAYBOOK: %s", path_name(event->text));
        display_banner(&output->display, text_buffer_bytes(&banner));
    }
    show_dry_run(output);
}

/** "PLAY [name]". */
static void show_play(struct default_output *output, const struct event *event)
{
    CLEANUP(text_buffer_done) struct text_buffer banner = {0};
    text_buffer_append_string(&banner, "PLAY");
    if (event->text && *event->text)
        text_buffer_append_format(&banner, " [%s]", event->text);
    if (event->is_in_check_mode && output->display.settings.marks_check_mode)
        text_buffer_append_string(&banner, " [CHECK MODE]");
    display_banner(&output->display, text_buffer_bytes(&banner));
}

/** "TASK [name]", and where it stands from -vv on. */
static void show_task(struct default_output *output, const struct event *event)
{
    CLEANUP(text_buffer_done) struct text_buffer banner = {0};
    text_buffer_append_format(&banner, "%s [%s]", event->is_handler ? "RUNNING HANDLER" : "TASK", event->text);
    if (event->is_in_check_mode && output->display.settings.marks_check_mode)
        text_buffer_append_string(&banner, " [CHECK MODE]");
    display_banner(&output->display, text_buffer_bytes(&banner));
    if (output->display.settings.verbosity >= 2 && event->task && event->task->span.source) {
        struct span span = event->task->span;
        display_message(&output->display, COLOUR_DEBUG, "task path: %s:%u", span.source->name,
                        source_locate(span.source, span.start).line);
    }
}

/** "FAILED - RETRYING: [host]: name (2 retries left)." */
static void show_retry(struct default_output *output, const struct event *event)
{
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    text_buffer_append_string(&message, "FAILED - RETRYING: [");
    append_host(&message, event);
    text_buffer_append_format(&message, "]: %s (%lld retries left).", event->text, (long long)event->retries_left);
    if (output->display.settings.verbosity > 2 || event->is_verbose_always) {
        text_buffer_append_string(&message, "Result was: ");
        append_result(output, &message, event);
    }
    finish(output, &message, COLOUR_DEBUG);
}

/** "included: FILE for h1, h2 => (item=x)". */
static void show_included(struct default_output *output, const struct event *event)
{
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    text_buffer_append_format(&message, "included: %s for ", event->text);
    for (size_t i = 0; i < event->host_count; i++) {
        text_buffer_append_string(&message, i ? ", " : "");
        text_buffer_append_text(&message, event->hosts[i]->name);
    }
    if (event->is_loop) {
        text_buffer_append_string(&message, " => ");
        append_item(&message, event);
    }
    finish(output, &message, COLOUR_SKIP);
}

/** "ASYNC POLL on host: jid=... started=1 finished=0", "ASYNC OK on host: jid=...". */
static void show_async(struct default_output *output, const struct event *event, const char *what)
{
    const struct dict *result = event->result.as.dict;
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    text_buffer_append_format(&message, "ASYNC %s on %s: jid=%s", what, event->host->name->bytes,
                              dict_get_bytes(result, "ansible_job_id", "None"));
    if (event->kind == EVENT_ASYNC_POLL)
        text_buffer_append_format(&message, " started=%s finished=%s",
                                  dict_get_truth(result, "started", false) ? "True" : "False",
                                  dict_get_truth(result, "finished", false) ? "True" : "False");
    finish(output, &message, COLOUR_DEBUG);
}

/** The error behind a failure, with its place, where the run stands; one that was shown already is not shown again. */
static void show_error(struct default_output *output, const struct event *event)
{
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    text_buffer_append_string(&message, "[ERROR]: ");
    render_error(&message, event->error);
    text_buffer_truncate(&message, message.length - 1); /* the display ends each message with a newline */
    if (display_says_first(&output->display, text_buffer_bytes(&message)))
        finish(output, &message, COLOUR_ERROR);
}

/** "name=4   ", in colour unless the number is 0. */
static void append_count(struct default_output *output, struct text_buffer *out, const char *name, unsigned count,
                         enum colour colour)
{
    char cell[64];
    int length = snprintf(cell, sizeof cell, "%s=%-4u", name, count);
    text_buffer_append_char(out, ' ');
    display_colour(&output->display, out, count ? colour : COLOUR_NONE, cell, (size_t)length);
}

/** One line of the recap. */
static void show_host_statistics(struct default_output *output, const struct host *host)
{
    const struct host_statistics *counts = &host->statistics;
    struct text_buffer *out = &output->out;
    enum colour colour = counts->failures || counts->unreachable ? COLOUR_ERROR
                         : counts->changed                       ? COLOUR_CHANGED
                                                                 : COLOUR_OK;
    display_colour(&output->display, out, colour, host->name->bytes, host->name->length);
    uint32_t width = text_points(host->name);
    text_buffer_append_repeated(out, ' ', width < 26 ? 26 - width : 0);
    text_buffer_append_string(out, " :");
    append_count(output, out, "ok", counts->ok, COLOUR_OK);
    append_count(output, out, "changed", counts->changed, COLOUR_CHANGED);
    append_count(output, out, "unreachable", counts->unreachable, COLOUR_UNREACHABLE);
    append_count(output, out, "failed", counts->failures, COLOUR_ERROR);
    append_count(output, out, "skipped", counts->skipped, COLOUR_SKIP);
    append_count(output, out, "rescued", counts->rescued, COLOUR_OK);
    append_count(output, out, "ignored", counts->ignored, COLOUR_WARNING);
    display_flush(&output->display, out);
}

/** "\tHOST: {...}" for each host in order. */
static void show_kept(struct default_output *output, const char *owner, struct value kept)
{
    struct json_style style = {.indent = 1, .sort_keys = true};
    CLEANUP(text_buffer_done) struct text_buffer json = {0};
    OWNED_ERROR error = {0};
    if (!json_append(&json, kept, &style, &error))
        value_append_repr(&json, kept);
    text_buffer_append_format(&output->out, "\t%s: ", owner);
    for (const char *at = text_buffer_bytes(&json); *at; at++)
        if (*at != '\n')
            text_buffer_append_char(&output->out, *at);
    display_flush(&output->display, &output->out);
}

static int compare_entries(const void *left, const void *right)
{
    const struct dict_entry *const *a = left, *const *b = right;
    return text_compare((*a)->key.as.text, (*b)->key.as.text);
}

/** What set_stats kept: of hosts in the order of their names, then of the run. */
static void show_custom_statistics(struct default_output *output, const struct dict *kept)
{
    const struct value *of_run = dict_find_string(kept, STATISTICS_RUN);
    const struct dict_entry **entries = memory_new_array(kept->live + 1, sizeof(struct dict_entry *)), *entry;
    size_t count = 0;
    for (size_t i = 0; dict_next(kept, &i, &entry);)
        if (&entry->value != of_run)
            entries[count++] = entry;
    qsort(entries, count, sizeof(struct dict_entry *), compare_entries);
    display_banner(&output->display, "CUSTOM STATS:");
    for (size_t i = 0; i < count; i++)
        show_kept(output, value_bytes(entries[i]->key), entries[i]->value);
    free(entries);
    if (of_run) {
        display_message(&output->display, COLOUR_NONE, "%s", "");
        show_kept(output, "RUN", *of_run);
    }
    display_message(&output->display, COLOUR_NONE, "%s", "");
}

/** The recap, and the empty line after it. */
static void show_statistics(struct default_output *output, const struct event *event)
{
    display_banner(&output->display, "PLAY RECAP");
    for (size_t i = 0; i < event->host_count; i++)
        show_host_statistics(output, event->hosts[i]);
    display_message(&output->display, COLOUR_NONE, "%s", "");
    if (output->display.settings.shows_statistics && value_is_dict(event->result) && event->result.as.dict->live > 0)
        show_custom_statistics(output, event->result.as.dict);
    show_dry_run(output);
}

/** The colour of one line of a unified diff. */
static enum colour diff_colour(const char *line)
{
    if (*line == '+')
        return COLOUR_ADDED;
    if (*line == '-')
        return COLOUR_REMOVED;
    return strncmp(line, "@@", 2) == 0 ? COLOUR_HUNK : COLOUR_NONE;
}

/** A unified diff, line by line in its colours. */
static void show_diff(struct default_output *output, const struct event *event)
{
    const char *line = event->text;
    while (*line) {
        size_t length = strcspn(line, "\n");
        display_colour(&output->display, &output->out, diff_colour(line), line, length);
        display_flush(&output->display, &output->out);
        line += length + (line[length] == '\n');
    }
    display_message(&output->display, COLOUR_NONE, "%s", "");
}

/** "NOTIFIED HANDLER name for host" from -vv on. */
static void show_notified(struct default_output *output, const struct event *event)
{
    if (output->display.settings.verbosity > 1)
        display_message(&output->display, COLOUR_VERBOSE, "NOTIFIED HANDLER %s for %s", event->text,
                        event->host->name->bytes);
}

/** Renders one event: a call each. */
static void default_handle(void *state, const struct event *event)
{
    struct default_output *output = state;
    switch (event->kind) {
    case EVENT_PLAYBOOK_START:
        return show_playbook(output, event);
    case EVENT_PLAY_START:
        return show_play(output, event);
    case EVENT_NO_HOSTS_MATCHED:
        return display_message(&output->display, COLOUR_SKIP, "skipping: no hosts matched");
    case EVENT_NO_HOSTS_REMAINING:
        return display_banner(&output->display, "NO MORE HOSTS LEFT");
    case EVENT_TASK_START:
        return show_task(output, event);
    case EVENT_ITEM:
        return show_item(output, event);
    case EVENT_RESULT:
        return show_result(output, event);
    case EVENT_RETRY:
        return show_retry(output, event);
    case EVENT_INCLUDED:
        return show_included(output, event);
    case EVENT_ASYNC_POLL:
        return show_async(output, event, "POLL");
    case EVENT_ASYNC_OK:
        return show_async(output, event, "OK");
    case EVENT_ASYNC_FAILED:
        return show_async(output, event, "FAILED");
    case EVENT_HANDLER_NOTIFIED:
        return show_notified(output, event);
    case EVENT_DIFF:
        return show_diff(output, event);
    case EVENT_MESSAGE:
        return display_message(&output->display, COLOUR_NONE, "%s", event->text);
    case EVENT_WARNING:
        return display_warning(&output->display, COLOUR_WARNING, "WARNING", event->text, event->span);
    case EVENT_DEPRECATION:
        return display_warning(&output->display, COLOUR_DEPRECATION, "DEPRECATION WARNING", event->text, event->span);
    case EVENT_ERROR:
        return show_error(output, event);
    case EVENT_STATISTICS:
        return show_statistics(output, event);
    case EVENT_KIND_COUNT:
        break;
    }
    bug("no such event: %d", event->kind);
}

const struct callback callback_default = {
    .name = "default",
    .open = default_open,
    .handle = default_handle,
    .close = default_close,
    .documentation = "The output of ansible-playbook: banners, one line a host and item, the recap",
};
