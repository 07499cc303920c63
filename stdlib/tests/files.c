/*
 * Tests on paths and files of the controller: abs, directory, exists, file, link, link_exists, mount, same_file,
 * vaulted_file.  Relative paths start from the working directory.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/os/path.h"
#include "runtime/value/repr.h"
#include "stdlib/tests/tests.h"

/** How stat or lstat ended. */
struct file_status {
    bool exists;
    int reason; /* errno when it does not */
    struct stat stat;
};

/** Asks about a path, or (for an int) about an open file as os.stat does. */
static bool read_status(struct value path, struct file_status *status, struct error *error)
{
    *status = (struct file_status){0};
    int ended;
    if (value_is_string(path))
        ended = stat(value_bytes(path), &status->stat);
    else if (path.kind == VALUE_INT)
        ended = fstat((int)path.as.integer, &status->stat);
    else if (path.kind == VALUE_BOOL)
        ended = fstat(path.as.boolean, &status->stat);
    else
        return error_set(error, ERROR_TYPE, "stat: path should be string, bytes, os.PathLike or integer, not %s",
                         value_type_name(path));
    status->exists = ended == 0;
    status->reason = errno;
    return true;
}

/** The same without following a link. */
static bool read_link_status(struct value path, struct file_status *status, struct error *error)
{
    *status = (struct file_status){0};
    if (!value_is_string(path))
        return error_set(error, ERROR_TYPE, "lstat: path should be string, bytes or os.PathLike, not %s",
                         value_type_name(path));
    status->exists = lstat(value_bytes(path), &status->stat) == 0;
    status->reason = errno;
    return true;
}

static bool test_abs(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                     struct error *error)
{
    (void)evaluation;
    if (!value_is_string(arguments[0]))
        return error_set(error, ERROR_TYPE, "expected str, bytes or os.PathLike object, not %s",
                         value_type_name(arguments[0]));
    return test_answer(result, path_is_absolute(value_bytes(arguments[0])));
}

static bool test_exists(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    struct file_status status;
    return read_status(arguments[0], &status, error) && test_answer(result, status.exists);
}

static bool test_directory(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    struct file_status status;
    return read_status(arguments[0], &status, error) &&
           test_answer(result, status.exists && S_ISDIR(status.stat.st_mode));
}

static bool test_file(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    struct file_status status;
    return read_status(arguments[0], &status, error) &&
           test_answer(result, status.exists && S_ISREG(status.stat.st_mode));
}

static bool test_link(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    struct file_status status;
    return read_link_status(arguments[0], &status, error) &&
           test_answer(result, status.exists && S_ISLNK(status.stat.st_mode));
}

static bool test_link_exists(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation;
    struct file_status status;
    return read_link_status(arguments[0], &status, error) && test_answer(result, status.exists);
}

/** A mount point is on another device than the folder it is in, or is that folder (the root). */
static bool is_mount(const char *path)
{
    struct stat here, above;
    CLEANUP(memory_cleanup) char *parent = path_join(path, "..");
    if (lstat(path, &here) < 0 || S_ISLNK(here.st_mode) || stat(parent, &above) < 0)
        return false;
    return here.st_dev != above.st_dev || here.st_ino == above.st_ino;
}

static bool test_mount(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    struct file_status status;
    return read_link_status(arguments[0], &status, error) &&
           test_answer(result, status.exists && is_mount(value_bytes(arguments[0])));
}

/** As Python writes an OSError. */
static bool fail_with_reason(int reason, struct value path, struct error *error)
{
    OWNED shown = value_repr(path);
    return error_set(error, ERROR_FILE, "[Errno %d] %s: %s", reason, strerror(reason), value_bytes(shown));
}

static bool test_same_file(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    struct file_status status[2];
    for (size_t i = 0; i < COUNT_OF(status); i++) {
        if (!read_status(arguments[i], &status[i], error))
            return false;
        if (!status[i].exists)
            return fail_with_reason(status[i].reason, arguments[i], error);
    }
    return test_answer(result, status[0].stat.st_dev == status[1].stat.st_dev &&
                                   status[0].stat.st_ino == status[1].stat.st_ino);
}

/** Reads a file's first bytes into `head`; returns 0 or errno. */
static int read_head(const char *path, char *head, size_t size, size_t *length)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return errno;
    ssize_t count = read(file, head, size);
    int reason = count < 0 ? errno : 0;
    close(file);
    *length = count < 0 ? 0 : (size_t)count;
    return reason;
}

static bool test_vaulted_file(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    (void)evaluation;
    static const char header[] = "$ANSIBLE_VAULT";
    char head[sizeof header - 1];
    size_t length = 0;
    OWNED path = value_str(arguments[0]), shown = value_repr(arguments[0]), shown_path = value_repr(path);
    int reason = read_head(value_bytes(path), head, sizeof head, &length);
    if (reason)
        return error_set(error, ERROR_FILE, "Cannot test if the file %s is a vault: [Errno %d] %s: b%s",
                         value_bytes(shown), reason, strerror(reason), value_bytes(shown_path));
    return test_answer(result, length == sizeof head && memcmp(head, header, length) == 0);
}

static const struct function rows[] = {
    {"abs", "path", test_abs, 0, "Is the path absolute?"},
    {"directory", "path", test_directory, 0, "Is there a folder at the path?"},
    {"exists", "path", test_exists, 0, "Is there anything at the path? A link must lead somewhere"},
    {"file", "path", test_file, 0, "Is there a regular file at the path?"},
    {"is_abs", "path", test_abs, 0, "Another name of abs"},
    {"is_dir", "path", test_directory, 0, "Another name of directory"},
    {"is_file", "path", test_file, 0, "Another name of file"},
    {"is_link", "path", test_link, 0, "Another name of link"},
    {"is_mount", "path", test_mount, 0, "Another name of mount"},
    {"is_same_file", "path, other", test_same_file, 0, "Another name of same_file"},
    {"link", "path", test_link, 0, "Is there a symbolic link at the path?"},
    {"link_exists", "path", test_link_exists, 0, "Is there anything at the path, even a link that leads nowhere?"},
    {"mount", "path", test_mount, 0, "Is a file system mounted at the path?"},
    {"same_file", "path, other", test_same_file, 0, "Do both paths lead to one file?"},
    {"vaulted_file", "path", test_vaulted_file, 0, "Is the file encrypted by a vault?"},
};

const struct function_table tests_files = {FUNCTION_TEST, "ansible.builtin", rows, COUNT_OF(rows)};
