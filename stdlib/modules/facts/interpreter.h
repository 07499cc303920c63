/*
 * The Python that is installed on the host: told by its files where these say which it is.
 */
#ifndef PLAYLET_STDLIB_MODULES_FACTS_INTERPRETER_H
#define PLAYLET_STDLIB_MODULES_FACTS_INTERPRETER_H

#include "stdlib/modules/facts/facts.h"

/** Its path, the caller's; NULL: none is installed. */
char *interpreter_find(const struct host_access *host) NODISCARD;

/** Its version ("3.11.2") as it is written in the program; null: it has to be asked. */
struct value interpreter_version(const char *path) NODISCARD;

/** What it has to be asked with: a script that prints the version. */
extern const char interpreter_question[];

/** Adds python (executable, version ...) and python_version where these are wanted. */
void interpreter_describe(struct facts *facts, const char *path, const char *version);

#endif
