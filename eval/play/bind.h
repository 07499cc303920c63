/*
 * Arguments of modules: templated values to what the module's option rows ask for.  One binder for all modules.
 */
#ifndef PLAYLET_EVAL_PLAY_BIND_H
#define PLAYLET_EVAL_PLAY_BIND_H

#include "eval/plugin.h"

/**
 * A new dict with every option of `module` under its own name (aliases resolved, types converted, defaults filled in; null where nothing
 * was given), plus unknown names for MODULE_ANY_ARGUMENTS.  ERROR_MODULE with the reference's wording: "missing required arguments: path",
 * "value of state must be one of: a, b, got: c", "Unsupported parameters for (debug) module: mgs. Supported parameters include: msg, var, verbosity." with a suggestion.
 */
bool arguments_bind(const struct module *module, const struct dict *given, struct dict **bound, struct error *error);

/** One conversion, as the binder does it. */
bool option_convert(enum option_type type, struct value given, struct value *result, struct error *error);

#endif
