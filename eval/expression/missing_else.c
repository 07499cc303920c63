#include "eval/expression/missing_else.h"

#include <stdlib.h>

#include "runtime/value/list.h"
#include "runtime/value/object.h"

#define MISSING_ELSE "Write what an inline if without else should be then: `... if ... else ...`, perhaps `else omit`."

static bool fail(struct error *error)
{
    error_set(error, ERROR_OTHER, "the inline if-expression evaluated to false and no else section was defined.");
    return error_help(error, MISSING_ELSE);
}

static void missing_else_str(struct object *object, struct text_buffer *out)
{
    (void)object, (void)out;
}

static int64_t missing_else_length(struct object *object)
{
    (void)object;
    return 0;
}

static struct list *missing_else_items(struct object *object, struct error *error)
{
    (void)object, (void)error;
    return list_new(0);
}

static enum lookup_result missing_else_attribute(struct object *object, struct text *name, struct value *result,
                                                 struct error *error)
{
    (void)object, (void)name, (void)result;
    fail(error);
    return LOOKUP_FAILED;
}

static enum lookup_result missing_else_item(struct object *object, struct value key, struct value *result,
                                            struct error *error)
{
    (void)object, (void)key, (void)result;
    fail(error);
    return LOOKUP_FAILED;
}

static enum lookup_result missing_else_binary(char operation, struct value left, struct value right,
                                              struct value *result, struct error *error)
{
    (void)operation, (void)left, (void)right, (void)result;
    fail(error);
    return LOOKUP_FAILED;
}

static bool missing_else_finalize(struct object *object, struct value *result, struct error *error)
{
    (void)object, (void)result;
    error_set(error, ERROR_TYPE, "Type 'Undefined' is unsupported for variable storage.");
    return error_help(error, MISSING_ELSE);
}

static void missing_else_free(struct object *object)
{
    free(object);
}

static const struct object_class missing_else_class = {
    .type_name = "Undefined",
    .free = missing_else_free,
    .get_attribute = missing_else_attribute,
    .get_item = missing_else_item,
    .length = missing_else_length,
    .items = missing_else_items,
    .str = missing_else_str,
    .repr = missing_else_str,
    .binary = missing_else_binary,
    .finalize = missing_else_finalize,
};

struct value missing_else(void)
{
    struct object *object = memory_new(sizeof *object);
    *object = (struct object){1, &missing_else_class};
    return value_object_take(object);
}
