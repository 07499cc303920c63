#include "commands/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "commands/report.h"
#include "commands/secrets.h"
#include "commands/version.h"
#include "parser/extra_variables.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/list.h"
#include "stdlib/library.h"

void session_warn(void *context, const char *message)
{
    (void)context;
    report_warning(message);
}

/* ---- the command line ---- */

int session_usage_error(const struct session *session, const struct command_syntax *syntax, const struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    command_line_usage(syntax, &out, session->program);
    text_buffer_append_format(&out, "%s: error: %s\n", session->program, error->message);
    if (error->help)
        text_buffer_append_format(&out, "%s\n", error->help);
    fputs(text_buffer_bytes(&out), stderr);
    return STATUS_USAGE;
}

static int refuse_option(const struct session *session, const struct error *error)
{
    fprintf(stderr, "%s: error: %s\n", session->program, error->message);
    return EXIT_ERROR;
}

static int print_help(const struct session *session, const struct command_syntax *syntax)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    command_line_help(syntax, &out, session->program);
    fputs(text_buffer_bytes(&out), stdout);
    return EXIT_OK;
}

bool session_parse(struct session *session, const struct command_syntax *syntax, int argc, char **argv, int *status)
{
    OWNED_ERROR error = {0};
    bool not_yet;
    session->program = session->program ? session->program : path_name(argv[0]);
    bool good = command_line_parse(syntax, argc, argv, &session->line, &not_yet, &error);
    if (!good)
        *status = not_yet ? refuse_option(session, &error) : session_usage_error(session, syntax, &error);
    else if (command_line_has(&session->line, COMMAND_HELP))
        *status = print_help(session, syntax);
    else if (command_line_has(&session->line, COMMAND_VERSION))
        *status = version_print(session->program);
    else
        return true;
    return false;
}

/* ---- opening ---- */

static void tell_configuration(const struct session *session)
{
    const char *file = settings_file(session->settings);
    if (!command_line_has(&session->line, COMMAND_VERBOSE))
        return;
    if (file)
        printf("Using %s as config file\n", file);
    else
        printf("No config file found; using defaults\n");
    fflush(stdout);
}

bool session_open(struct session *session, struct error *error)
{
    session->settings = settings_load(command_line_last(&session->line, COMMAND_CONFIG_FILE), error);
    if (!session->settings)
        return false;
    if (settings_warning(session->settings))
        report_warning(settings_warning(session->settings));
    tell_configuration(session);
    session->keyring = vault_keyring_new();
    session->registry = registry_new(&stdlib_library);
    session->inventory = inventory_new();
    session->extra_variables = dict_new();
    inventory_use_keyring(session->inventory, session->keyring);
    if (!secrets_load(session->keyring, &session->line, session->settings, error))
        return false;
    const struct command_words *extra = &session->line.options[COMMAND_EXTRA_VARS];
    for (size_t i = 0; i < extra->count; i++)
        if (!extra_variables_add(session->extra_variables, extra->words[i], session->keyring, error))
            return false;
    return true;
}

static void words_free(char **words)
{
    for (char **word = words; word && *word; word++)
        free(*word);
    free(words);
}

void session_done(struct session *session)
{
    command_line_done(&session->line);
    inventory_free(session->inventory);
    registry_free(session->registry);
    dict_drop(session->extra_variables);
    vault_keyring_free(session->keyring);
    settings_free(session->settings);
    words_free(session->tags);
    words_free(session->skip_tags);
    free((void *)session->sources);
}

int session_end(struct session *session, int status, const struct error *error)
{
    (void)session;
    if (error->kind == ERROR_PARSE && status == EXIT_ERROR)
        status = EXIT_HOSTS_UNREACHABLE;
    if (error->kind != ERROR_NONE)
        report_error(error);
    return status;
}

/* ---- the inventory ---- */

