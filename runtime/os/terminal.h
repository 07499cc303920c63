/* The terminal that the program was started from: questions and answers. */
#ifndef PLAYLET_RUNTIME_OS_TERMINAL_H
#define PLAYLET_RUNTIME_OS_TERMINAL_H

#include "runtime/memory.h"

/** Writes "question: " to standard error and reads one line of standard input, without its end; unseen where it is secret.
 *  The caller's; NULL at the end of input. */
char *terminal_ask(const char *question, bool is_secret) NODISCARD;

#endif
