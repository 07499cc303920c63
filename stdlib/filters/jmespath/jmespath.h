/*
 * JMESPath, the query language of json_query (jmespath.org/specification.html), with the results and the leniences of the
 * Python implementation, which json_query uses.
 */
#ifndef PLAYLET_STDLIB_FILTERS_JMESPATH_H
#define PLAYLET_STDLIB_FILTERS_JMESPATH_H

#include "eval/plugin.h"

struct jmespath;

/** Compiles an expression.  ERROR_VALUE with the position in the expression. */
struct jmespath *jmespath_compile(const char *text, size_t length, struct error *error) NODISCARD;
void jmespath_free(struct jmespath *expression); /* NULL is allowed */

/** Evaluates over `data`, which may hold templates (only what the expression asks for is evaluated) and mappings that are
 *  objects (hostvars); so may the result.  ERROR_TYPE or ERROR_VALUE when a function does not like its arguments. */
bool jmespath_search(const struct jmespath *expression, struct evaluation *evaluation, struct value data,
                     struct value *result, struct error *error);

#endif
