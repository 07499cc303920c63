#include "runtime/value/value.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/value/bigint.h"
#include "runtime/value/dict.h"
#include "runtime/value/list.h"
#include "runtime/value/object.h"
#include "runtime/value/text.h"

/* ---- constructors ---- */

struct value value_string(const char *bytes)
{
    return value_string_length(bytes, strlen(bytes));
}

struct value value_string_length(const char *bytes, size_t length)
{
    return value_string_take(text_new(bytes, length));
}

/** The formatted text as a new body. */
static struct text *text_format(const char *format, va_list arguments)
{
    char *bytes = NULL;
    int length = vasprintf(&bytes, format, arguments);
    if (length < 0)
        memory_exhausted();
    struct text *text = text_new(bytes, (size_t)length);
    memory_cleanup(&bytes);
    return text;
}

struct value value_string_format(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct text *text = text_format(format, arguments);
    va_end(arguments);
    return value_string_take(text);
}

struct value value_string_take(struct text *text)
{
    return (struct value){.kind = VALUE_STRING, .as.text = text};
}

struct value value_list_take(struct list *list)
{
    return (struct value){.kind = VALUE_LIST, .as.list = list};
}

struct value value_tuple_take(struct list *list)
{
    return (struct value){.kind = VALUE_TUPLE, .as.list = list};
}

struct value value_dict_take(struct dict *dict)
{
    return (struct value){.kind = VALUE_DICT, .as.dict = dict};
}

struct value value_object_take(struct object *object)
{
    return (struct value){.kind = VALUE_OBJECT, .as.object = object};
}

struct value value_list_new(void)
{
    return value_list_take(list_new(0));
}

struct value value_dict_new(void)
{
    return value_dict_take(dict_new());
}

struct value value_undefined(struct span span, const char *help, const char *message, ...)
{
    struct undefined *undefined = memory_new(sizeof *undefined);
    va_list arguments;
    va_start(arguments, message);
    *undefined = (struct undefined){
        .references = 1,
        .message = text_format(message, arguments),
        .help = help ? text_new(help, strlen(help)) : NULL,
        .span = span_copy(span),
    };
    va_end(arguments);
    return (struct value){.kind = VALUE_UNDEFINED, .as.undefined = undefined};
}

struct value value_undefined_take_message(struct text *message, struct text *origin, uint32_t start, uint32_t length)
{
    struct undefined *undefined = memory_new(sizeof *undefined);
    *undefined = (struct undefined){
        .references = 1,
        .message = message,
        .origin = origin ? text_copy(origin) : NULL,
        .start = start,
        .length = length,
    };
    return (struct value){.kind = VALUE_UNDEFINED, .as.undefined = undefined};
}

struct value value_undefined_take(struct error *error)
{
    const struct error *innermost = error;
    while (innermost->cause)
        innermost = innermost->cause;
    struct value undefined = value_undefined(innermost->span, innermost->help, "%s", innermost->message);
    if (error->kind == ERROR_UNDEFINED) {
        error_done(error);
        return undefined;
    }
    struct error *failure = memory_new(sizeof *failure);
    *failure = (struct error){0};
    error_move(failure, error);
    undefined.as.undefined->failure = failure;
    return undefined;
}

bool value_is_failure(struct value value)
{
    return value.kind == VALUE_UNDEFINED && value.as.undefined && value.as.undefined->failure;
}

/* ---- ownership ---- */

static void undefined_free(struct undefined *undefined)
{
    text_drop(undefined->message);
    text_drop(undefined->help);
    span_drop(undefined->span);
    text_drop(undefined->origin);
    if (undefined->failure)
        error_done(undefined->failure);
    memory_cleanup(&undefined->failure);
    memory_cleanup(&undefined);
}

void value_free(struct value value)
{
    /* value_drop has counted down to 0; the drops of the bodies count for themselves. */
    *value.as.references = 1;
    switch ((enum value_kind)value.kind) {
    case VALUE_NULL:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_OMIT:
        bug("a value of kind %d has no body", value.kind);
    case VALUE_BIGINT:
        bigint_free(value.as.bigint);
        return;
    case VALUE_STRING:
        text_drop(value.as.text);
        return;
    case VALUE_LIST:
    case VALUE_TUPLE:
        list_drop(value.as.list);
        return;
    case VALUE_DICT:
        dict_drop(value.as.dict);
        return;
    case VALUE_UNDEFINED:
        undefined_free(value.as.undefined);
        return;
    case VALUE_OBJECT:
        value.as.object->class->free(value.as.object);
        return;
    }
}

