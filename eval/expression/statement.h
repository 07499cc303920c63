/* What the files of the walk over statements share; for them alone. */
#ifndef PLAYLET_EVAL_EXPRESSION_STATEMENT_H
#define PLAYLET_EVAL_EXPRESSION_STATEMENT_H

#include "eval/expression/evaluation.h"

/** Opens a frame inside the present one; frame_leave goes back to `outer`. */
struct frame_of_names *frame_enter(struct evaluation *evaluation) NODISCARD;
void frame_leave(struct evaluation *evaluation, struct frame_of_names *outer);

/** Binds a value to a target: a name, an attribute of a namespace, a tuple of targets (unpacking). */
bool target_assign_take(struct evaluation *evaluation, const struct expression *target, struct value value, struct error *error);

/** Renders a body into a value of its own, native: null without nodes, one node's value, text of several. */
bool body_capture(struct evaluation *evaluation, const struct body *body, struct value *result, struct error *error);

/** The items of what is iterated or unpacked; what is lazy in a list is left as it is, for it is evaluated when it is read. */
struct list *statement_items(struct evaluation *evaluation, struct value iterable, struct error *error) NODISCARD;

/* statement_loop.c */
bool loop_render(struct evaluation *evaluation, const struct node *node, struct output *output, enum flow *flow, struct error *error);

/* statement_macro.c */
void macro_define(struct evaluation *evaluation, const struct node *node);
bool call_block_render(struct evaluation *evaluation, const struct node *node, struct output *output, struct error *error);

/* statement_inherit.c */
bool extends_note(struct evaluation *evaluation, const struct node *node, struct error *error);
bool block_render(struct evaluation *evaluation, const struct node *node, struct output *output, struct error *error);
/** Renders a template and those that it extends in the frame that is open. */
bool chain_render(struct evaluation *evaluation, struct template *template, struct output *output, struct error *error);

/* statement_include.c */
bool include_render(struct evaluation *evaluation, const struct node *node, struct output *output, struct error *error);
bool import_define(struct evaluation *evaluation, const struct node *node, struct error *error);
bool from_import_define(struct evaluation *evaluation, const struct node *node, struct error *error);
/** The template that an expression names, for {% extends %} and {% import %}. */
struct template *template_named(struct evaluation *evaluation, const struct expression *name, struct error *error);

#endif
