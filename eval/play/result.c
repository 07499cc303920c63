/* Results: see result.h. */
#include "eval/play/result.h"

#include <string.h>

#include "runtime/value/list.h"
#include "runtime/value/repr.h"

static const char CENSORED[] =
    "the output has been hidden due to the fact that 'no_log: true' was specified for this result";

/* ---- what a result says ---- */

/** The results of items, or NULL. */
static const struct list *item_results(const struct dict *result)
{
    const struct value *results = dict_find_string(result, "results");
    return results && value_is_list(*results) ? results->as.list : NULL;
}

/** Has one of the items a key at all? */
static bool any_has(const struct list *results, const char *key)
{
    for (size_t i = 0; results && i < results->count; i++)
        if (value_is_dict(results->items[i]) && dict_find_string(results->items[i].as.dict, key))
            return true;
    return false;
}

/** Is the key true, of the whole or of one of its items? */
static bool is_true(const struct dict *result, const char *key)
{
    const struct list *results = item_results(result);
    if (dict_find_string(result, key))
        return dict_get_truth(result, key, false);
    for (size_t i = 0; results && i < results->count; i++)
        if (value_is_dict(results->items[i]) && dict_get_truth(results->items[i].as.dict, key, false))
            return true;
    return false;
}

static bool is_failed(const struct dict *result)
{
    bool was_judged =
        dict_find_string(result, "failed_when_result") || any_has(item_results(result), "failed_when_result");
    return is_true(result, was_judged ? "failed_when_result" : "failed");
}

/** A loop is skipped when every item was. */
static bool is_skipped(const struct dict *result)
{
    const struct list *results = item_results(result);
    bool all = results && results->count > 0;
    for (size_t i = 0; all && i < results->count; i++)
        all = value_is_dict(results->items[i]) && dict_get_truth(results->items[i].as.dict, "skipped", false);
    return all || dict_get_truth(result, "skipped", false);
}

enum task_status result_status(const struct dict *result)
{
    if (is_failed(result))
        return STATUS_FAILED;
    if (is_true(result, "unreachable"))
        return STATUS_UNREACHABLE;
    if (is_skipped(result))
        return STATUS_SKIPPED;
    return is_true(result, "changed") ? STATUS_CHANGED : STATUS_OK;
}

char *result_message(const struct dict *result)
{
    const struct value *message = dict_find_string(result, "msg");
    if (!message || value_is_null(*message))
        return NULL;
    OWNED text = value_str(*message);
    return memory_copy_string(value_bytes(text), text.as.text->length);
}

/* ---- as registered ---- */

static bool is_internal(struct value key)
{
    return value_is_string(key) && strncmp(value_bytes(key), "_ansible_", strlen("_ansible_")) == 0;
}

/** A copy without internal keys. */
static struct dict *without_internals(const struct dict *result)
{
    struct dict *copy = dict_new();
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(result, &i, &entry);)
        if (!is_internal(entry->key))
            dict_set_take(copy, value_copy(entry->key), value_copy(entry->value));
    return copy;
}

static bool has_internals(const struct dict *result)
{
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(result, &i, &entry);)
        if (is_internal(entry->key))
            return true;
    return false;
}

/** The items' results without internal keys; those that have none are shared. */
static struct value clean_items(const struct list *results)
{
    struct list *copies = list_new(results->count);
    for (size_t i = 0; i < results->count; i++) {
        struct value item = results->items[i];
        list_push_take(copies, value_is_dict(item) && has_internals(item.as.dict)
                                   ? value_dict_take(without_internals(item.as.dict))
                                   : value_copy(item));
    }
    return value_list_take(copies);
}

struct value result_registered(const struct dict *result)
{
    struct dict *copy = without_internals(result);
    const struct list *results = item_results(result);
    if (results)
        dict_set_string_take(copy, "results", clean_items(results));
    dict_remove_string(copy, "invocation");
    return value_dict_take(copy);
}

/* ---- as shown ---- */

