/*
 * Patterns of hosts: "web[0:2]:&prod:!db", "~web\d+", "*.example.com", from text to terms.  What they match is
 * eval/play/inventory's.
 */
#ifndef PLAYLET_PARSER_HOST_PATTERN_H
#define PLAYLET_PARSER_HOST_PATTERN_H

#include "runtime/memory.h"

enum pattern_role { PATTERN_ADD, PATTERN_INTERSECT, PATTERN_EXCLUDE };

/** One term of a pattern. */
struct pattern_term {
    enum pattern_role role;
    char *text;             /* owned: a name, shell wildcards, or a regular expression; without the subscript */
    bool is_regex;
    bool has_wildcard;      /* * ? or [ in it */
    bool has_subscript;     /* [first:last] or [first]; counts of -1 and so on are from the end */
    bool is_slice;
    bool has_last;
    int64_t first, last;
};

struct host_pattern {
    struct pattern_term *terms;     /* those that add first, then those that intersect, then those that exclude */
    size_t count;
};

/** Never fails: what is no term of another kind is a name. */
void host_pattern_parse(struct host_pattern *pattern, const char *text);
void host_pattern_done(struct host_pattern *pattern);

#endif
