#include "runtime/value/compare.h"

#include <math.h>
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/bigint.h"
#include "runtime/value/dict.h"
#include "runtime/value/list.h"
#include "runtime/value/object.h"

/* ---- equality ---- */

static bool equal_at(struct value left, struct value right, int depth);

static inline bool is_word(struct value value)
{
    return value.kind == VALUE_INT || value.kind == VALUE_BOOL;
}

static inline int64_t word_of(struct value value)
{
    return value.kind == VALUE_BOOL ? value.as.boolean : value.as.integer;
}

/** The order of two numbers; VALUE_UNORDERED when one is not a number. */
static int number_order(struct value left, struct value right)
{
    if (is_word(left) && is_word(right))
        return (word_of(left) > word_of(right)) - (word_of(left) < word_of(right));
    if (left.kind == VALUE_FLOAT && right.kind == VALUE_FLOAT) {
        double l = left.as.floating, r = right.as.floating;
        return isnan(l) || isnan(r) ? VALUE_UNORDERED : (l > r) - (l < r);
    }
    if (left.kind == VALUE_FLOAT)
        return isnan(left.as.floating) ? VALUE_UNORDERED : -bigint_compare_double(right, left.as.floating);
    if (right.kind == VALUE_FLOAT)
        return isnan(right.as.floating) ? VALUE_UNORDERED : bigint_compare_double(left, right.as.floating);
    return bigint_compare(left, right);
}

static bool lists_equal(const struct list *left, const struct list *right, int depth)
{
    if (left == right)
        return true;
    if (left->count != right->count)
        return false;
    for (size_t i = 0; i < left->count; i++)
        if (!equal_at(left->items[i], right->items[i], depth))
            return false;
    return true;
}

static bool dicts_equal(const struct dict *left, const struct dict *right, int depth)
{
    if (left == right)
        return true;
    if (left->live != right->live)
        return false;
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(left, &i, &entry);) {
        const struct value *other = dict_find(right, entry->key);
        if (!other || !equal_at(entry->value, *other, depth))
            return false;
    }
    return true;
}

static bool objects_equal(struct object *left, struct object *right)
{
    if (left == right)
        return true;
    return left->class == right->class && left->class->equal && left->class->equal(left, right);
}

/** Values nested past the limit count as unequal: there is nobody to tell. */
static bool equal_at(struct value left, struct value right, int depth)
{
    if (value_is_number(left) && value_is_number(right))
        return number_order(left, right) == 0;
    if (left.kind != right.kind || depth > LIMIT_VALUE_DEPTH)
        return false;
    switch ((enum value_kind)left.kind) {
    case VALUE_NULL:
    case VALUE_OMIT:
        return true;
    case VALUE_STRING:
        return text_equal(left.as.text, right.as.text);
    case VALUE_LIST:
    case VALUE_TUPLE:
        return lists_equal(left.as.list, right.as.list, depth + 1);
    case VALUE_DICT:
        return dicts_equal(left.as.dict, right.as.dict, depth + 1);
    case VALUE_UNDEFINED:
        return left.as.undefined == right.as.undefined;
    case VALUE_OBJECT:
        return objects_equal(left.as.object, right.as.object);
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_BIGINT:
        return false;
    }
    return false;
}

bool value_equal(struct value left, struct value right)
{
    if (left.kind == VALUE_STRING && right.kind == VALUE_STRING)
        return text_equal(left.as.text, right.as.text);
    return equal_at(left, right, 0);
}

/* ---- order ---- */

struct ordering {
    const char *operation;
    struct error *error;
};

static bool order_at(const struct ordering *ordering, struct value left, struct value right, int depth, int *order);

/** By the first pair of items that differ, then by length. */
static bool order_lists(const struct ordering *ordering, struct list *left, struct list *right, int depth, int *order)
{
    size_t shorter = left->count < right->count ? left->count : right->count;
    for (size_t i = 0; i < shorter; i++)
        if (!value_equal(left->items[i], right->items[i]))
            return order_at(ordering, left->items[i], right->items[i], depth, order);
    *order = (left->count > right->count) - (left->count < right->count);
    return true;
}

static bool order_at(const struct ordering *ordering, struct value left, struct value right, int depth, int *order)
{
    if (depth > LIMIT_VALUE_DEPTH)
        return error_set(ordering->error, ERROR_LIMIT, "maximum recursion depth exceeded in comparison");
    if (value_is_number(left) && value_is_number(right)) {
        *order = number_order(left, right);
        return true;
    }
    if (left.kind == VALUE_STRING && right.kind == VALUE_STRING) {
        *order = text_compare(left.as.text, right.as.text);
        return true;
    }
    if (value_is_sequence(left) && left.kind == right.kind)
        return order_lists(ordering, left.as.list, right.as.list, depth + 1, order);
    if (left.kind == VALUE_OBJECT && right.kind == VALUE_OBJECT) {
        struct object *l = left.as.object, *r = right.as.object;
        if (l->class == r->class && l->class->order)
            return l->class->order(l, r, order, ordering->error);
    }
    return error_set(ordering->error, ERROR_TYPE, "'%s' not supported between instances of '%s' and '%s'",
                     ordering->operation, value_type_name(left), value_type_name(right));
}

