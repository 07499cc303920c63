#include <stdio.h>

#include "runtime/value/digest.h"
#include "runtime/value/random.h"
#include "runtime/value/repr.h"
#include "tests/check.h"

/* What CPython 3.11 prints for random.Random(seed). */

static struct random seeded(struct value seed)
{
    struct random random;
    OWNED owned = seed;
    OWNED_ERROR error = {0};
    if (!random_init_seed(&random, owned, &error))
        bug("%s", error.message);
    return random;
}

TEST(random_draws_as_cpython)
{
    char shown[64];
    struct random random = seeded(value_int(42));
    snprintf(shown, sizeof shown, "%.17g", random_unit(&random));
    CHECK_STRING(shown, "0.63942679845788375");
    random = seeded(value_int(42));
    CHECK_INT((int64_t)random_below(&random, 100), 81);
    random = seeded(value_string("host1"));
    CHECK_INT((int64_t)random_below(&random, 60), 31);
    random = seeded(value_int(-1));
    CHECK_INT((int64_t)random_below(&random, 1000), 137);
}

TEST(random_shuffles_as_cpython)
{
    struct random random = seeded(value_int(7));
    OWNED list = value_list_new();
    for (int i = 0; i < 6; i++)
        list_push_take(list.as.list, value_int(i));
    random_shuffle(&random, list.as.list);
    OWNED shown = value_repr(list);
    CHECK_STRING(value_bytes(shown), "[4, 0, 5, 3, 1, 2]");
}

TEST(digest_hashes_passwords_as_passlib)
{
    OWNED hash = value_null();
    OWNED_ERROR error = {0};
    struct password_spec spec = {.scheme = "sha512", .password = "secret", .salt = "abc", .rounds = 5000};
    CHECK(password_hash(&spec, &hash, &error));
    CHECK_STRING(value_bytes(hash),
                 "$6$abc$IdWKNKTJEb8LxY7CGg8YBXlvtfZzFw7Mp/r6niK9YB2mdvgY..TKjv1T..8RadRt2qvUHYRLr/TsVArtr91iR1");
    struct password_spec bad = {.scheme = "sha512", .password = "secret", .salt = "abcdefghijklmnopq"};
    CHECK(!password_hash(&bad, &hash, &error));
    CHECK_STRING(error.message, "salt too large (sha512_crypt requires <= 16 chars)");
}
