/* Starting a program: see spawn.h. */
#include "runtime/async/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/os/environment.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/text.h"

/** Appends the bytes as Python's repr of a bytes object shows them. */
static void append_bytes_repr(struct text_buffer *out, const char *bytes)
{
    char quote = strchr(bytes, '\'') && !strchr(bytes, '"') ? '"' : '\'';
    text_buffer_append_format(out, "b%c", quote);
    for (const unsigned char *at = (const unsigned char *)bytes; *at; at++) {
        if (*at == '\\' || *at == quote)
            text_buffer_append_format(out, "\\%c", *at);
        else if (*at == '\t' || *at == '\n' || *at == '\r')
            text_buffer_append_format(out, "\\%c", *at == '\t' ? 't' : *at == '\n' ? 'n' : 'r');
        else if (*at < ' ' || *at > '~')
            text_buffer_append_format(out, "\\x%02x", *at);
        else
            text_buffer_append_char(out, (char)*at);
    }
    text_buffer_append_char(out, quote);
}

bool spawn_error(struct error *error, int number, const char *name)
{
    CLEANUP(text_buffer_done) struct text_buffer shown = {0};
    append_bytes_repr(&shown, name);
    error_set(error, ERROR_FILE, "[Errno %d] %s: %s", number, strerror(number), text_buffer_bytes(&shown));
    if (number == EMFILE || number == ENFILE)
        error_help(error, "Raise the limit of open files (ulimit -n) or run fewer tasks at once (forks, async).");
    if (number == EAGAIN)
        error_help(error, "Raise the limit of processes (ulimit -u) or run fewer tasks at once (forks, async).");
    return false;
}

/** The path to execute, the caller's, or NULL with errno. */
static char *find_program(const struct spawn_spec *spec)
{
    const char *name = spec->program ? spec->program : spec->argv[0];
    /* A name with a slash is left to exec, which knows more reasons and resolves it in the child's directory. */
    if (spec->program || strchr(name, '/'))
        return memory_copy_string(name, strlen(name));
    return path_find_program(name, environment_find(spec->environment, "PATH", 4));
}

/** Fails with the errno of a directory that a child could not change to, as the child could not say which name it was. */
static int check_directory(const char *directory)
{
    if (access(directory, X_OK) < 0)
        return errno;
    return file_is_directory(directory) ? 0 : ENOTDIR;
}

static void init_attributes(posix_spawnattr_t *attributes, bool new_session)
{
    sigset_t defaults, mask;
    sigemptyset(&mask);
    sigemptyset(&defaults);
    static const int reset[] = {SIGINT, SIGTERM, SIGQUIT, SIGPIPE, SIGXFSZ, SIGWINCH};
    for (size_t i = 0; i < COUNT_OF(reset); i++)
        sigaddset(&defaults, reset[i]);
    short group = new_session ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
    posix_spawnattr_init(attributes);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setsigmask(attributes, &mask);
    posix_spawnattr_setsigdefault(attributes, &defaults);
    posix_spawnattr_setflags(attributes, (short)(group | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
}

static void init_actions(posix_spawn_file_actions_t *actions, const struct spawn_spec *spec)
{
    posix_spawn_file_actions_init(actions);
    for (int i = 0; i < SPAWN_DESCRIPTORS; i++) {
        if (spec->descriptors[i] == SPAWN_NULL)
            posix_spawn_file_actions_addopen(actions, i, "/dev/null", i == 0 ? O_RDONLY : O_WRONLY, 0);
        else if (spec->descriptors[i] != SPAWN_NONE)
            posix_spawn_file_actions_adddup2(actions, spec->descriptors[i], i);
    }
    if (spec->directory)
        posix_spawn_file_actions_addchdir_np(actions, spec->directory);
}

/** Runs `path`; the errno, or 0. */
static int spawn_path(const char *path, const struct spawn_spec *spec, pid_t *id)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    init_attributes(&attributes, spec->new_session);
    init_actions(&actions, spec);
    int number = posix_spawn(id, path, &actions, &attributes, spec->argv, spec->environment ?: environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return number;
}

pid_t spawn_child(const struct spawn_spec *spec, int *error_number, struct error *error)
{
    pid_t id = -1;
    int number = spec->directory ? check_directory(spec->directory) : 0;
    if (number) {
        *error_number = number;
        error_set(error, ERROR_FILE, "[Errno %d] %s: '%s'", number, strerror(number), spec->directory);
        return -1;
    }
    CLEANUP(memory_cleanup) char *path = find_program(spec);
    number = path ? spawn_path(path, spec, &id) : errno;
    if (number == 0)
        return id;
    *error_number = number;
    spawn_error(error, number, spec->program ? spec->program : spec->argv[0]);
    return -1;
}
