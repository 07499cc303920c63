/*
 * Arguments of library functions as Python's builtins take them, with Python's messages.
 */
#ifndef PLAYLET_STDLIB_ARGUMENT_H
#define PLAYLET_STDLIB_ARGUMENT_H

#include "runtime/value/value.h"

/** An index or a count: ERROR_TYPE "'str' object cannot be interpreted as an integer". */
bool argument_int(struct value argument, int64_t *result, struct error *error);

/** len(argument): ERROR_TYPE "object of type 'int' has no len()". */
bool argument_length(struct value argument, int64_t *result, struct error *error);

/** The argument as a string value (owned): a string, markup included, as it is, anything else by str(). */
struct value argument_text(struct value argument) NODISCARD;

/** A fresh string of `text` that is markup when `like` is. */
struct value argument_text_like(struct text *text, struct value like) NODISCARD;

/** float(argument) of numbers and strings; ERROR_TYPE, ERROR_VALUE as Python's. */
bool argument_double(struct value argument, double *result, struct error *error);

#endif
