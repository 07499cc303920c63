#include "parser/host_pattern.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/** The end of a term: a comma, or a colon that belongs to no bracket and no IPv6 address. */
static size_t term_length(const char *text, bool colon_separates)
{
    int depth = 0;
    size_t i = 0;
    for (; text[i]; i++) {
        depth += (text[i] == '[') - (text[i] == ']');
        if (depth <= 0 && (text[i] == ',' || (colon_separates && text[i] == ':')))
            break;
    }
    return i;
}

/** Are there commas, or so many colons that it must be an IPv6 address? */
static bool colons_separate(const char *text)
{
    if (strchr(text, ','))
        return false;
    size_t hex_and_colons = strspn(text, "0123456789abcdefABCDEF:.");
    return text[hex_and_colons] != '\0' || !strstr(text, ":") ||
           !(strstr(text, "::") || isxdigit((unsigned char)*text));
}

/** "[2]", "[-1]", "[1:3]", "[1:]" at the end: true when it was one; it is cut off. */
static bool subscript_parse(struct pattern_term *term)
{
    size_t length = strlen(term->text);
    char *open = strrchr(term->text, '[');
    if (!open || open == term->text || term->text[length - 1] != ']')
        return false;
    char *at = open + 1, *end;
    term->first = strtoll(at, &end, 10);
    if (*end == ':' || *end == '-') {
        bool is_dash = *end == '-' && end > at;
        if (*end == '-' && !is_dash)
            return false;
        term->is_slice = true;
        at = end + 1;
        term->last = strtoll(at, &end, 10);
        term->has_last = end > at;
    } else if (end == at) {
        return false;
    }
    if (*end != ']' || end[1] != '\0')
        return false;
    *open = '\0';
    return term->has_subscript = true;
}

/** production: pattern-term */
static struct pattern_term term_parse(const char *text, size_t length)
{
    struct pattern_term term = {.role = PATTERN_ADD};
    if (length > 0 && (*text == '!' || *text == '&')) {
        term.role = *text == '!' ? PATTERN_EXCLUDE : PATTERN_INTERSECT;
        ++text;
        --length;
    }
    if (length > 0 && *text == '~') {
        term.is_regex = true;
        ++text;
        --length;
    }
    term.text = memory_copy_string(text, length);
    if (!term.is_regex && !subscript_parse(&term)) {
        term.is_slice = term.has_last = false;
        term.first = term.last = 0;
    }
    term.has_wildcard = term.is_regex || strpbrk(term.text, "*?[") != NULL;
    return term;
}

/** Keeps the terms by role, in order within each. */
static void pattern_insert(struct host_pattern *pattern, struct pattern_term term)
{
    size_t place = pattern->count;
    pattern->terms = memory_resize(pattern->terms, pattern->count + 1, sizeof *pattern->terms);
    while (place > 0 && pattern->terms[place - 1].role > term.role) {
        pattern->terms[place] = pattern->terms[place - 1];
        --place;
    }
    pattern->terms[place] = term;
    ++pattern->count;
}

/** production: host-pattern */
void host_pattern_parse(struct host_pattern *pattern, const char *text)
{
    bool colon_separates = colons_separate(text);
    *pattern = (struct host_pattern){0};
    while (*text) {
        size_t length = term_length(text, colon_separates);
        const char *start = text + strspn(text, " \t"), *end = text + length;
        while (end > start && isspace((unsigned char)end[-1]))
            --end;
        if (end > start)
            pattern_insert(pattern, term_parse(start, (size_t)(end - start)));
        text += length + (text[length] != '\0');
    }
    if (pattern->count > 0 && pattern->terms[0].role != PATTERN_ADD)
        pattern_insert(pattern, term_parse("all", strlen("all")));
}

void host_pattern_done(struct host_pattern *pattern)
{
    for (size_t i = 0; i < pattern->count; i++)
        free(pattern->terms[i].text);
    free(pattern->terms);
    *pattern = (struct host_pattern){0};
}
