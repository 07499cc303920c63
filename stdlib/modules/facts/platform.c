/* Facts of the machine and its kernel: names, architecture, identity. */
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "stdlib/modules/facts/fact_file.h"
#include "stdlib/modules/facts/facts.h"

/** The first name of an address' names that has a dot; NULL: none. */
static const char *dotted_name(const struct hostent *entry)
{
    if (strchr(entry->h_name, '.'))
        return entry->h_name;
    for (char **alias = entry->h_aliases; *alias; alias++)
        if (strchr(*alias, '.'))
            return *alias;
    return NULL;
}

/** The full name of this host, as the resolver tells it by its address; the bare name where it does not. */
static struct value full_name(const char *name)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM}, *address;
    struct hostent entry, *found = NULL;
    char buffer[4096];
    int number;
    if (getaddrinfo(name, NULL, &hints, &address) != 0)
        return value_string(name);
    const struct sockaddr_in *internet = (const void *)address->ai_addr;
    int failed = gethostbyaddr_r(&internet->sin_addr, sizeof internet->sin_addr, AF_INET, &entry, buffer, sizeof buffer,
                                 &found, &number);
    freeaddrinfo(address);
    if (failed || !found)
        return value_string(name);
    const char *dotted = dotted_name(found);
    return value_string(dotted ? dotted : found->h_name);
}

static void add_names(struct facts *facts, const char *node)
{
    OWNED full = full_name(node);
    const char *dot = strchr(node, '.'), *domain = strchr(value_bytes(full), '.');
    facts_set_string(facts, "nodename", node);
    facts_set_take(facts, "hostname", value_string_length(node, dot ? (size_t)(dot - node) : strlen(node)));
    facts_set_string(facts, "domain", domain ? domain + 1 : "");
    facts_set_take(facts, "fqdn", value_steal(&full));
}

/** The names that 32-bit PCs go by are one. */
static const char *architecture_of(const char *machine)
{
    static const char *const old[] = {"i386", "i486", "i586", "i686"};
    for (size_t i = 0; i < COUNT_OF(old); i++)
        if (strcmp(machine, old[i]) == 0)
            return "i386";
    return machine;
}

void facts_platform(struct facts *facts)
{
    struct utsname name;
    OWNED identity = fact_file("/var/lib/dbus/machine-id");
    if (value_is_null(identity))
        value_replace_take(&identity, fact_file("/etc/machine-id"));
    if (uname(&name) != 0)
        return;
    facts_set_string(facts, "system", name.sysname);
    facts_set_string(facts, "kernel", name.release);
    facts_set_string(facts, "kernel_version", name.version);
    facts_set_string(facts, "machine", name.machine);
    facts_set_string(facts, "architecture", architecture_of(name.machine));
    facts_set_string(facts, "userspace_bits", sizeof(void *) == 8 ? "64" : "32");
    facts_set_string(facts, "userspace_architecture",
                     sizeof(void *) == 4 && strcmp(name.machine, "x86_64") == 0 ? "i386"
                                                                                : architecture_of(name.machine));
    add_names(facts, name.nodename);
    if (!value_is_null(identity))
        facts_set_take(facts, "machine_id", value_steal(&identity));
}
