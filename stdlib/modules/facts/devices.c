/* Facts of block devices: sizes, partitions, and the names that lead to them. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "stdlib/modules/facts/fact_file.h"
#include "stdlib/modules/facts/facts.h"

enum { SECTOR = 512 };

/** The names in a folder, in order; empty where there is none. */
static struct value names_in(const char *folder)
{
    OWNED_ERROR ignored = {0};
    struct list *names = file_list_folder(folder, &ignored);
    return value_list_take(names ? names : list_new(0));
}

/** Bytes as people read them: "252.00 GB". */
static struct value size_text(double bytes)
{
    static const char *const units[] = {"Bytes", "KB", "MB", "GB", "TB", "PB", "EB"};
    size_t unit = 0;
    for (; bytes >= 1024 && unit + 1 < COUNT_OF(units); unit++)
        bytes /= 1024;
    return value_string_format("%.2f %s", bytes, units[unit]);
}

/** Adds to `links` (device -> names) what the links in a folder lead to. */
static struct value read_links(const char *folder)
{
    struct dict *links = dict_new();
    OWNED names = names_in(folder);
    for (size_t i = 0; i < names.as.list->count; i++) {
        CLEANUP(memory_cleanup) char *path = path_join(folder, value_bytes(names.as.list->items[i]));
        CLEANUP(memory_cleanup) char *target = realpath(path, NULL);
        if (!target)
            continue;
        const struct value *present = dict_find_string(links, path_name(target));
        OWNED list = present ? value_copy(*present) : value_list_new();
        list_push_take(value_own_list(&list), value_copy(names.as.list->items[i]));
        dict_set_string_take(links, path_name(target), value_steal(&list));
    }
    return value_dict_take(links);
}

/** Which devices are made of which: slave -> masters. */
static struct value read_masters(const struct list *devices)
{
    struct dict *masters = dict_new();
    for (size_t i = 0; i < devices->count; i++) {
        OWNED folder = value_string_format("/sys/block/%s/slaves", value_bytes(devices->items[i]));
        OWNED slaves = names_in(value_bytes(folder));
        for (size_t slave = 0; slave < slaves.as.list->count; slave++) {
            const struct value *present = dict_find(masters, slaves.as.list->items[slave]);
            OWNED list = present ? value_copy(*present) : value_list_new();
            list_push_take(value_own_list(&list), value_copy(devices->items[i]));
            dict_set_take(masters, value_copy(slaves.as.list->items[slave]), value_steal(&list));
        }
    }
    return value_dict_take(masters);
}

static struct value links_of(const struct dict *links, const char *device)
{
    struct dict *own = dict_new();
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(links, &i, &entry);) {
        const struct value *names = dict_find_string(entry->value.as.dict, device);
        dict_set_take(own, value_copy(entry->key), names ? value_copy(*names) : value_list_new());
    }
    return value_dict_take(own);
}

/** Sectors (of 512 bytes), the size of a physical one, and the whole as text. */
static void add_size(struct dict *device, const char *folder, const char *queue)
{
    int64_t sectors = fact_file_number(folder, "size", 0);
    OWNED sector = fact_file_in(queue, "logical_block_size");
    dict_set_string_take(device, "sectors", value_int(sectors));
    dict_set_string_take(device, "sectorsize", value_is_null(sector) ? value_string("512") : value_steal(&sector));
    dict_set_string_take(device, "size", size_text((double)sectors * SECTOR));
}

static struct value describe_partition(const char *folder, const char *name, const char *queue,
                                       const struct dict *links)
{
    struct dict *partition = dict_new();
    OWNED start = fact_file_in(folder, "start");
    CLEANUP(memory_cleanup) char *holders = path_join(folder, "holders");
    add_size(partition, folder, queue);
    dict_set_string_take(partition, "start", value_is_null(start) ? value_string("0") : value_steal(&start));
    dict_set_string_take(partition, "links", links_of(links, name));
    OWNED own = links_of(links, name);
    const struct value *uuids = dict_find_string(own.as.dict, "uuids");
    bool has_uuid = uuids && uuids->as.list->count > 0;
    dict_set_string_take(partition, "uuid", has_uuid ? value_copy(uuids->as.list->items[0]) : value_null());
    dict_set_string_take(partition, "holders", names_in(holders));
    return value_dict_take(partition);
}

