/*
 * Tests of ansible.utils on addresses of the internet and of hardware.  What is no address passes none of them.
 */
#include <ctype.h>
#include <string.h>

#include "runtime/value/ip_address.h"
#include "stdlib/tests/tests.h"

/** A network as Python's ipaddress takes it: no bits behind the prefix.  `version` 0 takes any. */
static bool read_network(struct value value, int version, struct ip_network *network)
{
    return value_is_string(value) && ip_network_parse(value_bytes(value), value.as.text->length, IP_STRICT, network) &&
           (version == 0 || network->address.version == version) &&
           network->address.bits == ip_network_first(network).bits;
}

/** One address without a prefix, as a network of its own. */
static bool read_address(struct value value, int version, struct ip_network *address)
{
    return read_network(value, version, address) && !address->has_prefix;
}

/** Is it an address of this version (0: any) in this class? */
static bool is_address_of(struct value value, int version, enum ip_class class)
{
    struct ip_network address;
    return read_address(value, version, &address) && ip_network_is(&address, class);
}

/** Python's is_private and is_global, the IPv4 address in an IPv6 one counting for it. */
static bool is_private(struct ip_network address)
{
    if (ip_network_is(&address, IP_MAPPED))
        address = (struct ip_network){{4, address.address.bits & UINT32_MAX}, 32, false};
    return ip_network_is(&address, IP_NOT_GLOBAL) && !ip_network_is(&address, IP_GLOBAL_AFTER_ALL);
}

/** The function of a test that is an expression of its first argument `value`. */
#define ADDRESS_TEST(name, expression)                                                                                 \
    static bool test_##name(struct evaluation *evaluation, const struct value *arguments, struct value *result,        \
                            struct error *error)                                                                       \
    {                                                                                                                  \
        struct value value = arguments[0];                                                                             \
        struct ip_network network;                                                                                     \
        (void)evaluation, (void)error, (void)network;                                                                  \
        return test_answer(result, expression);                                                                        \
    }

ADDRESS_TEST(ip, read_network(value, 0, &network))
ADDRESS_TEST(ip_address, read_address(value, 0, &network))
ADDRESS_TEST(ipv4, read_network(value, 4, &network))
ADDRESS_TEST(ipv4_address, read_address(value, 4, &network))
ADDRESS_TEST(ipv6, read_network(value, 6, &network))
ADDRESS_TEST(ipv6_address, read_address(value, 6, &network))
ADDRESS_TEST(ipv6_ipv4_mapped, is_address_of(value, 6, IP_MAPPED))
ADDRESS_TEST(ipv6_sixtofour, is_address_of(value, 6, IP_SIX_TO_FOUR))
ADDRESS_TEST(ipv6_teredo, is_address_of(value, 6, IP_TEREDO))
ADDRESS_TEST(loopback, is_address_of(value, 0, IP_LOOPBACK))
ADDRESS_TEST(multicast, is_address_of(value, 0, IP_MULTICAST))
ADDRESS_TEST(reserved, is_address_of(value, 0, IP_RESERVED))
ADDRESS_TEST(unspecified, is_address_of(value, 0, IP_UNSPECIFIED))
ADDRESS_TEST(private, read_address(value, 0, &network) && is_private(network))
ADDRESS_TEST(public, read_address(value, 0, &network) && !is_private(network) && !ip_network_is(&network, IP_SHARED))

/* ---- masks ---- */

/** Ones and then zeros (or, of a host mask, zeros and then ones); what both could be is a net mask. */
static bool is_mask(struct value value, bool is_host)
{
    struct ip_network mask;
    if (!read_address(value, 4, &mask))
        return false;
    ip_bits bits = is_host ? mask.address.bits : mask.address.bits ^ UINT32_MAX;
    return (bits & (bits + 1)) == 0 && (is_host ? bits != 0 && bits != UINT32_MAX : bits != UINT32_MAX);
}

ADDRESS_TEST(ipv4_hostmask, is_mask(value, true))
ADDRESS_TEST(ipv4_netmask, is_mask(value, false))

/* ---- one in the other ---- */

static bool is_in(struct value inner, struct value outer)
{
    struct ip_network inside, outside;
    return read_network(inner, 0, &inside) && read_network(outer, 0, &outside) &&
           ip_network_contains(&outside, &inside);
}

