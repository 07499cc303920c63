/* `playlet vault ACTION` and `ansible-vault`: texts and files into vaults and out of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/report.h"
#include "commands/secrets.h"
#include "commands/session.h"
#include "runtime/async/spawn.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/os/terminal.h"
#include "runtime/os/vault_keyring.h"

static const char *const operands[] = {"ACTION", "[FILE ...]", NULL};
static const struct command_syntax syntax = {
    .command = FOR_VAULT,
    .operands = operands,
    .description = "Encrypts and decrypts files and texts.  ACTION is one of: create, decrypt, edit, encrypt, "
                   "encrypt_string, rekey, view.",
};

enum { FILE_MODE = 0600, WRAPPED_INDENT = 10 };

/** The action under way. */
struct vaulting {
    struct session *session;
    struct vault_secret secret; /* to encrypt with */
    const char *id;             /* NULL: the format without one */
    struct error *error;
};

/* ---- what to encrypt with ---- */

/** Chooses the password: the only one, or the one that --encrypt-vault-id names. */
static bool choose_secret(struct vaulting *vaulting, const struct vault_keyring *keyring, const char *wanted)
{
    const char *found;
    if (!vault_keyring_find(keyring, wanted, &vaulting->secret, &found))
        return error_set(vaulting->error, ERROR_USAGE,
                         wanted ? "Did not find a match for --encrypt-vault-id=%s in the known vault-ids"
                                : "A vault password is required to use Ansible's Vault%s",
                         wanted ? wanted : "");
    if (!wanted && !vault_keyring_is_single(keyring)) {
        CLEANUP(text_buffer_done) struct text_buffer ids = {0};
        vault_keyring_append_ids(keyring, &ids);
        return error_set(vaulting->error, ERROR_USAGE,
                         "The vault-ids %s are available to encrypt. Specify the vault-id to encrypt with "
                         "--encrypt-vault-id",
                         text_buffer_bytes(&ids));
    }
    vaulting->id = strcmp(found, "default") == 0 ? NULL : found;
    return true;
}

static bool prepare_encryption(struct vaulting *vaulting)
{
    struct session *session = vaulting->session;
    const char *wanted = command_line_last(&session->line, COMMAND_ENCRYPT_VAULT_ID);
    if (!wanted)
        wanted = settings_text(session->settings, SETTING_DEFAULT_VAULT_ENCRYPT_IDENTITY);
    if (vault_keyring_count(session->keyring) == 0 && !secrets_ask_new(session->keyring, vaulting->error))
        return false;
    return choose_secret(vaulting, session->keyring, wanted);
}

/** There must be a password to decrypt with; asked for when none was given. */
static bool prepare_decryption(struct vaulting *vaulting)
{
    struct vault_keyring *keyring = vaulting->session->keyring;
    return vault_keyring_count(keyring) > 0 || secrets_add(keyring, "prompt", false, vaulting->error);
}

static bool encrypt(const struct vaulting *vaulting, struct text_buffer *out, const char *bytes, size_t length)
{
    const char *salt = settings_text(vaulting->session->settings, SETTING_VAULT_ENCRYPT_SALT);
    return vault_encrypt(out, bytes, length, vaulting->secret, salt, salt ? strlen(salt) : 0, vaulting->id,
                         vaulting->error);
}

/* ---- files ---- */

/** All of standard input for "-", else the file. */
static bool read_input(const struct vaulting *vaulting, const char *name, struct text_buffer *out)
{
    if (strcmp(name, "-") == 0) {
        for (int byte; (byte = getchar()) != EOF;)
            text_buffer_append_char(out, (char)byte);
        return true;
    }
    char *bytes;
    size_t length;
    CLEANUP(memory_cleanup) char *path = path_absolute(name);
    OWNED_ERROR reason = {0};
    if (!file_read(path, &bytes, &length, &reason))
        return error_set(vaulting->error, ERROR_FILE, "Unable to read source file (%s): %s", path, reason.message);
    text_buffer_append(out, bytes, length);
    vault_wipe(bytes, length);
    free(bytes);
    return true;
}

/** To standard output for "-", else over the file, which keeps its mode. */
static bool write_output(const struct vaulting *vaulting, const char *name, const struct text_buffer *content)
{
    struct stat status;
    if (strcmp(name, "-") == 0) {
        fwrite(text_buffer_bytes(content), 1, content->length, stdout);
        return true;
    }
    mode_t mode = stat(name, &status) == 0 ? status.st_mode & 0777 : FILE_MODE;
    return file_write_atomic(name, text_buffer_bytes(content), content->length, mode, vaulting->error);
}

