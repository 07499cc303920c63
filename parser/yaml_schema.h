/*
 * The schema of plain YAML scalars: which text is a number, a truth value, nothing ... as YAML 1.1 has it
 * (yaml.org/type, in PyYAML's reading: floats need a dot, exponents a sign; sexagesimal numbers).
 */
#ifndef PLAYLET_PARSER_YAML_SCHEMA_H
#define PLAYLET_PARSER_YAML_SCHEMA_H

#include "runtime/value/value.h"

enum yaml_class {
    YAML_CLASS_STRING,
    YAML_CLASS_NULL,
    YAML_CLASS_BOOL,
    YAML_CLASS_INT,
    YAML_CLASS_FLOAT,
    YAML_CLASS_TIMESTAMP,
    YAML_CLASS_MERGE, /* << */
    YAML_CLASS_VALUE, /* = */
};

/** What the text of a plain scalar is. */
enum yaml_class yaml_classify(const char *bytes, size_t length);

/** The value of a text of that class; a string (untrusted) for STRING, MERGE and VALUE.  TIMESTAMP: see below. */
struct value yaml_resolve(enum yaml_class class, const char *bytes, size_t length) NODISCARD;

/** The date or datetime of a text of the class TIMESTAMP; ERROR_VALUE as Python's ("month must be in 1..12"). */
bool yaml_resolve_timestamp(const char *bytes, size_t length, struct value *result, struct error *error);

#endif
