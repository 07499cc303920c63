/* subelements: the items of a list, each with each item of a list inside it. */
#include <string.h>

#include "runtime/value/repr.h"
#include "stdlib/lookups/lookups.h"
#include "stdlib/lookups/option.h"

#define EXPECTS "subelements lookup expects a list of two or three items, "

/** Was it left out by a condition?  Anything but false under "skipped" says so. */
static bool is_skipped(const struct dict *dict)
{
    const struct value *skipped = dict_find_string(dict, "skipped");
    return skipped && !(skipped->kind == VALUE_BOOL && !skipped->as.boolean);
}

static bool bad_item(const char *format, const char *key, struct value value, struct error *error)
{
    OWNED shown = value_str(value);
    return error_set(error, ERROR_LOOKUP, format, key, value_bytes(shown));
}

/** What was asked for. */
struct path {
    struct list *keys; /* borrowed */
    bool skips_missing;
};

/** Takes the list at the path out of `item` (which is owned).  *sublist stays null where the item is to be left out. */
static bool take_sublist(struct value *item, const struct path *path, size_t depth, struct value whole,
                         struct value *sublist, struct error *error)
{
    struct value key = path->keys->items[depth];
    const struct value *found = dict_find(item->as.dict, key);
    bool is_last = depth + 1 == path->keys->count;
    if (!found)
        return path->skips_missing ||
               bad_item("could not find '%s' key in iterated item '%s'", value_bytes(key), whole, error);
    if (is_last && !value_is_list(*found))
        return bad_item("the key %s should point to a list, got '%s'", value_bytes(key), *found, error);
    if (!is_last && !value_is_dict(*found))
        return bad_item("the key %s should point to a dictionary, got '%s'", value_bytes(key), *found, error);
    if (is_last)
        return dict_remove(value_own_dict(item), key, sublist);
    OWNED inner = value_copy(*found);
    if (!take_sublist(&inner, path, depth + 1, whole, sublist, error))
        return false;
    dict_set_take(value_own_dict(item), value_copy(key), value_steal(&inner));
    return true;
}

static bool push_item(struct list *pairs, struct value item, const struct path *path, struct error *error)
{
    OWNED rest = value_copy(item), sublist = value_null();
    if (!value_is_dict(item))
        return bad_item("subelements lookup expects a dictionary, got %s'%s'", "", item, error);
    if (is_skipped(item.as.dict))
        return true;
    if (!take_sublist(&rest, path, 0, item, &sublist, error))
        return false;
    for (size_t i = 0; value_is_list(sublist) && i < sublist.as.list->count; i++) {
        struct list *pair = list_new(2);
        list_push_take(pair, value_copy(rest));
        list_push_take(pair, value_copy(sublist.as.list->items[i]));
        list_push_take(pairs, value_tuple_take(pair));
    }
    return true;
}

/** The third term, a dict of flags. */
static bool read_flags(const struct list *terms, bool *skips_missing, struct error *error)
{
    *skips_missing = false;
    if (terms->count < 3)
        return true;
    if (!value_is_dict(terms->items[2]))
        return error_set(error, ERROR_LOOKUP, EXPECTS "the optional third item must be a dict with flags skip_missing");
    const struct value *flag = dict_find_string(terms->items[2].as.dict, "skip_missing");
    *skips_missing = flag && option_truth(*flag);
    return true;
}

static bool push_all(struct list *pairs, struct value elements, const struct path *path, struct error *error)
{
    if (value_is_dict(elements)) {
        const struct dict_entry *entry;
        if (is_skipped(elements.as.dict))
            return true;
        for (size_t i = 0; dict_next(elements.as.dict, &i, &entry);)
            if (!push_item(pairs, entry->value, path, error))
                return false;
        return true;
    }
    for (size_t i = 0; i < elements.as.list->count; i++)
        if (!push_item(pairs, elements.as.list->items[i], path, error))
            return false;
    return true;
}

static bool lookup_subelements(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                               struct error *error)
{
    (void)evaluation;
    const struct list *terms = arguments[0].as.list;
    struct path path;
    if (terms->count < 2 || !(value_is_sequence(terms->items[0]) || value_is_dict(terms->items[0])) ||
        !value_is_string(terms->items[1]))
        return error_set(error, ERROR_LOOKUP, EXPECTS "first a dict or a list, second a string pointing to the subkey");
    if (!read_flags(terms, &path.skips_missing, error))
        return false;
    path.keys = text_parts(terms->items[1].as.text, ".");
    OWNED keys = value_list_take(path.keys);
    OWNED pairs = value_list_new();
    if (path.keys->count == 0)
        list_push_take(path.keys, value_string(""));
    if (!push_all(pairs.as.list, terms->items[0], &path, error))
        return false;
    *result = value_steal(&pairs);
    return true;
}

static const struct function rows[] = {
    {"subelements", "terms" LOOKUP_UNKNOWN, lookup_subelements, LOOKUP_FLAGS,
     "Each item of a list with each item of a list inside it."},
};

const struct function_table lookups_subelements = {FUNCTION_LOOKUP, "ansible.builtin", rows, COUNT_OF(rows)};
