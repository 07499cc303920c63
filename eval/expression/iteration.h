/*
 * One run of a {% for %} over its items, which is also the object `loop` that the body sees.
 *
 * Items are looked at one by one: a condition is asked when its item's turn comes, or earlier when the body wants to
 * know what comes next (iteration.last, loop.nextitem) or how much (iteration.length).
 */
#ifndef PLAYLET_EVAL_EXPRESSION_ITERATION_H
#define PLAYLET_EVAL_EXPRESSION_ITERATION_H

#include "eval/expression/evaluation.h"
#include "runtime/value/object.h"

struct iteration {
    struct object object;               /* must be first */
    struct evaluation *evaluation;      /* borrowed while the loop runs, then NULL */
    const struct node *node;
    struct frame_of_names *outer;       /* around the loop, where its condition and a recursive call are evaluated; owned while
                                           it runs, then NULL */
    struct frame_of_names *filter;      /* where the condition is evaluated: owned; NULL when there is none left to be asked */
    struct list *items;                 /* owned */
    size_t next;                        /* the first item that was not looked at yet */
    bool has_ahead, has_previous;
    struct value ahead;                 /* an item that was looked at before its turn; owned */
    struct value current, previous;     /* owned; kept when the body names `loop` */
    int64_t index;                      /* of the current item, from 0; -1 before the first */
    int64_t depth;                      /* of recursive calls, from 0 */
    struct value changed;               /* what loop.changed() was last called with: a tuple, or null; owned */
};

extern const struct callable_class iteration_class;

/** Takes the next item for which the condition holds; *found is false at the end. */
bool iteration_advance(struct iteration *iteration, struct value *item, bool *found, struct error *error);

/** Is the current item the last one? */
bool iteration_is_last(struct iteration *iteration, bool *result, struct error *error);

/** How many items there are in all; asks the condition of the rest. */
bool iteration_count(struct iteration *iteration, int64_t *result, struct error *error);

/** loop(items): the same body over other items, one level deeper.  In statement_loop.c. */
bool iteration_recurse(struct iteration *iteration, struct evaluation *evaluation, struct value iterable, struct value *result, struct error *error);

#endif
