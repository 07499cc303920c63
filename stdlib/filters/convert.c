/*
 * Filters of ansible.builtin that choose or convert: bool, ternary, mandatory, type_debug, b64encode, b64decode.
 */
#include <string.h>
#include <strings.h>

#include "runtime/value/compare.h"
#include "runtime/value/encoding.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"

static bool filter_bool(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    static const char *const yes[] = {"yes", "on", "1", "true"};
    struct value value = arguments[0];
    bool holds = value_is_number(value) && value_equal(value, value_int(1));
    (void)evaluation, (void)error;
    for (size_t i = 0; value_is_string(value) && i < COUNT_OF(yes); i++)
        holds |= strcasecmp(value_bytes(value), yes[i]) == 0;
    *result = value_bool(holds);
    return true;
}

static bool filter_ternary(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation, (void)error;
    if (value_is_undefined(arguments[0]))
        *result = value_copy(arguments[0]);
    else if (value_is_null(arguments[0]) && !value_is_null(arguments[3]))
        *result = value_copy(arguments[3]);
    else
        *result = value_copy(arguments[value_truth(arguments[0]) ? 1 : 2]);
    return true;
}

static bool filter_mandatory(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation;
    if (!value_is_undefined(arguments[0])) {
        *result = value_copy(arguments[0]);
        return true;
    }
    if (value_truth(arguments[1])) {
        OWNED message = argument_text(arguments[1]);
        return error_set(error, ERROR_FILTER, "%s", value_bytes(message));
    }
    /* The name stands in quotes, last of what is in quotes: "object of type 'dict' has no attribute 'b'". */
    const char *message = arguments[0].as.undefined->message->bytes, *end = strrchr(message, '\''), *name = end;
    while (name && name > message && *--name != '\'')
        ;
    return error_set(error, ERROR_FILTER, "Mandatory variable %.*s not defined.", end ? (int)(end - name) + 1 : 0,
                     name ? name : "");
}

static bool filter_type_debug(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    (void)evaluation, (void)error;
    *result = value_string(value_is_undefined(arguments[0]) ? "UndefinedMarker" : value_type_name(arguments[0]));
    return true;
}

/* ---- base 64 ---- */

static const char standard_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static bool filter_b64encode(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    OWNED text = argument_text(arguments[0]);
    OWNED encoding = argument_text(arguments[1]);
    const char *digits = value_truth(arguments[2]) ? url_digits : standard_digits;
    CLEANUP(text_buffer_done) struct text_buffer encoded = {0}, out = {0};
    (void)evaluation;
    if (!encoding_encode(&encoded, text.as.text, value_bytes(encoding), "surrogateescape", error))
        return false;
    const unsigned char *bytes = (const unsigned char *)text_buffer_bytes(&encoded);
    size_t length = encoded.length;
    for (size_t i = 0; i < length; i += 3) {
        size_t count = length - i < 3 ? length - i : 3;
        uint32_t group =
            (uint32_t)bytes[i] << 16 | (count > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) | (count > 2 ? bytes[i + 2] : 0u);
        for (size_t j = 0; j < 4; j++)
            text_buffer_append_char(&out, j <= count ? digits[group >> (18 - 6 * j) & 63] : '=');
    }
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

/** Characters that are no digits are passed by, as Python's lenient decoder does. */
static bool filter_b64decode(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    OWNED text = argument_text(arguments[0]);
    OWNED encoding = argument_text(arguments[1]);
    const char *digits = value_truth(arguments[2]) ? url_digits : standard_digits;
    CLEANUP(text_buffer_done) struct text_buffer out = {0}, decoded = {0};
    uint32_t group = 0;
    size_t count = 0, padding = 0;
    (void)evaluation;
    for (const char *at = value_bytes(text); *at && (count + padding < 4 || padding == 0); at++) {
        const char *digit = strchr(digits, *at);
        padding += *at == '=' && count >= 2;
        if (!digit)
            continue;
        padding = 0;
        group = group << 6 | (uint32_t)(digit - digits);
        if (++count < 4)
            continue;
        for (int shift = 16; shift >= 0; shift -= 8)
            text_buffer_append_char(&out, (char)(group >> shift));
        group = 0;
        count = 0;
    }
    if (count == 1)
        return error_set(error, ERROR_VALUE,
                         "Invalid base64-encoded string: number of data characters (%zu) cannot be 1 more than a "
                         "multiple of 4",
                         out.length / 3 * 4 + 1);
    if (count > 0 && count + padding < 4)
        return error_set(error, ERROR_VALUE, "Incorrect padding");
    for (size_t bits = 6 * count; bits >= 8; bits -= 8)
        text_buffer_append_char(&out, (char)(group >> (bits - 8)));
    if (!encoding_decode(&decoded, text_buffer_bytes(&out), out.length, value_bytes(encoding), "surrogateescape",
                         error))
        return false;
    *result = value_string_take(text_buffer_take(&decoded));
    return true;
}

static const struct function rows[] = {
    {"b64decode", "string, encoding='utf-8', urlsafe=False", filter_b64decode, 0, "The text that Base64 stands for"},
    {"b64encode", "string, encoding='utf-8', urlsafe=False", filter_b64encode, 0, "A text in Base64"},
    {"bool", "value", filter_bool, 0, "true for true, 1 and the words yes, on, true; else false"},
    {"mandatory", "value, msg=None", filter_mandatory, FUNCTION_TAKES_LAZY | FUNCTION_TAKES_UNDEFINED,
     "The value; an error when it is undefined"},
    {"ternary", "value, true_val, false_val, none_val=None", filter_ternary,
     FUNCTION_TAKES_LAZY | FUNCTION_TAKES_UNDEFINED,
     "The first value when true, the second when false, the third (where given) when null"},
    {"type_debug", "value", filter_type_debug, FUNCTION_TAKES_LAZY | FUNCTION_TAKES_UNDEFINED,
     "The name of the value's type in Python"},
};

const struct function_table filters_convert = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
