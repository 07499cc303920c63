/*
 * Paths as text: joined, taken apart and made absolute without asking the file system (but for the home and
 * the working directory).  Python's os.path is the model.  Every result is the caller's (free / memory_cleanup).
 */
#ifndef PLAYLET_RUNTIME_OS_PATH_H
#define PLAYLET_RUNTIME_OS_PATH_H

#include "runtime/memory.h"

char *path_join(const char *directory, const char *name) NODISCARD;    /* an absolute name wins */
char *path_directory(const char *path) NODISCARD;                       /* os.path.dirname: "" for a bare name */
const char *path_name(const char *path);                                /* os.path.basename: points into path */
char *path_absolute(const char *path) NODISCARD;                        /* against the working directory, normalised */
char *path_normal(const char *path) NODISCARD;                          /* os.path.normpath */
char *path_expand_user(const char *path) NODISCARD;                     /* ~ and ~user; else a copy */
bool path_is_absolute(const char *path);

/** Finds a program as execvp would: in `search` (a PATH) unless the name holds a slash.  NULL with errno when there is none:
 *  ENOENT, or EACCES when a file of that name is there but may not be executed. */
char *path_find_program(const char *name, const char *search) NODISCARD;

#endif
