#include "stdlib/lookups/option.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/repr.h"
#include "runtime/value/text.h"

bool option_invalid(const struct option_place *place, struct value value, struct error *error)
{
    OWNED shown = value_repr(value);
    return error_set(error, ERROR_VALUE,
                     "Config '%s' for '%s' lookup plugin from 'Direct' has an invalid value: "
                     "Invalid value provided for '%s': %s",
                     place->option, place->lookup, place->type, value_bytes(shown));
}

bool option_int(const struct option_place *place, struct value value, int64_t *result, struct error *error)
{
    double number;
    if (value_to_int64(value, result))
        return true;
    if (value.kind == VALUE_FLOAT)
        number = value.as.floating;
    else if (!value_is_string(value) || !value_parse_float(value.as.text->bytes, value.as.text->length, &number))
        return option_invalid(place, value, error);
    if (floor(number) != number || fabs(number) > 9e15)
        return option_invalid(place, value, error);
    *result = (int64_t)number;
    return true;
}

bool option_truth(struct value value)
{
    static const char *const words[] = {"y", "yes", "on", "1", "true", "t"};
    double number;
    OWNED_ERROR ignored = {0};
    if (value_is_number(value))
        return value_to_double(value, &number, &ignored) && number == 1;
    for (size_t i = 0; value_is_string(value) && i < COUNT_OF(words); i++)
        if (strcasecmp(value_bytes(value), words[i]) == 0)
            return true;
    return false;
}

struct list *text_parts(const struct text *text, const char *separators)
{
    struct list *parts = list_new(0);
    for (const char *at = text->bytes; *at; at += *at != '\0') {
        size_t length = strcspn(at, separators);
        struct text *part = text_new(at, length);
        struct text *stripped = text_strip(part, NULL, TEXT_BOTH);
        text_drop(part);
        if (stripped->length)
            list_push_take(parts, value_string_take(text_copy(stripped)));
        text_drop(stripped);
        at += length;
    }
    return parts;
}

struct list *option_strings(const struct option_place *place, struct value value, struct error *error)
{
    if (value_is_string(value))
        return text_parts(value.as.text, ",");
    if (!value_is_sequence(value)) {
        option_invalid(place, value, error);
        return NULL;
    }
    struct list *strings = list_new(value.as.list->count);
    for (size_t i = 0; i < value.as.list->count; i++)
        list_push_take(strings, value_str(value.as.list->items[i]));
    return strings;
}

bool option_is_string(const struct option_place *place, struct value value, struct error *error)
{
    return value_is_string(value) || option_invalid(place, value, error);
}

bool term_is_string(struct value term, const char *method, struct error *error)
{
    return value_is_string(term) ||
           error_set(error, ERROR_TYPE, "'%s' object has no attribute '%s'", value_type_name(term), method);
}
