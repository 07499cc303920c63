/*
 * What command and shell share: their options and how a program is run and reported.
 */
#ifndef PLAYLET_STDLIB_MODULES_COMMAND_H
#define PLAYLET_STDLIB_MODULES_COMMAND_H

#include "eval/plugin.h"

enum { COMMAND_OPTION_COUNT = 11 };
extern const struct module_option command_options[COMMAND_OPTION_COUNT];
extern const struct module_rules command_rules;
/** What counts as a pair in free-form text. */
extern const char *const command_raw_keys[];

/** Runs what the arguments say, by a shell or not, and reports it. */
void command_start(struct module_call *call, bool uses_shell);
void command_cancel(struct module_call *call);

/** A word as a shell reads it back (Python's shlex.quote). */
void command_append_quoted(struct text_buffer *out, const char *word);

#endif
