/*
 * Filters with regular expressions: regex_escape, regex_findall, regex_replace, regex_search.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/regex.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"

/** The compiled pattern of an argument. */
static struct regex *pattern_of(struct evaluation *evaluation, struct value pattern, bool ignorecase, bool multiline,
                                struct error *error)
{
    OWNED text = argument_text(pattern);
    unsigned flags = (ignorecase ? REGEX_IGNORECASE : 0u) | (multiline ? REGEX_MULTILINE : 0u);
    return regex_cache_get(evaluation_regexes(evaluation), text.as.text, flags, error);
}

/* ---- regex_escape ---- */

static bool filter_regex_escape(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                struct error *error)
{
    static const char python[] = "()[]{}?*+-|^$\\.&~# \t\n\r\v\f", basic[] = "].[^$*\\";
    OWNED text = argument_text(arguments[0]);
    OWNED type = argument_text(arguments[1]);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const char *special = value_equals_string(type, "python")        ? python
                          : value_equals_string(type, "posix_basic") ? basic
                                                                     : NULL;
    (void)evaluation;
    if (!special && value_equals_string(type, "posix_extended"))
        return error_set(error, ERROR_FILTER, "Regex type (posix_extended) not yet implemented");
    if (!special)
        return error_set(error, ERROR_FILTER, "Invalid regex type (%s)", value_bytes(type));
    for (uint32_t i = 0; i < text.as.text->length; i++) {
        char byte = text.as.text->bytes[i];
        if (byte && strchr(special, byte))
            text_buffer_append_char(&out, '\\');
        text_buffer_append_char(&out, byte);
    }
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

/* ---- regex_findall ---- */

static bool filter_regex_findall(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                 struct error *error)
{
    OWNED text = argument_text(arguments[0]);
    struct list *matches;
    struct regex *regex =
        pattern_of(evaluation, arguments[1], value_truth(arguments[3]), value_truth(arguments[2]), error);
    if (!regex || !regex_find_all(regex, value_bytes(text), text.as.text->length, &matches, error))
        return false;
    *result = value_list_take(matches);
    return true;
}

/* ---- regex_replace ---- */

static bool filter_regex_replace(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                 struct error *error)
{
    OWNED text = argument_text(arguments[0]);
    OWNED replacement = argument_text(arguments[2]);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    int64_t limit, wanted;
    size_t count;
    if (!argument_int(arguments[5], &limit, error) || !argument_int(arguments[6], &wanted, error))
        return false;
    struct regex *regex =
        pattern_of(evaluation, arguments[1], value_truth(arguments[3]), value_truth(arguments[4]), error);
    if (!regex || !regex_replace(regex, value_bytes(text), text.as.text->length, replacement.as.text,
                                 limit > 0 ? (size_t)limit : 0, &out, &count, error))
        return false;
    if (wanted && (int64_t)count != wanted) {
        OWNED pattern = argument_text(arguments[1]);
        return error_set(error, ERROR_FILTER, "'%s' should match %lld times, but matches %zu times in '%s'",
                         value_bytes(pattern), (long long)wanted, count, value_bytes(text));
    }
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

/* ---- regex_search ---- */

/** The group that "\\g<name>" or "\\1" names, of the last match. */
static bool search_group(struct regex *regex, const char *bytes, struct value argument, struct value *group,
                         struct error *error)
{
    OWNED text = argument_text(argument);
    const char *name = value_bytes(text);
    size_t length = text.as.text->length;
    int number = -1;
    if (length > 4 && strncmp(name, "\\g<", 3) == 0 && name[length - 1] == '>') {
        name += 3;
        length -= 4;
        number = regex_group_number(regex, name, length);
    } else if (length > 1 && *name == '\\' && strspn(name + 1, "0123456789") == length - 1) {
        number = (int)strtol(++name, NULL, 10);
        --length;
    } else {
        return error_set(error, ERROR_FILTER, "Unknown argument");
    }
    if (number < 0 || (uint32_t)number > regex_group_count(regex))
        return error_set(error, ERROR_KEY, "no such group");
    *group = regex_group(regex, bytes, (uint32_t)number);
    return true;
}

static bool filter_regex_search(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                struct error *error)
{
    OWNED text = argument_text(arguments[0]);
    OWNED groups = value_list_new();
    const struct list *wanted = arguments[2].as.list;
    bool found;
    struct regex *regex =
        pattern_of(evaluation, arguments[1], value_truth(arguments[3]), value_truth(arguments[4]), error);
    if (!regex || !regex_find(regex, value_bytes(text), text.as.text->length, REGEX_SEARCH, &found, error))
        return false;
    if (!found) {
        for (size_t i = 0; i < wanted->count; i++) {
            OWNED name = argument_text(wanted->items[i]);
            if (*value_bytes(name) != '\\')
                return error_set(error, ERROR_FILTER, "Unknown argument");
        }
        *result = value_null();
        return true;
    }
    for (size_t i = 0; i < wanted->count; i++) {
        struct value group;
        if (!search_group(regex, value_bytes(text), wanted->items[i], &group, error))
            return false;
        list_push_take(groups.as.list, group);
    }
    *result = wanted->count > 0 ? value_steal(&groups) : regex_group(regex, value_bytes(text), 0);
    return true;
}

static const struct function rows[] = {
    {"regex_escape", "string, re_type='python'", filter_regex_escape, 0,
     "Text with everything special to regular expressions escaped"},
    {"regex_findall", "value, regex, multiline=False, ignorecase=False", filter_regex_findall, 0,
     "All matches: whole ones, the only group, or lists of groups"},
    {"regex_replace",
     "value='', pattern='', replacement='', ignorecase=False, multiline=False, count=0, mandatory_count=0",
     filter_regex_replace, 0, "Every match replaced; \\1 and \\g<name> stand for groups"},
    {"regex_search", "value, regex, *groups, ignorecase=False, multiline=False", filter_regex_search, 0,
     "The first match, or of it the groups that are named; null without one"},
};

const struct function_table filters_regex = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
