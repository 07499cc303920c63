/*
 * Ansible's vault: texts encrypted with a password (the formats 1.1 and 1.2, AES256; described in Ansible's "Vault payload format").
 *
 *     $ANSIBLE_VAULT;1.2;AES256;ID
 *     hexadecimal digits of "SALT\nHMAC\nCIPHERTEXT", each in hexadecimal digits too, 80 a line
 *
 * Keys: PBKDF2-HMAC-SHA256, 10,000 rounds, 80 bytes: AES key, HMAC key, initial counter.  AES-256-CTR with PKCS#7 padding, HMAC-SHA256.
 * What was derived or decrypted on the way is wiped; what is returned is the caller's to wipe (vault_wipe).
 */
#ifndef PLAYLET_RUNTIME_OS_VAULT_H
#define PLAYLET_RUNTIME_OS_VAULT_H

#include "runtime/source/error.h"
#include "runtime/value/text.h"

/** Does the text begin as an encrypted one? */
bool vault_is_encrypted(const char *bytes, size_t length);

struct vault_secret {
    const char *password;
    size_t length;
};

/** Appends the encrypted text.  `salt` of `salt_length` bytes, NULL: random; `id` NULL: the format 1.1. */
bool vault_encrypt(struct text_buffer *out, const char *bytes, size_t length, struct vault_secret secret,
                   const char *salt, size_t salt_length, const char *id, struct error *error);

/** Appends what was encrypted.  ERROR_VALUE for a malformed text or another password ("HMAC verification failed ..."). */
bool vault_decrypt(struct text_buffer *out, const char *bytes, size_t length, struct vault_secret secret,
                   struct error *error);

/** The id of a 1.2 text (a fresh string), NULL for one without. */
char *vault_id(const char *bytes, size_t length) NODISCARD;

#endif
