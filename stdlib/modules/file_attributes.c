/* Attributes of files: see file_attributes.h. */
#include "stdlib/modules/file_attributes.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stdlib/modules/file_mode.h"
#include "stdlib/modules/file_state.h"

/** One file's attributes on their way. */
struct attributes {
    const struct module_call *call;
    const char *path;
    bool follow;
    struct stat status;
    struct file_attribute_diff diff;
    bool *changed;
    struct error *error;
};

static void note_change(struct attributes *attributes, const char *key, struct value before, struct value after)
{
    OWNED old = before;
    OWNED new = after;
    *attributes->changed = true;
    if (attributes->diff.before)
        dict_set_string_take(attributes->diff.before, key, value_copy(old));
    if (attributes->diff.after)
        dict_set_string_take(attributes->diff.after, key, value_copy(new));
}

static bool apply_mode(struct attributes *attributes)
{
    struct value wanted = module_argument(attributes->call, "mode");
    mode_t present = attributes->status.st_mode, mode;
    if (value_is_null(wanted) || value_equals_string(wanted, "preserve") || (S_ISLNK(present) && !attributes->follow))
        return true;
    if (!file_mode_resolve(wanted, present, &mode, attributes->error))
        return false;
    if (mode == (present & FILE_MODE_BITS))
        return true;
    note_change(attributes, "mode", value_string_format("%04o", present & FILE_MODE_BITS),
                value_string_format("%04o", mode));
    if (attributes->call->host->check_mode || chmod(attributes->path, mode) == 0)
        return true;
    return error_set(attributes->error, ERROR_MODULE, "chmod failed: [Errno %d] %s: '%s'", errno, strerror(errno),
                     attributes->path);
}

/** The number of a user (or group) given by name or number; false when there is none. */
static bool find_id(const char *name, bool is_group, unsigned *id)
{
    char *end;
    unsigned long number = strtoul(name, &end, 10);
    if (*name && !*end) {
        *id = (unsigned)number;
        return true;
    }
    const struct passwd *user = is_group ? NULL : getpwnam(name);
    const struct group *group = is_group ? getgrnam(name) : NULL;
    if (user)
        *id = user->pw_uid;
    if (group)
        *id = group->gr_gid;
    return user || group;
}

/** Changes the owner or the group; the number -1 leaves the other as it is. */
static bool apply_owner(struct attributes *attributes, bool is_group)
{
    const char *option = is_group ? "group" : "owner", *name = module_string(attributes->call, option);
    const struct stat *status = &attributes->status;
    unsigned present = is_group ? status->st_gid : status->st_uid, wanted;
    if (!name)
        return true;
    if (!find_id(name, is_group, &wanted))
        return error_set(attributes->error, ERROR_MODULE, "%s failed: failed to look up %s %s",
                         is_group ? "chgrp" : "chown", is_group ? "group" : "user", name);
    if (wanted == present)
        return true;
    note_change(attributes, option, value_int(present), value_int(wanted));
    if (attributes->call->host->check_mode ||
        fchownat(AT_FDCWD, attributes->path, is_group ? (uid_t)-1 : wanted, is_group ? wanted : (gid_t)-1,
                 attributes->follow ? 0 : AT_SYMLINK_NOFOLLOW) == 0)
        return true;
    return error_set(attributes->error, ERROR_MODULE, "%s failed: [Errno %d] %s: '%s'", is_group ? "chgrp" : "chown",
                     errno, strerror(errno), attributes->path);
}

bool file_attributes_apply(const struct module_call *call, const char *path, bool follow,
                           struct file_attribute_diff diff, bool *changed, struct error *error)
{
    struct attributes attributes = {call, path, follow, {0}, diff, changed, error};
    if ((follow ? stat : lstat)(path, &attributes.status) < 0)
        return call->host->check_mode ||
               error_set(error, ERROR_MODULE, "[Errno %d] %s: '%s'", errno, strerror(errno), path);
    /* The owner first: a change of owner may take set-id bits away. */
    return apply_owner(&attributes, false) && apply_owner(&attributes, true) && apply_mode(&attributes);
}
