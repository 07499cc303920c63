/* set_fact: variables of a host that last for the run. */
#include <string.h>

#include "eval/plugin.h"
#include "stdlib/modules/modules.h"
#include "stdlib/modules/variable_name.h"

static const struct module_option options[] = {
    {.name = "cacheable",
     .type = OPTION_BOOL,
     .fallback = "false",
     .documentation = "Keep it in the cache of facts too"},
    {.name = "_raw_params", .type = OPTION_RAW, .documentation = "Words that set nothing"},
};

static void start(struct module_call *call);

const struct module module_set_fact = {
    .name = "set_fact",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_ACTION | MODULE_CHECK_MODE | MODULE_ANY_ARGUMENTS | MODULE_RAW_ALLOWED,
    .start = start,
    .documentation = "Set variables of the host",
};

/** Is this argument an option and no variable? */
static bool is_option(struct value key)
{
    for (size_t i = 0; i < COUNT_OF(options); i++)
        if (value_equals_string(key, options[i].name))
            return true;
    return false;
}

/** The arguments that are variables; false with an error for a name that is none. */
static bool collect_facts(const struct module_call *call, struct dict *facts, struct error *error)
{
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(call->arguments, &i, &entry);) {
        if (is_option(entry->key))
            continue;
        if (!variable_name_is_valid(entry->key))
            return variable_name_error(entry->key, error);
        dict_set_take(facts, value_copy(entry->key), value_copy(entry->value));
    }
    return true;
}

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    OWNED facts = value_dict_new();
    if (!collect_facts(call, facts.as.dict, &error)) {
        module_fail_error(call, &error);
        return;
    }
    if (facts.as.dict->live == 0 && !module_has(call, "_raw_params")) {
        module_fail(call, "No key/value pairs provided, at least one is required for this action to succeed");
        return;
    }
    dict_set_string_take(call->result, "ansible_facts", value_copy(facts));
    dict_set_string_take(call->result, "changed", value_bool(false));
    call->effects.facts = dict_copy(facts.as.dict);
    call->effects.facts_are_variables = true;
    call->effects.facts_cacheable = module_flag(call, "cacheable");
    module_done(call);
}
