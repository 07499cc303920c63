/* The filters and tests that a template names.  Internal to eval/expression. */
#ifndef PLAYLET_EVAL_EXPRESSION_PLUGIN_NAMES_H
#define PLAYLET_EVAL_EXPRESSION_PLUGIN_NAMES_H

#include "eval/expression/registry.h"
#include "parser/template.h"

/** Fills the resolution slots of a template's filters and tests, and `changes_values`; ERROR_NO_PLUGIN, placed, where one does not exist. */
bool plugin_names_resolve(struct registry *registry, struct template *template, struct error *error);

/** "No filter named 'x'." with the nearest name.  Returns false. */
bool plugin_missing(struct registry *registry, enum function_kind kind, const struct text *name, struct error *error);

#endif
