/*
 * Lists: growing arrays of values, the bodies of VALUE_LIST and VALUE_TUPLE.
 * A body is changed only by its single owner (value_own_list, or one that was just made).
 */
#ifndef PLAYLET_RUNTIME_VALUE_LIST_H
#define PLAYLET_RUNTIME_VALUE_LIST_H

#include "runtime/value/value.h"

/** What a named tuple adds to a tuple: constant. */
struct tuple_shape {
    const char *type_name;
    const char *const *fields; /* one name an item */
};

struct list {
    uint32_t references;
    bool lazy; /* something inside is still to be templated; kept by list_push and list_set */
    size_t count;
    size_t capacity;
    struct value *items;
    const struct tuple_shape *shape; /* of a named tuple, or NULL */
};

/** An empty list with room for `capacity` items. */
struct list *list_new(size_t capacity) NODISCARD;
struct list *list_copy(struct list *list) NODISCARD;        /* a second owner */
void list_drop(struct list *list);                          /* NULL is allowed */
struct list *list_clone(const struct list *list) NODISCARD; /* an unshared, shallow one */

void list_push_take(struct list *list, struct value value);
void list_set_take(struct list *list, size_t index, struct value value);
void list_insert_take(struct list *list, size_t index, struct value value);
/** Takes item `index` out; the caller owns it. */
struct value list_remove(struct list *list, size_t index) NODISCARD;
/** Appends copies of all items of `other` (which may be `list` itself). */
void list_extend(struct list *list, const struct list *other);
void list_reverse(struct list *list);

#endif