/** The words of -i, else those of the setting. */
static void find_sources(struct session *session)
{
    const struct command_words *given = &session->line.options[COMMAND_INVENTORY];
    const struct list *configured = settings_value(session->settings, SETTING_DEFAULT_HOST_LIST).as.list;
    size_t count = given->count ? given->count : configured->count;
    const char **sources = memory_new_array(count + 1, sizeof *sources);
    for (size_t i = 0; i < count; i++)
        sources[i] = given->count ? given->words[i] : value_bytes(configured->items[i]);
    session->sources = sources;
}

bool session_load_inventory(struct session *session, struct error *error)
{
    bool is_default = !command_line_has(&session->line, COMMAND_INVENTORY) &&
                      settings_is_default(session->settings, SETTING_DEFAULT_HOST_LIST);
    find_sources(session);
    for (const char *const *source = session->sources; *source; source++) {
        if (is_default && !file_exists(*source))
            continue;
        if (!inventory_load(session->inventory, *source, session_warn, NULL, error))
            return false;
    }
    return true;
}

bool session_check_hosts(struct session *session, struct error *error)
{
    const char *limit = command_line_last(&session->line, COMMAND_LIMIT);
    struct host_list hosts = {0};
    if (inventory_hosts(session->inventory).count == 0) {
        if (settings_flag(session->settings, SETTING_INVENTORY_UNPARSED_WARNING))
            report_warning("No inventory was parsed, only implicit localhost is available");
        if (settings_flag(session->settings, SETTING_LOCALHOST_WARNING))
            report_warning("provided hosts list is empty, only localhost is available. Note that the implicit "
                           "localhost does not match 'all'");
        return true;
    }
    if (!limit)
        return true;
    if (!inventory_select(session->inventory, "all", limit, &hosts, session_warn, NULL, error))
        return false;
    free(hosts.hosts);
    if (hosts.count > 0)
        return true;
    error_set(error, ERROR_USAGE,
              "Specified inventory, host pattern and/or --limit leaves us with no hosts to target.");
    return error_help(error, "`--limit %s` must name hosts or groups of the inventory.", limit);
}

/* ---- the run ---- */

/** The words between the commas of what was given, else of the setting; NULL when there are none. */
static char **split_words(const struct session *session, enum command_option option, enum setting setting)
{
    const struct command_words *given = &session->line.options[option];
    size_t count = 0;
    char **words = NULL;
    CLEANUP(text_buffer_done) struct text_buffer all = {0};
    for (size_t i = 0; i < given->count; i++)
        text_buffer_append_format(&all, "%s,", given->words[i]);
    const struct list *configured = settings_value(session->settings, setting).as.list;
    for (size_t i = 0; given->count == 0 && i < configured->count; i++)
        text_buffer_append_format(&all, "%s,", value_bytes(configured->items[i]));
    for (const char *at = text_buffer_bytes(&all); *at; at += strcspn(at, ",") + 1) {
        size_t start = strspn(at, " "), end = strcspn(at, ",");
        while (end > start && at[end - 1] == ' ')
            --end;
        if (end <= start)
            continue;
        words = memory_resize(words, count + 2, sizeof *words);
        words[count++] = memory_copy_string(at + start, end - start);
        words[count] = NULL;
    }
    return words;
}

/** Columns of the terminal on standard output; 0: it is none. */
static unsigned terminal_columns(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO))
        return 0;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static bool wants_colour(const struct settings *settings)
{
    if (settings_flag(settings, SETTING_ANSIBLE_FORCE_COLOR))
        return true;
    const char *no_colour = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && !settings_flag(settings, SETTING_ANSIBLE_NOCOLOR) && !(no_colour && *no_colour);
}

/** --seed: a whole number above 0; 0 when it is not given. */
static bool read_seed(const struct command_line *line, uint64_t *seed, struct error *error)
{
    const char *given = command_line_last(line, COMMAND_SEED);
    char *end = NULL;
    *seed = given ? strtoull(given, &end, 10) : 0;
    if (!given || (*given >= '0' && *given <= '9' && *end == '\0' && *seed > 0))
        return true;
    return error_set(error, ERROR_USAGE, "argument --seed: not a whole number above 0: '%s'", given);
}

