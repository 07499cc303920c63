/* Attributes, items and slices, with Jinja's order of looking and its sandbox. */
#include <string.h>

#include "eval/expression/variable.h"
#include "eval/expression/walk.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/compare.h"
#include "runtime/value/object.h"
#include "runtime/value/repr.h"

/** The type whose methods a value has: Markup is a str, a named tuple a tuple and a bool an int. */
static const char *method_type(struct value object)
{
    if (value_is_string(object))
        return object.flags & VALUE_BYTES ? "bytes" : "str";
    return object.kind == VALUE_TUPLE ? "tuple" : object.kind == VALUE_BOOL ? "int" : value_type_name(object);
}

/** The method `name` of a value's type ("str.split"), or NULL. */
static struct plugin *method_find(struct evaluation *evaluation, struct value object, struct text *name)
{
    char key[96];
    if (!registry_may_have_method(engine_registry(evaluation->engine), name))
        return NULL;
    const char *type = method_type(object);
    size_t type_length = strlen(type);
    if (type_length + 1 + name->length >= sizeof key)
        return NULL;
    memcpy(key, type, type_length);
    key[type_length] = '.';
    memcpy(key + type_length + 1, name->bytes, name->length);
    return registry_find(engine_registry(evaluation->engine), FUNCTION_METHOD, key, type_length + 1 + name->length);
}

struct plugin *method_of_node(struct evaluation *evaluation, const struct expression *node, struct value object)
{
    struct expression *writable = (struct expression *)node; /* what was found is kept in the node */
    bool is_kept =
        (value_is_string(object) && !(object.flags & VALUE_BYTES)) || value_is_list(object) || value_is_dict(object);
    if (!is_kept)
        return method_find(evaluation, object, node->attribute.name);
    if (node->attribute.method_kind != object.kind + 1) {
        writable->attribute.method = method_find(evaluation, object, node->attribute.name);
        writable->attribute.method_kind = object.kind + 1;
    }
    return (struct plugin *)node->attribute.method;
}

/** Is it a name of Python's internals, which the sandbox keeps closed? */
static bool is_internal(const struct text *name)
{
    return name->length > 4 && strncmp(name->bytes, "__", 2) == 0 && strcmp(name->bytes + name->length - 2, "__") == 0;
}

/** A method bound to the object, or the value of a property.  `node` is what asks, an ATTRIBUTE, or NULL. */
static enum lookup_result own_method(struct evaluation *evaluation, const struct expression *node, struct value object,
                                     struct text *name, struct value *result, struct error *error)
{
    struct plugin *method = node ? method_of_node(evaluation, node, object) : method_find(evaluation, object, name);
    if (!method)
        return LOOKUP_MISSING;
    if (method->function->flags & FUNCTION_PROPERTY)
        return method->function->run(evaluation, &object, result, error) ? LOOKUP_FOUND : LOOKUP_FAILED;
    *result = function_value(method, &object);
    return LOOKUP_FOUND;
}

/** What the object itself has under the name. */
static enum lookup_result own_attribute(struct evaluation *evaluation, const struct expression *node,
                                        struct value object, struct text *name, struct value *result,
                                        struct error *error)
{
    if (object.kind == VALUE_OBJECT && object.as.object->class->get_attribute) {
        enum lookup_result found = object.as.object->class->get_attribute(object.as.object, name, result, error);
        if (found != LOOKUP_MISSING)
            return found;
    }
    const struct tuple_shape *shape = object.kind == VALUE_TUPLE ? object.as.list->shape : NULL;
    for (size_t i = 0; shape && i < object.as.list->count; i++)
        if (strcmp(shape->fields[i], name->bytes) == 0) {
            *result = value_copy(object.as.list->items[i]);
            return LOOKUP_FOUND;
        }
    return own_method(evaluation, node, object, name, result, error);
}

