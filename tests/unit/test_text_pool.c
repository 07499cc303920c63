#include <stdio.h>
#include <string.h>

#include "runtime/value/text_pool.h"
#include "tests/check.h"

TEST(text_pool_shares_equal_texts_and_forgets_old_ones)
{
    struct text_pool pool = {0};
    struct text *first = text_pool_get(&pool, "name", 4), *second = text_pool_get(&pool, "named", 4);
    CHECK(first == second);
    CHECK(strcmp(first->bytes, "name") == 0);
    for (int i = 0; i < 10 * TEXT_POOL_SLOTS; i++) {
        char bytes[16];
        int length = snprintf(bytes, sizeof bytes, "key %d", i);
        struct text *text = text_pool_get(&pool, bytes, (size_t)length);
        CHECK(strcmp(text->bytes, bytes) == 0);
        CHECK(text->hash == text_hash_bytes(bytes, (size_t)length));
        text_drop(text);
    }
    text_pool_done(&pool);
    CHECK(first->references == 2);
    text_drop(first);
    text_drop(second);
}
