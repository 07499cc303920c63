/* Regular expressions: see regex.h. */
#include "runtime/value/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/text.h"

struct regex {
    pcre2_code *code;
    pcre2_match_context *context;
};

/** The pattern as pcre2 reads it: what Python calls \Z is its \z. */
static void append_pattern(struct text_buffer *out, const char *pattern, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool is_escape = pattern[i] == '\\' && i + 1 < length;
        text_buffer_append_char(out, pattern[i]);
        if (!is_escape)
            continue;
        i++;
        text_buffer_append_char(out, pattern[i] == 'Z' ? 'z' : pattern[i]);
    }
}

static uint32_t compile_options(unsigned flags)
{
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
    if (flags & REGEX_IGNORE_CASE)
        options |= PCRE2_CASELESS;
    if (flags & REGEX_MULTILINE)
        options |= PCRE2_MULTILINE;
    if (flags & REGEX_DOT_ALL)
        options |= PCRE2_DOTALL;
    return options;
}

struct regex *regex_new(const char *pattern, size_t length, unsigned flags, struct error *error)
{
    int number;
    PCRE2_SIZE offset;
    CLEANUP(text_buffer_done) struct text_buffer text = {0};
    append_pattern(&text, pattern, length);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text_buffer_bytes(&text), text.length, compile_options(flags), &number,
                                     &offset, NULL);
    if (!code) {
        char message[256];
        pcre2_get_error_message(number, (PCRE2_UCHAR *)message, sizeof message);
        error_set(error, ERROR_VALUE, "%s at position %zu", message, offset);
        return NULL;
    }
    struct regex *regex = memory_new(sizeof *regex);
    regex->code = code;
    regex->context = pcre2_match_context_create(NULL);
    if (!regex->context)
        memory_exhausted();
    pcre2_set_match_limit(regex->context, LIMIT_REGEX_MATCH_STEPS);
    return regex;
}

void regex_free(struct regex *regex)
{
    if (!regex)
        return;
    pcre2_code_free(regex->code);
    pcre2_match_context_free(regex->context);
    free(regex);
}

/** The groups of a successful match. */
static struct regex_match read_match(pcre2_match_data *data, size_t count)
{
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(data);
    struct regex_match match = {.count = count, .groups = memory_new_array(count, sizeof *match.groups)};
    for (size_t i = 0; i < count; i++)
        match.groups[i] = offsets[2 * i] == PCRE2_UNSET ? (struct regex_group){SIZE_MAX, SIZE_MAX}
                                                        : (struct regex_group){offsets[2 * i], offsets[2 * i + 1]};
    return match;
}

static bool run(const struct regex *regex, const char *bytes, size_t length, size_t start, uint32_t options,
                struct regex_match *match, struct error *error)
{
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(regex->code, NULL);
    if (!data)
        memory_exhausted();
    int result = pcre2_match(regex->code, (PCRE2_SPTR)bytes, length, start, options, data, regex->context);
    if (result > 0)
        *match = read_match(data, regex_group_count(regex) + 1);
    pcre2_match_data_free(data);
    if (result < 0 && result != PCRE2_ERROR_NOMATCH)
        error_set(error, ERROR_LIMIT, "A regular expression takes too many steps (more than %d)",
                  LIMIT_REGEX_MATCH_STEPS);
    return result > 0;
}

bool regex_search(const struct regex *regex, const char *bytes, size_t length, size_t start, struct regex_match *match,
                  struct error *error)
{
    return run(regex, bytes, length, start, 0, match, error);
}

bool regex_match_at(const struct regex *regex, const char *bytes, size_t length, size_t start,
                    struct regex_match *match, struct error *error)
{
    return run(regex, bytes, length, start, PCRE2_ANCHORED, match, error);
}

bool regex_is_found(const struct regex *regex, const char *bytes, size_t length)
{
    struct regex_match match;
    OWNED_ERROR ignored = {0};
    if (!regex_search(regex, bytes, length, 0, &match, &ignored))
        return false;
    regex_match_done(&match);
    return true;
}

void regex_match_done(struct regex_match *match)
{
    free(match->groups);
    match->groups = NULL;
}

struct value regex_group_value(const struct regex_match *match, const char *bytes, size_t index)
{
    struct regex_group group = match->groups[index];
    return group.start == SIZE_MAX ? value_null() : value_string_length(bytes + group.start, group.end - group.start);
}

struct list *regex_match_groups(const struct regex_match *match, const char *bytes)
{
    struct list *groups = list_new(match->count);
    for (size_t i = 1; i < match->count; i++)
        list_push_take(groups, regex_group_value(match, bytes, i));
    return groups;
}

/** pcre2's table of names: each entry is a number of two bytes and a name that ends in a zero. */
struct name_table {
    const char *entries;
    uint32_t count, size;
};

static struct name_table name_table(const struct regex *regex)
{
    struct name_table table = {0};
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMETABLE, &table.entries);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMECOUNT, &table.count);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMEENTRYSIZE, &table.size);
    return table;
}

static size_t entry_number(const char *entry)
{
    return (size_t)(unsigned char)entry[0] << 8 | (unsigned char)entry[1];
}

struct dict *regex_match_named_groups(const struct regex *regex, const struct regex_match *match, const char *bytes)
{
    struct dict *groups = dict_new();
    struct name_table table = name_table(regex);
    /* The table is ordered by name; Python's dict by number. */
    for (size_t number = 1; number < match->count; number++)
        for (uint32_t i = 0; i < table.count; i++) {
            const char *entry = table.entries + (size_t)i * table.size;
            if (entry_number(entry) == number)
                dict_set_string_take(groups, entry + 2, regex_group_value(match, bytes, number));
        }
    return groups;
}

size_t regex_group_count(const struct regex *regex)
{
    uint32_t count = 0;
    pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &count);
    return count;
}

size_t regex_group_number(const struct regex *regex, const char *name, size_t length)
{
    struct name_table table = name_table(regex);
    for (uint32_t i = 0; i < table.count; i++) {
        const char *entry = table.entries + (size_t)i * table.size;
        if (strncmp(entry + 2, name, length) == 0 && !entry[2 + length])
            return entry_number(entry);
    }
    return 0;
}
