#include "runtime/value/list.h"
#include "tests/check.h"

/** A list value of the ints first .. first + count - 1. */
static struct value ints(int64_t first, size_t count)
{
    struct value list = value_list_new();
    for (size_t i = 0; i < count; i++)
        list_push_take(list.as.list, value_int(first + (int64_t)i));
    return list;
}

TEST(list_grows_inserts_and_removes)
{
    OWNED list = ints(0, 20);
    list_insert_take(list.as.list, 0, value_string("head"));
    list_insert_take(list.as.list, 21, value_string("tail"));
    CHECK_INT(list.as.list->count, 22);
    CHECK(value_equals_string(list.as.list->items[0], "head") && value_equals_string(list.as.list->items[21], "tail"));
    CHECK_INT(list.as.list->items[1].as.integer, 0);
    OWNED removed = list_remove(list.as.list, 0);
    CHECK(value_equals_string(removed, "head"));
    CHECK_INT(list.as.list->items[19].as.integer, 19);
}

TEST(list_extends_by_itself)
{
    OWNED list = ints(1, 3);
    list_extend(list.as.list, list.as.list);
    CHECK_INT(list.as.list->count, 6);
    CHECK_INT(list.as.list->items[5].as.integer, 3);
}

TEST(list_reverses_in_place)
{
    OWNED even = ints(1, 4), odd = ints(1, 3), empty = value_list_new();
    list_reverse(even.as.list);
    list_reverse(odd.as.list);
    list_reverse(empty.as.list);
    CHECK_INT(even.as.list->items[0].as.integer, 4);
    CHECK_INT(even.as.list->items[3].as.integer, 1);
    CHECK_INT(odd.as.list->items[0].as.integer, 3);
    CHECK_INT(odd.as.list->items[1].as.integer, 2);
}

TEST(list_knows_that_something_in_it_is_lazy)
{
    OWNED list = value_list_new(), outer = value_list_new(), text = value_string("{{ x }}");
    CHECK(!list.as.list->lazy);
    list_push_take(list.as.list, value_trusted(text));
    list_push_take(outer.as.list, value_copy(list));
    CHECK(list.as.list->lazy && outer.as.list->lazy);
    OWNED extended = value_list_new();
    list_extend(extended.as.list, outer.as.list);
    CHECK(value_is_lazy(extended));
}

TEST(list_set_replaces_and_clone_is_unshared)
{
    OWNED list = value_list_new();
    list_push_take(list.as.list, value_string("old"));
    struct list *clone = list_clone(list.as.list);
    list_set_take(list.as.list, 0, value_string("new"));
    CHECK(value_equals_string(clone->items[0], "old"));
    CHECK(value_equals_string(list.as.list->items[0], "new"));
    list_drop(clone);
}