static struct value describe_partitions(const char *folder, const char *device, const char *queue,
                                        const struct dict *links)
{
    struct dict *partitions = dict_new();
    OWNED names = names_in(folder);
    for (size_t i = 0; i < names.as.list->count; i++) {
        const char *name = value_bytes(names.as.list->items[i]);
        CLEANUP(memory_cleanup) char *path = path_join(folder, name);
        CLEANUP(memory_cleanup) char *start = path_join(path, "start");
        if (strncmp(name, device, strlen(device)) == 0 && file_exists(start))
            dict_set_string_take(partitions, name, describe_partition(path, name, queue, links));
    }
    return value_dict_take(partitions);
}

/** The scheduler in use: the word in brackets. */
static struct value scheduler(const char *queue)
{
    OWNED all = fact_file_in(queue, "scheduler");
    const char *bracket = value_is_null(all) ? NULL : strchr(value_bytes(all), '[');
    if (!bracket)
        return value_is_null(all) ? value_string("") : value_steal(&all);
    return value_string_length(bracket + 1, strcspn(bracket + 1, "]"));
}

static struct value describe_device(const char *name, const struct dict *links)
{
    static const char *const told[] = {"vendor", "model", "sas_address", "sas_device_handle"};
    OWNED folder = value_string_format("/sys/block/%s", name);
    OWNED queue = value_string_format("%s/queue", value_bytes(folder));
    OWNED holders = value_string_format("%s/holders", value_bytes(folder));
    OWNED hardware = value_string_format("%s/device", value_bytes(folder));
    OWNED removable = fact_file_in(value_bytes(folder), "removable");
    OWNED rotational = fact_file_in(value_bytes(queue), "rotational");
    OWNED discard = fact_file_in(value_bytes(queue), "discard_granularity");
    CLEANUP(memory_cleanup) char *real = realpath(value_bytes(folder), NULL);
    struct dict *device = dict_new();
    for (size_t i = 0; i < COUNT_OF(told); i++)
        dict_set_string_take(device, told[i], fact_file_in(value_bytes(hardware), told[i]));
    dict_set_string_take(device, "virtual", value_int(real && strstr(real, "/devices/virtual/") ? 1 : 0));
    dict_set_string_take(device, "links", links_of(links, name));
    dict_set_string_take(device, "removable", value_steal(&removable));
    dict_set_string_take(device, "rotational", value_steal(&rotational));
    dict_set_string_take(device, "support_discard", value_steal(&discard));
    dict_set_string_take(device, "scheduler_mode", scheduler(value_bytes(queue)));
    dict_set_string_take(device, "partitions",
                         describe_partitions(value_bytes(folder), name, value_bytes(queue), links));
    dict_set_string_take(device, "host", value_string(""));
    dict_set_string_take(device, "holders", names_in(value_bytes(holders)));
    add_size(device, value_bytes(folder), value_bytes(queue));
    return value_dict_take(device);
}

void facts_devices(struct facts *facts)
{
    OWNED names = names_in("/sys/block");
    struct dict *links = dict_new(), *devices = dict_new();
    dict_set_string_take(links, "ids", read_links("/dev/disk/by-id"));
    dict_set_string_take(links, "uuids", read_links("/dev/disk/by-uuid"));
    dict_set_string_take(links, "labels", read_links("/dev/disk/by-label"));
    dict_set_string_take(links, "masters", read_masters(names.as.list));
    for (size_t i = 0; i < names.as.list->count; i++) {
        const char *name = value_bytes(names.as.list->items[i]);
        if (strncmp(name, "ram", strlen("ram")) != 0)
            dict_set_string_take(devices, name, describe_device(name, links));
    }
    facts_set_take(facts, "device_links", value_dict_take(links));
    facts_set_take(facts, "devices", value_dict_take(devices));
}
