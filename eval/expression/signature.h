/*
 * Parameter lists and the binding of arguments to them: one binder for filters, tests, lookups, globals, methods and macros.
 * Messages are Python's: "regex_search() missing 1 required positional argument: 'regex'",
 * "f() got an unexpected keyword argument 'x'" (with a suggestion), "f() takes 2 positional arguments but 3 were given".
 */
#ifndef PLAYLET_EVAL_EXPRESSION_SIGNATURE_H
#define PLAYLET_EVAL_EXPRESSION_SIGNATURE_H

#include "runtime/value/dict.h"
#include "runtime/value/list.h"

struct signature_parameter {
    struct text *name;
    struct value fallback;          /* VALUE_UNDEFINED kind with NULL body: required */
};

struct signature {
    const char *function_name;      /* as messages name it */
    struct signature_parameter *parameters;     /* plain ones, in order; keyword-only ones after */
    uint32_t positional_count;      /* how many of them may be given by position */
    uint32_t count;
    bool has_rest;                  /* *rest: a tuple value after the plain parameters */
    bool has_options;               /* **options: a dict value at the end */
};

/** How many values signature_bind writes. */
uint32_t signature_slots(const struct signature *signature);

/** Parses "value, x=1, *rest, y=None, **options"; a malformed one is a bug(). */
struct signature *signature_parse(const char *function_name, const char *parameters) NODISCARD;
void signature_free(struct signature *signature);

/**
 * Writes signature_slots() owned values to `slots`.  `keywords` may be NULL.  ERROR_TYPE when the arguments do not fit;
 * nothing is owned then.
 */
bool signature_bind(const struct signature *signature, const struct value *positional, size_t positional_count,
                    const struct dict *keywords, struct value *slots, struct error *error);

#endif
