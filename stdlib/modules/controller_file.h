/*
 * Files of the controller that modules bring to the host: found as the search path says, refused in one wording.
 */
#ifndef PLAYLET_STDLIB_MODULES_CONTROLLER_FILE_H
#define PLAYLET_STDLIB_MODULES_CONTROLLER_FILE_H

#include "eval/plugin.h"

/** Finds `name`, below `folder` ("files", "templates") of the search path or beside it; the caller's, or NULL with an error that
 *  says where it is not. */
char *controller_file_find(const struct module_call *call, const char *folder, const char *name, struct error *error) NODISCARD;

#endif
