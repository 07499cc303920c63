/* Facts of the processors: names, sockets, cores, threads. */
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "stdlib/modules/facts/fact_file.h"
#include "stdlib/modules/facts/facts.h"

/** What /proc/cpuinfo tells. */
struct processors {
    struct list *names;   /* index, vendor, model of each, as far as it is told */
    struct dict *sockets; /* physical id -> cores of it */
    int64_t siblings;     /* of the first socket; 0: not told */
    size_t indexes, vendors, models;
    struct value flags;
};

static void add_flags(struct processors *processors, char *words)
{
    struct list *flags = list_new(64);
    char *cursor;
    for (char *word = strtok_r(words, " \t", &cursor); word; word = strtok_r(NULL, " \t", &cursor))
        list_push_take(flags, value_string(word));
    value_replace_take(&processors->flags, value_list_take(flags));
}

/** One line; *socket is the physical id of the processor that it is about. */
static void read_line(struct processors *processors, const char *key, char *text, char *socket, size_t size)
{
    static const char *const names[] = {"processor", "Processor", "vendor_id", "model name",
                                        "cpu",       "cpu model", "Vendor"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(key, names[i]) == 0)
            list_push_take(processors->names, value_string(text));
    if (strcmp(key, "processor") == 0)
        processors->indexes++;
    else if (strcmp(key, "vendor_id") == 0)
        processors->vendors++;
    else if (strcmp(key, "model name") == 0)
        processors->models++;
    else if (strcmp(key, "flags") == 0 && value_is_null(processors->flags))
        add_flags(processors, text);
    else if (strcmp(key, "siblings") == 0 && processors->siblings == 0)
        processors->siblings = strtoll(text, NULL, 10);
    else if (strcmp(key, "cpu cores") == 0 && *socket)
        dict_set_string_take(processors->sockets, socket, value_int(strtoll(text, NULL, 10)));
    else if (strcmp(key, "physical id") == 0 && strlen(text) < size) {
        strcpy(socket, text);
        if (!dict_find_string(processors->sockets, socket))
            dict_set_string_take(processors->sockets, socket, value_int(1));
    }
}

static void read_processors(struct processors *processors)
{
    char socket[32] = "";
    OWNED_LINES lines = fact_lines_open("/proc/cpuinfo");
    for (char *line; (line = fact_lines_next(&lines));) {
        char *colon = strchr(line, ':');
        if (!colon)
            continue;
        *colon = '\0';
        read_line(processors, fact_trim(line), fact_trim(colon + 1), socket, sizeof socket);
    }
}

static int64_t usable_processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

/** How many there are of each kind. */
static void add_counts(struct facts *facts, const struct processors *processors)
{
    const struct dict_entry *entry;
    size_t position = 0;
    bool has_names = processors->vendors == processors->models && processors->vendors > 0;
    int64_t count = (int64_t)(has_names ? processors->vendors : processors->indexes), cores = 1, threads = 1;
    if (dict_next(processors->sockets, &position, &entry)) {
        count = processors->sockets->live;
        cores = entry->value.as.integer > 0 ? entry->value.as.integer : 1;
        threads = processors->siblings >= cores ? processors->siblings / cores : 1;
    }
    facts_set_take(facts, "processor_count", value_int(count));
    facts_set_take(facts, "processor_cores", value_int(cores));
    facts_set_take(facts, "processor_threads_per_core", value_int(threads));
    facts_set_take(facts, "processor_vcpus", value_int(threads * count * cores));
    facts_set_take(facts, "processor_nproc", value_int(usable_processors()));
}

void facts_processor(struct facts *facts)
{
    struct processors processors = {.names = list_new(8), .sockets = dict_new()};
    read_processors(&processors);
    add_counts(facts, &processors);
    facts_set_take(facts, "processor", value_list_take(processors.names));
    if (!value_is_null(processors.flags))
        facts_set_take(facts, "flags", processors.flags);
    dict_drop(processors.sockets);
}
