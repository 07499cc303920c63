/*
 * What modules report of a file that they speak of: owner, group, mode, size and what it is.
 */
#ifndef PLAYLET_STDLIB_MODULES_FILE_STATE_H
#define PLAYLET_STDLIB_MODULES_FILE_STATE_H

#include <sys/stat.h>

#include "runtime/value/dict.h"

/** "absent", "link", "directory", "hard" (a file of several names) or "file"; *status is filled unless it is absent. */
const char *file_state(const char *path, struct stat *status);

/** Adds uid, gid, owner, group, mode ("0644"), size and state to a result; of what is absent, only that. Links are not followed. */
void file_state_describe(struct dict *result, const char *path);

/** The name of a user or group; its number as text where it has none. */
struct value file_state_owner(uid_t user) NODISCARD;
struct value file_state_group(gid_t group) NODISCARD;

#endif
