/*
 * YAML: to_yaml, to_nice_yaml, from_yaml, from_yaml_all.
 */
#include "parser/yaml.h"

#include <string.h>

#include "parser/yaml_write.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"

/** A whole number within an int's range; other options of yaml.dump are switches. */
static bool int_option(struct value value, int *option, struct error *error)
{
    int64_t number;
    if (value_is_null(value))
        return true;
    if (!argument_int(value, &number, error))
        return false;
    *option = number > INT16_MAX ? -1 : number < -1 ? -1 : (int)number;
    return true;
}

/** One keyword argument of yaml.dump. */
static bool style_option(struct yaml_style *style, const char *name, struct value value, struct error *error)
{
    const struct {
        const char *name;
        bool *option;
    } switches[] = {
        {"sort_keys", &style->sort_keys},
        {"explicit_start", &style->explicit_start},
        {"explicit_end", &style->explicit_end},
        {"canonical", &style->canonical},
    };
    for (size_t i = 0; i < COUNT_OF(switches); i++)
        if (strcmp(switches[i].name, name) == 0) {
            *switches[i].option = value_truth(value);
            return true;
        }
    if (strcmp(name, "indent") == 0)
        return int_option(value, &style->indent, error);
    if (strcmp(name, "width") == 0)
        return int_option(value, &style->width, error);
    if (strcmp(name, "default_style") == 0) {
        style->scalar_style = value_is_string(value) ? *value_bytes(value) : '\0';
        return true;
    }
    if (strcmp(name, "allow_unicode") == 0)
        return error_set(error, ERROR_TYPE, "yaml.dump() got multiple values for keyword argument 'allow_unicode'");
    static const char *const ignored[] = {"line_break", "encoding", "version", "tags"};
    for (size_t i = 0; i < COUNT_OF(ignored); i++)
        if (strcmp(ignored[i], name) == 0)
            return true;
    return error_set(error, ERROR_TYPE, "dump_all() got an unexpected keyword argument '%s'", name);
}

static bool write_yaml(struct value value, struct value flow, const struct dict *options, struct yaml_style style,
                       struct value *result, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const struct dict_entry *entry;
    style.flow = value_is_null(flow) ? YAML_FLOW_AUTO : value_truth(flow) ? YAML_FLOW_ALWAYS : YAML_FLOW_NEVER;
    style.allow_unicode = true;
    style.sort_keys = true;
    for (size_t i = 0; dict_next(options, &i, &entry);)
        if (!style_option(&style, value_bytes(entry->key), entry->value, error))
            return false;
    if (!yaml_append(&out, value, &style, error))
        return false;
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static bool filter_to_yaml(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    return write_yaml(arguments[0], arguments[2], arguments[3].as.dict, (struct yaml_style){0}, result, error);
}

static bool filter_to_nice_yaml(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                struct error *error)
{
    struct yaml_style style = {0};
    (void)evaluation;
    return int_option(arguments[1], &style.indent, error) &&
           write_yaml(arguments[0], arguments[3], arguments[4].as.dict, style, result, error);
}

/** All documents of a text; what is no text is handed on. */
static bool read_documents(struct value value, struct list **documents, struct error *error)
{
    OWNED text = argument_text(value);
    return yaml_parse_values(value_bytes(text), text.as.text->length, documents, error);
}

static bool filter_from_yaml(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    struct list *documents;
    (void)evaluation;
    if (!value_is_string(arguments[0])) {
        *result = value_copy(arguments[0]);
        return true;
    }
    if (!read_documents(arguments[0], &documents, error))
        return false;
    OWNED owned = value_list_take(documents);
    if (documents->count > 1)
        return error_set(error, ERROR_VALUE, "expected a single document in the stream but found another document");
    *result = documents->count ? value_copy(documents->items[0]) : value_null();
    return true;
}

static bool filter_from_yaml_all(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                 struct error *error)
{
    struct list *documents;
    (void)evaluation;
    if (value_is_null(arguments[0])) {
        *result = value_list_new();
        return true;
    }
    if (!value_is_string(arguments[0])) {
        *result = value_copy(arguments[0]);
        return true;
    }
    if (!read_documents(arguments[0], &documents, error))
        return false;
    *result = value_list_take(documents);
    return true;
}

static const struct function rows[] = {
    {"from_yaml", "data", filter_from_yaml, 0, "The value that a YAML text stands for"},
    {"from_yaml_all", "data", filter_from_yaml_all, 0, "The values of all documents in a YAML text"},
    {"to_nice_yaml", "a, indent=4, *rest, default_flow_style=False, **options", filter_to_nice_yaml, 0,
     "A value as YAML to be read by people"},
    {"to_yaml", "a, *rest, default_flow_style=None, **options", filter_to_yaml, 0,
     "A value as YAML, short collections in one line"},
};

const struct function_table filters_yaml = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