/** The item under a key; LOOKUP_MISSING where there is none. */
static enum lookup_result own_item(struct value object, struct value key, struct value *result, struct error *error)
{
    int64_t index, length;
    if (value_is_dict(object)) {
        const struct value *found = dict_find(object.as.dict, key);
        if (found)
            *result = value_copy(*found);
        return found ? LOOKUP_FOUND : LOOKUP_MISSING;
    }
    if (object.kind == VALUE_OBJECT)
        return object.as.object->class->get_item
                   ? object.as.object->class->get_item(object.as.object, key, result, error)
                   : LOOKUP_MISSING;
    if (!(value_is_sequence(object) || value_is_string(object)) || !value_to_int64(key, &index))
        return LOOKUP_MISSING;
    length = value_length(object);
    if (index < 0)
        index += length;
    if (index < 0 || index >= length)
        return LOOKUP_MISSING;
    if (value_is_string(object) && object.flags & VALUE_BYTES)
        *result = value_int((unsigned char)object.as.text->bytes[index]);
    else if (value_is_string(object))
        *result = value_string_take(text_slice(object.as.text, (uint32_t)index, (uint32_t)index + 1));
    else
        *result = value_copy(object.as.list->items[index]);
    return LOOKUP_FOUND;
}

/** Where something was asked for. */
struct origin {
    struct text *text; /* of the template; NULL: unknown */
    struct extent mark;
};

static struct value undefined_take(struct text_buffer *message, const struct origin *origin)
{
    return value_undefined_take_message(text_buffer_take(message), origin->text, origin->mark.start,
                                        origin->mark.length);
}

/** "object of type 'dict' has no attribute 'x'": put together by hand, since what is missing is often expected to be. */
static struct value missing(struct value object, struct value key, const struct origin *origin)
{
    struct text_buffer message = {0};
    if (!value_is_string(key) && object.kind <= VALUE_BIGINT) {
        text_buffer_append_string(&message, value_is_null(object) ? "None" : value_type_name(object));
        text_buffer_append_string(&message, value_is_null(object) ? " has no element " : " object has no element ");
    } else {
        text_buffer_append_string(&message, "object of type '");
        text_buffer_append_string(&message, value_type_name(object));
        text_buffer_append_string(&message, "' has no attribute ");
    }
    value_append_repr(&message, key);
    return undefined_take(&message, origin);
}

/** An undefined value where the sandbox refuses. */
static struct value refused(struct value object, const struct text *name, const struct origin *origin)
{
    struct text_buffer message = {0};
    text_buffer_append_format(&message, "access to attribute '%s' of '%s' object is unsafe.", name->bytes,
                              value_type_name(object));
    return undefined_take(&message, origin);
}

/** The place of a mark (NULL: none) in the template under evaluation. */
static struct origin origin_of(const struct evaluation *evaluation, const struct extent *mark)
{
    if (!mark || !evaluation->template)
        return (struct origin){0};
    return (struct origin){evaluation->template->text, *mark};
}

/** What was found, evaluated where it is a template. */
static bool finish(struct evaluation *evaluation, enum lookup_result found, struct value *result, struct error *error)
{
    if (found == LOOKUP_FAILED)
        return false;
    if (!value_is_string(*result) || !(result->flags & VALUE_LAZY))
        return true;
    OWNED raw = *result;
    return variable_evaluate_text(evaluation, raw, result, error);
}

/** `object.name`: the object's own, then its item of that name.  `node` is what asks, or NULL. */
static bool get_attribute(struct evaluation *evaluation, const struct expression *node, struct value object,
                          struct text *name, struct value *result, struct error *error)
{
    struct value key = {.kind = VALUE_STRING, .as.text = name};
    enum lookup_result found = LOOKUP_MISSING;
    if (value_is_undefined(object)) {
        *result = value_copy(object);
        return true;
    }
    if (is_internal(name))
        found = own_method(evaluation, node, object, name, result, error); /* the few that the library opens */
    else
        found = own_attribute(evaluation, node, object, name, result, error);
    if (found == LOOKUP_MISSING)
        found = own_item(object, key, result, error);
    if (found == LOOKUP_MISSING) {
        struct origin origin = origin_of(evaluation, node ? &node->mark : NULL);
        *result = is_internal(name) ? refused(object, name, &origin) : missing(object, key, &origin);
        return true;
    }
    return finish(evaluation, found, result, error);
}

