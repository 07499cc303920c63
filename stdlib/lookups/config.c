/* config: settings of the reference, which all have their defaults here. */
#include <stdlib.h>
#include <string.h>

#include "parser/yaml.h"
#include "runtime/os/path.h"
#include "runtime/value/repr.h"
#include "stdlib/lookups/lookups.h"
#include "stdlib/lookups/option.h"

/** Settings with their defaults as YAML; ~ at the start of a string is the home. */
static const struct {
    const char *name;
    const char *value;
} settings[] = {
    {"ACTION_WARNINGS", "true"},
    {"AGNOSTIC_BECOME_PROMPT", "true"},
    {"ANSIBLE_FORCE_COLOR", "false"},
    {"ANSIBLE_HOME", "~/.ansible"},
    {"ANSIBLE_NOCOLOR", "false"},
    {"ANSIBLE_NOCOWS", "false"},
    {"ANSIBLE_PIPELINING", "false"},
    {"ANY_ERRORS_FATAL", "false"},
    {"BECOME_ALLOW_SAME_USER", "false"},
    {"CACHE_PLUGIN", "memory"},
    {"CACHE_PLUGIN_TIMEOUT", "86400"},
    {"COLLECTIONS_PATHS", "[~/.ansible/collections, /usr/share/ansible/collections]"},
    {"COLOR_CHANGED", "yellow"},
    {"COLOR_DEBUG", "dark gray"},
    {"COLOR_DEPRECATE", "purple"},
    {"COLOR_DIFF_ADD", "green"},
    {"COLOR_DIFF_LINES", "cyan"},
    {"COLOR_DIFF_REMOVE", "red"},
    {"COLOR_ERROR", "red"},
    {"COLOR_HIGHLIGHT", "white"},
    {"COLOR_OK", "green"},
    {"COLOR_SKIP", "cyan"},
    {"COLOR_UNREACHABLE", "bright red"},
    {"COLOR_VERBOSE", "blue"},
    {"COLOR_WARN", "bright purple"},
    {"COMMAND_WARNINGS", "false"},
    {"DEFAULT_ASK_PASS", "false"},
    {"DEFAULT_ASK_VAULT_PASS", "false"},
    {"DEFAULT_BECOME", "false"},
    {"DEFAULT_BECOME_ASK_PASS", "false"},
    {"DEFAULT_BECOME_EXE", "null"},
    {"DEFAULT_BECOME_FLAGS", "''"},
    {"DEFAULT_BECOME_METHOD", "sudo"},
    {"DEFAULT_BECOME_USER", "root"},
    {"DEFAULT_DEBUG", "false"},
    {"DEFAULT_EXECUTABLE", "/bin/sh"},
    {"DEFAULT_FACT_PATH", "null"},
    {"DEFAULT_FORCE_HANDLERS", "false"},
    {"DEFAULT_FORKS", "5"},
    {"DEFAULT_GATHERING", "implicit"},
    {"DEFAULT_HASH_BEHAVIOUR", "replace"},
    {"DEFAULT_HOST_LIST", "[/etc/ansible/hosts]"},
    {"DEFAULT_INTERNAL_POLL_INTERVAL", "0.001"},
    {"DEFAULT_JINJA2_EXTENSIONS", "[]"},
    {"DEFAULT_JINJA2_NATIVE", "true"},
    {"DEFAULT_KEEP_REMOTE_FILES", "false"},
    {"DEFAULT_LOG_PATH", "null"},
    {"DEFAULT_MANAGED_STR", "Ansible managed"},
    {"DEFAULT_MODULE_ARGS", "null"},
    {"DEFAULT_MODULE_NAME", "command"},
    {"DEFAULT_MODULE_PATH", "[~/.ansible/plugins/modules, /usr/share/ansible/plugins/modules]"},
    {"DEFAULT_NO_LOG", "false"},
    {"DEFAULT_NO_TARGET_SYSLOG", "false"},
    {"DEFAULT_POLL_INTERVAL", "15"},
    {"DEFAULT_PRIVATE_KEY_FILE", "null"},
    {"DEFAULT_PRIVATE_ROLE_VARS", "false"},
    {"DEFAULT_REMOTE_PORT", "null"},
    {"DEFAULT_REMOTE_USER", "null"},
    {"DEFAULT_ROLES_PATH", "[~/.ansible/roles, /usr/share/ansible/roles, /etc/ansible/roles]"},
    {"DEFAULT_STDOUT_CALLBACK", "default"},
    {"DEFAULT_STRATEGY", "linear"},
    {"DEFAULT_SYSLOG_FACILITY", "LOG_USER"},
    {"DEFAULT_TIMEOUT", "10"},
    {"DEFAULT_TRANSPORT", "ssh"},
    {"DEFAULT_VAULT_IDENTITY", "default"},
    {"DEFAULT_VAULT_IDENTITY_LIST", "[]"},
    {"DEFAULT_VAULT_PASSWORD_FILE", "null"},
    {"DEFAULT_VERBOSITY", "0"},
    {"DEPRECATION_WARNINGS", "true"},
    {"DIFF_ALWAYS", "false"},
    {"DIFF_CONTEXT", "3"},
    {"DISPLAY_SKIPPED_HOSTS", "true"},
    {"ERROR_ON_MISSING_HANDLER", "true"},
    {"FACTS_MODULES", "[smart]"},
    {"HOST_KEY_CHECKING", "true"},
    {"INJECT_FACTS_AS_VARS", "true"},
    {"INTERPRETER_PYTHON", "auto"},
    {"INVENTORY_ENABLED", "[host_list, script, auto, yaml, ini, toml]"},
    {"LOCALHOST_WARNING", "true"},
    {"MAX_FILE_SIZE_FOR_DIFF", "104448"},
    {"PLAYBOOK_VARS_ROOT", "top"},
    {"RETRY_FILES_ENABLED", "false"},
    {"RETRY_FILES_SAVE_PATH", "null"},
    {"SHOW_CUSTOM_STATS", "false"},
    {"SYSTEM_WARNINGS", "true"},
    {"TAGS_RUN", "[]"},
    {"TAGS_SKIP", "[]"},
    {"TASK_TIMEOUT", "0"},
    {"TRANSFORM_INVALID_GROUP_CHARS", "never"},
    {"VARIABLE_PRECEDENCE",
     "[all_inventory, groups_inventory, all_plugins_inventory, all_plugins_play, groups_plugins_inventory, "
     "groups_plugins_play]"},
    {"VERBOSE_TO_STDERR", "false"},
};

