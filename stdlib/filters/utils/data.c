/*
 * Filters of ansible.utils on data: param_list_compare; and those that are there to say what they would need: from_xml,
 * to_xml, validate.
 */
#include <string.h>

#include "runtime/value/repr.h"
#include "runtime/value/value_set.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"

/** A list of texts: the argument's, or of the argument alone. */
static bool read_texts(const char *name, struct value argument, struct value *texts, struct error *error)
{
    OWNED out = value_list_new();
    if (value_is_dict(argument))
        return error_set(error, ERROR_TYPE,
                         "argspec validation failed for param_list_compare filter plugin with errors: argument '%s' is "
                         "of type dict and we were unable to convert to list",
                         name);
    if (!value_is_sequence(argument))
        list_push_take(out.as.list, argument_text(argument));
    for (size_t i = 0; value_is_sequence(argument) && i < argument.as.list->count; i++)
        list_push_take(out.as.list, argument_text(argument.as.list->items[i]));
    *texts = value_steal(&out);
    return true;
}

/** Which of the base is asked for ("all", names, and "!name" for all but these), and what is asked for beyond it. */
static bool filter_param_list_compare(struct evaluation *evaluation, const struct value *arguments,
                                      struct value *result, struct error *error)
{
    CLEANUP(value_set_done) struct value_set known = {0}, wanted = {0};
    OWNED base = value_null(), target = value_null(), out = value_dict_new();
    OWNED actionable = value_list_new(), unsupported = value_list_new(), all = value_string("all");
    (void)evaluation;
    if (!read_texts("base", arguments[0], &base, error) || !read_texts("target", arguments[1], &target, error))
        return false;
    const struct list *names = target.as.list;
    for (size_t i = 0; i < base.as.list->count; i++)
        value_set_add(&known, base.as.list->items[i]);
    for (size_t i = 0; i < names->count; i++) {
        value_set_add(&wanted, names->items[i]);
        if (*value_bytes(names->items[i]) != '!' && !value_equals_string(names->items[i], "all") &&
            !value_set_has(&known, names->items[i]))
            list_push_take(unsupported.as.list, value_copy(names->items[i]));
    }
    for (size_t i = 0; i < base.as.list->count; i++) {
        struct value name = base.as.list->items[i];
        OWNED refusal = value_string_format("!%s", value_bytes(name));
        if (value_set_has(&wanted, name) || (value_set_has(&wanted, all) && !value_set_has(&wanted, refusal)))
            list_push_take(actionable.as.list, value_copy(name));
    }
    dict_set_string_take(out.as.dict, "actionable", value_steal(&actionable));
    dict_set_string_take(out.as.dict, "unsupported", value_steal(&unsupported));
    *result = value_steal(&out);
    return true;
}

static bool filter_xml(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation, (void)arguments, (void)result;
    return error_set(error, ERROR_FILTER, "XML needs the Python library xmltodict, which playlet does not have");
}

static bool filter_validate(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    (void)evaluation, (void)arguments, (void)result;
    return error_set(error, ERROR_FILTER, "validate needs the Python library jsonschema, which playlet does not have");
}

static const struct function rows[] = {
    {"from_xml", "data, engine='xmltodict'", filter_xml, 0, "Not available: needs the Python library xmltodict."},
    {"param_list_compare", "base, target", filter_param_list_compare, 0,
     "Which of a list of names are asked for (all, a name, !name), and which of those asked for are not in it."},
    {"to_xml", "data, engine='xmltodict', indent='tabs', indent_width=4, full_document=True", filter_xml, 0,
     "Not available: needs the Python library xmltodict."},
    {"validate", "data, criteria, engine='ansible.utils.jsonschema', **options", filter_validate, 0,
     "Not available: needs the Python library jsonschema."},
};

const struct function_table filters_utils_data = {FUNCTION_FILTER, "ansible.utils", rows, COUNT_OF(rows)};
