#include "runtime/value/ip_address.h"

#include <arpa/inet.h>
#include <string.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/bigint.h"

enum { ADDRESS_LENGTH = 64, WIDTH_4 = 32, WIDTH_6 = 128 };

int ip_width(int version)
{
    return version == 4 ? WIDTH_4 : WIDTH_6;
}

ip_bits ip_host_mask(int version, int prefix)
{
    int count = ip_width(version) - prefix;
    return count == WIDTH_6 ? ~(ip_bits)0 : ((ip_bits)1 << count) - 1;
}

ip_bits ip_net_mask(int version, int prefix)
{
    return ip_host_mask(version, 0) ^ ip_host_mask(version, prefix);
}

/* ---- parsing ---- */

/** One to four decimal numbers below 256, the missing ones at the end being 0. */
static bool parse_partial(const char *text, struct ip_address *address)
{
    ip_bits bits = 0;
    int count = 0;
    for (;;) {
        struct value number;
        int64_t octet;
        size_t length = strcspn(text, ".");
        if (count == 4 || !value_parse_int(text, length, 10, &number))
            return false;
        OWNED owner = number;
        if (!value_to_int64(owner, &octet) || octet < 0 || octet > UINT8_MAX)
            return false;
        bits = bits << 8 | (ip_bits)octet;
        count++;
        text += length;
        if (!*text)
            break;
        text++;
    }
    *address = (struct ip_address){4, bits << 8 * (4 - count)};
    return true;
}

bool ip_address_parse(const char *bytes, size_t length, enum ip_style style, struct ip_address *address)
{
    unsigned char packed[16];
    char text[ADDRESS_LENGTH];
    const char *scope = style == IP_STRICT ? memchr(bytes, '%', length) : NULL;
    if (scope && scope + 1 == bytes + length)
        return false;
    if (scope)
        length = (size_t)(scope - bytes);
    if (length >= sizeof text || memchr(bytes, '\0', length))
        return false;
    memcpy(text, bytes, length);
    text[length] = '\0';
    int version = strchr(text, ':') ? 6 : 4;
    if (version == 4 && scope)
        return false;
    if (version == 4 && style == IP_LENIENT)
        return parse_partial(text, address);
    if (inet_pton(version == 4 ? AF_INET : AF_INET6, text, packed) != 1)
        return false;
    *address = (struct ip_address){version, 0};
    for (int i = 0; i < ip_width(version) / 8; i++)
        address->bits = address->bits << 8 | packed[i];
    return true;
}

/** The prefix of a mask: ones and then zeros, or the other way round. */
static bool mask_prefix(struct ip_address mask, int *prefix)
{
    for (int i = 0; i <= ip_width(mask.version); i++)
        if (mask.bits == ip_net_mask(mask.version, i) || mask.bits == ip_host_mask(mask.version, i)) {
            *prefix = i;
            return true;
        }
    return false;
}

static bool parse_prefix(const char *bytes, size_t length, enum ip_style style, int version, int *prefix)
{
    struct ip_address mask;
    size_t digits = 0;
    int number = 0;
    while (digits < length && digits < 4 && bytes[digits] >= '0' && bytes[digits] <= '9')
        number = number * 10 + (bytes[digits++] - '0');
    if (digits == length && length > 0) {
        *prefix = number;
        return number <= ip_width(version);
    }
    return (version == 4 || style == IP_LENIENT) && memchr(bytes, version == 4 ? '.' : ':', length) &&
           ip_address_parse(bytes, length, IP_STRICT, &mask) && mask.version == version && mask_prefix(mask, prefix);
}

bool ip_network_parse(const char *bytes, size_t length, enum ip_style style, struct ip_network *network)
{
    const char *slash = memchr(bytes, '/', length);
    size_t address = slash ? (size_t)(slash - bytes) : length;
    if (!ip_address_parse(bytes, address, style, &network->address))
        return false;
    network->has_prefix = slash != NULL;
    network->prefix = ip_width(network->address.version);
    return !slash || parse_prefix(slash + 1, length - address - 1, style, network->address.version, &network->prefix);
}

/* ---- printing ---- */

