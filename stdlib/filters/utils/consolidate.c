/*
 * The filter consolidate of ansible.utils: lists of dicts from several sources by a value that they have in common.
 */
#include "runtime/value/repr.h"
#include "stdlib/filters/filters.h"

/** The parameters by their places. */
enum { CONSOLIDATE_SOURCES, CONSOLIDATE_FAIL_KEY, CONSOLIDATE_FAIL_VALUE, CONSOLIDATE_FAIL_DUPLICATE };

/** One source: its entries by what each has under the match key; the last one wins. */
struct data_source {
    struct value name;    /* borrowed */
    struct value entries; /* a dict; owned */
};

struct consolidation {
    struct data_source *sources;
    size_t count;
    struct value values; /* a dict of all match values in the order in which they came; owned */
    struct text_buffer no_key, no_value, duplicates; /* what is wrong, in words */
};

static void consolidation_done(struct consolidation *all)
{
    for (size_t i = 0; i < all->count; i++)
        value_drop(all->sources[i].entries);
    memory_cleanup(&all->sources);
    value_drop(all->values);
    text_buffer_done(&all->no_key);
    text_buffer_done(&all->no_value);
    text_buffer_done(&all->duplicates);
}

static void complain(struct text_buffer *out, const char *what, struct value value, size_t source)
{
    OWNED shown = value_str(value);
    text_buffer_append_format(out, "%s%s%s in data source %zu", out->length ? ", " : "", what, value_bytes(shown),
                              source + 1);
}

/** Enters the entries of source `index`. */
static bool read_entries(struct consolidation *all, size_t index, const struct list *data, struct value key,
                         struct error *error)
{
    OWNED shown = value_repr(key), nothing = value_string("");
    struct dict *entries = all->sources[index].entries.as.dict;
    bool has_duplicate = false;
    for (size_t i = 0; i < data->count; i++) {
        const struct value *value = value_is_dict(data->items[i]) ? dict_find(data->items[i].as.dict, key) : NULL;
        if (!value) {
            complain(&all->no_key, "missing match key ", shown, index);
            text_buffer_append_format(&all->no_key, " in list entry %zu", i + 1);
            continue;
        }
        if (!dict_key_check(*value, error))
            return false;
        has_duplicate = has_duplicate || dict_find(entries, *value);
        dict_set_take(entries, value_copy(*value), value_copy(data->items[i]));
        dict_set_take(all->values.as.dict, value_copy(*value), value_null());
    }
    if (has_duplicate)
        complain(&all->duplicates, "duplicate values", nothing, index);
    return true;
}

static bool read_source(struct consolidation *all, size_t index, struct value source, struct error *error)
{
    const struct dict *dict = value_is_dict(source) ? source.as.dict : NULL;
    const struct value *data = dict ? dict_find_string(dict, "data") : NULL;
    const struct value *key = dict ? dict_find_string(dict, "match_key") : NULL;
    const struct value *name = dict ? dict_find_string(dict, "name") : NULL;
    if (!data || !value_is_sequence(*data) || !key || !name)
        return error_set(error, ERROR_VALUE, "data source %zu must have data (a list), match_key and name", index + 1);
    all->sources[index].name = *name;
    return dict_key_check(*name, error) && read_entries(all, index, data->as.list, *key, error);
}

/** What each source has for one value. */
static struct value gather(struct consolidation *all, struct value value)
{
    struct dict *out = dict_new();
    for (size_t i = 0; i < all->count; i++) {
        const struct value *entry = dict_find(all->sources[i].entries.as.dict, value);
        if (!entry)
            complain(&all->no_value, "missing match value ", value, i);
        dict_set_take(out, value_copy(all->sources[i].name), entry ? value_copy(*entry) : value_dict_new());
    }
    return value_dict_take(out);
}

static bool check(struct value is_checked, const char *name, const struct text_buffer *complaints, struct error *error)
{
    if (!value_truth(is_checked) || complaints->length == 0)
        return true;
    return error_set(error, ERROR_FILTER, "Error when using plugin 'consolidate': '%s' reported %s", name,
                     text_buffer_bytes(complaints));
}

static bool filter_consolidate(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                               struct error *error)
{
    OWNED out = value_dict_new();
    struct value sources = arguments[CONSOLIDATE_SOURCES];
    const struct dict_entry *entry;
    (void)evaluation;
    if (!value_is_sequence(sources))
        return error_set(error, ERROR_TYPE, "data_sources must be a list, got '%s'", value_type_name(sources));
    size_t count = sources.as.list->count;
    CLEANUP(consolidation_done)
    struct consolidation all = {
        .sources = memory_new_array(count, sizeof *all.sources), .count = count, .values = value_dict_new()};
    for (size_t i = 0; i < count; i++)
        all.sources[i].entries = value_dict_new();
    for (size_t i = 0; i < count; i++)
        if (!read_source(&all, i, sources.as.list->items[i], error))
            return false;
    for (size_t i = 0; dict_next(all.values.as.dict, &i, &entry);)
        dict_set_take(out.as.dict, value_copy(entry->key), gather(&all, entry->key));
    if (!check(arguments[CONSOLIDATE_FAIL_KEY], "fail_missing_match_key", &all.no_key, error) ||
        !check(arguments[CONSOLIDATE_FAIL_DUPLICATE], "fail_duplicate", &all.duplicates, error) ||
        !check(arguments[CONSOLIDATE_FAIL_VALUE], "fail_missing_match_value", &all.no_value, error))
        return false;
    *result = value_steal(&out);
    return true;
}

static const struct function rows[] = {
    {"consolidate", "data_sources, fail_missing_match_key=True, fail_missing_match_value=True, fail_duplicate=True",
     filter_consolidate, 0, "Lists of dicts from several sources ({data, match_key, name}) by the value in common."},
};

const struct function_table filters_consolidate = {FUNCTION_FILTER, "ansible.utils", rows, COUNT_OF(rows)};
