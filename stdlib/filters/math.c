/*
 * Filters on numbers of ansible.builtin: log, pow, root, human_readable, human_to_bytes.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"

/** A number as a double; ERROR_FILTER "log() can only be used on numbers: must be real number, not str". */
static bool number_of(const char *name, struct value argument, double *number, struct error *error)
{
    if (value_is_number(argument))
        return value_to_double(argument, number, error);
    return error_set(error, ERROR_FILTER, "%s() can only be used on numbers: must be real number, not %s", name,
                     value_type_name(argument));
}

/** Python's "math domain error" and "math range error". */
static bool finish(double number, bool was_finite, struct value *result, struct error *error)
{
    if (isnan(number) && was_finite)
        return error_set(error, ERROR_VALUE, "math domain error");
    if (isinf(number) && was_finite)
        return error_set(error, ERROR_OTHER, "math range error");
    *result = value_float(number);
    return true;
}

static bool filter_log(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    double number, base;
    (void)evaluation;
    if (!number_of("log", arguments[0], &number, error) || !number_of("log", arguments[1], &base, error))
        return false;
    if (number <= 0 || base <= 0)
        return error_set(error, ERROR_VALUE, "math domain error");
    if (base == 10) {
        *result = value_float(log10(number));
        return true;
    }
    if (base == M_E) {
        *result = value_float(log(number));
        return true;
    }
    if (log(base) == 0)
        return error_set(error, ERROR_ZERO_DIVISION, "float division by zero");
    *result = value_float(log(number) / log(base));
    return true;
}

static bool filter_pow(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    double base, exponent;
    (void)evaluation;
    if (!number_of("pow", arguments[0], &base, error) || !number_of("pow", arguments[1], &exponent, error))
        return false;
    return finish(pow(base, exponent), isfinite(base) && isfinite(exponent), result, error);
}

static bool filter_root(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    double number, base;
    (void)evaluation;
    if (!number_of("root", arguments[0], &number, error) || !number_of("root", arguments[1], &base, error))
        return false;
    if (base == 0)
        return error_set(error, ERROR_ZERO_DIVISION, "float division by zero");
    return finish(base == 2 ? sqrt(number) : pow(number, 1.0 / base), isfinite(number), result, error);
}

/* ---- sizes ---- */

/** The letters of sizes, smallest first; each is 1024 of the one before. */
static const char size_letters[] = "BKMGTPEZY";

static double size_of(const char *letter)
{
    return pow(1024, (double)(letter - size_letters));
}

/** The place in size_letters of a unit of one letter; the first, bytes, for any other text; NULL where none was given. */
static const char *letter_of(struct value unit)
{
    if (!value_is_string(unit))
        return NULL;
    const char *text = value_bytes(unit);
    const char *found = *text && !text[1] ? strchr(size_letters, toupper((unsigned char)*text)) : NULL;
    return found ? found : size_letters;
}

static bool filter_human_readable(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                  struct error *error)
{
    double size;
    bool is_bits = value_truth(arguments[1]);
    const char *wanted = letter_of(arguments[2]), *letter = size_letters + strlen(size_letters) - 1;
    (void)evaluation;
    if (!value_is_number(arguments[0]))
        return error_set(error, ERROR_FILTER,
                         "human_readable() failed on bad input: '>=' not supported between instances of '%s' and 'int'",
                         value_type_name(arguments[0]));
    if (!value_is_null(arguments[2]) && !value_is_string(arguments[2]))
        return error_set(error, ERROR_FILTER,
                         "human_readable() can't interpret the input: '%s' object has no attribute 'upper'",
                         value_type_name(arguments[2]));
    if (!value_to_double(arguments[0], &size, error))
        return false;
    while (letter > size_letters && (wanted ? letter != wanted : size < size_of(letter)))
        --letter;
    char suffix[3] = {*letter, is_bits ? 'b' : 'B', '\0'};
    const char *word = *letter == 'B' ? (is_bits ? "bits" : "Bytes") : suffix;
    *result = value_string_format("%.2f %s", size / size_of(letter), word);
    return true;
}

/** Is it a way to write the unit: the letter, the letter with B (b for bits), or the word? */
static bool unit_is_valid(const char *unit, const char *place, bool is_bits)
{
    static const char *const prefixes[] = {"", "kilo", "mega", "giga", "tera", "peta", "exa", "zetta", "yotta"};
    char word[32], short_form[3] = {*place, is_bits ? 'b' : 'B', '\0'};
    snprintf(word, sizeof word, "%s%s", prefixes[place - size_letters], is_bits ? "bit" : "byte");
    return strlen(unit) == 1 || (place > size_letters && strcmp(unit, short_form) == 0) || strcasecmp(unit, word) == 0;
}

static bool filter_human_to_bytes(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                  struct error *error)
{
    OWNED text = argument_text(arguments[0]);
    OWNED fallback = value_is_null(arguments[1]) ? value_string("") : argument_text(arguments[1]);
    const char *bytes = value_bytes(text);
    size_t length = strspn(bytes, "0123456789."), end;
    double number;
    bool is_bits = value_truth(arguments[2]);
    (void)evaluation;
    const char *unit = bytes + length + strspn(bytes + length, " \t");
    size_t unit_length = 0;
    while (isalpha((unsigned char)unit[unit_length]))
        ++unit_length;
    end = unit_length + strspn(unit + unit_length, " \t\n");
    if (unit[end] || length == 0 || bytes[length - 1] == '.' || !value_parse_float(bytes, length, &number))
        return error_set(
            error, ERROR_FILTER,
            "human_to_bytes() can't interpret the input: human_to_bytes() can't interpret following string: %s", bytes);
    CLEANUP(memory_cleanup) char *given = memory_copy_string(unit, unit_length);
    const char *name = *given ? given : value_bytes(fallback);
    if (!*name)
        return value_int_from_float(rint(number), result, error);
    const char *letter = strchr(size_letters, toupper((unsigned char)*name));
    if (!letter)
        return error_set(error, ERROR_FILTER,
                         "human_to_bytes() can't interpret the input: human_to_bytes() failed to convert %s (unit = "
                         "%s). The suffix must be one of Y, Z, E, P, T, G, "
                         "M, K, B",
                         bytes, name);
    if (!unit_is_valid(name, letter, is_bits))
        return error_set(error, ERROR_FILTER,
                         "human_to_bytes() can't interpret the input: human_to_bytes() failed to convert %s. Value is "
                         "not a valid string (expect %c%s or %s)",
                         bytes, *letter, letter == size_letters ? "" : (is_bits ? "b" : "B"),
                         letter == size_letters ? (is_bits ? "bit" : "byte") : (char[]){*letter, '\0'});
    return value_int_from_float(rint(number * size_of(letter)), result, error);
}

static const struct function rows[] = {
    {"human_readable", "size, isbits=False, unit=None", filter_human_readable, 0, "A size in words: \"1.50 KB\""},
    {"human_to_bytes", "size, default_unit=None, isbits=False", filter_human_to_bytes, 0,
     "The number that a size in words stands for"},
    {"log", "x, base=2.718281828459045", filter_log, 0, "The logarithm, natural unless a base is given"},
    {"pow", "x, y", filter_pow, 0, "x to the power of y, as a float"},
    {"root", "x, base=2", filter_root, 0, "The square root, or another"},
};

const struct function_table filters_math = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
