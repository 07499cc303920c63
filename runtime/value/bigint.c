#include "runtime/value/bigint.h"

#include <float.h>
#include <gmp.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/compare.h"
#include "runtime/value/text.h"

/** The body of VALUE_BIGINT. */
struct bigint {
    uint32_t references;
    mpz_t number;
};

/** An operand as an mpz: borrowed from its body, or `storage` filled from the word. */
struct operand {
    mpz_t storage;
    const __mpz_struct *number;
};

static void mpz_set_word(mpz_t number, int64_t word)
{
    _Static_assert(sizeof(long) == sizeof(int64_t), "mpz_set_si takes a machine word");
    mpz_set_si(number, word);
}

static void operand_init(struct operand *operand, struct value value)
{
    mpz_init(operand->storage);
    operand->number = operand->storage;
    if (value.kind == VALUE_BIGINT)
        operand->number = value.as.bigint->number;
    else
        mpz_set_word(operand->storage, value.kind == VALUE_BOOL ? value.as.boolean : value.as.integer);
}

static void operand_done(struct operand *operand)
{
    mpz_clear(operand->storage);
}

#define OPERAND CLEANUP(operand_done) struct operand

static void number_clear(mpz_t *number)
{
    mpz_clear(*number);
}

#define NUMBER CLEANUP(number_clear) mpz_t

/** A value of this number, which is left in an unspecified but valid state. */
static struct value bigint_value(mpz_t number)
{
    if (mpz_fits_slong_p(number))
        return value_int(mpz_get_si(number));
    struct bigint *bigint = memory_new(sizeof *bigint);
    bigint->references = 1;
    mpz_init(bigint->number);
    mpz_swap(bigint->number, number);
    return (struct value){.kind = VALUE_BIGINT, .as.bigint = bigint};
}

void bigint_free(struct bigint *bigint)
{
    mpz_clear(bigint->number);
    memory_cleanup(&bigint);
}

static bool too_large(struct error *error)
{
    return error_set(error, ERROR_LIMIT, "an integer of more than %d bits is too large", LIMIT_BIGINT_BITS);
}

/** number ** exponent, its size checked before it is built. */
static bool power(mpz_t result, const __mpz_struct *base, const __mpz_struct *exponent, struct error *error)
{
    if (mpz_cmpabs_ui(base, 1) <= 0) {
        mpz_pow_ui(result, base, mpz_sgn(exponent) == 0 ? 0 : mpz_odd_p(exponent) ? 1 : 2);
        return true;
    }
    if (!mpz_fits_ulong_p(exponent) || mpz_get_ui(exponent) > LIMIT_BIGINT_BITS ||
        mpz_sizeinbase(base, 2) * mpz_get_ui(exponent) > LIMIT_BIGINT_BITS)
        return too_large(error);
    mpz_pow_ui(result, base, mpz_get_ui(exponent));
    return true;
}

bool bigint_arithmetic(enum arithmetic operation, struct value left, struct value right, struct value *result,
                       struct error *error)
{
    OPERAND l, r;
    operand_init(&l, left);
    operand_init(&r, right);
    NUMBER number;
    mpz_init(number);
    switch (operation) {
    case ARITHMETIC_ADD:
        mpz_add(number, l.number, r.number);
        break;
    case ARITHMETIC_SUBTRACT:
        mpz_sub(number, l.number, r.number);
        break;
    case ARITHMETIC_MULTIPLY:
        if (mpz_sizeinbase(l.number, 2) + mpz_sizeinbase(r.number, 2) > LIMIT_BIGINT_BITS)
            return too_large(error);
        mpz_mul(number, l.number, r.number);
        break;
    case ARITHMETIC_FLOOR_DIVIDE:
        mpz_fdiv_q(number, l.number, r.number);
        break;
    case ARITHMETIC_MODULO:
        mpz_fdiv_r(number, l.number, r.number);
        break;
    case ARITHMETIC_POWER:
        if (!power(number, l.number, r.number, error))
            return false;
        break;
    case ARITHMETIC_DIVIDE:
        bug("true division has a function of its own");
    }
    *result = bigint_value(number);
    return true;
}

/**
 * The double nearest to numerator / denominator, ties to even: a quotient of 66 bits or more whose lowest
 * bit remembers the rest rounds correctly; subnormal results get as many bits as they can hold.
 */
