/*
 * Events: what happens in a run, typed.  eval emits them; callbacks (stdlib/callbacks) render them; nothing else prints.
 * An event and all it points to is borrowed for the length of the call.
 */
#ifndef PLAYLET_EVAL_PLAY_EVENT_H
#define PLAYLET_EVAL_PLAY_EVENT_H

#include "eval/play/host.h"
#include "parser/playbook.h"

struct run;

enum event_kind {
    EVENT_PLAYBOOK_START,       /* text: the file's path */
    EVENT_PLAY_START,           /* play; text: its name as shown */
    EVENT_NO_HOSTS_MATCHED,
    EVENT_NO_HOSTS_REMAINING,
    EVENT_TASK_START,           /* task, text: its name as shown (templated); is_handler, is_conditional (no host so far) */
    EVENT_ITEM,                 /* one item of a loop has its result: host, status, result, label */
    EVENT_RESULT,               /* one host has its result (of a loop: the sum of its items; is_loop) */
    EVENT_RETRY,                /* until: host, text: the task's name, result, retries_left */
    EVENT_INCLUDED,             /* hosts, text: the file; label when in a loop */
    EVENT_ASYNC_POLL,           /* host, result (ansible_job_id, started, finished), seconds_left */
    EVENT_ASYNC_OK,             /* host, result */
    EVENT_ASYNC_FAILED,
    EVENT_HANDLER_NOTIFIED,     /* host, text: the handler's name */
    EVENT_DIFF,                 /* host, text: a unified diff */
    EVENT_MESSAGE,              /* text: a line that a module shows while it runs */
    EVENT_WARNING,              /* text, span */
    EVENT_DEPRECATION,          /* text, span */
    EVENT_ERROR,                /* error: shown where the run stands (a task's failure) */
    EVENT_STATISTICS,           /* the recap: hosts */
    EVENT_KIND_COUNT,
};

enum task_status { STATUS_OK, STATUS_CHANGED, STATUS_SKIPPED, STATUS_FAILED, STATUS_UNREACHABLE };

struct event {
    enum event_kind kind;
    const struct run *run;
    const struct play *play;
    const struct task *task;
    const struct host *host;
    const struct text *delegated_to;    /* the host it ran on when that is another (as shown: "h1 -> h2"), or NULL */
    struct host *const *hosts;          /* INCLUDED, STATISTICS */
    size_t host_count;
    enum task_status status;
    bool is_ignored;                    /* a failure that ignore_errors / ignore_unreachable swallows */
    bool is_loop;
    bool is_handler;
    bool is_verbose_always;             /* the result asks to be shown in full (debug) */
    bool hides_result;                  /* no_log */
    bool is_in_check_mode;              /* PLAY_START, TASK_START: as far as the text alone tells */
    struct value result;                /* of STATISTICS what set_stats kept; else a dict as shown: no internal keys, of debug only what it has to say, censored under no_log */
    struct value label;                 /* of an item, as shown */
    const char *text;
    struct span span;
    const struct error *error;
    int64_t retries_left;
    double seconds_left;
};

struct callback_settings {
    int verbosity;
    bool colour;
    bool check_mode;
    bool diff;
    bool display_skipped;               /* ANSIBLE_DISPLAY_SKIPPED_HOSTS */
    bool display_ok;
    bool marks_check_mode;              /* ANSIBLE_CHECK_MODE_MARKERS */
    bool shows_statistics;              /* ANSIBLE_SHOW_CUSTOM_STATS */
    unsigned columns;                   /* of the terminal; 0: not a terminal */
    int output;                         /* file descriptor, usually 1 */
    int errors;                         /* usually 2 */
};

/** A renderer.  `open` makes its state, `handle` is called for each event, `close` flushes and frees. */
struct callback {
    const char *name;                   /* "default", "minimal", "json" ... */
    void *(*open)(const struct callback_settings *settings);
    void (*handle)(void *state, const struct event *event);
    void (*close)(void *state);
    const char *documentation;
};

#endif
