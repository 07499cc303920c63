/*
 * The functions of JMESPath, one row each: name, what each argument may be, the function.
 */
#include <math.h>
#include <string.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/compare.h"
#include "runtime/value/json.h"
#include "runtime/value/repr.h"
#include "runtime/value/text.h"
#include "stdlib/filters/jmespath/tree.h"

/** What an argument may be, or'ed. */
enum argument_type {
    TYPE_NUMBER = 1,
    TYPE_STRING = 2,
    TYPE_BOOLEAN = 4,
    TYPE_ARRAY = 8,
    TYPE_OBJECT = 16,
    TYPE_NULL = 32,
    TYPE_REFERENCE = 64,
    TYPE_NUMBERS = 128, /* an array of numbers */
    TYPE_STRINGS = 256, /* an array of strings */
    TYPE_ANY = 63,
};

enum { MOST_ARGUMENTS = 2 };

typedef bool path_run(const struct path_call *call, struct value *result, struct error *error);

struct path_function {
    const char *name;
    unsigned types[MOST_ARGUMENTS];
    uint32_t count;
    bool is_variadic; /* the last type again and again */
    path_run *run;
};

static bool is_number(struct value value)
{
    return value_is_number(value) && value.kind != VALUE_BOOL;
}

/** The type of a value as one bit. */
static unsigned type_of(struct value value)
{
    if (value_is_null(value))
        return TYPE_NULL;
    if (value.kind == VALUE_BOOL)
        return TYPE_BOOLEAN;
    if (is_number(value))
        return TYPE_NUMBER;
    if (value_is_string(value))
        return TYPE_STRING;
    return value_is_dict(value) ? TYPE_OBJECT : TYPE_ARRAY;
}

/** JMESPath's name of a value's type. */
static const char *type_name(struct value value)
{
    switch (type_of(value)) {
    case TYPE_NULL:
        return "null";
    case TYPE_BOOLEAN:
        return "boolean";
    case TYPE_NUMBER:
        return "number";
    case TYPE_STRING:
        return "string";
    case TYPE_OBJECT:
        return "object";
    default:
        return "array";
    }
}

/** Are all items of this type? */
static bool all_items(struct value list, unsigned type)
{
    for (size_t i = 0; i < list.as.list->count; i++)
        if (type_of(list.as.list->items[i]) != type)
            return false;
    return true;
}

/** May an argument be used where `types` are wanted? */
static bool type_fits(unsigned types, struct value value, const struct path_node *reference)
{
    if (reference)
        return types & TYPE_REFERENCE;
    unsigned type = type_of(value);
    if (types & type)
        return true;
    return type == TYPE_ARRAY && ((types & TYPE_NUMBERS && all_items(value, TYPE_NUMBER)) ||
                                  (types & TYPE_STRINGS && all_items(value, TYPE_STRING)));
}

static bool path_abs(const struct path_call *call, struct value *result, struct error *error)
{
    int order;
    if (!value_order(call->arguments[0], value_int(0), "<", &order, error))
        return false;
    if (order < 0)
        return value_negate(call->arguments[0], result, error);
    *result = value_copy(call->arguments[0]);
    return true;
}

static bool path_sum(const struct path_call *call, struct value *result, struct error *error)
{
    OWNED sum = value_int(0);
    const struct list *list = call->arguments[0].as.list;
    for (size_t i = 0; i < list->count; i++) {
        struct value next;
        if (!value_arithmetic(ARITHMETIC_ADD, sum, list->items[i], &next, error))
            return false;
        value_replace_take(&sum, next);
    }
    *result = value_steal(&sum);
    return true;
}

static bool path_avg(const struct path_call *call, struct value *result, struct error *error)
{
    size_t count = call->arguments[0].as.list->count;
    if (count == 0) {
        *result = value_null();
        return true;
    }
    OWNED sum = value_null();
    return path_sum(call, &sum, error) &&
           value_arithmetic(ARITHMETIC_DIVIDE, sum, value_int((int64_t)count), result, error);
}

/** A number rounded by a function of math.h. */
static bool rounded(struct value number, double (*round)(double), struct value *result, struct error *error)
{
    if (number.kind == VALUE_FLOAT)
        return value_int_from_float(round(number.as.floating), result, error);
    *result = value_copy(number);
    return true;
}

static bool path_ceil(const struct path_call *call, struct value *result, struct error *error)
{
    return rounded(call->arguments[0], ceil, result, error);
}

