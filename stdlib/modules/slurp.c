/* slurp: the content of a file, in base64. */
#include <stdlib.h>

#include "runtime/os/file.h"
#include "stdlib/modules/host_path.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "src", .type = OPTION_PATH, .required = true, .aliases = "path", .documentation = "The file"},
};

static void start(struct module_call *call);

const struct module module_slurp = {
    .name = "slurp",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_CHECK_MODE,
    .start = start,
    .documentation = "Read a file of the host",
};

/** Appends base64 (RFC 4648), padded. */
static void append_base64(struct text_buffer *out, const unsigned char *bytes, size_t length)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        uint32_t group =
            (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
        text_buffer_append_char(out, alphabet[group >> 18]);
        text_buffer_append_char(out, alphabet[group >> 12 & 63]);
        text_buffer_append_char(out, left > 1 ? alphabet[group >> 6 & 63] : '=');
        text_buffer_append_char(out, left > 2 ? alphabet[group & 63] : '=');
    }
}

static void start(struct module_call *call)
{
    const char *source = module_string(call, "src");
    CLEANUP(memory_cleanup) char *path = host_path(call->host, source);
    OWNED_ERROR error = {0};
    char *bytes;
    size_t length;
    if (!file_exists(path)) {
        module_fail(call, "File not found: %s", source);
        return;
    }
    if (file_is_directory(path)) {
        module_fail(call, "Source is a directory and must be a file: %s", source);
        return;
    }
    if (!file_read(path, &bytes, &length, &error)) {
        module_fail(call, "File is not readable: %s", source);
        return;
    }
    CLEANUP(text_buffer_done) struct text_buffer content = {0};
    append_base64(&content, (const unsigned char *)bytes, length);
    free(bytes);
    dict_set_string_take(call->result, "content", value_string_take(text_buffer_take(&content)));
    dict_set_string_take(call->result, "source", value_string(source));
    dict_set_string_take(call->result, "encoding", value_string("base64"));
    module_done(call);
}
