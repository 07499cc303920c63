/* Expressions as text, for template_print.  Internal to parser/. */
#ifndef PLAYLET_PARSER_TEMPLATE_PRINT_H
#define PLAYLET_PARSER_TEMPLATE_PRINT_H

#include "parser/template.h"

/**
 * Appends an expression in parenthesised prefix form, on one line:
 *
 *     (+ a 1)  (- a)  (not a)  (~ a b)  (and a b)  (< a b)  (< a <= b not in c)  (if condition then else)
 *     [a, b]  (tuple a b)  {k: v}  (. a name)  (item a key)  (slice 1 _ _)
 *     (call f a key=b *c **d)  (| operand filter arguments)  (is operand test arguments)  (is-not ...)
 *
 * `_` stands for what was left out: a slice's part, the operand of {% filter %}.
 */
void expression_print(struct text_buffer *out, const struct expression *expression);

#endif
