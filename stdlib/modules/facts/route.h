/*
 * The way that the kernel would send packets, asked of it directly (rtnetlink(7)).
 */
#ifndef PLAYLET_STDLIB_MODULES_FACTS_ROUTE_H
#define PLAYLET_STDLIB_MODULES_FACTS_ROUTE_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>

struct route {
    char interface[IF_NAMESIZE];
    char gateway[INET6_ADDRSTRLEN]; /* "" when the destination is next door */
    char source[INET6_ADDRSTRLEN];  /* the address that packets would come from; "" unknown */
};

/** Finds the way to an address of the family AF_INET or AF_INET6; false where there is none. */
bool route_find(int family, const char *destination, struct route *route);

#endif
