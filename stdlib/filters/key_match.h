/*
 * Keys of dicts chosen by texts: equal to one, beginning or ending with one, matching one as a regular expression.
 */
#ifndef PLAYLET_STDLIB_FILTERS_KEY_MATCH_H
#define PLAYLET_STDLIB_FILTERS_KEY_MATCH_H

#include "eval/plugin.h"

enum key_matching { KEY_EQUAL, KEY_STARTS_WITH, KEY_ENDS_WITH, KEY_REGEX };

struct key_match {
    enum key_matching matching;
    struct list *targets; /* texts; owned */
};

/** `targets` is one text or a list; ERROR_VALUE when `matching` is none of starts_with, ends_with, regex or the name of equality. */
bool key_match_init(struct key_match *match, struct value targets, struct value matching, const char *equality,
                    struct error *error);
void key_match_done(struct key_match *match);

/** Which target the key answers to: -1 for none. */
bool key_match_find(struct evaluation *evaluation, const struct key_match *match, struct value key, int64_t *target,
                    struct error *error);

/** Splits [{before, after}, ...] into two lists of texts, owned. */
bool key_replacements_read(struct value targets, struct value *before, struct value *after, struct error *error);

#endif
