/* The sources of facts and how gather_subset chooses among them: see facts.h. */
#include <string.h>

#include "runtime/value/compare.h"
#include "stdlib/modules/facts/facts.h"

/* A source stands behind those that it needs. */
const struct fact_source fact_sources[] = {
    {.name = "platform",
     .names = "system|kernel|kernel_version|machine|python_version|architecture|machine_id",
     .is_minimal = true,
     .collect = facts_platform},
    {.name = "distribution",
     .names = "distribution_version|distribution_release|distribution_major_version|os_family",
     .is_minimal = true,
     .collect = facts_distribution},
    {.name = "apparmor", .is_minimal = true, .collect = facts_apparmor},
    {.name = "caps",
     .names = "system_capabilities|system_capabilities_enforced",
     .is_minimal = true,
     .collect = facts_capabilities},
    {.name = "chroot", .names = "is_chroot", .collect = facts_chroot},
    {.name = "cmdline", .is_minimal = true, .collect = facts_command_line},
    {.name = "date_time", .is_minimal = true, .collect = facts_date_time},
    {.name = "dns", .is_minimal = true, .collect = facts_resolver},
    {.name = "env", .is_minimal = true, .collect = facts_environment},
    {.name = "facter"},
    {.name = "fibre_channel_wwn", .collect = facts_fibre_channel},
    {.name = "fips", .is_minimal = true, .collect = facts_fips},
    {.name = "hardware",
     .names = "processor|processor_cores|processor_count|mounts|devices",
     .needs = "platform",
     .collect = facts_hardware},
    {.name = "iscsi", .collect = facts_iscsi},
    {.name = "loadavg", .collect = facts_load_average},
    {.name = "local", .is_minimal = true},
    {.name = "lsb", .is_minimal = true, .collect = facts_standard_base},
    {.name = "network",
     .names = "interfaces|default_ipv4|default_ipv6|all_ipv4_addresses|all_ipv6_addresses",
     .needs = "platform|distribution",
     .collect = facts_network},
    {.name = "nvme", .collect = facts_nvme},
    {.name = "ohai"},
    {.name = "pkg_mgr", .needs = "distribution", .is_minimal = true, .collect = facts_package_manager},
    {.name = "python", .is_minimal = true},
    {.name = "selinux", .is_minimal = true, .collect = facts_selinux},
    {.name = "service_mgr", .needs = "platform|distribution", .is_minimal = true, .collect = facts_service_manager},
    {.name = "ssh_pub_keys",
     .names = "ssh_host_pub_keys|ssh_host_key_dsa_public|ssh_host_key_ecdsa_public|ssh_host_key_ed25519_public|"
              "ssh_host_key_rsa_public",
     .is_minimal = true,
     .collect = facts_ssh_keys},
    {.name = "systemd"},
    {.name = "user",
     .names = "user_id|user_uid|user_gid|user_gecos|user_dir|user_shell|real_user_id|effective_user_id|"
              "effective_group_ids",
     .is_minimal = true,
     .collect = facts_user},
    {.name = "virtual",
     .names = "virtualization_type|virtualization_role|virtualization_tech_guest|virtualization_tech_host",
     .collect = facts_virtual},
};

const size_t fact_source_count = COUNT_OF(fact_sources);
_Static_assert(COUNT_OF(fact_sources) <= 64, "a set of sources is one word");

const char *facts_text(const struct facts *facts, const char *name)
{
    return dict_get_bytes(facts->found, name, "");
}

/** Adds the words of "a|b|c" (NULL: none) to a set of names. */
static void add_words(struct dict *set, const char *words)
{
    for (const char *at = words ? words : ""; *at;) {
        size_t length = strcspn(at, "|");
        dict_set_take(set, value_string_length(at, length), value_bool(true));
        at += length + (at[length] != '\0');
    }
}

bool fact_is_among(const char *names, const char *name)
{
    for (const char *at = names ? names : ""; *at;) {
        size_t length = strcspn(at, "|");
        if (strlen(name) == length && memcmp(at, name, length) == 0)
            return true;
        at += length + (at[length] != '\0');
    }
    return false;
}

/** Names by which sources can be chosen, as sets. */
struct choice {
    struct dict *valid, *minimal;
    struct dict *added, *excluded, *wished; /* wished: named one by one, whatever else is excluded */
};

