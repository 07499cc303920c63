#include <stdio.h>
#include <string.h>

#include "runtime/value/dict.h"
#include "runtime/value/list.h"
#include "tests/check.h"

/** A dict value with keys k0 .. k(count-1) and their numbers. */
static struct value numbered(int count)
{
    struct value dict = value_dict_new();
    char key[16];
    for (int i = 0; i < count; i++) {
        snprintf(key, sizeof key, "k%d", i);
        dict_set_string_take(dict.as.dict, key, value_int(i));
    }
    return dict;
}

TEST(dict_finds_all_of_many_and_keeps_their_order)
{
    OWNED value = numbered(1000);
    struct dict *dict = value.as.dict;
    CHECK_INT(dict->live, 1000);
    char key[16];
    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "k%d", i);
        CHECK_INT(dict_get_int(dict, key, -1), i);
    }
    CHECK(!dict_find_string(dict, "k1000") && !dict_find_string(dict, ""));
    const struct dict_entry *entry;
    int64_t expected = 0;
    for (size_t i = 0; dict_next(dict, &i, &entry);)
        CHECK_INT(entry->value.as.integer, expected++);
    CHECK_INT(expected, 1000);
}

TEST(dict_replaced_key_keeps_its_place_removed_one_loses_it)
{
    OWNED value = numbered(3);
    struct dict *dict = value.as.dict;
    dict_set_string_take(dict, "k0", value_int(10));
    dict_remove_string(dict, "k1");
    dict_set_string_take(dict, "k1", value_int(11));
    static const char *const keys[] = {"k0", "k2", "k1"};
    const struct dict_entry *entry;
    size_t seen = 0;
    for (size_t i = 0; dict_next(dict, &i, &entry); seen++)
        CHECK_STRING(value_bytes(entry->key), keys[seen]);
    CHECK_INT(seen, 3);
    CHECK_INT(dict_get_int(dict, "k0", -1), 10);
}

TEST(dict_survives_many_removals_and_reuse)
{
    OWNED value = numbered(100);
    struct dict *dict = value.as.dict;
    char key[16];
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 100; i++) {
            snprintf(key, sizeof key, "k%d", i);
            OWNED name = value_string(key), removed = value_null();
            CHECK(dict_remove(dict, name, &removed));
            CHECK(!dict_remove(dict, name, &removed));
            CHECK_INT(removed.as.integer, i);
            if (round < 49)
                dict_set_string_take(dict, key, value_int(i));
        }
        CHECK(dict->capacity <= 512);
    }
    CHECK_INT(dict->live, 0);
    CHECK(!dict_find_string(dict, "k5"));
    dict_set_string_take(dict, "k5", value_int(5));
    CHECK_INT(dict_get_int(dict, "k5", -1), 5);
}

TEST(dict_keys_follow_python)
{
    OWNED value = value_dict_new(), text = value_string("1");
    struct dict *dict = value.as.dict;
    dict_set_take(dict, value_int(1), value_string("one"));
    CHECK(dict_find(dict, value_bool(true)) && dict_find(dict, value_float(1)));
    CHECK(!dict_find(dict, text) && !dict_find(dict, value_null()));
    dict_set_take(dict, value_copy(text), value_string("text"));
    dict_set_take(dict, value_null(), value_string("none"));
    CHECK_INT(dict->live, 3);
    CHECK(value_equals_string(*dict_find(dict, value_null()), "none"));
}

TEST(dict_refuses_keys_that_are_lists_or_hold_one)
{
    OWNED list = value_list_new(), tuple = value_tuple_take(list_new(1)), dict = value_dict_new();
    OWNED_ERROR error = {0};
    CHECK(dict_key_check(tuple, &error));
    list_push_take(tuple.as.list, value_copy(list));
    CHECK(!dict_key_check(tuple, &error));
    CHECK_INT(error.kind, ERROR_TYPE);
    CHECK_STRING(error.message, "unhashable type: 'list'");
    OWNED_ERROR other = {0};
    CHECK(!dict_key_check(dict, &other));
    CHECK_STRING(other.message, "unhashable type: 'dict'");
    CHECK(!dict_find(dict.as.dict, list));
}

TEST(dict_update_wins_and_clone_is_unshared)
{
    OWNED value = numbered(20), other = value_dict_new();
    dict_set_string_take(other.as.dict, "k3", value_string("new"));
    dict_set_string_take(other.as.dict, "k20", value_string("more"));
    struct dict *clone = dict_clone(value.as.dict);
    dict_update(clone, other.as.dict);
    CHECK_INT(clone->live, 21);
    CHECK_STRING(dict_get_bytes(clone, "k3", ""), "new");
    CHECK_INT(dict_get_int(value.as.dict, "k3", -1), 3);
    CHECK(!dict_find_string(value.as.dict, "k20"));
    dict_remove_string(clone, "k0");
    struct dict *compact = dict_clone(clone);
    CHECK_INT(compact->used, 20);
    CHECK_STRING(dict_get_bytes(compact, "k20", ""), "more");
    dict_drop(compact);
    dict_drop(clone);
}

TEST(dict_knows_that_something_in_it_is_lazy)
{
    OWNED dict = value_dict_new(), text = value_string("{{ x }}");
    dict_set_string_take(dict.as.dict, "plain", value_copy(text));
    CHECK(!value_is_lazy(dict));
    dict_set_string_take(dict.as.dict, "lazy", value_trusted(text));
    CHECK(value_is_lazy(dict));
}

TEST(dict_conveniences_fall_back)
{
    OWNED value = numbered(2);
    dict_set_string_take(value.as.dict, "s", value_string("x"));
    CHECK_INT(dict_get_int(value.as.dict, "s", 7), 7);
    CHECK(!dict_get_truth(value.as.dict, "k0", true) && dict_get_truth(value.as.dict, "none", true));
    CHECK_STRING(dict_get_bytes(value.as.dict, "k0", "fallback"), "fallback");
}
