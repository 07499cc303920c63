/*
 * Filters on keys: keep_keys, remove_keys, replace_keys, of ansible.utils (at any depth) and of community.general (of
 * the dicts in a list).
 */
#include "stdlib/filters/filters.h"
#include "stdlib/filters/key_match.h"

enum keys_operation { KEYS_KEEP, KEYS_REMOVE, KEYS_REPLACE };

static const char *const operation_names[] = {"keep", "remove", "replace"};

struct keys_walk {
    struct evaluation *evaluation;
    bool is_deep;
    struct key_match match;
    enum keys_operation operation;
    struct value replacements; /* a list, one a target; owned */
};

static void walk_done(struct keys_walk *walk)
{
    key_match_done(&walk->match);
    value_drop(walk->replacements);
}

static bool walk_value(const struct keys_walk *walk, struct value value, struct value *result, struct error *error);

static bool is_container(struct value value)
{
    return value_is_dict(value) || value_is_sequence(value);
}

/** Does an entry stay?  Of what is kept, containers are for what is left in them. */
static bool stays(const struct keys_walk *walk, bool is_chosen, struct value walked)
{
    if (walk->operation == KEYS_KEEP)
        return is_container(walked) && walk->is_deep ? value_truth(walked) : is_chosen;
    return walk->operation == KEYS_REPLACE || !is_chosen;
}

static bool walk_dict(const struct keys_walk *walk, const struct dict *dict, struct value *result, struct error *error)
{
    OWNED out = value_dict_new();
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(dict, &i, &entry);) {
        OWNED walked = value_null();
        int64_t target;
        if (!key_match_find(walk->evaluation, &walk->match, entry->key, &target, error) ||
            !walk_value(walk, entry->value, &walked, error))
            return false;
        if (!stays(walk, target >= 0, walked))
            continue;
        bool is_replaced = target >= 0 && walk->operation == KEYS_REPLACE;
        dict_set_take(out.as.dict, value_copy(is_replaced ? walk->replacements.as.list->items[target] : entry->key),
                      value_steal(&walked));
    }
    *result = value_steal(&out);
    return true;
}

/** Nothing is left out of a list but what its entries left empty, below the outermost one. */
static bool walk_list(const struct keys_walk *walk, const struct list *list, bool is_outermost, struct value *result,
                      struct error *error)
{
    OWNED out = value_list_new();
    for (size_t i = 0; i < list->count; i++) {
        OWNED walked = value_null();
        if (!walk_value(walk, list->items[i], &walked, error))
            return false;
        bool is_scalar = !is_container(walked) && walk->operation != KEYS_REMOVE;
        if (is_outermost || is_scalar || walk->operation == KEYS_REPLACE || value_truth(walked))
            list_push_take(out.as.list, value_steal(&walked));
    }
    *result = value_steal(&out);
    return true;
}

static bool walk_value(const struct keys_walk *walk, struct value value, struct value *result, struct error *error)
{
    if (value_is_dict(value) && walk->is_deep)
        return walk_dict(walk, value.as.dict, result, error);
    if (value_is_sequence(value) && walk->is_deep)
        return walk_list(walk, value.as.list, false, result, error);
    *result = value_copy(value);
    return true;
}

/** All of the data, at any depth. */
static bool walk_deep(const struct keys_walk *walk, struct value data, struct value *result, struct error *error)
{
    const char *name = operation_names[walk->operation];
    if (!is_container(data))
        return error_set(error, ERROR_TYPE, "Error when using plugin '%s_keys': Input is not valid for %s operation",
                         name, name);
    return value_is_dict(data) ? walk_dict(walk, data.as.dict, result, error)
                               : walk_list(walk, data.as.list, true, result, error);
}

/** The dicts of a list, and nothing in them. */
static bool walk_shallow(const struct keys_walk *walk, struct value data, struct value *result, struct error *error)
{
    OWNED out = value_list_new();
    if (!value_is_sequence(data))
        return error_set(error, ERROR_TYPE, "The data must be a list, got '%s'", value_type_name(data));
    for (size_t i = 0; i < data.as.list->count; i++) {
        struct value item = data.as.list->items[i], walked;
        if (!value_is_dict(item))
            return error_set(error, ERROR_TYPE, "The elements of the data list must be dictionaries, got '%s'",
                             value_type_name(item));
        if (!walk_dict(walk, item.as.dict, &walked, error))
            return false;
        list_push_take(out.as.list, walked);
    }
    *result = value_steal(&out);
    return true;
}

static bool walk_begin(struct keys_walk *walk, const struct value *arguments, struct value *result, struct error *error)
{
    OWNED before = value_null();
    bool is_replacing = walk->operation == KEYS_REPLACE;
    if (value_is_null(arguments[1]))
        return error_set(error, ERROR_TYPE, "['missing required arguments: target']");
    if (is_replacing && !key_replacements_read(arguments[1], &before, &walk->replacements, error))
        return false;
    return key_match_init(&walk->match, is_replacing ? before : arguments[1], arguments[2],
                          walk->is_deep ? "equality" : "equal", error) &&
           (walk->is_deep ? walk_deep : walk_shallow)(walk, arguments[0], result, error);
}

/** The function of a filter: an operation, at any depth or not. */
#define KEYS_FILTER(name, operation, is_deep)                                                                          \
    static bool name(struct evaluation *evaluation, const struct value *arguments, struct value *result,               \
                     struct error *error)                                                                              \
    {                                                                                                                  \
        CLEANUP(walk_done) struct keys_walk walk = {evaluation, is_deep, {0}, operation, {0}};                         \
        return walk_begin(&walk, arguments, result, error);                                                            \
    }

KEYS_FILTER(filter_keep_keys, KEYS_KEEP, false)
KEYS_FILTER(filter_keep_keys_deep, KEYS_KEEP, true)
KEYS_FILTER(filter_remove_keys, KEYS_REMOVE, false)
KEYS_FILTER(filter_remove_keys_deep, KEYS_REMOVE, true)
KEYS_FILTER(filter_replace_keys, KEYS_REPLACE, false)
KEYS_FILTER(filter_replace_keys_deep, KEYS_REPLACE, true)

static const struct function utils_rows[] = {
    {"keep_keys", "data, target=None, matching_parameter='equality'", filter_keep_keys_deep, 0,
     "Data at any depth with those keys alone that a target names (equality, starts_with, ends_with, regex)."},
    {"remove_keys", "data, target=None, matching_parameter='equality'", filter_remove_keys_deep, 0,
     "Data at any depth without the keys that a target names."},
    {"replace_keys", "data, target=None, matching_parameter='equality'", filter_replace_keys_deep, 0,
     "Data at any depth with keys renamed by a list of {before, after}."},
};

static const struct function community_rows[] = {
    {"keep_keys", "data, target, matching_parameter='equal'", filter_keep_keys, 0,
     "Dicts of a list with those keys alone that a target names (equal, starts_with, ends_with, regex)."},
    {"remove_keys", "data, target, matching_parameter='equal'", filter_remove_keys, 0,
     "Dicts of a list without the keys that a target names."},
    {"replace_keys", "data, target, matching_parameter='equal'", filter_replace_keys, 0,
     "Dicts of a list with keys renamed by a list of {before, after}."},
};

const struct function_table filters_utils_keys = {FUNCTION_FILTER, "ansible.utils", utils_rows, COUNT_OF(utils_rows)};
const struct function_table filters_community_keys = {FUNCTION_FILTER, "community.general", community_rows,
                                                      COUNT_OF(community_rows)};
