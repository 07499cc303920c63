/* Times of files: see file_times.h. */
#include "stdlib/modules/file_times.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/** Reads one of the options; UTIME_OMIT in tv_nsec: it stays as it is. */
static bool read_time(const struct module_call *call, const char *option, const char *format_option,
                      struct timespec *time, struct error *error)
{
    const char *wanted = module_string(call, option);
    struct tm local = {.tm_isdst = -1};
    if (!wanted || strcmp(wanted, "now") == 0) {
        *time = (struct timespec){.tv_nsec = UTIME_NOW};
        return true;
    }
    if (strcmp(wanted, "preserve") == 0) {
        *time = (struct timespec){.tv_nsec = UTIME_OMIT};
        return true;
    }
    const char *end = strptime(wanted, module_string(call, format_option), &local);
    if (!end || *end)
        return error_set(error, ERROR_MODULE, "Error while obtaining timestamp for time %s using format %s", wanted,
                         module_string(call, format_option));
    *time = (struct timespec){.tv_sec = mktime(&local)};
    return true;
}

/** Would setting it change this time? */
static bool differs(struct timespec wanted, struct timespec present)
{
    if (wanted.tv_nsec == UTIME_OMIT || wanted.tv_nsec == UTIME_NOW)
        return wanted.tv_nsec == UTIME_NOW;
    return wanted.tv_sec != present.tv_sec || wanted.tv_nsec != present.tv_nsec;
}

bool file_times_apply(const struct module_call *call, const char *path, bool is_new, bool *changed, struct error *error)
{
    struct stat status;
    struct timespec times[2];
    if (!read_time(call, "access_time", "access_time_format", &times[0], error) ||
        !read_time(call, "modification_time", "modification_time_format", &times[1], error))
        return false;
    if (stat(path, &status) < 0)
        return error_set(error, ERROR_MODULE, "[Errno %d] %s: '%s'", errno, strerror(errno), path);
    if (!is_new && !differs(times[0], status.st_atim) && !differs(times[1], status.st_mtim))
        return true;
    *changed = true;
    if (call->host->check_mode || utimensat(AT_FDCWD, path, times, 0) == 0)
        return true;
    return error_set(error, ERROR_MODULE, "Error while updating modification or access time: [Errno %d] %s: '%s'",
                     errno, strerror(errno), path);
}
