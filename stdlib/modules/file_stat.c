/* What the system tells of a file: see file_stat.h. */
#include "stdlib/modules/file_stat.h"

#include <grp.h>
#include <pwd.h>

#include "stdlib/modules/file_mode.h"

static void set_flag(struct dict *facts, const char *key, bool value)
{
    dict_set_string_take(facts, key, value_bool(value));
}

static void set_time(struct dict *facts, const char *key, struct timespec time)
{
    dict_set_string_take(facts, key, value_float((double)time.tv_sec + (double)time.tv_nsec * 1e-9));
}

static void add_kind(struct dict *facts, mode_t mode)
{
    set_flag(facts, "isdir", S_ISDIR(mode));
    set_flag(facts, "ischr", S_ISCHR(mode));
    set_flag(facts, "isblk", S_ISBLK(mode));
    set_flag(facts, "isreg", S_ISREG(mode));
    set_flag(facts, "isfifo", S_ISFIFO(mode));
    set_flag(facts, "islnk", S_ISLNK(mode));
    set_flag(facts, "issock", S_ISSOCK(mode));
}

static void add_permissions(struct dict *facts, mode_t mode)
{
    static const struct {
        const char *key;
        mode_t bit;
    } bits[] = {
        {"wusr", S_IWUSR}, {"rusr", S_IRUSR},  {"xusr", S_IXUSR},  {"wgrp", S_IWGRP},
        {"rgrp", S_IRGRP}, {"xgrp", S_IXGRP},  {"woth", S_IWOTH},  {"roth", S_IROTH},
        {"xoth", S_IXOTH}, {"isuid", S_ISUID}, {"isgid", S_ISGID},
    };
    dict_set_string_take(facts, "mode", value_string_format("%04o", mode & FILE_MODE_BITS));
    for (size_t i = 0; i < COUNT_OF(bits); i++)
        set_flag(facts, bits[i].key, mode & bits[i].bit);
}

static void add_numbers(struct dict *facts, const struct stat *status)
{
    dict_set_string_take(facts, "uid", value_int(status->st_uid));
    dict_set_string_take(facts, "gid", value_int(status->st_gid));
    dict_set_string_take(facts, "size", value_int(status->st_size));
    dict_set_string_take(facts, "inode", value_int((int64_t)status->st_ino));
    dict_set_string_take(facts, "dev", value_int((int64_t)status->st_dev));
    dict_set_string_take(facts, "nlink", value_int((int64_t)status->st_nlink));
    set_time(facts, "atime", status->st_atim);
    set_time(facts, "mtime", status->st_mtim);
    set_time(facts, "ctime", status->st_ctim);
}

void file_stat_describe(struct dict *facts, const struct stat *status)
{
    const struct passwd *user = getpwuid(status->st_uid);
    const struct group *group = getgrgid(status->st_gid);
    add_permissions(facts, status->st_mode);
    add_kind(facts, status->st_mode);
    add_numbers(facts, status);
    if (user)
        dict_set_string_take(facts, "pw_name", value_string(user->pw_name));
    if (group)
        dict_set_string_take(facts, "gr_name", value_string(group->gr_name));
}