static unsigned byte_of(struct ip_address address, int index)
{
    return (unsigned)(address.bits >> (ip_width(address.version) - 8 * (index + 1))) & UINT8_MAX;
}

void ip_address_append(struct text_buffer *out, struct ip_address address)
{
    unsigned char packed[16];
    char text[ADDRESS_LENGTH];
    for (int i = 0; i < ip_width(address.version) / 8; i++)
        packed[i] = (unsigned char)byte_of(address, i);
    text_buffer_append_string(out, inet_ntop(address.version == 4 ? AF_INET : AF_INET6, packed, text, sizeof text));
}

void ip_address_append_reverse(struct text_buffer *out, struct ip_address address)
{
    for (int i = ip_width(address.version) / 8; i-- > 0;) {
        unsigned byte = byte_of(address, i);
        if (address.version == 4)
            text_buffer_append_format(out, "%u.", byte);
        else
            text_buffer_append_format(out, "%x.%x.", byte & 0xF, byte >> 4);
    }
    text_buffer_append_string(out, address.version == 4 ? "in-addr.arpa." : "ip6.arpa.");
}

struct value ip_bits_value(ip_bits bits)
{
    CLEANUP(text_buffer_done) struct text_buffer digits = {0};
    struct value result = value_int((int64_t)bits);
    if (bits > INT64_MAX) {
        text_buffer_append_format(&digits, "%016llx%016llx", (unsigned long long)(bits >> 64),
                                  (unsigned long long)bits);
        if (!bigint_parse(text_buffer_bytes(&digits), digits.length, 16, &result))
            bug("hexadecimal digits are no number: %s", text_buffer_bytes(&digits));
    }
    return result;
}

bool ip_bits_read(struct value number, ip_bits *bits)
{
    int64_t small;
    if (value_to_int64(number, &small)) {
        *bits = (ip_bits)small;
        return small >= 0;
    }
    if (number.kind != VALUE_BIGINT || bigint_bits(number) > WIDTH_6 || bigint_compare(number, value_int(0)) < 0)
        return false;
    CLEANUP(text_buffer_done) struct text_buffer digits = {0};
    bigint_append(&digits, number, 16);
    *bits = 0;
    for (const char *at = text_buffer_bytes(&digits); *at; at++)
        *bits = *bits << 4 | (unsigned)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
    return true;
}

/* ---- networks ---- */

struct ip_address ip_network_first(const struct ip_network *network)
{
    int version = network->address.version;
    return (struct ip_address){version, network->address.bits & ip_net_mask(version, network->prefix)};
}

struct ip_address ip_network_last(const struct ip_network *network)
{
    int version = network->address.version;
    return (struct ip_address){version, network->address.bits | ip_host_mask(version, network->prefix)};
}

bool ip_network_is_single(const struct ip_network *network)
{
    return network->prefix == ip_width(network->address.version);
}

bool ip_network_contains(const struct ip_network *outer, const struct ip_network *inner)
{
    int version = outer->address.version;
    return inner->address.version == version && inner->prefix >= outer->prefix &&
           ((inner->address.bits ^ outer->address.bits) & ip_net_mask(version, outer->prefix)) == 0;
}

/* ---- classes ---- */

