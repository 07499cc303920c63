/* Facts of the distribution: os-release, and the files of those whose version it does not tell whole. */
#include <stdlib.h>
#include <string.h>

#include "runtime/os/file.h"
#include "stdlib/modules/facts/fact_file.h"
#include "stdlib/modules/facts/facts.h"

#define OS_RELEASE "/etc/os-release"

/** What a distribution is called here. */
struct distribution {
    const char *id; /* ID of os-release */
    const char *name;
    const char *family;
    const char *variety; /* of its release file */
    const char *path;
};

static const struct distribution distributions[] = {
    {"debian", "Debian", "Debian", "Debian", OS_RELEASE},
    {"ubuntu", "Ubuntu", "Debian", "Debian", OS_RELEASE},
    {"raspbian", "Debian", "Debian", "Debian", OS_RELEASE},
    {"linuxmint", "Linux Mint", "Debian", "Debian", OS_RELEASE},
    {"kali", "Kali", "Debian", "Debian", OS_RELEASE},
    {"devuan", "Devuan", "Debian", "Debian", OS_RELEASE},
    {"pop", "Pop!_OS", "Debian", "Debian", OS_RELEASE},
    {"neon", "KDE neon", "Debian", "Debian", OS_RELEASE},
    {"deepin", "Deepin", "Debian", "Debian", OS_RELEASE},
    {"rhel", "RedHat", "RedHat", "RedHat", "/etc/redhat-release"},
    {"centos", "CentOS", "RedHat", "CentOS", "/etc/centos-release"},
    {"fedora", "Fedora", "RedHat", "RedHat", "/etc/redhat-release"},
    {"rocky", "Rocky", "RedHat", "RedHat", "/etc/redhat-release"},
    {"almalinux", "AlmaLinux", "RedHat", "RedHat", "/etc/redhat-release"},
    {"ol", "OracleLinux", "RedHat", "OracleLinux", "/etc/oracle-release"},
    {"amzn", "Amazon", "RedHat", "Amazon", OS_RELEASE},
    {"openEuler", "openEuler", "RedHat", "RedHat", OS_RELEASE},
    {"opensuse-leap", "openSUSE Leap", "Suse", "SUSE", OS_RELEASE},
    {"opensuse-tumbleweed", "openSUSE Tumbleweed", "Suse", "SUSE", OS_RELEASE},
    {"sles", "SLES", "Suse", "SUSE", OS_RELEASE},
    {"sled", "SLED", "Suse", "SUSE", OS_RELEASE},
    {"sles_sap", "SLES_SAP", "Suse", "SUSE", OS_RELEASE},
    {"alpine", "Alpine", "Alpine", "Alpine", "/etc/alpine-release"},
    {"arch", "Archlinux", "Archlinux", "Archlinux", "/etc/arch-release"},
    {"manjaro", "Manjaro", "Archlinux", "Manjaro", "/etc/manjaro-release"},
    {"gentoo", "Gentoo", "Gentoo", "Gentoo", "/etc/gentoo-release"},
    {"slackware", "Slackware", "Slackware", "Slackware", "/etc/slackware-version"},
    {"altlinux", "Altlinux", "Altlinux", "Altlinux", "/etc/altlinux-release"},
    {"clear-linux-os", "Clear Linux OS", "ClearLinux", "ClearLinux", "/usr/lib/os-release"},
    {"flatcar", "Flatcar", "Flatcar", "Flatcar", OS_RELEASE},
    {"void", "Void", "Void", "NA", OS_RELEASE},
    {"nixos", "NixOS", "NixOS", "NA", OS_RELEASE},
};

static const struct distribution *find_distribution(const char *id)
{
    for (size_t i = 0; i < COUNT_OF(distributions); i++)
        if (strcasecmp(distributions[i].id, id) == 0)
            return &distributions[i];
    return NULL;
}

/** The family of a distribution that only says which ones it is like. */
static const char *family_like(const struct dict *release)
{
    const char *likes = dict_get_bytes(release, "ID_LIKE", "");
    CLEANUP(memory_cleanup) char *words = memory_copy_string(likes, strlen(likes));
    char *cursor;
    for (char *word = strtok_r(words, " ", &cursor); word; word = strtok_r(NULL, " ", &cursor)) {
        const struct distribution *row = find_distribution(word);
        if (row)
            return row->family;
    }
    return NULL;
}

