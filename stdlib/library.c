#include "stdlib/library.h"

#include "stdlib/callbacks/callbacks.h"
#include "stdlib/modules/modules.h"
#include "stdlib/globals/globals.h"

/** Filters, tests, lookups, globals and methods: the tables at the ends of their files. */
static const struct function_table *const function_tables[] = {
    &globals_ansible,
    &globals_cycler,
    &globals_cycler_methods,
    &globals_lipsum,
    &globals_mapping,
    &globals_range,
    &globals_range_methods,
    NULL,
};

/** Modules and actions. */
static const struct module_table *const module_tables[] = {
    &modules_builtin,
    NULL,
};

static const struct callback *const callbacks[] = {
    &callback_default,
};

const struct library stdlib_library = {
    .functions = function_tables,
    .modules = module_tables,
    .callbacks = callbacks,
    .callback_count = COUNT_OF(callbacks),
};
