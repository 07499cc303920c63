/* Binding arguments to option rows: see bind.h.  What is checked when follows the reference, so that its first complaint is ours. */
#include "eval/play/bind.h"

#include <stdlib.h>
#include <string.h>

#include "parser/yaml.h"
#include "parser/yaml_schema.h"
#include "runtime/value/repr.h"

/** A binding under way: `given` becomes `bound`. */
struct binding {
    const struct module *module;
    const struct dict *given;
    struct dict *bound;
    struct error *error;
};

/** Appends "a<separator>b" piece by piece. */
static void append_joined(struct text_buffer *out, const char *separator, const char *name, size_t length)
{
    if (out->length > 0)
        text_buffer_append_string(out, separator);
    text_buffer_append(out, name, length);
}

/** Takes the next name off a list "a|b|c"; false at its end. */
static bool next_name(const char **list, const char **name, size_t *length)
{
    if (!*list || !**list)
        return false;
    *name = *list;
    *length = strcspn(*list, "|");
    *list += *length + ((*list)[*length] == '|');
    return true;
}

static bool list_has(const char *list, const char *wanted, size_t wanted_length)
{
    const char *name;
    size_t length;
    while (next_name(&list, &name, &length))
        if (length == wanted_length && memcmp(name, wanted, length) == 0)
            return true;
    return false;
}

static const struct module_option *find_option(const struct module *module, const char *name, size_t length)
{
    for (size_t i = 0; i < module->option_count; i++) {
        const struct module_option *option = &module->options[i];
        if ((strncmp(option->name, name, length) == 0 && !option->name[length]) ||
            list_has(option->aliases, name, length))
            return option;
    }
    return NULL;
}

/* ---------------------------------------------------------------- what is there */

/** The argument of an option under its name or an alias, or NULL.  Of several the last alias counts. */
static const struct value *find_given(const struct binding *binding, const struct module_option *option)
{
    const struct value *found = dict_find_string(binding->given, option->name);
    const char *aliases = option->aliases, *name;
    size_t length;
    while (next_name(&aliases, &name, &length)) {
        const struct value *value = dict_find_bytes(binding->given, name, length);
        if (value && !value_is_omit(*value))
            found = value;
    }
    return found && !value_is_omit(*found) ? found : NULL;
}

/** How many of a group "a|b|c" were given. */
static unsigned count_given(const struct binding *binding, const char *group)
{
    unsigned count = 0;
    const char *name;
    size_t length;
    while (next_name(&group, &name, &length)) {
        const struct module_option *option = find_option(binding->module, name, length);
        count += option && find_given(binding, option);
    }
    return count;
}

/** "a, b" of the group "a|b". */
static void append_group(struct text_buffer *out, const char *group)
{
    const char *name;
    size_t length;
    while (next_name(&group, &name, &length))
        append_joined(out, ", ", name, length);
}

static bool check_mutually_exclusive(struct binding *binding)
{
    const struct module_rules *rules = binding->module->rules;
    for (const char *const *group = rules ? rules->mutually_exclusive : NULL; group && *group; group++)
        if (count_given(binding, *group) > 1)
            return error_set(binding->error, ERROR_MODULE, "parameters are mutually exclusive: %s", *group);
    return true;
}

static bool check_required(struct binding *binding)
{
    CLEANUP(text_buffer_done) struct text_buffer missing = {0};
    for (size_t i = 0; i < binding->module->option_count; i++) {
        const struct module_option *option = &binding->module->options[i];
        const struct value *value = option->required ? find_given(binding, option) : NULL;
        bool is_text = option->type == OPTION_STRING || option->type == OPTION_PATH;
        if (option->required && (!value || (is_text && value_is_null(*value))))
            append_joined(&missing, ", ", option->name, strlen(option->name));
    }
    return missing.length == 0 ||
           error_set(binding->error, ERROR_MODULE, "missing required arguments: %s", text_buffer_bytes(&missing));
}

