/* csvfile: a column of the row whose first column (or another) has a key. */
#include <string.h>

#include "parser/arguments.h"
#include "runtime/value/encoding.h"
#include "runtime/value/repr.h"
#include "stdlib/csv.h"
#include "stdlib/lookups/found_file.h"
#include "stdlib/lookups/lookups.h"
#include "stdlib/lookups/option.h"

/** The options by their parameters' places. */
enum { CSV_FILE = 1, CSV_DELIMITER, CSV_COL, CSV_KEYCOL, CSV_ENCODING, CSV_DEFAULT, CSV_OPTIONS };

static const char *const option_names[CSV_OPTIONS] = {
    [CSV_FILE] = "file",     [CSV_DELIMITER] = "delimiter", [CSV_COL] = "col",
    [CSV_KEYCOL] = "keycol", [CSV_ENCODING] = "encoding",   [CSV_DEFAULT] = "default",
};

static const struct value *column(const struct list *row, int64_t index)
{
    if (index < 0)
        index += (int64_t)row->count;
    return index < 0 || (size_t)index >= row->count ? NULL : &row->items[index];
}

/** What to look for and where. */
struct search {
    const struct text *key;
    int64_t key_column, column;
};

/** The first row with the key; *found stays null without one. */
static bool search_rows(struct csv *csv, const struct search *search, struct value *found, struct error *error)
{
    for (;;) {
        struct list *row;
        if (!csv_read_row(csv, &row, error))
            return false;
        if (!row)
            return true;
        OWNED owner = value_list_take(row);
        const struct value *key = column(row, search->key_column);
        if (row->count == 0)
            continue;
        if (!key)
            return error_set(error, ERROR_KEY, "list index out of range");
        if (!text_equal(key->as.text, search->key))
            continue;
        const struct value *wanted = column(row, search->column);
        if (!wanted)
            return error_set(error, ERROR_KEY, "list index out of range");
        *found = value_copy(*wanted);
        return true;
    }
}

static bool read_delimiter(struct value option, char *delimiter, struct error *error)
{
    if (value_equals_string(option, "TAB"))
        *delimiter = '\t';
    else if (value_is_string(option) && option.as.text->length == 1)
        *delimiter = *value_bytes(option);
    else
        return error_set(error, ERROR_TYPE, "\"delimiter\" must be a 1-character string");
    return true;
}

static bool read_text(struct evaluation *evaluation, const struct value *options, struct value *text,
                      struct error *error)
{
    OWNED content = value_null();
    CLEANUP(text_buffer_done) struct text_buffer decoded = {0};
    if (!option_is_string(&(struct option_place){"csvfile", "file", "str"}, options[CSV_FILE], error) ||
        !option_is_string(&(struct option_place){"csvfile", "encoding", "str"}, options[CSV_ENCODING], error))
        return false;
    CLEANUP(memory_cleanup) char *path = found_file_path(evaluation, "files", value_bytes(options[CSV_FILE]));
    if (!path)
        return error_set(error, ERROR_LOOKUP, "expected str, bytes or os.PathLike object, not NoneType");
    if (!found_file_read(evaluation, path, &content, error) ||
        !encoding_decode(&decoded, value_bytes(content), content.as.text->length, value_bytes(options[CSV_ENCODING]),
                         "strict", error))
        return false;
    *text = value_string_take(text_buffer_take(&decoded));
    return true;
}

/** The value for a key under these options. */
static bool search_file(struct evaluation *evaluation, struct value key, const struct value *options, struct list *out,
                        struct error *error)
{
    struct csv csv = {0};
    struct search search = {.key = key.as.text};
    OWNED text = value_null(), found = value_null();
    if (!option_int(&(struct option_place){"csvfile", "col", "int"}, options[CSV_COL], &search.column, error) ||
        !option_int(&(struct option_place){"csvfile", "keycol", "int"}, options[CSV_KEYCOL], &search.key_column,
                    error) ||
        !read_text(evaluation, options, &text, error) || !read_delimiter(options[CSV_DELIMITER], &csv.delimiter, error))
        return false;
    csv.at = value_bytes(text);
    csv.end = csv.at + text.as.text->length;
    if (!search_rows(&csv, &search, &found, error))
        return false;
    struct value shown = value_is_null(found) ? options[CSV_DEFAULT] : found;
    if (value_is_sequence(shown))
        list_extend(out, shown.as.list);
    else if (!value_is_null(shown))
        list_push_take(out, value_copy(shown));
    return true;
}

/** "key file=x delimiter=,": options in the term are for it and those behind it. */
static bool push_term(struct evaluation *evaluation, struct value term, struct value *options, struct list *out,
                      struct error *error)
{
    struct dict *pairs;
    if (!term_is_string(term, "split", error) || !arguments_parse(term, false, NULL, &pairs, error))
        return false;
    OWNED owner = value_dict_take(pairs);
    OWNED name = value_string("_raw_params");
    OWNED key = value_null();
    if (!dict_remove(pairs, name, &key))
        return error_set(error, ERROR_LOOKUP, "Search key is required but was not found");
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(pairs, &i, &entry);) {
        size_t option = CSV_FILE;
        while (option < CSV_OPTIONS && !value_equals_string(entry->key, option_names[option]))
            option++;
        if (option == CSV_OPTIONS) {
            OWNED shown = value_repr(entry->key);
            return error_set(error, ERROR_VALUE, "%s is not a valid option", value_bytes(shown));
        }
        value_replace_take(&options[option], value_untrusted(entry->value));
    }
    return search_file(evaluation, key, options, out, error);
}

static bool lookup_csvfile(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    const struct list *terms = arguments[0].as.list;
    OWNED found = value_list_new();
    struct value options[CSV_OPTIONS];
    bool is_done = terms->count > 0 || error_set(error, ERROR_LOOKUP, "Search key is required but was not found");
    for (size_t i = 0; i < CSV_OPTIONS; i++)
        options[i] = value_copy(arguments[i]);
    for (size_t i = 0; is_done && i < terms->count; i++)
        is_done = push_term(evaluation, terms->items[i], options, found.as.list, error);
    for (size_t i = 0; i < CSV_OPTIONS; i++)
        value_drop(options[i]);
    if (is_done)
        *result = value_steal(&found);
    return is_done;
}

static const struct function rows[] = {
    {"csvfile",
     "terms, file='ansible.csv', delimiter='TAB', col=1, keycol=0, encoding='utf-8', default=None" LOOKUP_UNKNOWN,
     lookup_csvfile, LOOKUP_FLAGS, "A column of the row of a CSV file that has a key."},
};

const struct function_table lookups_csvfile = {FUNCTION_LOOKUP, "ansible.builtin", rows, COUNT_OF(rows)};
