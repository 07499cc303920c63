/*
 * Filters on dicts: combine, dict2items, items2dict, extract, rekey_on_member, subelements.
 */
#include <string.h>

#include "runtime/value/dict_merge.h"
#include "runtime/value/repr.h"
#include "stdlib/filters/filters.h"
#include "stdlib/items.h"

/* ---- combine ---- */

/** Pushes a term of combine: itself, or what a list holds; nothing for what counts as nothing. */
static void push_term(struct list *terms, struct value term)
{
    if (!value_is_sequence(term)) {
        if (!value_is_null(term) && !value_equals_string(term, "None") && !value_equals_string(term, "null"))
            list_push_take(terms, value_copy(term));
        return;
    }
    for (size_t i = 0; i < term.as.list->count; i++)
        if (value_is_sequence(term.as.list->items[i]))
            list_push_take(terms, value_copy(term.as.list->items[i]));
        else
            push_term(terms, term.as.list->items[i]);
}

/** The terms merged from the first to the last; one alone is handed on whatever it is. */
static bool combine_terms(const struct list *terms, bool recursive, enum list_merge merge, struct value *result,
                          struct error *error)
{
    OWNED merged = terms->count > 0 ? value_copy(terms->items[0]) : value_dict_new();
    for (size_t i = 1; i < terms->count; i++) {
        if (!value_is_dict(merged) || !value_is_dict(terms->items[i]))
            return error_set(error, ERROR_FILTER,
                             "failed to combine variables, expected dicts but got a '%s' and a '%s'.",
                             value_type_name(merged), value_type_name(terms->items[i]));
        value_replace_take(&merged, dict_merge(merged, terms->items[i], recursive, merge));
    }
    *result = value_steal(&merged);
    return true;
}

static bool filter_combine(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    enum list_merge merge = LIST_MERGE_REPLACE;
    OWNED terms = value_list_new();
    bool recursive = false;
    const struct dict_entry *entry;
    (void)evaluation;
    for (size_t i = 0; dict_next(arguments[2].as.dict, &i, &entry);) {
        if (value_equals_string(entry->key, "recursive"))
            recursive = value_truth(entry->value);
        else if (!value_equals_string(entry->key, "list_merge"))
            return error_set(error, ERROR_FILTER, "'recursive' and 'list_merge' are the only valid keyword arguments");
        else if (!list_merge_find(entry->value, &merge, error))
            return false;
    }
    push_term(terms.as.list, arguments[0]);
    for (size_t i = 0; i < arguments[1].as.list->count; i++)
        push_term(terms.as.list, arguments[1].as.list->items[i]);
    return combine_terms(terms.as.list, recursive, merge, result, error);
}

/* ---- items ---- */

static bool filter_dict2items(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    if (!value_is_mapping(arguments[0]))
        return error_set(error, ERROR_TYPE, "dict2items requires a dictionary, got %s instead.",
                         value_type_name(arguments[0]));
    if (!dict_key_check(arguments[1], error) || !dict_key_check(arguments[2], error))
        return false;
    struct list *pairs = items_read_pairs(evaluation, arguments[0], error);
    if (!pairs)
        return false;
    OWNED owner = value_list_take(pairs);
    struct list *items = list_new(pairs->count);
    for (size_t i = 0; i < pairs->count; i++) {
        const struct value *pair = pairs->items[i].as.list->items;
        struct dict *item = dict_new();
        dict_set_take(item, value_copy(arguments[1]), value_copy(pair[0]));
        dict_set_take(item, value_copy(arguments[2]), value_copy(pair[1]));
        list_push_take(items, value_dict_take(item));
    }
    *result = value_list_take(items);
    return true;
}

/** What an item has under a key; an error that shows the list where it has nothing. */
static bool item_part(struct evaluation *evaluation, const struct value *arguments, struct value item, struct value key,
                      struct value *part, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer shown = {0}, names = {0};
    if (!value_is_dict(item) && !value_is_sequence(item)) {
        value_append_repr(&shown, arguments[0]);
        return error_set(error, ERROR_TYPE, "items2dict requires a list of dictionaries, got %s instead.",
                         text_buffer_bytes(&shown));
    }
    if (!evaluation_item(evaluation, item, key, part, error))
        return false;
    if (!value_is_undefined(*part))
        return true;
    value_replace_take(part, value_null());
    value_append_repr(&shown, arguments[0]);
    value_append_str(&names, arguments[1]);
    text_buffer_append_string(&names, "' and '");
    value_append_str(&names, arguments[2]);
    return error_set(error, ERROR_FILTER,
                     "items2dict requires each dictionary in the list to contain the keys '%s', got %s instead.",
                     text_buffer_bytes(&names), text_buffer_bytes(&shown));
}

