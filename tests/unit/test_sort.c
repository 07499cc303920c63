#include "runtime/value/compare.h"
#include "runtime/value/list.h"
#include "tests/check.h"

static bool by_tens(const struct value *left, const struct value *right, void *context, int *order, struct error *error)
{
    (void)context;
    return value_order(value_int(left->as.integer / 10), value_int(right->as.integer / 10), "<", order, error);
}

TEST(sort_is_stable_and_complete)
{
    struct value items[1000];
    for (int i = 0; i < 1000; i++)
        items[i] = value_int((i * 7919) % 1000);
    OWNED_ERROR error = {0};
    CHECK(value_sort(items, 1000, NULL, NULL, &error));
    for (int i = 0; i < 1000; i++)
        CHECK_INT(items[i].as.integer, i);
    struct value pairs[] = {value_int(25), value_int(13), value_int(21), value_int(19), value_int(11), value_int(29)};
    CHECK(value_sort(pairs, COUNT_OF(pairs), by_tens, NULL, &error));
    static const int expected[] = {13, 19, 11, 25, 21, 29};
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        CHECK_INT(pairs[i].as.integer, expected[i]);
}

TEST(sort_of_mixed_types_fails_and_loses_nothing)
{
    OWNED list = value_list_new();
    for (int i = 0; i < 100; i++)
        list_push_take(list.as.list, i == 60 ? value_string("x") : value_int(100 - i));
    OWNED_ERROR error = {0};
    CHECK(!value_sort(list.as.list->items, 100, NULL, NULL, &error));
    CHECK_INT(error.kind, ERROR_TYPE);
    int64_t sum = 0;
    int strings = 0;
    for (int i = 0; i < 100; i++) {
        if (value_is_string(list.as.list->items[i]))
            strings++;
        else
            sum += list.as.list->items[i].as.integer;
    }
    CHECK_INT(strings, 1);
    CHECK_INT(sum, 5050 - 40);
}

TEST(sort_error_names_the_later_item_first)
{
    struct value items[] = {value_int(1), value_null()};
    OWNED_ERROR error = {0};
    CHECK(!value_sort(items, 2, NULL, NULL, &error));
    CHECK_STRING(error.message, "'<' not supported between instances of 'NoneType' and 'int'");
}
