/*
 * Filters on hardware addresses: hwaddr and macaddr, which are the same.
 */
#include "stdlib/filters/address/hardware.h"

#include <stdio.h>
#include <string.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/repr.h"
#include "runtime/value/text.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"

enum { DIGITS_48 = 12, DIGITS_64 = 16, BITS_48 = 48, OCTETS = 6 };

/** The ways to divide an address: how many groups between which separator, of at most how many digits. */
static const struct {
    char separator;
    int groups, digits;
} layouts[] = {
    {':', 6, 2}, {'-', 6, 2}, {':', 3, 4}, {'-', 3, 4}, {'.', 3, 4}, {':', 2, 6},       {'-', 2, 6},       {'.', 2, 6},
    {':', 8, 2}, {'-', 8, 2}, {':', 4, 4}, {'-', 4, 4}, {'.', 4, 4}, {0, 1, DIGITS_48}, {0, 1, DIGITS_64},
};

static int digit_value(char c)
{
    const char *digits = "0123456789abcdef",
               *found = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
    return found ? (int)(found - digits) : -1;
}

/** Reads text in one layout; bare digits must be all there. */
static bool parse_layout(const char *text, size_t layout, uint64_t *bits)
{
    int width = layouts[layout].digits;
    *bits = 0;
    for (int group = 0; group < layouts[layout].groups; group++) {
        uint64_t number = 0;
        int count = 0;
        if (group > 0 && *text++ != layouts[layout].separator)
            return false;
        for (; count < width && digit_value(*text) >= 0; count++)
            number = number << 4 | (uint64_t)digit_value(*text++);
        if (count == 0 || (layouts[layout].groups == 1 && count != width))
            return false;
        *bits = (width == DIGITS_64 ? 0 : *bits << 4 * width) | number;
    }
    return *text == '\0';
}

bool hardware_parse(struct value value, uint64_t *bits)
{
    struct value number;
    int64_t integer;
    if (value_is_integer(value) && value_to_int64(value, &integer) && integer >= 0) {
        *bits = (uint64_t)integer;
        return true;
    }
    if (!value_is_string(value))
        return false;
    for (size_t i = 0; i < COUNT_OF(layouts); i++)
        if (parse_layout(value_bytes(value), i, bits))
            return true;
    if (!value_parse_int(value_bytes(value), value.as.text->length, 10, &number))
        return false;
    OWNED owner = number;
    bool fits = value_to_int64(owner, &integer) && integer >= 0;
    *bits = fits ? (uint64_t)integer : 0;
    return fits;
}

/** How an address is written: groups of so many octets, each octet (or group) in a format. */
struct notation {
    const char *name;
    int octets; /* in a group; 0: bool, -1: int */
    const char *separator;
    const char *format; /* of an octet */
};

static const struct notation notations[] = {
    {"", 0, NULL, NULL},       {"bool", 0, NULL, NULL},   {"int", -1, NULL, NULL},
    {"bare", 6, "", "%02X"},   {"cisco", 2, ".", "%02x"}, {"eui48", 1, "-", "%02X"},
    {"linux", 1, ":", "%02x"}, {"pgsql", 3, ":", "%02x"}, {"postgresql", 3, ":", "%02x"},
    {"psql", 3, ":", "%02x"},  {"unix", 1, ":", "%x"},    {"win", 1, "-", "%02X"},
};

static struct value write_notation(const struct notation *notation, uint64_t bits)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    for (int i = 0; i < OCTETS; i++) {
        char octet[4];
        snprintf(octet, sizeof octet, notation->format, (unsigned)(bits >> 8 * (OCTETS - 1 - i)) & UINT8_MAX);
        if (i > 0 && i % notation->octets == 0)
            text_buffer_append_string(&out, notation->separator);
        text_buffer_append_string(&out, octet);
    }
    return value_string_take(text_buffer_take(&out));
}

/** What is no address is null where only this was asked. */
static bool answer_none(const char *filter, const struct notation *notation, struct value value, struct value *result,
                        struct error *error)
{
    OWNED shown = value_str(value);
    if (notation->octets != 0)
        return error_set(error, ERROR_VALUE, "%s: not a hardware address: %s", filter, value_bytes(shown));
    *result = value_null();
    return true;
}

static bool answer(const char *filter, const struct value *arguments, struct value *result, struct error *error)
{
    const struct notation *notation = NULL;
    OWNED query = argument_text(arguments[1]);
    uint64_t bits;
    for (size_t i = 0; i < COUNT_OF(notations); i++)
        if (value_equals_string(query, notations[i].name))
            notation = &notations[i];
    if (!notation)
        return error_set(error, ERROR_VALUE, "%s: unknown filter type: %s", filter, value_bytes(query));
    if (!hardware_parse(arguments[0], &bits))
        return answer_none(filter, notation, arguments[0], result, error);
    if (notation->octets == 0)
        *result = notation->name[0] ? value_bool(true) : argument_text(arguments[0]);
    else if (bits >> BITS_48)
        return error_set(error, ERROR_VALUE, "integer out of bounds: '0x%llx'!", (unsigned long long)bits);
    else
        *result = notation->octets < 0 ? value_int((int64_t)bits) : write_notation(notation, bits);
    return true;
}

static bool filter_hwaddr(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    return answer("hwaddr", arguments, result, error);
}

static bool filter_macaddr(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    return answer("macaddr", arguments, result, error);
}

static const struct function rows[] = {
    {"hwaddr", "value, query='', alias='hwaddr'", filter_hwaddr, 0,
     "A hardware address, in another notation (bare, cisco, linux, unix, win ...); null when it is none."},
    {"macaddr", "value, query=''", filter_macaddr, 0, "The same as hwaddr."},
};

const struct function_table filters_hardware = {FUNCTION_FILTER, "ansible.utils", rows, COUNT_OF(rows)};
const struct function_table filters_hardware_netcommon = {FUNCTION_FILTER, "ansible.netcommon", rows, COUNT_OF(rows)};
