/*
 * Filters and lookups of ansible.utils on where things are: to_paths, get_path, index_of.
 */
#include <string.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"
#include "stdlib/lookups/lookups.h"

/* ---- to_paths ---- */

/** Can a key be written behind a dot: a name of letters, digits and _ that begins with none of the digits? */
static bool is_name(const char *key)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", digits[] = "0123456789";
    if (!strchr(letters, *key))
        return false;
    for (; *key; key++)
        if (!strchr(letters, *key) && !strchr(digits, *key))
            return false;
    return true;
}

/** Appends ".key", "['a key']" or "[5]". */
static void append_key(struct text_buffer *path, struct value key)
{
    OWNED text = value_str(key);
    bool is_quoted = value_is_string(key) && path->length > 0 && !is_name(value_bytes(text));
    if (!value_is_string(key) && path->length > 0)
        text_buffer_append_format(path, "[%s]", value_bytes(text));
    else if (is_quoted)
        text_buffer_append_format(path, "['%s']", value_bytes(text));
    else
        text_buffer_append_format(path, "%s%s", path->length > 0 ? "." : "", value_bytes(text));
}

/** Enters all that is no container, and empty ones, under their paths; `path` is as it was afterwards. */
static void enter_paths(struct dict *paths, struct text_buffer *path, struct value value)
{
    size_t length = path->length;
    const struct dict_entry *entry;
    bool has_items = value_length(value) > 0;
    if (value_is_dict(value) && has_items) {
        for (size_t i = 0; dict_next(value.as.dict, &i, &entry); text_buffer_truncate(path, length)) {
            append_key(path, entry->key);
            enter_paths(paths, path, entry->value);
        }
    } else if (value_is_sequence(value) && has_items) {
        for (size_t i = 0; i < value.as.list->count; i++, text_buffer_truncate(path, length)) {
            text_buffer_append_format(path, "[%zu]", i);
            enter_paths(paths, path, value.as.list->items[i]);
        }
    } else {
        dict_set_take(paths, value_string_length(text_buffer_bytes(path), length), value_copy(value));
    }
}

/** A list of one. */
static struct value list_of_take(struct value item)
{
    struct list *list = list_new(1);
    list_push_take(list, item);
    return value_list_take(list);
}

static bool filter_to_paths(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer path = {0};
    OWNED paths = value_dict_new();
    (void)evaluation, (void)error;
    if ((value_is_dict(arguments[0]) || value_is_sequence(arguments[0])) && value_length(arguments[0]) == 0) {
        *result = value_copy(arguments[0]);
        return true;
    }
    if (!value_is_null(arguments[1])) {
        OWNED prefix = value_str(arguments[1]);
        text_buffer_append_text(&path, prefix.as.text);
    }
    enter_paths(paths.as.dict, &path, arguments[0]);
    *result = value_truth(arguments[2]) ? list_of_take(value_steal(&paths)) : value_steal(&paths);
    return true;
}

/* ---- get_path ---- */

/** Reads one step at `*at`: "name", ".name", "[0]", "['a key']"; a step of digits is a number. */
static bool read_step(const char **at, bool is_first, struct value *step, struct error *error)
{
    const char *start = *at;
    bool is_bracket = *start == '[';
    start += is_bracket || (!is_first && *start == '.');
    char quote = is_bracket && (*start == '\'' || *start == '"') ? *start : '\0';
    start += quote != '\0';
    size_t length = quote ? strcspn(start, (char[]){quote, '\0'}) : strcspn(start, is_bracket ? "]" : ".[");
    const char *end = start + length;
    bool is_closed = (!quote || *end++ == quote) && (!is_bracket || *end++ == ']');
    if (!is_closed || (length == 0 && !quote))
        return error_set(error, ERROR_SYNTAX, "expected name or number in the path at '%s'", *at);
    if (quote || !value_parse_int(start, length, 10, step))
        *step = value_string_length(start, length);
    *at = end;
    return true;
}

/** What is found at the end of "a.b[0]['c d']"; ERROR_UNDEFINED where there is nothing. */
static bool find_path(struct evaluation *evaluation, struct value data, const char *path, struct value *result,
                      struct error *error)
{
    OWNED found = value_copy(data);
    for (const char *at = path; *at;) {
        OWNED step = value_null();
        struct value next;
        if (!read_step(&at, at == path, &step, error) || !evaluation_item(evaluation, found, step, &next, error))
            return false;
        value_replace_take(&found, next);
        if (value_is_undefined(found))
            return value_undefined_error(found, error);
    }
    *result = value_steal(&found);
    return true;
}

static bool filter_get_path(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    OWNED path = argument_text(arguments[1]);
    struct value found;
    if (!find_path(evaluation, arguments[0], value_bytes(path), &found, error))
        return false;
    *result = value_truth(arguments[2]) ? list_of_take(found) : found;
    return true;
}

/* ---- index_of ---- */

/** The parameters of index_of by their places. */
enum { INDEX_DATA, INDEX_TEST, INDEX_VALUE, INDEX_KEY, INDEX_FAIL_ON_MISSING, INDEX_WANTLIST };

/** A test by name, or what it is not ("!eq", "not eq"). */
struct index_test {
    struct value name; /* owned */
    bool is_negated;
};

