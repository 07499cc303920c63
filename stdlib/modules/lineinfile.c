/* lineinfile: one line of a text file is there, replaced or gone. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/os/file.h"
#include "runtime/value/regex.h"
#include "stdlib/modules/file_attributes.h"
#include "stdlib/modules/file_write.h"
#include "stdlib/modules/host_path.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "path",
     .type = OPTION_PATH,
     .required = true,
     .aliases = "dest|destfile|name",
     .documentation = "The file"},
    {.name = "state",
     .type = OPTION_STRING,
     .fallback = "present",
     .choices = "absent|present",
     .documentation = "Is the line to be there?"},
    {.name = "line", .type = OPTION_STRING, .aliases = "value", .documentation = "The line"},
    {.name = "regexp",
     .type = OPTION_STRING,
     .aliases = "regex",
     .documentation = "Lines that it replaces: the last of them"},
    {.name = "search_string", .type = OPTION_STRING, .documentation = "The same as plain text"},
    {.name = "backrefs",
     .type = OPTION_BOOL,
     .fallback = "false",
     .documentation = "\\1 in the line is the group's text"},
    {.name = "insertafter", .type = OPTION_STRING, .documentation = "Where a new line goes: behind these, or EOF"},
    {.name = "insertbefore", .type = OPTION_STRING, .documentation = "Where a new line goes: before these, or BOF"},
    {.name = "firstmatch",
     .type = OPTION_BOOL,
     .fallback = "false",
     .documentation = "The first line counts, not the last"},
    {.name = "create", .type = OPTION_BOOL, .fallback = "false", .documentation = "Make the file if it is not there"},
    {.name = "backup", .type = OPTION_BOOL, .fallback = "false", .documentation = "Keep the old file beside it"},
    FILE_ATTRIBUTE_OPTIONS,
};

static const char *const exclusive[] = {"insertbefore|insertafter", "regexp|search_string", "backrefs|search_string",
                                        NULL};
static const struct module_rules rules = {.mutually_exclusive = exclusive};

static void start(struct module_call *call);

const struct module module_lineinfile = {
    .name = "lineinfile",
    .options = options,
    .option_count = COUNT_OF(options),
    .rules = &rules,
    .flags = MODULE_CHECK_MODE,
    .start = start,
    .documentation = "Keep one line of a text file as it should be",
};

/** A line with its end. */
struct line {
    const char *bytes;
    size_t length;
};

/** The file under work. */
struct editing {
    struct module_call *call;
    char *path;
    bool is_there;
    struct stat status;
    char *old;
    size_t old_length;
    struct line *lines;
    size_t count;
    struct regex *pattern, *place; /* regexp; insertafter or insertbefore */
    struct text_buffer new;
    size_t found;        /* lines that were removed */
    const char *message; /* what was done; NULL: nothing */
    struct error *error;
};

static void editing_done(struct editing *editing)
{
    free(editing->path);
    free(editing->old);
    free(editing->lines);
    regex_free(editing->pattern);
    regex_free(editing->place);
    text_buffer_done(&editing->new);
}

/* ---------------------------------------------------------------- lines */

static void split_lines(struct editing *editing)
{
    const char *at = editing->old ?: "", *end = at + editing->old_length;
    size_t capacity = 0;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t length = newline ? (size_t)(newline - at) + 1 : (size_t)(end - at);
        if (editing->count == capacity)
            editing->lines = memory_resize(editing->lines, capacity = memory_grown(capacity), sizeof *editing->lines);
        editing->lines[editing->count++] = (struct line){at, length};
        at += length;
    }
}

/** The length of a line without its end. */
static size_t bare_length(struct line line)
{
    while (line.length > 0 && (line.bytes[line.length - 1] == '\n' || line.bytes[line.length - 1] == '\r'))
        line.length--;
    return line.length;
}

static bool is_text(struct line line, const char *text)
{
    return bare_length(line) == strlen(text) && memcmp(line.bytes, text, strlen(text)) == 0;
}

/** Is this a line that is meant? */
static bool is_meant(const struct editing *editing, struct line line)
{
    const char *search = module_string(editing->call, "search_string"), *text = module_string(editing->call, "line");
    if (editing->pattern)
        return regex_is_found(editing->pattern, line.bytes, bare_length(line));
    if (search)
        return memmem(line.bytes, line.length, search, strlen(search)) != NULL;
    return text && is_text(line, text);
}

static void append_lines(struct editing *editing, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        text_buffer_append(&editing->new, editing->lines[i].bytes, editing->lines[i].length);
}

