/*
 * Dicts merged as the reference's merge_hash does: the values of one over those of another.
 */
#ifndef PLAYLET_RUNTIME_VALUE_DICT_MERGE_H
#define PLAYLET_RUNTIME_VALUE_DICT_MERGE_H

#include "runtime/value/dict.h"
#include "runtime/value/list.h"

/** What becomes of two lists under one key. */
enum list_merge {
    LIST_MERGE_REPLACE,
    LIST_MERGE_KEEP,
    LIST_MERGE_APPEND,
    LIST_MERGE_PREPEND,
    LIST_MERGE_APPEND_NEW,
    LIST_MERGE_PREPEND_NEW,
    LIST_MERGE_COUNT,
};

/** The way of merging by the name that `list_merge` has for it; ERROR_FILTER when there is none. */
bool list_merge_find(struct value name, enum list_merge *merge, struct error *error);

/** A new dict: the values of `new` over those of `old`, and in dicts below one key too when it is `recursive`. */
struct value dict_merge(struct value old, struct value new, bool recursive, enum list_merge merge) NODISCARD;

#endif
