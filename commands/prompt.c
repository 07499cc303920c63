#include "commands/prompt.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/documentation.h"
#include "commands/report.h"
#include "runtime/os/line_editor.h"
#include "runtime/os/path.h"
#include "stdlib/library.h"

#define HISTORY_FILE "~/.playlet_history"

struct prompt {
    struct engine *engine;        /* borrowed */
    const struct dict *variables; /* borrowed */
    enum eval_form form;
    bool is_over;
};

/** One command: `:name argument`. */
struct prompt_command {
    const char *name;
    const char *argument; /* what is to be given; NULL: nothing */
    bool (*run)(struct prompt *prompt, const char *argument, struct error *error);
    const char *documentation;
};

/* ---- expressions ---- */

/** A template as it is, anything else as the expression that it is. */
static char *as_template(const char *line)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    bool is_template = text_has_template(line, strlen(line));
    text_buffer_append_format(&out, is_template ? "%s" : "{{ %s }}", line);
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

static bool evaluate(struct prompt *prompt, const char *line, struct value *result, struct error *error)
{
    CLEANUP(memory_cleanup) char *text = as_template(line);
    return eval_text(prompt->engine, prompt->variables, text, result, error);
}

static bool show_value(struct prompt *prompt, const char *line, struct error *error)
{
    OWNED value = value_null();
    return evaluate(prompt, line, &value, error) && eval_print(value, prompt->form, error);
}

/* ---- commands ---- */

static bool show_type(struct prompt *prompt, const char *argument, struct error *error)
{
    OWNED value = value_null();
    if (!evaluate(prompt, argument, &value, error))
        return false;
    puts(value_type_name(value));
    return true;
}

/** The first type that has the name; the nearest filter is the suggestion. */
static bool show_documentation(struct prompt *prompt, const char *argument, struct error *error)
{
    struct registry *registry = engine_registry(prompt->engine);
    for (int type = DOCUMENTATION_TYPE_COUNT - 1; type >= 0; type--) {
        CLEANUP(text_buffer_done) struct text_buffer out = {0};
        error_done(error);
        if (documentation_append(&out, registry, (enum documentation_type)type, argument, error)) {
            fputs(text_buffer_bytes(&out), stdout);
            return true;
        }
    }
    return false;
}

static bool show_tree(struct prompt *prompt, const char *argument, struct error *error)
{
    (void)prompt;
    CLEANUP(memory_cleanup) char *line = as_template(argument);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    OWNED text = eval_template(line);
    struct template_syntax syntax = {.raw_literals = true, .has_extensions = true};
    struct template *template = template_parse(text.as.text, &syntax, error);
    if (!template)
        return false;
    template_print(&out, template);
    fputs(text_buffer_bytes(&out), stdout);
    template_drop(template);
    return true;
}

static bool quit(struct prompt *prompt, const char *argument, struct error *error)
{
    (void)argument;
    (void)error;
    prompt->is_over = true;
    return true;
}

static bool show_help(struct prompt *prompt, const char *argument, struct error *error);

static const struct prompt_command commands[] = {
    {"ast", "EXPR", show_tree, "the tree of an expression or a template"},
    {"doc", "NAME", show_documentation, "what a filter, test, lookup, module or keyword means"},
    {"help", NULL, show_help, "these lines"},
    {"quit", NULL, quit, "leave, as the end of the input does"},
    {"type", "EXPR", show_type, "the type of a value"},
};

static bool show_help(struct prompt *prompt, const char *argument, struct error *error)
{
    (void)prompt;
    (void)argument;
    (void)error;
    puts("An expression, or text with {{ }}, shows its value.  The tabulator key completes names.");
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        printf("  :%s %-5s %s\n", commands[i].name, commands[i].argument ? commands[i].argument : "",
               commands[i].documentation);
    return true;
}

static bool run_command(struct prompt *prompt, const char *line, struct error *error)
{
    size_t length = strcspn(line, " ");
    struct suggestion suggestion;
    suggestion_init(&suggestion, line, length);
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        const char *argument = line + length + strspn(line + length, " ");
        suggestion_offer(&suggestion, commands[i].name, strlen(commands[i].name));
        if (strlen(commands[i].name) != length || memcmp(commands[i].name, line, length) != 0)
            continue;
        if (commands[i].argument && !*argument)
            return error_set(error, ERROR_USAGE, ":%s needs %s", commands[i].name, commands[i].argument);
        return commands[i].run(prompt, argument, error);
    }
    error_set(error, ERROR_USAGE, "There is no command ':%.*s'.", (int)length, line);
    if (suggestion.best)
        return error_help(error, "Did you mean ':%s'?", suggestion.best);
    return error_help(error, "`:help` lists them.");
}

/* ---- completion ---- */

static void offer_name(void *editor, const char *name, const char *line)
{
    (void)line;
    line_editor_offer(editor, name);
}

static void offer_names(const struct prompt *prompt, struct line_editor *editor)
{
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(prompt->variables, &i, &entry);)
        if (value_is_string(entry->key))
            line_editor_offer(editor, value_bytes(entry->key));
    for (const struct function_table *const *table = stdlib_library.functions; *table; table++)
        for (size_t i = 0; (*table)->kind == FUNCTION_GLOBAL && i < (*table)->count; i++)
            line_editor_offer(editor, (*table)->rows[i].name);
}

/** Does the line end in the word `is`, or in `is not`? */
static bool ends_in_is(const char *line, size_t length)
{
    static const char *const endings[] = {" is", " is not"};
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        size_t size = strlen(endings[i]);
        if (length >= size && memcmp(line + length - size, endings[i], size) == 0)
            return true;
    }
    return false;
}

/** Commands behind a colon at the start, filters behind |, tests behind `is`, else names. */
static void complete(void *context, struct line_editor *editor, const char *line, size_t length)
{
    bool is_command = length == 1 && line[0] == ':';
    bool is_documentation = length >= 5 && memcmp(line, ":doc ", 5) == 0;
    while (length > 0 && isspace((unsigned char)line[length - 1]))
        length--;
    if (is_command)
        for (size_t i = 0; i < COUNT_OF(commands); i++)
            line_editor_offer(editor, commands[i].name);
    else if (is_documentation)
        for (enum documentation_type type = 0; type < DOCUMENTATION_TYPE_COUNT; type++)
            documentation_visit(type, offer_name, editor);
    else if (length > 0 && line[length - 1] == '|')
        documentation_visit(DOCUMENTATION_FILTER, offer_name, editor);
    else if (ends_in_is(line, length))
        documentation_visit(DOCUMENTATION_TEST, offer_name, editor);
    else
        offer_names(context, editor);
}

/* ---- the loop ---- */

static void run_line(struct prompt *prompt, const char *line)
{
    OWNED_ERROR error = {0};
    line += strspn(line, " \t");
    if (!*line)
        return;
    bool ok = *line == ':' ? run_command(prompt, line + 1, &error) : show_value(prompt, line, &error);
    if (!ok)
        report_error(&error);
    fflush(stdout);
}

int prompt_run(struct engine *engine, const struct dict *variables, enum eval_form form)
{
    struct prompt prompt = {.engine = engine, .variables = variables, .form = form};
    CLEANUP(memory_cleanup) char *history = path_expand_user(HISTORY_FILE);
    struct line_editor *editor = line_editor_new(history, complete, &prompt);
    while (!prompt.is_over) {
        CLEANUP(memory_cleanup) char *line = line_editor_read(editor, "> ");
        if (!line)
            break;
        run_line(&prompt, line);
    }
    line_editor_free(editor);
    return 0;
}
