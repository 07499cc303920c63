/* assert: fails unless conditions hold. */
#include "eval/plugin.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "that",
     .type = OPTION_RAW,
     .required = true,
     .is_late = true,
     .documentation = "A condition, or a list of them"},
    {.name = "fail_msg", .type = OPTION_RAW, .aliases = "msg", .documentation = "What to say when one does not hold"},
    {.name = "success_msg", .type = OPTION_RAW, .documentation = "What to say when all hold"},
    {.name = "quiet", .type = OPTION_BOOL, .fallback = "false", .documentation = "Say less"},
};

static void start(struct module_call *call);

const struct module module_assert = {
    .name = "assert",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_ACTION | MODULE_CHECK_MODE,
    .start = start,
    .documentation = "Fail unless conditions hold",
};

/** A message of the user, a text or a list of texts; the fallback where there is none. */
static bool message_get(const struct module_call *call, const char *option, const char *fallback, struct value *message,
                        struct error *error)
{
    struct value given = module_argument(call, option);
    bool is_valid = value_is_null(given) || value_is_string(given) || value_is_list(given);
    for (size_t i = 0; value_is_list(given) && i < given.as.list->count; i++)
        is_valid = is_valid && value_is_string(given.as.list->items[i]);
    if (!is_valid)
        return error_set(
            error, ERROR_MODULE,
            "argument '%s' is of type %s and we were unable to convert to str_or_list_of_str: a string or list "
            "of strings is required",
            option, value_type_name(given));
    *message = value_is_null(given) ? value_string(fallback) : value_copy(given);
    return true;
}

/** Ends the call, with the condition that does not hold. */
static void report_failure(struct module_call *call, struct value condition, struct value message)
{
    dict_set_string_take(call->result, "failed", value_bool(true));
    dict_set_string_take(call->result, "evaluated_to", value_bool(false));
    dict_set_string_take(call->result, "assertion", value_copy(condition));
    dict_set_string_take(call->result, "msg", value_copy(message));
    module_done(call);
}

/** The first condition that does not hold, or NULL; an error where one cannot be told. */
static const struct value *find_broken(const struct module_call *call, const struct value *conditions, size_t count,
                                       struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        bool holds;
        if (!evaluation_condition(call->evaluation, conditions[i], &holds, error)) {
            error_wrap(error, "Error while evaluating conditional");
            return NULL;
        }
        if (!holds)
            return &conditions[i];
    }
    return NULL;
}

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    OWNED failure = value_null();
    OWNED success = value_null();
    struct value that = module_argument(call, "that");
    const struct value *conditions = value_is_list(that) ? that.as.list->items : &that, *broken = NULL;
    if (message_get(call, "fail_msg", "Assertion failed", &failure, &error) &&
        message_get(call, "success_msg", "All assertions passed", &success, &error))
        broken = find_broken(call, conditions, value_is_list(that) ? that.as.list->count : 1, &error);
    if (error.kind != ERROR_NONE) {
        module_fail_error(call, &error);
        return;
    }
    if (!module_flag(call, "quiet"))
        dict_set_string_take(call->result, "_ansible_verbose_always", value_bool(true));
    dict_set_string_take(call->result, "changed", value_bool(false));
    if (broken) {
        report_failure(call, *broken, failure);
        return;
    }
    dict_set_string_take(call->result, "msg", value_steal(&success));
    module_done(call);
}