/** The version, in full where /etc/debian_version or the like tells more than os-release. */
static struct value full_version(const struct distribution *row, const struct dict *release)
{
    const char *version = dict_get_bytes(release, "VERSION_ID", "NA");
    if (!row || (strcmp(row->id, "debian") != 0 && strcmp(row->id, "centos") != 0))
        return value_string(version);
    OWNED whole = fact_file(strcmp(row->id, "debian") == 0 ? "/etc/debian_version" : "/etc/centos-release");
    const char *text = value_is_null(whole) ? "" : value_bytes(whole);
    text += strcspn(text, "0123456789");
    size_t length = strspn(text, "0123456789.");
    bool is_longer = length > strlen(version) && strncmp(text, version, strlen(version)) == 0;
    return is_longer ? value_string_length(text, length) : value_string(version);
}

/** The code name: said so, or in brackets behind the version. */
static struct value code_name(const struct dict *release)
{
    const char *name = dict_get_bytes(release, "VERSION_CODENAME", NULL);
    const char *bracket = strchr(dict_get_bytes(release, "VERSION", ""), '(');
    if (name && *name)
        return value_string(name);
    if (bracket)
        return value_string_length(bracket + 1, strcspn(bracket + 1, ")"));
    return value_string("NA");
}

static void add_version(struct facts *facts, const struct distribution *row, const struct dict *release)
{
    OWNED version = full_version(row, release);
    const char *text = value_bytes(version), *dot = strchr(text, '.');
    facts_set_take(facts, "distribution_major_version",
                   value_string_length(text, dot ? (size_t)(dot - text) : strlen(text)));
    if (row && strcmp(row->id, "debian") == 0 && dot)
        facts_set_string(facts, "distribution_minor_version", dot + 1);
    facts_set_take(facts, "distribution_version", value_steal(&version));
}

void facts_distribution(struct facts *facts)
{
    bool is_usual = file_exists(OS_RELEASE);
    OWNED assignments = value_dict_take(fact_assignments(is_usual ? OS_RELEASE : "/usr/lib/os-release"));
    const struct dict *release = assignments.as.dict;
    const struct distribution *row = find_distribution(dict_get_bytes(release, "ID", ""));
    const char *name = row ? row->name : dict_get_bytes(release, "NAME", "Linux");
    const char *family = row ? row->family : family_like(release);
    facts_set_string(facts, "distribution", name);
    facts_set_take(facts, "distribution_release", code_name(release));
    add_version(facts, row, release);
    if (row) {
        facts_set_string(facts, "distribution_file_path", row->path);
        facts_set_string(facts, "distribution_file_variety", row->variety);
        facts_set_take(facts, "distribution_file_parsed", value_bool(true));
    }
    facts_set_string(facts, "os_family", family ? family : name);
}

/** From lsb-release, or where only the program is installed, from what it reads too. */
void facts_standard_base(struct facts *facts)
{
    OWNED own = value_dict_take(fact_assignments("/etc/lsb-release"));
    OWNED other = value_dict_take(fact_assignments(OS_RELEASE));
    struct dict *base = dict_new();
    const char *id = dict_get_bytes(own.as.dict, "DISTRIB_ID", NULL), *release, *code, *description;
    bool has_program = file_exists("/usr/bin/lsb_release") || file_exists("/bin/lsb_release");
    release = dict_get_bytes(own.as.dict, "DISTRIB_RELEASE", dict_get_bytes(other.as.dict, "VERSION_ID", "n/a"));
    code = dict_get_bytes(own.as.dict, "DISTRIB_CODENAME", dict_get_bytes(other.as.dict, "VERSION_CODENAME", "n/a"));
    description = dict_get_bytes(own.as.dict, "DISTRIB_DESCRIPTION", dict_get_bytes(other.as.dict, "PRETTY_NAME", ""));
    if (!id && has_program) {
        const struct distribution *row = find_distribution(dict_get_bytes(other.as.dict, "ID", ""));
        id = row ? row->name : dict_get_bytes(other.as.dict, "NAME", NULL);
    }
    if (id) {
        dict_set_string_take(base, "codename", value_string(code));
        dict_set_string_take(base, "description", value_string(description));
        dict_set_string_take(base, "id", value_string(id));
        dict_set_string_take(base, "release", value_string(release));
        dict_set_string_take(base, "major_release", value_string_length(release, strcspn(release, ".")));
    }
    facts_set_take(facts, "lsb", value_dict_take(base));
}
