#include "runtime/value/random.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "runtime/value/bigint.h"
#include "runtime/value/digest.h"
#include "runtime/value/text.h"

enum { MIDDLE_WORD = 397 };

void random_init_system(struct random *random)
{
    random->is_system = true;
}

/* ---- the twister ---- */

/** init_genrand of the reference implementation. */
static void init_number(struct random *random, uint32_t seed)
{
    uint32_t *state = random->state;
    state[0] = seed;
    for (uint32_t i = 1; i < RANDOM_STATE_WORDS; i++)
        state[i] = 1812433253u * (state[i - 1] ^ (state[i - 1] >> 30)) + i;
    random->position = RANDOM_STATE_WORDS;
    random->is_system = false;
}

/** init_by_array of the reference implementation. */
static void init_words(struct random *random, const uint32_t *key, size_t length)
{
    uint32_t *state = random->state, i = 1;
    size_t j = 0;
    init_number(random, 19650218u);
    for (size_t k = RANDOM_STATE_WORDS > length ? RANDOM_STATE_WORDS : length; k > 0; k--) {
        state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30)) * 1664525u)) + key[j] + (uint32_t)j;
        if (++i == RANDOM_STATE_WORDS) {
            state[0] = state[RANDOM_STATE_WORDS - 1];
            i = 1;
        }
        j = (j + 1) % length;
    }
    for (size_t k = RANDOM_STATE_WORDS - 1; k > 0; k--) {
        state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30)) * 1566083941u)) - i;
        if (++i == RANDOM_STATE_WORDS) {
            state[0] = state[RANDOM_STATE_WORDS - 1];
            i = 1;
        }
    }
    state[0] = 0x80000000u;
}

/** Makes the next 624 words. */
static void twist(struct random *random)
{
    uint32_t *state = random->state;
    for (uint32_t i = 0; i < RANDOM_STATE_WORDS; i++) {
        uint32_t mixed = (state[i] & 0x80000000u) | (state[(i + 1) % RANDOM_STATE_WORDS] & 0x7fffffffu);
        state[i] = state[(i + MIDDLE_WORD) % RANDOM_STATE_WORDS] ^ (mixed >> 1) ^ (mixed & 1 ? 0x9908b0dfu : 0u);
    }
    random->position = 0;
}

static uint32_t next_word(struct random *random)
{
    uint32_t word;
    if (random->is_system) {
        if (getrandom(&word, sizeof word, 0) != sizeof word)
            bug("getrandom: %s", strerror(errno));
        return word;
    }
    if (random->position >= RANDOM_STATE_WORDS)
        twist(random);
    word = random->state[random->position++];
    word ^= word >> 11;
    word ^= (word << 7) & 0x9d2c5680u;
    word ^= (word << 15) & 0xefc60000u;
    return word ^ (word >> 18);
}

/* ---- seeds ---- */

/** Seeds with the number that the hexadecimal digits write. */
static void init_hex(struct random *random, const char *digits, size_t length)
{
    size_t count = (length + 7) / 8;
    uint32_t *words = memory_new_array(count + 1, sizeof *words);
    for (size_t i = 0; i < count; i++) {
        char word[9] = {0};
        size_t end = length - 8 * i, start = end > 8 ? end - 8 : 0;
        memcpy(word, digits + start, end - start);
        words[i] = (uint32_t)strtoul(word, NULL, 16);
    }
    while (count > 1 && words[count - 1] == 0)
        --count;
    init_words(random, words, count ? count : 1);
    free(words);
}

/** CPython's hash of a float: its value modulo 2**61 - 1 ("Hashing of numeric types"). */
static uint64_t float_hash(double number)
{
    const uint64_t modulus = (UINT64_C(1) << 61) - 1;
    uint64_t hash = 0;
    int exponent;
    if (isinf(number))
        return number > 0 ? 314159 : (uint64_t)-314159;
    double fraction = frexp(fabs(number), &exponent);
    while (fraction != 0) {
        hash = ((hash << 28) & modulus) | hash >> (61 - 28);
        fraction *= 0x1p28;
        exponent -= 28;
        uint64_t digits = (uint64_t)fraction;
        fraction -= (double)digits;
        hash += digits;
        hash = hash >= modulus ? hash - modulus : hash;
    }
    exponent = exponent >= 0 ? exponent % 61 : 60 - (-1 - exponent) % 61;
    hash = ((hash << exponent) & modulus) | hash >> (61 - exponent);
    hash = number < 0 ? -hash : hash;
    return hash == UINT64_MAX ? UINT64_MAX - 1 : hash;
}

bool random_init_seed(struct random *random, struct value seed, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer digits = {0};
    if (seed.kind == VALUE_BOOL)
        seed = value_int(seed.as.boolean);
    if (value_is_integer(seed)) {
        bigint_append(&digits, seed, 16);
        bool is_negative = *text_buffer_bytes(&digits) == '-';
        init_hex(random, text_buffer_bytes(&digits) + is_negative, digits.length - is_negative);
        return true;
    }
    if (seed.kind == VALUE_FLOAT) {
        text_buffer_append_format(&digits, "%jx", (uintmax_t)float_hash(seed.as.floating));
        init_hex(random, text_buffer_bytes(&digits), digits.length);
        return true;
    }
    if (!value_is_string(seed))
        return error_set(error, ERROR_TYPE,
                         "The only supported seed types are: None, int, float, str, bytes, and bytearray.");
    const struct text *text = seed.as.text;
    for (uint32_t i = 0; i < text->length; i++)
        text_buffer_append_format(&digits, "%02x", (unsigned char)text->bytes[i]);
    if (!digest_append_hex(&digits, "sha512", text->bytes, text->length, error))
        return false;
    init_hex(random, text_buffer_bytes(&digits), digits.length);
    return true;
}

/* ---- drawing ---- */

uint32_t random_bits(struct random *random, unsigned bits)
{
    return next_word(random) >> (32 - bits);
}

uint64_t random_below(struct random *random, uint64_t limit)
{
    unsigned bits = 64 - (unsigned)__builtin_clzll(limit);
    uint64_t drawn;
    do {
        drawn = random_bits(random, bits < 32 ? bits : 32);
        if (bits > 32)
            drawn |= (uint64_t)random_bits(random, bits - 32) << 32;
    } while (drawn >= limit);
    return drawn;
}

double random_unit(struct random *random)
{
    uint32_t high = random_bits(random, 27), low = random_bits(random, 26);
    return (high * 67108864.0 + low) / 9007199254740992.0;
}

void random_shuffle(struct random *random, struct list *list)
{
    for (size_t i = list->count; i-- > 1;) {
        size_t j = random_below(random, i + 1);
        struct value moved = list->items[i];
        list->items[i] = list->items[j];
        list->items[j] = moved;
    }
}