static bool check_required_together(struct binding *binding)
{
    const struct module_rules *rules = binding->module->rules;
    for (const char *const *group = rules ? rules->required_together : NULL; group && *group; group++) {
        unsigned wanted = 1;
        for (const char *at = *group; (at = strchr(at, '|')); at++)
            wanted++;
        unsigned count = count_given(binding, *group);
        if (count == 0 || count == wanted)
            continue;
        CLEANUP(text_buffer_done) struct text_buffer names = {0};
        append_group(&names, *group);
        return error_set(binding->error, ERROR_MODULE, "parameters are required together: %s",
                         text_buffer_bytes(&names));
    }
    return true;
}

static bool check_required_one_of(struct binding *binding)
{
    const struct module_rules *rules = binding->module->rules;
    for (const char *const *group = rules ? rules->required_one_of : NULL; group && *group; group++) {
        if (count_given(binding, *group) > 0)
            continue;
        CLEANUP(text_buffer_done) struct text_buffer names = {0};
        append_group(&names, *group);
        return error_set(binding->error, ERROR_MODULE, "one of the following is required: %s",
                         text_buffer_bytes(&names));
    }
    return true;
}

/* ---------------------------------------------------------------- values */

static const char *type_name(enum option_type type)
{
    static const char *const names[] = {
        [OPTION_STRING] = "str",  [OPTION_BOOL] = "bool", [OPTION_INT] = "int",
        [OPTION_FLOAT] = "float", [OPTION_LIST] = "list", [OPTION_DICT] = "dict",
        [OPTION_PATH] = "path",   [OPTION_RAW] = "raw",   [OPTION_JSON] = "json",
    };
    return names[type];
}

/** Converts one value of an option, or says what it is and why it cannot be. */
static bool convert(struct binding *binding, const struct module_option *option, bool is_element, struct value given,
                    struct value *result)
{
    OWNED_ERROR why = {0};
    enum option_type type = is_element ? option->elements : option->type;
    if (option_convert(type, given, result, &why))
        return true;
    const char *kind = value_type_name(given);
    if (is_element)
        return error_set(binding->error, ERROR_MODULE,
                         "Elements value for option '%s' is of type %s and we were unable to convert to %s: %s",
                         option->name, kind, type_name(type), why.message);
    return error_set(binding->error, ERROR_MODULE,
                     "argument '%s' is of type %s and we were unable to convert to %s: %s", option->name, kind,
                     type_name(type), why.message);
}

/** Converts each item of a list where the option says what items are. */
static bool convert_elements(struct binding *binding, const struct module_option *option, struct value *list)
{
    struct list *items = value_own_list(list);
    for (size_t i = 0; i < items->count; i++) {
        struct value item;
        if (!convert(binding, option, true, items->items[i], &item))
            return false;
        list_set_take(items, i, item);
    }
    return true;
}

/** The default of an option, from its YAML text. */
static struct value fallback_value(const struct module_option *option)
{
    const char *text = option->fallback;
    if (!text)
        return value_null();
    size_t length = strlen(text);
    if (!strchr("[{'", *text))
        return yaml_resolve(yaml_classify(text, length), text, length);
    struct list *documents = NULL;
    OWNED_ERROR error = {0};
    if (!yaml_parse_values(text, length, &documents, &error) || documents->count != 1)
        bug("the default of %s is no YAML", option->name);
    struct value value = value_copy(documents->items[0]);
    list_drop(documents);
    return value;
}

/** The value of an option, converted: the argument, or the default. */
static bool option_value(struct binding *binding, const struct module_option *option, struct value *result)
{
    const struct value *given = find_given(binding, option);
    OWNED raw = given ? value_copy(*given) : fallback_value(option);
    bool may_be_null = !given || (!option->required && !option->fallback) || option->type == OPTION_STRING;
    if (value_is_null(raw) && may_be_null) {
        *result = raw;
        return true;
    }
    OWNED converted = value_null();
    if (!convert(binding, option, false, raw, &converted))
        return false;
    if (option->type == OPTION_LIST && !convert_elements(binding, option, &converted))
        return false;
    *result = value_steal(&converted);
    return true;
}

static bool bind_values(struct binding *binding)
{
    for (size_t i = 0; i < binding->module->option_count; i++) {
        struct value value;
        if (!option_value(binding, &binding->module->options[i], &value))
            return false;
        dict_set_string_take(binding->bound, binding->module->options[i].name, value);
    }
    return true;
}

