/*
 * Paths that a task names, on the host that it acts on: relative ones start at the host's working directory.
 */
#ifndef PLAYLET_STDLIB_MODULES_HOST_PATH_H
#define PLAYLET_STDLIB_MODULES_HOST_PATH_H

#include "eval/plugin.h"
#include "runtime/os/path.h"

/** The path against the working directory; the caller's. */
static inline char *host_path(const struct host_access *host, const char *path)
{
    return path_join(host->working_directory ? host->working_directory : "", path);
}

#endif
