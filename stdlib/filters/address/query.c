#include "stdlib/filters/address/query.h"

#include <string.h>

#include "runtime/source/suggest.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/repr.h"

/* ---- pieces ---- */

static bool answer(struct value *result, struct value value)
{
    *result = value;
    return true;
}

/** "FIRST SEPARATOR SECOND" */
static struct value address_pair(struct ip_address first, char separator, struct ip_address second)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    ip_address_append(&out, first);
    text_buffer_append_char(&out, separator);
    ip_address_append(&out, second);
    return value_string_take(text_buffer_take(&out));
}

static int version_of(const struct subject *subject)
{
    return subject->network.address.version;
}

static struct ip_address netmask_of(const struct subject *subject)
{
    return (struct ip_address){version_of(subject), ip_net_mask(version_of(subject), subject->network.prefix)};
}

static struct ip_address hostmask_of(const struct subject *subject)
{
    return (struct ip_address){version_of(subject), ip_host_mask(version_of(subject), subject->network.prefix)};
}

/** Has the network two addresses, both for hosts? */
static bool is_pair(const struct subject *subject)
{
    return subject->network.prefix == ip_width(version_of(subject)) - 1;
}

/** Is it one address out of a larger network? */
static bool is_inside(const struct subject *subject)
{
    return !ip_network_is_single(&subject->network) && (subject_is_host(&subject->network) || is_pair(subject));
}

/** The address alone, as a network of its own. */
static struct ip_network host_of(const struct subject *subject)
{
    return (struct ip_network){subject->network.address, ip_width(version_of(subject)), false};
}

static bool is_mask(struct ip_address address)
{
    for (int i = 0; i <= ip_width(address.version); i++)
        if (address.bits == ip_net_mask(address.version, i) || address.bits == ip_host_mask(address.version, i))
            return true;
    return false;
}

static bool is_private(const struct subject *subject)
{
    return ip_network_is(&subject->network, IP_LOCAL_USE);
}

static bool is_public(const struct subject *subject)
{
    struct ip_network host = host_of(subject);
    return !ip_network_is(&host, IP_MULTICAST) && !ip_network_is(&host, IP_LOCAL_USE) &&
           !ip_network_is(&host, IP_LOOPBACK) && !is_mask(host.address);
}

/** The subject as it was given where it is of a class, null else. */
static bool answer_class(const struct subject *subject, bool holds, struct value *result)
{
    return answer(result, holds ? value_copy(subject->text) : value_null());
}

/** Queries about hosts in a network want one with a prefix. */
static bool need_network(const struct subject *subject, struct error *error)
{
    return subject->network.has_prefix || error_set(error, ERROR_FILTER, "Not a network address");
}

/* ---- parts ---- */

static bool query_address(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    bool has_address = ip_network_is_single(&subject->network) || is_inside(subject) || version_of(subject) == 6;
    return answer(result, has_address ? subject_address(subject->network.address) : value_null());
}

static bool query_bool(const struct subject *subject, struct value *result, struct error *error)
{
    (void)subject, (void)error;
    return answer(result, value_bool(true));
}

static bool query_broadcast(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    bool has_one = !ip_network_is_single(&subject->network) && !is_pair(subject);
    return answer(result, has_one ? subject_address(ip_network_last(&subject->network)) : value_null());
}

static bool query_cidr(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    return answer(result, subject_with_prefix(subject->network.address, subject->network.prefix));
}

/** An address for a router: neither that of the network nor the broadcast. */
static bool query_gateway(const struct subject *subject, struct value *result, struct error *error)
{
    ip_bits bits = subject->network.address.bits;
    if (!ip_network_is_single(&subject->network) && !is_pair(subject) &&
        (bits == ip_network_first(&subject->network).bits || bits == ip_network_last(&subject->network).bits))
        return answer(result, value_bool(false));
    return query_cidr(subject, result, error);
}

static bool query_host(const struct subject *subject, struct value *result, struct error *error)
{
    if (!ip_network_is_single(&subject->network) && !is_inside(subject))
        return answer(result, value_null());
    return query_cidr(subject, result, error);
}

static bool query_hostmask(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    return answer(result, subject_address(hostmask_of(subject)));
}

static bool query_int(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    OWNED number = ip_bits_value(subject->network.address.bits);
    if (!subject->network.has_prefix)
        return answer(result, value_steal(&number));
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    value_append_str(&out, number);
    text_buffer_append_format(&out, "/%d", subject->network.prefix);
    return answer(result, value_string_take(text_buffer_take(&out)));
}

static bool query_ip_prefix(const struct subject *subject, struct value *result, struct error *error)
{
    return is_inside(subject) ? query_cidr(subject, result, error) : answer(result, value_null());
}

static bool query_ip_netmask(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    return answer(result,
                  is_inside(subject) ? address_pair(subject->network.address, ' ', netmask_of(subject)) : value_null());
}

