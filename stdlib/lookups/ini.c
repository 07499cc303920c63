/* ini: options of INI and properties files. */
#include <string.h>

#include "runtime/value/encoding.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/lookups/found_file.h"
#include "parser/ini_file.h"
#include "stdlib/lookups/lookups.h"
#include "stdlib/lookups/option.h"

/** The options by their parameters' places. */
enum {
    INI_TYPE = 1,
    INI_FILE,
    INI_SECTION,
    INI_RE,
    INI_ENCODING,
    INI_DEFAULT,
    INI_CASE_SENSITIVE,
    INI_ALLOW_NO_VALUE,
    INI_INTERPOLATION,
    INI_ALLOW_NONE,
    INI_OPTIONS,
};

static const char *const option_names[INI_OPTIONS] = {
    [INI_TYPE] = "type",
    [INI_FILE] = "file",
    [INI_SECTION] = "section",
    [INI_RE] = "re",
    [INI_ENCODING] = "encoding",
    [INI_DEFAULT] = "default",
    [INI_CASE_SENSITIVE] = "case_sensitive",
    [INI_ALLOW_NO_VALUE] = "allow_no_value",
    [INI_INTERPOLATION] = "interpolation",
    [INI_ALLOW_NONE] = "allow_none",
};

#define PROPERTIES_SECTION "java_properties"

static bool is_true(const struct value *options, int option)
{
    return options[option].kind == VALUE_BOOL ? options[option].as.boolean : option_truth(options[option]);
}

/* ---- terms ---- */

/** The option that a word of a term sets, or 0: it is part of what came before. */
static int option_of_word(const char *word, size_t length)
{
    for (int i = INI_TYPE; i < INI_OPTIONS; i++) {
        size_t name = strlen(option_names[i]);
        if (length > name && word[name] == '=' && strncmp(word, option_names[i], name) == 0)
            return i;
    }
    return 0;
}

/** Ends an option of a term (0: what comes before them, the key). */
static bool end_option(struct value *options, struct value *key, int option, struct text_buffer *words,
                       struct error *error)
{
    const char *equals = option ? NULL : strchr(text_buffer_bytes(words), '=');
    if (equals)
        return error_set(error, ERROR_LOOKUP, "'%.*s' is not a valid option.", (int)(equals - text_buffer_bytes(words)),
                         text_buffer_bytes(words));
    value_replace_take(option ? &options[option] : key, value_string_take(text_buffer_take(words)));
    return true;
}

/** "name section=s file=f": options of the term and what stands before them, the name of the option that is wanted. */
static bool read_term(struct value term, struct value *options, struct value *key, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer words = {0};
    int option = 0;
    for (const char *at = value_bytes(term); *at;) {
        size_t length = strcspn(at, " "), skipped = 0;
        int next = option_of_word(at, length);
        if (next) {
            if (!end_option(options, key, option, &words, error))
                return false;
            option = next;
            skipped = strlen(option_names[next]) + 1;
        } else if (words.length && length) {
            text_buffer_append_char(&words, ' ');
        }
        text_buffer_append(&words, at + skipped, length - skipped);
        at += length + strspn(at + length, " ");
    }
    return end_option(options, key, option, &words, error);
}

/* ---- values ---- */

/** Reads the file that the options name. */
static bool read_file(struct evaluation *evaluation, const struct value *options, const struct ini_style *style,
                      struct dict **sections, struct error *error)
{
    OWNED content = value_null();
    CLEANUP(text_buffer_done) struct text_buffer decoded = {0};
    OWNED file = argument_text(options[INI_FILE]), encoding = argument_text(options[INI_ENCODING]);
    CLEANUP(memory_cleanup) char *path = found_file_path(evaluation, "files", value_bytes(file));
    if (!path)
        return error_set(error, ERROR_LOOKUP, "Invalid filename None.");
    if (value_equals_string(options[INI_TYPE], "properties"))
        text_buffer_append_string(&decoded, "[" PROPERTIES_SECTION "]\n");
    if (!found_file_read(evaluation, path, &content, error) ||
        !encoding_decode(&decoded, value_bytes(content), content.as.text->length, value_bytes(encoding), "strict",
                         error))
        return false;
    OWNED text = value_string_take(text_buffer_take(&decoded));
    if (ini_parse(text.as.text, style, sections, error))
        return true;
    if (strstr(error->message, "option '"))
        error_wrap(error, "Duplicate option in '%s'", value_bytes(file));
    return false;
}

/** A file with what is wanted of it. */
struct request {
    const struct dict *sections;
    const struct ini_style *style;
    const struct value *options;
    struct value section;
};

