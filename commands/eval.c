/* `playlet eval`: the value of one template, of many (--jsonl), or of what is typed at a prompt. */
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/eval_batch.h"
#include "commands/eval_value.h"
#include "commands/prompt.h"
#include "commands/report.h"
#include "parser/extra_variables.h"
#include "stdlib/library.h"

enum { STATUS_USAGE = 2 };

struct eval_options {
    struct dict *variables; /* owned */
    enum eval_form form;
    bool is_batch;
};

static const struct option long_options[] = {
    {"extra-vars", required_argument, NULL, 'e'},
    {"output", required_argument, NULL, 'o'},
    {"jsonl", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},
    {0},
};

static int usage(FILE *stream)
{
    fputs("usage: playlet eval [-e VARS] [-o text|json|yaml] 'TEMPLATE'\n"
          "       playlet eval [-e VARS] [-o text|json|yaml]\n"
          "       playlet eval --jsonl < CASES\n\n"
          "Prints the value of a template.  Without one, on a terminal, it is a prompt (:help).\n\n"
          "options:\n"
          "  -e, --extra-vars VARS   variables: key=value, JSON, YAML, or @FILE; may be repeated\n"
          "  -o, --output FORM       text: strings as they are, the rest as JSON (the default); json, yaml: all in "
          "that form\n"
          "  --jsonl                 answer each line of standard input: {\"id\", \"vars\", \"template\", \"mode\"}\n"
          "  -h, --help              show this help and exit\n",
          stream);
    return stream == stdout ? 0 : STATUS_USAGE;
}

/** Evaluates the template of the command line and prints its value. */
static bool eval_word(struct engine *engine, const struct eval_options *options, const char *word, struct error *error)
{
    OWNED result = value_null();
    return eval_text(engine, options->variables, word, &result, error) && eval_print(result, options->form, error);
}

/** Runs over the words; false with the status in `*status` where the program should end. */
static bool options_parse(int argc, char **argv, struct eval_options *options, int *status)
{
    OWNED_ERROR error = {0};
    int option;
    optind = 1;
    *status = STATUS_USAGE;
    while ((option = getopt_long(argc, argv, "e:o:h", long_options, NULL)) != -1) {
        if (option == 'e' && !extra_variables_add(options->variables, optarg, NULL, &error)) {
            report_error(&error);
            return false;
        }
        if (option == 'o')
            options->form = eval_form_find(optarg);
        if (option == 'j')
            options->is_batch = true;
        if (option == 'h' || option == '?') {
            *status = usage(option == 'h' ? stdout : stderr);
            return false;
        }
    }
    bool is_prompt = optind == argc && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (options->form != EVAL_FORM_COUNT && (argc - optind == !options->is_batch || is_prompt))
        return true;
    usage(stderr);
    return false;
}

static int eval_run(int argc, char **argv)
{
    struct eval_options options = {.variables = dict_new()};
    OWNED_ERROR error = {0};
    int status;
    if (options_parse(argc, argv, &options, &status)) {
        struct registry *registry = registry_new(&stdlib_library);
        struct engine *engine = engine_new(registry, &(struct engine_settings){0});
        if (options.is_batch) {
            status = eval_batch(engine);
        } else if (optind == argc) {
            status = prompt_run(engine, options.variables, options.form);
        } else {
            status = !eval_word(engine, &options, argv[optind], &error);
            if (status)
                report_error(&error);
        }
        engine_free(engine);
        registry_free(registry);
    }
    dict_drop(options.variables);
    return status;
}

const struct command command_eval = {
    .name = "eval",
    .run = eval_run,
    .documentation = "print the value of a template",
};
