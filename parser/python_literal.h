/*
 * Python literals as ast.literal_eval reads them: the values of INI inventories.
 */
#ifndef PLAYLET_PARSER_PYTHON_LITERAL_H
#define PLAYLET_PARSER_PYTHON_LITERAL_H

#include "runtime/value/value.h"

/** False, without an error, when the text is no literal (a bare word, an expression). */
bool python_literal_parse(const char *bytes, size_t length, struct value *result);

#endif
