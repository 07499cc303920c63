#include "runtime/value/regex.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "runtime/limits.h"
#include "runtime/value/dict.h"

enum { CACHE_MOST = 512 };

struct regex {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
};

/* ---- compiling ---- */

/** A pattern on its way from Python's spelling to pcre2's. */
struct translation {
    const char *pattern;
    size_t length, position;
    bool is_ascii; /* (?a): \w, \d and \s are ASCII's alone */
    bool in_class;
    size_t class_start; /* of the first character in the class */
    struct text_buffer *out;
    struct error *error;
};

/** Letters that may stand behind a backslash in Python, and in a class. */
static const char escapes[] = "AbBdDsSwWZafnrtvxuUN", class_escapes[] = "bdDsSwWafnrtvxuUN";

/** A backslash and what follows; \Z is the very end. */
static bool translate_escape(struct translation *translation)
{
    const char *pattern = translation->pattern;
    size_t at = translation->position++;
    if (translation->position >= translation->length)
        return error_set(translation->error, ERROR_VALUE, "bad escape (end of pattern) at position %zu", at);
    char next = pattern[translation->position];
    if (isalpha((unsigned char)next) && !strchr(translation->in_class ? class_escapes : escapes, next))
        return error_set(translation->error, ERROR_VALUE, "bad escape \\%c at position %zu", next, at);
    text_buffer_append_char(translation->out, '\\');
    text_buffer_append_char(translation->out, next == 'Z' ? 'z' : next);
    return true;
}

/** Holds what follows "(?" against what Python has: groups, names, looking around, flags at the very start. */
static bool check_group(const struct translation *translation)
{
    const char *at = translation->pattern + translation->position;
    size_t rest = translation->length - translation->position;
    if (rest < 3 || at[1] != '?')
        return true;
    size_t flags = strspn(at + 2, "aiLmsux");
    if (flags > 0 && at[2 + flags] == ')' && translation->position > 0)
        return error_set(translation->error, ERROR_VALUE,
                         "global flags not at the start of the expression at position %zu", translation->position);
    if (strchr(":P=!#(>-", at[2]) || flags > 0 || (at[2] == '<' && rest > 3 && strchr("=!", at[3])))
        return true;
    return error_set(translation->error, ERROR_VALUE, "unknown extension ?%c at position %zu", at[2],
                     translation->position + 1);
}

/** One character that is no escape; {,n} begins at 0, and in a class a bracket is itself. */
static bool translate_character(struct translation *translation)
{
    size_t at = translation->position;
    char c = translation->pattern[at];
    if (translation->in_class) {
        if (c == '[')
            text_buffer_append_char(translation->out, '\\');
        if (c == ']' && at > translation->class_start)
            translation->in_class = false;
    } else if (c == '[') {
        translation->in_class = true;
        translation->class_start = at + 1 + (at + 1 < translation->length && translation->pattern[at + 1] == '^');
    } else if (c == '(' && !check_group(translation)) {
        return false;
    }
    text_buffer_append_char(translation->out, c);
    if (c == '{' && !translation->in_class && at + 1 < translation->length && translation->pattern[at + 1] == ',')
        text_buffer_append_char(translation->out, '0');
    return true;
}

/** "(?aiu)" at the start: flags that pcre2 has not are taken out of it. */
static void translate_flags(struct translation *translation)
{
    const char *pattern = translation->pattern;
    size_t count =
        translation->length > 3 && pattern[0] == '(' && pattern[1] == '?' ? strspn(pattern + 2, "aiLmsux") : 0;
    if (count == 0 || pattern[2 + count] != ')')
        return;
    CLEANUP(text_buffer_done) struct text_buffer kept = {0};
    for (size_t i = 0; i < count; i++) {
        translation->is_ascii |= pattern[2 + i] == 'a';
        if (strchr("imsx", pattern[2 + i]))
            text_buffer_append_char(&kept, pattern[2 + i]);
    }
    if (kept.length > 0)
        text_buffer_append_format(translation->out, "(?%s)", text_buffer_bytes(&kept));
    translation->position = count + 3;
}

/** Python's spelling to pcre2's. */
static bool translate(const char *pattern, size_t length, struct text_buffer *out, bool *is_ascii, struct error *error)
{
    struct translation translation = {.pattern = pattern, .length = length, .out = out, .error = error};
    translate_flags(&translation);
    *is_ascii = translation.is_ascii;
    for (; translation.position < length; translation.position++)
        if (!(pattern[translation.position] == '\\' ? translate_escape : translate_character)(&translation))
            return false;
    return true;
}

