#include "stdlib/argument.h"

#include "runtime/value/arithmetic.h"
#include "runtime/value/repr.h"

bool argument_int(struct value argument, int64_t *result, struct error *error)
{
    if (value_to_int64(argument, result))
        return true;
    if (argument.kind == VALUE_BIGINT)
        return error_set(error, ERROR_VALUE, "Python int too large to convert to C ssize_t");
    return error_set(error, ERROR_TYPE, "'%s' object cannot be interpreted as an integer", value_type_name(argument));
}

bool argument_length(struct value argument, int64_t *result, struct error *error)
{
    int64_t length = value_length(argument);
    if (length < 0)
        return error_set(error, ERROR_TYPE, "object of type '%s' has no len()", value_type_name(argument));
    *result = length;
    return true;
}

struct value argument_text(struct value argument)
{
    return value_is_string(argument) ? value_copy(argument) : value_str(argument);
}

struct value argument_text_like(struct text *text, struct value like)
{
    struct value result = value_string_take(text);
    result.flags = like.flags & VALUE_MARKUP;
    return result;
}

bool argument_double(struct value argument, double *result, struct error *error)
{
    if (value_is_number(argument))
        return value_to_double(argument, result, error);
    if (!value_is_string(argument))
        return error_set(error, ERROR_TYPE, "float() argument must be a string or a real number, not '%s'",
                         value_type_name(argument));
    if (value_parse_float(argument.as.text->bytes, argument.as.text->length, result))
        return true;
    OWNED shown = value_repr(argument);
    return error_set(error, ERROR_VALUE, "could not convert string to float: %s", value_bytes(shown));
}
