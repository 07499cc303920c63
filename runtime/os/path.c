/* Paths as text: see path.h.  Python's posixpath is the model. */
#include "runtime/os/path.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** Where a program is looked for when there is no PATH. */
#define DEFAULT_SEARCH "/bin:/usr/bin"

/** `first` and `second`, one after the other, in a new string. */
static char *joined(const char *first, size_t first_length, const char *separator, const char *second)
{
    size_t separator_length = strlen(separator), second_length = strlen(second);
    char *result = memory_new(first_length + separator_length + second_length + 1);
    memcpy(result, first, first_length);
    memcpy(result + first_length, separator, separator_length);
    memcpy(result + first_length + separator_length, second, second_length + 1);
    return result;
}

bool path_is_absolute(const char *path)
{
    return path[0] == '/';
}

char *path_join(const char *directory, const char *name)
{
    size_t length = strlen(directory);
    if (path_is_absolute(name))
        return joined(name, strlen(name), "", "");
    bool needs_separator = length > 0 && directory[length - 1] != '/';
    return joined(directory, length, needs_separator ? "/" : "", name);
}

char *path_directory(const char *path)
{
    size_t length = (size_t)(path_name(path) - path);
    size_t trimmed = length;
    while (trimmed > 0 && path[trimmed - 1] == '/')
        trimmed--;
    return memory_copy_string(path, trimmed > 0 ? trimmed : length); /* a head of slashes alone stays as it is */
}

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/** How many of the leading slashes count: POSIX lets exactly two mean something of their own. */
static size_t root_length(const char *path)
{
    size_t slashes = strspn(path, "/");
    return slashes == 2 ? 2 : slashes > 0;
}

/** Cuts the last component of the `length` bytes unless it is ".." or the root; false when nothing could be cut. */
static bool cut_component(const char *bytes, size_t root, size_t *length)
{
    size_t start = *length;
    while (start > root && bytes[start - 1] != '/')
        start--;
    if (start == *length || (*length - start == 2 && memcmp(bytes + start, "..", 2) == 0))
        return false;
    *length = start > root ? start - 1 : root;
    return true;
}

char *path_normal(const char *path)
{
    size_t root = root_length(path);
    char *result = memory_new(strlen(path) + 2);
    memcpy(result, path, root);
    size_t length = root;
    for (const char *part = path + strspn(path, "/"), *end; *part; part = end + strspn(end, "/")) {
        end = part + strcspn(part, "/");
        size_t size = (size_t)(end - part);
        bool is_parent = size == 2 && memcmp(part, "..", 2) == 0;
        if ((size == 1 && *part == '.') || (is_parent && (cut_component(result, root, &length) || root > 0)))
            continue;
        if (length > root)
            result[length++] = '/';
        memcpy(result + length, part, size);
        length += size;
    }
    if (length == 0)
        result[length++] = '.';
    result[length] = '\0';
    return result;
}

char *path_absolute(const char *path)
{
    if (path_is_absolute(path))
        return path_normal(path);
    /* A removed working directory has no name; the root is as good as any other then. */
    char *here = getcwd(NULL, 0);
    CLEANUP(memory_cleanup) char *whole = path_join(here ? here : "/", path);
    free(here);
    return path_normal(whole);
}

/** The home of the user whose name is the `length` bytes (none: of this process's user), or NULL. */
static const char *home_of(const char *user, size_t length)
{
    const char *home = length == 0 ? getenv("HOME") : NULL;
    if (home)
        return home;
    CLEANUP(memory_cleanup) char *name = memory_copy_string(user, length);
    struct passwd *entry = length == 0 ? getpwuid(getuid()) : getpwnam(name);
    return entry ? entry->pw_dir : NULL;
}

char *path_expand_user(const char *path)
{
    size_t end = strcspn(path, "/");
    const char *home = path[0] == '~' ? home_of(path + 1, end - 1) : NULL;
    if (!home)
        return memory_copy_string(path, strlen(path));
    size_t length = strlen(home);
    while (length > 0 && home[length - 1] == '/')
        length--;
    return length == 0 && !path[end] ? memory_copy_string("/", 1) : joined(home, length, "", path + end);
}

/** Can it be executed?  Notes in `*number` that a file is there but may not. */
static bool is_program(const char *path, int *number)
{
    struct stat status;
    if (stat(path, &status) < 0 || !S_ISREG(status.st_mode))
        return false;
    bool may_execute = access(path, X_OK) == 0;
    if (!may_execute)
        *number = EACCES;
    return may_execute;
}

/** The first program of that name in the folders of `search`, or NULL. */
static char *search_program(const char *name, const char *search, int *number)
{
    for (const char *entry = search;; entry++) {
        size_t length = strcspn(entry, ":");
        char *candidate = joined(entry, length, length > 0 ? "/" : "./", name); /* an empty entry is "." */
        if (is_program(candidate, number))
            return candidate;
        free(candidate);
        entry += length;
        if (!*entry)
            return NULL;
    }
}

char *path_find_program(const char *name, const char *search)
{
    char *found = NULL;
    int number = ENOENT;
    if (strchr(name, '/'))
        found = is_program(name, &number) ? memory_copy_string(name, strlen(name)) : NULL;
    else if (*name)
        found = search_program(name, search ? search : DEFAULT_SEARCH, &number);
    errno = found ? 0 : number;
    return found;
}
