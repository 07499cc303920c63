/* `playlet PLAYBOOK...` and `ansible-playbook`: the command line to a run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/report.h"
#include "commands/version.h"
#include "eval/play/run.h"
#include "parser/command_line.h"
#include "parser/extra_variables.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/text.h"
#include "stdlib/library.h"

#define DEFAULT_INVENTORY "/etc/ansible/hosts"

enum { STATUS_USAGE = 2, DEFAULT_FORKS = 5 };

/** Everything that a run is made from; what it owns is let go of by run_inputs_done. */
struct run_inputs {
    struct command_line line;
    struct dict *extra_variables;
    char **tags, **skip_tags; /* NULL-terminated, owned with their words; NULL: none given */
    struct run_settings settings;
    struct callback_settings callback;
};

static void words_free(char **words)
{
    for (char **word = words; word && *word; word++)
        free(*word);
    free(words);
}

static void run_inputs_done(struct run_inputs *inputs)
{
    command_line_done(&inputs->line);
    dict_drop(inputs->extra_variables);
    words_free(inputs->tags);
    words_free(inputs->skip_tags);
}

/** Is a boolean variable of the environment set to something that means yes? */
static bool environment_flag(const char *name, bool fallback)
{
    const char *value = getenv(name);
    if (!value)
        return fallback;
    static const char *const words[] = {"1", "yes", "true", "on", "y", "t", "True", "TRUE", "Yes", "YES"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(value, words[i]) == 0)
            return true;
    return false;
}

