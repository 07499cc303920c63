/*
 * What values become when they leave a template: omits go, tuples are lists, and objects what their class makes of them
 * (`finalize`): themselves, something plain, or an error.  Shares what needs no change.
 */
#ifndef PLAYLET_EVAL_EXPRESSION_FINALIZE_H
#define PLAYLET_EVAL_EXPRESSION_FINALIZE_H

#include "runtime/value/value.h"

/** A result, deeply. */
bool finalize(struct value value, struct value *result, struct error *error);

/** A container that becomes text, deeply: objects stay as they are. */
struct value finalize_for_text(struct value value) NODISCARD;

#endif
