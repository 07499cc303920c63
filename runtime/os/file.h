/*
 * Files: read whole, written whole or not at all, asked about.
 * Errors are ERROR_FILE with the path and the system's reason.
 */
#ifndef PLAYLET_RUNTIME_OS_FILE_H
#define PLAYLET_RUNTIME_OS_FILE_H

#include <sys/stat.h>
#include <sys/types.h>

#include "runtime/source/error.h"

struct list;

/** The content of a file, NUL-terminated, the caller's; a folder or an unreadable file is an error. */
bool file_read(const char *path, char **bytes, size_t *length, struct error *error);

/** The file as a source named by its absolute path. */
struct source *file_read_source(const char *path, struct error *error) NODISCARD;

/** Writes beside `path` under an unpredictable name (mode `mode`), then renames over it: it is whole or untouched. */
bool file_write_atomic(const char *path, const char *bytes, size_t length, mode_t mode, struct error *error);

/** The same without waiting for the disk: whole or untouched for whoever reads it, but not after a loss of power. */
bool file_replace(const char *path, const char *bytes, size_t length, mode_t mode, struct error *error);

bool file_exists(const char *path);         /* follows links */
bool file_is_directory(const char *path);
bool file_is_regular(const char *path);

/** The names in a folder, in order; NULL with an error. */
struct list *file_list_folder(const char *path, struct error *error) NODISCARD;

/** Removes a file, or a folder with all that is in it; links are not followed.  False with errno. */
bool file_remove_tree(const char *path);

/** mkdir -p, each new folder with `mode`. */
bool file_make_directories(const char *path, mode_t mode, struct error *error);

#endif
