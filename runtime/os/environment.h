/*
 * Environments as exec takes them: arrays of "NAME=value", NULL-terminated.  NULL stands for this process's own.
 */
#ifndef PLAYLET_RUNTIME_OS_ENVIRONMENT_H
#define PLAYLET_RUNTIME_OS_ENVIRONMENT_H

#include "runtime/memory.h"

/** The value of a variable (a name of `length` bytes), borrowed, or NULL. */
const char *environment_find(char *const *environment, const char *name, size_t length);

/** $NAME and ${NAME} in a text replaced; variables that the environment does not have stay as they are.  The caller's. */
char *environment_expand(char *const *environment, const char *text) NODISCARD;

#endif
