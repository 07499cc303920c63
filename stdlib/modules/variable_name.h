/*
 * Names that modules give to variables.
 */
#ifndef PLAYLET_STDLIB_MODULES_VARIABLE_NAME_H
#define PLAYLET_STDLIB_MODULES_VARIABLE_NAME_H

#include "runtime/source/error.h"
#include "runtime/value/value.h"

/** A letter or underscore, then letters, digits and underscores. */
bool variable_name_is_valid(struct value name) NODISCARD;

/** Fills "Invalid variable name 'x'." with the rule as help; false. */
bool variable_name_error(struct value name, struct error *error);

#endif
