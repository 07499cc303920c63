/*
 * Digests: hash, md5, sha1, checksum, to_uuid, password_hash.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/value/digest.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"

#define ANSIBLE_NAMESPACE "361E6D51-FAEC-444A-9079-341386DA8E2E"

/** The digest of the argument as text. */
static bool digest_value(struct value value, const char *name, struct value *result, struct error *error)
{
    OWNED text = argument_text(value);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (!digest_append_hex(&out, name, value_bytes(text), text.as.text->length, error))
        return false;
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static bool filter_hash(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    OWNED name = argument_text(arguments[1]);
    (void)evaluation;
    return digest_value(arguments[0], value_bytes(name), result, error);
}

static bool filter_md5(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    return digest_value(arguments[0], "md5", result, error);
}

static bool filter_sha1(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    return digest_value(arguments[0], "sha1", result, error);
}

/* ---- to_uuid ---- */

/** The 16 bytes of "8-4-4-4-12" hexadecimal digits. */
static bool uuid_parse(const char *text, unsigned char *bytes)
{
    static const char digits[] = "0123456789abcdef";
    size_t count = 0;
    for (; *text; text++) {
        const char *digit = strchr(digits, *text >= 'A' && *text <= 'F' ? *text + ('a' - 'A') : *text);
        if (strchr("-{}", *text))
            continue;
        if (!digit || count == 32)
            return false;
        bytes[count / 2] = (unsigned char)(count % 2 ? bytes[count / 2] | (digit - digits) : (digit - digits) << 4);
        ++count;
    }
    return count == 32;
}

/** uuid.uuid5: SHA-1 of the namespace and the name (RFC 4122, 4.3). */
static bool filter_to_uuid(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    OWNED text = argument_text(arguments[0]);
    OWNED namespace = argument_text(arguments[1]);
    CLEANUP(text_buffer_done) struct text_buffer input = {0}, digest = {0};
    unsigned char bytes[16];
    (void)evaluation;
    if (!uuid_parse(value_bytes(namespace), bytes))
        return error_set(error, ERROR_FILTER,
                         "Invalid value '%s' for 'namespace': badly formed hexadecimal UUID string",
                         value_bytes(namespace));
    text_buffer_append(&input, (const char *)bytes, sizeof bytes);
    text_buffer_append_text(&input, text.as.text);
    if (!digest_append_hex(&digest, "sha1", text_buffer_bytes(&input), input.length, error))
        return false;
    const char *hex = text_buffer_bytes(&digest);
    unsigned variant = (unsigned)strtoul((char[]){hex[16], '\0'}, NULL, 16);
    *result = value_string_format("%.8s-%.4s-5%.3s-%x%.3s-%.12s", hex, hex + 8, hex + 13, (variant & 3) | 8, hex + 17,
                                  hex + 20);
    return true;
}

/* ---- password_hash ---- */

static bool filter_password_hash(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                 struct error *error)
{
    OWNED scheme = argument_text(arguments[1]);
    OWNED salt = value_is_null(arguments[2]) ? value_null() : argument_text(arguments[2]);
    OWNED ident = value_is_null(arguments[5]) ? value_null() : argument_text(arguments[5]);
    struct password_spec spec = {
        .scheme = value_bytes(scheme),
        .password = value_is_string(arguments[0]) ? value_bytes(arguments[0]) : NULL,
        .salt = value_truth(salt) ? value_bytes(salt) : NULL,
        .ident = value_is_null(ident) ? NULL : value_bytes(ident),
    };
    (void)evaluation;
    if (!spec.password)
        return error_set(error, ERROR_TYPE, "secret must be unicode or bytes, not %s", value_type_name(arguments[0]));
    if (!(value_is_null(arguments[3]) || argument_int(arguments[3], &spec.salt_size, error)) ||
        !(value_is_null(arguments[4]) || argument_int(arguments[4], &spec.rounds, error)))
        return false;
    return password_hash(&spec, result, error);
}

static const struct function rows[] = {
    {"checksum", "value", filter_sha1, 0, "The SHA-1 digest"},
    {"hash", "value, hashtype='sha1'", filter_hash, 0, "The digest of a kind: md5, sha1, sha256, sha512, blake2b ..."},
    {"md5", "value", filter_md5, 0, "The MD5 digest"},
    {"password_hash", "password, hashtype='sha512', salt=None, salt_size=None, rounds=None, ident=None",
     filter_password_hash, FUNCTION_IMPURE, "A password hashed as the system's password file has it"},
    {"sha1", "value", filter_sha1, 0, "The SHA-1 digest"},
    {"to_uuid", "string, namespace='" ANSIBLE_NAMESPACE "'", filter_to_uuid, 0, "A UUID (version 5) made of the text"},
};

const struct function_table filters_hash = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
