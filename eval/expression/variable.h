/* Variables: names to values, with the templates in them evaluated and remembered.  Internal to eval/expression. */
#ifndef PLAYLET_EVAL_EXPRESSION_VARIABLE_H
#define PLAYLET_EVAL_EXPRESSION_VARIABLE_H

#include "eval/expression/evaluation.h"

/** A name as an expression sees it: bound by the template, a variable, a global; else an undefined value. */
bool variable_read(struct evaluation *evaluation, const struct expression *name, struct value *result, struct error *error);

/**
 * A trusted string that holds a template, evaluated under the scope alone.  What fails in it is no error yet: the result is
 * then an undefined value that stands for the failure, and using it is the error.
 */
bool variable_evaluate_text(struct evaluation *evaluation, struct value text, struct value *result, struct error *error);

/** Fills the error of an undefined value, with the nearest of what can be seen where it was asked for.  Returns false. */
bool undefined_error(const struct evaluation *evaluation, struct value undefined, struct error *error);

/** The same value, with that help in it: for when what can be seen now is gone later. */
struct value undefined_explained(const struct evaluation *evaluation, struct value undefined) NODISCARD;

#endif
