#include <string.h>

#include "runtime/os/vault.h"
#include "tests/check.h"

static const struct vault_secret secret = {"pw", 2};

TEST(vault_decrypts_what_it_encrypted)
{
    static const char *const texts[] = {"", "x", "sixteen bytes ..", "seventeen bytes .."};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        CLEANUP(text_buffer_done) struct text_buffer vault = {0}, plain = {0};
        OWNED_ERROR error = {0};
        CHECK(vault_encrypt(&vault, texts[i], strlen(texts[i]), secret, NULL, 0, "dev", &error));
        CHECK(vault_decrypt(&plain, text_buffer_bytes(&vault), vault.length, secret, &error));
        CHECK_STRING(text_buffer_bytes(&plain), texts[i]);
        CLEANUP(memory_cleanup) char *id = vault_id(text_buffer_bytes(&vault), vault.length);
        CHECK_STRING(id, "dev");
    }
}

TEST(vault_refuses_another_password)
{
    CLEANUP(text_buffer_done) struct text_buffer vault = {0}, plain = {0};
    OWNED_ERROR error = {0};
    CHECK(vault_encrypt(&vault, "x", 1, secret, NULL, 0, NULL, &error));
    CHECK(!vault_decrypt(&plain, text_buffer_bytes(&vault), vault.length, (struct vault_secret){"no", 2}, &error));
    CHECK_STRING(error.message, "HMAC verification failed: Signature did not match digest.");
    CHECK_INT((int64_t)plain.length, 0);
}

TEST(vault_reads_what_ansible_wrote)
{
    static const char vault[] = "$ANSIBLE_VAULT;1.1;AES256\n"
                                "36663733366636366331313732386262663338663962356564653833366131666133623763656531\n"
                                "6633633230323562356535653636373138396633343263340a313230313535336565346665386130\n"
                                "62336665616333653039366331636632393032326434336463326339396231633739343934643335\n"
                                "6333356566613966350a386164393131303363363766313762383765646238616138623535613332\n"
                                "3364\n";
    CLEANUP(text_buffer_done) struct text_buffer plain = {0};
    OWNED_ERROR error = {0};
    CHECK(vault_decrypt(&plain, vault, strlen(vault), secret, &error));
    CHECK_STRING(text_buffer_bytes(&plain), "secret\n");
}
