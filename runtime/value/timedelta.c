#include "runtime/value/timedelta.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/calendar.h"
#include "runtime/value/compare.h"

enum { TIMEDELTA_DAYS = 999999999 };

static struct timedelta *body(struct object *object)
{
    return (struct timedelta *)object;
}

struct timedelta *value_timedelta(struct value value)
{
    return value_is_object(value, &timedelta_class) ? body(value.as.object) : NULL;
}

static struct value make(int64_t days, int64_t microseconds)
{
    struct timedelta *delta = memory_new(sizeof *delta);
    *delta = (struct timedelta){
        .object = {1, &timedelta_class},
        .days = (int32_t)days,
        .seconds = (int32_t)(microseconds / MICROSECONDS_PER_SECOND),
        .microseconds = (int32_t)(microseconds % MICROSECONDS_PER_SECOND),
    };
    return value_object_take(&delta->object);
}

struct value timedelta_from_microseconds(int64_t microseconds)
{
    int64_t days = microseconds / MICROSECONDS_PER_DAY - (microseconds % MICROSECONDS_PER_DAY < 0);
    return make(days, microseconds - days * MICROSECONDS_PER_DAY);
}

bool timedelta_new(struct value microseconds, struct value *result, struct error *error)
{
    OWNED days = value_null();
    OWNED rest = value_null();
    if (!value_arithmetic(ARITHMETIC_FLOOR_DIVIDE, microseconds, value_int(MICROSECONDS_PER_DAY), &days, error) ||
        !value_arithmetic(ARITHMETIC_MODULO, microseconds, value_int(MICROSECONDS_PER_DAY), &rest, error))
        return false;
    if (days.kind != VALUE_INT)
        return error_set(error, ERROR_OTHER, "Python int too large to convert to C int");
    if (days.as.integer < -TIMEDELTA_DAYS || days.as.integer > TIMEDELTA_DAYS)
        return error_set(error, ERROR_OTHER, "days=%lld; must have magnitude <= %d", (long long)days.as.integer,
                         TIMEDELTA_DAYS);
    *result = make(days.as.integer, rest.as.integer);
    return true;
}

struct value timedelta_microseconds(const struct timedelta *delta)
{
    OWNED_ERROR error = {0};
    OWNED days = value_null();
    struct value total;
    int64_t rest = delta->seconds * MICROSECONDS_PER_SECOND + delta->microseconds;
    if (!value_arithmetic(ARITHMETIC_MULTIPLY, value_int(delta->days), value_int(MICROSECONDS_PER_DAY), &days,
                          &error) ||
        !value_arithmetic(ARITHMETIC_ADD, days, value_int(rest), &total, &error))
        bug("%s", error.message);
    return total;
}

double timedelta_seconds(const struct timedelta *delta)
{
    OWNED microseconds = timedelta_microseconds(delta);
    OWNED_ERROR error = {0};
    struct value seconds;
    if (!value_arithmetic(ARITHMETIC_DIVIDE, microseconds, value_int(MICROSECONDS_PER_SECOND), &seconds, &error))
        bug("%s", error.message);
    return seconds.as.floating;
}

static void timedelta_free(struct object *object)
{
    memory_cleanup(&object);
}

static bool truth(struct object *object)
{
    const struct timedelta *delta = body(object);
    return delta->days || delta->seconds || delta->microseconds;
}

static enum lookup_result get_attribute(struct object *object, struct text *name, struct value *result,
                                        struct error *error)
{
    (void)error;
    const struct timedelta *delta = body(object);
    if (strcmp(name->bytes, "days") == 0)
        *result = value_int(delta->days);
    else if (strcmp(name->bytes, "seconds") == 0)
        *result = value_int(delta->seconds);
    else if (strcmp(name->bytes, "microseconds") == 0)
        *result = value_int(delta->microseconds);
    else if (strcmp(name->bytes, "min") == 0)
        *result = make(-TIMEDELTA_DAYS, 0);
    else if (strcmp(name->bytes, "max") == 0)
        *result = make(TIMEDELTA_DAYS, MICROSECONDS_PER_DAY - 1);
    else if (strcmp(name->bytes, "resolution") == 0)
        *result = make(0, 1);
    else
        return LOOKUP_MISSING;
    return LOOKUP_FOUND;
}

static uint32_t hash(struct object *object)
{
    OWNED microseconds = timedelta_microseconds(body(object));
    return value_hash(microseconds);
}

static bool order(struct object *left, struct object *right, int *result, struct error *error)
{
    OWNED l = timedelta_microseconds(body(left));
    OWNED r = timedelta_microseconds(body(right));
    return value_order(l, r, "<", result, error);
}

static bool equal(struct object *left, struct object *right)
{
    const struct timedelta *l = body(left), *r = body(right);
    return l->days == r->days && l->seconds == r->seconds && l->microseconds == r->microseconds;
}

/* ---- arithmetic ---- */

/** numerator / denominator, the nearest int, half to even. */
static bool divide_nearest(struct value numerator, struct value denominator, struct value *result, struct error *error)
{
    OWNED quotient = value_null();
    OWNED rest = value_null();
    OWNED twice = value_null();
    if (!value_arithmetic(ARITHMETIC_FLOOR_DIVIDE, numerator, denominator, &quotient, error) ||
        !value_arithmetic(ARITHMETIC_MODULO, numerator, denominator, &rest, error) ||
        !value_arithmetic(ARITHMETIC_MULTIPLY, rest, value_int(2), &twice, error))
        return false;
    /* The rest has the sign of the denominator. */
    int side;
    OWNED is_odd = value_null();
    if (!value_order(twice, denominator, "<", &side, error) ||
        !value_arithmetic(ARITHMETIC_MODULO, quotient, value_int(2), &is_odd, error))
        return false;
    int sign;
    if (!value_order(denominator, value_int(0), "<", &sign, error))
        return false;
    if (sign < 0)
        side = -side;
    bool is_up = side > 0 || (side == 0 && is_odd.as.integer);
    return value_arithmetic(ARITHMETIC_ADD, quotient, value_int(is_up), result, error);
}