bool value_order(struct value left, struct value right, const char *operation, int *order, struct error *error)
{
    if (left.kind == VALUE_UNDEFINED || right.kind == VALUE_UNDEFINED)
        return value_undefined_error(left.kind == VALUE_UNDEFINED ? left : right, error);
    struct ordering ordering = {operation, error};
    return order_at(&ordering, left, right, 0, order);
}

/* ---- containment ---- */

static bool list_contains(const struct list *list, struct value needle)
{
    for (size_t i = 0; i < list->count; i++)
        if (value_equal(list->items[i], needle))
            return true;
    return false;
}

static bool string_contains(struct text *haystack, struct value needle, bool *result, struct error *error)
{
    if (needle.kind != VALUE_STRING)
        return error_set(error, ERROR_TYPE, "'in <string>' requires string as left operand, not %s",
                         value_type_name(needle));
    *result = memmem(haystack->bytes, haystack->length, needle.as.text->bytes, needle.as.text->length) != NULL;
    return true;
}

static bool object_contains(struct object *object, struct value needle, bool *result, struct error *error)
{
    if (object->class->contains)
        return object->class->contains(object, needle, result, error);
    if (!object->class->items)
        return error_set(error, ERROR_TYPE, "argument of type '%s' is not iterable", object->class->type_name);
    struct list *items = object->class->items(object, error);
    if (!items)
        return false;
    *result = list_contains(items, needle);
    list_drop(items);
    return true;
}

bool value_contains(struct value haystack, struct value needle, bool *result, struct error *error)
{
    switch ((enum value_kind)haystack.kind) {
    case VALUE_STRING:
        return string_contains(haystack.as.text, needle, result, error);
    case VALUE_LIST:
    case VALUE_TUPLE:
        *result = list_contains(haystack.as.list, needle);
        return true;
    case VALUE_DICT:
        if (!dict_key_check(needle, error))
            return false;
        *result = dict_find(haystack.as.dict, needle) != NULL;
        return true;
    case VALUE_OBJECT:
        return object_contains(haystack.as.object, needle, result, error);
    case VALUE_UNDEFINED:
        return value_undefined_error(haystack, error);
    case VALUE_NULL:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_BIGINT:
    case VALUE_OMIT:
        break;
    }
    return error_set(error, ERROR_TYPE, "argument of type '%s' is not iterable", value_type_name(haystack));
}

/* ---- hashes ---- */

static uint32_t hash_word(uint64_t word)
{
    word *= 0x9E3779B97F4A7C15u;
    return (uint32_t)(word >> 32);
}

static uint32_t hash_double(double number)
{
    if (number >= -0x1p63 && number < 0x1p63 && number == (double)(int64_t)number)
        return hash_word((uint64_t)(int64_t)number);
    uint64_t word;
    memcpy(&word, &number, sizeof word);
    return hash_word(word);
}

static uint32_t hash_at(struct value value, int depth);

static uint32_t hash_list(const struct list *list, int depth)
{
    uint64_t hash = list->count;
    for (size_t i = 0; i < list->count; i++)
        hash = hash * 1000003 ^ hash_at(list->items[i], depth);
    return hash_word(hash);
}

/** Sums over the entries, since the order of insertion does not count in equality. */
static uint32_t hash_dict(const struct dict *dict, int depth)
{
    uint64_t sum = dict->live;
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(dict, &i, &entry);)
        sum += hash_word((uint64_t)entry->hash << 32 | hash_at(entry->value, depth));
    return hash_word(sum);
}

static uint32_t hash_at(struct value value, int depth)
{
    if (depth > LIMIT_VALUE_DEPTH)
        return 0;
    switch ((enum value_kind)value.kind) {
    case VALUE_NULL:
        return 0x4E6F6E65;
    case VALUE_OMIT:
        return 0x4F6D6974;
    case VALUE_BOOL:
    case VALUE_INT:
        return hash_word((uint64_t)word_of(value));
    case VALUE_FLOAT:
        return hash_double(value.as.floating);
    case VALUE_BIGINT:
        return bigint_hash(value);
    case VALUE_STRING:
        return text_hash(value.as.text);
    case VALUE_LIST:
    case VALUE_TUPLE:
        return hash_list(value.as.list, depth + 1);
    case VALUE_DICT:
        return hash_dict(value.as.dict, depth + 1);
    case VALUE_UNDEFINED:
        return hash_word((uintptr_t)value.as.undefined);
    case VALUE_OBJECT:
        return value.as.object->class->hash ? value.as.object->class->hash(value.as.object)
                                            : hash_word((uintptr_t)value.as.object);
    }
    return 0;
}

uint32_t value_hash(struct value value)
{
    return hash_at(value, 0);
}