static struct index_test read_test(struct value name)
{
    OWNED text = argument_text(name);
    const char *bytes = value_bytes(text), *start = bytes;
    if (*start == '!' && start[1] != '=')
        start++;
    else if (strncmp(start, "not ", 4) == 0)
        start += 4;
    return (struct index_test){value_string(start + strspn(start, " ")), start != bytes};
}

/** What is tested of an item: itself, or what it has under the key; *tested stays null where it has nothing. */
static bool read_tested(const struct value *arguments, size_t index, const struct value **tested, struct error *error)
{
    const struct value *item = &arguments[INDEX_DATA].as.list->items[index];
    struct value key = arguments[INDEX_KEY];
    *tested = value_is_null(key) ? item : NULL;
    if (*tested)
        return true;
    if (!value_is_dict(*item))
        return error_set(error, ERROR_TYPE,
                         "Error when using plugin 'index_of': When a key name is provided, all list entries are "
                         "required to be dictionaries, got %s",
                         value_type_name(*item));
    *tested = dict_find(item->as.dict, key);
    if (*tested || !value_truth(arguments[INDEX_FAIL_ON_MISSING]))
        return true;
    OWNED shown = value_repr(key), entry = value_repr(*item);
    return error_set(error, ERROR_KEY,
                     "Error when using plugin 'index_of': %s was not found in %s at [%zu]. fail_on_missing=True",
                     value_bytes(shown), value_bytes(entry), index);
}

/** Pushes the positions of the items that pass. */
static bool find_indices(struct evaluation *evaluation, const struct value *arguments, const struct index_test *test,
                         struct list *found, struct error *error)
{
    for (size_t i = 0; i < arguments[INDEX_DATA].as.list->count; i++) {
        const struct value *tested;
        bool passes;
        if (!read_tested(arguments, i, &tested, error))
            return false;
        if (!tested)
            continue;
        struct value operands[] = {*tested, arguments[INDEX_VALUE]};
        size_t count = value_is_null(operands[1]) ? 1 : 2;
        if (!evaluation_call_test(evaluation, test->name, operands, count, NULL, &passes, error))
            return false;
        if (passes != test->is_negated)
            list_push_take(found, value_int((int64_t)i));
    }
    return true;
}

static bool filter_index_of(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    struct index_test test = read_test(arguments[INDEX_TEST]);
    OWNED name = test.name, found = value_list_new(), data = value_null();
    struct value read[INDEX_WANTLIST + 1];
    memcpy(read, arguments, sizeof read);
    if (!value_is_sequence(arguments[INDEX_DATA])) {
        data = list_of_take(value_copy(arguments[INDEX_DATA]));
        read[INDEX_DATA] = data;
    }
    if (!find_indices(evaluation, read, &test, found.as.list, error))
        return false;
    bool is_one = found.as.list->count == 1 && !value_truth(arguments[INDEX_WANTLIST]);
    *result = is_one ? value_copy(found.as.list->items[0]) : value_steal(&found);
    return true;
}

/* ---- the same as lookups ---- */

typedef bool path_function(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error);

/** Runs a filter of `count` parameters with a lookup's terms, and its options for those that are not among them. */
static bool lookup_as(path_function *filter, size_t count, struct evaluation *evaluation, const struct value *arguments,
                      struct value *result, struct error *error)
{
    struct value operands[INDEX_WANTLIST + 1], found;
    const struct list *terms = arguments[0].as.list;
    for (size_t i = 0; i < count; i++)
        operands[i] = i < terms->count ? terms->items[i] : arguments[i + 1];
    if (!filter(evaluation, operands, &found, error))
        return false;
    *result = list_of_take(found);
    return true;
}

static bool lookup_get_path(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    return lookup_as(filter_get_path, 3, evaluation, arguments, result, error);
}

static bool lookup_index_of(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    return lookup_as(filter_index_of, INDEX_WANTLIST + 1, evaluation, arguments, result, error);
}

static bool lookup_to_paths(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    return lookup_as(filter_to_paths, 3, evaluation, arguments, result, error);
}

static const struct function rows[] = {
    {"get_path", "var, path, wantlist=False", filter_get_path, 0, "What stands at a path such as a.b[0]['c d']."},
    {"index_of", "data, test, value=None, key=None, fail_on_missing=False, wantlist=False", filter_index_of, 0,
     "Where the items of a list stand that pass a test: one position, or a list of them."},
    {"to_paths", "var, prepend=None, wantlist=False", filter_to_paths, 0,
     "Nested data as one dict of paths and the values that stand there."},
};

static const struct function lookup_rows[] = {
    {"get_path", "terms, var=None, path='', wantlist=False", lookup_get_path, LOOKUP_FLAGS,
     "What stands at a path such as a.b[0]['c d']."},
    {"index_of", "terms, data=None, test='', value=None, key=None, fail_on_missing=False, wantlist=False",
     lookup_index_of, LOOKUP_FLAGS, "Where the items of a list stand that pass a test."},
    {"to_paths", "terms, var=None, prepend=None, wantlist=False", lookup_to_paths, LOOKUP_FLAGS,
     "Nested data as one dict of paths and the values that stand there."},
};

const struct function_table filters_utils_path = {FUNCTION_FILTER, "ansible.utils", rows, COUNT_OF(rows)};
const struct function_table lookups_utils_path = {FUNCTION_LOOKUP, "ansible.utils", lookup_rows, COUNT_OF(lookup_rows)};
