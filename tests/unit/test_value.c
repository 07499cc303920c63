#include <string.h>

#include "runtime/value/dict.h"
#include "runtime/value/list.h"
#include "runtime/value/value.h"
#include "tests/check.h"

TEST(value_truth_follows_python)
{
    OWNED empty = value_string(""), text = value_string("0"), list = value_list_new(), dict = value_dict_new();
    CHECK(!value_truth(value_null()) && !value_truth(value_int(0)) && !value_truth(value_float(0)));
    CHECK(!value_truth(empty) && value_truth(text) && !value_truth(list) && !value_truth(dict));
    list_push_take(list.as.list, value_null());
    CHECK(value_truth(list) && value_truth(value_int(-1)) && value_truth(value_omit()));
}

TEST(value_length_counts_characters_items_and_keys)
{
    OWNED text = value_string("\xc3\xa4x"), list = value_list_new(), dict = value_dict_new();
    list_push_take(list.as.list, value_int(1));
    dict_set_string_take(dict.as.dict, "a", value_int(1));
    CHECK_INT(value_length(text), 2);
    CHECK_INT(value_length(list), 1);
    CHECK_INT(value_length(dict), 1);
    CHECK_INT(value_length(value_int(5)), -1);
}

TEST(value_own_copies_a_shared_body_only)
{
    OWNED first = value_list_new();
    struct list *alone = value_own_list(&first);
    CHECK(alone == first.as.list);
    OWNED second = value_copy(first);
    list_push_take(value_own_list(&second), value_string("x"));
    CHECK_INT(value_length(first), 0);
    CHECK_INT(value_length(second), 1);
    OWNED dict = value_dict_new(), other = value_copy(dict);
    dict_set_string_take(value_own_dict(&other), "k", value_int(1));
    CHECK_INT(value_length(dict), 0);
    CHECK_INT(value_length(other), 1);
}

TEST(value_trusted_marks_deeply_and_shares_what_does_not_change)
{
    OWNED list = value_list_new(), dict = value_dict_new();
    list_push_take(list.as.list, value_string("{{ x }}"));
    dict_set_string_take(dict.as.dict, "plain", value_int(1));
    dict_set_string_take(dict.as.dict, "list", value_copy(list));
    OWNED trusted = value_trusted(dict);
    CHECK(value_is_lazy(trusted) && !value_is_lazy(dict));
    const struct value *inner = dict_find_string(trusted.as.dict, "list");
    CHECK(inner->as.list->items[0].flags == (VALUE_TRUSTED | VALUE_LAZY));
    CHECK(list.as.list->items[0].flags == 0);
    OWNED again = value_trusted(trusted);
    CHECK(again.as.dict == trusted.as.dict);
    OWNED untrusted = value_untrusted(trusted);
    CHECK(!value_is_lazy(untrusted));
    CHECK(dict_find_string(untrusted.as.dict, "list")->as.list->items[0].flags == 0);
    OWNED same = value_untrusted(dict);
    CHECK(same.as.dict == dict.as.dict);
}

TEST(value_trusted_plain_text_is_not_lazy)
{
    OWNED text = value_string("no template");
    OWNED trusted = value_trusted(text);
    CHECK_INT(trusted.flags, VALUE_TRUSTED);
    CHECK(trusted.as.text == text.as.text);
}

TEST(value_undefined_error_says_what_was_asked)
{
    OWNED undefined = value_undefined((struct span){0}, "Did you mean 'y'?", "'%s' is undefined", "x");
    OWNED_ERROR error = {0};
    CHECK(!value_undefined_error(undefined, &error));
    CHECK_INT(error.kind, ERROR_UNDEFINED);
    CHECK_STRING(error.message, "'x' is undefined");
    CHECK_STRING(error.help, "Did you mean 'y'?");
    CHECK_STRING(value_type_name(undefined), "Undefined");
}

TEST(value_steal_leaves_null)
{
    OWNED text = value_string_format("%d-%s", 7, "x");
    CHECK(value_equals_string(text, "7-x") && !value_equals_string(text, "7-") &&
          !value_equals_string(value_int(7), "7"));
    OWNED stolen = value_steal(&text);
    CHECK(value_is_null(text) && value_equals_string(stolen, "7-x"));
}
