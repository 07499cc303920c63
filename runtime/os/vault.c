#include "runtime/os/vault.h"

#include <ctype.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <sys/random.h>

#define HEADER "$ANSIBLE_VAULT;"

enum {
    KEY_BYTES = 32,
    BLOCK_BYTES = 16,
    DIGEST_BYTES = 32,
    SALT_BYTES = 32,
    ITERATIONS = 10000,
    LINE_LENGTH = 80,
};

/** What a password and a salt come to. */
struct vault_keys {
    unsigned char cipher[KEY_BYTES];
    unsigned char digest[KEY_BYTES];
    unsigned char counter[BLOCK_BYTES];
};

bool vault_is_encrypted(const char *bytes, size_t length)
{
    return length >= strlen(HEADER) && memcmp(bytes, HEADER, strlen(HEADER)) == 0;
}

static bool crypto_fail(struct error *error)
{
    return error_set(error, ERROR_OTHER, "the vault's cipher is not available");
}

static bool derive_keys(struct vault_keys *keys, struct vault_secret secret, const unsigned char *salt,
                        size_t salt_length, struct error *error)
{
    unsigned char bytes[sizeof *keys];
    bool ok = PKCS5_PBKDF2_HMAC(secret.password, (int)secret.length, salt, (int)salt_length, ITERATIONS, EVP_sha256(),
                                sizeof bytes, bytes) == 1;
    memcpy(keys, bytes, sizeof *keys);
    OPENSSL_cleanse(bytes, sizeof bytes);
    return ok || crypto_fail(error);
}

/** AES-256-CTR, the same both ways; `out` has room for as many bytes. */
static bool run_cipher(const struct vault_keys *keys, const unsigned char *bytes, size_t length, unsigned char *out,
                       struct error *error)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int written;
    bool ok = context && EVP_EncryptInit_ex(context, EVP_aes_256_ctr(), NULL, keys->cipher, keys->counter) == 1 &&
              EVP_EncryptUpdate(context, out, &written, bytes, (int)length) == 1;
    EVP_CIPHER_CTX_free(context);
    return ok || crypto_fail(error);
}

static void append_hex(struct text_buffer *out, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        text_buffer_append_format(out, "%02x", bytes[i]);
}

/** Lets go of a buffer whose content nobody may see. */
static void secret_buffer_done(struct text_buffer *buffer)
{
    if (buffer->length > 0)
        OPENSSL_cleanse(text_buffer_reserve(buffer, 1) - buffer->length, buffer->length);
    text_buffer_done(buffer);
}

/* ---- encrypting ---- */

/** The header and the payload's digits in lines. */
static void append_envelope(struct text_buffer *out, const struct text_buffer *payload, const char *id)
{
    CLEANUP(text_buffer_done) struct text_buffer digits = {0};
    append_hex(&digits, (const unsigned char *)text_buffer_bytes(payload), payload->length);
    text_buffer_append_format(out, HEADER "%s;AES256%s%s\n", id ? "1.2" : "1.1", id ? ";" : "", id ? id : "");
    for (size_t i = 0; i < digits.length; i += LINE_LENGTH) {
        size_t rest = digits.length - i;
        text_buffer_append(out, text_buffer_bytes(&digits) + i, rest < LINE_LENGTH ? rest : LINE_LENGTH);
        text_buffer_append_char(out, '\n');
    }
}

/** Encrypts padded bytes, which are overwritten, and signs them. */
static bool encrypt_padded(struct text_buffer *out, struct text_buffer *padded, const struct vault_keys *keys,
                           const unsigned char *salt, size_t salt_length, const char *id, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer payload = {0};
    unsigned char digest[DIGEST_BYTES];
    unsigned char *bytes = (unsigned char *)text_buffer_reserve(padded, 1) - padded->length;
    if (!run_cipher(keys, bytes, padded->length, bytes, error) ||
        !HMAC(EVP_sha256(), keys->digest, KEY_BYTES, bytes, padded->length, digest, NULL))
        return error->kind != ERROR_NONE ? false : crypto_fail(error);
    append_hex(&payload, salt, salt_length);
    text_buffer_append_char(&payload, '\n');
    append_hex(&payload, digest, sizeof digest);
    text_buffer_append_char(&payload, '\n');
    append_hex(&payload, bytes, padded->length);
    append_envelope(out, &payload, id);
    return true;
}

