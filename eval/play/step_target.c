/* The host that a step's module acts on, and what it has there: delegation, connection, user, environment (step_state.h). */
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "eval/play/step_state.h"
#include "eval/play/variables_special.h"
#include "eval/play/virtual_jobs.h"
#include "runtime/async/job.h"
#include "runtime/os/environment.h"
#include "runtime/value/repr.h"

extern char **environ;

static const char ASYNC_DIRECTORY[] = "ANSIBLE_ASYNC_DIR";

/* ---- delegation ---- */

static bool is_localhost(const char *name)
{
    return strcmp(name, "localhost") == 0 || strcmp(name, "127.0.0.1") == 0 || strcmp(name, "::1") == 0;
}

static void set_delegate(struct step *step, const struct value name)
{
    struct execution *execution = &step->execution;
    struct inventory *inventory = step->spec.run->inventory;
    if (!text_equal(name.as.text, step->spec.host->name))
        execution->delegated_to = text_copy(name.as.text);
    execution->target = inventory_find_host(inventory, value_bytes(name));
    if (!execution->target && is_localhost(value_bytes(name)))
        execution->target = inventory_localhost(inventory);
    if (!execution->target) {
        execution->unknown = host_new(value_bytes(name), name.as.text->length);
        execution->unknown->is_implicit = true;
        execution->target = execution->unknown;
    }
    task_scope_delegate(&step->scope, execution->target);
}

bool execution_find_target(struct step *step, struct error *error)
{
    struct execution *execution = &step->execution;
    const struct attribute *attribute = instance_attribute(step->spec.instance, KEYWORD_DELEGATE_TO, NULL);
    OWNED name = value_null();
    execution->target = step->spec.host;
    task_scope_delegate(&step->scope, NULL);
    if (!attribute || value_is_null(attribute->value))
        return true;
    if (!engine_evaluate_loosely(step->spec.run->engine, &step->scope.scope, attribute->value, &name, error) ||
        (value_is_undefined(name) && !value_undefined_error(name, error))) {
        OWNED raw = value_str(attribute->value);
        execution->delegated_to = text_copy(raw.as.text);
        return error_at(error, attribute->value_span);
    }
    if (value_is_omit(name) || value_is_null(name))
        return true;
    OWNED text = value_str(name);
    if (text.as.text->length == 0)
        return true;
    set_delegate(step, text);
    return true;
}

/* ---- connection and user ---- */

/** A variable of the host that the module acts on, evaluated, as text; NULL when it has none. */
static bool target_variable(struct step *step, const char *name, struct value *value, struct error *error)
{
    struct execution *execution = &step->execution;
    struct task_scope other, *scope = &step->scope;
    OWNED key = value_string(name);
    OWNED raw = value_null();
    bool is_other = execution->target != step->spec.host;
    if (is_other) {
        task_scope_init(&other, step->spec.run, execution->target, step->spec.instance);
        task_scope_set_item(&other, step->scope.item_variables);
        scope = &other;
    }
    *value = value_null();
    bool succeeded = !scope_find(&scope->scope, key.as.text, &raw, NULL) ||
                     engine_evaluate(step->spec.run->engine, &scope->scope, raw, value, error);
    if (is_other)
        task_scope_done(&other);
    return succeeded;
}

/** The connection's name: the host's variable wins over the keyword; an empty one is none. */
static bool connection_name(struct step *step, struct value *name, struct error *error)
{
    if (!target_variable(step, "ansible_connection", name, error))
        return false;
    if (value_is_null(*name) && !keyword_value(step, KEYWORD_CONNECTION, name, error))
        return false;
    OWNED given = value_steal(name);
    const char *fallback = step->spec.run->settings.connection;
    *name = value_is_null(given) ? value_string(fallback ? fallback : "ssh") : value_str(given);
    return true;
}

/** Does it need nothing of the host but its variables? */
static bool stays_in_controller(const struct module *module)
{
    return (module->flags & MODULE_ACTION) && !(module->flags & MODULE_REACHES_HOST);
}

