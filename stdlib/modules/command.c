/* command: a program run with its arguments, without a shell; and what shell shares with it (command.h). */
#include "stdlib/modules/command.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "parser/arguments.h"
#include "runtime/async/process.h"
#include "runtime/os/environment.h"
#include "runtime/os/file.h"
#include "runtime/value/repr.h"
#include "stdlib/modules/host_path.h"
#include "stdlib/modules/modules.h"
#include "stdlib/modules/moment.h"

const struct module_option command_options[COMMAND_OPTION_COUNT] = {
    {.name = "_raw_params", .type = OPTION_STRING, .documentation = "The command, as free-form text"},
    {.name = "cmd", .type = OPTION_STRING, .documentation = "The command, as one text"},
    {.name = "argv", .type = OPTION_LIST, .documentation = "The command, as a list of words"},
    {.name = "chdir", .type = OPTION_PATH, .documentation = "Change into this folder first"},
    {.name = "creates", .type = OPTION_PATH, .documentation = "Do nothing when this file (or pattern) exists"},
    {.name = "removes", .type = OPTION_PATH, .documentation = "Do nothing unless this file (or pattern) exists"},
    {.name = "executable", .type = OPTION_PATH, .documentation = "The shell to use, an absolute path"},
    {.name = "stdin", .type = OPTION_STRING, .documentation = "What the program reads"},
    {.name = "stdin_add_newline", .type = OPTION_BOOL, .fallback = "true", .documentation = "End stdin with a newline"},
    {.name = "strip_empty_ends",
     .type = OPTION_BOOL,
     .fallback = "true",
     .documentation = "Strip newlines from the end of what was written"},
    {.name = "expand_argument_vars",
     .type = OPTION_BOOL,
     .fallback = "true",
     .documentation = "Replace $NAME and ~ in arguments (command only)"},
};

static const char *const one_command[] = {"_raw_params|cmd|argv", NULL};
const struct module_rules command_rules = {.mutually_exclusive = one_command, .required_one_of = one_command};

const char *const command_raw_keys[] = {
    "chdir", "creates",           "removes",          "executable",           "warn",
    "stdin", "stdin_add_newline", "strip_empty_ends", "expand_argument_vars", NULL,
};

static void start(struct module_call *call);

const struct module module_command = {
    .name = "command",
    .options = command_options,
    .option_count = COMMAND_OPTION_COUNT,
    .rules = &command_rules,
    .flags = MODULE_RAW | MODULE_RAW_ALLOWED | MODULE_CHECK_MODE,
    .raw_keys = command_raw_keys,
    .start = start,
    .cancel = command_cancel,
    .documentation = "Run a program",
};

/** A program under way. */
struct command {
    struct process *process;
    char *directory;    /* absolute */
    struct value shown; /* `cmd` of the result */
    struct list *words; /* of the program to start */
    char **argv;        /* of `words`; borrowed texts */
};

static void command_free(struct command *command)
{
    free(command->directory);
    value_drop(command->shown);
    list_drop(command->words);
    free(command->argv);
    free(command);
}

/** Ends the call; the command goes first, since the call may be gone afterwards. */
static void finish(struct module_call *call, const char *message)
{
    command_free(call->state);
    call->state = NULL;
    dict_set_string_take(call->result, "msg", value_string(message));
    module_done(call);
}

static void fail(struct module_call *call, const char *message)
{
    dict_set_string_take(call->result, "failed", value_bool(true));
    finish(call, message);
}

/* ---------------------------------------------------------------- what to run */

/** The words of the command without a shell, as written; NULL with an error. */
static struct list *read_words(const struct module_call *call, const char *text, struct error *error)
{
    struct list *words = NULL;
    if (text)
        return words_split(text, strlen(text), &words, error) ? words : NULL;
    const struct list *argv = module_argument(call, "argv").as.list;
    words = list_new(argv->count);
    for (size_t i = 0; i < argv->count; i++)
        list_push_take(words, value_str(argv->items[i]));
    return words;
}

/** The word with ~ replaced by the home of the task's environment; other users' homes are the system's. */
static char *expand_home(const struct module_call *call, const char *word)
{
    const char *home = environment_find(call->host->environment, "HOME", strlen("HOME"));
    bool is_own = word[0] == '~' && (word[1] == '/' || !word[1]);
    if (!is_own || !home)
        return path_expand_user(word);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    text_buffer_append_string(&out, home);
    text_buffer_append_string(&out, word + 1);
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

/** The words with ~ and $NAME replaced. */
static struct list *expand_words(const struct module_call *call, const struct list *words)
{
    struct list *expanded = list_new(words->count);
    for (size_t i = 0; i < words->count; i++) {
        CLEANUP(memory_cleanup) char *home = expand_home(call, value_bytes(words->items[i]));
        CLEANUP(memory_cleanup) char *word = environment_expand(call->host->environment, home);
        list_push_take(expanded, value_string(word));
    }
    return expanded;
}

void command_append_quoted(struct text_buffer *out, const char *word)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./-_";
    if (*word && strspn(word, safe) == strlen(word)) {
        text_buffer_append_string(out, word);
        return;
    }
    text_buffer_append_char(out, '\'');
    for (; *word; word++) {
        if (*word == '\'')
            text_buffer_append_string(out, "'\"'\"'");
        else
            text_buffer_append_char(out, *word);
    }
    text_buffer_append_char(out, '\'');
}

