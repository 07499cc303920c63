/* `playlet PLAYBOOK...` and `ansible-playbook`: the command line to a run. */
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/session.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/text.h"

static const char *const operands[] = {"playbook", "[playbook ...]", NULL};
static const char *const others[] = {
    "eval [-e VARS] 'TEMPLATE'",
    "eval --jsonl",
    "doc -t filter|test|lookup|module|keyword [NAME]",
    "vault ACTION [FILE]",
    NULL,
};
static const struct command_syntax syntax = {
    .command = FOR_RUN,
    .operands = operands,
    .others = others,
    .description = "Runs Ansible playbooks: plays and tasks, on this machine.",
};

/** Every playbook must be a file before anything starts. */
static bool check_playbooks(const struct command_words *paths, struct error *error)
{
    for (size_t i = 0; i < paths->count; i++) {
        if (!file_exists(paths->words[i]))
            return error_set(error, ERROR_FILE, "the playbook: %s could not be found", paths->words[i]);
        if (file_is_directory(paths->words[i]))
            return error_set(error, ERROR_FILE, "the playbook: %s does not appear to be a file", paths->words[i]);
    }
    return true;
}

/* ---- running ---- */

/** What the --list options and --syntax-check ask for; 0: to run. */
static unsigned list_what(const struct command_line *line)
{
    return (command_line_has(line, COMMAND_LIST_TASKS) ? LIST_TASKS : 0u) |
           (command_line_has(line, COMMAND_LIST_TAGS) ? LIST_TAGS : 0u) |
           (command_line_has(line, COMMAND_LIST_HOSTS) ? LIST_HOSTS : 0u) |
           (command_line_has(line, COMMAND_SYNTAX_CHECK) ? LIST_SYNTAX : 0u);
}

/** Lists what was asked for. */
static int list_playbooks(struct run *run, const struct command_words *paths, unsigned what, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    int status = run_list(run, paths->words, paths->count, what, &out, error);
    fwrite(text_buffer_bytes(&out), 1, out.length, stdout);
    return status;
}

/** From the open session to the exit status; an error is left to the caller. */
static int run_session(struct session *session, struct error *error)
{
    const struct command_words *paths = &session->line.operands;
    struct run_settings settings;
    struct callback_settings callback;
    struct run *run = NULL;
    int status = EXIT_ERROR;
    if (session_run_settings(session, &settings, &callback, error) && check_playbooks(paths, error) &&
        session_load_inventory(session, error) && session_check_hosts(session, error)) {
        settings.inventory_sources = session->sources;
        run = run_new(session->registry, session->inventory, &settings, &callback, error);
    }
    if (run) {
        unsigned what = list_what(&session->line);
        status = what ? list_playbooks(run, paths, what, error) : run_playbooks(run, paths->words, paths->count, error);
        run_free(run);
    }
    return status;
}

static int run_run(int argc, char **argv)
{
    struct session session = {0};
    OWNED_ERROR error = {0};
    int status = EXIT_ERROR;
    if (strcmp(path_name(argv[0]), command_run.name) == 0)
        session.program = "playlet";
    if (!session_parse(&session, &syntax, argc, argv, &status)) {
        session_done(&session);
        return status;
    }
    if (session.line.operands.count == 0) {
        error_set(&error, ERROR_USAGE, "the following arguments are required: playbook");
        status = session_usage_error(&session, &syntax, &error);
    } else {
        if (session_open(&session, &error))
            status = run_session(&session, &error);
        status = session_end(&session, status, &error);
    }
    session_done(&session);
    return status;
}

const struct command command_run = {
    .name = "run",
    .program = "ansible-playbook",
    .run = run_run,
    .documentation = "run playbooks; `run` may be left out",
};
