#include "eval/play/role.h"

#include <stdlib.h>
#include <string.h>

#include "eval/play/load.h"
#include "parser/settings.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/repr.h"

const struct role_variables *role_variables(const struct role *role)
{
    return &role->variables;
}

void role_free(struct role *role)
{
    if (!role)
        return;
    text_drop(role->name);
    free(role->path);
    dict_drop(role->parameters);
    free(role->dependencies);
    free(role->dependency_variables);
    free(role->dependents);
    free(role);
}

/* ---- finding ---- */

/** Where roles are looked for, in order, as one text with colons. */
static struct text *search_path(const struct run *run, const char *directory)
{
    struct text_buffer out = {0};
    text_buffer_append_format(&out, "%s/roles", run->directory);
    OWNED folders = run->settings.settings
                        ? value_copy(settings_value(run->settings.settings, SETTING_DEFAULT_ROLES_PATH))
                        : setting_default(SETTING_DEFAULT_ROLES_PATH);
    for (size_t i = 0; i < folders.as.list->count; i++)
        text_buffer_append_format(&out, ":%s", value_bytes(folders.as.list->items[i]));
    if (directory)
        text_buffer_append_format(&out, ":%s", directory);
    text_buffer_append_format(&out, ":%s", run->directory);
    return text_buffer_take(&out);
}

/** The role's folder, absolute, or NULL with the places where it is not. */
static char *find_folder(const struct run *run, const struct role_spec *spec, struct error *error)
{
    struct text *places = search_path(run, spec->directory);
    char *found = NULL;
    for (const char *at = places->bytes; *at && !found;) {
        size_t length = strcspn(at, ":");
        CLEANUP(memory_cleanup) char *place = memory_copy_string(at, length);
        CLEANUP(memory_cleanup) char *joined = path_join(place, spec->name);
        if (file_is_directory(joined))
            found = path_normal(joined);
        at += length + (at[length] == ':');
    }
    if (!found) {
        error_set(error, ERROR_FILE, "the role '%s' was not found in %s", spec->name, places->bytes);
        error_at(error, spec->span);
    }
    text_drop(places);
    return found;
}

/** role/folder/name with one of the usual endings; NULL: there is none. */
static char *find_part(const struct role *role, const char *folder, const char *name)
{
    static const char *const endings[] = {"", ".yml", ".yaml", ".json"};
    CLEANUP(memory_cleanup) char *directory = path_join(role->path, folder);
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        CLEANUP(text_buffer_done) struct text_buffer path = {0};
        text_buffer_append_format(&path, "%s/%s%s", directory, name, endings[i]);
        if (file_is_regular(text_buffer_bytes(&path)))
            return path_normal(text_buffer_bytes(&path));
    }
    return NULL;
}

/** role/folder/name where that is a folder, of files of variables; NULL: it is none. */
static char *find_folder_part(const struct role *role, const char *folder, const char *name)
{
    CLEANUP(memory_cleanup) char *directory = path_join(role->path, folder);
    char *path = path_join(directory, name);
    if (file_is_directory(path))
        return path;
    free(path);
    return NULL;
}

/** The same for a part that may be named by the use: one that is named must be there.  *path may stay NULL. */
static bool find_named_part(const struct role *role, const char *folder, const char *name, char **path,
                            struct error *error)
{
    *path = find_part(role, folder, name ? name : "main");
    return *path || !name ||
           error_set(error, ERROR_PARSE, "Could not find specified file in role: %s/%s", folder, name);
}

/* ---- loading ---- */

static bool load_role_variables(struct run *run, const struct role *role, const char *folder, const char *name,
                                const struct dict **variables, struct error *error)
{
    CLEANUP(memory_cleanup) char *path = find_folder_part(role, folder, name ? name : "main");
    if (!path && !find_named_part(role, folder, name, &path, error))
        return false;
    *variables = path ? load_variables(run, path, error) : NULL;
    return *variables || !path;
}