/** Connections that the reference has beside `local`. */
static bool is_remote_connection(const char *name)
{
    static const char *const names[] = {"ssh", "smart", "paramiko", "paramiko_ssh", "psrp", "winrm"};
    static const char prefix[] = "ansible.builtin.";
    if (strncmp(name, prefix, strlen(prefix)) == 0)
        name += strlen(prefix);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool is_local_connection(const char *name)
{
    return strcmp(name, "local") == 0 || strcmp(name, "ansible.builtin.local") == 0;
}

static bool check_connection(struct step *step, bool *unreachable, struct error *error)
{
    OWNED connection = value_null();
    if (!connection_name(step, &connection, error))
        return false;
    const char *name = value_bytes(connection);
    if (is_local_connection(name))
        return true;
    if (!is_remote_connection(name))
        return error_set(error, ERROR_OTHER, "the connection plugin '%s' was not found", name);
    if (stays_in_controller(step->module))
        return true;
    *unreachable = true;
    const char *plain = strrchr(name, '.') ? strrchr(name, '.') + 1 : name;
    error_set(error, ERROR_OTHER,
              "Failed to connect to the host via %s: playlet reaches hosts by the connection 'local' only",
              strcmp(plain, "smart") == 0 ? "ssh" : plain);
    return error_help(error, "For hosts that stand for this machine say `connection: local` in the play, or -c local.");
}

/** Is it the user that this program runs as already? */
static bool is_present_user(const char *name)
{
    const struct passwd *entry = getpwuid(geteuid());
    return entry && strcmp(entry->pw_name, name) == 0;
}

/** Is there such a way to become another user?  Names with dots belong to collections. */
static bool check_become_method(struct step *step, struct error *error)
{
    static const char *const names[] = {"sudo", "su", "runas"};
    OWNED given = value_null();
    if (!keyword_value(step, KEYWORD_BECOME_METHOD, &given, error))
        return false;
    OWNED name = value_is_null(given) ? value_string(names[0]) : value_str(given);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (value_equals_string(name, names[i]))
            return true;
    if (strchr(value_bytes(name), '.'))
        return true;
    return error_set(
        error, ERROR_OTHER,
        "Invalid become method specified, could not find matching plugin: '%s'. Use `ansible-doc -t become "
        "-l` to list available plugins.",
        value_bytes(name));
}

/** Becoming another user is refused, unless there is nothing to do. */
static bool check_user(struct step *step, struct error *error)
{
    bool becomes;
    OWNED given = value_null();
    if (stays_in_controller(step->module) || !keyword_bool(step, KEYWORD_BECOME, false, &becomes, error))
        return stays_in_controller(step->module);
    if (!becomes)
        return true;
    if (!check_become_method(step, error) || !keyword_value(step, KEYWORD_BECOME_USER, &given, error))
        return false;
    OWNED user = value_is_null(given) ? value_string("root") : value_str(given);
    if (is_present_user(value_bytes(user)))
        return true;
    error_set(error, ERROR_OTHER, "Becoming the user '%s' is not supported yet.", value_bytes(user));
    return error_help(error, "Run playlet as that user.");
}

/* ---- environment ---- */

/** Environment strings under construction. */
struct environment {
    char **strings;
    size_t count, capacity;
};

static void environment_add_take(struct environment *environment, char *string)
{
    if (environment->count + 1 >= environment->capacity) {
        environment->capacity = memory_grown(environment->capacity);
        environment->strings = memory_resize(environment->strings, environment->capacity, sizeof *environment->strings);
    }
    environment->strings[environment->count++] = string;
    environment->strings[environment->count] = NULL;
}

/** Sets NAME=value, in place of one that is there. */
static void environment_set_take(struct environment *environment, char *string, size_t name_length)
{
    for (size_t i = 0; i < environment->count; i++) {
        if (strncmp(environment->strings[i], string, name_length + 1) != 0)
            continue;
        free(environment->strings[i]);
        environment->strings[i] = string;
        return;
    }
    environment_add_take(environment, string);
}

/** Sets the entries of a dict. */
static void environment_update(struct environment *environment, const struct dict *variables)
{
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(variables, &i, &entry);) {
        OWNED name = value_str(entry->key);
        OWNED text = value_str(entry->value);
        CLEANUP(text_buffer_done) struct text_buffer line = {0};
        text_buffer_append_format(&line, "%s=%s", value_bytes(name), value_bytes(text));
        environment_set_take(environment, memory_copy_string(text_buffer_bytes(&line), line.length),
                             name.as.text->length);
    }
}

