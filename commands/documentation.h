/*
 * The documentation of what a playbook can name, as text: from the rows that the library and the grammar are made of.
 */
#ifndef PLAYLET_COMMANDS_DOCUMENTATION_H
#define PLAYLET_COMMANDS_DOCUMENTATION_H

#include "eval/expression/registry.h"
#include "runtime/value/text.h"

enum documentation_type {
    DOCUMENTATION_FILTER,
    DOCUMENTATION_TEST,
    DOCUMENTATION_LOOKUP,
    DOCUMENTATION_MODULE,
    DOCUMENTATION_KEYWORD,
    DOCUMENTATION_TYPE_COUNT,
};

/** "filter", "test" ... */
const char *documentation_type_name(enum documentation_type type);

/** DOCUMENTATION_TYPE_COUNT: no such type. */
enum documentation_type documentation_type_find(const char *name);

/** Calls visit for each name of a type, in the order of the alphabet: full names where the collection is not Ansible's own. */
void documentation_visit(enum documentation_type type, void (*visit)(void *context, const char *name, const char *line),
                         void *context);

/** Appends what is known about a name; ERROR_NO_PLUGIN with the nearest name when there is none. */
bool documentation_append(struct text_buffer *out, struct registry *registry, enum documentation_type type,
                          const char *name, struct error *error);

#endif
