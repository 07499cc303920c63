/*
 * Filters with regular expressions: regex_escape, regex_findall, regex_replace, regex_search.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/value/regex.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"

/** The compiled pattern of an argument. */
static struct regex *pattern_of(struct evaluation *evaluation, struct value pattern, bool ignorecase, bool multiline,
                                struct error *error)
{
    unsigned flags = (ignorecase ? REGEX_IGNORECASE : 0u) | (multiline ? REGEX_MULTILINE : 0u);
    if (!value_is_string(pattern)) {
        error_set(error, ERROR_TYPE, "first argument must be string or compiled pattern");
        return NULL;
    }
    return regex_cache_get(evaluation_regexes(evaluation), pattern.as.text, flags, error);
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
    struct value replacement = arguments[2];
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    int64_t limit, wanted;
    size_t count;
    if (!argument_int(arguments[5], &limit, error) || !argument_int(arguments[6], &wanted, error))
        return false;
    struct regex *regex =
        pattern_of(evaluation, arguments[1], value_truth(arguments[3]), value_truth(arguments[4]), error);
    if (!regex)
        return false;
    if (!value_is_string(replacement))
        return error_set(error, ERROR_TYPE, "decoding to str: need a bytes-like object, %s found",
                         value_type_name(replacement));
    if (limit >= 0) {
        if (!regex_replace(regex, value_bytes(text), text.as.text->length, replacement.as.text, (size_t)limit, &out,
                           &count, error))
            return false;
    } else {
        text_buffer_append_text(&out, text.as.text);
        count = 0;
    }
    if (wanted && (int64_t)count != wanted)
        return error_set(error, ERROR_FILTER, "'%s' should match %lld times, but matches %zu times in '%s'",
                         value_bytes(arguments[1]), (long long)wanted, count, value_bytes(text));
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

/* ---- regex_search ---- */

/** The group that "\\g<name>" or "\\1" asks for: *name, or a number where that is NULL.  What follows does not count. */
struct wanted_group {
    const char *name;
    size_t length;
    uint64_t number;
};

static bool wanted_group_read(struct value argument, struct wanted_group *wanted, struct error *error)
{
    if (!value_is_string(argument))
        return error_set(error, ERROR_TYPE, "'%s' object has no attribute 'startswith'", value_type_name(argument));
    const char *text = value_bytes(argument);
    *wanted = (struct wanted_group){0};
    if (*text != '\\')
        return error_set(error, ERROR_FILTER, "Unknown argument");
    if (text[1] == 'g') {
        const char *name = text + 3;
        size_t run = text[2] == '<' ? strcspn(name, " \t\n\r\v\f") : 0;
        const char *close = run ? memrchr(name, '>', run) : NULL;
        if (close && close > name) {
            *wanted = (struct wanted_group){.name = name, .length = (size_t)(close - name)};
            return true;
        }
    } else if (text[1] >= '0' && text[1] <= '9') {
        wanted->number = strtoull(text + 1, NULL, 10);
        return true;
    }
    return error_set(error, ERROR_FILTER, "'%s' names no group; write \\\\1 or \\\\g<name>", text);
}

/** That group of the last match in `bytes`. */
static bool wanted_group_find(const struct wanted_group *wanted, struct regex *regex, const char *bytes,
                              struct value *group, struct error *error)
{
    uint64_t number = wanted->number;
    if (wanted->name) {
        int found = regex_group_number(regex, wanted->name, wanted->length);
        if (found < 0)
            return error_set(error, ERROR_KEY, "no such group");
        number = (uint64_t)found;
    }
    if (number > regex_group_count(regex))
        return error_set(error, ERROR_KEY, "no such group");
    *group = regex_group(regex, bytes, (uint32_t)number);
    return true;
}

/** The groups that are asked for, of the last match if there is one. */
static bool search_groups(const struct list *wanted, struct regex *regex, const char *bytes, bool found,
                          struct list *groups, struct error *error)
{
    for (size_t i = 0; i < wanted->count; i++) {
        struct wanted_group one;
        struct value group;
        if (!wanted_group_read(wanted->items[i], &one, error))
            return false;
        if (!found)
            continue;
        if (!wanted_group_find(&one, regex, bytes, &group, error))
            return false;
        list_push_take(groups, group);
    }
    return true;
}

static bool filter_regex_search(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                struct error *error)
{
    OWNED text = argument_text(arguments[0]);
    OWNED groups = value_list_new();
    const struct list *wanted = arguments[2].as.list;
    const struct value *ignorecase = dict_find_string(arguments[3].as.dict, "ignorecase");
    const struct value *multiline = dict_find_string(arguments[3].as.dict, "multiline");
    bool found;
    struct regex *regex = pattern_of(evaluation, arguments[1], ignorecase && value_truth(*ignorecase),
                                     multiline && value_truth(*multiline), error);
    if (!regex || !regex_find(regex, value_bytes(text), text.as.text->length, REGEX_SEARCH, &found, error) ||
        !search_groups(wanted, regex, value_bytes(text), found, groups.as.list, error))
        return false;
    if (!found)
        *result = value_null();
    else
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
    {"regex_search", "value, regex, *groups, **options", filter_regex_search, 0,
     "The first match, or of it the groups that are named; null without one"},
};

const struct function_table filters_regex = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
