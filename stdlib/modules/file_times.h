/*
 * Access and modification times of a file, as the options access_time and modification_time ask for them.
 */
#ifndef PLAYLET_STDLIB_MODULES_FILE_TIMES_H
#define PLAYLET_STDLIB_MODULES_FILE_TIMES_H

#include "eval/plugin.h"

/** Sets them ("preserve", "now", or a time; "now" where nothing is said).  A file that is new has them already. */
bool file_times_apply(const struct module_call *call, const char *path, bool is_new, bool *changed, struct error *error);

#endif
