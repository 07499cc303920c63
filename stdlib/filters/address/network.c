/*
 * Filters on networks: ipsubnet, ipmath, ipcut, ip4_hex, nthhost, next_nth_usable, previous_nth_usable,
 * network_in_network, network_in_usable, reduce_on_network, usable_range, slaac.
 */
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/filters/address/hardware.h"
#include "stdlib/filters/address/subject.h"
#include "stdlib/filters/filters.h"

enum { WIDTH_BITS = 128 };

static bool answer(struct value *result, struct value value)
{
    *result = value;
    return true;
}

/** An address some way from another one; false when that is no address of its version. */
static bool address_move(struct ip_address *address, int64_t distance)
{
    ip_bits most = ip_host_mask(address->version, 0);
    ip_bits way = distance < 0 ? -(ip_bits)distance : (ip_bits)distance;
    if (distance < 0 ? way > address->bits : way > most - address->bits)
        return false;
    address->bits = distance < 0 ? address->bits - way : address->bits + way;
    return true;
}

/* ---- ipsubnet ---- */

/** The subnet of a number out of those that a network has room for, or how many there are. */
static bool subnet_below(const struct ip_network *network, int prefix, struct value index, struct value *result,
                         struct error *error)
{
    int version = network->address.version, bits = prefix - network->prefix;
    ip_bits last = bits <= 0 ? 0 : ip_host_mask(6, WIDTH_BITS - bits);
    struct ip_address first = ip_network_first(network);
    int64_t place;
    if (value_is_null(index) && bits < 0)
        return error_set(error, ERROR_VALUE, "Requested subnet size of %d is invalid", prefix);
    if (value_is_null(index)) {
        OWNED most = ip_bits_value(last), count = value_null();
        if (!value_arithmetic(ARITHMETIC_ADD, most, value_int(1), &count, error))
            return false;
        return answer(result, value_str(count));
    }
    if (!subject_int("index", index, &place, error))
        return false;
    ip_bits from_end = place < 0 ? (ip_bits)(-(place + 1)) : 0;
    if (place < 0 ? from_end > last : (ip_bits)place > last)
        return answer(result, value_bool(false));
    first.bits += (place < 0 ? last - from_end : (ip_bits)place) << (ip_width(version) - prefix) % WIDTH_BITS;
    return answer(result, subject_with_prefix(first, prefix));
}

/** The network of a number out of those that an address lies in, from the one with this prefix to the smallest. */
static bool subnet_above(const struct ip_network *network, int prefix, struct value index, struct value *result,
                         struct error *error)
{
    int count = ip_width(network->address.version) - prefix;
    int64_t place = 0;
    if (!value_is_null(index) && !subject_int("index", index, &place, error))
        return false;
    if (place < 0)
        place += count;
    if (place < 0 || place >= count)
        return error_set(error, ERROR_KEY, "list index out of range");
    struct ip_network found = {network->address, prefix + (int)place, true};
    return answer(result, subject_with_prefix(ip_network_first(&found), found.prefix));
}

/** Which of the subnets of its size the network is, counted from 1. */
static bool subnet_rank(const struct ip_network *network, struct value query, struct value *result, struct error *error)
{
    struct ip_network outer;
    OWNED shown = value_str(query);
    if (!subject_network(query, &outer))
        return error_set(error, ERROR_VALUE, "You must pass a valid subnet or IP address; %s is invalid",
                         value_bytes(shown));
    struct ip_address first = ip_network_first(network), start = ip_network_first(&outer);
    OWNED inner_text = subject_with_prefix(first, network->prefix);
    OWNED outer_text = subject_with_prefix(start, outer.prefix);
    if (!ip_network_contains(&outer, network))
        return error_set(error, ERROR_VALUE, "%s is not in the subnet %s", value_bytes(inner_text),
                         value_bytes(outer_text));
    int shift = ip_width(first.version) - network->prefix;
    OWNED rank = ip_bits_value(shift == WIDTH_BITS ? 0 : (first.bits - start.bits) >> shift), count = value_null();
    if (!value_arithmetic(ARITHMETIC_ADD, rank, value_int(1), &count, error))
        return false;
    return answer(result, value_str(count));
}

static bool filter_ipsubnet(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    OWNED_ERROR unread = {0};
    struct ip_network network;
    int64_t prefix;
    (void)evaluation;
    if (!subject_network(arguments[0], &network))
        return answer(result, value_bool(false));
    if (!value_truth(arguments[1]))
        return answer(result, subject_with_prefix(ip_network_first(&network), network.prefix));
    if (!subject_int("query", arguments[1], &prefix, &unread) || prefix < 0)
        return subnet_rank(&network, arguments[1], result, error);
    if (prefix > ip_width(network.address.version))
        return answer(result, value_bool(false));
    return (ip_network_is_single(&network) ? subnet_above : subnet_below)(&network, (int)prefix, arguments[2], result,
                                                                          error);
}

/* ---- arithmetic ---- */

