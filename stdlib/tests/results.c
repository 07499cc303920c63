/*
 * Tests on the results of tasks: failed, succeeded, changed, skipped, unreachable, started, finished, timedout.
 */
#include "stdlib/items.h"
#include "stdlib/tests/tests.h"

/** What a test asks of a result: the truth of a key. */
struct result_flag {
    const char *test; /* as the message names it when there is no dict */
    const char *key;
    bool fallback; /* without the key */
};

static bool read_flag(struct evaluation *evaluation, struct value task_result, const struct result_flag *flag,
                      bool *answer, struct error *error)
{
    if (!value_is_dict(task_result))
        return error_set(error, ERROR_TYPE, "The '%s' test expects a dictionary", flag->test);
    const struct value *found = dict_find_string(task_result.as.dict, flag->key);
    OWNED read = value_null();
    if (found && !item_read(evaluation, *found, &read, error))
        return false;
    *answer = found ? value_truth(read) : flag->fallback;
    return true;
}

/** Defines a test that asks for a key (`wanted`: its truth or its opposite). */
#define FLAG_TEST(name, key, fallback, wanted)                                                                         \
    static bool test_##name(struct evaluation *evaluation, const struct value *arguments, struct value *result,        \
                            struct error *error)                                                                       \
    {                                                                                                                  \
        static const struct result_flag flag = {key, key, fallback};                                                   \
        bool answer;                                                                                                   \
        return read_flag(evaluation, arguments[0], &flag, &answer, error) && test_answer(result, answer == (wanted));  \
    }

FLAG_TEST(failed, "failed", false, true)
FLAG_TEST(success, "failed", false, false)
FLAG_TEST(unreachable, "unreachable", false, true)
FLAG_TEST(reachable, "unreachable", false, false)
FLAG_TEST(skipped, "skipped", false, true)
FLAG_TEST(started, "started", true, true)
FLAG_TEST(finished, "finished", true, true)

static const struct result_flag flag_changed = {"changed", "changed", false};
static const struct result_flag flag_timedout = {"timedout", "timedout", false};
static const struct result_flag flag_period = {"timedout", "period", false};

/** Has one of a loop's results changed?  What does not begin with a result is no loop's. */
static bool loop_changed(struct evaluation *evaluation, struct value results, bool *changed, struct error *error)
{
    *changed = false;
    if (!value_is_list(results))
        return true;
    const struct list *list = results.as.list;
    if (list->count == 0)
        return error_set(error, ERROR_KEY, "list index out of range");
    for (size_t i = 0; i < list->count && !*changed; i++) {
        OWNED item = value_null();
        if (!item_read(evaluation, list->items[i], &item, error))
            return false;
        if (!value_is_dict(item) && i == 0)
            return true;
        if (!value_is_dict(item))
            return error_set(error, ERROR_TYPE, "'%s' object has no attribute 'get'", value_type_name(item));
        if (!read_flag(evaluation, item, &flag_changed, changed, error))
            return false;
    }
    return true;
}

static bool test_changed(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    bool changed;
    struct value task_result = arguments[0];
    if (value_is_dict(task_result) && !dict_find_string(task_result.as.dict, "changed")) {
        const struct value *found = dict_find_string(task_result.as.dict, "results");
        OWNED results = value_null();
        if (found && !item_read(evaluation, *found, &results, error))
            return false;
        return loop_changed(evaluation, results, &changed, error) && test_answer(result, changed);
    }
    return read_flag(evaluation, task_result, &flag_changed, &changed, error) && test_answer(result, changed);
}

static bool test_timedout(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    bool has_timed_out;
    if (!read_flag(evaluation, arguments[0], &flag_timedout, &has_timed_out, error))
        return false;
    if (!has_timed_out)
        return test_answer(result, false);
    OWNED timeout = value_null();
    if (!item_read(evaluation, *dict_find_string(arguments[0].as.dict, "timedout"), &timeout, error))
        return false;
    if (!value_is_dict(timeout))
        return error_set(error, ERROR_TYPE, "'%s' object has no attribute 'get'", value_type_name(timeout));
    return read_flag(evaluation, timeout, &flag_period, &has_timed_out, error) && test_answer(result, has_timed_out);
}

static const struct function rows[] = {
    {"change", "result", test_changed, FUNCTION_TAKES_LAZY, "Another name of changed"},
    {"changed", "result", test_changed, FUNCTION_TAKES_LAZY, "Has the task (or one of its loop) changed something?"},
    {"failed", "result", test_failed, FUNCTION_TAKES_LAZY, "Has the task failed?"},
    {"failure", "result", test_failed, FUNCTION_TAKES_LAZY, "Another name of failed"},
    {"finished", "result", test_finished, FUNCTION_TAKES_LAZY, "Has the asynchronous task ended?"},
    {"reachable", "result", test_reachable, FUNCTION_TAKES_LAZY, "Could the host be reached?"},
    {"skip", "result", test_skipped, FUNCTION_TAKES_LAZY, "Another name of skipped"},
    {"skipped", "result", test_skipped, FUNCTION_TAKES_LAZY, "Was the task skipped?"},
    {"started", "result", test_started, FUNCTION_TAKES_LAZY, "Has the asynchronous task begun?"},
    {"succeeded", "result", test_success, FUNCTION_TAKES_LAZY, "Another name of success"},
    {"success", "result", test_success, FUNCTION_TAKES_LAZY, "Has the task not failed?"},
    {"successful", "result", test_success, FUNCTION_TAKES_LAZY, "Another name of success"},
    {"timedout", "result", test_timedout, FUNCTION_TAKES_LAZY, "Has the task been ended by its time limit?"},
    {"unreachable", "result", test_unreachable, FUNCTION_TAKES_LAZY, "Could the host not be reached?"},
};

const struct function_table tests_results = {FUNCTION_TEST, "ansible.builtin", rows, COUNT_OF(rows)};
