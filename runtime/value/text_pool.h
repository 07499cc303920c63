/*
 * A pool of texts that come again and again, such as the keys of a document: equal ones become one text, which saves
 * memory, hashing and comparing.  It keeps the last text of each hash and forgets the one before: a short memory,
 * whose cost does not grow with what was put in.
 */
#ifndef PLAYLET_RUNTIME_VALUE_TEXT_POOL_H
#define PLAYLET_RUNTIME_VALUE_TEXT_POOL_H

#include "runtime/value/text.h"

enum { TEXT_POOL_SLOTS = 128 };

/** Starts zeroed. */
struct text_pool {
    struct text *texts[TEXT_POOL_SLOTS];    /* owned references, or NULL */
};

/** A text of these bytes, shared where it was asked for lately. */
struct text *text_pool_get(struct text_pool *pool, const char *bytes, size_t length) NODISCARD;

void text_pool_done(struct text_pool *pool);

#endif
