/* What a file is: see file_state.h. */
#include "stdlib/modules/file_state.h"

#include <grp.h>
#include <pwd.h>

enum { MODE_BITS = 07777 };

const char *file_state(const char *path, struct stat *status)
{
    if (lstat(path, status) < 0)
        return "absent";
    if (S_ISLNK(status->st_mode))
        return "link";
    if (S_ISDIR(status->st_mode))
        return "directory";
    return status->st_nlink > 1 ? "hard" : "file";
}

struct value file_state_owner(uid_t user)
{
    const struct passwd *entry = getpwuid(user);
    return entry ? value_string(entry->pw_name) : value_string_format("%u", user);
}

struct value file_state_group(gid_t group)
{
    const struct group *entry = getgrgid(group);
    return entry ? value_string(entry->gr_name) : value_string_format("%u", group);
}

void file_state_describe(struct dict *result, const char *path)
{
    struct stat status = {0};
    const char *state = file_state(path, &status);
    dict_set_string_take(result, "state", value_string(state));
    if (status.st_mode == 0)
        return;
    dict_set_string_take(result, "uid", value_int(status.st_uid));
    dict_set_string_take(result, "gid", value_int(status.st_gid));
    dict_set_string_take(result, "owner", file_state_owner(status.st_uid));
    dict_set_string_take(result, "group", file_state_group(status.st_gid));
    dict_set_string_take(result, "mode", value_string_format("%04o", status.st_mode & MODE_BITS));
    dict_set_string_take(result, "size", value_int(status.st_size));
}
