/*
 * Dicts: insertion-ordered hash maps with any hashable value as key, the bodies of VALUE_DICT.
 *
 * Layout: entries in order of insertion, and an index of hash slots into them once there are more than a few
 * (Raymond Hettinger, "More compact dictionaries with faster iteration", 2012; open addressing).
 * Keys follow Python: 1, 1.0 and True are one key, '1' is another.
 * A body is changed only by its single owner (value_own_dict, or one that was just made).
 */
#ifndef PLAYLET_RUNTIME_VALUE_DICT_H
#define PLAYLET_RUNTIME_VALUE_DICT_H

#include "runtime/value/text.h"
#include "runtime/value/value.h"

struct dict_entry {
    struct value key;       /* VALUE_UNDEFINED kind with a NULL body marks a removed entry */
    struct value value;
    uint32_t hash;
};

struct dict {
    uint32_t references;
    bool lazy;              /* something inside is still to be templated */
    uint32_t live;          /* entries that are not removed: Python's len() */
    uint32_t used;          /* entries in use, removed ones included */
    uint32_t capacity;
    struct dict_entry *entries;
    uint32_t *index;        /* NULL while small */
    uint32_t index_mask;
};

struct dict *dict_new(void) NODISCARD;
struct dict *dict_copy(struct dict *dict) NODISCARD;    /* a second owner */
void dict_drop(struct dict *dict);                      /* NULL is allowed */
struct dict *dict_clone(const struct dict *dict) NODISCARD; /* an unshared, shallow one */

/** Fills ERROR_TYPE "unhashable type: 'list'" for a list, a dict or anything that holds one. */
bool dict_key_check(struct value key, struct error *error);

/** The value, borrowed until the next change, or NULL.  Unhashable keys are never found. */
const struct value *dict_find(const struct dict *dict, struct value key);
/** The same for a string key. */
const struct value *dict_find_text(const struct dict *dict, struct text *key);
const struct value *dict_find_string(const struct dict *dict, const char *key);
const struct value *dict_find_bytes(const struct dict *dict, const char *key, size_t length);

/** Sets or replaces (a replaced key keeps its place).  The key must be hashable (dict_key_check). */
void dict_set_take(struct dict *dict, struct value key, struct value value);
void dict_set_string_take(struct dict *dict, const char *key, struct value value);

/** Takes the value of `key` out into `*removed`; false when it has none. */
bool dict_remove(struct dict *dict, struct value key, struct value *removed);
/** Drops the entry of a string key, if there. */
void dict_remove_string(struct dict *dict, const char *key);

/** Copies of all entries of `other`, which win. */
void dict_update(struct dict *dict, const struct dict *other);

/**
 * Iteration in order:  `for (size_t i = 0; dict_next(dict, &i, &entry);)`.
 * The entry is borrowed; the dict must not change meanwhile.
 */
bool dict_next(const struct dict *dict, size_t *position, const struct dict_entry **entry);

/** Conveniences for results: the value of a string key if it is of that kind, else the fallback. */
int64_t dict_get_int(const struct dict *dict, const char *key, int64_t fallback);
bool dict_get_truth(const struct dict *dict, const char *key, bool fallback);   /* value_truth of what is there */
const char *dict_get_bytes(const struct dict *dict, const char *key, const char *fallback);

#endif
