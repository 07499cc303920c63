/* Facts of memory, swap and uptime. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "stdlib/modules/facts/fact_file.h"
#include "stdlib/modules/facts/facts.h"

/** What /proc/meminfo tells, in MiB. */
struct memory {
    int64_t total, free, buffers, cached, swap_total, swap_free, swap_cached;
};

static struct memory read_memory(void)
{
    struct memory memory = {0};
    const struct {
        const char *key;
        int64_t *slot;
    } rows[] = {
        {"MemTotal", &memory.total},         {"MemFree", &memory.free},         {"Buffers", &memory.buffers},
        {"Cached", &memory.cached},          {"SwapTotal", &memory.swap_total}, {"SwapFree", &memory.swap_free},
        {"SwapCached", &memory.swap_cached},
    };
    OWNED_LINES lines = fact_lines_open("/proc/meminfo");
    for (char *line; (line = fact_lines_next(&lines));) {
        size_t length = strcspn(line, ":");
        for (size_t i = 0; i < COUNT_OF(rows); i++)
            if (strlen(rows[i].key) == length && memcmp(line, rows[i].key, length) == 0)
                *rows[i].slot = strtoll(line + length + 1, NULL, 10) / 1024;
    }
    return memory;
}

static void set_number(struct dict *dict, const char *key, int64_t number)
{
    dict_set_string_take(dict, key, value_int(number));
}

static struct value describe(const struct memory *memory)
{
    struct dict *all = dict_new(), *real = dict_new(), *uncached = dict_new(), *swap = dict_new();
    int64_t available = memory->cached + memory->free + memory->buffers;
    set_number(real, "total", memory->total);
    set_number(real, "used", memory->total - memory->free);
    set_number(real, "free", memory->free);
    set_number(uncached, "free", available);
    set_number(uncached, "used", memory->total - available);
    set_number(swap, "total", memory->swap_total);
    set_number(swap, "free", memory->swap_free);
    set_number(swap, "used", memory->swap_total - memory->swap_free);
    set_number(swap, "cached", memory->swap_cached);
    dict_set_string_take(all, "real", value_dict_take(real));
    dict_set_string_take(all, "nocache", value_dict_take(uncached));
    dict_set_string_take(all, "swap", value_dict_take(swap));
    return value_dict_take(all);
}

void facts_memory(struct facts *facts)
{
    struct memory memory = read_memory();
    OWNED uptime = fact_file("/proc/uptime");
    set_number(facts->found, "memtotal_mb", memory.total);
    set_number(facts->found, "memfree_mb", memory.free);
    set_number(facts->found, "swaptotal_mb", memory.swap_total);
    set_number(facts->found, "swapfree_mb", memory.swap_free);
    facts_set_take(facts, "memory_mb", describe(&memory));
    if (!value_is_null(uptime))
        set_number(facts->found, "uptime_seconds", strtoll(value_bytes(uptime), NULL, 10));
}
