/* blockinfile: lines between two markers of a text file are there as they should be, or gone. */
#include <stdlib.h>
#include <string.h>

#include "runtime/value/regex.h"
#include "stdlib/modules/file_edit.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "state",
     .type = OPTION_STRING,
     .fallback = "present",
     .choices = "absent|present",
     .documentation = "Is the block to be there?"},
    {.name = "block", .type = OPTION_STRING, .fallback = "''", .aliases = "content", .documentation = "Its lines"},
    {.name = "marker",
     .type = OPTION_STRING,
     .fallback = "'# {mark} ANSIBLE MANAGED BLOCK'",
     .documentation = "The line around it; {mark} is where it begins or ends"},
    {.name = "marker_begin", .type = OPTION_STRING, .fallback = "BEGIN", .documentation = "{mark} of the first"},
    {.name = "marker_end", .type = OPTION_STRING, .fallback = "END", .documentation = "{mark} of the last"},
    {.name = "insertafter", .type = OPTION_STRING, .documentation = "Where a new block goes: behind this, or EOF"},
    {.name = "insertbefore", .type = OPTION_STRING, .documentation = "Where a new block goes: before this, or BOF"},
    {.name = "create", .type = OPTION_BOOL, .fallback = "false", .documentation = "Make the file if it is not there"},
    {.name = "prepend_newline", .type = OPTION_BOOL, .fallback = "false", .documentation = "An empty line before it"},
    {.name = "append_newline", .type = OPTION_BOOL, .fallback = "false", .documentation = "An empty line behind it"},
    FILE_EDIT_OPTIONS,
};

static const char *const exclusive[] = {"insertbefore|insertafter", NULL};
static const struct module_rules rules = {.mutually_exclusive = exclusive};

static void start(struct module_call *call);

const struct module module_blockinfile = {
    .name = "blockinfile",
    .options = options,
    .option_count = COUNT_OF(options),
    .rules = &rules,
    .flags = MODULE_CHECK_MODE,
    .start = start,
    .cancel = file_edit_cancel,
    .documentation = "Keep a block of lines of a text file as it should be",
};

/** A line with its end. */
struct line {
    const char *bytes;
    size_t length;
};

/** The file as lines, and what is to become of it: those before `from`, the block, those from `to` on. */
struct block {
    const struct module_call *call;
    struct line *lines;
    size_t count;
    struct text *first, *last; /* marker lines */
    size_t from, to;
};

static void block_done(struct block *block)
{
    free(block->lines);
    text_drop(block->first);
    text_drop(block->last);
}

static void split_lines(struct block *block, const char *at, size_t size)
{
    const char *end = at + size;
    size_t capacity = 0;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t length = newline ? (size_t)(newline - at) + 1 : (size_t)(end - at);
        if (block->count == capacity)
            block->lines = memory_resize(block->lines, capacity = memory_grown(capacity), sizeof *block->lines);
        block->lines[block->count++] = (struct line){at, length};
        at += length;
    }
}

/** A marker line with its newline. */
static struct text *marker_line(const struct module_call *call, const char *option)
{
    OWNED mark = value_string("{mark}");
    OWNED line = value_string_take(
        text_replace(module_argument(call, "marker").as.text, mark.as.text, module_argument(call, option).as.text, -1));
    size_t length = line.as.text->length;
    bool has_end = length > 0 && line.as.text->bytes[length - 1] == '\n';
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    text_buffer_append_text(&out, line.as.text);
    text_buffer_append_string(&out, has_end ? "" : "\n");
    return text_buffer_take(&out);
}

static bool is_line(struct line line, const struct text *text)
{
    return line.length == text->length && memcmp(line.bytes, text->bytes, line.length) == 0;
}

/** Finds the block that is there: its markers, in either order, are part of it. */
static bool find_block(struct block *block)
{
    ssize_t first = -1, last = -1;
    for (size_t i = 0; i < block->count; i++) {
        if (is_line(block->lines[i], block->first))
            first = (ssize_t)i;
        if (is_line(block->lines[i], block->last))
            last = (ssize_t)i;
    }
    if (first < 0 || last < 0)
        return false;
    block->from = (size_t)(first < last ? first : last);
    block->to = (size_t)(first < last ? last : first) + 1;
    return true;
}

/** Where the last line is that the expression matches: its number, or the one behind it; the end where there is none. */
static size_t find_line(const struct block *block, struct regex *regex, bool is_behind)
{
    for (size_t i = block->count; i-- > 0;)
        if (regex_is_found(regex, block->lines[i].bytes, block->lines[i].length))
            return is_behind ? i + 1 : i;
    return block->count;
}

/** Where the expression, which may reach over several lines, matches the whole text. */
static size_t find_lines(const struct block *block, const struct file_edit *edit, struct regex *regex, bool is_behind)
{
    if (!regex_is_found(regex, edit->old, edit->old_length))
        return block->count;
    size_t offset = is_behind ? regex_end(regex, 0) : regex_start(regex, 0), number = 0;
    for (size_t i = 0; i < offset; i++)
        number += edit->old[i] == '\n';
    return number;
}

