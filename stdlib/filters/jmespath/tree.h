/*
 * The tree of a JMESPath expression, for the files of this folder.  Everything lives in the expression's arena.
 */
#ifndef PLAYLET_STDLIB_FILTERS_JMESPATH_TREE_H
#define PLAYLET_STDLIB_FILTERS_JMESPATH_TREE_H

#include "stdlib/filters/jmespath/jmespath.h"

enum path_kind {
    PATH_CURRENT, /* @, and what stands for nothing: `[*]` alone */
    PATH_FIELD,
    PATH_LITERAL,
    PATH_INDEX,
    PATH_SLICE,
    PATH_CHAIN,            /* left, then right on its result: a.b, a[0], a | b */
    PATH_FLATTEN,          /* left[] */
    PATH_PROJECTION,       /* right on each item of left, nulls dropped: [*] */
    PATH_VALUE_PROJECTION, /* the same on the values of an object: * */
    PATH_FILTER,           /* the same on the items for which `condition` is true: [?...] */
    PATH_LIST,             /* [a, b] */
    PATH_OBJECT,           /* {a: b} */
    PATH_OR,
    PATH_AND,
    PATH_NOT,
    PATH_COMPARE,
    PATH_CALL,
    PATH_REFERENCE, /* &expression */
};

enum path_comparison { PATH_EQUAL, PATH_NOT_EQUAL, PATH_LESS, PATH_LESS_EQUAL, PATH_GREATER, PATH_GREATER_EQUAL };

struct path_slice {
    int64_t start, stop, step;
    bool has_start, has_stop, has_step;
};

struct path_function;

struct path_node {
    enum path_kind kind;
    struct path_node *left, *right; /* FLATTEN, NOT, REFERENCE use left alone */
    struct path_node *condition;    /* FILTER */
    union {
        struct value value; /* FIELD (a string), LITERAL */
        int64_t index;
        struct path_slice slice;
        enum path_comparison comparison;
        struct { /* LIST, OBJECT, CALL */
            struct path_node **items;
            struct value *keys; /* OBJECT */
            uint32_t count;
            const struct path_function *function; /* CALL */
        } many;
    };
};

struct jmespath {
    struct arena arena;
    struct path_node *root;
};

enum path_token_kind {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_QUOTED,
    TOKEN_LITERAL,
    TOKEN_NUMBER,
    TOKEN_DOT,
    TOKEN_STAR,
    TOKEN_COMMA,
    TOKEN_COLON,
    TOKEN_CURRENT,
    TOKEN_REFERENCE,
    TOKEN_OPEN_PAREN,
    TOKEN_CLOSE_PAREN,
    TOKEN_OPEN_BRACE,
    TOKEN_CLOSE_BRACE,
    TOKEN_OPEN_BRACKET,
    TOKEN_CLOSE_BRACKET,
    TOKEN_FLATTEN,
    TOKEN_FILTER,
    TOKEN_PIPE,
    TOKEN_OR,
    TOKEN_AND,
    TOKEN_NOT,
    TOKEN_EQUAL,
    TOKEN_NOT_EQUAL,
    TOKEN_LESS,
    TOKEN_LESS_EQUAL,
    TOKEN_GREATER,
    TOKEN_GREATER_EQUAL,
};

struct path_token {
    enum path_token_kind kind;
    size_t start, length;
    struct value value; /* NAME and QUOTED: the name; LITERAL: the value; NUMBER: an int.  Owned by the arena. */
};

/** Reads the token at `*position` and moves past it. */
bool path_token_read(struct arena *arena, const char *text, size_t length, size_t *position, struct path_token *token,
                     struct error *error);

/** Evaluates one node.  The result itself is no template, but what it holds may be. */
bool path_evaluate(struct evaluation *evaluation, const struct path_node *node, struct value data, struct value *result,
                   struct error *error);

/** Is it what JMESPath calls false: null, false, "", [], {}? */
bool path_is_false(struct value value);

/** The function of that name, or NULL. */
const struct path_function *path_function_find(const char *name, size_t length);
/** ERROR_VALUE when `count` arguments are too few or too many. */
bool path_function_check(const struct path_function *function, uint32_t count, struct error *error);
/** One call of a function. */
struct path_call {
    struct evaluation *evaluation;
    const struct value *arguments;             /* deeply evaluated */
    const struct path_node *const *references; /* the node of a reference argument, else NULL */
    uint32_t count;
};
bool path_function_call(const struct path_function *function, const struct path_call *call, struct value *result,
                        struct error *error);

#endif