static bool load_parts(struct run *run, struct role *role, const struct role_spec *spec, struct task_list *tasks,
                       struct error *error)
{
    CLEANUP(memory_cleanup) char *task_path = NULL;
    CLEANUP(memory_cleanup) char *handler_path = NULL;
    if (!load_role_variables(run, role, "defaults", spec->defaults_from, &role->variables.defaults, error) ||
        !load_role_variables(run, role, "vars", spec->vars_from, &role->variables.vars, error) ||
        !find_named_part(role, "tasks", spec->tasks_from, &task_path, error) ||
        !find_named_part(role, "handlers", spec->handlers_from, &handler_path, error))
        return false;
    const struct task_list *loaded = task_path ? load_tasks(run, task_path, role->block, false, error) : NULL;
    if (task_path && !loaded)
        return false;
    if (loaded)
        *tasks = *loaded;
    loaded = handler_path ? load_tasks(run, handler_path, role->block, true, error) : NULL;
    if (loaded)
        role->handlers = *loaded;
    return loaded || !handler_path;
}

/** Adds a dependency, after all that it depends on itself. */
static void add_dependency(struct role *role, const struct role *dependency)
{
    size_t count = role->dependency_count + dependency->dependency_count + 1;
    role->dependencies = memory_resize(role->dependencies, count, sizeof *role->dependencies);
    role->dependency_variables = memory_resize(role->dependency_variables, count, sizeof *role->dependency_variables);
    for (size_t i = 0; i < dependency->dependency_count; i++)
        role->dependencies[role->dependency_count++] = dependency->dependencies[i];
    role->dependencies[role->dependency_count++] = dependency;
    for (size_t i = 0; i < count; i++)
        role->dependency_variables[i] = &role->dependencies[i]->variables;
    role->variables.dependencies = role->dependency_variables;
    role->variables.dependency_count = role->dependency_count;
}

/** Is the role one of those that (through others) asked for this use? */
static bool is_within_itself(const struct role_spec *spec, const char *path)
{
    for (const struct task *block = spec->outer; block; block = block->parent)
        if (block->role && strcmp(block->role->path, path) == 0)
            return true;
    return false;
}

static bool load_dependency(struct run *run, struct role *role, const struct role_reference *reference,
                            struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer name = {0};
    CLEANUP(memory_cleanup) char *directory = path_directory(role->path);
    value_append_str(&name, reference->name);
    struct role_spec spec = {.name = text_buffer_bytes(&name),
                             .span = reference->span,
                             .parent = role,
                             .attributes = &reference->attributes,
                             .outer = role->block,
                             .parameters = reference->parameters.as.dict,
                             .directory = directory,
                             .is_once = true};
    struct role *dependency = role_load(run, &spec, error);
    if (!dependency)
        return false;
    add_dependency(role, dependency);
    role->block->block.tasks[role->block->block.count++] = dependency->block;
    return true;
}

/** Reads meta/main and loads the dependencies into the role's block, which gets room for them and `more` tasks. */
static bool load_meta(struct run *run, struct role *role, uint32_t more, struct error *error)
{
    CLEANUP(memory_cleanup) char *path = find_part(role, "meta", "main");
    const struct role_meta *meta = path ? load_role_meta(run, path, error) : NULL;
    if (path && !meta)
        return false;
    uint32_t count = (meta ? meta->dependency_count : 0) + more;
    role->block->block.tasks = arena_new(load_arena(run), (count + 1) * sizeof *role->block->block.tasks);
    if (meta && !value_is_null(meta->allow_duplicates) &&
        !value_to_bool(meta->allow_duplicates, &role->allow_duplicates, error))
        return false;
    for (uint32_t i = 0; meta && i < meta->dependency_count; i++)
        if (!load_dependency(run, role, &meta->dependencies[i], error))
            return false;
    return true;
}

/** What makes two uses the same work: folder, parameters and keywords, as a number. */
static uint32_t find_identity(struct run *run, const struct role *role, const struct role_spec *spec)
{
    CLEANUP(text_buffer_done) struct text_buffer text = {0};
    if (!spec->is_once || role->allow_duplicates)
        return 0;
    text_buffer_append_string(&text, role->path);
    if (role->parameters) {
        struct value parameters = {.kind = VALUE_DICT, .as.dict = role->parameters};
        value_append_repr(&text, parameters);
    }
    for (uint32_t i = 0; spec->attributes && i < spec->attributes->count; i++) {
        const struct attribute *attribute = &spec->attributes->items[i];
        text_buffer_append_format(&text, "\n%s: ", keyword_row(attribute->keyword)->spelling);
        value_append_repr(&text, attribute->value);
    }
    return load_identity(run, text_buffer_bytes(&text));
}