static bool query_net(const struct subject *subject, struct value *result, struct error *error)
{
    if (ip_network_is_single(&subject->network) || subject_is_host(&subject->network))
        return answer(result, value_null());
    return query_cidr(subject, result, error);
}

static bool query_netmask(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    return answer(result, subject_address(netmask_of(subject)));
}

static bool query_network(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    return answer(result, subject_address(ip_network_first(&subject->network)));
}

static bool query_network_netmask(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    return answer(result, address_pair(ip_network_first(&subject->network), ' ', netmask_of(subject)));
}

static bool query_network_wildcard(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    return answer(result, address_pair(ip_network_first(&subject->network), ' ', hostmask_of(subject)));
}

static bool query_prefix(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    return answer(result, value_int(subject->network.prefix));
}

static bool query_revdns(const struct subject *subject, struct value *result, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    (void)error;
    ip_address_append_reverse(&out, subject->network.address);
    return answer(result, value_string_take(text_buffer_take(&out)));
}

static bool query_size(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    ip_bits last = hostmask_of(subject).bits;
    if (last != ~(ip_bits)0)
        return answer(result, ip_bits_value(last + 1));
    OWNED most = ip_bits_value(last);
    return value_arithmetic(ARITHMETIC_ADD, most, value_int(1), result, error);
}

static bool query_subnet(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    return answer(result, subject_with_prefix(ip_network_first(&subject->network), subject->network.prefix));
}

static bool query_type(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    return answer(result, value_string(subject_is_host(&subject->network) ? "address" : "network"));
}

static bool query_version(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    return answer(result, value_int(version_of(subject)));
}

static bool query_wrap(const struct subject *subject, struct value *result, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    (void)error;
    if (version_of(subject) == 4)
        return answer(result, value_copy(subject->text));
    text_buffer_append_char(&out, '[');
    ip_address_append(&out, subject->network.address);
    text_buffer_append_char(&out, ']');
    if (subject->network.has_prefix)
        text_buffer_append_format(&out, "/%d", subject->network.prefix);
    return answer(result, value_string_take(text_buffer_take(&out)));
}

/* ---- hosts of a network ---- */

static bool query_first_usable(const struct subject *subject, struct value *result, struct error *error)
{
    if (!need_network(subject, error))
        return false;
    return answer(result, ip_network_is_single(&subject->network)
                              ? value_null()
                              : subject_address(subject_first_usable(&subject->network)));
}

static bool query_last_usable(const struct subject *subject, struct value *result, struct error *error)
{
    if (!need_network(subject, error))
        return false;
    return answer(result, ip_network_is_single(&subject->network)
                              ? value_null()
                              : subject_address(subject_last_usable(&subject->network)));
}

static bool query_range_usable(const struct subject *subject, struct value *result, struct error *error)
{
    if (!need_network(subject, error))
        return false;
    return answer(result, ip_network_is_single(&subject->network)
                              ? value_null()
                              : address_pair(subject_first_usable(&subject->network), '-',
                                             subject_last_usable(&subject->network)));
}

static bool query_next_usable(const struct subject *subject, struct value *result, struct error *error)
{
    struct ip_address next = subject->network.address;
    if (!need_network(subject, error))
        return false;
    bool has_next = next.bits < subject_last_usable(&subject->network).bits;
    next.bits++;
    return answer(result, has_next ? subject_address(next) : value_null());
}

static bool query_previous_usable(const struct subject *subject, struct value *result, struct error *error)
{
    struct ip_address previous = subject->network.address;
    if (!need_network(subject, error))
        return false;
    bool has_previous = previous.bits > subject_first_usable(&subject->network).bits;
    previous.bits--;
    return answer(result, has_previous ? subject_address(previous) : value_null());
}

/** The other end of a point-to-point link: of a network of two addresses, or of two usable ones. */
static bool query_peer(const struct subject *subject, struct value *result, struct error *error)
{
    struct ip_address peer = subject->network.address;
    if (!need_network(subject, error))
        return false;
    if (ip_width(peer.version) - subject->network.prefix == 2) {
        unsigned place = (unsigned)peer.bits & 3;
        if (place == 0)
            return error_set(error, ERROR_FILTER, "Network address of /30 has no peer");
        if (place == 3)
            return error_set(error, ERROR_FILTER, "Broadcast address of /30 has no peer");
        peer.bits ^= 3;
    } else if (is_pair(subject)) {
        peer.bits ^= 1;
    } else {
        return error_set(error, ERROR_FILTER, "Not a point-to-point network");
    }
    return answer(result, subject_address(peer));
}

/* ---- classes ---- */

static bool query_link_local(const struct subject *subject, struct value *result, struct error *error)
{
    struct ip_network host = host_of(subject);
    (void)error;
    return answer_class(subject, ip_network_is(&host, IP_LINK_LOCAL), result);
}

static bool query_loopback(const struct subject *subject, struct value *result, struct error *error)
{
    struct ip_network host = host_of(subject);
    (void)error;
    return answer_class(subject, ip_network_is(&host, IP_LOOPBACK), result);
}

