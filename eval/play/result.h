/*
 * Results: dicts that tasks leave behind, as kept (registered) and as shown.  Functions of dicts alone.
 */
#ifndef PLAYLET_EVAL_PLAY_RESULT_H
#define PLAYLET_EVAL_PLAY_RESULT_H

#include "eval/play/event.h"

/** The status that a result (of an item, of a task, of a loop) tells: failed_when has the last word on failure. */
enum task_status result_status(const struct dict *result);

/** As registered: a copy without internal keys and without how the module was called. */
struct value result_registered(const struct dict *result) NODISCARD;

/** How a result is to be shown. */
struct result_view {
    bool is_debug;          /* of debug only what it has to say */
    bool is_hidden;         /* no_log */
    bool is_loop;           /* the items were shown already */
    bool shows_diff;
    int verbosity;
};
struct value result_shown(const struct dict *result, const struct result_view *view) NODISCARD;

/** Of the results of a loop's items, the sum: results, msg, changed, failed, skipped; takes the list. */
struct dict *result_sum_take(struct list *results) NODISCARD;

/** Adds stdout_lines and stderr_lines. */
void result_add_lines(struct dict *result);

/** The result's message as text, or NULL when there is none. */
char *result_message(const struct dict *result) NODISCARD;

#endif
