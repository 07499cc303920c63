/*
 * Starting a program: posix_spawn with what every child here gets.  process.h watches a child to its end;
 * supervisor_channel.h starts one that stays behind.
 *
 * A child has default handlers for the signals that this program handles or ignores, an empty signal mask, and no
 * descriptor but those that it is given (all of this program's are close-on-exec).
 */
#ifndef PLAYLET_RUNTIME_ASYNC_SPAWN_H
#define PLAYLET_RUNTIME_ASYNC_SPAWN_H

#include <sys/types.h>

#include "runtime/source/error.h"

enum { SPAWN_DESCRIPTORS = 4 };

struct spawn_spec {
    const char *program;        /* a path; NULL: argv[0], looked up in the PATH of `environment` */
    char *const *argv;          /* NULL-terminated */
    char *const *environment;   /* NULL-terminated; NULL: this process's own */
    const char *directory;      /* NULL: this process's own */
    int descriptors[SPAWN_DESCRIPTORS]; /* what the child has as 0, 1 ...; SPAWN_NULL: /dev/null; SPAWN_NONE: none */
    bool new_session;           /* leads a session of its own; else only a process group */
};

enum { SPAWN_NULL = -1, SPAWN_NONE = -2 };

/**
 * Starts the child; its process id, or -1 with the errno in `*error_number` (ENOENT: no such program, EACCES ...) and
 * ERROR_FILE as Python words it: "[Errno 2] No such file or directory: b'nosuch'"; with '/nosuch' for a directory.
 */
pid_t spawn_child(const struct spawn_spec *spec, int *error_number, struct error *error);

/** Fills ERROR_FILE for a child that could not be started for this errno, and the way out where there is one. */
bool spawn_error(struct error *error, int number, const char *name);

#endif
