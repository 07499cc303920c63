/*
 * Vaults: vault, unvault.
 */
#include "runtime/os/vault.h"

#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"

static struct vault_secret secret_of(struct value value)
{
    return (struct vault_secret){value_bytes(value), value.as.text->length};
}

static bool filter_vault(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    struct value data = arguments[0], secret = arguments[1], salt = arguments[2];
    (void)evaluation;
    if (!value_is_string(secret))
        return error_set(error, ERROR_TYPE, "Secret passed is required to be a string, instead we got <class '%s'>.",
                         value_type_name(secret));
    if (!value_is_string(data))
        return error_set(error, ERROR_TYPE, "Can only vault strings, instead we got <class '%s'>.",
                         value_type_name(data));
    OWNED salt_text = value_is_null(salt) ? value_null() : argument_text(salt);
    OWNED id = argument_text(arguments[3]);
    const char *salt_bytes = value_is_null(salt_text) ? NULL : value_bytes(salt_text);
    size_t salt_length = value_is_null(salt_text) ? 0 : salt_text.as.text->length;
    if (!vault_encrypt(&out, value_bytes(data), data.as.text->length, secret_of(secret), salt_bytes, salt_length,
                       value_bytes(id), error))
        return false;
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static bool filter_unvault(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    struct value vault = arguments[0], secret = arguments[1];
    (void)evaluation;
    if (!value_is_string(secret))
        return error_set(error, ERROR_TYPE, "Secret passed is required to be as string, instead we got <class '%s'>.",
                         value_type_name(secret));
    if (!value_is_string(vault))
        return error_set(error, ERROR_TYPE, "Vault should be in the form of a string, instead we got <class '%s'>.",
                         value_type_name(vault));
    if (!vault_is_encrypted(value_bytes(vault), vault.as.text->length)) {
        *result = value_copy(vault);
        return true;
    }
    if (!vault_decrypt(&out, value_bytes(vault), vault.as.text->length, secret_of(secret), error))
        return false;
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static const struct function rows[] = {
    {"unvault", "vault, secret, vault_id='filter_default', vaultid=None", filter_unvault, 0,
     "A text out of a vault; what is not encrypted as it is"},
    {"vault", "data, secret, salt=None, vault_id='filter_default', wrap_object=False, vaultid=None", filter_vault,
     FUNCTION_IMPURE, "A text encrypted as a vault"},
};

const struct function_table filters_vault = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