/* ---------------------------------------------------------------- choices */

/** The one choice that says the same as a boolean (yes, on ...), or NULL when there is none or more than one. */
static const char *boolean_choice(const char *choices, bool truth, size_t *length)
{
    const char *words = truth ? "y|yes|on|1|true|t" : "n|no|off|0|false|f";
    const char *name, *found = NULL;
    size_t name_length;
    while (next_name(&choices, &name, &name_length)) {
        if (!list_has(words, name, name_length))
            continue;
        if (found)
            return NULL;
        found = name;
        *length = name_length;
    }
    return found;
}

/** Is the value one of the choices?  "True" and "False" become the choice that says the same. */
static bool choose(const char *choices, struct value *value)
{
    OWNED text = value_str(*value);
    if (list_has(choices, value_bytes(text), text.as.text->length))
        return true;
    bool truth = value_equals_string(text, "True");
    if (!truth && !value_equals_string(text, "False"))
        return false;
    size_t length;
    const char *choice = boolean_choice(choices, truth, &length);
    if (choice)
        value_replace_take(value, value_string_length(choice, length));
    return choice != NULL;
}

static bool check_list_choices(struct binding *binding, const struct module_option *option, struct value *list)
{
    CLEANUP(text_buffer_done) struct text_buffer wrong = {0}, names = {0};
    for (size_t i = 0; i < list->as.list->count; i++) {
        OWNED item = value_str(list->as.list->items[i]);
        if (!list_has(option->choices, value_bytes(item), item.as.text->length))
            append_joined(&wrong, ", ", value_bytes(item), item.as.text->length);
    }
    if (wrong.length == 0)
        return true;
    append_group(&names, option->choices);
    return error_set(binding->error, ERROR_MODULE, "value of %s must be one or more of: %s. Got no match for: %s",
                     option->name, text_buffer_bytes(&names), text_buffer_bytes(&wrong));
}

/** Says that a value is none of the choices, and which was probably meant. */
static bool choice_error(struct binding *binding, const struct module_option *option, struct value value)
{
    CLEANUP(text_buffer_done) struct text_buffer names = {0};
    OWNED text = value_str(value);
    struct suggestion suggestion;
    suggestion_init(&suggestion, value_bytes(text), text.as.text->length);
    const char *choices = option->choices, *name;
    size_t length;
    while (next_name(&choices, &name, &length))
        suggestion_offer(&suggestion, name, length);
    append_group(&names, option->choices);
    error_set(binding->error, ERROR_MODULE, "value of %s must be one of: %s, got: %s", option->name,
              text_buffer_bytes(&names), value_bytes(text));
    if (suggestion.best)
        error_help(binding->error, "Did you mean '%.*s'?", (int)suggestion.best_length, suggestion.best);
    return false;
}

static bool check_choices(struct binding *binding)
{
    for (size_t i = 0; i < binding->module->option_count; i++) {
        const struct module_option *option = &binding->module->options[i];
        if (!option->choices)
            continue;
        OWNED value = value_copy(*dict_find_string(binding->bound, option->name));
        if (value_is_null(value) && !find_given(binding, option))
            continue;
        if (value_is_list(value) ? !check_list_choices(binding, option, &value)
                                 : !choose(option->choices, &value) && !choice_error(binding, option, value))
            return false;
        dict_set_string_take(binding->bound, option->name, value_steal(&value));
    }
    return true;
}

/* ---------------------------------------------------------------- names that are no option */

static int compare_names(const void *left, const void *right)
{
    const struct module_option *const *first = left, *const *second = right;
    return strcmp((*first)->name, (*second)->name);
}

/** "a, b (alias1, alias2)": every option, by name. */
static void append_supported(struct text_buffer *out, const struct module *module)
{
    CLEANUP(memory_cleanup)
    const struct module_option **sorted = memory_new_array(module->option_count, sizeof *sorted);
    for (size_t i = 0; i < module->option_count; i++)
        sorted[i] = &module->options[i];
    qsort(sorted, module->option_count, sizeof *sorted, compare_names);
    for (size_t i = 0; i < module->option_count; i++) {
        append_joined(out, ", ", sorted[i]->name, strlen(sorted[i]->name));
        if (!sorted[i]->aliases)
            continue;
        CLEANUP(text_buffer_done) struct text_buffer aliases = {0};
        append_group(&aliases, sorted[i]->aliases);
        text_buffer_append_format(out, " (%s)", text_buffer_bytes(&aliases));
    }
}

