/* Files that lookups read: found below the search path, read, and refused when they are encrypted. */
#ifndef PLAYLET_STDLIB_LOOKUPS_FOUND_FILE_H
#define PLAYLET_STDLIB_LOOKUPS_FOUND_FILE_H

#include "eval/plugin.h"

/** The path of a file in the search path (below `folder` first), or NULL without an error. */
char *found_file_path(struct evaluation *evaluation, const char *folder, const char *name) NODISCARD;

/** Its content.  ERROR_FILE as Python words it ("... [Errno 21] Is a directory: 'x'"), or that no vault secret is there. */
bool found_file_read(struct evaluation *evaluation, const char *path, struct value *content, struct error *error);

#endif
