/* The prompt of `playlet eval`: lines of a person at a terminal, each evaluated when it is there. */
#ifndef PLAYLET_COMMANDS_PROMPT_H
#define PLAYLET_COMMANDS_PROMPT_H

#include "commands/eval_value.h"

/** Reads until the end of the input or `:quit`; returns the exit status. */
int prompt_run(struct engine *engine, const struct dict *variables, enum eval_form form);

#endif
