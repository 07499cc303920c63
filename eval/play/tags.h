/*
 * Tags: which tasks --tags and --skip-tags choose.  A task has its own tags and those of what is around it.
 */
#ifndef PLAYLET_EVAL_PLAY_TAGS_H
#define PLAYLET_EVAL_PLAY_TAGS_H

#include "eval/play/play.h"

/** Does the command line choose the task? */
bool tags_choose(struct play_state *play, struct task_instance instance);

/** All tags of a task (NULL: of the play alone), templated, each once, in the order in which they are found: a new list of strings. */
struct list *tags_of(struct play_state *play, struct task_instance instance) NODISCARD;

#endif