/** Is the expression meant to be matched with more than a line (`(?m)`)? */
static bool is_multiline(const char *pattern)
{
    return strncmp(pattern, "(?", 2) == 0 && pattern[2 + strspn(pattern + 2, "aiLsux")] == 'm';
}

/** The place of a new block. */
static bool find_place(struct block *block, const struct file_edit *edit, struct error *error)
{
    struct value before = module_argument(block->call, "insertbefore"),
                 after = module_argument(block->call, "insertafter");
    struct value pattern = value_is_null(before) ? after : before;
    bool is_behind = value_is_null(before);
    block->from = value_equals_string(before, "BOF") ? 0 : block->count;
    if (!value_is_null(pattern) && !value_equals_string(before, "BOF") && !value_equals_string(after, "EOF")) {
        struct regex *regex = regex_compile(value_bytes(pattern), pattern.as.text->length, 0, error);
        if (!regex)
            return false;
        block->from = is_multiline(value_bytes(pattern)) && edit->old ? find_lines(block, edit, regex, is_behind)
                                                                      : find_line(block, regex, is_behind);
        regex_free(regex);
    }
    block->to = block->from;
    return true;
}

static bool is_empty_line(struct line line)
{
    return line.length == 1 && *line.bytes == '\n';
}

static void append_lines(struct text_buffer *out, const struct block *block, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        text_buffer_append(out, block->lines[i].bytes, block->lines[i].length);
}

/** Writes markers and lines of the block, with the empty lines around it that are wished. */
static void append_block(struct text_buffer *out, const struct block *block)
{
    const struct text *text = module_argument(block->call, "block").as.text;
    bool is_first = block->from == 0, is_last = block->to >= block->count;
    if (module_flag(block->call, "prepend_newline") && !is_first && !is_empty_line(block->lines[block->from - 1]))
        text_buffer_append_char(out, '\n');
    text_buffer_append_text(out, block->first);
    text_buffer_append_text(out, text);
    if (text->bytes[text->length - 1] != '\n')
        text_buffer_append_char(out, '\n');
    text_buffer_append_text(out, block->last);
    if (module_flag(block->call, "append_newline") && !is_last && !is_empty_line(block->lines[block->to]))
        text_buffer_append_char(out, '\n');
}

/** The file as it is to be. */
static bool build(struct file_edit *edit, struct error *error)
{
    struct module_call *call = edit->call;
    struct block block = {
        .call = call, .first = marker_line(call, "marker_begin"), .last = marker_line(call, "marker_end")};
    bool is_wanted = strcmp(module_string(call, "state"), "present") == 0 && *module_string(call, "block");
    split_lines(&block, edit->old ?: "", edit->old_length);
    bool is_good = find_block(&block) || find_place(&block, edit, error);
    if (is_good) {
        append_lines(&edit->new, &block, 0, block.from);
        if (block.from > 0 && text_buffer_bytes(&edit->new)[edit->new.length - 1] != '\n')
            text_buffer_append_char(&edit->new, '\n');
        if (is_wanted)
            append_block(&edit->new, &block);
        append_lines(&edit->new, &block, block.to, block.count);
        bool is_same = edit->is_there &&
                       edit->new.length ==
                           edit->old_length &&memcmp(text_buffer_bytes(&edit->new), edit->old, edit->old_length) == 0;
        edit->is_edited = !is_same;
        if (!is_same)
            value_replace_take(&edit->message, value_string(!edit->is_there ? "File created"
                                                            : is_wanted     ? "Block inserted"
                                                                            : "Block removed"));
    }
    block_done(&block);
    return is_good;
}

static void report(const struct file_edit *edit)
{
    struct module_call *call = edit->call;
    OWNED content = file_edit_diff(edit, " (content)");
    if (call->host->check_mode && !edit->is_there) {
        dict_set_string_take(call->result, "diff", value_steal(&content));
        return;
    }
    struct list *diffs = list_new(2);
    struct dict *attributes = dict_new();
    OWNED header = value_string_format("%s (file attributes)", module_string(call, "path"));
    if (edit->before->live > 0) {
        dict_set_string_take(attributes, "before", value_dict_take(dict_copy(edit->before)));
        dict_set_string_take(attributes, "after", value_dict_take(dict_copy(edit->after)));
    }
    dict_set_string_take(attributes, "before_header", value_copy(header));
    dict_set_string_take(attributes, "after_header", value_steal(&header));
    list_push_take(diffs, value_steal(&content));
    list_push_take(diffs, value_dict_take(attributes));
    dict_set_string_take(call->result, "diff", value_list_take(diffs));
}

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    bool is_absent = strcmp(module_string(call, "state"), "absent") == 0;
    struct file_edit *edit = file_edit_open(call, module_flag(call, "create"));
    if (!edit)
        return;
    edit->report = report;
    if (is_absent && !edit->is_there) {
        dict_set_string_take(call->result, "changed", value_bool(false));
        dict_set_string_take(call->result, "msg",
                             value_string_format("File %s not present", module_string(call, "path")));
        file_edit_cancel(call);
        module_done(call);
        return;
    }
    if (!build(edit, &error))
        file_edit_fail(edit, &error);
    else
        file_edit_finish(edit);
}
