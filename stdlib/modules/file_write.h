/*
 * Writing a file of the host anew: whole or not at all, with the owner and mode of the one it replaces.
 */
#ifndef PLAYLET_STDLIB_MODULES_FILE_WRITE_H
#define PLAYLET_STDLIB_MODULES_FILE_WRITE_H

#include <sys/stat.h>

#include "runtime/source/error.h"

struct value;

/** `old`: what is there (lstat), or NULL; a new file gets what the umask leaves. */
bool file_write_over(const char *path, const char *bytes, size_t length, const struct stat *old, struct error *error);

/** Keeps a copy beside the file ("/etc/x.1234.2026-11-25@00:35:47~"); *name is its path. */
bool file_write_backup(const char *path, const char *bytes, size_t length, mode_t mode, struct value *name,
                       struct error *error);

#endif
