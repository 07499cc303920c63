/*
 * Version numbers of the kinds that the test `version` knows, as keys whose order is the versions' order.
 */
#ifndef PLAYLET_STDLIB_TESTS_VERSION_H
#define PLAYLET_STDLIB_TESTS_VERSION_H

#include "runtime/value/text.h"
#include "runtime/value/value.h"

/** Makes the key (lists of numbers, texts and lists, to be compared by value_order); ERROR_VALUE when it is no version. */
typedef bool version_parse_function(const struct text *text, struct value *key, struct error *error);

/** Anything: numbers and words in turn ("1.2b3"); a number cannot be compared with a word. */
bool version_parse_loose(const struct text *text, struct value *key, struct error *error);

/** N.N[.N][aN|bN] */
bool version_parse_strict(const struct text *text, struct value *key, struct error *error);

/** Semantic Versioning 2.0.0 (semver.org). */
bool version_parse_semantic(const struct text *text, struct value *key, struct error *error);

/** Python's versions (peps.python.org/pep-0440). */
bool version_parse_pep440(const struct text *text, struct value *key, struct error *error);

#endif