/** Ranges by class: tables of networks in their usual notation. */
static const struct {
    enum ip_class class;
    const char *network;
} ranges[] = {
    {IP_LOOPBACK, "127.0.0.0/8"},
    {IP_LOOPBACK, "::1"},
    {IP_MULTICAST, "224.0.0.0/4"},
    {IP_MULTICAST, "ff00::/8"},
    {IP_LINK_LOCAL, "169.254.0.0/16"},
    {IP_LINK_LOCAL, "fe80::/10"},
    {IP_UNSPECIFIED, "0.0.0.0"},
    {IP_UNSPECIFIED, "::"},
    {IP_RESERVED, "240.0.0.0/4"},
    {IP_RESERVED, "::/8"},
    {IP_RESERVED, "100::/8"},
    {IP_RESERVED, "200::/7"},
    {IP_RESERVED, "400::/6"},
    {IP_RESERVED, "800::/5"},
    {IP_RESERVED, "1000::/4"},
    {IP_RESERVED, "4000::/3"},
    {IP_RESERVED, "6000::/3"},
    {IP_RESERVED, "8000::/3"},
    {IP_RESERVED, "a000::/3"},
    {IP_RESERVED, "c000::/3"},
    {IP_RESERVED, "e000::/4"},
    {IP_RESERVED, "f000::/5"},
    {IP_RESERVED, "f800::/6"},
    {IP_RESERVED, "fe00::/9"},
    {IP_LOCAL_USE, "10.0.0.0/8"},
    {IP_LOCAL_USE, "172.16.0.0/12"},
    {IP_LOCAL_USE, "192.168.0.0/16"},
    {IP_LOCAL_USE, "169.254.0.0/16"},
    {IP_LOCAL_USE, "192.0.0.0/29"},
    {IP_LOCAL_USE, "198.18.0.0/15"},
    {IP_LOCAL_USE, "100.64.0.0/10"},
    {IP_LOCAL_USE, "239.0.0.0/8"},
    {IP_LOCAL_USE, "fc00::/7"},
    {IP_LOCAL_USE, "fe80::/10"},
    {IP_LOCAL_USE, "fec0::/10"},
    {IP_NOT_GLOBAL, "0.0.0.0/8"},
    {IP_NOT_GLOBAL, "10.0.0.0/8"},
    {IP_NOT_GLOBAL, "127.0.0.0/8"},
    {IP_NOT_GLOBAL, "169.254.0.0/16"},
    {IP_NOT_GLOBAL, "172.16.0.0/12"},
    {IP_NOT_GLOBAL, "192.0.0.0/24"},
    {IP_NOT_GLOBAL, "192.0.2.0/24"},
    {IP_NOT_GLOBAL, "192.168.0.0/16"},
    {IP_NOT_GLOBAL, "198.18.0.0/15"},
    {IP_NOT_GLOBAL, "198.51.100.0/24"},
    {IP_NOT_GLOBAL, "203.0.113.0/24"},
    {IP_NOT_GLOBAL, "240.0.0.0/4"},
    {IP_NOT_GLOBAL, "::1"},
    {IP_NOT_GLOBAL, "::"},
    {IP_NOT_GLOBAL, "64:ff9b:1::/48"},
    {IP_NOT_GLOBAL, "100::/64"},
    {IP_NOT_GLOBAL, "2001::/23"},
    {IP_NOT_GLOBAL, "2001:db8::/32"},
    {IP_NOT_GLOBAL, "2002::/16"},
    {IP_NOT_GLOBAL, "3fff::/20"},
    {IP_NOT_GLOBAL, "fc00::/7"},
    {IP_NOT_GLOBAL, "fe80::/10"},
    {IP_GLOBAL_AFTER_ALL, "192.0.0.9"},
    {IP_GLOBAL_AFTER_ALL, "192.0.0.10"},
    {IP_GLOBAL_AFTER_ALL, "2001:1::1"},
    {IP_GLOBAL_AFTER_ALL, "2001:1::2"},
    {IP_GLOBAL_AFTER_ALL, "2001:3::/32"},
    {IP_GLOBAL_AFTER_ALL, "2001:4:112::/48"},
    {IP_GLOBAL_AFTER_ALL, "2001:20::/28"},
    {IP_GLOBAL_AFTER_ALL, "2001:30::/28"},
    {IP_SHARED, "100.64.0.0/10"},
    {IP_MAPPED, "::ffff:0:0/96"},
    {IP_SIX_TO_FOUR, "2002::/16"},
    {IP_TEREDO, "2001::/32"},
};

bool ip_network_is(const struct ip_network *network, enum ip_class class)
{
    for (size_t i = 0; i < COUNT_OF(ranges); i++) {
        struct ip_network range;
        if (ranges[i].class != class)
            continue;
        if (!ip_network_parse(ranges[i].network, strlen(ranges[i].network), IP_STRICT, &range))
            bug("no network: %s", ranges[i].network);
        if (ip_network_contains(&range, network))
            return true;
    }
    return false;
}