static bool filter_items2dict(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    OWNED out = value_dict_new();
    if (!value_is_sequence(arguments[0]))
        return error_set(error, ERROR_TYPE, "items2dict requires a list, got %s instead.",
                         value_type_name(arguments[0]));
    for (size_t i = 0; i < arguments[0].as.list->count; i++) {
        struct value item = arguments[0].as.list->items[i];
        OWNED key = value_null();
        OWNED value = value_null();
        if (!item_part(evaluation, arguments, item, arguments[1], &key, error) || !dict_key_check(key, error) ||
            !item_part(evaluation, arguments, item, arguments[2], &value, error))
            return false;
        dict_set_take(out.as.dict, value_steal(&key), value_steal(&value));
    }
    *result = value_steal(&out);
    return true;
}

/* ---- extract ---- */

static bool filter_extract(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    OWNED found = value_null();
    OWNED keys = value_null();
    if (!evaluation_item(evaluation, arguments[1], arguments[0], &found, error))
        return false;
    if (value_is_sequence(arguments[2])) {
        keys = value_copy(arguments[2]);
    } else {
        keys = value_list_new();
        if (!value_is_null(arguments[2]))
            list_push_take(keys.as.list, value_copy(arguments[2]));
    }
    for (size_t i = 0; i < keys.as.list->count; i++) {
        struct value inner;
        if (!evaluation_item(evaluation, found, keys.as.list->items[i], &inner, error))
            return false;
        value_replace_take(&found, inner);
    }
    *result = value_steal(&found);
    return true;
}

/* ---- rekey_on_member ---- */

/** Enters one element under what its member says. */
static bool rekey(struct evaluation *evaluation, struct dict *out, struct value unread, const struct value *arguments,
                  struct error *error)
{
    struct value key = arguments[1];
    OWNED element = value_null(), member = value_null();
    if (!item_read(evaluation, unread, &element, error))
        return false;
    if (!value_is_dict(element))
        return error_set(error, ERROR_FILTER, "List item is not a valid dict");
    const struct value *found = dict_find(element.as.dict, key);
    if (!found) {
        CLEANUP(text_buffer_done) struct text_buffer shown = {0};
        value_append_repr(&shown, key);
        return error_set(error, ERROR_FILTER, "Key %s was not found.", text_buffer_bytes(&shown));
    }
    if (!item_read(evaluation, *found, &member, error) || !dict_key_check(member, error))
        return false;
    if (!value_equals_string(arguments[2], "overwrite") && dict_find(out, member)) {
        CLEANUP(text_buffer_done) struct text_buffer shown = {0};
        value_append_repr(&shown, member);
        return error_set(error, ERROR_FILTER, "Key %s is not unique, cannot convert to dict.",
                         text_buffer_bytes(&shown));
    }
    dict_set_take(out, value_steal(&member), value_steal(&element));
    return true;
}

static bool filter_rekey_on_member(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                   struct error *error)
{
    OWNED out = value_dict_new();
    OWNED elements = value_null();
    const struct dict_entry *entry;
    if (!value_equals_string(arguments[2], "overwrite") && !value_equals_string(arguments[2], "error")) {
        CLEANUP(text_buffer_done) struct text_buffer shown = {0};
        value_append_repr(&shown, arguments[2]);
        return error_set(error, ERROR_FILTER, "duplicates parameter to rekey_on_member has unknown value %s",
                         text_buffer_bytes(&shown));
    }
    if (value_is_dict(arguments[0])) {
        elements = value_list_new();
        for (size_t i = 0; dict_next(arguments[0].as.dict, &i, &entry);)
            list_push_take(elements.as.list, value_copy(entry->value));
    } else if (value_is_sequence(arguments[0])) {
        elements = value_copy(arguments[0]);
    } else {
        return error_set(error, ERROR_FILTER, "Type is not a valid list, set, or dict");
    }
    for (size_t i = 0; i < elements.as.list->count; i++)
        if (!rekey(evaluation, out.as.dict, elements.as.list->items[i], arguments, error))
            return false;
    *result = value_steal(&out);
    return true;
}

