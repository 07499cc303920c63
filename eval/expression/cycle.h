/*
 * Rings of references: a macro keeps the frame that it was defined in, and that frame holds the macro.
 *
 * Counting references never frees a ring, so what may be part of one is listed while a template is rendered: frames that
 * something still holds when their statement ends, and namespaces that were given more than plain data.  When the
 * outermost rendering of an evaluation ends, all of them are emptied.  Values that leave a rendering hold neither.
 */
#ifndef PLAYLET_EVAL_EXPRESSION_CYCLE_H
#define PLAYLET_EVAL_EXPRESSION_CYCLE_H

#include "eval/expression/evaluation.h"

/** What may be part of a ring. */
struct cycles {
    struct frame_of_names **frames;     /* owned references */
    size_t frame_count, frame_capacity;
    struct dict *objects;               /* the keys, whose classes have `clear`; NULL: none */
};

/** Ends a statement's use of a frame: drops it, or lists it when something else holds it.  `cycles` may be NULL. */
void cycles_retire_frame_take(struct cycles *cycles, struct frame_of_names *frame);

/** Lists an object that was given `value` as an attribute, unless that is plain data.  `cycles` may be NULL. */
void cycles_watch(struct cycles *cycles, struct value object, struct value value);

/** Empties everything that was listed. */
void cycles_done(struct cycles *cycles);

#endif
