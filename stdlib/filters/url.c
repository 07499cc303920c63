/*
 * Filters for addresses: urlencode.
 */
#include <string.h>

#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"
#include "stdlib/items.h"

/** Where the quoted text will stand. */
enum quoting { QUOTING_PATH, QUOTING_QUERY };

/** Appends str(value) with everything but letters, digits and _.-~ as %XX; a path keeps '/', a query has '+' for spaces. */
static void append_quoted(struct text_buffer *out, struct value value, enum quoting quoting)
{
    OWNED text = argument_text(value);
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";
    for (uint32_t i = 0; i < text.as.text->length; i++) {
        char byte = text.as.text->bytes[i];
        if (byte && (strchr(plain, byte) || (byte == '/' && quoting == QUOTING_PATH)))
            text_buffer_append_char(out, byte);
        else if (byte == ' ' && quoting == QUOTING_QUERY)
            text_buffer_append_char(out, '+');
        else
            text_buffer_append_format(out, "%%%02X", (unsigned char)byte);
    }
}

/** The two items of a pair; fails as Python's unpacking does. */
static bool unpack_pair(struct evaluation *evaluation, struct value pair, struct value *items, struct error *error)
{
    OWNED_ERROR cause = {0};
    struct list *list = items_read(evaluation, pair, ITEMS_REFUSE_UNDEFINED, &cause);
    if (!list && cause.kind == ERROR_TYPE)
        return error_set(error, ERROR_TYPE, "cannot unpack non-iterable %s object", value_type_name(pair));
    if (!list)
        return error_move(error, &cause);
    OWNED owner = value_list_take(list);
    if (list->count > 2)
        return error_set(error, ERROR_VALUE, "too many values to unpack (expected 2)");
    if (list->count < 2)
        return error_set(error, ERROR_VALUE, "not enough values to unpack (expected 2, got %zu)", list->count);
    *items = value_steal(&owner);
    return true;
}

/** key=value&key=value */
static bool append_query(struct evaluation *evaluation, struct text_buffer *out, const struct list *pairs,
                         struct error *error)
{
    for (size_t i = 0; i < pairs->count; i++) {
        OWNED pair = value_null();
        if (!unpack_pair(evaluation, pairs->items[i], &pair, error))
            return false;
        if (i > 0)
            text_buffer_append_char(out, '&');
        append_quoted(out, pair.as.list->items[0], QUOTING_QUERY);
        text_buffer_append_char(out, '=');
        append_quoted(out, pair.as.list->items[1], QUOTING_QUERY);
    }
    return true;
}

static bool filter_urlencode(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    struct value value = arguments[0];
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    bool is_iterable = value_is_sequence(value) || value_is_dict(value) ||
                       (value.kind == VALUE_OBJECT && value.as.object->class->items);
    if (!is_iterable) {
        append_quoted(&out, value, QUOTING_PATH);
    } else {
        struct list *pairs = value_is_mapping(value) ? items_read_pairs(evaluation, value, error)
                                                     : items_read(evaluation, value, ITEMS_REFUSE_UNDEFINED, error);
        if (!pairs)
            return false;
        OWNED owner = value_list_take(pairs);
        if (!append_query(evaluation, &out, pairs, error))
            return false;
    }
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static const struct function rows[] = {
    {"urlencode", "value", filter_urlencode, 0,
     "The text for the path of an address, or a dict (or pairs) as its query: a=1&b=2"},
};

const struct function_table filters_url = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