/** Variables that the use itself gives. */
static void set_use_variables(struct role *role, const struct role_spec *spec)
{
    if (spec->parameters && spec->parameters->live > 0)
        role->parameters = dict_clone(spec->parameters);
    role->variables.parameters = role->parameters;
    const struct attribute *vars = spec->attributes ? attributes_find(spec->attributes, KEYWORD_VARS) : NULL;
    if (vars && value_is_dict(vars->value))
        role->variables.keyword_vars = vars->value.as.dict;
    size_t count = spec->parent ? spec->parent->dependent_count : 0;
    role->dependents = memory_new_array(count + 1, sizeof *role->dependents);
    for (size_t i = 0; i < count; i++)
        role->dependents[i] = spec->parent->dependents[i];
    if (spec->parent)
        role->dependents[count++] = &spec->parent->variables;
    role->dependent_count = role->variables.dependent_count = count;
    role->variables.dependents = role->dependents;
}

/** A role of this name and folder, with the block for its tasks and nothing in it. */
static struct role *make_role(struct run *run, const struct role_spec *spec, char *path)
{
    struct role *role = memory_new_array(1, sizeof *role);
    load_keep_role(run, role);
    role->path = path;
    role->name = text_new(spec->name, strlen(spec->name));
    role->variables.name = role->name;
    role->variables.path = path;
    role->block = load_make_block(run, spec->outer);
    role->block->role = role;
    if (spec->attributes)
        role->block->attributes = *spec->attributes;
    role->tasks.tasks = arena_new(load_arena(run), sizeof *role->tasks.tasks);
    role->tasks.tasks[role->tasks.count++] = role->block;
    set_use_variables(role, spec);
    return role;
}

struct role *role_load(struct run *run, const struct role_spec *spec, struct error *error)
{
    char *path = find_folder(run, spec, error);
    if (!path)
        return NULL;
    if (is_within_itself(spec, path)) {
        error_set(error, ERROR_PARSE,
                  "A recursion loop was detected with the roles specified. Make sure child roles do "
                  "not have dependencies on parent roles");
        error_at(error, spec->span);
        free(path);
        return NULL;
    }
    struct role *role = make_role(run, spec, path);
    struct task_list tasks = {0};
    if (!load_parts(run, role, spec, &tasks, error) || !load_meta(run, role, tasks.count, error))
        return NULL;
    for (uint32_t i = 0; i < tasks.count; i++)
        role->block->block.tasks[role->block->block.count++] = tasks.tasks[i];
    role->identity = find_identity(run, role, spec);
    return role;
}

/* ---- import_role, include_role ---- */

/** An argument's text, or NULL where it is missing or null. */
static const char *text_argument(const struct dict *arguments, const char *name)
{
    return dict_get_bytes(arguments, name, NULL);
}

bool role_spec_read(struct role_spec *spec, const struct dict *arguments, struct task_instance instance,
                    struct error *error)
{
    const struct role *role = instance_role(instance);
    const char *name = text_argument(arguments, "name");
    spec->name = name ? name : text_argument(arguments, "role");
    if (!spec->name || !*spec->name) {
        error_set(error, ERROR_PARSE, "'name' is a required field for %s.", instance.task->action.name->bytes);
        return error_at(error, instance.task->span);
    }
    const struct value *written =
        value_is_dict(instance.task->action.arguments)
            ? dict_find_string(instance.task->action.arguments.as.dict, name ? "name" : "role")
            : NULL;
    spec->span = written && value_is_string(*written) ? written->as.text->span : instance.task->span;
    spec->tasks_from = text_argument(arguments, "tasks_from");
    spec->vars_from = text_argument(arguments, "vars_from");
    spec->defaults_from = text_argument(arguments, "defaults_from");
    spec->handlers_from = text_argument(arguments, "handlers_from");
    spec->directory = role ? role->path : NULL;
    const struct value *allow = dict_find_string(arguments, "allow_duplicates");
    bool allows = true;
    if (allow && !value_is_null(*allow) && !value_to_bool(*allow, &allows, error))
        return false;
    spec->is_once = !allows;
    return true;
}
