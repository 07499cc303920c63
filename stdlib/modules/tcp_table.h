/*
 * The system's TCP connections (/proc/net/tcp, tcp6), as wait_for's state "drained" counts them.
 */
#ifndef PLAYLET_STDLIB_MODULES_TCP_TABLE_H
#define PLAYLET_STDLIB_MODULES_TCP_TABLE_H

#include "runtime/value/list.h"

/** The number of a state by its name ("ESTABLISHED"), or 0 when there is none of that name. */
unsigned tcp_state_find(const char *name);

/**
 * How many connections to the local address `host` (numeric; "0.0.0.0", "::" stand for all) and port are in one of the states (a set
 * of bits 1 << number), not counting those from the peers in `excluded` (numeric addresses).
 */
unsigned tcp_table_count(const char *host, int port, unsigned states, const struct list *excluded);

#endif
