/* tempfile: a new file or folder under a name that nobody can foresee. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "eval/plugin.h"
#include "runtime/os/environment.h"
#include "runtime/os/path.h"
#include "stdlib/modules/file_state.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "state",
     .type = OPTION_STRING,
     .fallback = "file",
     .choices = "file|directory",
     .documentation = "What to make"},
    {.name = "path", .type = OPTION_PATH, .documentation = "The folder to make it in (default: the system's)"},
    {.name = "prefix", .type = OPTION_STRING, .fallback = "ansible.", .documentation = "How its name begins"},
    {.name = "suffix", .type = OPTION_STRING, .fallback = "''", .documentation = "How its name ends"},
};

static void start(struct module_call *call);

const struct module module_tempfile = {
    .name = "tempfile",
    .options = options,
    .option_count = COUNT_OF(options),
    .start = start,
    .documentation = "Make a temporary file or folder",
};

enum { RANDOM_CHARACTERS = 8, TRIES = 100 };

/** A path below `folder` with random characters in its name; the caller's. */
static char *random_path(const struct module_call *call, const char *folder)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    unsigned char bytes[RANDOM_CHARACTERS];
    CLEANUP(text_buffer_done) struct text_buffer name = {0};
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        bug("getrandom: %s", strerror(errno));
    text_buffer_append_string(&name, module_string(call, "prefix"));
    for (size_t i = 0; i < sizeof bytes; i++)
        text_buffer_append_char(&name, alphabet[bytes[i] % (sizeof alphabet - 1)]);
    text_buffer_append_string(&name, module_string(call, "suffix"));
    return path_join(folder, text_buffer_bytes(&name));
}

/** Makes it; false with errno. */
static bool make(const char *path, bool is_directory)
{
    if (is_directory)
        return mkdir(path, 0700) == 0;
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return descriptor >= 0 && close(descriptor) == 0;
}

/** The folder for temporary files. */
static const char *default_folder(const struct module_call *call)
{
    static const char *const names[] = {"TMPDIR", "TEMP", "TMP"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *folder = environment_find(call->host->environment, names[i], strlen(names[i]));
        if (folder && *folder)
            return folder;
    }
    return "/tmp";
}

static void start(struct module_call *call)
{
    bool is_directory = value_equals_string(module_argument(call, "state"), "directory");
    const char *folder = module_string(call, "path") ?: default_folder(call);
    for (int i = 0; i < TRIES; i++) {
        CLEANUP(memory_cleanup) char *path = random_path(call, folder);
        if (make(path, is_directory)) {
            dict_set_string_take(call->result, "changed", value_bool(true));
            dict_set_string_take(call->result, "path", value_string(path));
            file_state_describe(call->result, path);
            module_done(call);
            return;
        }
        if (errno != EEXIST) {
            module_fail(call, "[Errno %d] %s: '%s'", errno, strerror(errno), path);
            return;
        }
    }
    module_fail(call, "No usable temporary file name found");
}
