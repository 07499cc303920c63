/*
 * What `playlet eval` and its prompt do with one template: evaluate it, and print the value in a form.
 */
#ifndef PLAYLET_COMMANDS_EVAL_VALUE_H
#define PLAYLET_COMMANDS_EVAL_VALUE_H

#include "eval/expression/engine.h"

enum eval_form {
    EVAL_TEXT, /* strings as they are, the rest as JSON */
    EVAL_JSON,
    EVAL_YAML,
    EVAL_FORM_COUNT,
};

/** EVAL_FORM_COUNT: no such form. */
enum eval_form eval_form_find(const char *name);

/** A trusted template of the command line, with places for its errors. */
struct value eval_template(const char *text) NODISCARD;

/** Evaluates a template under these variables. */
bool eval_text(struct engine *engine, const struct dict *variables, const char *text, struct value *result,
               struct error *error);

/** Prints a value to standard output. */
bool eval_print(struct value value, enum eval_form form, struct error *error);

#endif
