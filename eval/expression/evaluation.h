/*
 * An evaluation under way: what the walks over expressions and statements share.  Internal to eval/expression, but for
 * the functions of plugin.h that take one.
 *
 * Names are looked up in the frames first (what the template itself bound), then in the scope (variables).
 * Everything here is synchronous recursion, bounded by `depth` (LIMIT_EVALUATION_DEPTH).
 *
 *     expression.c ...    the walk over expressions: expression_evaluate
 *     statement.c ...     the walk over nodes: body_render, into an output
 *     engine.c            whole templates, conditions, arguments: native results, omit, undefined
 */
#ifndef PLAYLET_EVAL_EXPRESSION_EVALUATION_H
#define PLAYLET_EVAL_EXPRESSION_EVALUATION_H

#include "eval/expression/engine.h"

/** A name that a template bound ({% set %}, {% for %}, parameters of a macro). */
struct local {
    struct text *name;          /* owned */
    uint32_t hash;              /* of the name */
    struct value value;         /* owned */
};

/**
 * The names bound in one stretch of a template: the template itself, a for loop, a with, a macro's body.  Frames are
 * counted, since a macro or a caller keeps the ones around it (late binding, as Python's closures).
 */
struct frame_of_names {
    uint32_t references;
    uint32_t count, capacity;
    struct frame_of_names *outer;   /* owned reference, or NULL */
    struct local *locals;
};

struct frame_of_names *frame_of_names_new(struct frame_of_names *outer) NODISCARD;  /* takes a reference to outer */
void frame_of_names_drop(struct frame_of_names *frame);     /* NULL is allowed */
/** Forgets the names that were bound after the first `count`. */
void frame_of_names_truncate(struct frame_of_names *frame, uint32_t count);
/** Borrowed, the innermost of that name, or NULL; `*depth` (may be NULL) is how many frames out. */
struct local *frame_of_names_find_local(const struct frame_of_names *frame, struct text *name, uint32_t *depth);
/** The same in this frame alone. */
struct value *frame_of_names_find_own(const struct frame_of_names *frame, struct text *name);
/** In this frame, replacing. */
void frame_of_names_set_take(struct frame_of_names *frame, struct text *name, struct value value);
void frame_of_names_set_string_take(struct frame_of_names *frame, const char *name, struct value value);

struct evaluation {
    struct engine *engine;
    struct scope *scope;                /* borrowed; may be NULL (an imported template without context) */
    struct frame_of_names *frame;       /* innermost; owned reference; NULL: nothing is bound */
    const struct template *template;    /* being walked; borrowed; for places */
    bool templates_constants;           /* string constants that hold a template are evaluated (conditions) */
    struct dict **private_variables;    /* where copies of variables go that the template may change; borrowed, made when needed */
    bool templates_terms;               /* the same for literals that are terms of a lookup */
    unsigned depth;
    struct inheritance *inheritance;    /* of {% extends %} and {% block %}: statement_inherit.c; borrowed; NULL: none */
    struct cycles *cycles;              /* cycle.h; borrowed; NULL outside of template_render */
    bool is_silent;                     /* the template extends another: what its nodes would print is let go */
};

/** Goes one deeper; false with ERROR_LIMIT past LIMIT_EVALUATION_DEPTH.  Each true is followed by evaluation_leave. */
bool evaluation_enter(struct evaluation *evaluation, struct error *error);
static inline void evaluation_leave(struct evaluation *evaluation) { --evaluation->depth; }

/** The value of an expression; VALUE_UNDEFINED and VALUE_OMIT are results like any other. Errors have their place. */
bool expression_evaluate(struct evaluation *evaluation, const struct expression *expression, struct value *result, struct error *error);

/** The same where an undefined value is the error. */
bool expression_evaluate_defined(struct evaluation *evaluation, const struct expression *expression, struct value *result, struct error *error);

/** The truth of an expression in {% if %}, `and`, inline if: undefined is the error. */
bool expression_truth(struct evaluation *evaluation, const struct expression *expression, bool *result, struct error *error);

/** A chain of filters whose innermost operand is missing ({% filter %}, set blocks), applied to `operand`. */
bool expression_apply_filters(struct evaluation *evaluation, const struct expression *filters, struct value operand, struct value *result, struct error *error);

/** Arguments of a call, evaluated: *positional (a new list) and *keywords (a new dict, or NULL). */
bool arguments_evaluate(struct evaluation *evaluation, const struct arguments *arguments, struct list **positional, struct dict **keywords, struct error *error);

/** A FUNCTION_GLOBAL as a value (calling it binds its signature); a FUNCTION_METHOD bound to `self`. */
struct value function_value(struct plugin *plugin, const struct value *self) NODISCARD;

/* ---- output ---- */

/**
 * Where nodes go.  The first node's value is kept as it is, so that a template of one node keeps its type; with the second one all become
 * text.  Nodes that are null vanish.  See NOTES on native types in docs/design.md.
 */
struct output {
    struct value single;                /* while count == 1 and it is not text yet; the undefined value */
    size_t count;                       /* nodes so far that are not null */
    struct text_buffer text;
    bool is_text;                       /* always text (template files where the reference says so) */
    bool is_strict;                     /* nodes must be strings: what {{ super() }} and {{ self.name() }} give */
    bool keeps_undefined;               /* an undefined node makes the whole undefined; else it is the error */
    bool is_undefined;                  /* `single` is such a node; nothing else is kept */
};

void output_done(struct output *output);
/** Adds a value.  The evaluation is for what is lazy within containers that become text. */
bool output_add_take(struct evaluation *evaluation, struct output *output, struct value value, struct error *error);
bool output_add_text(struct evaluation *evaluation, struct output *output, struct text *text, struct error *error);
/** The whole: null without nodes, the value of one, text of several.  The output is empty again. */
struct value output_take(struct output *output) NODISCARD;

/* ---- statements ---- */

/** How a body ended: break and continue travel outwards to their loop. */
enum flow { FLOW_NEXT, FLOW_BREAK, FLOW_CONTINUE };

/** Renders nodes in the present frame. */
bool body_render(struct evaluation *evaluation, const struct body *body, struct output *output, enum flow *flow, struct error *error);

/** Renders a whole template from its top, with inheritance: a new frame inside the present one. */
bool template_render(struct evaluation *evaluation, struct template *template, struct output *output, struct error *error);

/* ---- engine ---- */

/** A playbook's string that holds a template, under the evaluation's scope: native, trust of what is passed through kept; *result may
 *  be undefined or omit. */
bool engine_evaluate_text(struct evaluation *evaluation, struct text *text, struct value *result, struct error *error);

/** A template's text of any syntax under a scope: native and settled as engine_evaluate's result; an undefined one is the error. */
bool engine_evaluate_file(struct engine *engine, struct scope *scope, struct text *text, const struct template_syntax *syntax,
                          struct value *result, struct error *error);

/** Puts what was done in front of an error: "Error rendering template: ...", unless that was done.  Returns false. */
bool template_settle_error(const struct template *template, struct error *error);

/** The compiled template of a text, from the engine's cache (parsed at most once a run); borrowed as long as the engine lives. */
struct template *engine_template(struct engine *engine, struct text *text, const struct template_syntax *syntax, struct error *error);
/** The same for a bare expression. */
struct template *engine_expression(struct engine *engine, struct text *text, struct error *error);

/** Reads and parses a template file of the search path ({% include %}, {% import %}, {% extends %}). */
struct template *engine_template_file(struct engine *engine, const char *name, struct error *error);

#endif
