/*
 * Random numbers: the system's, or a sequence that is the same for the same seed.
 *
 * The seeded generator is CPython's random.Random (Mersenne Twister MT19937; Matsumoto and Nishimura, 1998), with its way
 * of seeding (version 2: texts are extended with their SHA-512) and of drawing (_randbelow by rejection), so that playbooks which
 * compute with `seed=` get the numbers they always got.  Not for secrets when seeded.
 */
#ifndef PLAYLET_RUNTIME_VALUE_RANDOM_H
#define PLAYLET_RUNTIME_VALUE_RANDOM_H

#include "runtime/value/list.h"

enum { RANDOM_STATE_WORDS = 624 };

struct random {
    bool is_system;                         /* getrandom(2); the rest is not used */
    uint32_t state[RANDOM_STATE_WORDS];
    uint32_t position;
};

/** The system's randomness. */
void random_init_system(struct random *random);

/** random.seed(value): an int of any size, or text; ERROR_TYPE for another kind. */
bool random_init_seed(struct random *random, struct value seed, struct error *error);

/** `bits` (1..32) random bits. */
uint32_t random_bits(struct random *random, unsigned bits);

/** 0 <= result < limit (limit > 0): random._randbelow. */
uint64_t random_below(struct random *random, uint64_t limit);

/** 0.0 <= result < 1.0: random.random. */
double random_unit(struct random *random);

/** Shuffles in place as random.shuffle. */
void random_shuffle(struct random *random, struct list *list);

#endif