/** Appends a whole line with its newline. */
static void append_new(struct editing *editing, const char *bytes, size_t length)
{
    if (editing->new.length > 0 && text_buffer_bytes(&editing->new)[editing->new.length - 1] != '\n')
        text_buffer_append_char(&editing->new, '\n');
    text_buffer_append(&editing->new, bytes, length);
    if (length == 0 || bytes[length - 1] != '\n')
        text_buffer_append_char(&editing->new, '\n');
}

/* ---------------------------------------------------------------- present */

enum { NOWHERE = -1 };

/** Where the line is that is meant (the last, or the first), and where a new one would go. */
static void look_for_places(const struct editing *editing, ssize_t *meant, ssize_t *place)
{
    bool is_first = module_flag(editing->call, "firstmatch");
    bool is_before = module_has(editing->call, "insertbefore");
    ssize_t same = NOWHERE;
    *meant = *place = NOWHERE;
    for (size_t i = 0; i < editing->count; i++) {
        struct line line = editing->lines[i];
        if (is_meant(editing, line)) {
            if (!is_first || *meant == NOWHERE)
                *meant = (ssize_t)i;
        } else if (editing->place && regex_is_found(editing->place, line.bytes, bare_length(line))) {
            if (!is_first || *place == NOWHERE)
                *place = (ssize_t)i + !is_before;
        }
        if (is_text(line, module_string(editing->call, "line")))
            same = (ssize_t)i;
    }
    if (*meant == NOWHERE) /* nothing to replace, and it is there already */
        *meant = same;
}

/** The line to write instead of line `index`: with the groups' texts where that is wished. */
static bool new_line(struct editing *editing, size_t index, struct text_buffer *out)
{
    struct line old = editing->lines[index];
    struct value line = module_argument(editing->call, "line");
    bool found;
    if (!module_flag(editing->call, "backrefs")) {
        text_buffer_append_text(out, line.as.text);
        return true;
    }
    return regex_find(editing->pattern, old.bytes, bare_length(old), REGEX_SEARCH, &found, editing->error) &&
           regex_expand(editing->pattern, old.bytes, line.as.text, out, editing->error);
}

static bool replace_line(struct editing *editing, size_t index)
{
    CLEANUP(text_buffer_done) struct text_buffer line = {0};
    if (!new_line(editing, index, &line))
        return false;
    if (is_text(editing->lines[index], text_buffer_bytes(&line)))
        return true;
    append_lines(editing, 0, index);
    append_new(editing, text_buffer_bytes(&line), line.length);
    append_lines(editing, index + 1, editing->count);
    editing->message = "line replaced";
    return true;
}

static void insert_line(struct editing *editing, size_t index)
{
    struct value line = module_argument(editing->call, "line");
    append_lines(editing, 0, index);
    append_new(editing, value_bytes(line), line.as.text->length);
    append_lines(editing, index, editing->count);
    editing->message = "line added";
}

static bool make_present(struct editing *editing)
{
    ssize_t meant, place;
    look_for_places(editing, &meant, &place);
    if (module_flag(editing->call, "backrefs") && (meant == NOWHERE || !is_meant(editing, editing->lines[meant])))
        return true;
    if (meant != NOWHERE)
        return replace_line(editing, (size_t)meant);
    bool at_start = value_equals_string(module_argument(editing->call, "insertbefore"), "BOF") ||
                    value_equals_string(module_argument(editing->call, "insertafter"), "BOF");
    insert_line(editing, at_start ? 0 : place == NOWHERE ? editing->count : (size_t)place);
    return true;
}

static bool make_absent(struct editing *editing)
{
    for (size_t i = 0; i < editing->count; i++) {
        if (is_meant(editing, editing->lines[i]))
            editing->found++;
        else
            append_lines(editing, i, i + 1);
    }
    return true;
}

/* ---------------------------------------------------------------- the whole */

static bool is_absent_wanted(const struct module_call *call)
{
    return value_equals_string(module_argument(call, "state"), "absent");
}

static bool check_arguments(const struct module_call *call, struct error *error)
{
    bool has_pattern = module_has(call, "regexp") || module_has(call, "search_string");
    if (is_absent_wanted(call))
        return has_pattern || module_has(call, "line") ||
               error_set(error, ERROR_MODULE, "one of line, search_string, or regexp is required with state=absent");
    if (module_flag(call, "backrefs") && !module_has(call, "regexp"))
        return error_set(error, ERROR_MODULE, "regexp is required with backrefs=true");
    return module_has(call, "line") || error_set(error, ERROR_MODULE, "line is required with state=present");
}

