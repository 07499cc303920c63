/*
 * The passwords of vaults that a run was given, each under an identity, and texts and files decrypted with them.
 *
 * A keyring copies what it is given and wipes it when it is freed.  Whoever reads files borrows it: a source that was read with a
 * keyring carries it for the `!vault` values inside (source.h), so it must outlive the parsing of the source, no more.
 */
#ifndef PLAYLET_RUNTIME_OS_VAULT_KEYRING_H
#define PLAYLET_RUNTIME_OS_VAULT_KEYRING_H

#include "runtime/os/vault.h"

struct vault_keyring;

struct vault_keyring *vault_keyring_new(void) NODISCARD;

/** Wipes and frees; NULL is allowed. */
void vault_keyring_free(struct vault_keyring *keyring);

/** Adds a password, without the white space around it.  ERROR_VALUE for one that is empty. */
bool vault_keyring_add(struct vault_keyring *keyring, const char *id, const char *bytes, size_t length,
                       struct error *error);

size_t vault_keyring_count(const struct vault_keyring *keyring);

/** The first password of this identity (NULL: of any) and its identity; false when there is none. */
bool vault_keyring_find(const struct vault_keyring *keyring, const char *id, struct vault_secret *secret,
                        const char **found_id);

/** Decrypts with the password of the text's identity or any other that fits.  The keyring may be NULL: an empty one.
 *  ERROR_VALUE in the reference's words; `out` is then as it was. */
bool vault_keyring_decrypt(const struct vault_keyring *keyring, struct text_buffer *out, const char *bytes,
                           size_t length, struct error *error);

/** Have all passwords one identity? */
bool vault_keyring_is_single(const struct vault_keyring *keyring);
/** "id1,id2". */
void vault_keyring_append_ids(const struct vault_keyring *keyring, struct text_buffer *out);

/** Lets `!vault` values stay the texts they are written as, flagged VALUE_SECRET, for who shows them but does not use them. */
void vault_keyring_keep_values(struct vault_keyring *keyring);
bool vault_keyring_keeps_values(const struct vault_keyring *keyring);

/** A file as file_read_source has it, decrypted where it is a vault (and is_secret then), with this keyring. */
struct source *vault_read_source(const struct vault_keyring *keyring, const char *path, struct error *error) NODISCARD;

/** The same for a file's bytes: decrypts them in place where they are a vault; what was there is freed. */
bool vault_open_bytes(const struct vault_keyring *keyring, char **bytes, size_t *length, struct error *error);

/** Overwrites the bytes of a buffer and lets it go; for CLEANUP. */
void vault_wipe_buffer(struct text_buffer *buffer);

/** Overwrites memory that held a secret; the compiler does not leave it out. */
void vault_wipe(void *bytes, size_t length);

#endif