static bool filter_ipmath(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    struct ip_network network;
    int64_t amount;
    OWNED shown = value_str(arguments[0]);
    (void)evaluation;
    if (!subject_int("amount", arguments[1], &amount, error))
        return false;
    if (!subject_network(arguments[0], &network))
        return error_set(error, ERROR_VALUE, "You must pass a valid IP address; %s is invalid", value_bytes(shown));
    if (!address_move(&network.address, amount))
        return error_set(error, ERROR_VALUE, "result outside valid IP address boundary!");
    return answer(result, subject_address(network.address));
}

static bool filter_ip4_hex(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    OWNED text = argument_text(arguments[0]), delimiter = argument_text(arguments[1]);
    struct ip_address address;
    (void)evaluation;
    if (!ip_address_parse(value_bytes(text), text.as.text->length, IP_LENIENT, &address) || address.version != 4)
        return error_set(error, ERROR_VALUE, "invalid IPv4 address: '%s'", value_bytes(text));
    unsigned bits = (unsigned)address.bits;
    const char *between = value_bytes(delimiter);
    return answer(result, value_string_format("%02x%s%02x%s%02x%s%02x", bits >> 24, between, bits >> 16 & UINT8_MAX,
                                              between, bits >> 8 & UINT8_MAX, between, bits & UINT8_MAX));
}

/** The first bits of an address in its notation, or the last ones where the number is negative. */
static bool filter_ipcut(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    struct ip_network network;
    int64_t amount;
    OWNED shown = value_str(arguments[0]);
    (void)evaluation;
    if (!subject_int("amount", arguments[1], &amount, error))
        return false;
    if (!subject_network(arguments[0], &network))
        return error_set(error, ERROR_VALUE, "You must pass a valid IP address; %s is invalid", value_bytes(shown));
    int version = network.address.version, width = ip_width(version), group = version == 4 ? 8 : 16;
    if (amount < -width || amount > width)
        return error_set(error, ERROR_VALUE, "an address of IPv%d has no %lld bits", version, (long long)amount);
    int64_t count = amount < 0 ? -amount : amount;
    for (int64_t start = amount < 0 ? width - count : 0, end = start + count; start < end; start += group) {
        int64_t size = end - start < group ? end - start : group;
        unsigned bits = (unsigned)(network.address.bits >> (width - start - size)) & ((1U << size) - 1);
        text_buffer_append_format(&out, version == 4 ? "%s%u" : "%s%x",
                                  out.length == 0 ? ""
                                  : version == 4  ? "."
                                                  : ":",
                                  bits);
    }
    return answer(result, value_string_take(text_buffer_take(&out)));
}

/* ---- hosts ---- */

static bool filter_nthhost(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    OWNED_ERROR unread = {0};
    struct ip_network network;
    int64_t place;
    (void)evaluation, (void)error;
    if (!subject_network(arguments[0], &network) || !subject_int("query", arguments[1], &place, &unread))
        return answer(result, value_bool(false));
    struct ip_address first = ip_network_first(&network), last = ip_network_last(&network);
    struct ip_address found = place < 0 ? last : first;
    if (!address_move(&found, place < 0 ? place + 1 : place) || found.bits < first.bits || found.bits > last.bits)
        return answer(result, value_bool(false));
    return answer(result, subject_address(found));
}

/** The usable address some way from the one given, null where there is none. */
static bool usable_near(struct value value, struct value offset, int direction, struct value *result,
                        struct error *error)
{
    struct ip_network network;
    int64_t distance;
    if (value_is_null(offset) || value_equals_string(offset, ""))
        return error_set(error, ERROR_TYPE, "Must pass in an integer");
    if (!subject_int("offset", offset, &distance, error))
        return false;
    if (!subject_network(value, &network))
        return answer(result, value_bool(false));
    struct ip_address found = network.address;
    if (distance == INT64_MIN || !address_move(&found, direction * distance) ||
        found.bits < subject_first_usable(&network).bits || found.bits > subject_last_usable(&network).bits)
        return answer(result, value_null());
    return answer(result, subject_address(found));
}

static bool filter_next_nth_usable(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                   struct error *error)
{
    (void)evaluation;
    return usable_near(arguments[0], arguments[1], 1, result, error);
}

static bool filter_previous_nth_usable(struct evaluation *evaluation, const struct value *arguments,
                                       struct value *result, struct error *error)
{
    (void)evaluation;
    return usable_near(arguments[0], arguments[1], -1, result, error);
}