/* ---- subelements ---- */

/** "a.b" or a list of keys as a list. */
static bool subelement_path(struct value path, struct value *parts, struct error *error)
{
    if (value_is_sequence(path)) {
        *parts = value_copy(path);
        return true;
    }
    if (!value_is_string(path))
        return error_set(error, ERROR_FILTER, "subelements must be a list or a string");
    *parts = value_list_new();
    const char *at = value_bytes(path);
    for (;;) {
        size_t length = strcspn(at, ".");
        list_push_take(parts->as.list, value_string_length(at, length));
        if (!at[length])
            return true;
        at += length + 1;
    }
}

/** Fills the error "<before><key><between><item>", both as Python shows them. */
static bool subelement_fail(const char *before, struct value key, const char *between, struct value item,
                            struct error *error)
{
    OWNED shown_key = value_repr(key);
    OWNED shown_item = value_repr(item);
    return error_set(error, ERROR_FILTER, "%s%s%s%s", before, value_bytes(shown_key), between, value_bytes(shown_item));
}

/** Follows the path in an element; null without an error where a missing key is skipped. */
static bool subelement_find(struct value element, const struct list *parts, bool skip_missing, struct value *found,
                            struct error *error)
{
    struct value at = element;
    for (size_t i = 0; i < parts->count; i++) {
        struct value key = parts->items[i];
        if (!value_is_dict(at))
            return subelement_fail("the key ", key, " should point to a dictionary, got ", at, error);
        const struct value *next = dict_find(at.as.dict, key);
        if (!next && skip_missing) {
            *found = value_null();
            return true;
        }
        if (!next)
            return subelement_fail("could not find ", key, " key in iterated item ", at, error);
        at = *next;
    }
    if (!value_is_list(at))
        return subelement_fail("the key ", parts->items[parts->count - 1], " should point to a list, got ", at, error);
    *found = value_copy(at);
    return true;
}

static bool filter_subelements(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                               struct error *error)
{
    OWNED parts = value_null();
    OWNED elements = value_null();
    OWNED out = value_list_new();
    const struct dict_entry *entry;
    (void)evaluation;
    if (value_is_dict(arguments[0])) {
        elements = value_list_new();
        for (size_t i = 0; dict_next(arguments[0].as.dict, &i, &entry);)
            list_push_take(elements.as.list, value_copy(entry->value));
    } else if (value_is_sequence(arguments[0])) {
        elements = value_copy(arguments[0]);
    } else {
        return error_set(error, ERROR_FILTER, "obj must be a list of dicts or a nested dict");
    }
    if (!subelement_path(arguments[1], &parts, error))
        return false;
    if (parts.as.list->count == 0)
        return error_set(error, ERROR_FILTER, "subelements needs at least one key");
    for (size_t i = 0; i < elements.as.list->count; i++) {
        OWNED found = value_null();
        struct value element = elements.as.list->items[i];
        if (!subelement_find(element, parts.as.list, value_truth(arguments[2]), &found, error))
            return false;
        for (size_t j = 0; value_is_list(found) && j < found.as.list->count; j++) {
            struct list *pair = list_new(2);
            list_push_take(pair, value_copy(element));
            list_push_take(pair, value_copy(found.as.list->items[j]));
            list_push_take(out.as.list, value_tuple_take(pair));
        }
    }
    *result = value_steal(&out);
    return true;
}

static const struct function rows[] = {
    {"combine", "value, *others, **options", filter_combine, 0, "Dicts merged, later ones win (recursive, list_merge)"},
    {"dict2items", "value, key_name='key', value_name='value'", filter_dict2items, 0,
     "A dict as a list of {key, value}"},
    {"extract", "item, container, morekeys=None", filter_extract, FUNCTION_TAKES_LAZY,
     "What a container has under a key, and under more keys in that"},
    {"items2dict", "value, key_name='key', value_name='value'", filter_items2dict, 0,
     "A list of {key, value} as a dict"},
    {"rekey_on_member", "data, key, duplicates='error'", filter_rekey_on_member, FUNCTION_TAKES_LAZY,
     "Dicts by what one of their members says"},
    {"subelements", "obj, subelements, skip_missing=False", filter_subelements, 0,
     "Pairs of each element and each item of a list in it"},
};

const struct function_table filters_dict = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
