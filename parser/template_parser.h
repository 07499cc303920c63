/*
 * The parser of templates and expressions: what its files share.  Internal to parser/; the interface is template.h.
 *
 *     lexer.c, lexer_text.c      bytes to tokens
 *     literal.c                  numbers and strings to values
 *     template_parser.c          the token at hand, messages, the arena: this header's first half
 *     expression.c               grammar/expression.ebnf
 *     statement*.c               grammar/template.ebnf
 *
 * One function a production, named above it.  Functions that return a pointer return NULL after an error.
 * All nodes live in the template's arena; names are interned there, so that equal names are one pointer.
 */
#ifndef PLAYLET_PARSER_TEMPLATE_PARSER_H
#define PLAYLET_PARSER_TEMPLATE_PARSER_H

#include "parser/lexer.h"

enum { PARSER_INLINE_NAMES = 32, PARSER_INLINE_ITEMS = 48 };

/** Special names that were read since the innermost macro or loop began. */
enum special_name { SPECIAL_LOOP = 1, SPECIAL_VARARGS = 2, SPECIAL_KWARGS = 4, SPECIAL_CALLER = 8 };

/** The statement that is being parsed and the tags that end it; a chain on the C stack, for messages. */
struct open_tag {
    struct extent name;
    const char *const *ends;    /* NULL-terminated; set when its body begins */
    struct open_tag *outer;
};

struct parser {
    struct lexer lexer;
    struct token current, peeked;
    bool has_peeked;
    bool raw_literals;
    bool has_extensions;
    const char *newline;        /* what newlines of the template's text become */
    uint32_t last_end;          /* where the token before `current` ended */
    struct template *template;
    struct arena *arena;
    struct error *error;

    unsigned depth;             /* of the recursion in expressions */
    unsigned height;            /* of the expression that was parsed last */
    unsigned nesting;           /* of statements */
    unsigned loops;             /* that {% break %} can leave */
    unsigned specials;          /* enum special_name */
    struct open_tag *open_tag;

    struct dict *block_names;   /* NULL while there are none */
    struct node **blocks;       /* on the heap */
    uint32_t block_count;
    size_t block_capacity;

    struct text **names;        /* open addressing by hash; a power of two of slots */
    uint32_t name_capacity, name_count;
    struct text *inline_names[PARSER_INLINE_NAMES];

    void **items;               /* a stack of what lists under construction hold */
    uint32_t item_count, item_capacity;
    void *inline_items[PARSER_INLINE_ITEMS];
};

/* ---- the parser's state: template_parser.c ---- */

/** Begins with the first token; the parser must not move in memory. */
bool parser_init(struct parser *parser, struct template *template, const struct template_syntax *syntax,
                 enum lexer_mode mode, struct error *error) NODISCARD;
void parser_done(struct parser *parser);

bool parser_advance(struct parser *parser) NODISCARD;
/** The token after the current one. */
bool parser_peek(struct parser *parser, struct token *token) NODISCARD;

/** Moves over a token if it is the current one: *taken says so. */
bool parser_take_operator(struct parser *parser, enum operator symbol, bool *taken) NODISCARD;
bool parser_take_word(struct parser *parser, const char *word, bool *taken) NODISCARD;

/** Moves over a token that must be there: "expected token ',', got 'x'". */
bool parser_expect_operator(struct parser *parser, enum operator symbol) NODISCARD;
bool parser_expect_word(struct parser *parser, const char *word) NODISCARD;
bool parser_expect_kind(struct parser *parser, enum token_kind kind) NODISCARD;
/** ... a name, interned, with its place in *extent (may be NULL). */
struct text *parser_expect_name(struct parser *parser, struct extent *extent) NODISCARD;

static inline bool parser_at(const struct parser *parser, enum operator symbol)
{
    return token_is(parser->current, symbol);
}

static inline bool parser_at_word(const struct parser *parser, const char *word)
{
    return token_is_word(&parser->lexer, parser->current, word);
}

/** ERROR_SYNTAX at an extent.  Returns false. */
#define parser_fail_at(parser, extent, ...) lexer_fail(&(parser)->lexer, extent, __VA_ARGS__)
#define parser_fail(parser, ...) parser_fail_at(parser, (parser)->current.extent, __VA_ARGS__)
/** ERROR_SYNTAX "<before>'<the current token>'" at it.  Returns false. */
bool parser_fail_token(struct parser *parser, const char *before);
/** ERROR_LIMIT at the current token.  Returns false. */
bool parser_fail_limit(struct parser *parser, const char *what, int limit);

