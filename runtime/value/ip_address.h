/*
 * Internet addresses and networks: parsed, printed, computed with and classified.  An address is a number of 32 or
 * 128 bits; nothing here allocates or looks anything up.
 */
#ifndef PLAYLET_RUNTIME_VALUE_IP_ADDRESS_H
#define PLAYLET_RUNTIME_VALUE_IP_ADDRESS_H

#include "runtime/value/text.h"
#include "runtime/value/value.h"

typedef unsigned __int128 ip_bits;

struct ip_address {
    int version; /* 4 or 6 */
    ip_bits bits;
};

/** An address and how many of its bits, from the left, name its network. */
struct ip_network {
    struct ip_address address; /* may have bits behind the prefix */
    int prefix;
    bool has_prefix; /* it was written with one */
};

/** How an address may be written. */
enum ip_style {
    IP_STRICT,  /* as Python's ipaddress takes it */
    IP_LENIENT, /* as netaddr takes it: "10.1" and "010.0.0.1" too, spaces around it */
};

bool ip_address_parse(const char *bytes, size_t length, enum ip_style style, struct ip_address *address);

/** ADDRESS or ADDRESS/PREFIX, the prefix being a number, a net mask or a host mask. */
bool ip_network_parse(const char *bytes, size_t length, enum ip_style style, struct ip_network *network);

/** As inet_ntop prints it: the longest run of zeros compressed, an IPv4 address inside of IPv6 with its dots. */
void ip_address_append(struct text_buffer *out, struct ip_address address);

/** "1.0.0.127.in-addr.arpa." */
void ip_address_append_reverse(struct text_buffer *out, struct ip_address address);

/** Any number of 128 bits as an int. */
struct value ip_bits_value(ip_bits bits) NODISCARD;

/** The number of an int; false when it is negative or has more than 128 bits. */
bool ip_bits_read(struct value number, ip_bits *bits);

/** 32 or 128. */
int ip_width(int version);

/** The mask of all bits behind a prefix. */
ip_bits ip_host_mask(int version, int prefix);
/** ... and of those in it. */
ip_bits ip_net_mask(int version, int prefix);

/** The first and the last address of a network. */
struct ip_address ip_network_first(const struct ip_network *network);
struct ip_address ip_network_last(const struct ip_network *network);

/** Has it one address only? */
bool ip_network_is_single(const struct ip_network *network);

/** Lies all of `inner` in `outer`? */
bool ip_network_contains(const struct ip_network *outer, const struct ip_network *inner);

/** What an address is for, by IANA's registries of special-purpose addresses. */
enum ip_class {
    IP_LOOPBACK,
    IP_MULTICAST,
    IP_LINK_LOCAL,
    IP_UNSPECIFIED,
    IP_RESERVED,     /* as Python's is_reserved */
    IP_LOCAL_USE,    /* for use inside of organisations: netaddr's is_private */
    IP_NOT_GLOBAL,   /* not for use in the internet, with the exceptions of ... */
    IP_GLOBAL_AFTER_ALL,
    IP_SHARED,       /* carriers' shared space: neither private nor global */
    IP_MAPPED,       /* IPv4 addresses in IPv6 */
    IP_SIX_TO_FOUR,
    IP_TEREDO,
    IP_CLASS_COUNT,
};

/** Lies the whole network in one of the ranges of a class? */
bool ip_network_is(const struct ip_network *network, enum ip_class class);

#endif
