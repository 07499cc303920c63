/*
 * The methods of Python's types that templates call, each table at the end of its file.  library.c lists them.
 * A row is named "type.method" and its first parameter is the object itself.
 *
 * Methods that change a list or dict change the body that they are given, in place: all who share it see the change, as in
 * Python, and say so by their flags.  That the body is no variable's own is the evaluator's care.
 */
#ifndef PLAYLET_STDLIB_METHODS_METHODS_H
#define PLAYLET_STDLIB_METHODS_METHODS_H

#include "eval/plugin.h"

extern const struct function_table methods_datetime;
extern const struct function_table methods_dict;
extern const struct function_table methods_list;
extern const struct function_table methods_number;
extern const struct function_table methods_string_case;
extern const struct function_table methods_string_find;
extern const struct function_table methods_string_format;
extern const struct function_table methods_string_layout;
extern const struct function_table methods_string_split;

/** Flags of methods that look at the container itself, with what is lazy or missing in it. */
enum { METHOD_OF_CONTAINER = FUNCTION_TAKES_LAZY, METHOD_THAT_CHANGES = METHOD_OF_CONTAINER | FUNCTION_CHANGES_SELF };

#endif
