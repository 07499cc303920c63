/*
 * Every limit of the interpreter, in one place.  Each has a test that runs into it.
 * A limit that is reached is the user's error (ERROR_LIMIT), never a crash.
 */
#ifndef PLAYLET_RUNTIME_LIMITS_H
#define PLAYLET_RUNTIME_LIMITS_H

/* The fuzzers look for what is slow or grows without end, so what may be large and slow on purpose is small for them. */
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
#define LIMIT_BY_BUILD(normal, fuzzing) (fuzzing)
#else
#define LIMIT_BY_BUILD(normal, fuzzing) (normal)
#endif

enum {
    LIMIT_EXPRESSION_DEPTH = 200,       /* nested operators, brackets and calls in one expression */
    LIMIT_EVALUATION_DEPTH = 500,       /* nested walks: macros, variables that refer to variables */
    LIMIT_TEMPLATE_NESTING = 100,       /* nested statements ({% if %}, {% for %} ...) in one template */
    LIMIT_VALUE_DEPTH = 1000,           /* nesting of lists and dicts that is walked (compare, repr, json) */
    LIMIT_YAML_DEPTH = 500,             /* nesting of a YAML document */
    LIMIT_YAML_NODES_FROM_ALIASES = 1000000, /* nodes that aliases may stand for ("billion laughs") */
    LIMIT_RANGE_ITEMS = LIMIT_BY_BUILD(10000000, 10000), /* items of range(); also of a repeated list */
    LIMIT_TEXT_BYTES = LIMIT_BY_BUILD(1 << 30, 1 << 20), /* bytes of one text that an expression builds */
    LIMIT_BIGINT_BITS = LIMIT_BY_BUILD(1 << 24, 1 << 14), /* size of an integer that ** or << may build */
    LIMIT_INCLUDE_DEPTH = 10000,        /* dynamic includes within one another */
    LIMIT_IMPORT_DEPTH = 100,           /* static imports within one another */
    LIMIT_REGEX_MATCH_STEPS = LIMIT_BY_BUILD(10000000, 100000), /* pcre2's match limit */
};

#endif
