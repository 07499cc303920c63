/* Static imports: import_tasks and import_role, resolved while files are loaded (load.h). */
#include <string.h>

#include "eval/play/play.h"
#include "eval/play/variables.h"
#include "runtime/limits.h"
#include "runtime/os/path.h"

static unsigned import_depth(const struct task *task)
{
    unsigned depth = 0;
    for (; task; task = task->parent)
        depth += task->imported.tasks != NULL || task->role != NULL;
    return depth;
}

/** The import's arguments evaluated with what is known before any host is: variables of the play and of the command line. */
static bool evaluate_arguments(struct run *run, struct task *task, struct value *arguments, struct error *error)
{
    struct task_instance instance = {task, NULL};
    struct task_scope scope;
    if (!value_is_lazy(task->action.arguments)) {
        *arguments = value_copy(task->action.arguments);
        return true;
    }
    task_scope_init(&scope, run, NULL, instance);
    task_scope_enter(&scope);
    bool good = engine_evaluate(run->engine, &scope.scope, task->action.arguments, arguments, error);
    task_scope_done(&scope);
    return good;
}

/** Says which path could not be evaluated, and what a static import may use. */
static bool fail_path(const struct task *task, struct error *error)
{
    const char *written = "";
    if (value_is_dict(task->action.arguments))
        written = dict_get_bytes(task->action.arguments.as.dict, "file",
                                 dict_get_bytes(task->action.arguments.as.dict, "_raw_params", ""));
    error->kind = ERROR_PARSE;
    error_wrap(error, "Error when evaluating variable in import path '%s'", written);
    error_help(
        error, "%s",
        "When using static imports, ensure that any variables used in their names are defined in vars/vars_files\n"
        "or extra-vars passed in from the command line. Static imports cannot use variables from facts or inventory\n"
        "sources like group or host vars.");
    return error_at(error, task->span);
}

static bool import_tasks(struct run *run, struct task *task, const struct dict *arguments, struct error *error)
{
    const char *name = dict_get_bytes(arguments, "file", dict_get_bytes(arguments, "_raw_params", NULL));
    if (!name || !*name) {
        error_set(error, ERROR_PARSE, "No file specified for import_tasks");
        return error_at(error, task->span);
    }
    struct task_instance instance = {task, NULL};
    CLEANUP(memory_cleanup) char *path = load_find(run, instance, task->is_handler ? "handlers" : "tasks", name);
    const struct task_list *tasks = load_tasks(run, path, task, task->is_handler, error);
    if (tasks)
        task->imported = *tasks;
    return tasks;
}

static bool import_role(struct run *run, struct task *task, const struct dict *arguments, struct error *error)
{
    struct role_spec spec = {0};
    if (!role_spec_read(&spec, arguments, (struct task_instance){task, NULL}, error))
        return false;
    spec.outer = task;
    struct role *role = role_load(run, &spec, error);
    if (!role)
        return false;
    task->imported = role->tasks;
    const struct value *is_public = dict_find_string(arguments, "public");
    bool publishes = true;
    if (is_public && !value_is_null(*is_public) && !value_to_bool(*is_public, &publishes, error))
        return false;
    play_add_role(run->play, role, publishes);
    return true;
}

static bool import_one(struct run *run, struct task *task, const char *name, struct error *error)
{
    OWNED arguments = value_null();
    if (import_depth(task) > LIMIT_IMPORT_DEPTH) {
        error_set(error, ERROR_LIMIT, "imports are nested deeper than %d levels", LIMIT_IMPORT_DEPTH);
        return error_at(error, task->span);
    }
    if (!evaluate_arguments(run, task, &arguments, error))
        return fail_path(task, error);
    if (!value_is_dict(arguments))
        return error_set(error, ERROR_PARSE, "The arguments of %s must be a dictionary.", name) ||
               error_at(error, task->span);
    if (strcmp(name, "import_tasks") == 0 ? !import_tasks(run, task, arguments.as.dict, error)
                                          : !import_role(run, task, arguments.as.dict, error))
        return false;
    /* An import of nothing is one of an empty list: cursors know imports by their list. */
    if (!task->imported.tasks)
        task->imported.tasks = arena_new(load_arena(run), sizeof *task->imported.tasks);
    return true;
}

/** Roles bring handlers; they are none. */
static bool check_handler(const struct task *task, const char *name, struct error *error)
{
    if (!task->is_handler || !strstr(name, "_role"))
        return true;
    error_set(error, ERROR_PARSE, "Using '%s' as a handler is not supported.", name);
    return error_at(error, task->span);
}

bool load_imports(struct run *run, const struct task_list *tasks, struct error *error)
{
    for (uint32_t i = 0; i < tasks->count; i++) {
        struct task *task = tasks->tasks[i];
        if (task->kind == TASK_BLOCK) {
            if (!load_imports(run, &task->block, error) || !load_imports(run, &task->rescue, error) ||
                !load_imports(run, &task->always, error))
                return false;
            continue;
        }
        const char *name = load_action_name(run, task);
        if (!check_handler(task, name, error))
            return false;
        if ((strcmp(name, "import_tasks") == 0 || strcmp(name, "import_role") == 0) &&
            !import_one(run, task, name, error))
            return false;
    }
    return true;
}
