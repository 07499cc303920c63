/*
 * The lookups, each table at the end of its file.  library.c lists them.
 * A lookup's first parameter is its terms, a list; the options that it does not know are let pass, as in the reference.
 */
#ifndef PLAYLET_STDLIB_LOOKUPS_LOOKUPS_H
#define PLAYLET_STDLIB_LOOKUPS_LOOKUPS_H

#include "eval/plugin.h"

extern const struct function_table lookups_config;
extern const struct function_table lookups_csvfile;
extern const struct function_table lookups_files;
extern const struct function_table lookups_first_found;
extern const struct function_table lookups_general;
extern const struct function_table lookups_ini;
extern const struct function_table lookups_lists;
extern const struct function_table lookups_password;
extern const struct function_table lookups_programs;
extern const struct function_table lookups_sequence;
extern const struct function_table lookups_subelements;
extern const struct function_table lookups_template;
extern const struct function_table lookups_utils_path;
extern const struct function_table lookups_variables;

/** Flags of every lookup: what it gives may differ the next time. */
enum { LOOKUP_FLAGS = FUNCTION_IMPURE };

/** The parameter that takes unknown options. */
#define LOOKUP_UNKNOWN ", **unknown"

#endif
