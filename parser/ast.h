/*
 * The trees of expressions and templates.
 *
 * A tree lives in one arena with its template (template.h) and is constant after parsing, but for `resolution`
 * slots, which eval fills at the first walk.  Positions are byte offsets into the template's text; text_span
 * turns them into a place in the user's file.
 */
#ifndef PLAYLET_PARSER_AST_H
#define PLAYLET_PARSER_AST_H

#include "runtime/value/text.h"
#include "runtime/value/value.h"

enum operator {
    OPERATOR_NONE,
#define OPERATOR(token, spelling, power, documentation) OPERATOR_##token,
#include "grammar/operators.def"
#undef OPERATOR
    OPERATOR_COUNT,
};

/** The spelling of an operator ("=="). */
const char *operator_spelling(enum operator operator);

/** Bytes `start` .. `start + length` of the template's text. */
struct extent {
    uint32_t start;
    uint32_t length;
};

enum expression_kind {
    EXPRESSION_CONSTANT,    /* number, string, true, false, none */
    EXPRESSION_NAME,
    EXPRESSION_LIST,
    EXPRESSION_TUPLE,
    EXPRESSION_DICT,
    EXPRESSION_UNARY,       /* NOT, SUBTRACT, ADD */
    EXPRESSION_BINARY,      /* ADD .. POWER */
    EXPRESSION_CONCATENATE, /* a ~ b ~ c in one node */
    EXPRESSION_LOGICAL,     /* AND, OR */
    EXPRESSION_COMPARE,     /* a chain of comparisons */
    EXPRESSION_CONDITIONAL, /* then if condition else otherwise */
    EXPRESSION_ATTRIBUTE,   /* object.name */
    EXPRESSION_ITEM,        /* object[key] */
    EXPRESSION_SLICE,       /* only as the key of an ITEM */
    EXPRESSION_CALL,
    EXPRESSION_FILTER,      /* operand | name(arguments); operand NULL inside {% filter %} and set blocks */
    EXPRESSION_TEST,        /* operand is [not] name(arguments) */
};

struct expression;

struct keyword_argument {
    struct text *name;
    struct expression *value;
};

/** The arguments of a call, a filter or a test. */
struct arguments {
    struct expression **positional;
    uint32_t positional_count;
    struct keyword_argument *keywords;
    uint32_t keyword_count;
    struct expression *star;        /* *args, or NULL */
    struct expression *double_star; /* **kwargs, or NULL */
};

struct comparison {
    enum operator operator;         /* EQUAL .. IN */
    bool negated;                   /* not in */
    struct expression *operand;
};

struct expression {
    enum expression_kind kind;
    enum operator operator;         /* UNARY, BINARY, LOGICAL */
    struct extent extent;           /* the whole expression; for ATTRIBUTE, FILTER and TEST `mark` is the name alone */
    struct extent mark;             /* what an error points at: the name, the operator, else the extent */
    union {
        struct value constant;
        struct {
            struct text *text;      /* interned: one text a name in a template, so that pointers compare */
            uint32_t slot;          /* reserved for eval: 0 until resolved */
        } name;
        struct { struct expression **items; uint32_t count; } sequence;     /* LIST, TUPLE, CONCATENATE */
        struct { struct expression **keys; struct expression **values; uint32_t count; } dict;
        struct { struct expression *left, *right; } binary;                 /* UNARY uses right */
        struct { struct expression *first; struct comparison *rest; uint32_t count; } compare;
        struct { struct expression *condition, *then, *otherwise; } conditional;  /* otherwise may be NULL */
        struct {
            struct expression *object;
            struct text *name;
            const void *method;         /* eval's: the method of that name that values of the kind below have, or NULL */
            uint8_t method_kind;        /* eval's: 1 + the kind of value that was asked about last; 0: none */
        } attribute;
        struct { struct expression *object, *key; } item;
        struct { struct expression *start, *stop, *step; } slice;           /* each may be NULL */
        struct { struct expression *callee; struct arguments arguments; } call;
        struct {                                                            /* FILTER, TEST */
            struct expression *operand;
            struct text *name;          /* dotted names in full: "ansible.builtin.upper" */
            struct arguments arguments;
            bool negated;               /* is not */
            const void *resolution;     /* eval's: the plugin that the name stands for */
        } plugin;
    };
};

enum node_kind {
    NODE_TEXT,          /* what stands outside of the delimiters */
    NODE_OUTPUT,        /* {{ expression }} */
    NODE_IF,
    NODE_FOR,
    NODE_SET,           /* {% set targets = expression %} */
    NODE_SET_BLOCK,     /* {% set target | filter %} ... {% endset %} */
    NODE_MACRO,
    NODE_CALL,          /* {% call(arguments) callee(...) %} ... {% endcall %} */
    NODE_FILTER,        /* {% filter name %} ... {% endfilter %} */
    NODE_WITH,
    NODE_INCLUDE,
    NODE_IMPORT,
    NODE_FROM_IMPORT,
    NODE_EXTENDS,
    NODE_BLOCK,
    NODE_DO,
    NODE_BREAK,
    NODE_CONTINUE,
    NODE_AUTOESCAPE,    /* accepted; its body is rendered */
};

struct body {
    struct node **nodes;
    uint32_t count;
};

/** Assignment targets: a name, namespace attribute or (nested) tuple of them, as expressions of kind NAME, ATTRIBUTE, TUPLE. */
struct branch {                     /* if / elif / else (condition NULL) */
    struct expression *condition;
    struct body body;
};

struct parameter {
    struct text *name;
    struct expression *fallback;    /* or NULL */
};

struct macro {
    struct text *name;              /* NULL: the block of a {% call %} */
    struct parameter *parameters;
    uint32_t parameter_count;
    bool uses_varargs, uses_kwargs, uses_caller;    /* the body names varargs, kwargs, caller */
    struct body body;
};

struct imported_name {
    struct text *name;
    struct text *alias;
};

struct node {
    enum node_kind kind;
    struct extent extent;
    union {
        struct text *text;
        struct expression *expression;                      /* OUTPUT, DO */
        struct { struct branch *branches; uint32_t count; } conditional;
        struct {
            struct expression *target, *iterable, *condition;   /* condition NULL: none */
            bool recursive;
            bool uses_loop;                                 /* the body names `loop` */
            struct body body, otherwise;
        } loop;
        struct { struct expression *target, *value; } set;
        struct { struct expression *target, *filter; struct body body; } set_block;     /* filter: chain of FILTER with operand NULL, or NULL */
        struct macro macro;
        struct { struct expression *call; struct macro macro; } call;
        struct { struct expression *filter; struct body body; } filter;
        struct { struct expression **targets, **values; uint32_t count; struct body body; } with;
        struct { struct expression *name; bool ignore_missing, with_context; } include;
        struct {
            struct expression *name;
            struct text *alias;                             /* IMPORT */
            struct imported_name *names; uint32_t count;    /* FROM_IMPORT */
            bool with_context;
        } import;
        struct expression *parent;                          /* EXTENDS */
        struct { struct text *name; struct body body; bool scoped, required; } block;
        struct { struct expression *enabled; struct body body; } autoescape;
    };
};

/** Called for what an expression or a node is directly made of, in the order of the text but for loops' and ifs' own. */
struct part_visitor {
    void (*expression)(void *context, const struct expression *expression);
    void (*body)(void *context, const struct body *body);
    void *context;
};

void expression_visit_parts(const struct expression *expression, const struct part_visitor *visitor);
void node_visit_parts(const struct node *node, const struct part_visitor *visitor);

#endif
