/*
 * The modules of ansible.builtin: a row here and in table.c for each, everything else in its own file.
 */
#ifndef PLAYLET_STDLIB_MODULES_MODULES_H
#define PLAYLET_STDLIB_MODULES_MODULES_H

#include "eval/plugin.h"

extern const struct module module_add_host;
extern const struct module module_assert;
extern const struct module module_async_status;
extern const struct module module_async_wait;
extern const struct module module_blockinfile;
extern const struct module module_command;
extern const struct module module_copy;
extern const struct module module_debug;
extern const struct module module_fail_task;
extern const struct module module_file;
extern const struct module module_find;
extern const struct module module_gather_facts;
extern const struct module module_getent;
extern const struct module module_group_by;
extern const struct module module_import_playbook;
extern const struct module module_import_role;
extern const struct module module_import_tasks;
extern const struct module module_include_role;
extern const struct module module_include_tasks;
extern const struct module module_include_vars;
extern const struct module module_lineinfile;
extern const struct module module_meta;
extern const struct module module_pause;
extern const struct module module_ping;
extern const struct module module_raw;
extern const struct module module_replace;
extern const struct module module_script;
extern const struct module module_set_fact;
extern const struct module module_set_stats;
extern const struct module module_setup;
extern const struct module module_shell;
extern const struct module module_slurp;
extern const struct module module_stat;
extern const struct module module_tempfile;
extern const struct module module_template;
extern const struct module module_wait_for;

/** All of them. */
extern const struct module_table modules_builtin;
extern const struct module_table modules_async;

#endif