static uint32_t options_of(unsigned flags, bool is_ascii)
{
    return PCRE2_UTF | (is_ascii ? 0u : PCRE2_UCP) | PCRE2_MATCH_INVALID_UTF | PCRE2_ALT_BSUX |
           (flags & REGEX_IGNORECASE ? PCRE2_CASELESS : 0u) | (flags & REGEX_MULTILINE ? PCRE2_MULTILINE : 0u) |
           (flags & REGEX_DOTALL ? PCRE2_DOTALL : 0u);
}

struct regex *regex_compile(const char *pattern, size_t length, unsigned flags, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer translated = {0};
    int number;
    PCRE2_SIZE offset;
    bool is_ascii;
    if (!translate(pattern, length, &translated, &is_ascii, error))
        return NULL;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text_buffer_bytes(&translated), translated.length,
                                     options_of(flags, is_ascii), &number, &offset, NULL);
    if (!code) {
        PCRE2_UCHAR reason[128];
        pcre2_get_error_message(number, reason, sizeof reason);
        error_set(error, ERROR_VALUE, "Invalid regular expression '%.*s': %s at position %zu", (int)length, pattern,
                  (const char *)reason, (size_t)offset);
        return NULL;
    }
    struct regex *regex = memory_new_array(1, sizeof *regex);
    regex->code = code;
    regex->match = pcre2_match_data_create_from_pattern(code, NULL);
    regex->context = pcre2_match_context_create(NULL);
    if (!regex->match || !regex->context)
        memory_exhausted();
    pcre2_set_match_limit(regex->context, LIMIT_REGEX_MATCH_STEPS);
    return regex;
}

void regex_free(struct regex *regex)
{
    if (!regex)
        return;
    pcre2_match_context_free(regex->context);
    pcre2_match_data_free(regex->match);
    pcre2_code_free(regex->code);
    free(regex);
}

/* ---- groups ---- */

uint32_t regex_group_count(const struct regex *regex)
{
    uint32_t count;
    pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &count);
    return count;
}

int regex_group_number(const struct regex *regex, const char *name, size_t length)
{
    CLEANUP(memory_cleanup) char *copy = memory_copy_string(name, length);
    int number = pcre2_substring_number_from_name(regex->code, (PCRE2_SPTR)copy);
    return number > 0 ? number : -1;
}

const char *regex_group_name(const struct regex *regex, uint32_t number)
{
    uint32_t count, size;
    PCRE2_SPTR table;
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMETABLE, &table);
    for (uint32_t i = 0; i < count; i++, table += size)
        if ((uint32_t)(table[0] << 8 | table[1]) == number)
            return (const char *)table + 2;
    return NULL;
}

size_t regex_start(const struct regex *regex, uint32_t group)
{
    return pcre2_get_ovector_pointer(regex->match)[2 * group];
}

size_t regex_end(const struct regex *regex, uint32_t group)
{
    return pcre2_get_ovector_pointer(regex->match)[2 * group + 1];
}

struct value regex_group(const struct regex *regex, const char *bytes, uint32_t group)
{
    size_t start = regex_start(regex, group);
    return start == REGEX_UNSET ? value_null() : value_string_length(bytes + start, regex_end(regex, group) - start);
}

struct list *regex_groups(const struct regex *regex, const char *bytes)
{
    uint32_t count = regex_group_count(regex);
    struct list *groups = list_new(count);
    for (uint32_t i = 1; i <= count; i++)
        list_push_take(groups, regex_group(regex, bytes, i));
    return groups;
}

struct dict *regex_named_groups(const struct regex *regex, const char *bytes)
{
    uint32_t count = regex_group_count(regex);
    struct dict *groups = dict_new();
    for (uint32_t i = 1; i <= count; i++) {
        const char *name = regex_group_name(regex, i);
        if (name)
            dict_set_string_take(groups, name, regex_group(regex, bytes, i));
    }
    return groups;
}

/* ---- matching ---- */

/** One run of the matcher from `start`. */
static bool run(struct regex *regex, const char *bytes, size_t length, size_t start, uint32_t options, bool *found,
                struct error *error)
{
    int count = pcre2_match(regex->code, (PCRE2_SPTR)bytes, length, start, options, regex->match, regex->context);
    *found = count > 0;
    if (count > 0 || count == PCRE2_ERROR_NOMATCH)
        return true;
    PCRE2_UCHAR reason[128];
    pcre2_get_error_message(count, reason, sizeof reason);
    error_set(error, ERROR_LIMIT, "The regular expression gave up: %s", (const char *)reason);
    return error_help(error, "It tries too many ways to match; avoid repetitions within repetitions.");
}