/** The words as one line for a shell. */
static struct value join_words(const struct list *words)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    for (size_t i = 0; i < words->count; i++) {
        if (i > 0)
            text_buffer_append_char(&out, ' ');
        command_append_quoted(&out, value_bytes(words->items[i]));
    }
    return value_string_take(text_buffer_take(&out));
}

/** Fills in the words of `SHELL -c LINE`. */
static void prepare_shell(struct module_call *call, struct command *command, const char *text)
{
    const char *shell = module_string(call, "executable");
    OWNED_ERROR error = {0};
    struct list *words = list_new(3);
    list_push_take(words, value_string(shell ? shell : "/bin/sh"));
    list_push_take(words, value_string("-c"));
    if (text) {
        command->shown = value_string(text);
        list_push_take(words, value_string(text));
    } else {
        command->shown = value_list_take(read_words(call, NULL, &error));
        list_push_take(words, join_words(command->shown.as.list));
    }
    command->words = words;
}

/** Fills in the program's words and how they are shown. */
static bool prepare_program(struct module_call *call, struct command *command, const char *text, struct error *error)
{
    struct list *words = read_words(call, text, error);
    if (!words)
        return false;
    if (words->count == 0) {
        list_drop(words);
        return error_set(error, ERROR_MODULE, "no command given");
    }
    command->words = module_flag(call, "expand_argument_vars") ? expand_words(call, words) : list_copy(words);
    command->shown = value_list_take(words);
    return true;
}

static bool prepare(struct module_call *call, bool uses_shell, struct error *error)
{
    struct command *command = call->state;
    const char *chdir = module_string(call, "chdir");
    const char *text = module_string(call, "cmd") ?: module_string(call, "_raw_params");
    command->directory = host_path(call->host, chdir ? chdir : ".");
    if (text && !text[strspn(text, " \t\r\n")])
        return error_set(error, ERROR_MODULE, "no command given");
    if (uses_shell)
        prepare_shell(call, command, text);
    else if (!prepare_program(call, command, text, error))
        return false;
    command->argv = memory_new_array(command->words->count + 1, sizeof *command->argv);
    for (size_t i = 0; i < command->words->count; i++)
        command->argv[i] = command->words->items[i].as.text->bytes;
    return true;
}

/* ---------------------------------------------------------------- the result */

/** The keys that every result has, as they are while nothing has run. */
static void result_begin(struct module_call *call)
{
    const struct command *command = call->state;
    dict_set_string_take(call->result, "changed", value_bool(false));
    dict_set_string_take(call->result, "stdout", value_string(""));
    dict_set_string_take(call->result, "stderr", value_string(""));
    dict_set_string_take(call->result, "rc", value_null());
    dict_set_string_take(call->result, "cmd", value_copy(command->shown));
    dict_set_string_take(call->result, "start", value_null());
    dict_set_string_take(call->result, "end", value_null());
    dict_set_string_take(call->result, "delta", value_null());
}

/** What a program wrote, without newlines at its end where that is wished. */
static struct value stripped(const struct module_call *call, struct text *output)
{
    size_t length = output->length;
    if (module_flag(call, "strip_empty_ends"))
        while (length > 0 && (output->bytes[length - 1] == '\n' || output->bytes[length - 1] == '\r'))
            length--;
    if (length == output->length)
        return value_string_take(text_copy(output));
    return value_string_length(output->bytes, length);
}

/** Fills in output and times. */
static void result_fill(struct module_call *call, const struct process_result *outcome)
{
    struct dict *result = call->result;
    dict_set_string_take(result, "changed", value_bool(true));
    dict_set_string_take(result, "stdout", stripped(call, outcome->output));
    dict_set_string_take(result, "stderr", stripped(call, outcome->errors));
    dict_set_string_take(result, "start", moment_text(outcome->started));
    dict_set_string_take(result, "end", moment_text(outcome->ended));
    dict_set_string_take(result, "delta", moment_duration_text(outcome->ended - outcome->started));
}

static void program_ended(void *owner, const struct process_result *outcome)
{
    struct module_call *call = owner;
    int status = outcome->signal ? -outcome->signal : outcome->exit_status;
    result_fill(call, outcome);
    dict_set_string_take(call->result, "rc", value_int(status));
    if (status == 0)
        finish(call, "");
    else
        fail(call, "non-zero return code");
}

