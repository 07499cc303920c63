/* Facts of the network: interfaces with their addresses, and the ones that lead out. */
#include <arpa/inet.h>
#include <dirent.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "stdlib/modules/facts/fact_file.h"
#include "stdlib/modules/facts/facts.h"
#include "stdlib/modules/facts/route.h"

#define CLASS_FOLDER "/sys/class/net"

/** The interfaces under way. */
struct network {
    struct dict *interfaces;      /* name -> dict */
    struct list *all4, *all6;     /* addresses that are not the host's own */
    struct list *local4, *local6; /* what is reached without leaving the host */
};

/** Addresses of well-known hosts: the way there is the default one. */
#define FAR_4 "8.8.8.8"
#define FAR_6 "2404:6800:400a:800::1012"

static void set_string(struct dict *dict, const char *key, const char *value)
{
    dict_set_string_take(dict, key, value_string(value));
}

/* ---------------------------------------------------------------- what an interface is */

static const char *kind_of(const char *folder)
{
    static const struct {
        int64_t number; /* ARPHRD_* */
        const char *name;
    } kinds[] = {{1, "ether"}, {32, "infiniband"}, {512, "ppp"}, {772, "loopback"}, {65534, "tunnel"}};
    int64_t number = fact_file_number(folder, "type", -1);
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (kinds[i].number == number)
            return kinds[i].name;
    return "unknown";
}

/** The name at the end of the path that a link below the interface's folder leads to; null: no link. */
static struct value link_name(const char *folder, const char *link)
{
    CLEANUP(memory_cleanup) char *path = path_join(folder, link);
    CLEANUP(memory_cleanup) char *target = realpath(path, NULL);
    return target ? value_string(path_name(target)) : value_null();
}

static void set_known_take(struct dict *dict, const char *key, struct value value)
{
    if (value_is_null(value))
        value_drop(value);
    else
        dict_set_string_take(dict, key, value);
}

static void add_bridge(struct dict *interface, const char *folder)
{
    CLEANUP(memory_cleanup) char *bridge = path_join(folder, "bridge");
    CLEANUP(memory_cleanup) char *members = path_join(folder, "brif");
    OWNED_ERROR ignored = {0};
    if (!file_is_directory(bridge))
        return;
    struct list *names = file_list_folder(members, &ignored);
    set_string(interface, "type", "bridge");
    dict_set_string_take(interface, "interfaces", value_list_take(names ? names : list_new(0)));
    set_known_take(interface, "id", fact_file_in(bridge, "bridge_id"));
    dict_set_string_take(interface, "stp", value_bool(fact_file_number(bridge, "stp_state", 0) == 1));
}

/** The words of a file as a list. */
static struct value words_in(const char *folder, const char *name)
{
    OWNED content = fact_file_in(folder, name);
    const char *text = value_is_null(content) ? "" : value_bytes(content);
    CLEANUP(memory_cleanup) char *copy = memory_copy_string(text, strlen(text));
    struct list *words = list_new(2);
    char *cursor;
    for (char *word = strtok_r(copy, " \n", &cursor); word; word = strtok_r(NULL, " \n", &cursor))
        list_push_take(words, value_string(word));
    return value_list_take(words);
}

static void add_bond(struct dict *interface, const char *folder)
{
    static const char *const files[] = {"mode", "miimon", "lacp_rate", "primary"};
    CLEANUP(memory_cleanup) char *bond = path_join(folder, "bonding");
    if (!file_is_directory(bond))
        return;
    set_string(interface, "type", "bonding");
    dict_set_string_take(interface, "slaves", words_in(bond, "slaves"));
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        OWNED text = fact_file_in(bond, files[i]);
        if (value_is_null(text))
            continue;
        const char *bytes = value_bytes(text);
        dict_set_string_take(interface, files[i], value_string_length(bytes, strcspn(bytes, " ")));
    }
    dict_set_string_take(interface, "all_slaves_active",
                         value_bool(fact_file_number(bond, "all_slaves_active", 0) == 1));
}

static struct value describe_interface(const char *name)
{
    struct dict *interface = dict_new();
    CLEANUP(memory_cleanup) char *folder = path_join(CLASS_FOLDER, name);
    OWNED address = fact_file_in(folder, "address");
    OWNED state = fact_file_in(folder, "operstate");
    int64_t mtu = fact_file_number(folder, "mtu", -1);
    set_string(interface, "device", name);
    if (!value_is_null(address) && !value_equals_string(address, "00:00:00:00:00:00"))
        dict_set_string_take(interface, "macaddress", value_steal(&address));
    if (mtu >= 0)
        dict_set_string_take(interface, "mtu", value_int(mtu));
    dict_set_string_take(interface, "active", value_bool(!value_equals_string(state, "down")));
    set_known_take(interface, "module", link_name(folder, "device/driver/module"));
    set_string(interface, "type", kind_of(folder));
    add_bridge(interface, folder);
    add_bond(interface, folder);
    set_known_take(interface, "pciid", link_name(folder, "device"));
    int64_t speed = fact_file_number(folder, "speed", INT64_MIN);
    if (speed != INT64_MIN)
        dict_set_string_take(interface, "speed", value_int(speed));
    dict_set_string_take(interface, "promisc", value_bool(fact_file_number(folder, "flags", 0) & IFF_PROMISC));
    return value_dict_take(interface);
}