static bool filter_usable_range(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                struct error *error)
{
    struct ip_network network;
    OWNED shown = value_repr(arguments[0]), out = value_dict_new(), addresses = value_list_new();
    (void)evaluation;
    if (!value_is_string(arguments[0]))
        return error_set(error, ERROR_TYPE,
                         "Error while using plugin 'usable_range': not expecting type '<class '%s'>'",
                         value_type_name(arguments[0]));
    if (!ip_network_parse(value_bytes(arguments[0]), arguments[0].as.text->length, IP_STRICT, &network))
        return error_set(error, ERROR_VALUE,
                         "Error while using plugin 'usable_range': %s does not appear to be an IPv4 or IPv6 network",
                         value_bytes(shown));
    if (network.address.bits != ip_network_first(&network).bits)
        return error_set(error, ERROR_VALUE, "Error while using plugin 'usable_range': %s has host bits set",
                         value_bytes(arguments[0]));
    ip_bits more = ip_host_mask(network.address.version, network.prefix);
    if (more >= LIMIT_RANGE_ITEMS)
        return error_set(error, ERROR_LIMIT, "Error while using plugin 'usable_range': %s has too many addresses",
                         value_bytes(arguments[0]));
    for (ip_bits i = 0; i <= more; i++, network.address.bits++)
        list_push_take(addresses.as.list, subject_address(network.address));
    dict_set_string_take(out.as.dict, "usable_ips", value_steal(&addresses));
    dict_set_string_take(out.as.dict, "number_of_ips", value_int((int64_t)more + 1));
    return answer(result, value_steal(&out));
}

/* ---- one in the other ---- */

static bool filter_network_in_network(struct evaluation *evaluation, const struct value *arguments,
                                      struct value *result, struct error *error)
{
    struct ip_network outer, inner;
    (void)evaluation, (void)error;
    return answer(result, value_bool(subject_network(arguments[0], &outer) && subject_network(arguments[1], &inner) &&
                                     ip_network_contains(&outer, &inner)));
}

static bool filter_network_in_usable(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                     struct error *error)
{
    struct ip_network outer, inner;
    (void)evaluation, (void)error;
    bool holds = subject_network(arguments[0], &outer) && subject_network(arguments[1], &inner) &&
                 ip_network_contains(&outer, &inner) &&
                 ip_network_first(&inner).bits >= subject_first_usable(&outer).bits &&
                 ip_network_last(&inner).bits <= subject_last_usable(&outer).bits;
    return answer(result, value_bool(holds));
}

static bool filter_reduce_on_network(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                     struct error *error)
{
    struct ip_network outer, inner;
    OWNED kept = value_list_new(), items = value_null();
    if (value_is_sequence(arguments[0])) {
        items = value_copy(arguments[0]);
    } else {
        items = value_list_new();
        list_push_take(items.as.list, value_copy(arguments[0]));
    }
    (void)evaluation, (void)error;
    bool has_network = subject_network(arguments[1], &outer);
    for (size_t i = 0; has_network && i < items.as.list->count; i++)
        if (subject_network(items.as.list->items[i], &inner) && ip_network_contains(&outer, &inner))
            list_push_take(kept.as.list, value_copy(items.as.list->items[i]));
    return answer(result, value_steal(&kept));
}

/* ---- slaac ---- */

/** The address that a host with this hardware address gives itself in a network (RFC 4862, modified EUI-64). */
static bool filter_slaac(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    struct ip_network network;
    uint64_t hardware;
    (void)evaluation, (void)error;
    if (!subject_network(arguments[0], &network) || network.address.version != 6 ||
        !hardware_parse(arguments[1], &hardware))
        return answer(result, value_bool(false));
    uint64_t host = (hardware >> 24 ^ 0x020000) << 40 | (uint64_t)0xFFFE << 24 | (hardware & 0xFFFFFF);
    struct ip_address address = ip_network_first(&network);
    address.bits += host;
    return answer(result, subject_address(address));
}

static const struct function rows[] = {
    {"ip4_hex", "arg, delimiter=''", filter_ip4_hex, 0, "An IPv4 address in hexadecimal."},
    {"ipcut", "value, amount", filter_ipcut, 0, "The first bits of an address, or the last ones (negative)."},
    {"ipmath", "value, amount", filter_ipmath, 0, "The address some way behind (or before) another."},
    {"ipsubnet", "value, query='', index=None", filter_ipsubnet, 0,
     "A subnet by its number, how many there are, or which one a network is in another."},
    {"network_in_network", "value, test=''", filter_network_in_network, 0, "Does a network hold all of another?"},
    {"network_in_usable", "value, test=''", filter_network_in_usable, 0,
     "Are all addresses of another network usable for hosts of this one?"},
    {"next_nth_usable", "value, offset=None", filter_next_nth_usable, 0, "The n-th usable address behind this one."},
    {"nthhost", "value, query=''", filter_nthhost, 0, "The n-th address of a network."},
    {"previous_nth_usable", "value, offset=None", filter_previous_nth_usable, 0,
     "The n-th usable address before this one."},
    {"reduce_on_network", "value, network", filter_reduce_on_network, 0, "Those addresses that lie in a network."},
    {"slaac", "value, query=''", filter_slaac, 0,
     "The IPv6 address of a host by its hardware address, in a network (SLAAC)."},
    {"usable_range", "ip", filter_usable_range, 0, "All addresses of a network, and how many they are."},
};

const struct function_table filters_network = {FUNCTION_FILTER, "ansible.utils", rows, COUNT_OF(rows)};
const struct function_table filters_network_netcommon = {FUNCTION_FILTER, "ansible.netcommon", rows, COUNT_OF(rows)};
