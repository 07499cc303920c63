/*
 * Facts: what can be found out about a host, by domain.  A source is a row of the table in sources.c and fills in facts under their
 * names without the prefix `ansible_`; setup.c chooses among the sources and reports.  Sources read files and ask the system; none
 * waits, and none runs a program (facts.d and interpreters that must be asked are setup's).
 */
#ifndef PLAYLET_STDLIB_MODULES_FACTS_FACTS_H
#define PLAYLET_STDLIB_MODULES_FACTS_FACTS_H

#include "eval/plugin.h"

/** What is being found out. */
struct facts {
    struct dict *found; /* without the prefix; owned by whoever asks */
    const struct host_access *host;
};

struct fact_source {
    const char *name;
    const char *names; /* of the facts it knows, that may be asked for in its place: "a|b", or NULL */
    const char *needs; /* sources that are looked at first: "a|b", or NULL */
    bool is_minimal;   /* part of what is always found out */
    void (*collect)(struct facts *facts); /* NULL: it needs more than the system's files, see setup.c */
};

extern const struct fact_source fact_sources[];
extern const size_t fact_source_count;

/** Is `name` one of the words of "a|b|c" (which may be NULL)? */
bool fact_is_among(const char *names, const char *name);

/** Sets of sources as bits in the order of the table. */
bool fact_sources_choose(const struct list *subset, uint64_t *chosen, struct error *error);

/* The sources, by file. */
void facts_apparmor(struct facts *facts);
void facts_capabilities(struct facts *facts);
void facts_chroot(struct facts *facts);
void facts_command_line(struct facts *facts);
void facts_date_time(struct facts *facts);
void facts_devices(struct facts *facts);
void facts_distribution(struct facts *facts);
void facts_environment(struct facts *facts);
void facts_fibre_channel(struct facts *facts);
void facts_fips(struct facts *facts);
void facts_firmware(struct facts *facts);
void facts_hardware(struct facts *facts);
void facts_iscsi(struct facts *facts);
void facts_load_average(struct facts *facts);
void facts_memory(struct facts *facts);
void facts_mounts(struct facts *facts);
void facts_network(struct facts *facts);
void facts_nvme(struct facts *facts);
void facts_package_manager(struct facts *facts);
void facts_platform(struct facts *facts);
void facts_processor(struct facts *facts);
void facts_resolver(struct facts *facts);
void facts_selinux(struct facts *facts);
void facts_service_manager(struct facts *facts);
void facts_ssh_keys(struct facts *facts);
void facts_standard_base(struct facts *facts);
void facts_user(struct facts *facts);
void facts_virtual(struct facts *facts);

/** Adds a fact. */
static inline void facts_set_take(struct facts *facts, const char *name, struct value value)
{
    dict_set_string_take(facts->found, name, value);
}

static inline void facts_set_string(struct facts *facts, const char *name, const char *value)
{
    facts_set_take(facts, name, value_string(value));
}

/** A fact that was found already, as text; "" where there is none. */
const char *facts_text(const struct facts *facts, const char *name);

#endif
