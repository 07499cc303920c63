/* config: settings by name, as the run has them (grammar/settings.def). */
#include "parser/settings.h"
#include "runtime/value/repr.h"
#include "stdlib/lookups/lookups.h"
#include "stdlib/lookups/option.h"

/** A setting's value and where it comes from; without settings of a run, its default. */
static bool push_setting(const struct settings *settings, struct value term, const struct value *arguments,
                         struct list *out, struct error *error)
{
    if (!value_is_string(term)) {
        OWNED shown = value_str(term);
        return error_set(error, ERROR_LOOKUP,
                         "Invalid setting identifier, %s is not a <class 'str'>, its a <class '%s'>.",
                         value_bytes(shown), value_type_name(term));
    }
    enum setting setting = setting_find(value_bytes(term));
    if (setting == SETTING_COUNT)
        return !value_equals_string(arguments[1], "error") ||
               error_set(error, ERROR_LOOKUP, "No config definition exists for '%s'.", value_bytes(term));
    struct value value = settings ? value_copy(settings_value(settings, setting)) : setting_default(setting);
    if (option_truth(arguments[4])) {
        struct list *pair = list_new(2);
        list_push_take(pair, value);
        list_push_take(pair, value_string(settings ? settings_origin(settings, setting) : "default"));
        value = value_tuple_take(pair);
    }
    list_push_take(out, value);
    return true;
}

static bool lookup_config(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    const struct list *terms = arguments[0].as.list;
    bool is_known = value_equals_string(arguments[1], "error") || value_equals_string(arguments[1], "warn") ||
                    value_equals_string(arguments[1], "skip");
    if (!is_known) {
        OWNED shown = value_repr(arguments[1]);
        return error_set(error, ERROR_LOOKUP, "Invalid value %s for config 'on_missing' for 'config' lookup plugin.",
                         value_bytes(shown));
    }
    if (value_is_null(arguments[2]) != value_is_null(arguments[3]))
        return error_set(error, ERROR_LOOKUP,
                         "Both plugin_type and plugin_name are required, cannot use one without the other.");
    if (!value_is_null(arguments[2]))
        return error_set(error, ERROR_LOOKUP, "settings of plugins are not supported yet.");
    OWNED values = value_list_new();
    for (size_t i = 0; i < terms->count; i++)
        if (!push_setting(evaluation_settings(evaluation), terms->items[i], arguments, values.as.list, error))
            return false;
    *result = value_steal(&values);
    return true;
}

static const struct function rows[] = {
    {"config", "terms, on_missing='error', plugin_type=None, plugin_name=None, show_origin=False" LOOKUP_UNKNOWN,
     lookup_config, LOOKUP_FLAGS, "Settings by name."},
};

const struct function_table lookups_config = {FUNCTION_LOOKUP, "ansible.builtin", rows, COUNT_OF(rows)};