/** `object[key]`: the item, then the object's own attribute of that name. */
static bool get_item(struct evaluation *evaluation, struct value object, struct value key, const struct extent *mark,
                     struct value *result, struct error *error)
{
    if (value_is_undefined(object)) {
        *result = value_copy(object);
        return true;
    }
    enum lookup_result found = own_item(object, key, result, error);
    if (found == LOOKUP_MISSING && value_is_string(key) && !is_internal(key.as.text))
        found = own_attribute(evaluation, NULL, object, key.as.text, result, error);
    if (found == LOOKUP_MISSING) {
        struct origin origin = origin_of(evaluation, mark);
        *result = value_is_string(key) && is_internal(key.as.text) ? refused(object, key.as.text, &origin)
                                                                   : missing(object, key, &origin);
        return true;
    }
    return finish(evaluation, found, result, error);
}

bool evaluation_attribute(struct evaluation *evaluation, struct value object, struct value name, struct value *result,
                          struct error *error)
{
    return get_attribute(evaluation, NULL, object, name.as.text, result, error);
}

bool evaluation_item(struct evaluation *evaluation, struct value object, struct value key, struct value *result,
                     struct error *error)
{
    return get_item(evaluation, object, key, NULL, result, error);
}

bool attribute_read(struct evaluation *evaluation, const struct expression *expression, struct value object,
                    struct value *result, struct error *error)
{
    bool has_no_method = expression->attribute.method_kind == VALUE_DICT + 1 && !expression->attribute.method;
    if (value_is_dict(object) && has_no_method) {
        const struct value *found = dict_find_text(object.as.dict, expression->attribute.name);
        if (found && !(found->flags & VALUE_LAZY)) {
            *result = value_copy(*found);
            return true;
        }
    }
    return get_attribute(evaluation, expression, object, expression->attribute.name, result, error) ||
           expression_fail_at(evaluation, expression->mark, error);
}

bool evaluate_attribute(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                        struct error *error)
{
    const struct expression *from = expression->attribute.object;
    const struct value *local = from->kind == EXPRESSION_NAME ? local_recall(evaluation, from) : NULL;
    if (local && value_is_dict(*local)) /* nothing that reading it may evaluate can bind the name anew */
        return attribute_read(evaluation, expression, *local, result, error);
    OWNED object = value_null();
    return expression_evaluate(evaluation, from, &object, error) &&
           attribute_read(evaluation, expression, object, result, error);
}

/* ---- slices ---- */

/** A bound of a slice: null where it is left out. */
static bool slice_bound(struct evaluation *evaluation, const struct expression *expression, bool *given,
                        int64_t *result, struct error *error)
{
    OWNED value = value_null();
    *given = false;
    if (!expression)
        return true;
    if (!expression_evaluate_defined(evaluation, expression, &value, error))
        return false;
    if (value_is_null(value))
        return true;
    *given = true;
    if (value_is_integer(value) || value.kind == VALUE_BOOL) {
        if (!value_to_int64(value, result))
            *result = value_truth(value) ? INT64_MAX : INT64_MIN;
        return true;
    }
    error_set(error, ERROR_TYPE, "slice indices must be integers or None or have an __index__ method");
    return expression_fail_at(evaluation, expression->mark, error);
}

/** A slice against a length, as Python's slice.indices: the first index, the step, and how many. */
struct slice {
    int64_t start, step, count;
};

/** Python's clamping of a bound. */
static int64_t clamp(int64_t bound, int64_t length, int64_t step)
{
    if (bound < 0)
        bound = bound < -length ? (step < 0 ? -1 : 0) : bound + length;
    else if (bound >= length)
        bound = step < 0 ? length - 1 : length;
    return bound;
}

