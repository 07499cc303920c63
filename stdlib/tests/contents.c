/*
 * Tests on what a value contains, and on its truth: in, contains, subset, superset, any, all, truthy, falsy.
 */
#include <string.h>

#include "runtime/value/compare.h"
#include "runtime/value/value_set.h"
#include "stdlib/items.h"
#include "stdlib/tests/tests.h"

static bool contains(struct value haystack, struct value needle, struct value *result, struct error *error)
{
    bool is_inside;
    return value_contains(haystack, needle, &is_inside, error) && test_answer(result, is_inside);
}

static bool test_in(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                    struct error *error)
{
    (void)evaluation;
    return contains(arguments[1], arguments[0], result, error);
}

static bool test_contains(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    return contains(arguments[0], arguments[1], result, error);
}

/* ---- sets ---- */

/** The items, all of which must be hashable as those of Python's sets. */
static bool read_set(struct evaluation *evaluation, struct value iterable, struct value *items, struct error *error)
{
    struct list *list = items_read(evaluation, iterable, ITEMS_REFUSE_UNDEFINED, error);
    if (!list)
        return false;
    OWNED owner = value_list_take(list);
    for (size_t i = 0; i < list->count; i++)
        if (!dict_key_check(list->items[i], error))
            return false;
    *items = value_steal(&owner);
    return true;
}

static bool is_subset(const struct list *part, const struct list *whole)
{
    CLEANUP(value_set_done) struct value_set set = {0};
    for (size_t i = 0; i < whole->count; i++)
        value_set_add(&set, whole->items[i]);
    for (size_t i = 0; i < part->count; i++)
        if (!value_set_has(&set, part->items[i]))
            return false;
    return true;
}

static bool test_subset(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    OWNED part = value_null(), whole = value_null();
    if (!read_set(evaluation, arguments[0], &part, error) || !read_set(evaluation, arguments[1], &whole, error))
        return false;
    return test_answer(result, is_subset(part.as.list, whole.as.list));
}

static bool test_superset(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    OWNED part = value_null(), whole = value_null();
    if (!read_set(evaluation, arguments[0], &whole, error) || !read_set(evaluation, arguments[1], &part, error))
        return false;
    return test_answer(result, is_subset(part.as.list, whole.as.list));
}

/* ---- truth ---- */

/** Looks for an item of this truth; items behind it are not even evaluated. */
static bool has_item(struct evaluation *evaluation, struct value iterable, bool truth, bool *found, struct error *error)
{
    struct list *items = items_list(evaluation, iterable, error);
    if (!items)
        return false;
    OWNED owner = value_list_take(items);
    *found = false;
    for (size_t i = 0; i < items->count && !*found; i++) {
        OWNED item = value_null();
        if (!item_read(evaluation, items->items[i], &item, error))
            return false;
        *found = value_truth(item) == truth;
    }
    return true;
}

static bool test_any(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                     struct error *error)
{
    bool found;
    return has_item(evaluation, arguments[0], true, &found, error) && test_answer(result, found);
}

static bool test_all(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                     struct error *error)
{
    bool found;
    return has_item(evaluation, arguments[0], false, &found, error) && test_answer(result, !found);
}

/** Is the text one of the words for false ("no", "off" ...)? */
static bool is_false_word(const struct text *text)
{
    static const char *const words[] = {"n", "no", "off", "0", "false", "f"};
    struct text *stripped = text_strip((struct text *)text, NULL, TEXT_BOTH), *lower = text_lower(stripped);
    bool is_false = false;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        is_false |= strcmp(lower->bytes, words[i]) == 0;
    text_drop(stripped);
    text_drop(lower);
    return is_false;
}

static bool is_truthy(const struct value *arguments)
{
    struct value value = arguments[0];
    if (value_truth(arguments[1]) && value_is_string(value) && is_false_word(value.as.text))
        return false;
    return value_truth(value);
}

static bool test_truthy(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation, (void)error;
    return test_answer(result, is_truthy(arguments));
}

static bool test_falsy(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation, (void)error;
    return test_answer(result, !is_truthy(arguments));
}

static const struct function rows[] = {
    {"all", "iterable", test_all, FUNCTION_TAKES_LAZY, "Does every item count as true?"},
    {"any", "iterable", test_any, FUNCTION_TAKES_LAZY, "Does an item count as true?"},
    {"contains", "seq, value", test_contains, 0, "Is a value among the items, keys or part of the text?"},
    {"falsy", "value, convert_bool=False", test_falsy, FUNCTION_TAKES_LAZY,
     "Does it count as false? convert_bool: texts such as 'no' and 'off' too"},
    {"in", "value, seq", test_in, 0, "Is it among the items, keys or part of the text?"},
    {"issubset", "a, b", test_subset, FUNCTION_TAKES_LAZY, "Another name of subset"},
    {"issuperset", "a, b", test_superset, FUNCTION_TAKES_LAZY, "Another name of superset"},
    {"subset", "a, b", test_subset, FUNCTION_TAKES_LAZY, "Are all items among those of the other list?"},
    {"superset", "a, b", test_superset, FUNCTION_TAKES_LAZY, "Are all items of the other list among them?"},
    {"truthy", "value, convert_bool=False", test_truthy, FUNCTION_TAKES_LAZY,
     "Does it count as true? convert_bool: texts such as 'no' and 'off' do not"},
};

const struct function_table tests_contents = {FUNCTION_TEST, "ansible.builtin", rows, COUNT_OF(rows)};
