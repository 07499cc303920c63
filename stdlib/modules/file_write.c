/* Writing files anew: see file_write.h. */
#include "stdlib/modules/file_write.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "runtime/os/file.h"
#include "runtime/value/value.h"
#include "stdlib/modules/file_mode.h"

bool file_write_over(const char *path, const char *bytes, size_t length, const struct stat *old, struct error *error)
{
    mode_t mask = umask(0);
    umask(mask);
    bool is_replaced = old && S_ISREG(old->st_mode);
    mode_t mode = is_replaced ? old->st_mode & FILE_MODE_BITS : 0666 & ~mask;
    if (!file_write_atomic(path, bytes, length, mode, error))
        return false;
    bool is_own = !is_replaced || (old->st_uid == geteuid() && old->st_gid == getegid());
    if (is_own || (chown(path, old->st_uid, old->st_gid) == 0 && chmod(path, mode) == 0))
        return true;
    return error_set(error, ERROR_MODULE, "[Errno %d] %s: '%s'", errno, strerror(errno), path);
}

bool file_write_backup(const char *path, const char *bytes, size_t length, mode_t mode, struct value *name,
                       struct error *error)
{
    char stamp[32];
    struct tm local;
    time_t now = time(NULL);
    localtime_r(&now, &local);
    strftime(stamp, sizeof stamp, "%Y-%m-%d@%H:%M:%S~", &local);
    OWNED backup = value_string_format("%s.%d.%s", path, (int)getpid(), stamp);
    if (!file_write_atomic(value_bytes(backup), bytes, length, mode & FILE_MODE_BITS, error))
        return false;
    *name = value_steal(&backup);
    return true;
}