/** What is left under no_log. */
static struct dict *censored(const struct dict *result)
{
    static const char *const kept[] = {"attempts", "changed", "retries"};
    struct dict *shown = dict_new();
    dict_set_string_take(shown, "censored", value_string(CENSORED));
    for (size_t i = 0; i < COUNT_OF(kept); i++) {
        const struct value *value = dict_find_string(result, kept[i]);
        if (value)
            dict_set_string_take(shown, kept[i], value_copy(*value));
    }
    return shown;
}

static void remove_keys(struct dict *dict, const char *const *keys)
{
    for (; *keys; keys++)
        dict_remove_string(dict, *keys);
}

/** debug shows its message alone, or its variable alone. */
static void reduce_debug(struct dict *shown)
{
    static const char *const hidden[] = {"changed", "failed", "skipped", "invocation", "skip_reason", NULL};
    const struct value *message = dict_find_string(shown, "msg");
    if (!message) {
        remove_keys(shown, hidden);
        return;
    }
    OWNED kept = value_copy(*message);
    OWNED all = value_dict_take(dict_clone(shown));
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(all.as.dict, &i, &entry);)
        if (value_is_string(entry->key))
            dict_remove_string(shown, value_bytes(entry->key));
    dict_set_string_take(shown, "msg", value_steal(&kept));
}

struct value result_shown(const struct dict *result, const struct result_view *view)
{
    static const char *const said_otherwise[] = {"failed", "skipped", "exception", "warnings", "deprecations", NULL};
    struct dict *shown = view->is_hidden ? censored(result) : without_internals(result);
    remove_keys(shown, said_otherwise);
    if (view->verbosity < 3) {
        dict_remove_string(shown, "invocation");
        dict_remove_string(shown, "diff");
    }
    if (view->is_debug)
        reduce_debug(shown);
    if (view->is_loop)
        dict_remove_string(shown, "results");
    return value_dict_take(shown);
}

/* ---- sums ---- */

struct dict *result_sum_take(struct list *results)
{
    struct dict *sum = dict_new();
    bool failed = false, unreachable = false, changed = false, skipped = true;
    for (size_t i = 0; i < results->count; i++) {
        const struct dict *item = results->items[i].as.dict;
        failed = failed || dict_get_truth(item, "failed", false);
        unreachable = unreachable || dict_get_truth(item, "unreachable", false);
        changed = changed || dict_get_truth(item, "changed", false);
        skipped = skipped && dict_get_truth(item, "skipped", false);
    }
    dict_set_string_take(sum, "results", value_list_take(results));
    dict_set_string_take(sum, "skipped", value_bool(skipped));
    dict_set_string_take(sum, "changed", value_bool(changed));
    if (failed)
        dict_set_string_take(sum, "failed", value_bool(true));
    if (unreachable)
        dict_set_string_take(sum, "unreachable", value_bool(true));
    dict_set_string_take(sum, "msg",
                         value_string(skipped  ? "All items skipped"
                                      : failed ? "One or more items failed"
                                               : "All items completed"));
    return sum;
}

/* ---- lines ---- */

/** Python's splitlines, for the line ends that programs write. */
static struct value split_lines(const struct text *text)
{
    struct list *lines = list_new(4);
    const char *at = text->bytes, *end = text->bytes + text->length;
    while (at < end) {
        size_t length = 0;
        while (at + length < end && at[length] != '\n' && at[length] != '\r')
            length++;
        list_push_take(lines, value_string_length(at, length));
        at += length;
        if (at < end)
            at += at[0] == '\r' && at + 1 < end && at[1] == '\n' ? 2 : 1;
    }
    return value_list_take(lines);
}

void result_add_lines(struct dict *result)
{
    static const char *const keys[][2] = {{"stdout", "stdout_lines"}, {"stderr", "stderr_lines"}};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct value *text = dict_find_string(result, keys[i][0]);
        if (text && value_is_string(*text) && !dict_find_string(result, keys[i][1]))
            dict_set_string_take(result, keys[i][1], split_lines(text->as.text));
    }
}
