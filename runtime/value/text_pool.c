#include "runtime/value/text_pool.h"

#include <string.h>

struct text *text_pool_get(struct text_pool *pool, const char *bytes, size_t length)
{
    uint32_t hash = text_hash_bytes(bytes, length);
    struct text **slot = &pool->texts[hash % TEXT_POOL_SLOTS];
    if (*slot && (*slot)->hash == hash && (*slot)->length == length && memcmp((*slot)->bytes, bytes, length) == 0)
        return text_copy(*slot);
    text_drop(*slot);
    *slot = text_new(bytes, length);
    (*slot)->hash = hash;
    return text_copy(*slot);
}

void text_pool_done(struct text_pool *pool)
{
    for (size_t i = 0; i < TEXT_POOL_SLOTS; i++)
        text_drop(pool->texts[i]);
    *pool = (struct text_pool){0};
}