static bool path_floor(const struct path_call *call, struct value *result, struct error *error)
{
    return rounded(call->arguments[0], floor, result, error);
}

static bool path_contains(const struct path_call *call, struct value *result, struct error *error)
{
    bool contains;
    if (!value_contains(call->arguments[0], call->arguments[1], &contains, error))
        return false;
    *result = value_bool(contains);
    return true;
}

/** Do the bytes of `part` stand at `offset` of the string? */
static bool stands_at(struct value string, struct value part, size_t offset)
{
    return memcmp(string.as.text->bytes + offset, part.as.text->bytes, part.as.text->length) == 0;
}

static bool path_starts_with(const struct path_call *call, struct value *result, struct error *error)
{
    struct value string = call->arguments[0], part = call->arguments[1];
    (void)error;
    *result = value_bool(part.as.text->length <= string.as.text->length && stands_at(string, part, 0));
    return true;
}

static bool path_ends_with(const struct path_call *call, struct value *result, struct error *error)
{
    struct value string = call->arguments[0], part = call->arguments[1];
    (void)error;
    *result = value_bool(part.as.text->length <= string.as.text->length &&
                         stands_at(string, part, string.as.text->length - part.as.text->length));
    return true;
}

static bool path_join(const struct path_call *call, struct value *result, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const struct list *list = call->arguments[1].as.list;
    (void)error;
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            text_buffer_append_text(&out, call->arguments[0].as.text);
        text_buffer_append_text(&out, list->items[i].as.text);
    }
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

/** The keys or the values of an object. */
static struct value entries_of(struct value object, bool keys)
{
    struct list *list = list_new(object.as.dict->live);
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(object.as.dict, &i, &entry);)
        list_push_take(list, value_copy(keys ? entry->key : entry->value));
    return value_list_take(list);
}

static bool path_keys(const struct path_call *call, struct value *result, struct error *error)
{
    (void)error;
    *result = entries_of(call->arguments[0], true);
    return true;
}

static bool path_values(const struct path_call *call, struct value *result, struct error *error)
{
    (void)error;
    *result = entries_of(call->arguments[0], false);
    return true;
}

static bool path_length(const struct path_call *call, struct value *result, struct error *error)
{
    (void)error;
    *result = value_int(value_length(call->arguments[0]));
    return true;
}

/** The value of the reference argument `at` for every item: an owned list, or NULL. */
static struct list *map_reference(const struct path_call *call, const struct path_node *reference,
                                  const struct list *items, struct error *error)
{
    OWNED mapped = value_list_new();
    for (size_t i = 0; i < items->count; i++) {
        struct value value;
        if (!path_evaluate(call->evaluation, reference, items->items[i], &value, error))
            return NULL;
        list_push_take(mapped.as.list, value);
    }
    return value_steal(&mapped).as.list;
}

static bool path_map(const struct path_call *call, struct value *result, struct error *error)
{
    struct list *mapped = map_reference(call, call->references[0], call->arguments[1].as.list, error);
    if (mapped)
        *result = value_list_take(mapped);
    return mapped != NULL;
}

/** The keys of a `..._by` function: all numbers or all strings. */
static struct list *sort_keys(const struct path_call *call, struct error *error)
{
    struct list *keys = map_reference(call, call->references[1], call->arguments[0].as.list, error);
    for (size_t i = 0; keys && i < keys->count; i++) {
        unsigned type = type_of(keys->items[i]);
        if ((type == TYPE_NUMBER || type == TYPE_STRING) && type == type_of(keys->items[0]))
            continue;
        error_set(error, ERROR_TYPE, "invalid type for value: expected one of: ['number', 'string'], received: \"%s\"",
                  type_name(keys->items[i]));
        list_drop(keys);
        keys = NULL;
    }
    return keys;
}

/** The index of the greatest (sign 1) or least (sign -1) key; the first of equal ones. */
static bool find_extreme(const struct list *keys, int sign, size_t *best, struct error *error)
{
    size_t found = 0;
    for (size_t i = 1; i < keys->count; i++) {
        int order;
        if (!value_order(keys->items[i], keys->items[found], "<", &order, error))
            return false;
        if (order != VALUE_UNORDERED && order * sign > 0)
            found = i;
    }
    *best = found;
    return true;
}

