/* The tables of modules: ansible.builtin's, and playlet's own. */
#include "stdlib/modules/modules.h"

static const struct module *const modules[] = {
    &module_add_host,     &module_assert,
    &module_async_status, &module_blockinfile,
    &module_command,      &module_copy,
    &module_debug,        &module_fail_task,
    &module_file,         &module_find,
    &module_gather_facts, &module_getent,
    &module_group_by,     &module_import_playbook,
    &module_import_role,  &module_import_tasks,
    &module_include_role, &module_include_tasks,
    &module_include_vars, &module_lineinfile,
    &module_meta,         &module_pause,
    &module_ping,         &module_raw,
    &module_replace,      &module_script,
    &module_set_fact,     &module_set_stats,
    &module_setup,        &module_shell,
    &module_slurp,        &module_stat,
    &module_tempfile,     &module_template,
    &module_wait_for,
};

const struct module_table modules_builtin = {
    .collection = "ansible.builtin",
    .modules = modules,
    .count = COUNT_OF(modules),
};

static const struct module *const async_modules[] = {
    &module_async_wait,
};

const struct module_table modules_async = {
    .collection = "playlet.async",
    .modules = async_modules,
    .count = COUNT_OF(async_modules),
};
