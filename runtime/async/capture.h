/*
 * A program run to its end at once, its output in memory: for what has to be known before anything else goes on (a password,
 * an inventory).  The loop's children are process.h's.
 */
#ifndef PLAYLET_RUNTIME_ASYNC_CAPTURE_H
#define PLAYLET_RUNTIME_ASYNC_CAPTURE_H

#include "runtime/source/error.h"
#include "runtime/value/text.h"

/** Runs argv (found in the PATH) in `directory` (NULL: this one) with nothing to read and standard error left as it is; appends its
 *  output.  `*status` as Python counts: a signal is negative.  False when it could not be started or read. */
bool capture_program(char *const *argv, const char *directory, struct text_buffer *out, int *status,
                     struct error *error);

#endif
