/*
 * Dialing: a TCP connection to a host's port without blocking.  Names are resolved by a child (getent), since the
 * system's resolver can only block; each address is tried in turn.
 */
#ifndef PLAYLET_RUNTIME_ASYNC_DIAL_H
#define PLAYLET_RUNTIME_ASYNC_DIAL_H

#include "runtime/async/loop.h"

struct dial;

/** `descriptor`: the connected socket, now the owner's, or -1 when nobody answered within the limit. */
typedef void dial_done_function(void *owner, int descriptor);

/** Starts; `limit` nanoseconds for each address.  `done` is called once, later, from the loop; the dial frees itself after it. */
struct dial *dial_start(struct loop *loop, const char *host, int port, int64_t limit, dial_done_function *done, void *owner)
    NODISCARD;

/** Ends it; `done` is not called. */
void dial_cancel(struct dial *dial);

#endif
