#include "stdlib/methods/string_argument.h"

#include "runtime/value/arithmetic.h"

bool string_argument(struct value argument, const char *what, struct error *error)
{
    if (value_is_string(argument))
        return true;
    return error_set(error, ERROR_TYPE, "%s%smust be str, not %s", what, *what ? " " : "",
                     argument.kind == VALUE_NULL ? "None" : value_type_name(argument));
}

/** A bound of a slice as a position from 0; past the end it stays there when it may. */
static bool resolve_bound(struct value bound, int64_t length, int64_t fallback, int64_t *position, struct error *error)
{
    *position = fallback;
    if (value_is_null(bound))
        return true;
    if (!value_to_int64(bound, position))
        return error_set(error, ERROR_TYPE, "slice indices must be integers or None or have an __index__ method");
    if (*position < 0)
        *position = *position + length < 0 ? 0 : *position + length;
    return true;
}

bool string_stretch(struct value self, struct value start, struct value end, struct stretch *stretch, bool *is_inside,
                    struct error *error)
{
    struct text *text = self.as.text;
    int64_t length = text_points(text), from, to;
    if (!resolve_bound(start, length, 0, &from, error) || !resolve_bound(end, length, length, &to, error))
        return false;
    if (to > length)
        to = length;
    *is_inside = from <= to;
    if (*is_inside)
        *stretch = (struct stretch){text->bytes + text_offset(text, (uint32_t)from),
                                    text->bytes + text_offset(text, (uint32_t)to)};
    return true;
}
