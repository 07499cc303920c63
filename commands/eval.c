/* `playlet eval`: the value of one template, or of many (--jsonl). */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/eval_batch.h"
#include "commands/report.h"
#include "parser/extra_variables.h"
#include "runtime/value/json.h"
#include "runtime/value/repr.h"
#include "stdlib/library.h"

enum { STATUS_USAGE = 2 };

struct eval_options {
    struct dict *variables; /* owned */
    const char *output;     /* "text" or "json" */
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
    fputs("usage: playlet eval [-e VARS] [-o text|json] 'TEMPLATE'\n"
          "       playlet eval --jsonl < CASES\n\n"
          "Prints the value of a template.\n\n"
          "options:\n"
          "  -e, --extra-vars VARS   variables: key=value, JSON, YAML, or @FILE; may be repeated\n"
          "  -o, --output FORM       text: strings as they are, the rest as JSON (the default); json: all as JSON\n"
          "  --jsonl                 answer each line of standard input: {\"id\", \"vars\", \"template\", \"mode\"}\n"
          "  -h, --help              show this help and exit\n",
          stream);
    return stream == stdout ? 0 : STATUS_USAGE;
}

/** Prints a value: strings as they are unless JSON was asked for. */
static bool print_value(struct value value, const char *output, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    struct json_style style = {.indent = 4};
    if (value_is_string(value) && strcmp(output, "json") != 0)
        value_append_str(&out, value);
    else if (!json_append(&out, value, &style, error))
        return false;
    text_buffer_append_char(&out, '\n');
    fwrite(text_buffer_bytes(&out), 1, out.length, stdout);
    return true;
}

/** Evaluates the template of the command line. */
static bool eval_word(struct engine *engine, const struct eval_options *options, const char *word, struct error *error)
{
    struct source *source = source_new("<command line>", word, strlen(word));
    struct text *text = text_with_span_take(text_new(word, strlen(word)), (struct span){source, 0, source->length});
    OWNED untrusted = value_string_take(text);
    OWNED template = value_trusted(untrusted);
    OWNED result = value_null();
    struct layer layer = {.variables = options->variables};
    struct scope scope;
    source_drop(source);
    scope_init(&scope, &layer);
    bool ok = engine_evaluate(engine, &scope, template, &result, error) && print_value(result, options->output, error);
    scope_done(&scope);
    return ok;
}

/** Runs over the words; false with the status in `*status` where the program should end. */
static bool options_parse(int argc, char **argv, struct eval_options *options, int *status)
{
    OWNED_ERROR error = {0};
    int option;
    optind = 1;
    *status = STATUS_USAGE;
    while ((option = getopt_long(argc, argv, "e:o:h", long_options, NULL)) != -1) {
        if (option == 'e' && !extra_variables_add(options->variables, optarg, &error)) {
            report_error(&error);
            return false;
        }
        if (option == 'o')
            options->output = optarg;
        if (option == 'j')
            options->is_batch = true;
        if (option == 'h' || option == '?') {
            *status = usage(option == 'h' ? stdout : stderr);
            return false;
        }
    }
    bool has_output = strcmp(options->output, "text") == 0 || strcmp(options->output, "json") == 0;
    if (has_output && argc - optind == !options->is_batch)
        return true;
    usage(stderr);
    return false;
}

static int eval_run(int argc, char **argv)
{
    struct eval_options options = {.variables = dict_new(), .output = "text"};
    OWNED_ERROR error = {0};
    int status;
    if (options_parse(argc, argv, &options, &status)) {
        struct registry *registry = registry_new(&stdlib_library);
        struct engine *engine = engine_new(registry, &(struct engine_settings){0});
        if (options.is_batch) {
            status = eval_batch(engine);
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
