/* add_host: a host that the inventory gets while the play runs. */
#include <stdlib.h>
#include <string.h>

#include "eval/plugin.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "name",
     .type = OPTION_STRING,
     .aliases = "hostname|host",
     .documentation = "The host, perhaps with a port"},
    {.name = "groups", .type = OPTION_LIST, .aliases = "group|groupname", .documentation = "Groups that it joins"},
    {.name = "_raw_params", .type = OPTION_RAW, .documentation = "Words that say nothing"},
};

static void start(struct module_call *call);

const struct module module_add_host = {
    .name = "add_host",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_ACTION | MODULE_CHECK_MODE | MODULE_ONCE | MODULE_ANY_ARGUMENTS | MODULE_RAW_ALLOWED,
    .start = start,
    .documentation = "Add a host to the inventory of this run",
};

/** The group names without blanks around them. */
static struct value read_groups(const struct module_call *call)
{
    struct value groups = module_argument(call, "groups");
    struct list *names = list_new(4);
    for (size_t i = 0; value_is_list(groups) && i < groups.as.list->count; i++) {
        struct value item = groups.as.list->items[i];
        if (!value_is_string(item))
            continue;
        const char *name = value_bytes(item) + strspn(value_bytes(item), " ");
        size_t length = strlen(name);
        while (length > 0 && name[length - 1] == ' ')
            length--;
        if (length > 0)
            list_push_take(names, value_string_length(name, length));
    }
    return value_list_take(names);
}

/** Where the port of "host:22" or "[::1]:22" begins (at the colon), or NULL. */
static const char *find_port(const char *name)
{
    const char *colon = strrchr(name, ':');
    bool is_port = colon && colon[1] && strspn(colon + 1, "0123456789") == strlen(colon + 1);
    if (!is_port || (strchr(name, ':') != colon && colon[-1] != ']'))
        return NULL;
    return colon;
}

/** The arguments that are no option: variables of the host. */
static struct dict *read_variables(const struct module_call *call, const char *port)
{
    struct dict *variables = dict_new();
    const struct dict_entry *entry;
    if (port)
        dict_set_string_take(variables, "ansible_ssh_port", value_int(strtol(port + 1, NULL, 10)));
    for (size_t i = 0; dict_next(call->arguments, &i, &entry);) {
        bool is_option = false;
        for (size_t k = 0; k < COUNT_OF(options); k++)
            is_option = is_option || value_equals_string(entry->key, options[k].name);
        if (!is_option)
            dict_set_take(variables, value_copy(entry->key), value_copy(entry->value));
    }
    return variables;
}

static void start(struct module_call *call)
{
    const char *name = module_string(call, "name");
    if (!name) {
        module_fail(call, "name, host or hostname needs to be provided");
        return;
    }
    const char *port = find_port(name);
    OWNED host = value_string_length(name, port ? (size_t)(port - name) : strlen(name));
    OWNED groups = read_groups(call);
    OWNED variables = value_dict_take(read_variables(call, port));
    struct dict *shown = dict_new(), *effect = dict_new();
    dict_set_string_take(shown, "host_name", value_copy(host));
    dict_set_string_take(shown, "groups", value_copy(groups));
    dict_set_string_take(shown, "host_vars", value_copy(variables));
    dict_set_string_take(effect, "name", value_copy(host));
    dict_set_string_take(effect, "groups", value_copy(groups));
    dict_set_string_take(effect, "variables", value_copy(variables));
    call->effects.add_host = effect;
    dict_set_string_take(call->result, "changed", value_bool(true));
    dict_set_string_take(call->result, "add_host", value_dict_take(shown));
    module_done(call);
}
