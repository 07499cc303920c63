/*
 * From the pairs of a YAML mapping, as they stand in the file, to those it means: merge keys (yaml.org/type/merge)
 * resolved, duplicates united with a warning.
 */
#ifndef PLAYLET_PARSER_YAML_MAPPING_H
#define PLAYLET_PARSER_YAML_MAPPING_H

#include "parser/yaml.h"

/** Children of the collections that are being read. */
struct node_stack {
    struct yaml_node **nodes;
    size_t count, capacity;
};

void node_stack_push(struct node_stack *stack, struct yaml_node *node);

struct mapping_reader {
    struct source *source;
    struct arena *arena;
    struct node_stack *stack;
    struct yaml_warning **last_warning; /* where the next warning goes; NULL: nobody asks */
    struct error *error;
};

/** Resolves the pairs on the stack from `base` on, in place. */
bool yaml_mapping_resolve(struct mapping_reader *reader, size_t base);

#endif
