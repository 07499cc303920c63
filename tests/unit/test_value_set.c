#include "runtime/value/list.h"
#include "runtime/value/value_set.h"
#include "tests/check.h"

TEST(value_set_holds_equal_values_once)
{
    CLEANUP(value_set_done) struct value_set set = {0};
    OWNED text = value_string("1"), list = value_list_new(), other = value_list_new();
    list_push_take(list.as.list, value_int(1));
    list_push_take(other.as.list, value_float(1));
    CHECK(!value_set_has(&set, text));
    CHECK(value_set_add(&set, text) && value_set_add(&set, value_int(1)) && value_set_add(&set, list));
    CHECK(!value_set_add(&set, value_bool(true)) && !value_set_add(&set, other));
    for (int64_t i = 2; i < 1000; i++)
        CHECK(value_set_add(&set, value_int(i)));
    CHECK(value_set_has(&set, value_int(999)) && !value_set_has(&set, value_int(1000)));
    CHECK_INT(set.count, 1001);
}
