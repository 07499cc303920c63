#include "runtime/value/digest.h"

#include <crypt.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "runtime/value/random.h"

enum { FILE_PIECE = 1 << 16 };

/* ---- digests ---- */

/** hashlib's names where OpenSSL's are others. */
static const struct {
    const char *name, *openssl;
} digest_names[] = {
    {"blake2b", "blake2b512"}, {"blake2s", "blake2s256"}, {"sha3_224", "sha3-224"},     {"sha3_256", "sha3-256"},
    {"sha3_384", "sha3-384"},  {"sha3_512", "sha3-512"},  {"sha512_256", "sha512-256"}, {"sha512_224", "sha512-224"},
};

static const EVP_MD *digest_find(const char *name, struct error *error)
{
    const char *openssl = name;
    for (size_t i = 0; i < COUNT_OF(digest_names); i++)
        if (strcmp(digest_names[i].name, name) == 0)
            openssl = digest_names[i].openssl;
    const EVP_MD *digest = EVP_get_digestbyname(openssl);
    if (!digest)
        error_set(error, ERROR_VALUE, "unsupported hash type %s", name);
    return digest;
}

static void append_hex(struct text_buffer *out, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        text_buffer_append_format(out, "%02x", bytes[i]);
}

bool digest_append_hex(struct text_buffer *out, const char *name, const char *bytes, size_t length, struct error *error)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size;
    const EVP_MD *type = digest_find(name, error);
    if (!type)
        return false;
    if (!EVP_Digest(bytes, length, digest, &size, type, NULL))
        return error_set(error, ERROR_VALUE, "the digest %s is not available", name);
    append_hex(out, digest, size);
    return true;
}

/** Feeds a whole stream; false with errno when it cannot be read. */
static bool digest_stream(EVP_MD_CTX *context, FILE *stream)
{
    char piece[FILE_PIECE];
    size_t count;
    while ((count = fread(piece, 1, sizeof piece, stream)) > 0)
        EVP_DigestUpdate(context, piece, count);
    return !ferror(stream);
}

bool digest_append_file(struct text_buffer *out, const char *name, const char *path, struct error *error)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size;
    const EVP_MD *type = digest_find(name, error);
    if (!type)
        return false;
    FILE *stream = fopen(path, "rbe");
    if (!stream)
        return error_set(error, ERROR_FILE, "could not read '%s': %s", path, strerror(errno));
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = EVP_DigestInit_ex(context, type, NULL) && digest_stream(context, stream) &&
              EVP_DigestFinal_ex(context, digest, &size);
    if (ok)
        append_hex(out, digest, size);
    else
        error_set(error, ERROR_FILE, "could not read '%s': %s", path, strerror(errno));
    EVP_MD_CTX_free(context);
    fclose(stream);
    return ok;
}

/* ---- passwords ---- */

static const char SALT_CHARACTERS[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char BCRYPT_LAST_CHARACTERS[] = ".Oeu"; /* the last character of a salt holds four bits only */

/** A scheme of crypt(3). */
struct scheme {
    const char *name, *short_name;
    const char *prefix; /* "$6$" */
    size_t salt_least, salt_most;
    int64_t rounds, rounds_least, rounds_most, rounds_implied; /* 0: has no rounds */
    bool is_bcrypt;
};

static const struct scheme schemes[] = {
    {"sha512_crypt", "sha512", "$6$", 0, 16, 656000, 1000, 999999999, 5000, false},
    {"sha256_crypt", "sha256", "$5$", 0, 16, 535000, 1000, 999999999, 5000, false},
    {"md5_crypt", "md5", "$1$", 0, 8, 0, 0, 0, 0, false},
    {"bcrypt", "blowfish", "$2b$", 22, 22, 12, 4, 31, 0, true},
};

static const struct scheme *scheme_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(schemes); i++)
        if (strcmp(schemes[i].name, name) == 0 || strcmp(schemes[i].short_name, name) == 0)
            return &schemes[i];
    return NULL;
}

