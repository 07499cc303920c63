/*
 * What library functions take out of containers: items evaluated where they are templates, and what a dotted path
 * of attributes finds in them.
 */
#ifndef PLAYLET_STDLIB_ITEMS_H
#define PLAYLET_STDLIB_ITEMS_H

#include "eval/plugin.h"

/** Is an undefined item handed on, or the error? */
enum items_undefined { ITEMS_REFUSE_UNDEFINED, ITEMS_TAKE_UNDEFINED };

/** All items of an iterable as they are, not evaluated where they are templates.  A fresh list or a shared one: not to be changed. */
struct list *items_list(struct evaluation *evaluation, struct value iterable, struct error *error) NODISCARD;

/** All items of an iterable, each evaluated (what is inside of them is not).  A fresh list or a shared one: not to be changed. */
struct list *items_read(struct evaluation *evaluation, struct value iterable, enum items_undefined undefined,
                        struct error *error) NODISCARD;

/** One value out of a container, evaluated; an undefined one is the error. */
bool item_read(struct evaluation *evaluation, struct value item, struct value *result, struct error *error);

/** The entries of a dict (or what has a dict's `items`) as (key, value) tuples, the values evaluated. */
struct list *items_read_pairs(struct evaluation *evaluation, struct value mapping, struct error *error) NODISCARD;

/** Is it a dict or an object that is one? */
bool value_is_mapping(struct value value);

/**
 * A path of attributes: "a.b.0" (parts of digits are indices), an int for one index, null for the item itself.
 * What is found is deeply evaluated.
 */
struct attribute_path {
    struct list *parts;
    enum items_undefined undefined; /* what happens when a step finds nothing */
    struct value fallback;          /* in place of an undefined step (borrowed); null: none */
};

/** `attribute` is borrowed for as long as the path lives. */
void attribute_path_init(struct attribute_path *path, struct value attribute);
void attribute_path_done(struct attribute_path *path);

bool attribute_path_find(struct evaluation *evaluation, const struct attribute_path *path, struct value item,
                         struct value *result, struct error *error);

/** The lower case of a string, any other value as it is: the key of comparisons that ignore case. */
struct value item_ignoring_case(struct value value) NODISCARD;

#endif
