/*
 * Extra variables: the values of -e, as words `key=value`, YAML or JSON in braces, or @FILE.
 * All of them are trusted: they come from whoever starts the program.
 */
#ifndef PLAYLET_PARSER_EXTRA_VARIABLES_H
#define PLAYLET_PARSER_EXTRA_VARIABLES_H

#include "runtime/value/dict.h"

/** Adds what one -e says to `variables`; later ones win.  ERROR_USAGE with the reference's sentence, ERROR_FILE or
 *  ERROR_PARSE of a file, which is decrypted with `keyring` (NULL: none) where it is a vault. */
bool extra_variables_add(struct dict *variables, const char *word, const struct vault_keyring *keyring, struct error *error);

#endif
