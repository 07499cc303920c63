/*
 * What a filter on addresses works on: an address or a network as playbooks write it, and how it is written again.
 */
#ifndef PLAYLET_STDLIB_FILTERS_ADDRESS_SUBJECT_H
#define PLAYLET_STDLIB_FILTERS_ADDRESS_SUBJECT_H

#include "runtime/value/ip_address.h"

struct subject {
    struct ip_network network;
    struct value text; /* as it was given, a number as ADDRESS/PREFIX; owned */
};

void subject_done(struct subject *subject);

/** Reads text or a number (a number of IPv6 where `version` is 6 or it is too large for IPv4); false when it is none. */
bool subject_read(struct value value, int version, struct subject *subject);

/** The same in a string that must be an address or a network, without a version asked for. */
bool subject_network(struct value value, struct ip_network *network);

/** Has it an address of a host: bits behind the prefix, or nothing but the prefix? */
bool subject_is_host(const struct ip_network *network);

/** The first and the last address for hosts: without those of the network and the broadcast, where there are more than two. */
struct ip_address subject_first_usable(const struct ip_network *network);
struct ip_address subject_last_usable(const struct ip_network *network);

/** ADDRESS and ADDRESS/PREFIX as string values. */
struct value subject_address(struct ip_address address) NODISCARD;
struct value subject_with_prefix(struct ip_address address, int prefix) NODISCARD;

/** An int argument, in digits too; ERROR_TYPE that names it. */
bool subject_int(const char *name, struct value argument, int64_t *result, struct error *error);

#endif
