/*
 * Doubles with a fixed number of digits after the point, rounded half to even as C's "%.*f" does, of which this is
 * the common part without its cost: a double is m / 2^s, so m * 10^digits / 2^s is exact in 128 bits.
 */
#include <math.h>

#include "runtime/value/repr.h"

enum { MANTISSA_BITS = 53, MOST_DIGITS = 19, MOST_SHIFT = 126 };

/** magnitude * 10^digits as an integer; false where that does not fit. */
static bool scale(double magnitude, int digits, uint64_t *scaled)
{
    int exponent;
    uint64_t mantissa = (uint64_t)ldexp(frexp(magnitude, &exponent), MANTISSA_BITS);
    int shift = MANTISSA_BITS - exponent;
    if (digits > MOST_DIGITS || shift < 1 || shift > MOST_SHIFT)
        return false;
    unsigned __int128 product = mantissa, one = 1;
    for (int i = 0; i < digits; i++)
        product *= 10;
    unsigned __int128 whole = product >> shift, rest = product & ((one << shift) - 1), half = one << (shift - 1);
    if (rest > half || (rest == half && whole & 1))
        whole++;
    *scaled = (uint64_t)whole;
    return whole <= UINT64_MAX;
}

void float_append_fixed(struct text_buffer *out, double magnitude, int digits)
{
    char bytes[24], *first = bytes + sizeof bytes;
    uint64_t scaled;
    if (!scale(magnitude, digits, &scaled)) {
        text_buffer_append_format(out, "%.*f", digits, magnitude);
        return;
    }
    for (int i = 0; scaled > 0 || i <= digits; i++) {
        if (i == digits && digits > 0)
            *--first = '.';
        *--first = (char)('0' + scaled % 10);
        scaled /= 10;
    }
    text_buffer_append(out, first, (size_t)(bytes + sizeof bytes - first));
}
