/*
 * Handlers: the tasks that a play runs when they were notified.
 *
 * One list a play, in the order of definition: of roles, of the play, of roles that were included; blocks are taken apart.
 * Notifications are kept as names until a flush, so that the last definition of a name wins; then the host's bits say what is to run.
 */
#ifndef PLAYLET_EVAL_PLAY_HANDLERS_H
#define PLAYLET_EVAL_PLAY_HANDLERS_H

#include "eval/play/play.h"

struct handlers *handlers_new(void) NODISCARD;
void handlers_free(struct handlers *handlers);

/** Adds a file's or play's list after those that are there. */
void handlers_add(struct handlers *handlers, const struct task_list *tasks, struct task *wrapper);

const struct task_list *handlers_list(const struct handlers *handlers);

/** Is there a handler of this name, or one that listens to it?  ERROR_OTHER as the reference's. */
bool handlers_check(struct play_state *play, struct value name, struct error *error);

/** A task that changed something notified a name that is known: kept until the next flush, or marked now while handlers run. */
void handlers_notify(struct play_state *play, struct host_play *state, struct value name);

/** Marks what the names that were notified stand for, and forgets the names. */
void handlers_flush(struct play_state *play, struct host_play *state);

/** Is the handler of this index to run on the host?  Forgets that it is. */
bool handlers_wanted(const struct host_play *state, int64_t index);
void handlers_done(struct host_play *state, int64_t index);

#endif
