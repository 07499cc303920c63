/*
 * What the commands themselves say to the person who started them: errors before a run, usage, notes.  To standard
 * error; the output of a run belongs to the callbacks.
 */
#ifndef PLAYLET_COMMANDS_REPORT_H
#define PLAYLET_COMMANDS_REPORT_H

#include "runtime/source/error.h"

/** "[ERROR]: ..." with the place, the excerpt and the way out. */
void report_error(const struct error *error);

/** "[WARNING]: ...". */
void report_warning(const char *message);

#endif
