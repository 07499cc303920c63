/*
 * The scope: the variables that an evaluation sees, as layers that are never merged.
 *
 * A layer is a borrowed dict (or a provider that computes names on demand) and a pointer to the next outer layer; a scope
 * is the innermost layer plus the memory of what was evaluated.  Laziness lives here: a variable's templates are evaluated when
 * the variable is read, and remembered until something it could depend on changes.
 *
 * Whoever builds a scope (eval/play/variables.c, `playlet eval`) owns layers and dicts and keeps them alive; after changing
 * one in place, it calls scope_changed.
 */
#ifndef PLAYLET_EVAL_EXPRESSION_SCOPE_H
#define PLAYLET_EVAL_EXPRESSION_SCOPE_H

#include "runtime/value/dict.h"

struct layer {
    const struct dict *variables;       /* borrowed; NULL when there is a provider alone */
    /** Computes a name that `variables` does not have: true with an owned *value when there is one. */
    bool (*provide)(const struct layer *layer, struct text *name, struct value *value);
    /** Lists the names that `provide` knows (for `vars`, suggestions). NULL: none. */
    void (*list)(const struct layer *layer, void (*visit)(void *context, const char *name), void *context);
    const struct layer *outer;
    bool changes_by_item;               /* holds the loop variables: scope_item_changed concerns it alone */
    void *owner;
};

struct scope {
    const struct layer *innermost;
    bool merges_dicts;                  /* a dict joins those of the same name in outer layers */
    struct dict *remembered;            /* name -> evaluated value, of variables that are lazy */
    struct dict *remembered_items;      /* the same for those that read a layer that changes by item */
    struct dict *in_progress;           /* names being evaluated, innermost last: finds rings */
    bool touched_item;                  /* a read since the flag was cleared came from such a layer */
    bool touched_impure;                /* ... or called an impure function */
};

void scope_init(struct scope *scope, const struct layer *innermost);
void scope_done(struct scope *scope);

/** Something in a layer changed, or the layers themselves: forget what was remembered. */
void scope_changed(struct scope *scope);

/** Only the loop variables changed (the same names as before with other values). */
void scope_item_changed(struct scope *scope);

/** The raw value (not evaluated), the caller's; false when no layer has the name.  `*layer` (may be NULL) is where. */
bool scope_find(struct scope *scope, struct text *name, struct value *value, const struct layer **layer);

/** All variables, raw, the innermost of each name: a new dict (for `vars`, include contexts, debugging). */
struct dict *scope_flatten(struct scope *scope) NODISCARD;

/** Offers every visible name to a suggestion. */
struct suggestion;
void scope_offer(struct scope *scope, struct suggestion *suggestion);

#endif