/** "could not parse environment value, skipping: [...]", as the reference warns of what is no dict. */
static void warn_environment(struct step *step, const struct list *raw)
{
    CLEANUP(text_buffer_done) struct text_buffer text = {0};
    OWNED shown = value_repr((struct value){.kind = VALUE_LIST, .as.list = (struct list *)raw});
    text_buffer_append_format(&text, "could not parse environment value, skipping: %s", value_bytes(shown));
    step_warn(step, text_buffer_bytes(&text), (struct span){0});
}

/** One entry of `environment`, evaluated: a dict, or a list of them. */
static bool environment_add(struct step *step, struct environment *environment, struct value raw,
                            const struct list *all, struct error *error)
{
    OWNED value = value_null();
    if (!engine_evaluate(step->spec.run->engine, &step->scope.scope, raw, &value, error))
        return false;
    bool is_list = value_is_list(value);
    const struct value *items = is_list ? value.as.list->items : &value;
    size_t count = is_list ? value.as.list->count : 1;
    for (size_t i = 0; i < count; i++) {
        if (value_is_dict(items[i]))
            environment_update(environment, items[i].as.dict);
        else if (!value_is_null(items[i]))
            warn_environment(step, all);
    }
    return true;
}

/** The program's own environment with what `environment` says; NULL when it says nothing. */
static bool build_environment(struct step *step, struct error *error)
{
    OWNED list = value_list_take(special_environment(&step->scope));
    struct environment environment = {0};
    const struct list *given = list.as.list;
    if (given->count == 0)
        return true;
    for (char **entry = environ; *entry; entry++)
        environment_add_take(&environment, memory_copy_string(*entry, strlen(*entry)));
    step->environment = environment.strings;
    bool succeeded = true;
    for (size_t i = 0; i < given->count && succeeded; i++)
        succeeded = environment_add(step, &environment, given->items[i], given, error);
    step->environment = environment.strings;
    return succeeded || error_wrap(error, "Error processing keyword 'environment'.");
}

void step_release_access(struct step *step)
{
    for (char **entry = step->environment; entry && *entry; entry++)
        free(*entry);
    free(step->environment);
    free(step->async_directory);
    step->environment = NULL;
    step->async_directory = NULL;
}

static bool find_async_directory(struct step *step, struct error *error)
{
    OWNED given = value_null();
    if (!target_variable(step, "ansible_async_dir", &given, error))
        return false;
    const char *configured = value_is_string(given)
                                 ? value_bytes(given)
                                 : environment_find(step->environment, ASYNC_DIRECTORY, strlen(ASYNC_DIRECTORY));
    step->async_directory = job_directory(configured);
    return true;
}

bool execution_reach_target(struct step *step, bool *unreachable, struct error *error)
{
    struct execution *execution = &step->execution;
    *unreachable = false;
    step_release_access(step);
    if (!check_connection(step, unreachable, error) || !check_user(step, error))
        return false;
    if (!stays_in_controller(step->module) && (!build_environment(step, error) || !find_async_directory(step, error)))
        return false;
    step->access = (struct host_access){
        .loop = step->spec.run->loop,
        .environment = step->environment,
        .async_directory = step->async_directory,
        .jobs = virtual_jobs_store(step->spec.run->virtual_jobs),
        .working_directory = step->spec.run->directory,
        .check_mode = execution->check_mode,
        .diff_mode = execution->diff_mode,
        .verbosity = step->spec.run->settings.verbosity,
        .time_limit = execution->time_limit * NANOSECONDS_PER_SECOND,
    };
    return true;
}
