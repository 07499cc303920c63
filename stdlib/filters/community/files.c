/*
 * Filters of community.general on the text of files: from_csv, from_ini, to_ini.
 */
#include <string.h>

#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/csv.h"
#include "stdlib/filters/filters.h"
#include "parser/ini_file.h"

/* ---- from_csv ---- */

/** The parameters of from_csv by their places. */
enum { CSV_DATA, CSV_DIALECT, CSV_FIELDNAMES, CSV_DELIMITER, CSV_SKIPINITIALSPACE, CSV_STRICT };

static bool csv_init(struct csv *csv, const struct value *arguments, struct error *error)
{
    struct value delimiter = arguments[CSV_DELIMITER];
    bool has_tabs = value_equals_string(arguments[CSV_DIALECT], "excel-tab");
    OWNED shown = value_str(arguments[CSV_DIALECT]);
    if (!has_tabs && !value_equals_string(arguments[CSV_DIALECT], "excel") &&
        !value_equals_string(arguments[CSV_DIALECT], "unix"))
        return error_set(error, ERROR_VALUE, "Dialect '%s' is not supported by your version of python.",
                         value_bytes(shown));
    if (!value_is_null(delimiter) && (!value_is_string(delimiter) || delimiter.as.text->length != 1))
        return error_set(error, ERROR_TYPE,
                         "Unable to create custom dialect: \"delimiter\" must be a 1-character string");
    *csv = (struct csv){.delimiter = has_tabs ? '\t' : ','};
    if (!value_is_null(delimiter))
        csv->delimiter = *value_bytes(delimiter);
    csv->skips_spaces = value_truth(arguments[CSV_SKIPINITIALSPACE]);
    csv->is_strict = value_truth(arguments[CSV_STRICT]);
    return true;
}

/** A row by the names of its fields: the fields too many are a list under null, those missing are null. */
static struct value named_row(const struct list *names, const struct list *row)
{
    struct dict *out = dict_new();
    for (size_t i = 0; i < names->count; i++)
        dict_set_take(out, value_copy(names->items[i]), i < row->count ? value_copy(row->items[i]) : value_null());
    if (row->count <= names->count)
        return value_dict_take(out);
    struct list *rest = list_new(row->count - names->count);
    for (size_t i = names->count; i < row->count; i++)
        list_push_take(rest, value_copy(row->items[i]));
    dict_set_take(out, value_null(), value_list_take(rest));
    return value_dict_take(out);
}

/** The next row that has fields; *row NULL at the end. */
static bool read_row(struct csv *csv, struct list **row, struct error *error)
{
    OWNED_ERROR cause = {0};
    for (;;) {
        if (!csv_read_row(csv, row, &cause))
            return error_set(error, ERROR_VALUE, "Unable to process file: %s", cause.message);
        if (!*row || (*row)->count > 0)
            return true;
        list_drop(*row);
    }
}

/** The names given, each fit for a key, or those of the first row; *names NULL when there is none. */
static bool read_names(struct evaluation *evaluation, struct csv *csv, struct value given, struct list **names,
                       struct error *error)
{
    if (value_is_null(given))
        return read_row(csv, names, error);
    struct list *items = evaluation_items(evaluation, given, error);
    if (!items)
        return false;
    OWNED owner = value_list_take(items);
    for (size_t i = 0; i < items->count; i++)
        if (!dict_key_check(items->items[i], error))
            return false;
    *names = value_steal(&owner).as.list;
    return true;
}

static bool filter_from_csv(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    OWNED text = argument_text(arguments[CSV_DATA]), rows = value_list_new();
    struct list *names, *row;
    struct csv csv;
    if (!csv_init(&csv, arguments, error))
        return false;
    csv.at = value_bytes(text);
    csv.end = csv.at + text.as.text->length;
    if (!read_names(evaluation, &csv, arguments[CSV_FIELDNAMES], &names, error))
        return false;
    OWNED owner = names ? value_list_take(names) : value_null();
    while (names) {
        if (!read_row(&csv, &row, error))
            return false;
        if (!row)
            break;
        OWNED fields = value_list_take(row);
        list_push_take(rows.as.list, named_row(names, row));
    }
    *result = value_steal(&rows);
    return true;
}

/* ---- INI ---- */

static bool filter_from_ini(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    static const struct ini_style style = {.is_case_sensitive = true};
    struct dict *sections;
    (void)evaluation;
    if (!value_is_string(arguments[0]))
        return error_set(error, ERROR_TYPE, "from_ini requires a str, got <class '%s'>", value_type_name(arguments[0]));
    if (!ini_parse(arguments[0].as.text, &style, &sections, error))
        return error_wrap(error, "from_ini failed to parse given string");
    *result = value_dict_take(sections);
    return true;
}

/** One section; a null value is a name alone, and the lines of a value that goes on are indented. */
static bool append_section(struct text_buffer *out, struct value name, struct value options, struct error *error)
{
    const struct dict_entry *entry;
    OWNED shown = value_str(name);
    if (!value_is_dict(options))
        return error_set(error, ERROR_TYPE, "to_ini failed to parse given dict: section '%s' is a '%s'",
                         value_bytes(shown), value_type_name(options));
    text_buffer_append_format(out, "[%s]\n", value_bytes(shown));
    for (size_t i = 0; dict_next(options.as.dict, &i, &entry);) {
        OWNED option = value_str(entry->key), value = value_str(entry->value);
        text_buffer_append_string(out, value_bytes(option));
        text_buffer_append_string(out, value_is_null(entry->value) ? "" : " = ");
        for (const char *at = value_is_null(entry->value) ? "" : value_bytes(value); *at; at++)
            text_buffer_append_string(out, *at == '\n' ? "\n\t" : (char[]){*at, '\0'});
        text_buffer_append_char(out, '\n');
    }
    text_buffer_append_char(out, '\n');
    return true;
}

static bool filter_to_ini(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const struct dict_entry *entry;
    (void)evaluation;
    if (!value_is_dict(arguments[0]))
        return error_set(error, ERROR_TYPE, "to_ini requires a dict, got <class '%s'>", value_type_name(arguments[0]));
    if (arguments[0].as.dict->live == 0)
        return error_set(error, ERROR_VALUE, "to_ini received an empty dict. An empty dict cannot be converted.");
    const struct value *defaults = dict_find_string(arguments[0].as.dict, "DEFAULT");
    OWNED name = value_string("DEFAULT");
    if (defaults && !append_section(&out, name, *defaults, error))
        return false;
    for (size_t i = 0; dict_next(arguments[0].as.dict, &i, &entry);)
        if (!value_equals_string(entry->key, "DEFAULT") && !append_section(&out, entry->key, entry->value, error))
            return false;
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static const struct function rows[] = {
    {"from_csv", "data, dialect='excel', fieldnames=None, delimiter=None, skipinitialspace=None, strict=None",
     filter_from_csv, 0, "The rows of CSV as dicts, by the names in the first row or by those given."},
    {"from_ini", "value", filter_from_ini, 0, "The sections of INI as dicts of texts."},
    {"to_ini", "value", filter_to_ini, 0, "A dict of dicts as the text of an INI file."},
};

const struct function_table filters_community_files = {FUNCTION_FILTER, "community.general", rows, COUNT_OF(rows)};