/** The item of `list` whose key is extreme; null of an empty list. */
static bool extreme(const struct list *list, const struct list *keys, int sign, struct value *result,
                    struct error *error)
{
    size_t best = 0;
    if (list->count && !find_extreme(keys, sign, &best, error))
        return false;
    *result = list->count ? value_copy(list->items[best]) : value_null();
    return true;
}

static bool path_max(const struct path_call *call, struct value *result, struct error *error)
{
    return extreme(call->arguments[0].as.list, call->arguments[0].as.list, 1, result, error);
}

static bool path_min(const struct path_call *call, struct value *result, struct error *error)
{
    return extreme(call->arguments[0].as.list, call->arguments[0].as.list, -1, result, error);
}

/** max_by and min_by. */
static bool extreme_by(const struct path_call *call, int sign, struct value *result, struct error *error)
{
    struct list *keys = sort_keys(call, error);
    bool found = keys && extreme(call->arguments[0].as.list, keys, sign, result, error);
    list_drop(keys);
    return found;
}

static bool path_max_by(const struct path_call *call, struct value *result, struct error *error)
{
    return extreme_by(call, 1, result, error);
}

static bool path_min_by(const struct path_call *call, struct value *result, struct error *error)
{
    return extreme_by(call, -1, result, error);
}

static bool path_merge(const struct path_call *call, struct value *result, struct error *error)
{
    struct dict *merged = dict_new();
    (void)error;
    for (uint32_t i = 0; i < call->count; i++)
        dict_update(merged, call->arguments[i].as.dict);
    *result = value_dict_take(merged);
    return true;
}

static bool path_not_null(const struct path_call *call, struct value *result, struct error *error)
{
    uint32_t i = 0;
    (void)error;
    while (i < call->count && value_is_null(call->arguments[i]))
        i++;
    *result = i < call->count ? value_copy(call->arguments[i]) : value_null();
    return true;
}