struct list *value_own_list(struct value *value)
{
    if (value->as.list->references > 1) {
        struct list *clone = list_clone(value->as.list);
        value->as.list->references--;
        value->as.list = clone;
    }
    return value->as.list;
}

struct dict *value_own_dict(struct value *value)
{
    if (value->as.dict->references > 1) {
        struct dict *clone = dict_clone(value->as.dict);
        value->as.dict->references--;
        value->as.dict = clone;
    }
    return value->as.dict;
}

/* ---- questions ---- */

bool value_is_lazy(struct value value)
{
    switch ((enum value_kind)value.kind) {
    case VALUE_STRING:
        return value.flags & VALUE_LAZY;
    case VALUE_LIST:
    case VALUE_TUPLE:
        return value.as.list->lazy;
    case VALUE_DICT:
        return value.as.dict->lazy;
    case VALUE_NULL:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_BIGINT:
    case VALUE_OBJECT:
        return false;
    case VALUE_UNDEFINED:
    case VALUE_OMIT:
        return true;
    }
    return false;
}

static bool object_truth(struct object *object)
{
    if (object->class->truth)
        return object->class->truth(object);
    return !object->class->length || object->class->length(object) != 0;
}

bool value_truth(struct value value)
{
    switch ((enum value_kind)value.kind) {
    case VALUE_NULL:
    case VALUE_UNDEFINED:
        return false;
    case VALUE_BOOL:
        return value.as.boolean;
    case VALUE_INT:
        return value.as.integer != 0;
    case VALUE_FLOAT:
        return value.as.floating != 0;
    case VALUE_BIGINT:
    case VALUE_OMIT:
        return true;
    case VALUE_STRING:
        return value.as.text->length > 0;
    case VALUE_LIST:
    case VALUE_TUPLE:
        return value.as.list->count > 0;
    case VALUE_DICT:
        return value.as.dict->live > 0;
    case VALUE_OBJECT:
        return object_truth(value.as.object);
    }
    return false;
}

const char *value_type_name(struct value value)
{
    switch ((enum value_kind)value.kind) {
    case VALUE_NULL:
        return "NoneType";
    case VALUE_BOOL:
        return "bool";
    case VALUE_INT:
    case VALUE_BIGINT:
        return "int";
    case VALUE_FLOAT:
        return "float";
    case VALUE_STRING:
        return value.flags & VALUE_BYTES ? "bytes" : value.flags & VALUE_MARKUP ? "Markup" : "str";
    case VALUE_LIST:
        return "list";
    case VALUE_TUPLE:
        return value.as.list->shape ? value.as.list->shape->type_name : "tuple";
    case VALUE_DICT:
        return "dict";
    case VALUE_UNDEFINED:
        return "Undefined";
    case VALUE_OBJECT:
        return value.as.object->class->type_name;
    case VALUE_OMIT:
        return "_OmitType";
    }
    return "object";
}

int64_t value_length(struct value value)
{
    switch ((enum value_kind)value.kind) {
    case VALUE_STRING:
        return value.flags & VALUE_BYTES ? value.as.text->length : text_points(value.as.text);
    case VALUE_LIST:
    case VALUE_TUPLE:
        return (int64_t)value.as.list->count;
    case VALUE_DICT:
        return value.as.dict->live;
    case VALUE_OBJECT:
        return value.as.object->class->length ? value.as.object->class->length(value.as.object) : -1;
    case VALUE_NULL:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_BIGINT:
    case VALUE_UNDEFINED:
    case VALUE_OMIT:
        return -1;
    }
    return -1;
}

/* ---- strings ---- */

bool value_equals_string(struct value value, const char *bytes)
{
    return value.kind == VALUE_STRING && strlen(bytes) == value.as.text->length &&
           memcmp(value.as.text->bytes, bytes, value.as.text->length) == 0;
}

const char *value_bytes(struct value value)
{
    return value.as.text->bytes;
}

bool value_undefined_error(struct value undefined, struct error *error)
{
    const struct undefined *body = undefined.as.undefined;
    if (body->failure) {
        struct error failure = error_copy(body->failure);
        return error_move(error, &failure);
    }
    error_set(error, ERROR_UNDEFINED, "%s", body->message->bytes);
    if (body->help)
        error_help(error, "%s", body->help->bytes);
    struct span span = body->origin ? text_span(body->origin, body->start, body->length) : body->span;
    if (span.source)
        error_at(error, span);
    return false;
}
