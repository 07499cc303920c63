#include "runtime/value/regex.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "runtime/limits.h"
#include "runtime/value/dict.h"
#include "runtime/value/regex_pattern.h"

enum { CACHE_MOST = 512, HEAP_MOST_KIBIBYTES = 1 << 20 };

struct regex {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
    struct dict *names; /* of groups: name to number */
    uint32_t group_count;
    size_t *bounds; /* of the last match: start and end of each group */
};

/* ---- compiling ---- */

static uint32_t options_of(unsigned flags)
{
    return PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK | PCRE2_ALT_CIRCUMFLEX |
           (flags & REGEX_IGNORECASE ? PCRE2_CASELESS : 0u) | (flags & REGEX_MULTILINE ? PCRE2_MULTILINE : 0u) |
           (flags & REGEX_DOTALL ? PCRE2_DOTALL : 0u);
}

/** Compiles what pattern_translate wrote. */
static pcre2_code *compile_code(const struct text_buffer *translated, unsigned flags, struct error *error)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    int number;
    PCRE2_SIZE offset;
    if (!context)
        memory_exhausted();
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALLOW_SURROGATE_ESCAPES);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text_buffer_bytes(translated), translated->length, options_of(flags),
                                     &number, &offset, context);
    pcre2_compile_context_free(context);
    if (!code) {
        PCRE2_UCHAR reason[128];
        pcre2_get_error_message(number, reason, sizeof reason);
        error_set(error, ERROR_VALUE, "%s", (const char *)reason);
    }
    return code;
}

struct regex *regex_compile(const char *pattern, size_t length, unsigned flags, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer translated = {0};
    struct regex *regex = memory_new_array(1, sizeof *regex);
    regex->names = dict_new();
    if (!pattern_translate(pattern, length, &flags, &translated, regex->names, &regex->group_count, error) ||
        !(regex->code = compile_code(&translated, flags, error))) {
        regex_free(regex);
        return NULL;
    }
    regex->match = pcre2_match_data_create_from_pattern(regex->code, NULL);
    regex->context = pcre2_match_context_create(NULL);
    if (!regex->match || !regex->context)
        memory_exhausted();
    pcre2_set_match_limit(regex->context, LIMIT_REGEX_MATCH_STEPS);
    pcre2_set_heap_limit(regex->context, HEAP_MOST_KIBIBYTES);
    regex->bounds = memory_new_array(regex->group_count + 1, 2 * sizeof *regex->bounds);
    return regex;
}

void regex_free(struct regex *regex)
{
    if (!regex)
        return;
    pcre2_match_context_free(regex->context);
    pcre2_match_data_free(regex->match);
    pcre2_code_free(regex->code);
    dict_drop(regex->names);
    free(regex->bounds);
    free(regex);
}

/* ---- groups ---- */

uint32_t regex_group_count(const struct regex *regex)
{
    return regex->group_count;
}

int regex_group_number(const struct regex *regex, const char *name, size_t length)
{
    const struct value *number = dict_find_bytes(regex->names, name, length);
    return number ? (int)number->as.integer : -1;
}

size_t regex_start(const struct regex *regex, uint32_t group)
{
    return regex->bounds[2 * group];
}

size_t regex_end(const struct regex *regex, uint32_t group)
{
    return regex->bounds[2 * group + 1];
}

struct value regex_group(const struct regex *regex, const char *bytes, uint32_t group)
{
    size_t start = regex_start(regex, group), end = regex_end(regex, group);
    return start == REGEX_UNSET ? value_null() : value_string_length(bytes + start, end - start);
}

struct list *regex_groups(const struct regex *regex, const char *bytes)
{
    struct list *groups = list_new(regex->group_count);
    for (uint32_t i = 1; i <= regex->group_count; i++)
        list_push_take(groups, regex_group(regex, bytes, i));
    return groups;
}

struct dict *regex_named_groups(const struct regex *regex, const char *bytes)
{
    struct dict *groups = dict_new();
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(regex->names, &i, &entry);)
        dict_set_take(groups, value_copy(entry->key), regex_group(regex, bytes, (uint32_t)entry->value.as.integer));
    return groups;
}

/* ---- text that is not all UTF-8 ---- */

/** A copy in which each stray byte B is the code point 0xDC00 + B, and where each of its bytes came from. */
struct regex_stray {
    char *bytes;
    size_t length;
    size_t *origins; /* length + 1 */
};