/** Decrypts a file's content, naming the file where that fails. */
static bool decrypt_file(const struct vaulting *vaulting, const char *name, struct text_buffer *plain)
{
    CLEANUP(text_buffer_done) struct text_buffer content = {0};
    CLEANUP(memory_cleanup) char *path = strcmp(name, "-") ? path_absolute(name) : memory_copy_string("-", 1);
    OWNED_ERROR reason = {0};
    if (!read_input(vaulting, name, &content))
        return false;
    if (!vault_is_encrypted(text_buffer_bytes(&content), content.length))
        return error_set(vaulting->error, ERROR_VALUE, "Input is not vault encrypted data. for %s", name);
    if (vault_keyring_decrypt(vaulting->session->keyring, plain, text_buffer_bytes(&content), content.length, &reason))
        return true;
    return error_set(vaulting->error, ERROR_VALUE, "%s for %s", reason.message, path);
}

static bool is_there(const struct vaulting *vaulting, const char *name)
{
    return file_exists(name) || error_set(vaulting->error, ERROR_FILE, "%s does not exist", name);
}

/* ---- the actions ---- */

static const char *output_name(const struct vaulting *vaulting, const char *input)
{
    const char *output = command_line_last(&vaulting->session->line, COMMAND_OUTPUT);
    return output ? output : input;
}

static bool encrypt_file(struct vaulting *vaulting, const char *name)
{
    CLEANUP(vault_wipe_buffer) struct text_buffer plain = {0};
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (!read_input(vaulting, name, &plain))
        return false;
    if (vault_is_encrypted(text_buffer_bytes(&plain), plain.length))
        return error_set(vaulting->error, ERROR_VALUE, "input is already encrypted");
    if (!encrypt(vaulting, &out, text_buffer_bytes(&plain), plain.length) ||
        !write_output(vaulting, output_name(vaulting, name), &out))
        return false;
    if (isatty(STDOUT_FILENO))
        fputs("Encryption successful\n", stderr);
    return true;
}

static bool decrypt_to_output(struct vaulting *vaulting, const char *name)
{
    CLEANUP(vault_wipe_buffer) struct text_buffer plain = {0};
    if (!decrypt_file(vaulting, name, &plain) || !write_output(vaulting, output_name(vaulting, name), &plain))
        return false;
    if (isatty(STDOUT_FILENO))
        fputs("Decryption successful\n", stderr);
    return true;
}

static bool view_file(struct vaulting *vaulting, const char *name)
{
    CLEANUP(vault_wipe_buffer) struct text_buffer plain = {0};
    return decrypt_file(vaulting, name, &plain) && write_output(vaulting, "-", &plain);
}

static bool rekey_file(struct vaulting *vaulting, const char *name)
{
    CLEANUP(vault_wipe_buffer) struct text_buffer plain = {0};
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    return decrypt_file(vaulting, name, &plain) && encrypt(vaulting, &out, text_buffer_bytes(&plain), plain.length) &&
           write_output(vaulting, name, &out);
}

/** Runs $EDITOR on a file. */
static bool run_editor(const struct vaulting *vaulting, const char *path)
{
    const char *editor = getenv("EDITOR");
    CLEANUP(text_buffer_done) struct text_buffer command = {0};
    text_buffer_append_format(&command, "%s \"$0\"", editor && *editor ? editor : "vi");
    char *const argv[] = {"/bin/sh", "-c", (char *)text_buffer_bytes(&command), (char *)path, NULL};
    const struct spawn_spec spec = {.argv = argv,
                                    .descriptors = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, SPAWN_NONE}};
    int number, status = 0;
    pid_t child = spawn_child(&spec, &number, vaulting->error);
    if (child < 0)
        return false;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return status == 0 ||
           error_set(vaulting->error, ERROR_OTHER, "Unable to execute the command '%s': it ended with %d",
                     editor && *editor ? editor : "vi", WEXITSTATUS(status));
}

/** Overwrites a file's bytes and removes it. */
static void shred(const char *path, size_t length)
{
    FILE *file = fopen(path, "r+");
    for (size_t i = 0; file && i < length; i++)
        fputc(0, file);
    if (file)
        fclose(file);
    unlink(path);
}

