/* Methods of dicts.  keys, values and items give lists, which is what the reference's views become at once. */
#include "runtime/value/repr.h"
#include "stdlib/items.h"
#include "stdlib/methods/container.h"
#include "stdlib/methods/methods.h"

static bool dict_get(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                     struct error *error)
{
    if (!dict_key_check(arguments[1], error))
        return false;
    const struct value *found = dict_find(arguments[0].as.dict, arguments[1]);
    return evaluation_read(evaluation, found ? *found : arguments[2], result, error);
}

static bool dict_keys(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    (void)error;
    struct list *keys = list_new(arguments[0].as.dict->live);
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(arguments[0].as.dict, &i, &entry);)
        list_push_take(keys, value_copy(entry->key));
    *result = value_list_take(keys);
    return true;
}

static bool dict_values(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    OWNED values = value_list_new();
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(arguments[0].as.dict, &i, &entry);) {
        struct value value;
        if (!evaluation_read(evaluation, entry->value, &value, error))
            return false;
        list_push_take(values.as.list, value);
    }
    *result = value_steal(&values);
    return true;
}

static bool dict_items(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    OWNED items = value_list_new();
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(arguments[0].as.dict, &i, &entry);) {
        struct value value;
        if (!evaluation_read(evaluation, entry->value, &value, error))
            return false;
        struct list *pair = list_new(2);
        list_push_take(pair, value_copy(entry->key));
        list_push_take(pair, value);
        list_push_take(items.as.list, value_tuple_take(pair));
    }
    *result = value_steal(&items);
    return true;
}

/* ---- changes ---- */

/** Sets a key; a value that holds the dict itself is copied. */
static bool put(struct value self, struct value key, struct value value, struct error *error)
{
    if (!dict_key_check(key, error))
        return false;
    dict_set_take(self.as.dict, value_copy(key), container_item(self, value));
    return true;
}

static bool put_all(struct value self, const struct dict *other, struct error *error)
{
    const struct dict_entry *entry;
    if (other == self.as.dict)
        return true;
    for (size_t i = 0; dict_next(other, &i, &entry);)
        if (!put(self, entry->key, entry->value, error))
            return false;
    return true;
}

/** update([['a', 1], ...]): pairs of key and value. */
static bool put_pairs(struct evaluation *evaluation, struct value self, struct value pairs, struct error *error)
{
    struct list *items = items_read(evaluation, pairs, ITEMS_REFUSE_UNDEFINED, error);
    OWNED owner = items ? value_list_take(items) : value_null();
    bool is_put = items != NULL;
    for (size_t i = 0; is_put && i < items->count; i++) {
        struct list *pair = evaluation_items(evaluation, items->items[i], error);
        if (!pair) {
            error_done(error);
            return error_set(error, ERROR_TYPE, "cannot convert dictionary update sequence element #%zu to a sequence",
                             i);
        }
        if (pair->count != 2)
            is_put = error_set(error, ERROR_VALUE,
                               "dictionary update sequence element #%zu has length %zu; 2 is required", i, pair->count);
        else
            is_put = put(self, pair->items[0], pair->items[1], error);
        list_drop(pair);
    }
    return is_put;
}

static bool dict_update_by(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    bool is_put = value_is_dict(arguments[1]) ? put_all(arguments[0], arguments[1].as.dict, error)
                                              : put_pairs(evaluation, arguments[0], arguments[1], error);
    *result = value_null();
    return is_put && put_all(arguments[0], arguments[2].as.dict, error);
}

static bool dict_setdefault(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    if (!dict_key_check(arguments[1], error))
        return false;
    if (!dict_find(arguments[0].as.dict, arguments[1]) && !put(arguments[0], arguments[1], arguments[2], error))
        return false;
    return evaluation_read(evaluation, *dict_find(arguments[0].as.dict, arguments[1]), result, error);
}

/** pop(key), or pop(key, default): the rest says which. */
static bool dict_pop(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                     struct error *error)
{
    const struct list *fallback = arguments[2].as.list;
    OWNED removed = value_null();
    if (fallback->count > 1)
        return error_set(error, ERROR_TYPE, "pop expected at most 2 arguments, got %zu", fallback->count + 1);
    if (!dict_key_check(arguments[1], error))
        return false;
    if (dict_remove(arguments[0].as.dict, arguments[1], &removed))
        return evaluation_read(evaluation, removed, result, error);
    if (fallback->count == 1) {
        *result = value_copy(fallback->items[0]);
        return true;
    }
    OWNED shown = value_repr(arguments[1]);
    return error_set(error, ERROR_KEY, "%s", value_bytes(shown));
}

static bool dict_popitem(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    const struct dict *self = arguments[0].as.dict;
    const struct dict_entry *entry = NULL;
    for (size_t at = self->used; at-- > 0 && !entry;) {
        size_t position = at;
        dict_next(self, &position, &entry);
    }
    if (!entry)
        return error_set(error, ERROR_KEY, "'popitem(): dictionary is empty'");
    OWNED key = value_copy(entry->key);
    OWNED removed = value_null();
    struct value value;
    dict_remove(arguments[0].as.dict, key, &removed);
    if (!evaluation_read(evaluation, removed, &value, error))
        return false;
    struct list *pair = list_new(2);
    list_push_take(pair, value_steal(&key));
    list_push_take(pair, value);
    *result = value_tuple_take(pair);
    return true;
}

static bool dict_clear(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    (void)error;
    struct dict *self = arguments[0].as.dict;
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(self, &i, &entry);) {
        OWNED key = value_copy(entry->key);
        OWNED removed = value_null();
        dict_remove(self, key, &removed);
    }
    *result = value_null();
    return true;
}

static bool dict_clone_of(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = value_dict_take(dict_clone(arguments[0].as.dict));
    return true;
}

static const struct function rows[] = {
    {"dict.clear", "self", dict_clear, METHOD_THAT_CHANGES, "Removes all entries."},
    {"dict.copy", "self", dict_clone_of, METHOD_OF_CONTAINER, "Another dict of the same entries."},
    {"dict.get", "self, key, default=None", dict_get, METHOD_OF_CONTAINER | FUNCTION_TAKES_OMIT,
     "The value of a key, or the default."},
    {"dict.items", "self", dict_items, 0, "All (key, value) pairs."},
    {"dict.keys", "self", dict_keys, METHOD_OF_CONTAINER, "All keys."},
    {"dict.pop", "self, key, *default", dict_pop, METHOD_THAT_CHANGES | FUNCTION_TAKES_OMIT,
     "Removes a key and returns its value, or the default."},
    {"dict.popitem", "self", dict_popitem, METHOD_THAT_CHANGES, "Removes the last (key, value) pair and returns it."},
    {"dict.setdefault", "self, key, default=None", dict_setdefault, METHOD_THAT_CHANGES,
     "The value of a key, which is set to the default when it is missing."},
    {"dict.update", "self, other={}, **kwargs", dict_update_by, METHOD_THAT_CHANGES,
     "Sets all entries of another dict, of pairs or of keywords."},
    {"dict.values", "self", dict_values, 0, "All values."},
};

const struct function_table methods_dict = {FUNCTION_METHOD, NULL, rows, COUNT_OF(rows)};
