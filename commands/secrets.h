/*
 * The passwords of vaults: from files, programs and the terminal into a keyring.
 */
#ifndef PLAYLET_COMMANDS_SECRETS_H
#define PLAYLET_COMMANDS_SECRETS_H

#include "parser/command_line.h"
#include "parser/settings.h"
#include "runtime/os/vault_keyring.h"

/** Adds what --vault-id, --vault-password-file, -J and the settings name.  Errors in the reference's words. */
bool secrets_load(struct vault_keyring *keyring, const struct command_line *line, const struct settings *settings,
                  struct error *error);

/** Adds the password of "ID@SOURCE" or "SOURCE" (of the identity "default" then): a file, a program, "prompt". */
bool secrets_add(struct vault_keyring *keyring, const char *word, bool is_new, struct error *error);

/** Asks for a new password, twice, and adds it under "default". */
bool secrets_ask_new(struct vault_keyring *keyring, struct error *error);

#endif
