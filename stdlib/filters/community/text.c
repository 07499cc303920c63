/*
 * Filters of community.general on text: crc32, random_mac, unicode_normalize; and those that are there to say what
 * they would need: hashids_decode, hashids_encode, jc.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/value/random.h"
#include "runtime/value/repr.h"
#include "runtime/value/text.h"
#include "stdlib/filters/filters.h"

/* ---- crc32 ---- */

/** The CRC-32 of IEEE 802.3, bit by bit from the lowest. */
static uint32_t checksum(const char *bytes, size_t length)
{
    static const uint32_t polynomial = 0xEDB88320;
    uint32_t sum = UINT32_MAX;
    for (size_t i = 0; i < length; i++) {
        sum ^= (unsigned char)bytes[i];
        for (int bit = 0; bit < 8; bit++)
            sum = sum & 1 ? sum >> 1 ^ polynomial : sum >> 1;
    }
    return ~sum;
}

static bool filter_crc32(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    OWNED shown = value_repr(arguments[0]);
    (void)evaluation;
    if (!value_is_string(arguments[0]))
        return error_set(error, ERROR_TYPE, "Invalid value type (<class '%s'>) for crc32 (%s)",
                         value_type_name(arguments[0]), value_bytes(shown));
    *result = value_string_format("%x", checksum(value_bytes(arguments[0]), arguments[0].as.text->length));
    return true;
}

/* ---- random_mac ---- */

enum { MAC_BYTES = 6 };

/** What is wrong with the items between the colons of a prefix; *count of them. */
static void check_prefix(const char *prefix, size_t *count, struct text_buffer *complaints)
{
    *count = 0;
    for (const char *at = prefix;; at++) {
        size_t length = strcspn(at, ":");
        const char *comma = complaints->length ? "," : "";
        if (length == 0)
            text_buffer_append_format(complaints, "%sempty item", comma);
        else if (strspn(at, "0123456789abcdef") < 2)
            text_buffer_append_format(complaints, "%s%.*s not hexa byte", comma, (int)length, at);
        ++*count;
        at += length;
        if (!*at)
            return;
    }
}

static bool filter_random_mac(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    static const uint64_t least = 0x1000000000, most = 0xFFFFFFFFFF; /* ten digits */
    CLEANUP(text_buffer_done) struct text_buffer complaints = {0}, out = {0};
    struct random random;
    size_t count;
    char digits[17];
    (void)evaluation;
    OWNED shown = value_str(arguments[0]);
    if (!value_is_string(arguments[0]))
        return error_set(error, ERROR_TYPE, "Invalid value type (<class '%s'>) for random_mac (%s)",
                         value_type_name(arguments[0]), value_bytes(shown));
    OWNED prefix = value_string_take(text_lower(arguments[0].as.text));
    check_prefix(value_bytes(prefix), &count, &complaints);
    if (count >= MAC_BYTES)
        return error_set(error, ERROR_VALUE, "Invalid value (%s) for random_mac: 5 colon(:) separated items max",
                         value_bytes(prefix));
    if (complaints.length)
        return error_set(error, ERROR_VALUE, "Invalid value (%s) for random_mac: %s", value_bytes(prefix),
                         text_buffer_bytes(&complaints));
    random_init_system(&random);
    if (!value_is_null(arguments[1]) && !random_init_seed(&random, arguments[1], error))
        return false;
    snprintf(digits, sizeof digits, "%llx", (unsigned long long)(least + random_below(&random, most - least + 1)));
    text_buffer_append_text(&out, prefix.as.text);
    for (size_t i = 0; i < MAC_BYTES - count; i++)
        text_buffer_append_format(&out, ":%.2s", digits + 2 * i);
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

/* ---- unicode_normalize ---- */

static const struct {
    const char *name;
    enum text_form form;
} forms[] = {
    {"NFC", TEXT_COMPOSED},
    {"NFD", TEXT_DECOMPOSED},
    {"NFKC", TEXT_COMPATIBLE_COMPOSED},
    {"NFKD", TEXT_COMPATIBLE_DECOMPOSED},
};

static bool filter_unicode_normalize(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                     struct error *error)
{
    (void)evaluation;
    if (!value_is_string(arguments[0]))
        return error_set(error, ERROR_TYPE, "<class '%s'> is not a valid input type", value_type_name(arguments[0]));
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        if (value_equals_string(arguments[1], forms[i].name)) {
            *result = value_string_take(text_normalize(arguments[0].as.text, forms[i].form));
            return true;
        }
    OWNED shown = value_str(arguments[1]);
    return error_set(error, ERROR_VALUE, "%s is not a valid form", value_bytes(shown));
}

/* ---- what is not there ---- */

static bool filter_hashids(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation, (void)arguments, (void)result;
    return error_set(error, ERROR_FILTER, "The hashids library must be installed in order to use this plugin");
}

static bool filter_jc(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation, (void)arguments, (void)result;
    error_set(error, ERROR_FILTER,
              "You need to install \"jc\" as a Python library on the Ansible controller prior to running jc filter");
    return error_help(
        error, "playlet has no Python: run the program jc in a task of its own and read its output with from_json");
}

static const struct function rows[] = {
    {"crc32", "value", filter_crc32, 0, "The CRC-32 checksum of a text, in hexadecimal."},
    {"hashids_decode", "value, salt=None, alphabet=None, min_length=None", filter_hashids, 0,
     "Not available: needs the Python library hashids."},
    {"hashids_encode", "value, salt=None, alphabet=None, min_length=None", filter_hashids, 0,
     "Not available: needs the Python library hashids."},
    {"jc", "value, parser, quiet=True, raw=False", filter_jc, 0, "Not available: needs the Python library jc."},
    {"random_mac", "value, seed=None", filter_random_mac, FUNCTION_IMPURE,
     "The beginning of a MAC address completed with random bytes."},
    {"unicode_normalize", "value, form='NFC'", filter_unicode_normalize, 0,
     "A text in a normal form of Unicode: NFC, NFD, NFKC or NFKD."},
};

const struct function_table filters_community_text = {FUNCTION_FILTER, "community.general", rows, COUNT_OF(rows)};
