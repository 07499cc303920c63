/* What is found out about a template once, when it is compiled.  Internal to eval/expression. */
#ifndef PLAYLET_EVAL_EXPRESSION_PREPARE_H
#define PLAYLET_EVAL_EXPRESSION_PREPARE_H

#include "eval/expression/registry.h"
#include "parser/template.h"

/**
 * Fills what the tree reserves for eval: the plugins that filters and tests name, `changes_values`, and the slots of names
 * (LOCAL_...).  ERROR_NO_PLUGIN, placed, where a filter or test does not exist.
 */
bool template_prepare(struct registry *registry, struct template *template, struct error *error);

/** "No filter named 'x'." with the nearest name.  Returns false. */
bool plugin_missing(struct registry *registry, enum function_kind kind, const struct text *name, struct error *error);

/**
 * The slot of a name in a tree.  A name that the template binds at one place at most is found again where it was found before,
 * as many frames out and at the same index; one that several places bind is looked for each time.
 */
enum local_slot {
    LOCAL_SOUGHT,       /* looked for each time */
    LOCAL_UNKNOWN,      /* not found yet */
    LOCAL_FOUND,        /* and up: LOCAL_FOUND + frames << LOCAL_INDEX_BITS + index */
    LOCAL_INDEX_BITS = 16,
};

#endif
