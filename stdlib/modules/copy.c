/* copy: a file of the controller, or a text, as a file of the host; written whole or not at all. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/os/file.h"
#include "runtime/os/vault_keyring.h"
#include "runtime/value/json.h"
#include "runtime/value/repr.h"
#include "stdlib/modules/controller_file.h"
#include "stdlib/modules/file_install.h"
#include "stdlib/modules/host_path.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "src", .type = OPTION_PATH, .documentation = "The file (or folder) to copy"},
    {.name = "content", .type = OPTION_RAW, .documentation = "The text to write, instead of a file's"},
    {.name = "dest", .type = OPTION_PATH, .documentation = "Where it goes"},
    {.name = "decrypt", .type = OPTION_BOOL, .fallback = "true", .documentation = "Copy what an encrypted file holds"},
    {.name = "remote_src",
     .type = OPTION_BOOL,
     .fallback = "false",
     .documentation = "The file is on the host already"},
    {.name = "checksum", .type = OPTION_STRING, .documentation = "SHA-1 that the content must have"},
    FILE_INSTALL_OPTIONS,
};

static void start(struct module_call *call);

const struct module module_copy = {
    .name = "copy",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_ACTION | MODULE_REACHES_HOST | MODULE_CHECK_MODE,
    .start = start,
    .documentation = "Copy files or texts to the host",
};

/** The text of `content`: strings as they are, containers as JSON. */
static bool content_text(struct value content, struct value *text, struct error *error)
{
    static const struct json_style style = {.indent = -1, .ascii = true};
    if (!value_is_dict(content) && !value_is_sequence(content)) {
        *text = value_str(content);
        return true;
    }
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (!json_append(&out, content, &style, error))
        return false;
    *text = value_string_take(text_buffer_take(&out));
    return true;
}

static bool check_arguments(const struct module_call *call, struct error *error)
{
    const char *destination = module_string(call, "dest");
    CLEANUP(memory_cleanup) char *path = destination ? host_path(call->host, destination) : NULL;
    if (!module_has(call, "src") && !module_has(call, "content"))
        return error_set(error, ERROR_MODULE, "src (or content) is required");
    if (!destination)
        return error_set(error, ERROR_MODULE, "dest is required");
    if (module_has(call, "src") && module_has(call, "content"))
        return error_set(error, ERROR_MODULE, "src and content are mutually exclusive");
    bool is_folder = *destination && destination[strlen(destination) - 1] == '/';
    if (module_has(call, "content") && (is_folder || file_is_directory(path)))
        return error_set(error, ERROR_MODULE, "can not use content with a dir as dest");
    return true;
}

/** Where the source is; the caller's, or NULL with an error. */
static char *find_source(const struct module_call *call, struct error *error)
{
    const char *source = module_string(call, "src");
    if (!module_flag(call, "remote_src"))
        return controller_file_find(call, "files", source, error);
    CLEANUP(memory_cleanup) char *path = host_path(call->host, source);
    if (file_exists(path))
        return memory_copy_string(path, strlen(path));
    error_set(error, ERROR_MODULE, "Source %s not found", source);
    return NULL;
}

/** Installs one file of the controller under a name below the destination (NULL: the destination itself). */
static bool copy_file(struct module_call *call, const char *source, const char *name, struct error *error)
{
    struct stat status;
    char *bytes;
    size_t length;
    CLEANUP(memory_cleanup) char *below = name ? path_join(module_string(call, "dest"), name) : NULL;
    if (!file_read(source, &bytes, &length, error))
        return false;
    if (module_flag(call, "decrypt") && !module_flag(call, "remote_src") &&
        !vault_open_bytes(evaluation_keyring(call->evaluation), &bytes, &length, error)) {
        free(bytes);
        return false;
    }
    bool is_known = stat(source, &status) == 0;
    struct file_install install = {
        .source = source,
        .name = path_name(source),
        .destination = below ? below : module_string(call, "dest"),
        .bytes = bytes,
        .length = length,
        .source_mode = is_known ? status.st_mode : 0,
        .checksum = module_string(call, "checksum"),
        .makes_folders = name != NULL,
    };
    bool is_good = file_install(call, &install, error);
    free(bytes);
    return is_good;
}

/** Installs every file below `root`/`inside` under the same name below the destination. */
static bool copy_folder(struct module_call *call, const char *root, const char *inside, bool *changed,
                        struct error *error)
{
    CLEANUP(memory_cleanup) char *folder = path_join(root, inside);
    struct list *names = file_list_folder(folder, error);
    if (!names)
        return false;
    OWNED owner = value_list_take(names);
    for (size_t i = 0; i < names->count; i++) {
        CLEANUP(memory_cleanup) char *name = path_join(inside, value_bytes(names->items[i]));
        CLEANUP(memory_cleanup) char *source = path_join(root, name);
        bool is_good = file_is_directory(source) ? copy_folder(call, root, name, changed, error)
                                                 : copy_file(call, source, name, error);
        if (!is_good)
            return false;
        *changed = *changed || dict_get_truth(call->result, "changed", false);
    }
    return true;
}

/** Copies a folder: with a slash at its end what is in it, else the folder itself. */
static bool copy_tree(struct module_call *call, char *source, struct error *error)
{
    bool changed = false;
    size_t length = strlen(module_string(call, "src"));
    bool is_content = module_string(call, "src")[length - 1] == '/';
    CLEANUP(memory_cleanup) char *clean = path_normal(source);
    CLEANUP(memory_cleanup) char *parent = path_directory(clean);
    bool is_good = is_content ? copy_folder(call, clean, "", &changed, error)
                              : copy_folder(call, parent, path_name(clean), &changed, error);
    dict_drop(call->result);
    call->result = dict_new();
    dict_set_string_take(call->result, "changed", value_bool(is_good && changed));
    dict_set_string_take(call->result, "dest", value_copy(module_argument(call, "dest")));
    dict_set_string_take(call->result, "src", value_string(source));
    return is_good;
}

static bool copy_source(struct module_call *call, struct error *error)
{
    CLEANUP(memory_cleanup) char *source = find_source(call, error);
    if (!source)
        return false;
    return file_is_directory(source) ? copy_tree(call, source, error) : copy_file(call, source, NULL, error);
}

static bool copy_content(struct module_call *call, struct error *error)
{
    OWNED text = value_null();
    if (!content_text(module_argument(call, "content"), &text, error))
        return false;
    struct file_install install = {
        .destination = module_string(call, "dest"),
        .bytes = value_bytes(text),
        .length = text.as.text->length,
        .checksum = module_string(call, "checksum"),
    };
    return file_install(call, &install, error);
}

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    bool is_good = check_arguments(call, &error) &&
                   (module_has(call, "content") ? copy_content(call, &error) : copy_source(call, &error));
    if (is_good)
        module_done(call);
    else
        module_fail_error(call, &error);
}