/** The option or alias that is nearest to a name that is none. */
static void suggest_option(struct binding *binding, const char *wanted)
{
    struct suggestion suggestion;
    suggestion_init(&suggestion, wanted, strlen(wanted));
    for (size_t i = 0; i < binding->module->option_count; i++) {
        const struct module_option *option = &binding->module->options[i];
        suggestion_offer(&suggestion, option->name, strlen(option->name));
        const char *aliases = option->aliases, *name;
        size_t length;
        while (next_name(&aliases, &name, &length))
            suggestion_offer(&suggestion, name, length);
    }
    if (suggestion.best)
        error_help(binding->error, "Did you mean '%.*s'?", (int)suggestion.best_length, suggestion.best);
}

/** Binds an argument that is no option, where the module takes any; else notes its name. */
static void bind_unknown(struct binding *binding, const struct dict_entry *entry, struct text_buffer *unknown)
{
    if (binding->module->flags & MODULE_ANY_ARGUMENTS) {
        dict_set_take(binding->bound, value_copy(entry->key), value_copy(entry->value));
        return;
    }
    OWNED name = value_str(entry->key);
    append_joined(unknown, ", ", value_bytes(name), name.as.text->length);
}

static bool bind_unknowns(struct binding *binding)
{
    CLEANUP(text_buffer_done) struct text_buffer unknown = {0}, supported = {0};
    const char *first = NULL;
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(binding->given, &i, &entry);) {
        bool is_option = value_is_string(entry->key) &&
                         find_option(binding->module, value_bytes(entry->key), entry->key.as.text->length);
        if (is_option || value_is_omit(entry->value))
            continue;
        bind_unknown(binding, entry, &unknown);
        if (!first && value_is_string(entry->key))
            first = value_bytes(entry->key);
    }
    if (unknown.length == 0)
        return true;
    append_supported(&supported, binding->module);
    error_set(binding->error, ERROR_MODULE,
              "Unsupported parameters for (%s) module: %s. Supported parameters include: %s.", binding->module->name,
              text_buffer_bytes(&unknown), text_buffer_bytes(&supported));
    if (first)
        suggest_option(binding, first);
    return false;
}

/* ---------------------------------------------------------------- secrets */

/** Replaces every occurrence of `secret` in the message. */
static void mask(struct error *error, const char *secret)
{
    if (!*secret)
        return;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const char *rest = error->message, *found;
    while ((found = strstr(rest, secret))) {
        text_buffer_append(&out, rest, (size_t)(found - rest));
        text_buffer_append_string(&out, "********");
        rest = found + strlen(secret);
    }
    text_buffer_append_string(&out, rest);
    free(error->message);
    error->message = memory_copy_string(text_buffer_bytes(&out), out.length);
}

/** Keeps what must not be logged out of the message. */
static void mask_secrets(struct binding *binding)
{
    for (size_t i = 0; i < binding->module->option_count; i++) {
        const struct module_option *option = &binding->module->options[i];
        const struct value *value = option->no_log ? find_given(binding, option) : NULL;
        if (!value)
            continue;
        OWNED text = value_str(*value);
        mask(binding->error, value_bytes(text));
    }
}

bool arguments_bind(const struct module *module, const struct dict *given, struct dict **bound, struct error *error)
{
    OWNED result = value_dict_new();
    struct binding binding = {module, given, result.as.dict, error};
    bool is_bound = check_mutually_exclusive(&binding) && check_required(&binding) && bind_values(&binding) &&
                    check_choices(&binding) && check_required_together(&binding) && check_required_one_of(&binding) &&
                    bind_unknowns(&binding);
    if (is_bound)
        *bound = dict_copy(result.as.dict);
    else
        mask_secrets(&binding);
    return is_bound;
}
