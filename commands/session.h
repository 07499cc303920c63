/*
 * What the commands have in common that work with settings and an inventory: the command line, ansible.cfg, passwords of vaults, extra
 * variables, the library's registry, the inventory.
 *
 * A session starts as {0}, is opened step by step and ends with session_done, whatever was reached.  It owns all that is in it.
 */
#ifndef PLAYLET_COMMANDS_SESSION_H
#define PLAYLET_COMMANDS_SESSION_H

#include "eval/play/run.h"
#include "parser/command_line.h"
#include "parser/settings.h"
#include "runtime/os/vault_keyring.h"

enum { STATUS_USAGE = 2, STATUS_OPTIONS = 5 };

struct session {
    const char *program; /* as its usage names it; borrowed */
    struct command_line line;
    struct settings *settings;
    struct vault_keyring *keyring;
    struct dict *extra_variables;
    struct registry *registry;
    struct inventory *inventory;
    const char *const *sources; /* of the inventory, NULL-terminated; the array is owned, the words are borrowed */
    char **tags, **skip_tags;   /* NULL-terminated, owned with their words; NULL: none given */
};

/** Parses the command line and answers --help and --version and what is wrong with it; false with the exit status when that is all. */
bool session_parse(struct session *session, const struct command_syntax *syntax, int argc, char **argv, int *status);

/** Settings, passwords, extra variables, the registry.  At -v it says which configuration file there is. */
bool session_open(struct session *session, struct error *error);

/** The sources of -i, else of the settings. */
bool session_load_inventory(struct session *session, struct error *error);

/** Warns where only the implicit localhost is there; an error where --limit leaves no host. */
bool session_check_hosts(struct session *session, struct error *error);

/** Settings of a run and of its callback, from the command line and the settings.  They borrow from the session. */
bool session_run_settings(struct session *session, struct run_settings *run, struct callback_settings *callback,
                          struct error *error);

/** "usage: ..." and what is wrong, to standard error; returns the exit status. */
int session_usage_error(const struct session *session, const struct command_syntax *syntax, const struct error *error);

/** Reports the error, if any, and turns a status that says no more than that into the one of its kind. */
int session_end(struct session *session, int status, const struct error *error);

void session_done(struct session *session);

/** Tells the person of a warning; for callbacks that want one. */
void session_warn(void *context, const char *message);

#endif
