/*
 * Regular expressions with the syntax and the results of Python's re (docs.python.org, "re"), over pcre2.
 *
 * regex_pattern.c reads Python's syntax, reports its errors and writes pcre2's; regex.c compiles and matches (it alone
 * includes pcre2.h); regex_edit.c does what works on all matches.  Offsets are in bytes; a byte that is not UTF-8
 * counts as one character, as Python's surrogateescape has it.  A search that takes more than LIMIT_REGEX_MATCH_STEPS
 * is ERROR_LIMIT.
 */
#ifndef PLAYLET_RUNTIME_VALUE_REGEX_H
#define PLAYLET_RUNTIME_VALUE_REGEX_H

#include "runtime/value/list.h"
#include "runtime/value/text.h"

struct regex;

enum regex_flag {
    REGEX_IGNORECASE = 1,
    REGEX_MULTILINE = 2,
    REGEX_DOTALL = 4,
    REGEX_VERBOSE = 8,
    REGEX_ASCII = 16,
};

/** NULL with ERROR_VALUE in Python's words on failure ("unterminated character set at position 0"). */
struct regex *regex_compile(const char *pattern, size_t length, unsigned flags, struct error *error) NODISCARD;
void regex_free(struct regex *regex); /* NULL is allowed */

/** Number of groups, without the whole match. */
uint32_t regex_group_count(const struct regex *regex);

/** The number of a named group, or -1. */
int regex_group_number(const struct regex *regex, const char *name, size_t length);

/** Names of groups in the order of their numbers: NULL where group `number` (from 1) has none. */
const char *regex_group_name(const struct regex *regex, uint32_t number);

enum regex_mode { REGEX_SEARCH, REGEX_MATCH /* at the start */, REGEX_FULLMATCH };

#define REGEX_UNSET (~(size_t)0)

/** Looks once; `*found` says whether there is a match, which regex_start and regex_end then tell until the next call. */
bool regex_find(struct regex *regex, const char *bytes, size_t length, enum regex_mode mode, bool *found,
                struct error *error);

/** Is there a match anywhere?  A search that gives up counts as none. */
bool regex_is_found(struct regex *regex, const char *bytes, size_t length);

/** Bounds of a group (0: the whole match) of the last match; REGEX_UNSET where the group took no part. */
size_t regex_start(const struct regex *regex, uint32_t group);
size_t regex_end(const struct regex *regex, uint32_t group);

/** The text of a group of the last match in `bytes`, null where it took no part. */
struct value regex_group(const struct regex *regex, const char *bytes, uint32_t group) NODISCARD;

/** All groups but 0 of the last match in order / the named ones by name: Python's groups() and groupdict(). */
struct list *regex_groups(const struct regex *regex, const char *bytes) NODISCARD;
struct dict *regex_named_groups(const struct regex *regex, const char *bytes) NODISCARD;

/**
 * All matches in order, as re.finditer:
 *
 *     struct regex_iterator iterator;
 *     regex_iterator_init(&iterator, regex, bytes, length);
 *     while ((ok = regex_next(&iterator, &found, error)) && found) ...
 *     regex_iterator_done(&iterator);
 */
struct regex_iterator {
    struct regex *regex; /* borrowed; its groups are those of the last match */
    const char *bytes;   /* borrowed */
    size_t length;
    struct regex_stray *stray; /* owned: what stands for text that is not all UTF-8, else NULL */
    size_t position;           /* where to go on, in what is searched */
    bool after_empty;          /* the last match was empty: the next must not be the same */
};
void regex_iterator_init(struct regex_iterator *iterator, struct regex *regex, const char *bytes, size_t length);
void regex_iterator_done(struct regex_iterator *iterator);
bool regex_next(struct regex_iterator *iterator, bool *found, struct error *error);

/** re.findall: whole matches, the only group, or tuples of groups. */
bool regex_find_all(struct regex *regex, const char *bytes, size_t length, struct list **matches, struct error *error);

/** re.split with at most `limit` splits (0: all); groups of the separator are in the result. */
bool regex_split(struct regex *regex, const char *bytes, size_t length, size_t limit, struct list **parts,
                 struct error *error);

/** re.subn: at most `limit` replacements (0: all) by a template with \1, \g<name>, \n ...; `*count` says how many. */
bool regex_replace(struct regex *regex, const char *bytes, size_t length, struct text *replacement, size_t limit,
                   struct text_buffer *out, size_t *count, struct error *error);

/** A template of re.sub, expanded with the last match in `bytes` (Match.expand). */
bool regex_expand(struct regex *regex, const char *bytes, struct text *replacement, struct text_buffer *out,
                  struct error *error);

/** Compiled expressions by pattern and flags, each compiled once; emptied when it has grown past a bound. */
struct regex_cache {
    struct dict *positions; /* pattern with its flags in front -> position */
    struct regex **regexes;
    size_t count;
};
void regex_cache_done(struct regex_cache *cache);
/** Borrowed until the next call. */
struct regex *regex_cache_get(struct regex_cache *cache, const struct text *pattern, unsigned flags,
                              struct error *error);

#endif
