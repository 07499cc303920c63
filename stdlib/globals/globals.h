/* The tables of what templates may call without a filter: functions, and the methods of the objects that these make. */
#ifndef PLAYLET_STDLIB_GLOBALS_GLOBALS_H
#define PLAYLET_STDLIB_GLOBALS_GLOBALS_H

#include "eval/plugin.h"

extern const struct function_table globals_ansible;     /* lookup, query, q, undef, now */
extern const struct function_table globals_cycler;      /* cycler, joiner */
extern const struct function_table globals_cycler_methods;
extern const struct function_table globals_lipsum;
extern const struct function_table globals_mapping;     /* dict, namespace */
extern const struct function_table globals_range;
extern const struct function_table globals_range_methods;

#endif
