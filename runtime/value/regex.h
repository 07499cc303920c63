/*
 * Regular expressions with the syntax and meaning of Python's `re` on text, by pcre2 (used in regex.c alone).
 *
 * Subjects are bytes; offsets count bytes.  What is not UTF-8 in a subject matches nothing.  A match that takes too long is an
 * error (LIMIT_REGEX_MATCH_STEPS).  A regex is constant and may be kept.
 */
#ifndef PLAYLET_RUNTIME_VALUE_REGEX_H
#define PLAYLET_RUNTIME_VALUE_REGEX_H

#include "runtime/value/dict.h"
#include "runtime/value/list.h"

enum regex_flag { REGEX_IGNORE_CASE = 1, REGEX_MULTILINE = 2, REGEX_DOT_ALL = 4 };

struct regex;

/** Where a group matched; start is SIZE_MAX for one that took no part. */
struct regex_group {
    size_t start, end;
};

/** A match: group 0 is the whole. */
struct regex_match {
    size_t count;
    struct regex_group *groups;     /* owned */
};

/** NULL with ERROR_VALUE "missing closing parenthesis at position 1" for a pattern that is none. */
struct regex *regex_new(const char *pattern, size_t length, unsigned flags, struct error *error) NODISCARD;
void regex_free(struct regex *regex);   /* NULL is allowed */

/** The first match from byte `start` on (re.search).  False: there is none, or with an error (ERROR_LIMIT). */
bool regex_search(const struct regex *regex, const char *bytes, size_t length, size_t start, struct regex_match *match,
                  struct error *error);

/** The same where a match has to begin at `start` (re.match). */
bool regex_match_at(const struct regex *regex, const char *bytes, size_t length, size_t start, struct regex_match *match,
                    struct error *error);

/** Does it match anywhere?  Limits count as no. */
bool regex_is_found(const struct regex *regex, const char *bytes, size_t length);

void regex_match_done(struct regex_match *match);

/** The text of a group, or null for one that took no part. */
struct value regex_group_value(const struct regex_match *match, const char *bytes, size_t index) NODISCARD;

/** All groups but 0 in order / the named ones by name: Python's groups() and groupdict(). */
struct list *regex_match_groups(const struct regex_match *match, const char *bytes) NODISCARD;
struct dict *regex_match_named_groups(const struct regex *regex, const struct regex_match *match, const char *bytes)
    NODISCARD;

/** How many groups the pattern has, without group 0; the number of a named one, or 0. */
size_t regex_group_count(const struct regex *regex);
size_t regex_group_number(const struct regex *regex, const char *name, size_t length);

#endif
