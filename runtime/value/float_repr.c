/*
 * The shortest decimal that reads back as the same double.  Seventeen digits always do; fifteen that do are the
 * shortest once their trailing zeros are gone (IEEE 754, DBL_DIG), so only three lengths have to be tried.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/value/repr.h"

enum {
    SHORTEST_MAX_DIGITS = 17,
    FIXED_MAX_POINT = 16, /* repr writes an exponent when the point would stand after more digits than this ... */
    FIXED_MIN_POINT = -4, /* ... or this many places before the first one */
};

/* What decimal_scaled tries: whole numbers below 10^15, whose spacing is far below the last of these places. */
static const double SCALED_MIN = 1e-3, SCALED_MAX = 1e9;
enum { SCALED_PLACES = 6 };

/** Digits d1 d2 ... and the place of the point: 0.d1d2... times 10 to the power of `point`. */
struct decimal {
    char digits[SHORTEST_MAX_DIGITS + 1];
    int count;
    int point;
};

/** Takes mantissa and exponent of "d.ddde+xx" apart. */
static struct decimal decimal_read(const char *scientific)
{
    struct decimal decimal = {0};
    const char *cursor = scientific;
    for (; *cursor != 'e'; cursor++)
        if (*cursor != '.')
            decimal.digits[decimal.count++] = *cursor;
    while (decimal.count > 1 && decimal.digits[decimal.count - 1] == '0')
        decimal.count--;
    decimal.digits[decimal.count] = '\0';
    decimal.point = atoi(cursor + 1) + 1;
    return decimal;
}

/** Adds one to the last digit of "d.ddde+xx"; false when it is a nine. */
static bool increment_last_digit(char *scientific)
{
    char *last = strchr(scientific, 'e') - 1;
    if (*last == '9')
        return false;
    ++*last;
    return true;
}

/**
 * Numbers of a few decimals, which most are: scaled to a whole number that a double holds exactly, the division rounds once, as
 * reading the decimal does, so that the first scale which gives the number back is the shortest.  False for others.
 */
static bool decimal_scaled(double number, struct decimal *decimal)
{
    double scale = 1;
    if (!(number >= SCALED_MIN && number < SCALED_MAX))
        return false;
    for (int places = 0; places <= SCALED_PLACES; places++, scale *= 10) {
        double scaled = nearbyint(number * scale);
        if (scaled / scale != number)
            continue;
        uint64_t rest = (uint64_t)scaled;
        int count = 0;
        for (uint64_t left = rest; left; left /= 10)
            count++;
        decimal->count = count;
        decimal->point = count - places;
        for (decimal->digits[count] = '\0'; count > 0; rest /= 10)
            decimal->digits[--count] = (char)('0' + rest % 10);
        while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0')
            decimal->digits[--decimal->count] = '\0';
        return true;
    }
    return false;
}

/**
 * Below the normal numbers fewer digits are certain, so every length counts.  Above a power of two the doubles lie
 * wider than below it, so that the decimal after the nearest may read back where the nearest does not.
 */
static struct decimal decimal_shortest(double number)
{
    char scientific[40];
    int exponent;
    struct decimal scaled;
    if (decimal_scaled(number, &scaled))
        return scaled;
    bool is_power = frexp(number, &exponent) == 0.5;
    for (int digits = number < DBL_MIN ? 1 : DBL_DIG; digits <= SHORTEST_MAX_DIGITS; digits++) {
        snprintf(scientific, sizeof scientific, "%.*e", digits - 1, number);
        if (strtod(scientific, NULL) == number)
            break;
        if (is_power && increment_last_digit(scientific) && strtod(scientific, NULL) == number)
            break;
    }
    return decimal_read(scientific);
}

static void append_fixed(struct text_buffer *out, const struct decimal *decimal)
{
    if (decimal->point <= 0) {
        text_buffer_append_string(out, "0.");
        text_buffer_append_repeated(out, '0', (size_t)-decimal->point);
        text_buffer_append(out, decimal->digits, (size_t)decimal->count);
        return;
    }
    int whole = decimal->point < decimal->count ? decimal->point : decimal->count;
    text_buffer_append(out, decimal->digits, (size_t)whole);
    text_buffer_append_repeated(out, '0', (size_t)(decimal->point - whole));
    text_buffer_append_char(out, '.');
    if (whole < decimal->count)
        text_buffer_append_string(out, decimal->digits + whole);
    else
        text_buffer_append_char(out, '0');
}

static void append_exponent(struct text_buffer *out, const struct decimal *decimal)
{
    text_buffer_append_char(out, decimal->digits[0]);
    if (decimal->count > 1) {
        text_buffer_append_char(out, '.');
        text_buffer_append_string(out, decimal->digits + 1);
    }
    int exponent = decimal->point - 1;
    text_buffer_append_format(out, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
}

void float_append_repr(struct text_buffer *out, double number)
{
    if (isnan(number)) {
        text_buffer_append_string(out, "nan");
        return;
    }
    if (signbit(number))
        text_buffer_append_char(out, '-');
    number = fabs(number);
    if (isinf(number)) {
        text_buffer_append_string(out, "inf");
        return;
    }
    struct decimal decimal = decimal_shortest(number);
    if (decimal.point > FIXED_MIN_POINT && decimal.point <= FIXED_MAX_POINT)
        append_fixed(out, &decimal);
    else if (number == 0)
        text_buffer_append_string(out, "0.0");
    else
        append_exponent(out, &decimal);
}
