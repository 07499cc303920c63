#include "runtime/os/vault_keyring.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/os/file.h"

struct key {
    char *id, *password;
    size_t length;
};

struct vault_keyring {
    struct key *keys;
    size_t count;
    bool keeps_values;
};

void vault_wipe(void *bytes, size_t length)
{
    explicit_bzero(bytes, length);
}

void vault_wipe_buffer(struct text_buffer *buffer)
{
    if (buffer->text)
        vault_wipe(buffer->text->bytes, buffer->length);
    text_buffer_done(buffer);
}

struct vault_keyring *vault_keyring_new(void)
{
    return memory_new_array(1, sizeof(struct vault_keyring));
}

void vault_keyring_free(struct vault_keyring *keyring)
{
    if (!keyring)
        return;
    for (size_t i = 0; i < keyring->count; i++) {
        vault_wipe(keyring->keys[i].password, keyring->keys[i].length);
        free(keyring->keys[i].password);
        free(keyring->keys[i].id);
    }
    free(keyring->keys);
    free(keyring);
}

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

bool vault_keyring_add(struct vault_keyring *keyring, const char *id, const char *bytes, size_t length,
                       struct error *error)
{
    while (length > 0 && is_blank(bytes[length - 1]))
        --length;
    for (; length > 0 && is_blank(*bytes); bytes++)
        --length;
    if (length == 0)
        return error_set(error, ERROR_FILE, "Invalid vault password was provided");
    keyring->keys = memory_resize(keyring->keys, keyring->count + 1, sizeof *keyring->keys);
    keyring->keys[keyring->count++] = (struct key){
        .id = memory_copy_string(id, strlen(id)),
        .password = memory_copy_string(bytes, length),
        .length = length,
    };
    return true;
}

size_t vault_keyring_count(const struct vault_keyring *keyring)
{
    return keyring ? keyring->count : 0;
}

bool vault_keyring_is_single(const struct vault_keyring *keyring)
{
    for (size_t i = 1; i < keyring->count; i++)
        if (strcmp(keyring->keys[i].id, keyring->keys[0].id) != 0)
            return false;
    return true;
}

void vault_keyring_append_ids(const struct vault_keyring *keyring, struct text_buffer *out)
{
    for (size_t i = 0; i < keyring->count; i++)
        text_buffer_append_format(out, "%s%s", i ? "," : "", keyring->keys[i].id);
}

void vault_keyring_keep_values(struct vault_keyring *keyring)
{
    keyring->keeps_values = true;
}

bool vault_keyring_keeps_values(const struct vault_keyring *keyring)
{
    return keyring && keyring->keeps_values;
}

bool vault_keyring_find(const struct vault_keyring *keyring, const char *id, struct vault_secret *secret,
                        const char **found_id)
{
    for (size_t i = 0; i < keyring->count; i++)
        if (!id || strcmp(keyring->keys[i].id, id) == 0) {
            *secret = (struct vault_secret){keyring->keys[i].password, keyring->keys[i].length};
            *found_id = keyring->keys[i].id;
            return true;
        }
    return false;
}

/** Tries one key; false without an error when it is another's text. */
static bool try_key(const struct key *key, struct text_buffer *out, const char *bytes, size_t length,
                    struct error *error)
{
    OWNED_ERROR failure = {0};
    struct vault_secret secret = {key->password, key->length};
    if (vault_decrypt(out, bytes, length, secret, &failure))
        return true;
    bool is_other = strncmp(failure.message, "HMAC", strlen("HMAC")) == 0;
    return is_other ? false : error_move(error, &failure);
}

bool vault_keyring_decrypt(const struct vault_keyring *keyring, struct text_buffer *out, const char *bytes,
                           size_t length, struct error *error)
{
    if (vault_keyring_count(keyring) == 0)
        return error_set(error, ERROR_FILE, "Attempting to decrypt but no vault secrets found.");
    CLEANUP(memory_cleanup) char *id = vault_id(bytes, length);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < keyring->count && error->kind == ERROR_NONE; i++) {
            bool is_named = id && strcmp(keyring->keys[i].id, id) == 0;
            if (is_named == (pass == 0) && try_key(&keyring->keys[i], out, bytes, length, error))
                return true;
        }
    if (error->kind != ERROR_NONE)
        return false;
    error_set(error, ERROR_FILE, "Decryption failed (no vault secrets were found that could decrypt).");
    return id ? error_help(error, "The text says that its identity is '%s'.", id) : false;
}

bool vault_open_bytes(const struct vault_keyring *keyring, char **bytes, size_t *length, struct error *error)
{
    CLEANUP(vault_wipe_buffer) struct text_buffer plain = {0};
    if (!vault_is_encrypted(*bytes, *length))
        return true;
    if (!vault_keyring_decrypt(keyring, &plain, *bytes, *length, error))
        return false;
    free(*bytes);
    *bytes = memory_copy_string(text_buffer_bytes(&plain), plain.length);
    *length = plain.length;
    return true;
}

struct source *vault_read_source(const struct vault_keyring *keyring, const char *path, struct error *error)
{
    struct source *source = file_read_source(path, error);
    if (!source)
        return NULL;
    source->keyring = keyring;
    source->is_secret = vault_is_encrypted(source->bytes, source->length);
    if (vault_open_bytes(keyring, &source->bytes, &source->length, error))
        return source;
    error_help(error, "'%s' is encrypted: give its password with --vault-password-file, --vault-id or -J.",
               source->name);
    source_drop(source);
    return NULL;
}