/** Lets the person edit a text in a file that only they can read; then encrypts it over `name` if it changed. */
static bool edit_text(struct vaulting *vaulting, const char *name, const struct text_buffer *plain, bool is_new)
{
    const char *folder = getenv("TMPDIR");
    CLEANUP(text_buffer_done) struct text_buffer pattern = {0};
    CLEANUP(vault_wipe_buffer) struct text_buffer edited = {0};
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    text_buffer_append_format(&pattern, "%s/playlet-vault-XXXXXX", folder && *folder ? folder : "/tmp");
    CLEANUP(memory_cleanup) char *path = memory_copy_string(text_buffer_bytes(&pattern), pattern.length);
    int descriptor = mkstemp(path);
    if (descriptor < 0)
        return error_set(vaulting->error, ERROR_FILE, "cannot make a file like %s: %s", path, strerror(errno));
    bool good = write(descriptor, text_buffer_bytes(plain), plain->length) == (ssize_t)plain->length;
    close(descriptor);
    good = good && run_editor(vaulting, path) && read_input(vaulting, path, &edited);
    shred(path, edited.length > plain->length ? edited.length : plain->length);
    if (!good)
        return vaulting->error->kind != ERROR_NONE ? false
                                                   : error_set(vaulting->error, ERROR_FILE, "cannot write %s", path);
    bool is_same = edited.length == plain->length &&
                   memcmp(text_buffer_bytes(&edited), text_buffer_bytes(plain), plain->length) == 0;
    return (is_same && !is_new) ||
           (encrypt(vaulting, &out, text_buffer_bytes(&edited), edited.length) && write_output(vaulting, name, &out));
}

static bool edit_file(struct vaulting *vaulting, const char *name)
{
    CLEANUP(vault_wipe_buffer) struct text_buffer plain = {0};
    return is_there(vaulting, name) && decrypt_file(vaulting, name, &plain) && edit_text(vaulting, name, &plain, false);
}

static bool create_file(struct vaulting *vaulting, const char *name)
{
    struct text_buffer nothing = {0};
    if (file_exists(name))
        return error_set(vaulting->error, ERROR_FILE, "%s exists, please use 'edit' instead", name);
    return edit_text(vaulting, name, &nothing, true);
}

/* ---- encrypt_string ---- */

/** "name: !vault |" and the vault's lines, indented; without a name "!vault |". */
static bool print_string(struct vaulting *vaulting, const char *name, const char *bytes, size_t length)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (!encrypt(vaulting, &out, bytes, length))
        return false;
    if (name)
        printf("%s: ", name);
    printf("!vault |\n");
    for (const char *at = text_buffer_bytes(&out); *at; at += strcspn(at, "\n") + 1)
        printf("%*s%.*s\n", WRAPPED_INDENT, "", (int)strcspn(at, "\n"), at);
    return true;
}

/** What standard input holds, or the answer to a question. */
static bool encrypt_asked(struct vaulting *vaulting, const char *name)
{
    CLEANUP(vault_wipe_buffer) struct text_buffer plain = {0};
    if (command_line_has(&vaulting->session->line, COMMAND_PROMPT)) {
        char *answer = terminal_ask("String to encrypt", true);
        if (answer) {
            text_buffer_append_string(&plain, answer);
            vault_wipe(answer, strlen(answer));
            free(answer);
        }
    } else {
        if (isatty(STDIN_FILENO))
            fputs("Reading plaintext input from stdin. (ctrl-d to end input, twice if your content does not already "
                  "have a "
                  "newline)\n",
                  stderr);
        read_input(vaulting, "-", &plain);
    }
    return print_string(vaulting, name, text_buffer_bytes(&plain), plain.length);
}

static bool encrypt_strings(struct vaulting *vaulting, char *const *words)
{
    const struct command_line *line = &vaulting->session->line;
    const struct command_words *names = &line->options[COMMAND_NAME];
    const char *input_name = command_line_last(line, COMMAND_STDIN_NAME);
    size_t given = 0;
    bool reads = input_name || command_line_has(line, COMMAND_PROMPT) || !*words;
    if (reads && !encrypt_asked(vaulting, input_name ? input_name : command_line_last(line, COMMAND_NAME)))
        return false;
    for (; *words; words++, given++)
        if (!print_string(vaulting, given < names->count ? names->words[given] : NULL, *words, strlen(*words)))
            return false;
    return true;
}