/** The program could not be started: the errno is the return code, the line that was tried the command. */
static void not_started(struct module_call *call, int number, struct error *error)
{
    const struct command *command = call->state;
    OWNED line = join_words(command->words);
    struct dict *result = dict_new();
    dict_set_string_take(result, "rc", value_int(number));
    dict_set_string_take(result, "cmd", value_steal(&line));
    dict_set_string_take(result, "stdout", value_string(""));
    dict_set_string_take(result, "stderr", value_string(""));
    dict_drop(call->result);
    call->result = result;
    error_wrap(error, "Error executing command");
    CLEANUP(memory_cleanup) char *message = error_chain_message(error);
    fail(call, message);
}

/* ---------------------------------------------------------------- running */

static bool pattern_matches(const struct module_call *call, const char *pattern)
{
    const struct command *command = call->state;
    CLEANUP(memory_cleanup) char *path = path_join(command->directory, pattern);
    glob_t found;
    bool matches = glob(path, GLOB_NOSORT, NULL, &found) == 0;
    globfree(&found);
    return matches;
}

/** Ends the call without running anything, since a file exists or does not. */
static void skip(struct module_call *call, const char *pattern, const char *what)
{
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    text_buffer_append_format(&message, "%s command since '%s' %s",
                              call->host->check_mode ? "Would not run" : "Did not run", pattern, what);
    dict_set_string_take(call->result, "rc", value_int(0));
    dict_set_string_take(call->result, "stdout", value_string_format("skipped, since %s %s", pattern, what));
    finish(call, text_buffer_bytes(&message));
}

/** In check mode it can be said what would happen only where `creates` or `removes` was given. */
static void finish_check(struct module_call *call)
{
    bool is_known = module_has(call, "creates") || module_has(call, "removes");
    dict_set_string_take(call->result, "rc", value_int(0));
    if (is_known)
        dict_set_string_take(call->result, "changed", value_bool(true));
    else
        dict_set_string_take(call->result, "skipped", value_bool(true));
    finish(call, "Command would have run if not in check mode");
}

/** What the program reads, with its newline; null when there is none. */
static struct value read_input(const struct module_call *call)
{
    struct value input = module_argument(call, "stdin");
    if (value_is_null(input) || !module_flag(call, "stdin_add_newline"))
        return value_copy(input);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    text_buffer_append_text(&out, input.as.text);
    text_buffer_append_char(&out, '\n');
    return value_string_take(text_buffer_take(&out));
}

static void launch(struct module_call *call)
{
    struct command *command = call->state;
    OWNED input = read_input(call);
    struct process_spec spec = {
        .argv = command->argv,
        .environment = call->host->environment,
        .directory = command->directory,
        .input = value_is_null(input) ? NULL : value_bytes(input),
        .input_length = value_is_null(input) ? 0 : input.as.text->length,
    };
    int number = 0;
    OWNED_ERROR error = {0};
    command->process = process_start(call->host->loop, &spec, program_ended, call, &number, &error);
    if (!command->process)
        not_started(call, number, &error);
}

static bool directory_is_there(struct module_call *call)
{
    const struct command *command = call->state;
    if (!module_has(call, "chdir") || file_is_directory(command->directory))
        return true;
    fail(call, "Unable to change directory before execution.");
    return false;
}

/** An option that only a shell heeds. */
static void warn_of_executable(struct module_call *call)
{
    struct list *warnings = list_new(1);
    list_push_take(warnings,
                   value_string_format("As of Ansible 2.4, the parameter 'executable' is no longer supported with the "
                                       "'command' module. Not using '%s'.",
                                       module_string(call, "executable")));
    dict_set_string_take(call->result, "warnings", value_list_take(warnings));
}

void command_start(struct module_call *call, bool uses_shell)
{
    OWNED_ERROR error = {0};
    const char *creates = module_string(call, "creates"), *removes = module_string(call, "removes");
    call->state = memory_new_array(1, sizeof(struct command));
    if (!prepare(call, uses_shell, &error)) {
        dict_set_string_take(call->result, "rc", value_int(256));
        fail(call, error.message);
        return;
    }
    result_begin(call);
    if (!uses_shell && module_has(call, "executable"))
        warn_of_executable(call);
    if (!directory_is_there(call))
        return;
    if (creates && pattern_matches(call, creates))
        skip(call, creates, "exists");
    else if (removes && !pattern_matches(call, removes))
        skip(call, removes, "does not exist");
    else if (call->host->check_mode)
        finish_check(call);
    else
        launch(call);
}

void command_cancel(struct module_call *call)
{
    struct command *command = call->state;
    struct process_result partial;
    process_interrupt(command->process, &partial);
    result_fill(call, &partial);
    text_drop(partial.output);
    text_drop(partial.errors);
    command_free(command);
    call->state = NULL;
}

static void start(struct module_call *call)
{
    command_start(call, false);
}
