#include "runtime/value/object.h"

bool object_unsupported(struct object *object, struct value *result, struct error *error)
{
    (void)result;
    return error_set(error, ERROR_TYPE, "Type '%s' is unsupported for variable storage.", object->class->type_name);
}
