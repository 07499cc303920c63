/*
 * Facts that a host's administrator left in a folder: NAME.fact files, read or, where they are programs, run.
 */
#ifndef PLAYLET_STDLIB_MODULES_FACTS_LOCAL_H
#define PLAYLET_STDLIB_MODULES_FACTS_LOCAL_H

#include "runtime/async/process.h"
#include "runtime/value/list.h"

/** The files, in order; the caller's. */
struct list *local_files(const char *folder) NODISCARD;

/** The fact that a file is for ("/x/role.fact": "role"). */
struct value local_name(const char *path) NODISCARD;

/** Is it to be run? */
bool local_is_program(const char *path);

/** What text says: JSON or INI, else a message, which is added to the warnings. */
struct value local_parse(const char *path, const char *bytes, size_t length, struct list *warnings) NODISCARD;

/** What a program that ended says. */
struct value local_outcome(const char *path, const struct process_result *outcome, struct list *warnings) NODISCARD;

#endif
