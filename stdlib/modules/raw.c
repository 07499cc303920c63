/* raw: a command line handed to a shell as it is, and its output as it came. */
#include <string.h>

#include "runtime/async/process.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "_raw_params", .type = OPTION_STRING, .documentation = "The command line"},
    {.name = "executable", .type = OPTION_PATH, .documentation = "The shell to use, an absolute path"},
};

static const char *const raw_keys[] = {"executable", NULL};

static void start(struct module_call *call);
static void cancel(struct module_call *call);

const struct module module_raw = {
    .name = "raw",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_ACTION | MODULE_REACHES_HOST | MODULE_RAW | MODULE_RAW_ALLOWED | MODULE_CHECK_MODE,
    .raw_keys = raw_keys,
    .start = start,
    .cancel = cancel,
    .documentation = "Run a command line with nothing around it",
};

static void program_ended(void *owner, const struct process_result *outcome)
{
    struct module_call *call = owner;
    int status = outcome->signal ? -outcome->signal : outcome->exit_status;
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

static void start(struct module_call *call)
{
    struct value line = module_argument(call, "_raw_params");
    char shell[] = "/bin/sh", option[] = "-c";
    if (call->host->check_mode) {
        dict_set_string_take(call->result, "skipped", value_bool(true));
        module_done(call);
        return;
    }
    struct value chosen = module_argument(call, "executable");
    char *program = value_is_null(chosen) ? shell : chosen.as.text->bytes;
    OWNED empty = value_string("");
    char *argv[] = {program, option, value_is_null(line) ? empty.as.text->bytes : line.as.text->bytes, NULL};
    struct process_spec spec = {
        .argv = argv, .environment = call->host->environment, .directory = call->host->working_directory};
    int number;
    OWNED_ERROR error = {0};
    call->state = process_start(call->host->loop, &spec, program_ended, call, &number, &error);
    if (!call->state)
        module_fail_error(call, &error);
}

static void cancel(struct module_call *call)
{
    process_abandon(call->state);
    call->state = NULL;
}
