/*
 * Free-form arguments: `copy: src=a dest="b c"`, `command: echo hi chdir=/tmp`.
 * Words are split as in the reference: quotes and {{ }} / {% %} / {# #} hold together what is inside them.
 */
#ifndef PLAYLET_PARSER_ARGUMENTS_H
#define PLAYLET_PARSER_ARGUMENTS_H

#include "runtime/value/value.h"

/**
 * Splits `text` (a string) into key=value pairs, a dict of strings, trusted when the text is and with spans.  Words that are
 * no pair stay together, spacing and quotes kept, under "_raw_params"; whether a module takes them is its own affair.
 * Where `raw` is true (command, shell, script ...) only `known` keys (NULL-terminated, may be NULL) make a pair.
 * ERROR_PARSE where quotes or template brackets do not close.
 */
bool arguments_parse(struct value text, bool raw, const char *const *known, struct dict **result, struct error *error);

/** Splits a command into words as Python's shlex.split (POSIX) does: ERROR_VALUE "No closing quotation". */
bool words_split(const char *bytes, size_t length, struct list **words, struct error *error);

#endif
