#include "stdlib/items.h"

#include <string.h>

#include "runtime/value/arithmetic.h"

bool item_read(struct evaluation *evaluation, struct value item, struct value *result, struct error *error)
{
    OWNED read = value_null();
    if (!evaluation_read(evaluation, item, &read, error))
        return false;
    if (value_is_undefined(read))
        return value_undefined_error(read, error);
    *result = value_steal(&read);
    return true;
}

struct list *items_list(struct evaluation *evaluation, struct value iterable, struct error *error)
{
    return value_is_sequence(iterable) ? list_copy(iterable.as.list) : evaluation_items(evaluation, iterable, error);
}

/** Nothing in the list needs evaluation or is refused. */
static bool is_ready(const struct list *list, enum items_undefined undefined)
{
    if (list->lazy)
        return false;
    for (size_t i = 0; undefined == ITEMS_REFUSE_UNDEFINED && i < list->count; i++)
        if (value_is_undefined(list->items[i]))
            return false;
    return true;
}

struct list *items_read(struct evaluation *evaluation, struct value iterable, enum items_undefined undefined,
                        struct error *error)
{
    struct list *list = items_list(evaluation, iterable, error);
    if (!list || is_ready(list, undefined))
        return list;
    OWNED items = value_list_take(list), read = value_list_take(list_new(list->count));
    for (size_t i = 0; i < list->count; i++) {
        struct value item;
        if (!(undefined == ITEMS_TAKE_UNDEFINED ? evaluation_read : item_read)(evaluation, list->items[i], &item,
                                                                               error))
            return NULL;
        list_push_take(read.as.list, item);
    }
    return value_steal(&read).as.list;
}

bool value_is_mapping(struct value value)
{
    return value_is_dict(value) || (value.kind == VALUE_OBJECT && value.as.object->class->is_mapping);
}

static struct value pair_take(struct value key, struct value value)
{
    struct list *pair = list_new(2);
    list_push_take(pair, key);
    list_push_take(pair, value);
    return value_tuple_take(pair);
}

static bool push_pair(struct evaluation *evaluation, struct list *pairs, struct value key, struct value value,
                      struct error *error)
{
    struct value read;
    if (!item_read(evaluation, value, &read, error))
        return false;
    list_push_take(pairs, pair_take(value_copy(key), read));
    return true;
}

static bool push_object_pairs(struct evaluation *evaluation, struct list *pairs, struct value object,
                              struct error *error)
{
    struct list *keys = evaluation_items(evaluation, object, error);
    OWNED owner = keys ? value_list_take(keys) : value_null();
    for (size_t i = 0; keys && i < keys->count; i++) {
        OWNED found = value_null();
        if (!evaluation_item(evaluation, object, keys->items[i], &found, error) ||
            !push_pair(evaluation, pairs, keys->items[i], found, error))
            return false;
    }
    return keys != NULL;
}

struct list *items_read_pairs(struct evaluation *evaluation, struct value mapping, struct error *error)
{
    if (!value_is_mapping(mapping)) {
        error_set(error, ERROR_TYPE, "'%s' object has no attribute 'items'", value_type_name(mapping));
        return NULL;
    }
    OWNED pairs = value_list_new();
    if (!value_is_dict(mapping))
        return push_object_pairs(evaluation, pairs.as.list, mapping, error) ? value_steal(&pairs).as.list : NULL;
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(mapping.as.dict, &i, &entry);)
        if (!push_pair(evaluation, pairs.as.list, entry->key, entry->value, error))
            return NULL;
    return value_steal(&pairs).as.list;
}

static struct value path_part(const char *bytes, size_t length)
{
    bool is_index = length > 0 && strspn(bytes, "0123456789") >= length;
    struct value index;
    if (is_index && value_parse_int(bytes, length, 10, &index))
        return index;
    return value_string_length(bytes, length);
}

void attribute_path_init(struct attribute_path *path, struct value attribute)
{
    *path = (struct attribute_path){.parts = list_new(1)};
    if (!value_is_string(attribute)) {
        if (!value_is_null(attribute))
            list_push_take(path->parts, value_copy(attribute));
        return;
    }
    const char *start = attribute.as.text->bytes, *end = start + attribute.as.text->length;
    for (const char *dot; (dot = memchr(start, '.', (size_t)(end - start))); start = dot + 1)
        list_push_take(path->parts, path_part(start, (size_t)(dot - start)));
    list_push_take(path->parts, path_part(start, (size_t)(end - start)));
}

void attribute_path_done(struct attribute_path *path)
{
    list_drop(path->parts);
}

/** One step: what is undefined becomes the fallback, is handed on, or is the error. */
static bool find_part(struct evaluation *evaluation, const struct attribute_path *path, struct value object,
                      struct value part, struct value *result, struct error *error)
{
    OWNED found = value_null();
    if (!evaluation_item(evaluation, object, part, &found, error))
        return false;
    if (value_is_undefined(found) && !value_is_null(path->fallback))
        value_replace_take(&found, value_copy(path->fallback));
    if (value_is_undefined(found) && path->undefined == ITEMS_REFUSE_UNDEFINED)
        return value_undefined_error(found, error);
    *result = value_steal(&found);
    return true;
}

bool attribute_path_find(struct evaluation *evaluation, const struct attribute_path *path, struct value item,
                         struct value *result, struct error *error)
{
    OWNED found = value_copy(item);
    for (size_t i = 0; i < path->parts->count; i++) {
        struct value next;
        if (!find_part(evaluation, path, found, path->parts->items[i], &next, error))
            return false;
        value_replace_take(&found, next);
    }
    if (value_is_lazy(found) && !value_is_undefined(found)) {
        struct value resolved;
        if (!evaluation_resolve(evaluation, found, &resolved, error))
            return false;
        value_replace_take(&found, resolved);
    }
    *result = value_steal(&found);
    return true;
}

struct value item_ignoring_case(struct value value)
{
    return value_is_string(value) ? value_string_take(text_lower(value.as.text)) : value_copy(value);
}
