/* Statistics of set_stats: see statistics.h. */
#include "eval/play/statistics.h"

#include "runtime/source/error.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/dict_merge.h"

/** Two values as one: dictionaries are merged, others added; what is of another kind than before changes nothing. */
static struct value join(struct value old, struct value new)
{
    OWNED_ERROR ignored = {0};
    struct value sum;
    if (old.kind != new.kind)
        return value_copy(old);
    if (value_is_dict(old))
        return dict_merge(old, new, true, LIST_MERGE_REPLACE);
    return value_arithmetic(ARITHMETIC_ADD, old, new, &sum, &ignored) ? sum : value_copy(old);
}

void statistics_add(struct dict *statistics, const char *host, const struct dict *effect)
{
    const char *owner = dict_get_truth(effect, "per_host", false) ? host : STATISTICS_RUN;
    bool adds = dict_get_truth(effect, "aggregate", true);
    const struct value *data = dict_find_string(effect, "data"), *there = dict_find_string(statistics, owner);
    const struct dict_entry *entry;
    if (!data || !value_is_dict(*data))
        return;
    OWNED kept = there ? value_copy(*there) : value_dict_new();
    for (size_t i = 0; dict_next(data->as.dict, &i, &entry);) {
        const struct value *old = adds ? dict_find(kept.as.dict, entry->key) : NULL;
        struct value value = old ? join(*old, entry->value) : value_copy(entry->value);
        dict_set_take(value_own_dict(&kept), value_copy(entry->key), value);
    }
    dict_set_string_take(statistics, owner, value_steal(&kept));
}