bool regex_find(struct regex *regex, const char *bytes, size_t length, enum regex_mode mode, bool *found,
                struct error *error)
{
    uint32_t options = mode == REGEX_SEARCH  ? 0
                       : mode == REGEX_MATCH ? PCRE2_ANCHORED
                                             : PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    return run(regex, bytes, length, 0, options, found, error);
}

bool regex_is_found(struct regex *regex, const char *bytes, size_t length)
{
    OWNED_ERROR ignored = {0};
    bool found;
    return regex_find(regex, bytes, length, REGEX_SEARCH, &found, &ignored) && found;
}

bool regex_next(struct regex *regex, struct regex_iterator *iterator, bool *found, struct error *error)
{
    uint32_t options = iterator->after_empty ? PCRE2_NOTEMPTY_ATSTART : 0;
    *found = false;
    if (iterator->position > iterator->length)
        return true;
    if (!run(regex, iterator->bytes, iterator->length, iterator->position, options, found, error))
        return false;
    iterator->position = *found ? regex_end(regex, 0) : iterator->length + 1;
    iterator->after_empty = *found && regex_start(regex, 0) == regex_end(regex, 0);
    return true;
}

/** A group as findall and split give it: the empty text where it took no part in a match of findall. */
static struct value group_or_empty(const struct regex *regex, const char *bytes, uint32_t group)
{
    return regex_start(regex, group) == REGEX_UNSET ? value_string("") : regex_group(regex, bytes, group);
}

/** What findall gives for the last match. */
static struct value found_value(const struct regex *regex, const char *bytes, uint32_t groups)
{
    if (groups <= 1)
        return group_or_empty(regex, bytes, groups);
    struct list *all = list_new(groups);
    for (uint32_t i = 1; i <= groups; i++)
        list_push_take(all, group_or_empty(regex, bytes, i));
    return value_tuple_take(all);
}

bool regex_find_all(struct regex *regex, const char *bytes, size_t length, struct list **matches, struct error *error)
{
    struct regex_iterator iterator = {.bytes = bytes, .length = length};
    uint32_t groups = regex_group_count(regex);
    OWNED all = value_list_new();
    bool found;
    while (regex_next(regex, &iterator, &found, error)) {
        if (!found) {
            *matches = value_steal(&all).as.list;
            return true;
        }
        list_push_take(all.as.list, found_value(regex, bytes, groups));
    }
    return false;
}

bool regex_split(struct regex *regex, const char *bytes, size_t length, size_t limit, struct list **parts,
                 struct error *error)
{
    struct regex_iterator iterator = {.bytes = bytes, .length = length};
    uint32_t groups = regex_group_count(regex);
    size_t last = 0, count = 0;
    OWNED all = value_list_new();
    bool found = true;
    while (limit == 0 || count < limit) {
        if (!regex_next(regex, &iterator, &found, error))
            return false;
        if (!found)
            break;
        list_push_take(all.as.list, value_string_length(bytes + last, regex_start(regex, 0) - last));
        for (uint32_t i = 1; i <= groups; i++)
            list_push_take(all.as.list, regex_group(regex, bytes, i));
        last = regex_end(regex, 0);
        ++count;
    }
    list_push_take(all.as.list, value_string_length(bytes + last, length - last));
    *parts = value_steal(&all).as.list;
    return true;
}

/* ---- replacing ---- */

/** A template of re.sub while it is read. */
struct expansion {
    struct regex *regex;
    const char *bytes; /* that the match is in */
    const struct text *template;
    struct text_buffer *out;
    struct error *error;
};

static bool append_group(struct expansion *expansion, uint32_t group)
{
    if (group > regex_group_count(expansion->regex))
        return error_set(expansion->error, ERROR_VALUE, "invalid group reference %u", group);
    size_t start = regex_start(expansion->regex, group);
    if (start != REGEX_UNSET)
        text_buffer_append(expansion->out, expansion->bytes + start, regex_end(expansion->regex, group) - start);
    return true;
}

/** \g<name> or \g<number>; `*at` stands behind the g. */
static bool expand_named(struct expansion *expansion, const char **at)
{
    const char *name = *at + 1, *end = **at == '<' ? strchr(name, '>') : NULL;
    if (**at != '<')
        return error_set(expansion->error, ERROR_VALUE, "missing <");
    if (!end || end == name)
        return error_set(expansion->error, ERROR_VALUE, end ? "missing group name" : "missing >, unterminated name");
    size_t length = (size_t)(end - name);
    *at = end + 1;
    if (strspn(name, "0123456789") >= length)
        return append_group(expansion, (uint32_t)strtoul(name, NULL, 10));
    int number = regex_group_number(expansion->regex, name, length);
    if (number < 0)
        return error_set(expansion->error, ERROR_VALUE, "unknown group name '%.*s'", (int)length, name);
    return append_group(expansion, (uint32_t)number);
}

