/* The fact mounts: what is mounted from devices and from other hosts, with its sizes. */
#include <dirent.h>
#include <mntent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "stdlib/modules/facts/fact_file.h"
#include "stdlib/modules/facts/facts.h"

/** The name below /dev/disk/by-uuid that leads to a device; "N/A" where none does. */
static struct value find_uuid(const char *device)
{
    static const char folder[] = "/dev/disk/by-uuid";
    DIR *names = opendir(folder);
    struct value uuid = value_string("N/A");
    CLEANUP(memory_cleanup) char *wanted = realpath(device, NULL);
    for (struct dirent *entry; names && wanted && (entry = readdir(names));) {
        OWNED link = value_string_format("%s/%s", folder, entry->d_name);
        CLEANUP(memory_cleanup) char *target = realpath(value_bytes(link), NULL);
        if (target && entry->d_name[0] != '.' && strcmp(target, wanted) == 0)
            value_replace_take(&uuid, value_string(entry->d_name));
    }
    if (names)
        closedir(names);
    return uuid;
}

static void set_number(struct dict *dict, const char *key, uint64_t number)
{
    dict_set_string_take(dict, key, value_int((int64_t)number));
}

static void add_sizes(struct dict *mount, const char *path)
{
    struct statvfs sizes;
    if (statvfs(path, &sizes) != 0)
        return;
    set_number(mount, "size_total", sizes.f_frsize * sizes.f_blocks);
    set_number(mount, "size_available", sizes.f_frsize * sizes.f_bavail);
    set_number(mount, "block_size", sizes.f_bsize);
    set_number(mount, "block_total", sizes.f_blocks);
    set_number(mount, "block_available", sizes.f_bavail);
    set_number(mount, "block_used", sizes.f_blocks - sizes.f_bavail);
    set_number(mount, "inode_total", sizes.f_files);
    set_number(mount, "inode_available", sizes.f_favail);
    set_number(mount, "inode_used", sizes.f_files - sizes.f_favail);
}

/** The folders that are mounted from inside of another file system (`mount --bind`). */
static struct dict *find_binds(void)
{
    struct dict *binds = dict_new();
    OWNED_LINES lines = fact_lines_open("/proc/self/mountinfo");
    for (char *line; (line = fact_lines_next(&lines));) {
        char *cursor, *fields[5];
        size_t count = 0;
        bool is_subvolume = strstr(line, " - btrfs ") != NULL;
        for (char *word = strtok_r(line, " ", &cursor); word && count < COUNT_OF(fields);
             word = strtok_r(NULL, " ", &cursor))
            fields[count++] = word;
        if (count == COUNT_OF(fields) && strcmp(fields[3], "/") != 0 && !is_subvolume)
            dict_set_string_take(binds, fields[4], value_bool(true));
    }
    return binds;
}

static struct value describe(const struct mntent *entry, const struct dict *binds)
{
    struct dict *mount = dict_new();
    bool is_bind = dict_find_string(binds, entry->mnt_dir) && !hasmntopt(entry, "bind");
    dict_set_string_take(mount, "mount", value_string(entry->mnt_dir));
    dict_set_string_take(mount, "device", value_string(entry->mnt_fsname));
    dict_set_string_take(mount, "fstype", value_string(entry->mnt_type));
    dict_set_string_take(mount, "options", value_string_format("%s%s", entry->mnt_opts, is_bind ? ",bind" : ""));
    dict_set_string_take(mount, "dump", value_int(entry->mnt_freq));
    dict_set_string_take(mount, "passno", value_int(entry->mnt_passno));
    add_sizes(mount, entry->mnt_dir);
    dict_set_string_take(mount, "uuid", find_uuid(entry->mnt_fsname));
    return value_dict_take(mount);
}

void facts_mounts(struct facts *facts)
{
    struct list *mounts = list_new(4);
    OWNED binds = value_dict_take(find_binds());
    FILE *table = setmntent("/etc/mtab", "r") ?: setmntent("/proc/mounts", "r");
    struct mntent entry;
    char buffer[16384];
    while (table && getmntent_r(table, &entry, buffer, sizeof buffer)) {
        bool is_device = entry.mnt_fsname[0] == '/' || strstr(entry.mnt_fsname, ":/");
        if (is_device && strcmp(entry.mnt_type, "none") != 0)
            list_push_take(mounts, describe(&entry, binds.as.dict));
    }
    if (table)
        endmntent(table);
    facts_set_take(facts, "mounts", value_list_take(mounts));
}