static bool has_stray_bytes(const char *bytes, size_t length)
{
    for (const char *cursor = bytes, *end = bytes + length; cursor < end;)
        if (!(*cursor & 0x80))
            ++cursor;
        else if ((text_decode(&cursor, end) & ~0xFFu) == 0xDC00)
            return true;
    return false;
}

/** NULL when all of it is UTF-8. */
static struct regex_stray *stray_new(const char *bytes, size_t length)
{
    if (!has_stray_bytes(bytes, length))
        return NULL;
    struct regex_stray *stray = memory_new_array(1, sizeof *stray);
    stray->bytes = memory_new(3 * length + 1);
    stray->origins = memory_new_array(3 * length + 1, sizeof *stray->origins);
    for (const char *cursor = bytes, *end = bytes + length; cursor < end;) {
        const char *start = cursor;
        uint32_t point = text_decode(&cursor, end);
        size_t size = (size_t)(cursor - start);
        char surrogate[] = {(char)0xED, (char)(0x80 | (point >> 6 & 0x3F)), (char)(0x80 | (point & 0x3F))};
        bool is_stray = (point & ~0xFFu) == 0xDC00;
        if (is_stray)
            size = sizeof surrogate;
        memcpy(stray->bytes + stray->length, is_stray ? surrogate : start, size);
        for (size_t i = 0; i < size; i++)
            stray->origins[stray->length++] = (size_t)(start - bytes) + (is_stray ? 0 : i);
    }
    stray->origins[stray->length] = length;
    return stray;
}

static void stray_free(struct regex_stray *stray)
{
    if (!stray)
        return;
    free(stray->bytes);
    free(stray->origins);
    free(stray);
}

/* ---- matching ---- */

void regex_iterator_init(struct regex_iterator *iterator, struct regex *regex, const char *bytes, size_t length)
{
    *iterator = (struct regex_iterator){.regex = regex, .bytes = bytes, .length = length};
    iterator->stray = stray_new(bytes, length);
}

void regex_iterator_done(struct regex_iterator *iterator)
{
    stray_free(iterator->stray);
}

/** Takes over the bounds of what was found, as offsets in the iterator's bytes. */
static void keep_bounds(struct regex_iterator *iterator)
{
    struct regex *regex = iterator->regex;
    const PCRE2_SIZE *found = pcre2_get_ovector_pointer(regex->match);
    for (uint32_t i = 0; i < 2 * (regex->group_count + 1); i++)
        regex->bounds[i] = found[i] == PCRE2_UNSET ? REGEX_UNSET
                           : iterator->stray       ? iterator->stray->origins[found[i]]
                                                   : found[i];
    iterator->after_empty = found[0] == found[1];
    iterator->position = found[1];
}

/** One run of the matcher from the iterator's position. */
static bool run(struct regex_iterator *iterator, uint32_t options, bool *found, struct error *error)
{
    const struct regex_stray *stray = iterator->stray;
    struct regex *regex = iterator->regex;
    options |= PCRE2_NO_UTF_CHECK | (iterator->after_empty ? PCRE2_NOTEMPTY_ATSTART : 0u);
    int count = pcre2_match(regex->code, (PCRE2_SPTR)(stray ? stray->bytes : iterator->bytes),
                            stray ? stray->length : iterator->length, iterator->position, options, regex->match,
                            regex->context);
    *found = count > 0;
    if (count > 0)
        keep_bounds(iterator);
    if (count > 0 || count == PCRE2_ERROR_NOMATCH)
        return true;
    PCRE2_UCHAR reason[128];
    pcre2_get_error_message(count, reason, sizeof reason);
    error_set(error, ERROR_LIMIT, "The regular expression gave up: %s", (const char *)reason);
    return error_help(error, "It tries too many ways to match; avoid repetitions within repetitions.");
}

bool regex_next(struct regex_iterator *iterator, bool *found, struct error *error)
{
    return run(iterator, 0, found, error);
}

bool regex_find(struct regex *regex, const char *bytes, size_t length, enum regex_mode mode, bool *found,
                struct error *error)
{
    uint32_t options = mode == REGEX_SEARCH  ? 0
                       : mode == REGEX_MATCH ? PCRE2_ANCHORED
                                             : PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    struct regex_iterator iterator;
    regex_iterator_init(&iterator, regex, bytes, length);
    bool ok = run(&iterator, options, found, error);
    regex_iterator_done(&iterator);
    return ok;
}

bool regex_is_found(struct regex *regex, const char *bytes, size_t length)
{
    OWNED_ERROR ignored = {0};
    bool found;
    return regex_find(regex, bytes, length, REGEX_SEARCH, &found, &ignored) && found;
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