/** microseconds * number or, the fraction turned over, microseconds / number. */
static bool scale_by_float(struct value microseconds, double number, bool is_division, struct value *result,
                           struct error *error)
{
    OWNED numerator = value_null();
    OWNED denominator = value_null();
    OWNED product = value_null();
    if (is_division && number == 0)
        return error_set(error, ERROR_ZERO_DIVISION, "integer division or modulo by zero");
    return value_float_ratio(fabs(number), &numerator, &denominator, error) &&
           value_arithmetic(ARITHMETIC_MULTIPLY, microseconds, is_division ? denominator : numerator, &product,
                            error) &&
           divide_nearest(product, is_division ? numerator : denominator, result, error) &&
           (number >= 0 || value_negate(*result, result, error));
}

/** An int or a float on the other side. */
static enum lookup_result calculate_with_number(char operation, struct value microseconds, struct value number,
                                                struct value *result, struct error *error)
{
    OWNED total = value_null();
    bool is_done;
    if (number.kind == VALUE_FLOAT && (operation == '*' || operation == '/'))
        is_done = scale_by_float(microseconds, number.as.floating, operation == '/', &total, error);
    else if (number.kind == VALUE_FLOAT)
        return LOOKUP_MISSING;
    else if (operation == '*')
        is_done = value_arithmetic(ARITHMETIC_MULTIPLY, microseconds, number, &total, error);
    else if (operation == 'f')
        is_done = value_arithmetic(ARITHMETIC_FLOOR_DIVIDE, microseconds, number, &total, error);
    else if (operation == '/')
        is_done = divide_nearest(microseconds, number, &total, error);
    else
        return LOOKUP_MISSING;
    return is_done && timedelta_new(total, result, error) ? LOOKUP_FOUND : LOOKUP_FAILED;
}

/** Two differences: their sum, difference and rest are one again, their quotients are numbers. */
static enum lookup_result calculate(char operation, struct value left, struct value right, struct value *result,
                                    struct error *error)
{
    static const struct {
        char letter;
        bool is_number;
        enum arithmetic operation;
    } operations[] = {
        {'+', false, ARITHMETIC_ADD},         {'-', false, ARITHMETIC_SUBTRACT}, {'%', false, ARITHMETIC_MODULO},
        {'f', true, ARITHMETIC_FLOOR_DIVIDE}, {'/', true, ARITHMETIC_DIVIDE},
    };
    for (size_t i = 0; i < COUNT_OF(operations); i++) {
        if (operations[i].letter != operation)
            continue;
        OWNED total = value_null();
        if (!value_arithmetic(operations[i].operation, left, right, &total, error))
            return LOOKUP_FAILED;
        if (!operations[i].is_number)
            return timedelta_new(total, result, error) ? LOOKUP_FOUND : LOOKUP_FAILED;
        *result = value_steal(&total);
        return LOOKUP_FOUND;
    }
    return LOOKUP_MISSING;
}

static enum lookup_result binary(char operation, struct value left, struct value right, struct value *result,
                                 struct error *error)
{
    const struct timedelta *l = value_timedelta(left), *r = value_timedelta(right);
    OWNED microseconds = timedelta_microseconds(l ? l : r);
    if (l && r) {
        OWNED others = timedelta_microseconds(r);
        return calculate(operation, microseconds, others, result, error);
    }
    if (l && value_is_number(right))
        return calculate_with_number(operation, microseconds, right, result, error);
    if (r && operation == '*' && value_is_number(left))
        return calculate_with_number(operation, microseconds, left, result, error);
    return LOOKUP_MISSING;
}

/* ---- text ---- */

static void str(struct object *object, struct text_buffer *out)
{
    const struct timedelta *delta = body(object);
    if (delta->days)
        text_buffer_append_format(out, "%d day%s, ", delta->days, abs(delta->days) == 1 ? "" : "s");
    text_buffer_append_format(out, "%d:%02d:%02d", delta->seconds / 3600, delta->seconds / 60 % 60,
                              delta->seconds % 60);
    if (delta->microseconds)
        text_buffer_append_format(out, ".%06d", delta->microseconds);
}

static void repr(struct object *object, struct text_buffer *out)
{
    const struct timedelta *delta = body(object);
    const struct {
        const char *name;
        int32_t value;
    } parts[] = {{"days", delta->days}, {"seconds", delta->seconds}, {"microseconds", delta->microseconds}};
    text_buffer_append_string(out, "datetime.timedelta(");
    const char *separator = "";
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i].value) {
            text_buffer_append_format(out, "%s%s=%d", separator, parts[i].name, parts[i].value);
            separator = ", ";
        }
    text_buffer_append_string(out, *separator ? ")" : "0)");
}

static bool finalize(struct object *object, struct value *result, struct error *error)
{
    (void)object;
    (void)result;
    return error_set(error, ERROR_TYPE, "Type 'timedelta' is unsupported for variable storage.");
}

const struct object_class timedelta_class = {
    .type_name = "timedelta",
    .free = timedelta_free,
    .get_attribute = get_attribute,
    .truth = truth,
    .str = str,
    .repr = repr,
    .hash = hash,
    .equal = equal,
    .order = order,
    .binary = binary,
    .finalize = finalize,
};
