/*
 * Sets of values by Python's equality, lists and dicts included, for what has no repetitions: unique, union ...
 * Items are borrowed: whoever adds them keeps them alive.
 */
#ifndef PLAYLET_RUNTIME_VALUE_VALUE_SET_H
#define PLAYLET_RUNTIME_VALUE_VALUE_SET_H

#include "runtime/value/value.h"

struct value_set {
    struct value_set_slot *slots; /* open addressing; a power of two of them */
    size_t capacity;
    size_t count;
};

/** Begin with `struct value_set set = {0}`. */
void value_set_done(struct value_set *set);

/** True when it was not in yet. */
bool value_set_add(struct value_set *set, struct value value);

bool value_set_has(const struct value_set *set, struct value value);

#endif
