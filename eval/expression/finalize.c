#include "eval/expression/finalize.h"

#include "runtime/value/dict.h"
#include "runtime/value/list.h"
#include "runtime/value/object.h"

/** Is there anything within that would change? */
static bool is_final(struct value value, bool keeps_objects)
{
    const struct dict_entry *entry;
    if (value.kind == VALUE_TUPLE || value_is_omit(value))
        return false;
    if (value.kind == VALUE_OBJECT)
        return keeps_objects || !value.as.object->class->finalize;
    for (size_t i = 0; value_is_list(value) && i < value.as.list->count; i++)
        if (!is_final(value.as.list->items[i], keeps_objects))
            return false;
    for (size_t i = 0; value_is_dict(value) && dict_next(value.as.dict, &i, &entry);)
        if (entry->key.kind == VALUE_TUPLE || !is_final(entry->value, keeps_objects))
            return false;
    return true;
}

static bool finalize_deeply(struct value value, bool keeps_objects, struct value *result, struct error *error);

static bool finalize_list(const struct list *list, bool keeps_objects, struct value *result, struct error *error)
{
    OWNED owned = value_list_take(list_new(list->count));
    for (size_t i = 0; i < list->count; i++) {
        struct value item;
        if (!finalize_deeply(list->items[i], keeps_objects, &item, error))
            return false;
        if (!value_is_omit(item))
            list_push_take(owned.as.list, item);
    }
    *result = value_steal(&owned);
    return true;
}

static bool finalize_dict(const struct dict *dict, bool keeps_objects, struct value *result, struct error *error)
{
    OWNED owned = value_dict_new();
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(dict, &i, &entry);) {
        struct value item;
        if (entry->key.kind == VALUE_TUPLE && !keeps_objects)
            return error_set(error, ERROR_TYPE, "unhashable type: 'list'");
        if (!finalize_deeply(entry->value, keeps_objects, &item, error))
            return false;
        if (value_is_omit(item))
            continue;
        dict_set_take(owned.as.dict, value_copy(entry->key), item);
    }
    *result = value_steal(&owned);
    return true;
}

static bool finalize_deeply(struct value value, bool keeps_objects, struct value *result, struct error *error)
{
    if (value_is_sequence(value))
        return finalize_list(value.as.list, keeps_objects, result, error);
    if (value_is_dict(value))
        return finalize_dict(value.as.dict, keeps_objects, result, error);
    if (value.kind == VALUE_OBJECT && !keeps_objects && value.as.object->class->finalize)
        return value.as.object->class->finalize(value.as.object, result, error);
    *result = value_copy(value);
    return true;
}

bool finalize(struct value value, struct value *result, struct error *error)
{
    if (!is_final(value, false))
        return finalize_deeply(value, false, result, error);
    *result = value_copy(value);
    return true;
}

struct value finalize_for_text(struct value value)
{
    struct value result = value_copy(value);
    OWNED_ERROR none = {0};
    if (is_final(value, true) || !finalize_deeply(value, true, &result, &none))
        return result;
    value_drop(value);
    return result;
}
