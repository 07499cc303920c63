/* set_fact: variables of a host that last for the run. */
#include <ctype.h>
#include <string.h>

#include "eval/plugin.h"
#include "stdlib/modules/modules.h"

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

static bool is_name(struct value key)
{
    if (!value_is_string(key) || !*value_bytes(key) || isdigit((unsigned char)*value_bytes(key)))
        return false;
    for (const char *at = value_bytes(key); *at; at++)
        if (!isalnum((unsigned char)*at) && *at != '_')
            return false;
    return true;
}

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
        if (!is_name(entry->key)) {
            OWNED shown = value_copy(entry->key);
            error_set(error, ERROR_MODULE, "Invalid variable name '%s'.",
                      value_is_string(shown) ? value_bytes(shown) : "");
            return error_help(error,
                              "Variable names must be strings starting with a letter or underscore character, and "
                              "contain only letters, numbers and underscores.");
        }
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
