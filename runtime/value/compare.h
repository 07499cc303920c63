/*
 * Equality, order, containment and hashing of values: Python's, across numeric kinds (True == 1 == 1.0),
 * strings by code point, lists and tuples by item, dicts by content.
 */
#ifndef PLAYLET_RUNTIME_VALUE_COMPARE_H
#define PLAYLET_RUNTIME_VALUE_COMPARE_H

#include "runtime/value/value.h"

/** Never fails: values of different kinds are unequal.  Trust, spans and markup do not count. */
bool value_equal(struct value left, struct value right);

/** `left < right` and so on by `*order` (-1, 0, 1).  ERROR_TYPE "'<' not supported between instances of
 *  'str' and 'int'" where Python has no order; `operation` is the text for that message ("<").
 *  A NaN is unordered: *order is set to VALUE_UNORDERED. */
bool value_order(struct value left, struct value right, const char *operation, int *order, struct error *error);
enum { VALUE_UNORDERED = 2 };

/** `needle in haystack`: substring, item, key, or the object's own.  ERROR_TYPE "argument of type 'int' is not iterable". */
bool value_contains(struct value haystack, struct value needle, bool *result, struct error *error);

/** Equal values have equal hashes; lists and dicts hash too (for set-like filters), though they may not be dict keys. */
uint32_t value_hash(struct value value);

/** Stable merge sort (as Python's) of `count` values; fails as value_order does, leaving a permutation.
 *  `compare` may be NULL for value_order; `context` is handed to it. */
typedef bool value_compare_function(const struct value *left, const struct value *right, void *context, int *order, struct error *error);
bool value_sort(struct value *items, size_t count, value_compare_function *compare, void *context, struct error *error);

#endif
