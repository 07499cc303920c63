#include "runtime/value/digest.h"
#include "tests/check.h"

/** The digest in hexadecimal, or the error's message. */
static struct value digest(const char *name, const char *bytes, size_t length)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    OWNED_ERROR error = {0};
    if (!digest_append_hex(&out, name, bytes, length, &error))
        return value_string(error.message);
    return value_string_take(text_buffer_take(&out));
}

#define CHECK_DIGEST(name, bytes, expected)                                                                            \
    do {                                                                                                               \
        OWNED shown = digest(name, bytes, sizeof bytes - 1);                                                           \
        CHECK_STRING(value_bytes(shown), expected);                                                                    \
    } while (0)

TEST(digests_are_those_of_the_standards)
{
    CHECK_DIGEST("md5", "abc", "900150983cd24fb0d6963f7d28e17f72");                           /* RFC 1321 */
    CHECK_DIGEST("sha1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d");                  /* RFC 3174 */
    CHECK_DIGEST("sha3_224", "", "6b4e03423667dbb73b6e15454f0eb1abd4597f9a1b078e3f5b5a6bc7"); /* FIPS 202 */
    CHECK_DIGEST("sha256", "a\0b", "59b271ae1bbcb1d31d41929817f4b16fb439eb4f31520b5ad1d5ce98920a7138");
    CHECK_DIGEST("md99", "abc", "unsupported hash type md99");
}

/** A password's hash, or the error's message. */
static struct value hashed(const struct password_spec *spec)
{
    OWNED_ERROR error = {0};
    struct value hash;
    return password_hash(spec, &hash, &error) ? hash : value_string(error.message);
}

#define CHECK_HASH(expected, ...)                                                                                      \
    do {                                                                                                               \
        OWNED shown = hashed(&(struct password_spec){__VA_ARGS__});                                                    \
        CHECK_STRING(value_bytes(shown), expected);                                                                    \
    } while (0)

TEST(passwords_are_hashed_as_the_system_does)
{
    CHECK_HASH("$1$saltsalt$9xy1btjgzLYfb7hivXtC//", .scheme = "md5", .password = "secret", .salt = "saltsalt");
    CHECK_HASH("$5$rounds=1000$saltsalt$eKLZU9t9OoPWrqOQsoTIKG0aYkZ5rGOoOQhiIvoSWX2", .scheme = "sha256",
               .password = "secret", .salt = "saltsalt", .rounds = 1000);
    CHECK_HASH("$2a$05$123456789012345678901u.97m5mwuxOR3RvRKYm9sasohx5Mnzwq", .scheme = "bcrypt", .password = "secret",
               .salt = "1234567890123456789012", .rounds = 5, .ident = "2a");
    CHECK_HASH("salt too large (md5_crypt requires <= 8 chars)", .scheme = "md5", .password = "secret",
               .salt = "saltsaltsalt");
    CHECK_HASH("invalid characters in sha512_crypt salt", .scheme = "sha512", .password = "secret", .salt = "a$b");
    CHECK_HASH("md5_crypt takes no rounds", .scheme = "md5", .password = "secret", .salt = "a", .rounds = 5);
}
