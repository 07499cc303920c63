/* fail: fails with a message. */
#include "eval/plugin.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "msg", .type = OPTION_RAW, .fallback = "Failed as requested from task", .documentation = "Why"},
};

static void start(struct module_call *call)
{
    dict_set_string_take(call->result, "failed", value_bool(true));
    dict_set_string_take(call->result, "msg", value_copy(module_argument(call, "msg")));
    module_done(call);
}

const struct module module_fail_task = {
    .name = "fail",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_ACTION | MODULE_CHECK_MODE,
    .start = start,
    .documentation = "Fail with a message",
};
