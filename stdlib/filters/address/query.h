/*
 * Queries of the filter ipaddr: what it can be asked about an address or a network.
 */
#ifndef PLAYLET_STDLIB_FILTERS_ADDRESS_QUERY_H
#define PLAYLET_STDLIB_FILTERS_ADDRESS_QUERY_H

#include "stdlib/filters/address/subject.h"

/** *result is false or null where the subject has no such thing. */
typedef bool query_function(const struct subject *subject, struct value *result, struct error *error);

/** The query of a name, or NULL. */
query_function *query_find(struct value name);

/** Suggests the name that was probably meant. */
void query_suggest(struct value name, struct error *error);

#endif
