/*
 * What the system tells of a file, under the names that stat and find report it by.
 */
#ifndef PLAYLET_STDLIB_MODULES_FILE_STAT_H
#define PLAYLET_STDLIB_MODULES_FILE_STAT_H

#include <sys/stat.h>

#include "runtime/value/dict.h"

/** Adds its kind, permissions, numbers, times, and the names of its owner and group where they have some. */
void file_stat_describe(struct dict *facts, const struct stat *status);

#endif