/* ---------------------------------------------------------------- addresses */

/** How many bits of a mask are set. */
static int mask_length(const unsigned char *mask, size_t size)
{
    int length = 0;
    for (size_t i = 0; i < size; i++)
        length += __builtin_popcount(mask[i]);
    return length;
}

static struct value address_text(struct in_addr address)
{
    char text[INET_ADDRSTRLEN];
    return value_string(inet_ntop(AF_INET, &address, text, sizeof text) ?: "");
}

static const struct sockaddr_in *internet(const struct sockaddr *address)
{
    return (const void *)address;
}

static struct value describe_address4(const struct ifaddrs *entry)
{
    struct dict *described = dict_new();
    struct in_addr own = internet(entry->ifa_addr)->sin_addr, mask = {.s_addr = INADDR_NONE};
    if (entry->ifa_netmask)
        mask = internet(entry->ifa_netmask)->sin_addr;
    struct in_addr network = {.s_addr = own.s_addr & mask.s_addr};
    bool has_broadcast = entry->ifa_flags & IFF_BROADCAST && entry->ifa_broadaddr && mask.s_addr != INADDR_NONE;
    int prefix = mask_length((const void *)&mask, sizeof mask);
    dict_set_string_take(described, "address", address_text(own));
    dict_set_string_take(described, "broadcast",
                         has_broadcast ? address_text(internet(entry->ifa_broadaddr)->sin_addr) : value_string(""));
    dict_set_string_take(described, "netmask", address_text(mask));
    dict_set_string_take(described, "network", address_text(network));
    dict_set_string_take(described, "prefix", value_string_format("%d", prefix));
    return value_dict_take(described);
}

static struct value describe_address6(const struct ifaddrs *entry)
{
    struct dict *described = dict_new();
    const struct sockaddr_in6 *own = (const void *)entry->ifa_addr, *mask = (const void *)entry->ifa_netmask;
    char text[INET6_ADDRSTRLEN];
    const struct in6_addr *address = &own->sin6_addr;
    const char *scope = IN6_IS_ADDR_LOOPBACK(address) ? "host" : IN6_IS_ADDR_LINKLOCAL(address) ? "link" : "global";
    int prefix = mask ? mask_length(mask->sin6_addr.s6_addr, sizeof mask->sin6_addr) : 128;
    set_string(described, "address", inet_ntop(AF_INET6, address, text, sizeof text) ?: "");
    dict_set_string_take(described, "prefix", value_string_format("%d", prefix));
    set_string(described, "scope", IN6_IS_ADDR_SITELOCAL(address) ? "site" : scope);
    return value_dict_take(described);
}

/** Appends to the list under a key of the interface, made where there is none. */
static void append_under(struct dict *interface, const char *key, struct value item)
{
    const struct value *present = dict_find_string(interface, key);
    OWNED list = present ? value_copy(*present) : value_list_new();
    dict_set_string_take(interface, key, value_null());
    list_push_take(value_own_list(&list), item);
    dict_set_string_take(interface, key, value_steal(&list));
}

static void note_address4(struct network *network, struct dict *interface, const struct ifaddrs *entry)
{
    OWNED described = describe_address4(entry);
    const struct dict *fields = described.as.dict;
    struct value address = *dict_find_string(fields, "address");
    bool is_own = strncmp(value_bytes(address), "127.", strlen("127.")) == 0;
    if (is_own)
        list_push_take(network->local4, value_string_format("%s/%s", dict_get_bytes(fields, "network", ""),
                                                            dict_get_bytes(fields, "prefix", "")));
    else
        list_push_take(network->all4, value_copy(address));
    list_push_take(network->local4, value_copy(address));
    if (dict_find_string(interface, "ipv4"))
        append_under(interface, "ipv4_secondaries", value_steal(&described));
    else
        dict_set_string_take(interface, "ipv4", value_steal(&described));
}

static void note_address6(struct network *network, struct dict *interface, const struct ifaddrs *entry)
{
    OWNED described = describe_address6(entry);
    struct value address = *dict_find_string(described.as.dict, "address");
    if (!value_equals_string(address, "::1"))
        list_push_take(network->all6, value_copy(address));
    list_push_take(network->local6, value_copy(address));
    append_under(interface, "ipv6", value_steal(&described));
}

/** A string with one character in place of another. */
static struct value with_replaced(const char *text, char old, char new)
{
    struct value replaced = value_string(text);
    for (char *at = replaced.as.text->bytes; *at; at++)
        if (*at == old)
            *at = new;
    return replaced;
}

