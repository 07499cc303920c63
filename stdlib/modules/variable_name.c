/* Names of variables: see variable_name.h. */
#include "stdlib/modules/variable_name.h"

#include <ctype.h>

#include "runtime/value/text.h"

bool variable_name_is_valid(struct value name)
{
    if (!value_is_string(name) || !*value_bytes(name) || isdigit((unsigned char)*value_bytes(name)))
        return false;
    for (const char *at = value_bytes(name); *at; at++)
        if (!isalnum((unsigned char)*at) && *at != '_')
            return false;
    return true;
}

bool variable_name_error(struct value name, struct error *error)
{
    error_set(error, ERROR_MODULE, "Invalid variable name '%s'.", value_is_string(name) ? value_bytes(name) : "");
    return error_help(error, "Variable names must be strings starting with a letter or underscore character, and "
                             "contain only letters, numbers and underscores.");
}