static bool query_multicast(const struct subject *subject, struct value *result, struct error *error)
{
    struct ip_network host = host_of(subject);
    (void)error;
    return answer_class(subject, ip_network_is(&host, IP_MULTICAST), result);
}

static bool query_unicast(const struct subject *subject, struct value *result, struct error *error)
{
    struct ip_network host = host_of(subject);
    (void)error;
    return answer_class(subject, !ip_network_is(&host, IP_MULTICAST), result);
}

static bool query_private(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    return answer_class(subject, is_private(subject), result);
}

static bool query_public(const struct subject *subject, struct value *result, struct error *error)
{
    (void)error;
    return answer_class(subject, is_public(subject), result);
}

/* ---- from one version to the other ---- */

/** The 6to4 prefix of an IPv4 host (RFC 3056). */
static bool query_6to4(const struct subject *subject, struct value *result, struct error *error)
{
    struct ip_network host = host_of(subject);
    (void)error;
    if (!subject_is_host(&subject->network))
        return answer(result, value_bool(false));
    if (version_of(subject) == 6)
        return answer(result, ip_network_is(&host, IP_SIX_TO_FOUR) ? value_copy(subject->text) : value_bool(false));
    if (!is_public(subject) && !is_private(subject))
        return answer(result, value_bool(false));
    unsigned bits = (unsigned)host.address.bits;
    return answer(result, value_string_format("2002:%04x:%04x::1/48", bits >> 16, bits & UINT16_MAX));
}

static bool query_ipv4(const struct subject *subject, struct value *result, struct error *error)
{
    struct ip_network host = host_of(subject);
    (void)error;
    if (version_of(subject) == 4)
        return answer(result, value_copy(subject->text));
    if (subject->network.prefix < 96 || (host.address.bits > UINT32_MAX && !ip_network_is(&host, IP_MAPPED)))
        return answer(result, value_bool(false));
    return answer(result, subject_with_prefix((struct ip_address){4, host.address.bits & UINT32_MAX},
                                              subject->network.prefix - 96));
}

static bool query_ipv6(const struct subject *subject, struct value *result, struct error *error)
{
    static const ip_bits mapped = (ip_bits)UINT16_MAX << 32;
    (void)error;
    if (version_of(subject) == 6)
        return answer(result, value_copy(subject->text));
    return answer(result, subject_with_prefix((struct ip_address){6, mapped | subject->network.address.bits},
                                              subject->network.prefix + 96));
}

/** By name. */
static const struct {
    const char *name;
    query_function *run;
} queries[] = {
    {"6to4", query_6to4},
    {"address", query_address},
    {"address/prefix", query_gateway},
    {"bool", query_bool},
    {"broadcast", query_broadcast},
    {"cidr", query_cidr},
    {"first_usable", query_first_usable},
    {"gateway", query_gateway},
    {"gw", query_gateway},
    {"host", query_host},
    {"host/prefix", query_gateway},
    {"hostmask", query_hostmask},
    {"hostnet", query_gateway},
    {"int", query_int},
    {"ip", query_address},
    {"ip/prefix", query_ip_prefix},
    {"ip_netmask", query_ip_netmask},
    {"ipv4", query_ipv4},
    {"ipv6", query_ipv6},
    {"last_usable", query_last_usable},
    {"link-local", query_link_local},
    {"lo", query_loopback},
    {"loopback", query_loopback},
    {"multicast", query_multicast},
    {"net", query_net},
    {"netmask", query_netmask},
    {"network", query_network},
    {"network/prefix", query_subnet},
    {"network_id", query_network},
    {"network_netmask", query_network_netmask},
    {"network_wildcard", query_network_wildcard},
    {"next_usable", query_next_usable},
    {"peer", query_peer},
    {"prefix", query_prefix},
    {"previous_usable", query_previous_usable},
    {"private", query_private},
    {"public", query_public},
    {"range_usable", query_range_usable},
    {"revdns", query_revdns},
    {"router", query_gateway},
    {"size", query_size},
    {"subnet", query_subnet},
    {"type", query_type},
    {"unicast", query_unicast},
    {"v4", query_ipv4},
    {"v6", query_ipv6},
    {"version", query_version},
    {"wildcard", query_hostmask},
    {"wrap", query_wrap},
};

query_function *query_find(struct value name)
{
    for (size_t i = 0; i < COUNT_OF(queries); i++)
        if (value_equals_string(name, queries[i].name))
            return queries[i].run;
    return NULL;
}

void query_suggest(struct value name, struct error *error)
{
    struct suggestion suggestion;
    if (!value_is_string(name))
        return;
    suggestion_init(&suggestion, value_bytes(name), name.as.text->length);
    for (size_t i = 0; i < COUNT_OF(queries); i++)
        suggestion_offer(&suggestion, queries[i].name, strlen(queries[i].name));
    if (suggestion.best)
        error_help(error, "Did you mean '%.*s'?", (int)suggestion.best_length, suggestion.best);
}
