/* debug: shows a text or a variable. */
#include "eval/plugin.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "msg", .type = OPTION_RAW, .fallback = "Hello world!", .documentation = "What to show"},
    {.name = "var",
     .type = OPTION_RAW,
     .is_late = true,
     .documentation = "The expression (a variable's name) to show with its value"},
    {.name = "verbosity", .type = OPTION_INT, .fallback = "0", .documentation = "Show only from this verbosity on"},
};

static const char *const one_thing[] = {"msg|var", NULL};
static const struct module_rules rules = {.mutually_exclusive = one_thing};

static void start(struct module_call *call);

const struct module module_debug = {
    .name = "debug",
    .options = options,
    .option_count = COUNT_OF(options),
    .rules = &rules,
    .flags = MODULE_ACTION | MODULE_CHECK_MODE,
    .start = start,
    .documentation = "Show a text or the value of a variable",
};

/** What stands for an undefined value, and a warning that says so. */
static struct value undefined_text(struct module_call *call, const char *message)
{
    struct list *warnings = list_new(1);
    list_push_take(warnings, value_string_format("Encountered 1 template error.\nerror 1 - %s", message));
    dict_set_string_take(call->result, "warnings", value_list_take(warnings));
    return value_string_format("<< error 1 - %s >>", message);
}

/** Shows `var`: its expression, with its value. */
static void show_variable(struct module_call *call)
{
    struct value expression = module_argument(call, "var");
    OWNED_ERROR error = {0};
    if (!value_is_string(expression)) {
        module_fail(call, "argument 'var' is of type %s: it names a variable, so it is written without {{ }}",
                    value_type_name(expression));
        return;
    }
    if (!(expression.flags & VALUE_TRUSTED) || value_is_lazy(expression)) {
        module_fail(call, "Error while resolving `var` expression: Encountered untrusted template or expression.");
        return;
    }
    OWNED text = value_string_format("{{ %s }}", value_bytes(expression));
    OWNED template = value_trusted(text);
    OWNED value = value_null();
    if (evaluation_template(call->evaluation, template, NULL, &value, &error)) {
        if (value_is_undefined(value))
            value_undefined_error(value, &error);
    }
    if (error.kind == ERROR_UNDEFINED) {
        value_replace_take(&value, undefined_text(call, error.message));
    } else if (error.kind != ERROR_NONE) {
        error_wrap(&error, "Error while resolving `var` expression");
        module_fail_error(call, &error);
        return;
    }
    dict_set_take(call->result, value_untrusted(expression), value_steal(&value));
    dict_set_string_take(call->result, "failed", value_bool(false)); /* also when the variable is called so */
    module_done(call);
}

static void start(struct module_call *call)
{
    int64_t verbosity = module_int(call, "verbosity");
    if (verbosity > call->host->verbosity) {
        dict_set_string_take(call->result, "skipped", value_bool(true));
        dict_set_string_take(call->result, "skipped_reason", value_string("Verbosity threshold not met."));
        module_done(call);
        return;
    }
    dict_set_string_take(call->result, "_ansible_verbose_always", value_bool(true));
    if (module_has(call, "var")) {
        show_variable(call);
        return;
    }
    dict_set_string_take(call->result, "msg", value_copy(module_argument(call, "msg")));
    module_done(call);
}
