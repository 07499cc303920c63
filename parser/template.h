/*
 * Templates: from text to tree.  Grammar: grammar/template.ebnf and grammar/expression.ebnf.
 *
 * A template owns its arena, its text and its tree.  It is reference-counted, since macros and values that came
 * from it may outlive the cache that holds it.  Parsing never evaluates.
 */
#ifndef PLAYLET_PARSER_TEMPLATE_H
#define PLAYLET_PARSER_TEMPLATE_H

#include "parser/ast.h"

/**
 * How a text is read, unless its header says otherwise (template_header.h).  The zero value with NULL strings means the
 * defaults: {{ }}, {% %}, {# #}, no line statements.
 */
struct template_syntax {
    const char *block_start, *block_end;
    const char *variable_start, *variable_end;
    const char *comment_start, *comment_end;
    const char *line_statement_prefix, *line_comment_prefix;
    const char *newline_sequence;   /* what every newline of the template's text becomes; NULL: "\n" */
    bool trim_blocks;               /* the newline after a block goes */
    bool lstrip_blocks;             /* white space before a block on its line goes */
    bool keep_trailing_newline;     /* else one newline at the very end goes */
    bool has_extensions;            /* the tags do, break and continue exist (Jinja's extensions `do` and `loopcontrols`) */
    bool raw_literals;              /* string literals inside {{ }} process no escapes (a playbook's strings) */
};

struct template {
    uint32_t references;
    struct arena arena;
    struct text *text;              /* owned */
    uint32_t start;                 /* where it begins, after its header */
    struct body body;               /* of a template */
    struct expression *expression;  /* of a bare expression (expression_parse), else NULL */
    struct node **blocks;           /* every {% block %}, nested ones included */
    uint32_t block_count;
    bool changes_values;            /* eval's: it calls a method that changes its object */
    bool is_constant;               /* text alone: no output, no statement */
};

/** Parses a template.  ERROR_SYNTAX with Jinja's message and the exact place.  NULL on failure. */
struct template *template_parse(struct text *text, const struct template_syntax *syntax, struct error *error) NODISCARD;

/** Parses a bare expression (a condition, `loop.until`): escapes in literals are processed.  The whole text must be one. */
struct template *expression_parse(struct text *text, struct error *error) NODISCARD;

struct template *template_copy(struct template *template) NODISCARD;
void template_drop(struct template *template);      /* NULL is allowed */

/** Where an extent of this template stands in the user's file (see text_span). */
struct span template_span(const struct template *template, struct extent extent);

/** Prints the tree as indented lines, for `:ast` and tests. */
void template_print(struct text_buffer *out, const struct template *template);

/** Calls visit for every name that the template reads from outside (free names), once each. */
void template_free_names(const struct template *template, void (*visit)(void *context, struct text *name), void *context);

#endif
