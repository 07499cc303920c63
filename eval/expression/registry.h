/*
 * The registry: every plugin by name, short or full.
 *
 * Made once a run from stdlib's tables (struct library).  A plugin's signature is parsed when it is first asked for.
 * "ansible.builtin.x", "ansible.legacy.x" and "x" are one; names of other collections are found by their full name, and by
 * the short one when no builtin has it.
 */
#ifndef PLAYLET_EVAL_EXPRESSION_REGISTRY_H
#define PLAYLET_EVAL_EXPRESSION_REGISTRY_H

#include "eval/plugin.h"

struct registry;
struct signature;       /* signature.h */

struct plugin {
    const struct function *function;
    const char *collection;         /* "ansible.builtin" ...; NULL for globals and methods */
    struct signature *signature;    /* NULL until registry_signature asked for it */
};

struct registry *registry_new(const struct library *library) NODISCARD;
void registry_free(struct registry *registry);

/** NULL: none of that name. */
struct plugin *registry_find(struct registry *registry, enum function_kind kind, const char *name, size_t length);

/** Might a type have a method of this name?  False is certain and costs little, since attributes are mostly no methods. */
bool registry_may_have_method(const struct registry *registry, struct text *name);

/** The parsed parameter list; parsed now when it was not. */
const struct signature *registry_signature(struct plugin *plugin);

const struct module *registry_find_module(struct registry *registry, const char *name, size_t length);
/** "ansible.builtin.command": the full name of a module of this registry. Borrowed. */
const char *registry_module_full_name(struct registry *registry, const struct module *module);

/** Offers every name of a kind / every module to a suggestion. */
void registry_offer(struct registry *registry, enum function_kind kind, struct suggestion *suggestion);
void registry_offer_modules(struct registry *registry, struct suggestion *suggestion);

const struct library *registry_library(const struct registry *registry);

#endif