/* ---- the command ---- */

enum need { NEED_ENCRYPTION = 1, NEED_DECRYPTION = 2, NEED_NEW_SECRET = 4 };

static const struct vault_action {
    const char *name;
    bool (*run)(struct vaulting *vaulting, const char *file); /* NULL: encrypt_string */
    unsigned needs;
    bool reads_input; /* where no file is named */
    const char *done; /* said at the end, or NULL */
} actions[] = {
    {"create", create_file, NEED_ENCRYPTION, false, NULL},
    {"decrypt", decrypt_to_output, NEED_DECRYPTION, true, NULL},
    {"edit", edit_file, NEED_DECRYPTION | NEED_ENCRYPTION, false, NULL},
    {"encrypt", encrypt_file, NEED_ENCRYPTION, true, NULL},
    {"encrypt_string", NULL, NEED_ENCRYPTION, true, NULL},
    {"rekey", rekey_file, NEED_DECRYPTION | NEED_NEW_SECRET, false, "Rekey successful"},
    {"view", view_file, NEED_DECRYPTION, true, NULL},
};

static const struct vault_action *find_action(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(actions); i++)
        if (strcmp(actions[i].name, name) == 0)
            return &actions[i];
    return NULL;
}

/** The password of rekey: --new-vault-id, --new-vault-password-file, or asked for. */
static bool prepare_new_secret(struct vaulting *vaulting, struct vault_keyring *fresh)
{
    const struct command_line *line = &vaulting->session->line;
    const char *word = command_line_last(line, COMMAND_NEW_VAULT_ID);
    word = word ? word : command_line_last(line, COMMAND_NEW_VAULT_PASSWORD);
    bool good = word ? secrets_add(fresh, word, true, vaulting->error) : secrets_ask_new(fresh, vaulting->error);
    return good && choose_secret(vaulting, fresh, NULL);
}

static bool run_files(struct vaulting *vaulting, const struct vault_action *action, char *const *files)
{
    if (!action->run)
        return encrypt_strings(vaulting, files);
    if (!*files && action->reads_input)
        return action->run(vaulting, "-");
    for (; *files; files++)
        if (!action->run(vaulting, *files))
            return false;
    return true;
}

static bool run_action(struct vaulting *vaulting, const struct vault_action *action, char *const *files)
{
    struct vault_keyring *fresh = vault_keyring_new();
    bool good = (!(action->needs & NEED_DECRYPTION) || prepare_decryption(vaulting)) &&
                (!(action->needs & NEED_ENCRYPTION) || prepare_encryption(vaulting)) &&
                (!(action->needs & NEED_NEW_SECRET) || prepare_new_secret(vaulting, fresh)) &&
                run_files(vaulting, action, files);
    if (good && action->done)
        fprintf(stderr, "%s\n", action->done);
    vault_keyring_free(fresh);
    return good;
}

static int refuse_action(const struct session *session, struct error *error)
{
    if (session->line.operands.count == 0)
        error_set(error, ERROR_USAGE, "the following arguments are required: action");
    else
        error_set(error, ERROR_USAGE,
                  "argument action: invalid choice: '%s' (choose from 'create', 'decrypt', 'edit', 'view', 'encrypt', "
                  "'encrypt_string', 'rekey')",
                  session->line.operands.words[0]);
    return session_usage_error(session, &syntax, error);
}

static int vault_run(int argc, char **argv)
{
    struct session session = {0};
    OWNED_ERROR error = {0};
    int status = EXIT_ERROR;
    if (session_parse(&session, &syntax, argc, argv, &status)) {
        const struct command_words *words = &session.line.operands;
        const struct vault_action *action = words->count > 0 ? find_action(words->words[0]) : NULL;
        struct vaulting vaulting = {.session = &session, .error = &error};
        if (!action)
            status = refuse_action(&session, &error);
        else if (session_open(&session, &error) && run_action(&vaulting, action, words->words + 1))
            status = EXIT_OK;
        else if (error.kind == ERROR_USAGE)
            status = STATUS_OPTIONS;
        if (action)
            status = session_end(&session, status, &error);
    }
    session_done(&session);
    return status;
}

const struct command command_vault = {
    .name = "vault",
    .program = "ansible-vault",
    .run = vault_run,
    .documentation = "encrypt, decrypt, view and edit files and texts",
};
