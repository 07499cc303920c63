/* set_stats: numbers for the end of the run. */
#include "eval/plugin.h"
#include "stdlib/modules/modules.h"
#include "stdlib/modules/variable_name.h"

static const struct module_option options[] = {
    {.name = "data", .type = OPTION_RAW, .documentation = "A dictionary of what to keep"},
    {.name = "per_host", .type = OPTION_BOOL, .fallback = "false", .documentation = "For this host alone"},
    {.name = "aggregate", .type = OPTION_BOOL, .fallback = "true", .documentation = "Add to what is there already"},
};

static void start(struct module_call *call);

const struct module module_set_stats = {
    .name = "set_stats",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_ACTION | MODULE_CHECK_MODE,
    .start = start,
    .documentation = "Keep values for the end of the run",
};

/** Are all keys names that variables may have? */
static bool check_names(const struct dict *data, struct error *error)
{
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(data, &i, &entry);)
        if (!variable_name_is_valid(entry->key))
            return variable_name_error(entry->key, error);
    return true;
}

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    struct value data = module_argument(call, "data");
    if (!value_is_null(data) && !value_is_dict(data)) {
        module_fail(call, "The 'data' option needs to be a dictionary/hash");
        return;
    }
    if (value_is_dict(data) && !check_names(data.as.dict, &error)) {
        module_fail_error(call, &error);
        return;
    }
    OWNED stats = value_dict_new();
    dict_set_string_take(stats.as.dict, "data", value_is_null(data) ? value_dict_new() : value_copy(data));
    dict_set_string_take(stats.as.dict, "per_host", value_copy(module_argument(call, "per_host")));
    dict_set_string_take(stats.as.dict, "aggregate", value_copy(module_argument(call, "aggregate")));
    call->effects.stats = dict_clone(stats.as.dict);
    dict_set_string_take(call->result, "changed", value_bool(false));
    dict_set_string_take(call->result, "ansible_stats", value_steal(&stats));
    module_done(call);
}