static bool quotient_to_double(const mpz_t numerator, const mpz_t denominator, double *result)
{
    NUMBER quotient, rest, divisor;
    mpz_inits(quotient, rest, divisor, NULL);
    long shift = 66 - ((long)mpz_sizeinbase(numerator, 2) - (long)mpz_sizeinbase(denominator, 2));
    if (shift > 1074 + 2)
        shift = 1074 + 2;
    mpz_mul_2exp(quotient, numerator, shift > 0 ? (mp_bitcnt_t)shift : 0);
    mpz_mul_2exp(divisor, denominator, shift < 0 ? (mp_bitcnt_t)-shift : 0);
    mpz_tdiv_qr(quotient, rest, quotient, divisor);
    if (mpz_sgn(rest) != 0)
        mpz_setbit(quotient, 0);
    long bits = (long)mpz_sizeinbase(quotient, 2);
    long kept = DBL_MANT_DIG;
    if (bits - shift < DBL_MIN_EXP)
        kept -= DBL_MIN_EXP - (bits - shift);
    long dropped = bits - (kept > 0 ? kept : 0);
    if (mpz_sgn(quotient) != 0 && dropped > 0) {
        bool half = mpz_tstbit(quotient, (mp_bitcnt_t)dropped - 1);
        bool more = mpz_scan1(quotient, 0) < (mp_bitcnt_t)dropped - 1;
        mpz_tdiv_q_2exp(quotient, quotient, (mp_bitcnt_t)dropped);
        if (half && (more || mpz_odd_p(quotient)))
            mpz_add_ui(quotient, quotient, 1);
        shift -= dropped;
    }
    double rounded = ldexp(mpz_get_d(quotient), (int)(shift < -INT_MAX ? INT_MAX : -shift));
    if (isinf(rounded))
        return false;
    *result = rounded;
    return true;
}

bool bigint_true_divide(struct value left, struct value right, double *result, struct error *error)
{
    OPERAND l, r;
    operand_init(&l, left);
    operand_init(&r, right);
    NUMBER numerator, denominator;
    mpz_inits(numerator, denominator, NULL);
    mpz_abs(numerator, l.number);
    mpz_abs(denominator, r.number);
    if (mpz_sgn(denominator) == 0)
        return error_set(error, ERROR_ZERO_DIVISION, "division by zero");
    double quotient;
    if (!quotient_to_double(numerator, denominator, &quotient))
        return error_set(error, ERROR_OTHER, "integer division result too large for a float");
    *result = (mpz_sgn(l.number) < 0) != (mpz_sgn(r.number) < 0) ? -quotient : quotient;
    return true;
}

int bigint_compare(struct value left, struct value right)
{
    OPERAND l, r;
    operand_init(&l, left);
    operand_init(&r, right);
    int order = mpz_cmp(l.number, r.number);
    return (order > 0) - (order < 0);
}

int bigint_compare_double(struct value integer, double number)
{
    if (isinf(number))
        return number > 0 ? -1 : 1;
    if (integer.kind != VALUE_BIGINT) {
        int64_t word = integer.kind == VALUE_BOOL ? integer.as.boolean : integer.as.integer;
        if (word > -(INT64_C(1) << 53) && word < INT64_C(1) << 53)
            return ((double)word > number) - ((double)word < number);
    }
    OPERAND operand;
    operand_init(&operand, integer);
    int order = mpz_cmp_d(operand.number, number);
    return (order > 0) - (order < 0);
}

bool bigint_parse(const char *digits, size_t length, int base, struct value *result)
{
    size_t sign = length > 0 && (digits[0] == '-' || digits[0] == '+');
    if (length == sign)
        return false;
    for (size_t i = sign; i < length; i++) {
        int digit = digits[i] >= '0' && digits[i] <= '9'   ? digits[i] - '0'
                    : digits[i] >= 'a' && digits[i] <= 'z' ? digits[i] - 'a' + 10
                    : digits[i] >= 'A' && digits[i] <= 'Z' ? digits[i] - 'A' + 10
                                                           : base;
        if (digit >= base)
            return false;
    }
    CLEANUP(memory_cleanup) char *copy = memory_copy_string(digits + sign, length - sign);
    NUMBER number;
    mpz_init(number);
    if (mpz_set_str(number, copy, base) != 0)
        return false;
    if (digits[0] == '-')
        mpz_neg(number, number);
    *result = bigint_value(number);
    return true;
}

struct value bigint_from_double(double number)
{
    NUMBER integer;
    mpz_init_set_d(integer, number);
    return bigint_value(integer);
}

bool bigint_to_double(struct value integer, double *result)
{
    if (integer.kind != VALUE_BIGINT) {
        *result = (double)(integer.kind == VALUE_BOOL ? integer.as.boolean : integer.as.integer);
        return true;
    }
    OWNED_ERROR ignored = {0};
    return bigint_true_divide(integer, value_int(1), result, &ignored);
}

void bigint_append(struct text_buffer *out, struct value integer, int base)
{
    OPERAND operand;
    operand_init(&operand, integer);
    size_t room = mpz_sizeinbase(operand.number, base) + 2;
    char *digits = text_buffer_reserve(out, room);
    mpz_get_str(digits, base, operand.number);
    text_buffer_added(out, strlen(digits));
}

uint32_t bigint_hash(struct value integer)
{
    if (integer.kind != VALUE_BIGINT)
        return value_hash(integer);
    double nearest;
    if (bigint_to_double(integer, &nearest) && bigint_compare_double(integer, nearest) == 0)
        return value_hash(value_float(nearest));
    const __mpz_struct *number = integer.as.bigint->number;
    return text_hash_bytes((const char *)mpz_limbs_read(number), mpz_size(number) * sizeof(mp_limb_t)) +
           (uint32_t)mpz_sgn(number);
}

size_t bigint_bits(struct value integer)
{
    OPERAND operand;
    operand_init(&operand, integer);
    return mpz_sgn(operand.number) == 0 ? 0 : mpz_sizeinbase(operand.number, 2);
}
