/*
 * The expression engine: evaluates templates, conditions and values under a scope.  Synchronous.
 *
 * One engine a run.  It holds the registry, the compiled templates (each text is parsed once for the life of the run) and
 * settings.  The reference for every result, type and message is ansible-core 2.19.
 */
#ifndef PLAYLET_EVAL_EXPRESSION_ENGINE_H
#define PLAYLET_EVAL_EXPRESSION_ENGINE_H

#include "eval/expression/registry.h"
#include "eval/expression/scope.h"
#include "parser/template.h"

struct engine;

struct engine_settings {
    const struct clock *clock;              /* borrowed; NULL: the system's time */
    const struct vault_keyring *keyring;    /* borrowed; of encrypted files that lookups and modules read; NULL: none */
    const struct settings *settings;        /* borrowed; for who asks for them by name; NULL: their defaults */
    bool allow_broken_conditionals;         /* 2.19's ALLOW_BROKEN_CONDITIONALS */
};

struct engine *engine_new(struct registry *registry, const struct engine_settings *settings) NODISCARD;
void engine_free(struct engine *engine);
struct registry *engine_registry(struct engine *engine);

/** Where lookups and template files look, in that order: a borrowed NULL-terminated list of folders, replacing the one before. */
void engine_set_search_path(struct engine *engine, const char *const *folders);

/**
 * The value of a template in native types: the type of a single expression, text otherwise.  A string that is not lazy is
 * the value itself; other kinds are resolved deeply.  Undefined inside is the error; omit alone is ERROR_OMIT; items and keys that are omit go.
 * This is how arguments of modules, variables and loops are evaluated.
 */
bool engine_evaluate(struct engine *engine, struct scope *scope, struct value value, struct value *result, struct error *error);

/** The same, but an omit at the top is returned as VALUE_OMIT and an undefined result as VALUE_UNDEFINED (no error). */
bool engine_evaluate_loosely(struct engine *engine, struct scope *scope, struct value value, struct value *result, struct error *error);

/** The value of a template as it is, with what is inside it not evaluated and trusted where it was: a list of conditions. */
bool engine_evaluate_container(struct engine *engine, struct scope *scope, struct value value, struct value *result, struct error *error);

/** Fills the error of an undefined value that engine_evaluate_loosely gave, with the nearest name that there is.  Returns false. */
bool engine_blame_undefined(struct engine *engine, struct scope *scope, struct value undefined, struct error *error);

/** A condition (`when`, `until`, `failed_when`, assert's `that`): a trusted string, a boolean.  Error messages as 2.19's
 *  ("Conditional result (True) was derived from value of type 'int' ..."), without the leading "Error while evaluating conditional: ". */
bool engine_condition(struct engine *engine, struct scope *scope, struct value condition, bool *result, struct error *error);

/** A lookup to call: `with_NAME` of a task. */
struct engine_lookup {
    const char *name;
    struct value terms;         /* a list, evaluated */
    const char *folder;         /* of the task's kind of files: "files", "templates" or "vars"; the option _subdir */
};

/** Calls a lookup for a list. */
bool engine_lookup(struct engine *engine, struct scope *scope, const struct engine_lookup *lookup, struct value *result,
                   struct error *error);

/** An evaluation for a module that needs one (MODULE_ACTION); ends with engine_evaluation_free. */
struct evaluation *engine_evaluation_new(struct engine *engine, struct scope *scope) NODISCARD;
void engine_evaluation_free(struct evaluation *evaluation);

/** Python-like conversion used for keywords and arguments: "yes", "on", "1", 1, true ...; ERROR_TYPE "The value 'maybe' could not be converted to 'bool'." */
bool value_to_bool(struct value value, bool *result, struct error *error);

#endif
