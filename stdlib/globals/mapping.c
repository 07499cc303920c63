/* dict() and namespace(): both take what Python's dict() takes. */
#include <stdlib.h>

#include "runtime/value/repr.h"
#include "stdlib/globals/globals.h"

/* ---- mappings ---- */

/** One pair of an iterable of pairs. */
static bool mapping_add_pair(struct evaluation *evaluation, struct dict *mapping, struct value pair, size_t index,
                             struct error *error)
{
    struct list *items = evaluation_items(evaluation, pair, error);
    if (!items) {
        if (error->kind != ERROR_TYPE)
            return false;
        error_done(error);
        return error_set(error, ERROR_TYPE, "cannot convert dictionary update sequence element #%zu to a sequence",
                         index);
    }
    OWNED owned = value_list_take(items);
    if (items->count != 2)
        return error_set(error, ERROR_VALUE, "dictionary update sequence element #%zu has length %zu; 2 is required",
                         index, items->count);
    if (!dict_key_check(items->items[0], error))
        return false;
    dict_set_take(mapping, value_copy(items->items[0]), value_copy(items->items[1]));
    return true;
}

static bool mapping_add_pairs(struct evaluation *evaluation, struct dict *mapping, struct value pairs,
                              struct error *error)
{
    struct list *items = evaluation_items(evaluation, pairs, error);
    if (!items)
        return false;
    OWNED owned = value_list_take(items);
    for (size_t i = 0; i < items->count; i++)
        if (!mapping_add_pair(evaluation, mapping, items->items[i], i, error))
            return false;
    return true;
}

/** dict(*arguments, **options): a new one, or NULL. */
static struct dict *mapping_build(struct evaluation *evaluation, struct value arguments, struct value options,
                                  struct error *error)
{
    const struct list *given = arguments.as.list;
    OWNED mapping = value_dict_new();
    if (given->count > 1) {
        error_set(error, ERROR_TYPE, "dict expected at most 1 argument, got %zu", given->count);
        return NULL;
    }
    if (given->count == 1 && value_is_dict(given->items[0]))
        dict_update(mapping.as.dict, given->items[0].as.dict);
    else if (given->count == 1 && !mapping_add_pairs(evaluation, mapping.as.dict, given->items[0], error))
        return NULL;
    dict_update(mapping.as.dict, options.as.dict);
    return value_steal(&mapping).as.dict;
}

static bool global_dict(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    struct dict *mapping = mapping_build(evaluation, arguments[0], arguments[1], error);
    if (mapping)
        *result = value_dict_take(mapping);
    return mapping != NULL;
}

/* ---- namespaces: objects whose attributes a template may set, even from within a loop ---- */

struct namespace_object {
    struct object object;
    struct value attributes; /* a dict; owned */
};

static void namespace_free(struct object *object)
{
    value_drop(((struct namespace_object *)object)->attributes);
    free(object);
}

static enum lookup_result namespace_get_item(struct object *object, struct value key, struct value *result,
                                             struct error *error)
{
    const struct value *found = dict_find(((struct namespace_object *)object)->attributes.as.dict, key);
    (void)error;
    if (!found)
        return LOOKUP_MISSING;
    *result = value_copy(*found);
    return LOOKUP_FOUND;
}

static enum lookup_result namespace_get_attribute(struct object *object, struct text *name, struct value *result,
                                                  struct error *error)
{
    return namespace_get_item(object, (struct value){.kind = VALUE_STRING, .as.text = name}, result, error);
}

static void namespace_set_attribute(struct object *object, struct text *name, struct value value)
{
    dict_set_take(((struct namespace_object *)object)->attributes.as.dict, value_string_take(text_copy(name)),
                  value_copy(value));
}

static void namespace_clear(struct object *object)
{
    value_replace_take(&((struct namespace_object *)object)->attributes, value_dict_new());
}

/** <Namespace {'a': 1}>; one that holds itself is shown empty within itself. */
static void namespace_repr(struct object *object, struct text_buffer *out)
{
    struct namespace_object *space = (struct namespace_object *)object;
    OWNED attributes = space->attributes;
    space->attributes = value_dict_new();
    text_buffer_append_string(out, "<Namespace ");
    value_append_repr(out, attributes);
    text_buffer_append_char(out, '>');
    value_replace_take(&space->attributes, value_steal(&attributes));
}

static const struct object_class namespace_class = {
    .type_name = "Namespace",
    .free = namespace_free,
    .get_attribute = namespace_get_attribute,
    .get_item = namespace_get_item,
    .set_attribute = namespace_set_attribute,
    .clear = namespace_clear,
    .repr = namespace_repr,
    .finalize = object_unsupported,
};

static bool global_namespace(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    struct dict *mapping = mapping_build(evaluation, arguments[0], arguments[1], error);
    if (!mapping)
        return false;
    struct namespace_object *space = memory_new(sizeof *space);
    *space = (struct namespace_object){{1, &namespace_class}, value_dict_take(mapping)};
    *result = value_object_take(&space->object);
    return true;
}

enum { TAKES_ANYTHING = FUNCTION_TAKES_UNDEFINED | FUNCTION_TAKES_LAZY | FUNCTION_TAKES_OMIT };

static const struct function mapping_rows[] = {
    {"dict", "*mappings, **options", global_dict, TAKES_ANYTHING, "A dict of a mapping or of pairs, and of keywords"},
    {"namespace", "*mappings, **options", global_namespace, TAKES_ANYTHING,
     "An object whose attributes can be set anywhere in the template"},
};

const struct function_table globals_mapping = {FUNCTION_GLOBAL, NULL, mapping_rows, COUNT_OF(mapping_rows)};