bool vault_encrypt(struct text_buffer *out, const char *bytes, size_t length, struct vault_secret secret,
                   const char *salt, size_t salt_length, const char *id, struct error *error)
{
    CLEANUP(secret_buffer_done) struct text_buffer padded = {0};
    unsigned char fresh[SALT_BYTES];
    struct vault_keys keys;
    if (!salt) {
        if (getrandom(fresh, sizeof fresh, 0) != sizeof fresh)
            bug("getrandom: %s", strerror(errno));
        salt = (const char *)fresh;
        salt_length = sizeof fresh;
    }
    if (!derive_keys(&keys, secret, (const unsigned char *)salt, salt_length, error))
        return false;
    size_t padding = BLOCK_BYTES - length % BLOCK_BYTES;
    text_buffer_append(&padded, bytes, length);
    text_buffer_append_repeated(&padded, (char)padding, padding);
    bool ok = encrypt_padded(out, &padded, &keys, (const unsigned char *)salt, salt_length, id, error);
    OPENSSL_cleanse(&keys, sizeof keys);
    return ok;
}

/* ---- decrypting ---- */

static int digit_value(char digit)
{
    return isdigit((unsigned char)digit)    ? digit - '0'
           : isxdigit((unsigned char)digit) ? (tolower(digit) - 'a') + 10
                                            : -1;
}

/** The bytes of hexadecimal digits, white space between them passed by. */
static bool append_unhexed(struct text_buffer *out, const char *digits, size_t length)
{
    int high = -1;
    for (size_t i = 0; i < length; i++) {
        int value = digit_value(digits[i]);
        if (isspace((unsigned char)digits[i]))
            continue;
        if (value < 0)
            return false;
        if (high < 0) {
            high = value;
        } else {
            text_buffer_append_char(out, (char)(high << 4 | value));
            high = -1;
        }
    }
    return high < 0;
}

/** Salt, signature and encrypted bytes of a payload. */
static bool payload_parts(const char *bytes, size_t length, struct text_buffer parts[3])
{
    CLEANUP(text_buffer_done) struct text_buffer inner = {0};
    if (!append_unhexed(&inner, bytes, length))
        return false;
    const char *at = text_buffer_bytes(&inner), *end = at + inner.length;
    for (int i = 0; i < 3; i++) {
        const char *newline = i < 2 ? memchr(at, '\n', (size_t)(end - at)) : end;
        if (!newline || !append_unhexed(&parts[i], at, (size_t)(newline - at)))
            return false;
        at = newline + 1;
    }
    return true;
}

/** Verifies, decrypts, and takes the padding off. */
static bool decrypt_parts(struct text_buffer *out, const struct text_buffer parts[3], const struct vault_keys *keys,
                          struct error *error)
{
    unsigned char digest[DIGEST_BYTES];
    const unsigned char *bytes = (const unsigned char *)text_buffer_bytes(&parts[2]);
    if (!HMAC(EVP_sha256(), keys->digest, KEY_BYTES, bytes, parts[2].length, digest, NULL))
        return crypto_fail(error);
    if (parts[1].length != sizeof digest || CRYPTO_memcmp(digest, text_buffer_bytes(&parts[1]), sizeof digest) != 0)
        return error_set(error, ERROR_VALUE, "HMAC verification failed: Signature did not match digest.");
    unsigned char *decrypted = (unsigned char *)text_buffer_reserve(out, parts[2].length + 1);
    if (!run_cipher(keys, bytes, parts[2].length, decrypted, error))
        return false;
    size_t padding = parts[2].length ? decrypted[parts[2].length - 1] : 0;
    if (padding == 0 || padding > BLOCK_BYTES || padding > parts[2].length)
        return error_set(error, ERROR_VALUE, "Invalid padding bytes.");
    text_buffer_added(out, parts[2].length - padding);
    return true;
}

bool vault_decrypt(struct text_buffer *out, const char *bytes, size_t length, struct vault_secret secret,
                   struct error *error)
{
    const char *line_end = memchr(bytes, '\n', length);
    struct text_buffer parts[3] = {0};
    struct vault_keys keys;
    if (!vault_is_encrypted(bytes, length) || !line_end)
        return error_set(error, ERROR_VALUE, "input is not vault encrypted data");
    size_t body = (size_t)(line_end + 1 - bytes);
    bool ok = payload_parts(bytes + body, length - body, parts) ||
              error_set(error, ERROR_VALUE, "Vault format unhexlify error: Non-hexadecimal digit found");
    ok = ok && derive_keys(&keys, secret, (const unsigned char *)text_buffer_bytes(&parts[0]), parts[0].length, error);
    if (ok) {
        ok = decrypt_parts(out, parts, &keys, error);
        OPENSSL_cleanse(&keys, sizeof keys);
    }
    for (int i = 0; i < 3; i++)
        text_buffer_done(&parts[i]);
    return ok;
}

char *vault_id(const char *bytes, size_t length)
{
    const char *end = memchr(bytes, '\n', length), *at = bytes;
    end = end ? end : bytes + length;
    for (int i = 0; i < 3 && at; i++) {
        at = memchr(at, ';', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    while (at && end > at && isspace((unsigned char)end[-1]))
        --end;
    return at ? memory_copy_string(at, (size_t)(end - at)) : NULL;
}
