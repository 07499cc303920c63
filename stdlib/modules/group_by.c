/* group_by: puts the host into a group named by a value. */
#include "eval/plugin.h"
#include "runtime/value/repr.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "key", .type = OPTION_STRING, .required = true, .documentation = "The group's name"},
    {.name = "parents", .type = OPTION_LIST, .fallback = "[all]", .documentation = "Groups that it becomes part of"},
};

static void start(struct module_call *call);

const struct module module_group_by = {
    .name = "group_by",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_ACTION | MODULE_CHECK_MODE,
    .start = start,
    .documentation = "Group hosts by a value",
};

/** A name without blanks. */
static struct value group_name(struct value given)
{
    OWNED text = value_str(given);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    for (const char *at = value_bytes(text); *at; at++)
        text_buffer_append_char(&out, *at == ' ' ? '-' : *at);
    return value_string_take(text_buffer_take(&out));
}

static void start(struct module_call *call)
{
    struct list *given = module_argument(call, "parents").as.list, *parents = list_new(given->count);
    for (size_t i = 0; i < given->count; i++)
        list_push_take(parents, group_name(given->items[i]));
    OWNED names = value_list_take(parents);
    OWNED key = group_name(module_argument(call, "key"));
    struct dict *effect = dict_new();
    dict_set_string_take(effect, "key", value_copy(key));
    dict_set_string_take(effect, "parents", value_copy(names));
    call->effects.group_by = effect;
    dict_set_string_take(call->result, "changed", value_bool(true));
    dict_set_string_take(call->result, "add_group", value_steal(&key));
    dict_set_string_take(call->result, "parent_groups", value_steal(&names));
    module_done(call);
}
