#include "stdlib/lookups/found_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "runtime/os/file.h"
#include "runtime/os/vault_keyring.h"

char *found_file_path(struct evaluation *evaluation, const char *folder, const char *name)
{
    OWNED_ERROR error = {0};
    return evaluation_find_file(evaluation, folder, name, &error);
}

bool found_file_read(struct evaluation *evaluation, const char *path, struct value *content, struct error *error)
{
    CLEANUP(memory_cleanup) char *bytes = NULL;
    OWNED_ERROR reason = {0};
    size_t length;
    int number = file_is_directory(path) ? EISDIR : access(path, R_OK) < 0 ? errno : 0;
    if (number)
        return error_set(error, ERROR_FILE, "An error occurred while trying to read the file '%s': [Errno %d] %s: '%s'",
                         path, number, strerror(number), path);
    if (!file_read(path, &bytes, &length, &reason) ||
        !vault_open_bytes(evaluation_keyring(evaluation), &bytes, &length, &reason))
        return error_move(error, &reason);
    *content = value_string_length(bytes, length);
    return true;
}
