/* What modules may ask of the one who called them: the end of a call, and its arguments (eval/plugin.h). */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "eval/plugin.h"

void module_done(struct module_call *call)
{
    call->done(call);
}

/** Fails with a message, which is freed. */
static void fail_take(struct module_call *call, char *message)
{
    dict_set_string_take(call->result, "failed", value_bool(true));
    dict_set_string_take(call->result, "msg", value_string(message));
    free(message);
    module_done(call);
}

void module_fail(struct module_call *call, const char *format, ...)
{
    char *message = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&message, format, arguments) < 0)
        memory_exhausted();
    va_end(arguments);
    fail_take(call, message);
}

void module_fail_error(struct module_call *call, struct error *error)
{
    char *message = error_chain_message(error);
    error_done(error);
    fail_take(call, message);
}

void module_call_release(struct module_call *call)
{
    struct module_effects *effects = &call->effects;
    dict_drop(call->result);
    dict_drop(effects->facts);
    dict_drop(effects->variables);
    dict_drop(effects->add_host);
    dict_drop(effects->group_by);
    dict_drop(effects->stats);
    call->result = NULL;
    *effects = (struct module_effects){0};
}

struct value module_argument(const struct module_call *call, const char *name)
{
    const struct value *value = dict_find_string(call->arguments, name);
    return value ? *value : value_null();
}

const char *module_string(const struct module_call *call, const char *name)
{
    struct value value = module_argument(call, name);
    return value_is_string(value) ? value_bytes(value) : NULL;
}

bool module_flag(const struct module_call *call, const char *name)
{
    return value_truth(module_argument(call, name));
}

int64_t module_int(const struct module_call *call, const char *name)
{
    struct value value = module_argument(call, name);
    return value.kind == VALUE_INT ? value.as.integer : 0;
}

bool module_has(const struct module_call *call, const char *name)
{
    return !value_is_null(module_argument(call, name));
}
