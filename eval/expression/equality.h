/* Equality and containment where something inside may still have to be evaluated: only as much as decides is. */
#ifndef PLAYLET_EVAL_EXPRESSION_EQUALITY_H
#define PLAYLET_EVAL_EXPRESSION_EQUALITY_H

#include "eval/expression/evaluation.h"

/** `left == right`; an undefined value that is compared is the error. */
bool equal_evaluated(struct evaluation *evaluation, struct value left, struct value right, bool *result, struct error *error);

/** `needle in haystack`. */
bool contains_evaluated(struct evaluation *evaluation, struct value haystack, struct value needle, bool *result, struct error *error);

#endif
