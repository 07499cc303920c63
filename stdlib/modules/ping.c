/* ping: answers. */
#include <string.h>

#include "eval/plugin.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "data", .type = OPTION_STRING, .fallback = "pong", .documentation = "What to answer; 'crash' fails"},
};

static void start(struct module_call *call)
{
    const char *data = module_string(call, "data");
    if (strcmp(data, "crash") == 0) {
        module_fail(call, "boom");
        return;
    }
    dict_set_string_take(call->result, "ping", value_string(data));
    module_done(call);
}

const struct module module_ping = {
    .name = "ping",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_CHECK_MODE,
    .start = start,
    .documentation = "Answer, to show that the host can be worked on",
};
