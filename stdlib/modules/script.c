/* script: a file of the controller, run on the host. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parser/arguments.h"
#include "runtime/async/process.h"
#include "runtime/os/file.h"
#include "stdlib/modules/command.h"
#include "stdlib/modules/controller_file.h"
#include "stdlib/modules/host_path.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "_raw_params", .type = OPTION_STRING, .documentation = "The script and its arguments, as free-form text"},
    {.name = "cmd", .type = OPTION_STRING, .documentation = "The script and its arguments, as one text"},
    {.name = "creates", .type = OPTION_PATH, .documentation = "Do nothing when this file exists"},
    {.name = "removes", .type = OPTION_PATH, .documentation = "Do nothing unless this file exists"},
    {.name = "chdir", .type = OPTION_PATH, .documentation = "Change into this folder first"},
    {.name = "executable", .type = OPTION_STRING, .documentation = "The program that runs the script"},
};

static const char *const raw_keys[] = {"creates", "removes", "chdir", "executable", NULL};
static const char *const one_command[] = {"_raw_params|cmd", NULL};
static const struct module_rules rules = {.mutually_exclusive = one_command, .required_one_of = one_command};

static void start(struct module_call *call);
static void cancel(struct module_call *call);

const struct module module_script = {
    .name = "script",
    .options = options,
    .option_count = COUNT_OF(options),
    .rules = &rules,
    .flags = MODULE_ACTION | MODULE_REACHES_HOST | MODULE_RAW | MODULE_RAW_ALLOWED | MODULE_CHECK_MODE,
    .raw_keys = raw_keys,
    .start = start,
    .cancel = cancel,
    .documentation = "Run a script of the controller on the host",
};

/** A script under way. */
struct script {
    struct process *process;
    char *folder; /* a private one, that holds the copy */
};

static void script_free(struct script *script)
{
    if (script->folder)
        file_remove_tree(script->folder);
    free(script->folder);
    free(script);
}

static void program_ended(void *owner, const struct process_result *outcome)
{
    struct module_call *call = owner;
    int status = outcome->signal ? -outcome->signal : outcome->exit_status;
    script_free(call->state);
    call->state = NULL;
    dict_set_string_take(call->result, "changed", value_bool(true));
    dict_set_string_take(call->result, "rc", value_int(status));
    dict_set_string_take(call->result, "stdout", value_string_take(text_copy(outcome->output)));
    dict_set_string_take(call->result, "stderr", value_string_take(text_copy(outcome->errors)));
    if (status == 0)
        module_done(call);
    else
        module_fail(call, "non-zero return code");
}

/** Ends the call without running anything. */
static void skip(struct module_call *call, const char *format, const char *path)
{
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    text_buffer_append_string(&message, path ? path : "");
    text_buffer_append_string(&message, format);
    dict_set_string_take(call->result, "skipped", value_bool(true));
    dict_set_string_take(call->result, "msg", value_string_take(text_buffer_take(&message)));
    module_done(call);
}

/** Is the file of an option there? */
static bool is_there(const struct module_call *call, const char *option)
{
    CLEANUP(memory_cleanup) char *path = host_path(call->host, module_string(call, option));
    return file_exists(path);
}

/** Ends the call where nothing is to be run. */
static bool is_settled(struct module_call *call)
{
    bool has_creates = module_has(call, "creates"), has_removes = module_has(call, "removes");
    if (has_creates && is_there(call, "creates"))
        skip(call, " exists, matching creates option", module_string(call, "creates"));
    else if (has_removes && !is_there(call, "removes"))
        skip(call, " does not exist, matching removes option", module_string(call, "removes"));
    else if (call->host->check_mode && !has_creates && !has_removes)
        skip(call, "Check mode is not supported for this task.", NULL);
    else if (call->host->check_mode) {
        dict_set_string_take(call->result, "changed", value_bool(true));
        module_done(call);
    } else {
        return false;
    }
    return true;
}

/** Where the first word of a command line ends, quotes and escapes heeded. */
static const char *word_end(const char *at)
{
    char quote = '\0';
    for (; *at && (quote || !strchr(" \t\r\n", *at)); at++) {
        if (*at == quote)
            quote = '\0';
        else if (!quote && (*at == '"' || *at == '\''))
            quote = *at;
        else if (*at == '\\' && quote != '\'' && at[1])
            at++;
    }
    return at;
}

/** Copies the script into a private folder, so that it can be run whatever its mode; its path, or NULL with an error. */
static char *copy_script(struct module_call *call, const char *source, struct error *error)
{
    struct script *script = call->state;
    char folder[] = "/tmp/playlet-script-XXXXXX";
    char *bytes;
    size_t length;
    if (!file_read(source, &bytes, &length, error))
        return NULL;
    if (mkdtemp(folder)) {
        script->folder = memory_copy_string(folder, strlen(folder));
        char *path = path_join(folder, path_name(source));
        bool is_written = file_replace(path, bytes, length, 0700, error);
        free(bytes);
        if (is_written)
            return path;
        free(path);
        return NULL;
    }
    free(bytes);
    error_set(error, ERROR_MODULE, "[Errno %d] %s: '%s'", errno, strerror(errno), folder);
    return NULL;
}

/** Appends the command line for the shell: the folder to change to, the copy, the rest as it was written. */
static bool append_line(struct module_call *call, struct text_buffer *line, struct error *error)
{
    const char *text = module_string(call, "_raw_params") ?: module_string(call, "cmd");
    const char *chdir = module_string(call, "chdir"), *executable = module_string(call, "executable");
    struct list *words;
    text += strspn(text, " \t\r\n");
    const char *end = word_end(text);
    if (!words_split(text, (size_t)(end - text), &words, error))
        return false;
    OWNED owner = value_list_take(words);
    const char *name = words->count > 0 ? value_bytes(words->items[0]) : "";
    CLEANUP(memory_cleanup) char *source = controller_file_find(call, "files", name, error);
    CLEANUP(memory_cleanup) char *copy = source ? copy_script(call, source, error) : NULL;
    if (!copy)
        return false;
    if (chdir) {
        text_buffer_append_string(line, "cd ");
        command_append_quoted(line, chdir);
        text_buffer_append_string(line, " && ");
    }
    if (executable)
        text_buffer_append_format(line, "%s ", executable);
    command_append_quoted(line, copy);
    text_buffer_append_string(line, end);
    return true;
}

static bool launch(struct module_call *call, struct error *error)
{
    struct script *script = call->state;
    CLEANUP(text_buffer_done) struct text_buffer line = {0};
    char shell[] = "/bin/sh", option[] = "-c";
    int number;
    if (!append_line(call, &line, error))
        return false;
    char *argv[] = {shell, option, line.text->bytes, NULL};
    struct process_spec spec = {
        .argv = argv, .environment = call->host->environment, .directory = call->host->working_directory};
    script->process = process_start(call->host->loop, &spec, program_ended, call, &number, error);
    return script->process != NULL;
}

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    if (is_settled(call))
        return;
    call->state = memory_new_array(1, sizeof(struct script));
    if (launch(call, &error))
        return;
    script_free(call->state);
    call->state = NULL;
    module_fail_error(call, &error);
}

static void cancel(struct module_call *call)
{
    struct script *script = call->state;
    process_abandon(script->process);
    script_free(script);
    call->state = NULL;
}
