/* Macros and the frames that hold them.  Internal to eval/expression. */
#ifndef PLAYLET_EVAL_EXPRESSION_MACRO_H
#define PLAYLET_EVAL_EXPRESSION_MACRO_H

#include "eval/expression/evaluation.h"

/** Empties a frame that is about to be let go of when only its own macros still hold it. */
void frame_release_macros(struct frame_of_names *frame);

#endif
