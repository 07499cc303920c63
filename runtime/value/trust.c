/*
 * The marks of strings, deeply: value_trusted and value_untrusted.
 * Containers are shared as long as nothing in them changes, and cloned at the first item that does.
 */
#include "runtime/value/dict.h"
#include "runtime/value/list.h"

typedef struct value mark_function(struct value value);

/** Do two values share kind, flags and body, so that one may stand for the other? */
static bool is_same(struct value left, struct value right)
{
    return left.kind == right.kind && left.flags == right.flags && left.as.integer == right.as.integer;
}

/** Each item marked; bodies are pointers and scalars are their own mark, so that a changed word means a changed item. */
static struct value mark_list(struct value value, mark_function *mark)
{
    struct list *list = value.as.list, *changed = NULL;
    for (size_t i = 0; i < list->count; i++) {
        struct value marked = mark(list->items[i]);
        if (is_same(marked, list->items[i])) {
            value_drop(marked);
            continue;
        }
        if (!changed)
            changed = list_clone(list);
        list_set_take(changed, i, marked);
    }
    return (struct value){.kind = value.kind, .as.list = changed ? changed : list_copy(list)};
}

static struct value mark_dict(struct value value, mark_function *mark)
{
    struct dict *dict = value.as.dict, *changed = NULL;
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(dict, &i, &entry);) {
        struct value marked = mark(entry->value);
        if (is_same(marked, entry->value)) {
            value_drop(marked);
            continue;
        }
        if (!changed)
            changed = dict_clone(dict);
        dict_set_take(changed, value_copy(entry->key), marked);
    }
    return value_dict_take(changed ? changed : dict_copy(dict));
}

struct value value_trusted(struct value value)
{
    if (value.kind == VALUE_STRING) {
        struct value marked = value_copy(value);
        marked.flags |= VALUE_TRUSTED;
        if (text_has_template(value.as.text->bytes, value.as.text->length))
            marked.flags |= VALUE_LAZY;
        return marked;
    }
    if (value_is_sequence(value))
        return mark_list(value, value_trusted);
    if (value.kind == VALUE_DICT)
        return mark_dict(value, value_trusted);
    return value_copy(value);
}

struct value value_untrusted(struct value value)
{
    if (value.kind == VALUE_STRING) {
        struct value marked = value_copy(value);
        marked.flags &= (uint8_t) ~(VALUE_TRUSTED | VALUE_LAZY);
        return marked;
    }
    if (!value_is_sequence(value) && value.kind != VALUE_DICT)
        return value_copy(value);
    struct value marked =
        value.kind == VALUE_DICT ? mark_dict(value, value_untrusted) : mark_list(value, value_untrusted);
    /* An unshared body has just been cloned and has lost every lazy item. */
    if (marked.kind == VALUE_DICT && marked.as.dict != value.as.dict)
        marked.as.dict->lazy = false;
    else if (marked.kind != VALUE_DICT && marked.as.list != value.as.list)
        marked.as.list->lazy = false;
    return marked;
}
