/*
 * What steers the play: includes, imports, meta.  These rows say what their arguments are; eval/play does the work.
 */
#include "eval/plugin.h"
#include "stdlib/modules/modules.h"

static const struct module_option tasks_options[] = {
    {.name = "_raw_params", .type = OPTION_RAW, .documentation = "The file, as free-form text"},
    {.name = "file", .type = OPTION_RAW, .documentation = "The file of tasks"},
    {.name = "apply", .type = OPTION_RAW, .documentation = "Keywords that the tasks inherit"},
};

const struct module module_include_tasks = {
    .name = "include_tasks",
    .options = tasks_options,
    .option_count = COUNT_OF(tasks_options),
    .flags = MODULE_CONTROL | MODULE_CHECK_MODE | MODULE_RAW_ALLOWED,
    .documentation = "Run the tasks of a file, chosen while the play runs",
};

const struct module module_import_tasks = {
    .name = "import_tasks",
    .options = tasks_options,
    .option_count = COUNT_OF(tasks_options) - 1, /* no `apply`: an import passes on its own keywords */
    .flags = MODULE_CONTROL | MODULE_CHECK_MODE | MODULE_RAW_ALLOWED,
    .documentation = "Put the tasks of a file in this place before the play runs",
};

static const struct module_option role_options[] = {
    {.name = "name", .type = OPTION_RAW, .aliases = "role", .required = true, .documentation = "The role"},
    {.name = "tasks_from", .type = OPTION_RAW, .fallback = "main", .documentation = "Its file of tasks"},
    {.name = "vars_from", .type = OPTION_RAW, .fallback = "main", .documentation = "Its file of variables"},
    {.name = "defaults_from", .type = OPTION_RAW, .fallback = "main", .documentation = "Its file of defaults"},
    {.name = "handlers_from", .type = OPTION_RAW, .fallback = "main", .documentation = "Its file of handlers"},
    {.name = "allow_duplicates", .type = OPTION_BOOL, .fallback = "true", .documentation = "May it run again?"},
    {.name = "rolespec_validate", .type = OPTION_BOOL, .fallback = "true", .documentation = "Check its arguments"},
    {.name = "public", .type = OPTION_BOOL, .documentation = "Do its variables hold for the rest of the play?"},
    {.name = "apply", .type = OPTION_RAW, .documentation = "Keywords that its tasks inherit"},
};

const struct module module_include_role = {
    .name = "include_role",
    .options = role_options,
    .option_count = COUNT_OF(role_options),
    .flags = MODULE_CONTROL | MODULE_CHECK_MODE,
    .documentation = "Run a role, chosen while the play runs",
};

const struct module module_import_role = {
    .name = "import_role",
    .options = role_options,
    .option_count = COUNT_OF(role_options) - 1, /* no `apply` */
    .flags = MODULE_CONTROL | MODULE_CHECK_MODE,
    .documentation = "Put a role in this place before the play runs",
};

static const struct module_option playbook_options[] = {
    {.name = "_raw_params", .type = OPTION_RAW, .documentation = "The playbook"},
};

const struct module module_import_playbook = {
    .name = "import_playbook",
    .options = playbook_options,
    .option_count = COUNT_OF(playbook_options),
    .flags = MODULE_CONTROL | MODULE_CHECK_MODE | MODULE_RAW_ALLOWED,
    .documentation = "Put the plays of another playbook in this place",
};

static const struct module_option meta_options[] = {
    {.name = "_raw_params",
     .type = OPTION_RAW,
     .documentation = "noop, flush_handlers, end_play, end_host, end_batch, end_role, clear_facts, clear_host_errors, "
                      "refresh_inventory, reset_connection"},
};

const struct module module_meta = {
    .name = "meta",
    .options = meta_options,
    .option_count = COUNT_OF(meta_options),
    .flags = MODULE_CONTROL | MODULE_CHECK_MODE | MODULE_RAW_ALLOWED,
    .documentation = "Steer the run itself",
};