static bool evaluate_slice(struct evaluation *evaluation, const struct expression *expression, int64_t length,
                           struct slice *slice, struct error *error)
{
    bool has_start, has_stop, has_step;
    int64_t start = 0, stop = 0, step = 1;
    if (!slice_bound(evaluation, expression->slice.start, &has_start, &start, error) ||
        !slice_bound(evaluation, expression->slice.stop, &has_stop, &stop, error) ||
        !slice_bound(evaluation, expression->slice.step, &has_step, &step, error))
        return false;
    if (has_step && step == 0) {
        error_set(error, ERROR_VALUE, "slice step cannot be zero");
        return expression_fail_at(evaluation, expression->mark, error);
    }
    start = has_start ? clamp(start, length, step) : step < 0 ? length - 1 : 0;
    stop = has_stop ? clamp(stop, length, step) : step < 0 ? -1 : length;
    slice->start = start;
    slice->step = step;
    slice->count = step > 0 ? (stop > start ? (stop - start - 1) / step + 1 : 0)
                            : (start > stop ? (start - stop - 1) / -step + 1 : 0);
    return true;
}

static struct value slice_text(struct text *text, const struct slice *slice)
{
    if (slice->count == 0)
        return value_string_length("", 0);
    if (slice->step == 1)
        return value_string_take(text_slice(text, (uint32_t)slice->start, (uint32_t)(slice->start + slice->count)));
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    for (int64_t i = 0; i < slice->count; i++) {
        uint32_t at = (uint32_t)(slice->start + i * slice->step);
        uint32_t first = text_offset(text, at), last = text_offset(text, at + 1);
        text_buffer_append(&out, text->bytes + first, last - first);
    }
    return value_string_take(text_buffer_take(&out));
}

static struct value slice_list(struct value object, const struct slice *slice)
{
    struct list *list = list_new((size_t)slice->count);
    for (int64_t i = 0; i < slice->count; i++)
        list_push_take(list, value_copy(object.as.list->items[slice->start + i * slice->step]));
    return object.kind == VALUE_TUPLE ? value_tuple_take(list) : value_list_take(list);
}

/** `object[start:stop:step]` of text, sequences and what can be listed. */
static bool evaluate_sliced(struct evaluation *evaluation, const struct expression *expression, struct value object,
                            struct value *result, struct error *error)
{
    struct slice slice;
    OWNED listed = value_null();
    if (value_is_undefined(object)) {
        *result = value_copy(object);
        return true;
    }
    if (object.kind == VALUE_OBJECT && object.as.object->class->items) {
        struct list *items = object.as.object->class->items(object.as.object, error);
        if (!items)
            return expression_fail_at(evaluation, expression->mark, error);
        object = listed = value_list_take(items);
    }
    if (!value_is_string(object) && !value_is_sequence(object)) {
        if (value_is_dict(object))
            error_set(error, ERROR_TYPE, "unhashable type: 'slice'");
        else
            error_set(error, ERROR_TYPE, "'%s' object is not subscriptable", value_type_name(object));
        return expression_fail_at(evaluation, expression->mark, error);
    }
    if (!evaluate_slice(evaluation, expression->item.key, value_length(object), &slice, error))
        return false;
    *result = value_is_string(object) ? slice_text(object.as.text, &slice) : slice_list(object, &slice);
    return true;
}

bool evaluate_item(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                   struct error *error)
{
    OWNED object = value_null();
    OWNED key = value_null();
    if (!evaluate_quickly(evaluation, expression->item.object, &object, error))
        return false;
    if (expression->item.key->kind == EXPRESSION_SLICE)
        return evaluate_sliced(evaluation, expression, object, result, error);
    if (!evaluate_operand(evaluation, expression->item.key, &key, error))
        return false;
    return get_item(evaluation, object, key, &expression->mark, result, error) ||
           expression_fail_at(evaluation, expression->mark, error);
}