static bool path_reverse(const struct path_call *call, struct value *result, struct error *error)
{
    (void)error;
    if (!value_is_string(call->arguments[0])) {
        struct list *list = list_clone(call->arguments[0].as.list);
        list_reverse(list);
        *result = value_list_take(list);
        return true;
    }
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    struct text *text = call->arguments[0].as.text;
    for (uint32_t i = text_points(text); i-- > 0;) {
        uint32_t start = text_offset(text, i);
        text_buffer_append(&out, text->bytes + start, text_offset(text, i + 1) - start);
    }
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static bool path_sort(const struct path_call *call, struct value *result, struct error *error)
{
    OWNED sorted = value_list_take(list_clone(call->arguments[0].as.list));
    if (!value_sort(sorted.as.list->items, sorted.as.list->count, NULL, NULL, error))
        return false;
    *result = value_steal(&sorted);
    return true;
}

/** Orders pairs (key, item) by their keys. */
static bool compare_pairs(const struct value *left, const struct value *right, void *context, int *order,
                          struct error *error)
{
    (void)context;
    return value_order(left->as.list->items[0], right->as.list->items[0], "<", order, error);
}

static bool path_sort_by(const struct path_call *call, struct value *result, struct error *error)
{
    const struct list *items = call->arguments[0].as.list;
    struct list *keys = sort_keys(call, error);
    if (!keys)
        return false;
    OWNED pairs = value_list_new();
    for (size_t i = 0; i < items->count; i++) {
        struct list *pair = list_new(2);
        list_push_take(pair, value_copy(keys->items[i]));
        list_push_take(pair, value_copy(items->items[i]));
        list_push_take(pairs.as.list, value_list_take(pair));
    }
    list_drop(keys);
    if (!value_sort(pairs.as.list->items, pairs.as.list->count, compare_pairs, NULL, error))
        return false;
    struct list *sorted = list_new(items->count);
    for (size_t i = 0; i < items->count; i++)
        list_push_take(sorted, value_copy(pairs.as.list->items[i].as.list->items[1]));
    *result = value_list_take(sorted);
    return true;
}

static bool path_to_array(const struct path_call *call, struct value *result, struct error *error)
{
    (void)error;
    *result = value_copy(call->arguments[0]);
    if (value_is_list(*result))
        return true;
    struct list *list = list_new(1);
    list_push_take(list, *result);
    *result = value_list_take(list);
    return true;
}

static bool path_to_number(const struct path_call *call, struct value *result, struct error *error)
{
    struct value given = call->arguments[0];
    double number;
    (void)error;
    *result = is_number(given) ? value_copy(given) : value_null();
    if (!value_is_string(given) || value_parse_int(given.as.text->bytes, given.as.text->length, 10, result))
        return true;
    if (value_parse_float(given.as.text->bytes, given.as.text->length, &number))
        *result = value_float(number);
    return true;
}

static bool path_to_string(const struct path_call *call, struct value *result, struct error *error)
{
    static const struct json_style compact = {.indent = -1, .ascii = true, .compact = true};
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (value_is_string(call->arguments[0])) {
        *result = value_copy(call->arguments[0]);
        return true;
    }
    if (!json_append(&out, call->arguments[0], &compact, error))
        return false;
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static bool path_type(const struct path_call *call, struct value *result, struct error *error)
{
    (void)error;
    *result = value_string(type_name(call->arguments[0]));
    return true;
}

// clang-format off
static const struct path_function functions[] = {
    {"abs",         {TYPE_NUMBER}, 1, false, path_abs},
    {"avg",         {TYPE_NUMBERS}, 1, false, path_avg},
    {"ceil",        {TYPE_NUMBER}, 1, false, path_ceil},
    {"contains",    {TYPE_ARRAY | TYPE_STRING, TYPE_ANY}, 2, false, path_contains},
    {"ends_with",   {TYPE_STRING, TYPE_STRING}, 2, false, path_ends_with},
    {"floor",       {TYPE_NUMBER}, 1, false, path_floor},
    {"join",        {TYPE_STRING, TYPE_STRINGS}, 2, false, path_join},
    {"keys",        {TYPE_OBJECT}, 1, false, path_keys},
    {"length",      {TYPE_STRING | TYPE_ARRAY | TYPE_OBJECT}, 1, false, path_length},
    {"map",         {TYPE_REFERENCE, TYPE_ARRAY}, 2, false, path_map},
    {"max",         {TYPE_NUMBERS | TYPE_STRINGS}, 1, false, path_max},
    {"max_by",      {TYPE_ARRAY, TYPE_REFERENCE}, 2, false, path_max_by},
    {"merge",       {TYPE_OBJECT}, 1, true, path_merge},
    {"min",         {TYPE_NUMBERS | TYPE_STRINGS}, 1, false, path_min},
    {"min_by",      {TYPE_ARRAY, TYPE_REFERENCE}, 2, false, path_min_by},
    {"not_null",    {TYPE_ANY}, 1, true, path_not_null},
    {"reverse",     {TYPE_ARRAY | TYPE_STRING}, 1, false, path_reverse},
    {"sort",        {TYPE_NUMBERS | TYPE_STRINGS}, 1, false, path_sort},
    {"sort_by",     {TYPE_ARRAY, TYPE_REFERENCE}, 2, false, path_sort_by},
    {"starts_with", {TYPE_STRING, TYPE_STRING}, 2, false, path_starts_with},
    {"sum",         {TYPE_NUMBERS}, 1, false, path_sum},
    {"to_array",    {TYPE_ANY}, 1, false, path_to_array},
    {"to_number",   {TYPE_ANY}, 1, false, path_to_number},
    {"to_string",   {TYPE_ANY}, 1, false, path_to_string},
    {"type",        {TYPE_ANY}, 1, false, path_type},
    {"values",      {TYPE_OBJECT}, 1, false, path_values},
};
// clang-format on

const struct path_function *path_function_find(const char *name, size_t length)
{
    for (size_t i = 0; i < COUNT_OF(functions); i++)
        if (strlen(functions[i].name) == length && memcmp(functions[i].name, name, length) == 0)
            return &functions[i];
    return NULL;
}

bool path_function_check(const struct path_function *function, uint32_t count, struct error *error)
{
    if (count == function->count || (function->is_variadic && count > function->count))
        return true;
    return error_set(error, ERROR_VALUE, "Expected %s%u argument%s for function %s(), received %u",
                     function->is_variadic ? "at least " : "", function->count, function->count == 1 ? "" : "s",
                     function->name, count);
}

bool path_function_call(const struct path_function *function, const struct path_call *call, struct value *result,
                        struct error *error)
{
    for (uint32_t i = 0; i < call->count; i++) {
        unsigned types = function->types[i < function->count ? i : function->count - 1];
        if (!type_fits(types, call->arguments[i], call->references[i]))
            return error_set(error, ERROR_TYPE, "In function %s(), invalid type for argument %u, received: \"%s\"",
                             function->name, i + 1, call->references[i] ? "expref" : type_name(call->arguments[i]));
    }
    return function->run(call, result, error);
}