/** The same with the home in place of ~. */
static struct value with_home(struct value value)
{
    if (value_is_string(value)) {
        CLEANUP(memory_cleanup) char *path = path_expand_user(value_bytes(value));
        return value_string(path);
    }
    if (!value_is_list(value))
        return value_copy(value);
    struct list *items = list_new(value.as.list->count);
    for (size_t i = 0; i < value.as.list->count; i++)
        list_push_take(items, with_home(value.as.list->items[i]));
    return value_list_take(items);
}

/** A setting by name; false when there is none. */
static bool find_setting(const char *name, struct value *value)
{
    for (size_t i = 0; i < COUNT_OF(settings); i++) {
        OWNED_ERROR error = {0};
        struct list *documents;
        if (strcmp(settings[i].name, name) != 0)
            continue;
        if (!yaml_parse_values(settings[i].value, strlen(settings[i].value), &documents, &error))
            bug("the default of %s is no YAML: %s", name, error.message);
        OWNED owner = value_list_take(documents);
        *value = with_home(documents->items[0]);
        return true;
    }
    return false;
}

static bool push_setting(struct value term, const struct value *arguments, struct list *out, struct error *error)
{
    struct value value;
    if (!value_is_string(term)) {
        OWNED shown = value_str(term);
        return error_set(error, ERROR_LOOKUP,
                         "Invalid setting identifier, %s is not a <class 'str'>, its a <class '%s'>.",
                         value_bytes(shown), value_type_name(term));
    }
    if (!find_setting(value_bytes(term), &value))
        return !value_equals_string(arguments[1], "error") ||
               error_set(error, ERROR_LOOKUP, "No config definition exists for '%s'.", value_bytes(term));
    if (option_truth(arguments[4])) {
        struct list *pair = list_new(2);
        list_push_take(pair, value);
        list_push_take(pair, value_string("default"));
        value = value_tuple_take(pair);
    }
    list_push_take(out, value);
    return true;
}

static bool lookup_config(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
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
        if (!push_setting(terms->items[i], arguments, values.as.list, error))
            return false;
    *result = value_steal(&values);
    return true;
}

static const struct function rows[] = {
    {"config", "terms, on_missing='error', plugin_type=None, plugin_name=None, show_origin=False" LOOKUP_UNKNOWN,
     lookup_config, LOOKUP_FLAGS, "Settings by name; all have their defaults."},
};

const struct function_table lookups_config = {FUNCTION_LOOKUP, "ansible.builtin", rows, COUNT_OF(rows)};