ADDRESS_TEST(in_network, is_in(value, arguments[1]))
ADDRESS_TEST(supernet_of, is_in(arguments[1], value))

/** How many of the networks it is in. */
static size_t count_networks(struct value value, struct value networks)
{
    size_t count = 0;
    for (size_t i = 0; value_is_sequence(networks) && i < networks.as.list->count; i++)
        count += is_in(value, networks.as.list->items[i]);
    return count;
}

ADDRESS_TEST(in_any_network, count_networks(value, arguments[1]) > 0)
ADDRESS_TEST(in_one_network, count_networks(value, arguments[1]) == 1)

/* ---- hardware addresses ---- */

/** Twelve digits in groups of two, four or twelve, with one separator between them all. */
static bool is_mac(const char *text)
{
    size_t group = 0;
    while (isxdigit((unsigned char)text[group]))
        group++;
    bool is_divided = (group == 2 && text[2] && strchr(":-", text[2])) || (group == 4 && text[4] == '.');
    if (!is_divided)
        return group == 12 && !text[group];
    char separator = text[group];
    for (size_t i = 0; i < 12 + 12 / group - 1; i++) {
        bool is_right = i % (group + 1) == group ? text[i] == separator : isxdigit((unsigned char)text[i]) != 0;
        if (!is_right)
            return false;
    }
    return !text[12 + 12 / group - 1];
}

static bool test_mac(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                     struct error *error)
{
    (void)evaluation;
    if (!value_is_string(arguments[0]))
        return error_set(error, ERROR_TYPE, "expected string or bytes-like object, got '%s'",
                         value_type_name(arguments[0]));
    return test_answer(result, is_mac(value_bytes(arguments[0])));
}

static const struct function rows[] = {
    {"in_any_network", "ip, networks", test_in_any_network, 0, "Is it in any of these networks?"},
    {"in_network", "ip, network", test_in_network, 0, "Is it in this network?"},
    {"in_one_network", "ip, networks", test_in_one_network, 0, "Is it in exactly one of these networks?"},
    {"ip", "ip", test_ip, 0, "Is it an address or a network?"},
    {"ip_address", "ip", test_ip_address, 0, "Is it an address without a prefix?"},
    {"ipv4", "ip", test_ipv4, 0, "Is it an address or a network of IPv4?"},
    {"ipv4_address", "ip", test_ipv4_address, 0, "Is it an address of IPv4?"},
    {"ipv4_hostmask", "ip", test_ipv4_hostmask, 0, "Is it a host mask (0.0.0.255)?"},
    {"ipv4_netmask", "mask", test_ipv4_netmask, 0, "Is it a net mask (255.255.255.0)?"},
    {"ipv6", "ip", test_ipv6, 0, "Is it an address or a network of IPv6?"},
    {"ipv6_address", "ip", test_ipv6_address, 0, "Is it an address of IPv6?"},
    {"ipv6_ipv4_mapped", "ip", test_ipv6_ipv4_mapped, 0, "Is it an IPv4 address in IPv6 (::ffff:0:0/96)?"},
    {"ipv6_sixtofour", "ip", test_ipv6_sixtofour, 0, "Is it an address of 6to4 (2002::/16)?"},
    {"ipv6_teredo", "ip", test_ipv6_teredo, 0, "Is it an address of Teredo (2001::/32)?"},
    {"loopback", "ip", test_loopback, 0, "Is it a loopback address?"},
    {"mac", "mac", test_mac, 0, "Is it a hardware address (aa:bb:cc:dd:ee:ff)?"},
    {"multicast", "ip", test_multicast, 0, "Is it a multicast address?"},
    {"private", "ip", test_private, 0, "Is it an address that is not for use in the internet?"},
    {"public", "ip", test_public, 0, "Is it an address for use in the internet?"},
    {"reserved", "ip", test_reserved, 0, "Is it an address that the IETF reserves?"},
    {"subnet_of", "network_a, network_b", test_in_network, 0, "Is the first network in the second?"},
    {"supernet_of", "network_a, network_b", test_supernet_of, 0, "Is the second network in the first?"},
    {"unspecified", "ip", test_unspecified, 0, "Is it the unspecified address (0.0.0.0, ::)?"},
};

const struct function_table tests_address = {FUNCTION_TEST, "ansible.utils", rows, COUNT_OF(rows)};
