/* Lookups that rearrange what they are given: dict, indexed_items, items, list, nested, random_choice, together. */
#include "runtime/limits.h"
#include "runtime/value/random.h"
#include "runtime/value/repr.h"
#include "stdlib/lookups/lookups.h"

/** Appends an item, or each item of a list. */
static void push_flat(struct list *out, struct value item)
{
    if (value_is_sequence(item))
        list_extend(out, item.as.list);
    else
        list_push_take(out, value_copy(item));
}

static bool lookup_items(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation;
    (void)error;
    const struct list *terms = arguments[0].as.list;
    struct list *items = list_new(terms->count);
    for (size_t i = 0; i < terms->count; i++)
        push_flat(items, terms->items[i]);
    *result = value_list_take(items);
    return true;
}

static bool lookup_indexed_items(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                 struct error *error)
{
    OWNED items = value_null();
    lookup_items(evaluation, arguments, &items, error);
    struct list *pairs = list_new(items.as.list->count);
    for (size_t i = 0; i < items.as.list->count; i++) {
        struct list *pair = list_new(2);
        list_push_take(pair, value_int((int64_t)i));
        list_push_take(pair, value_copy(items.as.list->items[i]));
        list_push_take(pairs, value_tuple_take(pair));
    }
    *result = value_list_take(pairs);
    return true;
}

static bool lookup_list(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    (void)error;
    *result = value_copy(arguments[0]);
    return true;
}

static bool lookup_dict(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    const struct list *terms = arguments[0].as.list;
    OWNED pairs = value_list_new();
    for (size_t i = 0; i < terms->count; i++) {
        const struct dict_entry *entry;
        if (!value_is_dict(terms->items[i])) {
            OWNED shown = value_str(terms->items[i]);
            return error_set(error, ERROR_LOOKUP,
                             "the 'dict' lookup plugin expects a dictionary, got '%s' of type <class '%s'>)",
                             value_bytes(shown), value_type_name(terms->items[i]));
        }
        for (size_t at = 0; dict_next(terms->items[i].as.dict, &at, &entry);) {
            struct value pair = value_dict_new();
            dict_set_string_take(pair.as.dict, "key", value_copy(entry->key));
            dict_set_string_take(pair.as.dict, "value", value_copy(entry->value));
            list_push_take(pairs.as.list, pair);
        }
    }
    *result = value_steal(&pairs);
    return true;
}

static bool lookup_random_choice(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                 struct error *error)
{
    (void)evaluation;
    (void)error;
    const struct list *terms = arguments[0].as.list;
    struct list *chosen = list_new(1);
    struct random random;
    random_init_system(&random);
    if (terms->count)
        list_push_take(chosen, value_copy(terms->items[random_below(&random, terms->count)]));
    *result = value_list_take(chosen);
    return true;
}

/* ---- products ---- */

/** Each item of `left` with each of `right`, as one flat list. */
static struct list *combine(const struct list *left, const struct list *right, struct error *error)
{
    struct list *combined = list_new(0);
    if (right->count && left->count > LIMIT_RANGE_ITEMS / right->count) {
        list_drop(combined);
        error_set(error, ERROR_LIMIT, "the product of these lists has too many items (the limit is %d)",
                  LIMIT_RANGE_ITEMS);
        return NULL;
    }
    for (size_t i = 0; i < left->count; i++)
        for (size_t j = 0; j < right->count; j++) {
            struct list *item = list_new(2);
            push_flat(item, left->items[i]);
            push_flat(item, right->items[j]);
            list_push_take(combined, value_list_take(item));
        }
    return combined;
}

/** Each item of a product opened once more: what stands in lists inside it, the characters of text. */
static struct list *open_items(struct evaluation *evaluation, const struct list *items, struct error *error)
{
    struct list *opened = list_new(items->count);
    for (size_t i = 0; i < items->count; i++) {
        struct list *inner = evaluation_items(evaluation, items->items[i], error);
        if (!inner) {
            list_drop(opened);
            return NULL;
        }
        struct list *flat = list_new(inner->count);
        for (size_t j = 0; j < inner->count; j++)
            push_flat(flat, inner->items[j]);
        list_drop(inner);
        list_push_take(opened, value_list_take(flat));
    }
    return opened;
}

static bool lookup_nested(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    const struct list *terms = arguments[0].as.list;
    OWNED product = value_null();
    if (terms->count == 0)
        return error_set(error, ERROR_LOOKUP, "with_nested requires at least one element in the nested list");
    for (size_t i = 0; i < terms->count; i++) {
        struct list *items = evaluation_items(evaluation, terms->items[i], error), *next = items;
        if (items && i > 0) {
            next = combine(product.as.list, items, error);
            list_drop(items);
        }
        if (!next)
            return false;
        value_replace_take(&product, value_list_take(next));
    }
    struct list *opened = open_items(evaluation, product.as.list, error);
    if (!opened)
        return false;
    *result = value_list_take(opened);
    return true;
}

/** The lists of the terms, item by item. */
static bool read_columns(struct evaluation *evaluation, const struct list *terms, struct list *columns, size_t *length,
                         struct error *error)
{
    *length = 0;
    for (size_t i = 0; i < terms->count; i++) {
        struct list *column = evaluation_items(evaluation, terms->items[i], error);
        if (!column)
            return false;
        list_push_take(columns, value_list_take(column));
        if (column->count > *length)
            *length = column->count;
    }
    return true;
}

static bool lookup_together(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    const struct list *terms = arguments[0].as.list;
    OWNED columns = value_list_new();
    size_t length;
    if (terms->count == 0)
        return error_set(error, ERROR_LOOKUP, "with_together requires at least one element in each list");
    if (!read_columns(evaluation, terms, columns.as.list, &length, error))
        return false;
    struct list *rows = list_new(length);
    for (size_t i = 0; i < length; i++) {
        struct list *row = list_new(terms->count);
        for (size_t j = 0; j < terms->count; j++) {
            const struct list *column = columns.as.list->items[j].as.list;
            push_flat(row, i < column->count ? column->items[i] : value_null());
        }
        list_push_take(rows, value_list_take(row));
    }
    *result = value_list_take(rows);
    return true;
}

static const struct function rows[] = {
    {"dict", "terms" LOOKUP_UNKNOWN, lookup_dict, LOOKUP_FLAGS, "Dicts as lists of {key, value}."},
    {"indexed_items", "terms" LOOKUP_UNKNOWN, lookup_indexed_items, LOOKUP_FLAGS, "Pairs of index and item."},
    {"items", "terms" LOOKUP_UNKNOWN, lookup_items, LOOKUP_FLAGS, "The terms as one list, lists among them opened."},
    {"list", "terms" LOOKUP_UNKNOWN, lookup_list, LOOKUP_FLAGS, "The terms as they are."},
    {"nested", "terms" LOOKUP_UNKNOWN, lookup_nested, LOOKUP_FLAGS, "Each item of a list with each of the others."},
    {"random_choice", "terms" LOOKUP_UNKNOWN, lookup_random_choice, LOOKUP_FLAGS, "One of the terms by chance."},
    {"together", "terms" LOOKUP_UNKNOWN, lookup_together, LOOKUP_FLAGS, "The first items of all lists, the second ..."},
};

const struct function_table lookups_lists = {FUNCTION_LOOKUP, "ansible.builtin", rows, COUNT_OF(rows)};
