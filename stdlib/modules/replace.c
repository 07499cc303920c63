/* replace: all matches of a regular expression in a file, or in a part of it. */
#include <string.h>

#include "runtime/value/regex.h"
#include "stdlib/modules/file_edit.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "regexp", .type = OPTION_STRING, .required = true, .documentation = "What is replaced"},
    {.name = "replace", .type = OPTION_STRING, .fallback = "''", .documentation = "By what; \\1 is a group's text"},
    {.name = "after", .type = OPTION_STRING, .documentation = "Only behind what this matches"},
    {.name = "before", .type = OPTION_STRING, .documentation = "Only before what this matches"},
    FILE_EDIT_OPTIONS,
};

static void start(struct module_call *call);

const struct module module_replace = {
    .name = "replace",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_CHECK_MODE,
    .start = start,
    .cancel = file_edit_cancel,
    .documentation = "Replace all matches in a text file",
};

/** The part of the file that is worked on. */
struct section {
    size_t start, end;
};

/** Appends the expression that finds the section, from `after` and `before`. */
static void append_section_pattern(const struct module_call *call, struct text_buffer *pattern)
{
    const char *after = module_string(call, "after"), *before = module_string(call, "before");
    if (after)
        text_buffer_append_string(pattern, after);
    text_buffer_append_string(pattern, after && before ? "(?P<subsection>.*?)" : "(?P<subsection>.*)");
    if (before)
        text_buffer_append_string(pattern, before);
}

/** Finds the section; *found is false where the file has none. */
static bool find_section(struct file_edit *edit, struct section *section, bool *found, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer pattern = {0};
    *section = (struct section){0, edit->old_length};
    *found = true;
    if (!module_has(edit->call, "after") && !module_has(edit->call, "before"))
        return true;
    append_section_pattern(edit->call, &pattern);
    struct regex *regex = regex_compile(text_buffer_bytes(&pattern), pattern.length, REGEX_DOTALL, error);
    if (!regex)
        return false;
    bool is_good = regex_find(regex, edit->old, edit->old_length, REGEX_SEARCH, found, error);
    if (is_good && *found) {
        uint32_t group = (uint32_t)regex_group_number(regex, "subsection", strlen("subsection"));
        *section = (struct section){regex_start(regex, group), regex_end(regex, group)};
    } else if (is_good) {
        value_replace_take(&edit->message,
                           value_string_format("Pattern for before/after params did not match the given file: %s",
                                               text_buffer_bytes(&pattern)));
    }
    regex_free(regex);
    return is_good;
}

/** Replaces inside of the section, keeping what is around it. */
static bool replace_section(struct file_edit *edit, struct section section, struct error *error)
{
    struct value pattern = module_argument(edit->call, "regexp");
    size_t count = 0;
    struct regex *regex = regex_compile(value_bytes(pattern), pattern.as.text->length, REGEX_MULTILINE, error);
    if (!regex)
        return false;
    text_buffer_append(&edit->new, edit->old, section.start);
    bool is_good = regex_replace(regex, edit->old + section.start, section.end - section.start,
                                 module_argument(edit->call, "replace").as.text, 0, &edit->new, &count, error);
    text_buffer_append(&edit->new, edit->old + section.end, edit->old_length - section.end);
    regex_free(regex);
    if (!is_good)
        return false;
    bool is_same =
        edit->new.length == edit->old_length &&memcmp(text_buffer_bytes(&edit->new), edit->old, edit->old_length) == 0;
    edit->is_edited = count > 0 && !is_same;
    if (edit->is_edited)
        value_replace_take(&edit->message, value_string_format("%zu replacements made", count));
    return true;
}

static void report(const struct file_edit *edit)
{
    dict_set_string_take(edit->call->result, "rc", value_int(0));
    if (edit->call->host->diff_mode && edit->is_edited)
        dict_set_string_take(edit->call->result, "diff", file_edit_diff(edit, ""));
}

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    struct section section;
    bool found;
    struct file_edit *edit = file_edit_open(call, false);
    if (!edit)
        return;
    edit->report = report;
    if (!find_section(edit, &section, &found, &error) || (found && !replace_section(edit, section, &error)))
        file_edit_fail(edit, &error);
    else
        file_edit_finish(edit);
}
