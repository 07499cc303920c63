/*
 * The tables of tests (`x is odd`), each at the end of its file.  library.c lists them.
 */
#ifndef PLAYLET_STDLIB_TESTS_TESTS_H
#define PLAYLET_STDLIB_TESTS_TESTS_H

#include "eval/plugin.h"

extern const struct function_table tests_address;
extern const struct function_table tests_compare;
extern const struct function_table tests_contents;
extern const struct function_table tests_files;
extern const struct function_table tests_match;
extern const struct function_table tests_results;
extern const struct function_table tests_types;
extern const struct function_table tests_uri;
extern const struct function_table tests_version;

/** Writes the answer of a test; returns true, so that `return test_answer(result, ...)` reads well. */
static inline bool test_answer(struct value *result, bool answer)
{
    *result = value_bool(answer);
    return true;
}

#endif