/** \1, \12, or an octal escape (\0, \012, three octal digits); `*at` stands at the first digit. */
static bool expand_number(struct expansion *expansion, const char **at)
{
    const char *digits = *at;
    size_t octal = strspn(digits, "01234567");
    if (*digits == '0' || (octal >= 3 && *digits < '4')) {
        size_t length = octal < 3 ? octal : 3;
        unsigned point = 0;
        for (size_t i = 0; i < length; i++)
            point = 8 * point + (unsigned)(digits[i] - '0');
        text_buffer_append_point(expansion->out, point);
        *at += length;
        return true;
    }
    uint32_t group = (uint32_t)(*(*at)++ - '0');
    if (isdigit((unsigned char)**at))
        group = 10 * group + (uint32_t)(*(*at)++ - '0');
    return append_group(expansion, group);
}

/** The escape behind a backslash. */
static bool expand_escape(struct expansion *expansion, const char **at)
{
    static const char letters[] = "abfnrtv\\", meanings[] = "\a\b\f\n\r\t\v\\";
    const char *letter;
    if (**at == 'g') {
        ++*at;
        return expand_named(expansion, at);
    }
    if (isdigit((unsigned char)**at))
        return expand_number(expansion, at);
    if (**at && (letter = strchr(letters, **at))) {
        text_buffer_append_char(expansion->out, meanings[letter - letters]);
        ++*at;
        return true;
    }
    if (isalpha((unsigned char)**at))
        return error_set(expansion->error, ERROR_VALUE, "bad escape \\%c at position %td", **at,
                         *at - 1 - expansion->template->bytes);
    text_buffer_append_char(expansion->out, '\\');
    return true;
}

bool regex_expand(struct regex *regex, const char *bytes, struct text *replacement, struct text_buffer *out,
                  struct error *error)
{
    struct expansion expansion = {regex, bytes, replacement, out, error};
    const char *at = replacement->bytes, *end = at + replacement->length;
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        text_buffer_append(out, at, (size_t)((escape ? escape : end) - at));
        if (!escape)
            return true;
        at = escape + 1;
        if (at == end)
            return error_set(error, ERROR_VALUE, "bad escape (end of pattern) at position %td",
                             escape - replacement->bytes);
        if (!expand_escape(&expansion, &at))
            return false;
    }
    return true;
}

bool regex_replace(struct regex *regex, const char *bytes, size_t length, struct text *replacement, size_t limit,
                   struct text_buffer *out, size_t *count, struct error *error)
{
    struct regex_iterator iterator = {.bytes = bytes, .length = length};
    size_t last = 0;
    bool found;
    *count = 0;
    while (limit == 0 || *count < limit) {
        if (!regex_next(regex, &iterator, &found, error))
            return false;
        if (!found)
            break;
        text_buffer_append(out, bytes + last, regex_start(regex, 0) - last);
        last = regex_end(regex, 0);
        if (!regex_expand(regex, bytes, replacement, out, error))
            return false;
        ++*count;
    }
    text_buffer_append(out, bytes + last, length - last);
    return true;
}

/* ---- cache ---- */

void regex_cache_done(struct regex_cache *cache)
{
    for (size_t i = 0; i < cache->count; i++)
        regex_free(cache->regexes[i]);
    free(cache->regexes);
    dict_drop(cache->positions);
    *cache = (struct regex_cache){0};
}

struct regex *regex_cache_get(struct regex_cache *cache, const struct text *pattern, unsigned flags,
                              struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer key = {0};
    if (cache->count >= CACHE_MOST)
        regex_cache_done(cache);
    if (!cache->positions)
        cache->positions = dict_new();
    text_buffer_append_char(&key, (char)('0' + flags));
    text_buffer_append_text(&key, pattern);
    const struct value *position = dict_find_bytes(cache->positions, text_buffer_bytes(&key), key.length);
    if (position)
        return cache->regexes[position->as.integer];
    struct regex *regex = regex_compile(pattern->bytes, pattern->length, flags, error);
    if (!regex)
        return NULL;
    cache->regexes = memory_resize(cache->regexes, cache->count + 1, sizeof *cache->regexes);
    dict_set_take(cache->positions, value_string_take(text_buffer_take(&key)), value_int((int64_t)cache->count));
    cache->regexes[cache->count++] = regex;
    return regex;
}
