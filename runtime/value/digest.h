/*
 * Digests and password hashes: libcrypto and libcrypt behind one file.
 */
#ifndef PLAYLET_RUNTIME_VALUE_DIGEST_H
#define PLAYLET_RUNTIME_VALUE_DIGEST_H

#include "runtime/value/text.h"
#include "runtime/value/value.h"

/** Appends the digest in lower-case hexadecimal; `name` as hashlib calls it ("md5", "sha1", "sha3_256", "blake2b" ...).
 *  ERROR_VALUE when there is none of that name. */
bool digest_append_hex(struct text_buffer *out, const char *name, const char *bytes, size_t length, struct error *error);

/** The digest of a file's content, read in pieces; ERROR_FILE where it cannot be read. */
bool digest_append_file(struct text_buffer *out, const char *name, const char *path, struct error *error);

struct password_spec {
    const char *scheme;     /* "sha512", "sha512_crypt", "sha256", "md5", "bcrypt", "blowfish" ... */
    const char *password;
    const char *salt;       /* NULL: random */
    int64_t salt_size;      /* characters of a random one; 0: as many as there may be */
    int64_t rounds;         /* 0: the scheme's own */
    const char *ident;      /* bcrypt's version ("2b", "2y", "2a"); NULL: 2b */
};

/** The password hashed as passlib does; ERROR_VALUE for a scheme, salt, ident or number of rounds that is none. */
bool password_hash(const struct password_spec *spec, struct value *result, struct error *error);

#endif
