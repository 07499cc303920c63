/*
 * Running one module on a loop of its own, as a step would: for the unit tests of modules.
 */
#ifndef PLAYLET_TESTS_MODULE_RUN_H
#define PLAYLET_TESTS_MODULE_RUN_H

#include "eval/plugin.h"

struct module_run {
    const struct module *module;
    const char *arguments;              /* YAML */
    bool check_mode, diff_mode, is_virtual;
    char *const *environment;
    const char *directory;              /* working and async; NULL: "/" */
    int64_t cancel_after;               /* nanoseconds; 0: never */
};

/** The result; where the arguments do not fit, {"error": message, "help": help}. */
struct value module_run(const struct module_run *run) NODISCARD;

/** The same as JSON without the keys that differ from run to run (start, end, delta); the caller's. */
char *module_run_json(const struct module_run *run) NODISCARD;

#endif
