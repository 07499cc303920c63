/*
 * Did-you-mean: the nearest of a set of names.
 * Distance: optimal string alignment (Damerau-Levenshtein restricted; Boytsov 2011), case ignored.
 */
#ifndef PLAYLET_RUNTIME_SOURCE_SUGGEST_H
#define PLAYLET_RUNTIME_SOURCE_SUGGEST_H

#include <stddef.h>

/** Collects candidates one by one and keeps the best.  Names are borrowed until the caller reads `best`. */
struct suggestion {
    const char *wanted;
    size_t wanted_length;
    const char *best;       /* NULL while nothing is near enough; not NUL-terminated: best_length bytes */
    size_t best_length;
    unsigned best_distance;
};

void suggestion_init(struct suggestion *suggestion, const char *wanted, size_t length);

/**
 * A name is near when its distance is at most a third of the longer name's length (and at least 1 is allowed,
 * but never all there is: "a" is not near "b").
 */
void suggestion_offer(struct suggestion *suggestion, const char *name, size_t length);

#endif
