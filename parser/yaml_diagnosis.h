/*
 * From libyaml's complaint to a message that says what to do: the usual causes are recognised on the line.
 */
#ifndef PLAYLET_PARSER_YAML_DIAGNOSIS_H
#define PLAYLET_PARSER_YAML_DIAGNOSIS_H

#include "runtime/source/error.h"

/** What the reader of YAML objects to; offsets in bytes. */
struct yaml_problem {
    const char *context;     /* "while parsing a block mapping", or NULL */
    uint32_t context_offset; /* where that began */
    const char *problem;     /* "did not find expected key" */
    uint32_t offset;
};

/** Fills the error: "YAML parsing failed: ...", its place, the way out.  Returns false. */
bool yaml_diagnose(struct source *source, const struct yaml_problem *problem, struct error *error);

#endif