/** The words between the commas of all values given; NULL when there are none. */
static char **split_words(const struct command_words *given)
{
    size_t count = 0;
    char **words = NULL;
    for (size_t i = 0; i < given->count; i++)
        for (const char *at = given->words[i]; *at;) {
            size_t length = strcspn(at, ",");
            size_t space = strspn(at, " ");
            size_t end = length;
            while (end > space && at[end - 1] == ' ')
                --end;
            if (end > space) {
                words = memory_resize(words, count + 2, sizeof *words);
                words[count++] = memory_copy_string(at + space, end - space);
                words[count] = NULL;
            }
            at += length + (at[length] == ',');
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

static bool wants_colour(void)
{
    if (environment_flag("ANSIBLE_FORCE_COLOR", false))
        return true;
    const char *no_colour = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && !environment_flag("ANSIBLE_NOCOLOR", false) && !(no_colour && *no_colour);
}

/** The number of an option, or of a variable of the environment, or the fallback. */
static bool read_forks(const struct command_line *line, unsigned *forks, struct error *error)
{
    const char *given = command_line_last(line, COMMAND_FORKS);
    if (!given)
        given = getenv("ANSIBLE_FORKS");
    char *end = NULL;
    long number = given ? strtol(given, &end, 10) : DEFAULT_FORKS;
    if (given && (*given == '\0' || *end != '\0'))
        return error_set(error, ERROR_USAGE, "argument -f/--forks: invalid int value: '%s'", given);
    if (number < 1)
        return error_set(error, ERROR_USAGE, "The number of processes (--forks) must be >= 1");
    *forks = (unsigned)number;
    return true;
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

/** The command line as settings. */
static bool read_settings(struct run_inputs *inputs, struct error *error)
{
    const struct command_line *line = &inputs->line;
    const struct command_words *extra = &line->options[COMMAND_EXTRA_VARS];
    inputs->extra_variables = dict_new();
    for (size_t i = 0; i < extra->count; i++)
        if (!extra_variables_add(inputs->extra_variables, extra->words[i], error))
            return false;
    inputs->tags = split_words(&line->options[COMMAND_TAGS]);
    inputs->skip_tags = split_words(&line->options[COMMAND_SKIP_TAGS]);
    const char *clock = getenv("PLAYLET_CLOCK");
    const char *callback = getenv("ANSIBLE_STDOUT_CALLBACK"), *hash_behaviour = getenv("ANSIBLE_HASH_BEHAVIOUR");
    int verbosity = (int)line->options[COMMAND_VERBOSE].count;
    inputs->settings = (struct run_settings){
        .limit = command_line_last(line, COMMAND_LIMIT),
        .connection = command_line_last(line, COMMAND_CONNECTION),
        .tags = (const char *const *)inputs->tags,
        .skip_tags = (const char *const *)inputs->skip_tags,
        .start_at_task = command_line_last(line, COMMAND_START_AT_TASK),
        .check_mode = command_line_has(line, COMMAND_CHECK),
        .diff_mode = command_line_has(line, COMMAND_DIFF) || environment_flag("ANSIBLE_DIFF_ALWAYS", false),
        .step = command_line_has(line, COMMAND_STEP),
        .force_handlers =
            command_line_has(line, COMMAND_FORCE_HANDLERS) || environment_flag("ANSIBLE_FORCE_HANDLERS", false),
        .merges_dicts = hash_behaviour && strcmp(hash_behaviour, "merge") == 0,
        .writes_retry_files = environment_flag("ANSIBLE_RETRY_FILES_ENABLED", false),
        .retry_directory = getenv("ANSIBLE_RETRY_FILES_SAVE_PATH"),
        .verbosity = verbosity,
        .virtual_time = command_line_has(line, COMMAND_VIRTUAL_TIME) || (clock && strcmp(clock, "virtual") == 0),
        .extra_variables = inputs->extra_variables,
        .callback = callback && *callback ? callback : NULL,
        .inventory_sources = line->options[COMMAND_INVENTORY].words,
    };
    inputs->callback = (struct callback_settings){
        .verbosity = verbosity,
        .colour = wants_colour(),
        .check_mode = inputs->settings.check_mode,
        .diff = inputs->settings.diff_mode,
        .display_skipped = environment_flag("ANSIBLE_DISPLAY_SKIPPED_HOSTS", true),
        .display_ok = environment_flag("ANSIBLE_DISPLAY_OK_HOSTS", true),
        .marks_check_mode = environment_flag("ANSIBLE_CHECK_MODE_MARKERS", false),
        .shows_statistics = environment_flag("ANSIBLE_SHOW_CUSTOM_STATS", false),
        .columns = terminal_columns(),
        .output = STDOUT_FILENO,
        .errors = STDERR_FILENO,
    };
    return read_forks(line, &inputs->settings.forks, error) && read_seed(line, &inputs->settings.seed, error);
}

/* ---- inventory ---- */

static void warn(void *context, const char *message)
{
    (void)context;
    report_warning(message);
}

/** The sources of -i, else of the environment, else the system's where there is one. */
static bool load_inventory(const struct command_line *line, struct inventory *inventory, struct error *error)
{
    const struct command_words *given = &line->options[COMMAND_INVENTORY];
    const char *fallback = getenv("ANSIBLE_INVENTORY");
    for (size_t i = 0; i < given->count; i++)
        if (!inventory_load(inventory, given->words[i], warn, NULL, error))
            return false;
    if (given->count > 0)
        return true;
    if (fallback && *fallback)
        return inventory_load(inventory, fallback, warn, NULL, error);
    return !file_exists(DEFAULT_INVENTORY) || inventory_load(inventory, DEFAULT_INVENTORY, warn, NULL, error);
}

/** Says that only the implicit localhost is there; an error when --limit leaves no host. */
static bool check_hosts(struct inventory *inventory, const char *limit, struct error *error)
{
    struct host_list hosts = {0};
    if (inventory_hosts(inventory).count == 0) {
        if (environment_flag("ANSIBLE_INVENTORY_UNPARSED_WARNING", true))
            report_warning("No inventory was parsed, only implicit localhost is available");
        if (environment_flag("ANSIBLE_LOCALHOST_WARNING", true))
            report_warning("provided hosts list is empty, only localhost is available. Note that the implicit "
                           "localhost does not match 'all'");
        return true;
    }
    if (!limit)
        return true;
    if (!inventory_select(inventory, "all", limit, &hosts, warn, NULL, error))
        return false;
    free(hosts.hosts);
    if (hosts.count > 0)
        return true;
    error_set(error, ERROR_USAGE,
              "Specified inventory, host pattern and/or --limit leaves us with no hosts to target.");
    return error_help(error, "`--limit %s` must name hosts or groups of the inventory.", limit);
}

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

/** From the settings to the exit status; an error is left to the caller. */
static int run_inputs(struct run_inputs *inputs, struct registry *registry, struct error *error)
{
    const struct command_words *paths = &inputs->line.operands;
    struct inventory *inventory = inventory_new();
    struct run *run = NULL;
    int status = EXIT_ERROR;
    if (check_playbooks(paths, error) && load_inventory(&inputs->line, inventory, error) &&
        check_hosts(inventory, inputs->settings.limit, error))
        run = run_new(registry, inventory, &inputs->settings, &inputs->callback, error);
    if (run) {
        unsigned what = list_what(&inputs->line);
        status = what ? list_playbooks(run, paths, what, error) : run_playbooks(run, paths->words, paths->count, error);
        run_free(run);
    }
    inventory_free(inventory);
    return status;
}

/** "usage: ..." and what is wrong, to standard error. */
static int usage_error(const char *program, const struct error *error, bool not_yet)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    command_line_usage(&out, program);
    if (not_yet)
        text_buffer_truncate(&out, 0);
    text_buffer_append_format(&out, "%s: error: %s\n", program, error->message);
    if (error->help)
        text_buffer_append_format(&out, "%s\n", error->help);
    fputs(text_buffer_bytes(&out), stderr);
    return not_yet ? EXIT_ERROR : STATUS_USAGE;
}

static int print_help(const char *program)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    command_line_help(&out, program);
    fputs(text_buffer_bytes(&out), stdout);
    return EXIT_OK;
}

static int run_run(int argc, char **argv)
{
    struct run_inputs inputs = {0};
    OWNED_ERROR error = {0};
    bool not_yet;
    const char *program = path_name(argv[0]);
    if (strcmp(program, command_run.name) == 0)
        program = "playlet";
    if (!command_line_parse(argc, argv, &inputs.line, &not_yet, &error))
        return usage_error(program, &error, not_yet);
    int status;
    if (command_line_has(&inputs.line, COMMAND_HELP)) {
        status = print_help(program);
    } else if (command_line_has(&inputs.line, COMMAND_VERSION)) {
        status = version_print(program);
    } else if (inputs.line.operands.count == 0) {
        error_set(&error, ERROR_USAGE, "the following arguments are required: playbook");
        status = usage_error(program, &error, false);
    } else {
        struct registry *registry = registry_new(&stdlib_library);
        status = EXIT_ERROR;
        if (read_settings(&inputs, &error))
            status = run_inputs(&inputs, registry, &error);
        if (error.kind == ERROR_PARSE && status == EXIT_ERROR)
            status = EXIT_HOSTS_UNREACHABLE;
        if (error.kind != ERROR_NONE)
            report_error(&error);
        registry_free(registry);
    }
    run_inputs_done(&inputs);
    return status;
}

const struct command command_run = {
    .name = "run",
    .program = "ansible-playbook",
    .run = run_run,
    .documentation = "run playbooks; `run` may be left out",
};