/** Adds one address to its interface; that of an alias (eth0:1) is described beside its device, as eth0_1. */
static void note_address(struct network *network, const struct ifaddrs *entry)
{
    int family = entry->ifa_addr ? entry->ifa_addr->sa_family : AF_UNSPEC;
    const char *label = entry->ifa_name;
    if (family != AF_INET && family != AF_INET6)
        return;
    OWNED key = with_replaced(label, ':', '_');
    const struct value *present = dict_find(network->interfaces, key);
    if (!present && !dict_find_bytes(network->interfaces, label, strcspn(label, ":")))
        return;
    OWNED interface = present ? value_copy(*present) : value_dict_new();
    dict_set_take(network->interfaces, value_copy(key), value_null());
    if (family == AF_INET)
        note_address4(network, value_own_dict(&interface), entry);
    else
        note_address6(network, value_own_dict(&interface), entry);
    dict_set_take(network->interfaces, value_copy(key), value_steal(&interface));
}

/* ---------------------------------------------------------------- the way out */

/** Copies the fields of an address and of its interface that a default way is described by. */
static void add_own_fields(struct dict *way, const struct dict *interface, const struct dict *address)
{
    static const char *const fields[] = {"macaddress", "mtu", "type"};
    dict_update(way, address);
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        const struct value *field = dict_find_string(interface, fields[i]);
        if (field)
            dict_set_string_take(way, fields[i], value_copy(*field));
    }
}

/** The address of the interface that packets come from. */
static const struct dict *find_address(const struct dict *interface, const char *source)
{
    static const char *const keys[] = {"ipv4", "ipv4_secondaries", "ipv6"};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct value *addresses = dict_find_string(interface, keys[i]);
        if (!addresses)
            continue;
        size_t count = value_is_list(*addresses) ? addresses->as.list->count : 1;
        for (size_t at = 0; at < count; at++) {
            struct value item = value_is_list(*addresses) ? addresses->as.list->items[at] : *addresses;
            if (strcmp(dict_get_bytes(item.as.dict, "address", ""), source) == 0)
                return item.as.dict;
        }
    }
    return NULL;
}

static struct value describe_way(const struct network *network, int family, const char *destination)
{
    struct dict *way = dict_new();
    struct route route;
    if (!route_find(family, destination, &route))
        return value_dict_take(way);
    const struct value *interface = dict_find_string(network->interfaces, route.interface);
    const struct dict *address = interface ? find_address(interface->as.dict, route.source) : NULL;
    if (address)
        add_own_fields(way, interface->as.dict, address);
    else
        set_string(way, "address", route.source);
    if (*route.gateway)
        set_string(way, "gateway", route.gateway);
    set_string(way, "interface", route.interface);
    if (family == AF_INET)
        set_string(way, "alias", route.interface);
    return value_dict_take(way);
}

/* ---------------------------------------------------------------- all */

static void read_addresses(struct network *network)
{
    struct ifaddrs *entries;
    if (getifaddrs(&entries) != 0)
        return;
    for (const struct ifaddrs *entry = entries; entry; entry = entry->ifa_next)
        note_address(network, entry);
    freeifaddrs(entries);
}

/** The interfaces under their names, with '_' where a variable's name cannot have another character. */
static struct value publish(struct facts *facts, const struct network *network)
{
    struct list *names = list_new(4);
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(network->interfaces, &i, &entry);) {
        OWNED fact = with_replaced(value_bytes(entry->key), '-', '_');
        list_push_take(names, value_copy(entry->key));
        facts_set_take(facts, value_bytes(fact), value_copy(entry->value));
    }
    return value_list_take(names);
}

static struct value pair(struct list *first, struct list *second)
{
    struct dict *both = dict_new();
    dict_set_string_take(both, "ipv4", value_list_take(first));
    dict_set_string_take(both, "ipv6", value_list_take(second));
    return value_dict_take(both);
}

void facts_network(struct facts *facts)
{
    OWNED_ERROR ignored = {0};
    struct network network = {dict_new(), list_new(2), list_new(2), list_new(2), list_new(2)};
    struct list *found = file_list_folder(CLASS_FOLDER, &ignored);
    OWNED names = value_list_take(found ? found : list_new(0));
    for (size_t i = 0; i < names.as.list->count; i++) {
        OWNED folder = value_string_format("%s/%s", CLASS_FOLDER, value_bytes(names.as.list->items[i]));
        if (file_is_directory(value_bytes(folder)))
            dict_set_take(network.interfaces, value_copy(names.as.list->items[i]),
                          describe_interface(value_bytes(names.as.list->items[i])));
    }
    read_addresses(&network);
    facts_set_take(facts, "interfaces", publish(facts, &network));
    facts_set_take(facts, "default_ipv4", describe_way(&network, AF_INET, FAR_4));
    facts_set_take(facts, "default_ipv6", describe_way(&network, AF_INET6, FAR_6));
    facts_set_take(facts, "all_ipv4_addresses", value_list_take(network.all4));
    facts_set_take(facts, "all_ipv6_addresses", value_list_take(network.all6));
    facts_set_take(facts, "locally_reachable_ips", pair(network.local4, network.local6));
    dict_drop(network.interfaces);
}
