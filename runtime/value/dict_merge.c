#include "runtime/value/dict_merge.h"

#include "runtime/value/value_set.h"

static const char *const merge_names[LIST_MERGE_COUNT] = {"replace", "keep",      "append",
                                                          "prepend", "append_rp", "prepend_rp"};

bool list_merge_find(struct value name, enum list_merge *merge, struct error *error)
{
    for (enum list_merge i = (enum list_merge)0; i < LIST_MERGE_COUNT; i++)
        if (value_equals_string(name, merge_names[i])) {
            *merge = i;
            return true;
        }
    return error_set(error, ERROR_FILTER,
                     "merge_hash: 'list_merge' argument can only be equal to 'replace', 'keep', 'append', 'prepend', "
                     "'append_rp' or 'prepend_rp'");
}

/** Pushes the items of `list` that are not in `other`. */
static void push_missing(struct list *out, const struct list *list, const struct list *other)
{
    CLEANUP(value_set_done) struct value_set others = {0};
    for (size_t i = 0; i < other->count; i++)
        value_set_add(&others, other->items[i]);
    for (size_t i = 0; i < list->count; i++)
        if (!value_set_has(&others, list->items[i]))
            list_push_take(out, value_copy(list->items[i]));
}

/** Two lists under one key. */
static struct value merge_lists(struct value old, struct value new, enum list_merge merge)
{
    struct list *out = list_new(old.as.list->count + new.as.list->count);
    switch (merge) {
    case LIST_MERGE_KEEP:
        list_extend(out, old.as.list);
        break;
    case LIST_MERGE_APPEND:
        list_extend(out, old.as.list);
        list_extend(out, new.as.list);
        break;
    case LIST_MERGE_PREPEND:
        list_extend(out, new.as.list);
        list_extend(out, old.as.list);
        break;
    case LIST_MERGE_APPEND_NEW:
        push_missing(out, old.as.list, new.as.list);
        list_extend(out, new.as.list);
        break;
    case LIST_MERGE_PREPEND_NEW:
        list_extend(out, new.as.list);
        push_missing(out, old.as.list, new.as.list);
        break;
    case LIST_MERGE_REPLACE:
    case LIST_MERGE_COUNT:
        list_extend(out, new.as.list);
        break;
    }
    return value_list_take(out);
}

struct value dict_merge(struct value old, struct value new, bool recursive, enum list_merge merge)
{
    struct dict *out = dict_clone(old.as.dict);
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(new.as.dict, &i, &entry);) {
        const struct value *there = dict_find(out, entry->key);
        struct value merged;
        if (there && recursive && value_is_dict(*there) && value_is_dict(entry->value))
            merged = dict_merge(*there, entry->value, recursive, merge);
        else if (there && value_is_list(*there) && value_is_list(entry->value))
            merged = merge_lists(*there, entry->value, merge);
        else
            merged = value_copy(entry->value);
        dict_set_take(out, value_copy(entry->key), merged);
    }
    return value_dict_take(out);
}
