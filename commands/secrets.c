#include "commands/secrets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/async/capture.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/os/terminal.h"
#include "runtime/value/list.h"

#define DEFAULT_ID "default"
#define PROMPT_SOURCE "prompt"

/* ---- the terminal ---- */

/** A password from the terminal, again where it is a new one.  The caller wipes it. */
static char *ask_password(const char *id, bool is_new, struct error *error)
{
    OWNED question = value_null();
    if (is_new)
        question = value_string_format("New vault password (%s)", id);
    else if (strcmp(id, DEFAULT_ID) == 0)
        question = value_string("Vault password");
    else
        question = value_string_format("Vault password (%s)", id);
    char *first = terminal_ask(value_bytes(question), true);
    if (!first) {
        error_set(error, ERROR_USAGE, "EOFError (ctrl-d) on prompt for (%s)", id);
        return NULL;
    }
    if (!is_new)
        return first;
    OWNED again = value_string_format("Confirm new vault password (%s)", id);
    char *second = terminal_ask(value_bytes(again), true);
    bool agree = second && strcmp(first, second) == 0;
    if (second)
        vault_wipe(second, strlen(second));
    free(second);
    if (agree)
        return first;
    vault_wipe(first, strlen(first));
    free(first);
    error_set(error, ERROR_USAGE, "Passwords do not match");
    return NULL;
}

static bool add_asked(struct vault_keyring *keyring, const char *id, bool is_new, struct error *error)
{
    char *password = ask_password(id, is_new, error);
    if (!password)
        return false;
    bool good = vault_keyring_add(keyring, id, password, strlen(password), error);
    vault_wipe(password, strlen(password));
    free(password);
    return good;
}

bool secrets_ask_new(struct vault_keyring *keyring, struct error *error)
{
    return add_asked(keyring, DEFAULT_ID, true, error);
}

/* ---- files and programs ---- */

/** Is it a program of the kind that is told which identity is meant? */
static bool takes_identity(const char *path)
{
    CLEANUP(memory_cleanup) char *name = memory_copy_string(path_name(path), strlen(path_name(path)));
    char *dot = strrchr(name, '.');
    if (dot)
        *dot = '\0';
    size_t length = strlen(name), ending = strlen("-client");
    return length >= ending && strcmp(name + length - ending, "-client") == 0;
}

/** What a program prints. */
static bool run_program(const char *path, const char *id, struct text_buffer *out, struct error *error)
{
    char *const alone[] = {(char *)path, NULL};
    char *const with_id[] = {(char *)path, "--vault-id", (char *)id, NULL};
    int status;
    if (!capture_program(takes_identity(path) ? with_id : alone, NULL, out, &status, error))
        return error_wrap(error,
                          "Problem running vault password script %s. If this is not a script, remove the "
                          "executable bit from the file.",
                          path);
    return status == 0 ||
           error_set(error, ERROR_FILE, "Vault password script %s returned non-zero (%d): None", path, status);
}

/** A password file's content, or what the program of that name prints. */
static bool read_password(const char *path, const char *id, struct text_buffer *out, struct error *error)
{
    if (!file_exists(path))
        return error_set(error, ERROR_FILE, "The vault password file %s was not found", path);
    if (file_is_directory(path))
        return error_set(error, ERROR_FILE, "The vault password file provided '%s' can not be a directory", path);
    if (access(path, X_OK) == 0)
        return run_program(path, id, out, error);
    char *bytes;
    size_t length;
    if (!file_read(path, &bytes, &length, error))
        return false;
    text_buffer_append(out, bytes, length);
    vault_wipe(bytes, length);
    free(bytes);
    return true;
}

static bool add_file(struct vault_keyring *keyring, const char *id, const char *name, struct error *error)
{
    CLEANUP(memory_cleanup) char *expanded = path_expand_user(name);
    CLEANUP(memory_cleanup) char *path = path_absolute(expanded);
    CLEANUP(vault_wipe_buffer) struct text_buffer content = {0};
    if (!read_password(path, id, &content, error))
        return false;
    if (vault_keyring_add(keyring, id, text_buffer_bytes(&content), content.length, error))
        return true;
    error_done(error);
    return error_set(error, ERROR_FILE, "Invalid vault password was provided from file (%s)", path);
}

bool secrets_add(struct vault_keyring *keyring, const char *word, bool is_new, struct error *error)
{
    const char *at = strchr(word, '@');
    CLEANUP(memory_cleanup) char *id = at ? memory_copy_string(word, (size_t)(at - word)) : NULL;
    const char *name = at ? at + 1 : word;
    const char *shown = id && *id ? id : DEFAULT_ID;
    bool asks = strcmp(name, PROMPT_SOURCE) == 0 || strcmp(name, "prompt_ask_vault_pass") == 0;
    return asks ? add_asked(keyring, shown, is_new, error) : add_file(keyring, shown, name, error);
}

/* ---- all that is named ---- */

static bool add_words(struct vault_keyring *keyring, const struct command_words *words, struct error *error)
{
    for (size_t i = 0; i < words->count; i++)
        if (!secrets_add(keyring, words->words[i], false, error))
            return false;
    return true;
}

bool secrets_load(struct vault_keyring *keyring, const struct command_line *line, const struct settings *settings,
                  struct error *error)
{
    const char *file = settings_text(settings, SETTING_DEFAULT_VAULT_PASSWORD_FILE);
    const struct list *ids = settings_value(settings, SETTING_DEFAULT_VAULT_IDENTITY_LIST).as.list;
    const struct command_words *files = &line->options[COMMAND_VAULT_PASSWORD];
    for (size_t i = 0; i < ids->count; i++)
        if (!secrets_add(keyring, value_bytes(ids->items[i]), false, error))
            return false;
    if (!add_words(keyring, &line->options[COMMAND_VAULT_ID], error) || !add_words(keyring, files, error))
        return false;
    if (files->count == 0 && file && !add_file(keyring, DEFAULT_ID, file, error))
        return false;
    bool asks = command_line_has(line, COMMAND_ASK_VAULT) || settings_flag(settings, SETTING_DEFAULT_ASK_VAULT_PASS);
    return !asks || add_asked(keyring, DEFAULT_ID, false, error);
}