/** -f, or the setting. */
static bool read_forks(const struct session *session, unsigned *forks, struct error *error)
{
    const char *given = command_line_last(&session->line, COMMAND_FORKS);
    char *end = NULL;
    long number = given ? strtol(given, &end, 10) : (long)settings_number(session->settings, SETTING_DEFAULT_FORKS);
    if (given && (*given == '\0' || *end != '\0'))
        return error_set(error, ERROR_USAGE, "argument -f/--forks: invalid int value: '%s'", given);
    if (number < 1)
        return error_set(error, ERROR_USAGE, "The number of processes (--forks) must be >= 1");
    *forks = (unsigned)number;
    return true;
}

bool session_run_settings(struct session *session, struct run_settings *run, struct callback_settings *callback,
                          struct error *error)
{
    const struct command_line *line = &session->line;
    const struct settings *settings = session->settings;
    session->tags = split_words(session, COMMAND_TAGS, SETTING_TAGS_RUN);
    session->skip_tags = split_words(session, COMMAND_SKIP_TAGS, SETTING_TAGS_SKIP);
    const char *clock = getenv("PLAYLET_CLOCK");
    int configured = (int)settings_number(settings, SETTING_DEFAULT_VERBOSITY);
    int verbosity = configured + (int)line->options[COMMAND_VERBOSE].count;
    *run = (struct run_settings){
        .limit = command_line_last(line, COMMAND_LIMIT),
        .connection = command_line_last(line, COMMAND_CONNECTION),
        .tags = (const char *const *)session->tags,
        .skip_tags = (const char *const *)session->skip_tags,
        .start_at_task = command_line_last(line, COMMAND_START_AT_TASK),
        .check_mode = command_line_has(line, COMMAND_CHECK),
        .diff_mode = command_line_has(line, COMMAND_DIFF) || settings_flag(settings, SETTING_DIFF_ALWAYS),
        .step = command_line_has(line, COMMAND_STEP),
        .force_handlers =
            command_line_has(line, COMMAND_FORCE_HANDLERS) || settings_flag(settings, SETTING_DEFAULT_FORCE_HANDLERS),
        .merges_dicts = strcmp(settings_text(settings, SETTING_DEFAULT_HASH_BEHAVIOUR) ?: "", "merge") == 0,
        .writes_retry_files = settings_flag(settings, SETTING_RETRY_FILES_ENABLED),
        .retry_directory = settings_text(settings, SETTING_RETRY_FILES_SAVE_PATH),
        .verbosity = verbosity,
        .virtual_time = command_line_has(line, COMMAND_VIRTUAL_TIME) || (clock && strcmp(clock, "virtual") == 0),
        .extra_variables = session->extra_variables,
        .settings = settings,
        .keyring = session->keyring,
        .callback = settings_text(settings, SETTING_DEFAULT_STDOUT_CALLBACK),
        .inventory_sources = session->sources,
    };
    *callback = (struct callback_settings){
        .verbosity = verbosity,
        .colour = wants_colour(settings),
        .check_mode = run->check_mode,
        .diff = run->diff_mode,
        .display_skipped = settings_flag(settings, SETTING_DISPLAY_SKIPPED_HOSTS),
        .display_ok = settings_flag(settings, SETTING_DISPLAY_OK_HOSTS),
        .marks_check_mode = settings_flag(settings, SETTING_CHECK_MODE_MARKERS),
        .shows_statistics = settings_flag(settings, SETTING_SHOW_CUSTOM_STATS),
        .columns = terminal_columns(),
        .output = STDOUT_FILENO,
        .errors = STDERR_FILENO,
    };
    return read_forks(session, &run->forks, error) && read_seed(line, &run->seed, error);
}