/** The bytes of an extent. */
static inline const char *parser_bytes(const struct parser *parser, struct extent extent)
{
    return parser->lexer.bytes + extent.start;
}

/** From `start` to the end of the token before the current one. */
static inline struct extent parser_extent_from(const struct parser *parser, uint32_t start)
{
    return (struct extent){start, parser->last_end - start};
}

struct text *parser_intern(struct parser *parser, const char *bytes, uint32_t length);

/** Hands a text or value to the template, which drops it with itself. */
struct text *parser_keep_text_take(struct parser *parser, struct text *text);
struct value parser_keep_take(struct parser *parser, struct value value);

/* Lists under construction: remember item_count, push, then take what was pushed since as an array in the arena. */
void parser_push(struct parser *parser, void *item);
void **parser_take_items(struct parser *parser, uint32_t first, uint32_t *count);

/* ---- literals: literal.c ---- */

/** The value of an INTEGER, FLOAT or STRING token, owned by the template; adjacent strings are one: they are all taken. */
bool parser_take_literal(struct parser *parser, struct value *value) NODISCARD;

/** The bytes of an extent with \r\n and \r as \n, as Jinja reads every source. */
struct text *parser_new_text(struct parser *parser, struct extent extent) NODISCARD;

/* ---- expressions: expression.c, expression_postfix.c ---- */

/** An expression with `x if y else z` or without; an unparenthesised tuple is none. */
struct expression *parser_expression(struct parser *parser) NODISCARD;
struct expression *parser_expression_without_if(struct parser *parser) NODISCARD;

/** An expression or a tuple without parentheses; `item` parses one of it. */
struct expression *parser_tuple(struct parser *parser, struct expression *(*item)(struct parser *parser)) NODISCARD;
struct expression *parser_primary(struct parser *parser) NODISCARD;

/** `operand` with attributes, items and calls after it; it began at `start`. */
struct expression *parser_postfix(struct parser *parser, struct expression *operand, uint32_t start) NODISCARD;
/** `operand` with filters, tests and calls after it. */
struct expression *parser_filters_and_tests(struct parser *parser, struct expression *operand, uint32_t start) NODISCARD;
/** The current token begins a filter's name: `upper | f(1)` in {% filter %}, and after a `|`. */
struct expression *parser_filter(struct parser *parser, struct expression *operand, uint32_t start) NODISCARD;

/** A new node from `start` to the last token. */
struct expression *parser_new_expression(struct parser *parser, enum expression_kind kind, uint32_t start);

/** The expression parsed last gets a parent, beside siblings of at most `height`; ERROR_LIMIT when that is too high. */
bool parser_raise(struct parser *parser, unsigned height) NODISCARD;

/* ---- statements: statement.c, statement_define.c, statement_inherit.c ---- */

/** Statements and text up to one of the open tag's ends, or the end of the template. */
bool parser_body(struct parser *parser, struct body *body) NODISCARD;

/** The body of the innermost open tag: the rest of its start tag, then up to one of `ends`, which is the current token then. */
bool parser_block_body(struct parser *parser, const char *const *ends, struct body *body) NODISCARD;
/** ... and past the one end that there is. */
bool parser_closed_body(struct parser *parser, const char *const *ends, struct body *body) NODISCARD;

/** What can be assigned to: names and tuples of them. */
struct expression *parser_target(struct parser *parser) NODISCARD;

/** Refuses `loop` among what a loop, or a statement within one, assigns to. */
bool parser_check_target(struct parser *parser, const struct expression *target);

/** `chain` (which may be NULL after an error) with the filters that follow. */
struct expression *parser_filter_chain(struct parser *parser, struct expression *chain) NODISCARD;

/** Hands the blocks that were found to the template. */
void parser_finish_blocks(struct parser *parser);

/** A name to assign to: "can't assign to 'name'" for true, false and none. */
struct text *parser_target_name(struct parser *parser) NODISCARD;

/** Parses one statement, its name having been taken, into `node` (which knows its extent later). */
typedef bool statement_function(struct parser *parser, struct node *node);
statement_function statement_set, statement_macro, statement_call;
statement_function statement_extends, statement_block, statement_include, statement_import, statement_from;

#endif