/** Appends the value of an option as it is spelt in the file. */
static bool push_found(const struct request *request, struct value name, struct value raw, struct list *out,
                       struct error *error)
{
    struct value value;
    if (value_is_null(raw))
        return true;
    if (!is_true(request->options, INI_INTERPOLATION))
        value = value_copy(raw);
    else if (!ini_interpolate(request->sections, request->section, name, raw, request->style, &value, error))
        return false;
    list_push_take(out, value);
    return true;
}

/** All options of the section whose names a regular expression matches. */
static bool push_matching(struct evaluation *evaluation, const struct request *request, struct value key,
                          struct list *out, struct error *error)
{
    OWNED defaults = value_string("DEFAULT");
    const struct value *parts[] = {dict_find(request->sections, request->section),
                                   dict_find(request->sections, defaults)};
    unsigned flags = request->style->is_case_sensitive ? 0 : REGEX_IGNORECASE;
    struct regex *regex = regex_cache_get(evaluation_regexes(evaluation), key.as.text, flags, error);
    if (!regex)
        return false;
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct dict_entry *entry;
        for (size_t at = 0; parts[i] && dict_next(parts[i]->as.dict, &at, &entry);) {
            bool is_found;
            if (i > 0 && parts[0] && dict_find(parts[0]->as.dict, entry->key))
                continue;
            if (!regex_find(regex, value_bytes(entry->key), entry->key.as.text->length, REGEX_MATCH, &is_found,
                            error) ||
                (is_found && !push_found(request, entry->key, entry->value, out, error)))
                return false;
        }
    }
    return true;
}

static bool push_values(struct evaluation *evaluation, const struct request *request, struct value key,
                        struct list *out, struct error *error)
{
    const struct value *options = request->options;
    OWNED name = request->style->is_case_sensitive ? value_copy(key) : value_string_take(text_lower(key.as.text));
    OWNED file = argument_text(options[INI_FILE]);
    bool is_default = value_equals_string(request->section, "DEFAULT");
    if (!is_default && !dict_find(request->sections, request->section))
        return error_set(error, ERROR_LOOKUP, "No section '%s' in '%s'.", value_bytes(request->section),
                         value_bytes(file));
    if (is_true(options, INI_RE))
        return push_matching(evaluation, request, key, out, error);
    const struct value *found = ini_find(request->sections, request->section, name);
    if (found)
        return push_found(request, name, *found, out, error);
    if (value_is_sequence(options[INI_DEFAULT]))
        list_extend(out, options[INI_DEFAULT].as.list);
    else
        list_push_take(out, value_copy(options[INI_DEFAULT]));
    return true;
}

static bool push_term(struct evaluation *evaluation, struct value term, struct value *options, struct list *out,
                      struct error *error)
{
    OWNED key = value_null();
    struct dict *sections;
    if (!value_is_string(term))
        return error_set(error, ERROR_TYPE, "argument of type '%s' is not iterable", value_type_name(term));
    if (!read_term(term, options, &key, error))
        return false;
    bool is_properties = value_equals_string(options[INI_TYPE], "properties");
    if (!is_properties && !value_equals_string(options[INI_TYPE], "ini")) {
        OWNED shown = value_repr(options[INI_TYPE]);
        return error_set(error, ERROR_LOOKUP, "Invalid value %s for config 'type' for 'ini' lookup plugin.",
                         value_bytes(shown));
    }
    const struct ini_style style = {is_true(options, INI_CASE_SENSITIVE),
                                    is_true(options, INI_ALLOW_NO_VALUE) || is_true(options, INI_ALLOW_NONE)};
    OWNED section = is_properties ? value_string(PROPERTIES_SECTION) : argument_text(options[INI_SECTION]);
    if (!read_file(evaluation, options, &style, &sections, error))
        return false;
    OWNED owner = value_dict_take(sections);
    const struct request request = {sections, &style, options, section};
    return push_values(evaluation, &request, key, out, error);
}

static bool lookup_ini(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    const struct list *terms = arguments[0].as.list;
    OWNED found = value_list_new();
    struct value options[INI_OPTIONS];
    bool is_done = true;
    for (size_t i = 0; i < INI_OPTIONS; i++)
        options[i] = value_copy(arguments[i]);
    for (size_t i = 0; is_done && i < terms->count; i++)
        is_done = push_term(evaluation, terms->items[i], options, found.as.list, error);
    for (size_t i = 0; i < INI_OPTIONS; i++)
        value_drop(options[i]);
    if (is_done)
        *result = value_steal(&found);
    return is_done;
}

static const struct function rows[] = {
    {"ini",
     "terms, type='ini', file='ansible.ini', section='global', re=False, encoding='utf-8', default='', "
     "case_sensitive=False, allow_no_value=False, interpolation=True, allow_none=False" LOOKUP_UNKNOWN,
     lookup_ini, LOOKUP_FLAGS, "Options of INI and properties files."},
};

const struct function_table lookups_ini = {FUNCTION_LOOKUP, "ansible.builtin", rows, COUNT_OF(rows)};
