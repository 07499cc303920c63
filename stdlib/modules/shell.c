/* shell: a command line run by a shell. */
#include "stdlib/modules/command.h"
#include "stdlib/modules/modules.h"

static void start(struct module_call *call)
{
    command_start(call, true);
}

const struct module module_shell = {
    .name = "shell",
    .options = command_options,
    .option_count = COMMAND_OPTION_COUNT,
    .rules = &command_rules,
    .flags = MODULE_RAW | MODULE_RAW_ALLOWED | MODULE_CHECK_MODE,
    .raw_keys = command_raw_keys,
    .start = start,
    .cancel = command_cancel,
    .documentation = "Run a command line through a shell",
};
