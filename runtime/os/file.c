/* Files: see file.h. */
#include "runtime/os/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "runtime/os/path.h"
#include "runtime/value/compare.h"
#include "runtime/value/list.h"

/** What is read first from a file that does not say its size (a pipe, /proc). */
enum { FIRST_READ = 4096 };

/** Fills ERROR_FILE as Python words an OSError: "[Errno 2] No such file or directory: '/x'".  Returns false. */
static bool system_error(struct error *error, int number, const char *path)
{
    return error_set(error, ERROR_FILE, "[Errno %d] %s: '%s'", number, strerror(number), path);
}

static void descriptor_cleanup(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
}

/** Reads to the end of the file into a block that grows; false with errno. */
static bool read_all(int descriptor, size_t size_hint, char **bytes, size_t *length)
{
    size_t capacity = size_hint > 0 ? size_hint + 1 : FIRST_READ, used = 0;
    CLEANUP(memory_cleanup) char *block = memory_new(capacity);
    for (;;) {
        if (used + 1 >= capacity)
            block = memory_resize(block, capacity = memory_grown(capacity), 1);
        ssize_t got = read(descriptor, block + used, capacity - used - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            break;
        used += (size_t)got;
    }
    block[used] = '\0';
    *bytes = block;
    *length = used;
    block = NULL;
    return true;
}

bool file_read(const char *path, char **bytes, size_t *length, struct error *error)
{
    CLEANUP(descriptor_cleanup) int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) < 0)
        return system_error(error, errno, path);
    /* One byte more than the size lets the end be seen without growing. */
    size_t hint = S_ISREG(status.st_mode) && status.st_size > 0 ? (size_t)status.st_size + 1 : 0;
    return read_all(descriptor, hint, bytes, length) || system_error(error, errno, path);
}

struct source *file_read_source(const char *path, struct error *error)
{
    char *read = NULL;
    size_t length = 0;
    if (!file_read(path, &read, &length, error))
        return NULL;
    CLEANUP(memory_cleanup) char *bytes = read;
    CLEANUP(memory_cleanup) char *name = path_absolute(path);
    return source_new(name, bytes, length);
}

static bool write_all(int descriptor, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(descriptor, bytes, length);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            bytes += written;
            length -= (size_t)written;
        }
    }
    return true;
}

/** A name in the folder of `path` that nobody can foresee; it does not grow with the name of the file. */
static char *temporary_name(const char *path)
{
    uint64_t random;
    if (getrandom(&random, sizeof random, 0) != sizeof random)
        bug("getrandom: %s", strerror(errno));
    char name[32];
    snprintf(name, sizeof name, ".playlet-%016" PRIx64, random);
    CLEANUP(memory_cleanup) char *directory = path_directory(path);
    return path_join(directory, name);
}

/** Writes a new file of exactly this mode; its descriptor, or -1 with errno. */
static int write_new(const char *path, const char *bytes, size_t length, mode_t mode)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0 || (write_all(descriptor, bytes, length) && fchmod(descriptor, mode) == 0))
        return descriptor;
    int number = errno;
    close(descriptor);
    errno = number;
    return -1;
}

/** Writes beside `path`, then renames; `to_disk`: only when the content has arrived there. */
static bool replace(const char *path, const char *bytes, size_t length, mode_t mode, bool to_disk, struct error *error)
{
    CLEANUP(memory_cleanup) char *temporary = temporary_name(path);
    CLEANUP(descriptor_cleanup) int descriptor = write_new(temporary, bytes, length, mode);
    if (descriptor >= 0 && (!to_disk || fsync(descriptor) == 0) && rename(temporary, path) == 0)
        return true;
    int number = errno;
    if (number != EEXIST)
        unlink(temporary);
    return system_error(error, number, path);
}

bool file_write_atomic(const char *path, const char *bytes, size_t length, mode_t mode, struct error *error)
{
    return replace(path, bytes, length, mode, true, error);
}

bool file_replace(const char *path, const char *bytes, size_t length, mode_t mode, struct error *error)
{
    return replace(path, bytes, length, mode, false, error);
}

bool file_exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

bool file_is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool file_is_regular(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

struct list *file_list_folder(const char *path, struct error *error)
{
    DIR *directory = opendir(path);
    if (!directory) {
        system_error(error, errno, path);
        return NULL;
    }
    struct list *names = list_new(16);
    for (const struct dirent *entry; (entry = readdir(directory));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            list_push_take(names, value_string(entry->d_name));
    closedir(directory);
    value_sort(names->items, names->count, NULL, NULL, error);
    return names;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

bool file_remove_tree(const char *path)
{
    enum { OPEN_FOLDERS = 32 };
    return nftw(path, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) == 0;
}

/** mkdir that is content with a folder that is there (or that another process makes meanwhile); false with errno. */
static bool make_directory(const char *path, mode_t mode)
{
    if (mkdir(path, mode) == 0)
        return true;
    int number = errno;
    if (file_is_directory(path))
        return true;
    errno = number == EEXIST ? ENOTDIR : number;
    return false;
}

bool file_make_directories(const char *path, mode_t mode, struct error *error)
{
    if (make_directory(path, mode))
        return true;
    if (errno != ENOENT || !*path)
        return system_error(error, errno, path);
    CLEANUP(memory_cleanup) char *copy = memory_copy_string(path, strlen(path));
    for (char *slash = copy + strspn(copy, "/"); (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        if (!make_directory(copy, mode))
            return system_error(error, errno, copy);
        *slash = '/';
    }
    return make_directory(path, mode) || system_error(error, errno, path);
}