static void choice_init(struct choice *choice)
{
    *choice = (struct choice){dict_new(), dict_new(), dict_new(), dict_new(), dict_new()};
    for (size_t i = 0; i < COUNT_OF(fact_sources); i++) {
        const struct fact_source *source = &fact_sources[i];
        add_words(choice->valid, source->name);
        add_words(choice->valid, source->names);
        if (source->is_minimal)
            add_words(choice->minimal, source->name);
    }
    dict_update(choice->added, choice->minimal);
}

static void choice_done(struct choice *choice)
{
    dict_drop(choice->valid);
    dict_drop(choice->minimal);
    dict_drop(choice->added);
    dict_drop(choice->excluded);
    dict_drop(choice->wished);
}

static void exclude(struct choice *choice, const char *name)
{
    const struct dict_entry *entry;
    bool is_all = strcmp(name, "all") == 0;
    for (size_t i = 0; is_all && dict_next(choice->valid, &i, &entry);)
        if (!dict_find(choice->minimal, entry->key))
            add_words(choice->excluded, value_bytes(entry->key));
    if (strcmp(name, "min") == 0)
        dict_update(choice->excluded, choice->minimal);
    for (size_t i = 0; i < COUNT_OF(fact_sources); i++)
        if (strcmp(fact_sources[i].name, name) == 0)
            add_words(choice->excluded, fact_sources[i].names);
    if (!is_all)
        add_words(choice->excluded, name);
}

/** ERROR_MODULE with all that could have been asked for. */
static bool fail_unknown(const struct choice *choice, const char *name, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer all = {0};
    const struct dict_entry *entry;
    struct list *names = list_new(choice->valid->live + 1);
    OWNED owner = value_list_take(names);
    list_push_take(names, value_string("all"));
    for (size_t i = 0; dict_next(choice->valid, &i, &entry);)
        list_push_take(names, value_copy(entry->key));
    if (!value_sort(names->items, names->count, NULL, NULL, error))
        return false;
    for (size_t i = 0; i < names->count; i++) {
        text_buffer_append_string(&all, i > 0 ? ", " : "");
        text_buffer_append_text(&all, names->items[i].as.text);
    }
    return error_set(error, ERROR_MODULE, "Bad subset '%s' given to Ansible. gather_subset options allowed: %s", name,
                     text_buffer_bytes(&all));
}

static bool choose_one(struct choice *choice, const char *name, struct error *error)
{
    if (strcmp(name, "min") == 0)
        return true;
    if (strcmp(name, "all") == 0) {
        dict_update(choice->added, choice->valid);
        return true;
    }
    if (*name == '!') {
        exclude(choice, name + 1);
        return true;
    }
    if (!dict_find_string(choice->valid, name))
        return fail_unknown(choice, name, error);
    add_words(choice->wished, name);
    return true;
}

static bool is_chosen_name(const struct choice *choice, struct value name)
{
    return dict_find(choice->wished, name) || (dict_find(choice->added, name) && !dict_find(choice->excluded, name));
}

/** Is the source's name, or that of a fact of it, chosen? */
static bool is_chosen(const struct choice *choice, const struct fact_source *source)
{
    const struct dict_entry *entry;
    OWNED names = value_dict_new();
    add_words(names.as.dict, source->name);
    add_words(names.as.dict, source->names);
    for (size_t i = 0; dict_next(names.as.dict, &i, &entry);)
        if (is_chosen_name(choice, entry->key))
            return true;
    return false;
}

/** The sources that are chosen, and those that they need, which stand before them. */
static uint64_t collect_chosen(const struct choice *choice)
{
    uint64_t chosen = 0;
    for (size_t i = COUNT_OF(fact_sources); i-- > 0;) {
        if (is_chosen(choice, &fact_sources[i]))
            chosen |= UINT64_C(1) << i;
        for (size_t needed = 0; chosen >> i & 1 && needed < i; needed++)
            if (fact_is_among(fact_sources[i].needs, fact_sources[needed].name))
                chosen |= UINT64_C(1) << needed;
    }
    return chosen;
}

bool fact_sources_choose(const struct list *subset, uint64_t *chosen, struct error *error)
{
    struct choice choice;
    bool is_good = true;
    choice_init(&choice);
    for (size_t i = 0; is_good && i < subset->count; i++)
        is_good = choose_one(&choice, value_bytes(subset->items[i]), error);
    if (is_good)
        *chosen = collect_chosen(&choice);
    choice_done(&choice);
    return is_good;
}