/** A random salt of so many characters, within what the scheme takes; 0: the most. */
static void append_random_salt(struct text_buffer *out, const struct scheme *scheme, int64_t size)
{
    struct random random;
    size_t count = size > 0 && (size_t)size < scheme->salt_most ? (size_t)size : scheme->salt_most;
    count = count < scheme->salt_least ? scheme->salt_least : count;
    random_init_system(&random);
    for (size_t i = 0; i < count; i++) {
        bool is_last = scheme->is_bcrypt && i + 1 == count;
        text_buffer_append_char(out, is_last ? BCRYPT_LAST_CHARACTERS[random_below(&random, 4)]
                                             : SALT_CHARACTERS[random_below(&random, 64)]);
    }
}

static bool salt_check(const struct scheme *scheme, const char *salt, struct error *error)
{
    size_t length = strlen(salt);
    if (strspn(salt, SALT_CHARACTERS) != length)
        return error_set(error, ERROR_VALUE, "invalid characters in %s salt", scheme->name);
    if (length > scheme->salt_most)
        return error_set(error, ERROR_VALUE, "salt too large (%s requires %s %zu chars)", scheme->name,
                         scheme->salt_least == scheme->salt_most ? "exactly" : "<=", scheme->salt_most);
    if (length < scheme->salt_least)
        return error_set(error, ERROR_VALUE, "salt too small (%s requires exactly %zu chars)", scheme->name,
                         scheme->salt_least);
    return true;
}

static bool rounds_check(const struct scheme *scheme, int64_t rounds, struct error *error)
{
    if (rounds < scheme->rounds_least)
        return error_set(error, ERROR_VALUE, "rounds too low (%s requires >= %lld rounds)", scheme->name,
                         (long long)scheme->rounds_least);
    if (rounds > scheme->rounds_most)
        return error_set(error, ERROR_VALUE, "rounds too high (%s requires <= %lld rounds)", scheme->name,
                         (long long)scheme->rounds_most);
    return true;
}

/** The setting that crypt(3) takes: prefix, rounds, salt. */
static bool append_setting(struct text_buffer *out, const struct scheme *scheme, const struct password_spec *spec,
                           struct error *error)
{
    int64_t rounds = spec->rounds ? spec->rounds : scheme->rounds;
    if (rounds && !scheme->rounds)
        return error_set(error, ERROR_VALUE, "%s takes no rounds", scheme->name);
    if (scheme->rounds && !rounds_check(scheme, rounds, error))
        return false;
    if (scheme->is_bcrypt)
        text_buffer_append_format(out, "$%s$%02lld$", spec->ident ? spec->ident : "2b", (long long)rounds);
    else
        text_buffer_append_string(out, scheme->prefix);
    if (!scheme->is_bcrypt && scheme->rounds && rounds != scheme->rounds_implied)
        text_buffer_append_format(out, "rounds=%lld$", (long long)rounds);
    if (!spec->salt)
        append_random_salt(out, scheme, spec->salt_size);
    else if (!salt_check(scheme, spec->salt, error))
        return false;
    else
        text_buffer_append_string(out, spec->salt);
    return true;
}

bool password_hash(const struct password_spec *spec, struct value *result, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer setting = {0};
    const struct scheme *scheme = scheme_find(spec->scheme);
    if (!scheme)
        return error_set(error, ERROR_VALUE,
                         "%s is not in the list of supported passlib algorithms: md5, blowfish, sha256, sha512",
                         spec->scheme);
    if (!append_setting(&setting, scheme, spec, error))
        return false;
    struct crypt_data *data = memory_new_array(1, sizeof *data);
    /* crypt_r would do; sanitizers put a function of their own in its place that cannot find this one when it is linked in. */
    const char *hash = crypt_rn(spec->password, text_buffer_bytes(&setting), data, (int)sizeof *data);
    bool ok = hash && *hash != '*';
    if (ok)
        *result = value_string(hash);
    else
        error_set(error, ERROR_VALUE, "could not hash password with '%s'", spec->scheme);
    explicit_bzero(data, sizeof *data);
    memory_cleanup(&data);
    return ok;
}
