/*
 * The lexer of templates: bytes to tokens, one at a time and on demand, so that an error is reported only when the
 * parser gets there.  It knows what stands outside of the delimiters (text, comments, raw blocks, white space
 * control) and what stands inside (names, numbers, strings, the operators of grammar/operators.def).
 *
 * Internal to parser/: see template.h for the interface.  Tokens are extents of the text and own nothing.
 */
#ifndef PLAYLET_PARSER_LEXER_H
#define PLAYLET_PARSER_LEXER_H

#include "parser/template.h"
#include "runtime/limits.h"
#include "runtime/source/error.h"

enum token_kind {
    TOKEN_END,          /* of the text */
    TOKEN_TEXT,         /* outside of delimiters, after white space control */
    TOKEN_OUTPUT_START, /* {{ */
    TOKEN_OUTPUT_END,   /* }} */
    TOKEN_BLOCK_START,  /* {% or a line statement's prefix */
    TOKEN_BLOCK_END,    /* %} or a line statement's end of line */
    TOKEN_NAME,         /* words that are operators included: they are names wherever an operand is expected */
    TOKEN_INTEGER,
    TOKEN_FLOAT,
    TOKEN_STRING,       /* with its quotes */
    TOKEN_OPERATOR,     /* symbols */
};

struct token {
    enum token_kind kind;
    enum operator symbol;       /* of an OPERATOR, or of a NAME that is one ("in"); else OPERATOR_NONE */
    struct extent extent;
};

struct delimiter {
    const char *bytes;
    uint32_t length;            /* 0: there is none */
};

/** What may open where text stands; in the order in which Jinja prefers them when they are equally long. */
enum opening_kind {
    OPENING_NONE,               /* the end of the text */
    OPENING_OUTPUT,
    OPENING_LINE_STATEMENT,
    OPENING_LINE_COMMENT,
    OPENING_COMMENT,
    OPENING_BLOCK,
    OPENING_COUNT,
};

enum lexer_mode { LEXER_TEXT, LEXER_OUTPUT, LEXER_BLOCK, LEXER_LINE_STATEMENT };

struct lexer {
    const char *bytes;
    uint32_t position;
    uint32_t end;               /* where reading stops: before a newline at the very end that is to go */
    enum lexer_mode mode;
    struct delimiter openings[OPENING_COUNT];
    struct delimiter block_end, output_end, comment_end;
    char first_bytes[OPENING_COUNT + 1];    /* the distinct first bytes of the openings, NUL-terminated */
    bool trim_blocks, lstrip_blocks;
    enum opening_kind pending;  /* an opening at `position` whose text went out before it */
    uint32_t bracket_count;
    char brackets[LIMIT_EXPRESSION_DEPTH];  /* the closing bracket of each open one */
    struct error *error;
    const struct text *text;
};

/** Starts at the text's beginning, outside of delimiters; `syntax` and `text` must stay. */
void lexer_init(struct lexer *lexer, const struct text *text, const struct template_syntax *syntax, struct error *error);

/** Reads the next token; false after an error. */
bool lexer_next(struct lexer *lexer, struct token *token) NODISCARD;

/** Reads what stands outside of delimiters (lexer_text.c); lexer_next's other half. */
bool lexer_next_outside(struct lexer *lexer, struct token *token) NODISCARD;

/** Ends a block: the newline after it goes when blocks are trimmed. */
void lexer_trim_newline(struct lexer *lexer);

/** Skips white space, Unicode's included. */
void lexer_skip_space(struct lexer *lexer);

/** The position after white space from `position`. */
uint32_t lexer_space_end(const struct lexer *lexer, uint32_t position);

/** Stands `delimiter` at `position`? */
bool lexer_sees(const struct lexer *lexer, uint32_t position, struct delimiter delimiter);

/** Fills the error and its place.  Returns false. */
bool lexer_fail(struct lexer *lexer, struct extent extent, const char *format, ...) PRINTF_FORMAT(3, 4);

/** The bytes of a token are this word. */
bool token_is_word(const struct lexer *lexer, struct token token, const char *word);

static inline bool token_is(struct token token, enum operator symbol)
{
    return token.kind == TOKEN_OPERATOR && token.symbol == symbol;
}

/** A name that is this operator ("in"). */
static inline bool token_is_operator_word(struct token token, enum operator symbol)
{
    return token.kind == TOKEN_NAME && token.symbol == symbol;
}

/** How Jinja calls a kind of token in its messages ("end of print statement"). */
const char *token_kind_name(enum token_kind kind);

#endif