/** Compiles an option's pattern; what is missing, or EOF and BOF, are none. */
static bool compile(struct editing *editing, const char *option, struct regex **regex)
{
    struct value pattern = module_argument(editing->call, option);
    if (value_is_null(pattern) || value_equals_string(pattern, "EOF") || value_equals_string(pattern, "BOF"))
        return true;
    *regex = regex_compile(value_bytes(pattern), pattern.as.text->length, 0, editing->error);
    return *regex != NULL;
}

/** Reads the file; false with an error where it has to be there and is not. */
static bool open_file(struct editing *editing)
{
    struct module_call *call = editing->call;
    const char *shown = module_string(call, "path");
    editing->path = host_path(call->host, shown);
    editing->is_there = stat(editing->path, &editing->status) == 0;
    if (editing->is_there && S_ISDIR(editing->status.st_mode)) {
        dict_set_string_take(call->result, "rc", value_int(256));
        return error_set(editing->error, ERROR_MODULE, "Path %s is a directory !", shown);
    }
    if (editing->is_there)
        return file_read(editing->path, &editing->old, &editing->old_length, editing->error);
    if (is_absent_wanted(call) || module_flag(call, "create"))
        return true;
    dict_set_string_take(call->result, "rc", value_int(257));
    return error_set(editing->error, ERROR_MODULE, "Destination %s does not exist !", shown);
}

/** Writes what has become of the file, after a copy where that is wished. */
static bool write_file(struct editing *editing)
{
    struct module_call *call = editing->call;
    struct value backup = value_string("");
    if (call->host->check_mode) {
        dict_set_string_take(call->result, "backup", backup);
        return true;
    }
    CLEANUP(memory_cleanup) char *folder = path_directory(editing->path);
    bool is_good = editing->is_there || !*folder || file_make_directories(folder, 0777, editing->error);
    if (is_good && editing->is_there && module_flag(call, "backup")) {
        value_drop(backup);
        backup = value_null();
        is_good = file_write_backup(editing->path, editing->old, editing->old_length, editing->status.st_mode, &backup,
                                    editing->error);
    }
    dict_set_string_take(call->result, "backup", backup);
    return is_good && file_write_over(editing->path, text_buffer_bytes(&editing->new), editing->new.length,
                                      editing->is_there ? &editing->status : NULL, editing->error);
}

static void report_diff(struct editing *editing, bool is_edited)
{
    struct dict *diff = dict_new();
    OWNED before = value_string_length(editing->old ?: "", editing->old_length);
    dict_set_string_take(diff, "before_header", value_string_format("%s (content)", editing->path));
    dict_set_string_take(diff, "after_header", value_string_format("%s (content)", editing->path));
    dict_set_string_take(diff, "after",
                         is_edited ? value_string_length(text_buffer_bytes(&editing->new), editing->new.length)
                                   : value_copy(before));
    dict_set_string_take(diff, "before", value_steal(&before));
    struct list *diffs = list_new(1);
    list_push_take(diffs, value_dict_take(diff));
    dict_set_string_take(editing->call->result, "diff", value_list_take(diffs));
}

/** Edits the file and fills in the result. */
static bool edit(struct editing *editing)
{
    struct module_call *call = editing->call;
    bool is_absent = is_absent_wanted(call), changed;
    const char *place = module_has(call, "insertbefore") ? "insertbefore" : "insertafter";
    if (!check_arguments(call, editing->error) || !compile(editing, "regexp", &editing->pattern) ||
        !compile(editing, place, &editing->place) || !open_file(editing))
        return false;
    split_lines(editing);
    if (!(is_absent ? make_absent(editing) : make_present(editing)))
        return false;
    bool is_edited = changed = editing->message || editing->found > 0;
    dict_set_string_take(call->result, "backup", value_string(""));
    if (is_edited && !write_file(editing))
        return false;
    struct file_attribute_diff none = {0};
    if ((editing->is_there || is_edited) &&
        !file_attributes_apply(call, editing->path, true, none, &changed, editing->error))
        return false;
    const char *message = editing->message
                              ?: changed && !is_edited ? "ownership, perms or SE linux context changed"
                                                       : "";
    if (is_absent)
        dict_set_string_take(call->result, "found", value_int((int64_t)editing->found));
    dict_set_string_take(call->result, "changed", value_bool(changed));
    dict_set_string_take(call->result, "msg",
                         editing->found > 0 ? value_string_format("%zu line(s) removed", editing->found)
                                            : value_string(message));
    if (call->host->diff_mode)
        report_diff(editing, is_edited);
    return true;
}

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    struct editing editing = {.call = call, .error = &error};
    bool is_good = edit(&editing);
    editing_done(&editing);
    if (is_good)
        module_done(call);
    else
        module_fail_error(call, &error);
}
