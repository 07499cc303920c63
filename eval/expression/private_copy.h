/*
 * Copies that a template may change.  Methods such as `list.append` change the body that they are given, so a template that
 * calls one sees copies of variables: what it changes is its own, and gone when it ends.
 */
#ifndef PLAYLET_EVAL_EXPRESSION_PRIVATE_COPY_H
#define PLAYLET_EVAL_EXPRESSION_PRIVATE_COPY_H

#include "eval/expression/evaluation.h"

/** A copy all the way down, with everything inside evaluated; what is undefined or fails stays in it as such. */
struct value private_copy(struct evaluation *evaluation, struct value value) NODISCARD;

/** Replaces lists and dicts that cross a call in a template that changes some: what either side does is its own. */
void private_values(struct evaluation *evaluation, struct value *values, size_t count);

/** Replaces what the variable `name` was read as by this evaluation's copy of it, where its template needs one. */
void private_variable(struct evaluation *evaluation, struct text *name, struct value *value);

#endif
