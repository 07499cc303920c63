/*
 * What `... if condition` without else comes to where the condition does not hold: Jinja's own Undefined, which is empty
 * text and false, but neither an attribute nor arithmetic can be had of it, and alone it is no result.
 */
#ifndef PLAYLET_EVAL_EXPRESSION_MISSING_ELSE_H
#define PLAYLET_EVAL_EXPRESSION_MISSING_ELSE_H

#include "runtime/value/value.h"

struct value missing_else(void) NODISCARD;

#endif
