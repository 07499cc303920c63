/*
 * The cases of tests/template/NAME.txt (their form: README.md), all through one `playlet eval --jsonl`.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parser/yaml.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/dict.h"
#include "runtime/value/json.h"
#include "runtime/value/list.h"
#include "tests/check.h"

#define FOLDER "tests/template"

/* ---- the program ---- */

/** A running `playlet eval --jsonl`. */
static struct {
    pid_t child;
    FILE *input, *output;
} batch;

static void batch_start(void)
{
    int to[2], from[2];
    if (pipe(to) != 0 || pipe(from) != 0)
        bug("pipe failed");
    batch.child = fork();
    if (batch.child == 0) {
        dup2(to[0], 0);
        dup2(from[1], 1);
        for (int i = 0; i < 2; i++) {
            close(to[i]);
            close(from[i]);
        }
        setenv("TZ", "UTC", 1);
        execl(playlet_path(), playlet_path(), "eval", "--jsonl", (char *)NULL);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    batch.input = fdopen(to[1], "w");
    batch.output = fdopen(from[0], "r");
}

static void batch_end(void)
{
    fclose(batch.input);
    fclose(batch.output);
    waitpid(batch.child, NULL, 0);
    memset(&batch, 0, sizeof batch);
}

/** One line there and back: the answer's value, or null when the program died. */
static struct value batch_ask(const char *line)
{
    CLEANUP(memory_cleanup) char *answer = NULL;
    size_t capacity = 0;
    OWNED_ERROR error = {0};
    struct value parsed;
    if (!batch.child)
        batch_start();
    signal(SIGPIPE, SIG_IGN);
    fprintf(batch.input, "%s\n", line);
    fflush(batch.input);
    ssize_t length = getline(&answer, &capacity, batch.output);
    if (length > 0 && json_parse(answer, (size_t)length, &parsed, &error))
        return parsed;
    batch_end();
    return value_null();
}

/* ---- a case ---- */

enum field {
    FIELD_VARS,
    FIELD_TEMPLATE,
    FIELD_TEMPLATE_JSON,
    FIELD_WHEN,
    FIELD_OUTPUT,
    FIELD_TEXT,
    FIELD_ERROR,
    FIELD_AT,
    FIELD_HELP,
    FIELD_KIND,
    FIELD_COUNT,
};

static const char *const field_names[FIELD_COUNT] = {"vars",  "template", "template_json", "when", "output", "text",
                                                     "error", "at",       "help",          "kind"};

struct case_text {
    char *fields[FIELD_COUNT]; /* owned; NULL: not given */
};

static void case_text_done(struct case_text *text)
{
    for (int i = 0; i < FIELD_COUNT; i++)
        free(text->fields[i]);
}

/** The field whose name stands before a colon at the start of the line, or FIELD_COUNT. */
static enum field field_of(const char *line)
{
    size_t length = strcspn(line, ":\n");
    for (enum field field = (enum field)0; field < FIELD_COUNT; field++)
        if (line[length] == ':' && strlen(field_names[field]) == length &&
            strncmp(line, field_names[field], length) == 0)
            return field;
    return FIELD_COUNT;
}

/** Reads a field's content, which begins behind the colon; returns where it ends. */
static const char *read_content(const char *at, const char *end, char **content)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    size_t length = strcspn(at, "\n");
    size_t skipped = strspn(at, " ");
    if (skipped < length) {
        text_buffer_append(&out, at + skipped, length - skipped);
        at += length + 1;
    } else {
        at += length + 1;
        while (at < end && (strncmp(at, "  ", 2) == 0 || *at == '\n')) {
            length = strcspn(at, "\n");
            if (length > 2)
                text_buffer_append(&out, at + 2, length - 2);
            text_buffer_append_char(&out, '\n');
            at += length + 1;
        }
        while (out.length > 0 && text_buffer_bytes(&out)[out.length - 1] == '\n')
            text_buffer_truncate(&out, out.length - 1);
    }
    free(*content);
    *content = memory_copy_string(text_buffer_bytes(&out), out.length);
    return at;
}

/** Reads the fields between two byte positions; the first unknown line is told, else NULL. */
static const char *read_case(const char *at, const char *end, struct case_text *text)
{
    while (at < end) {
        enum field field = field_of(at);
        if (*at == '#' || *at == '\n')
            at += strcspn(at, "\n") + 1;
        else if (field == FIELD_COUNT)
            return at;
        else
            at = read_content(at + strlen(field_names[field]) + 1, end, &text->fields[field]);
    }
    return NULL;
}

/** Marks untrusted strings as the batch form does. */
static struct value encode_trust(struct value value)
{
    if (value_is_string(value) && !(value.flags & VALUE_TRUSTED)) {
        struct dict *dict = dict_new();
        dict_set_string_take(dict, "__ansible_unsafe", value_copy(value));
        return value_dict_take(dict);
    }
    if (value_is_list(value)) {
        struct list *list = list_new(value.as.list->count);
        for (size_t i = 0; i < value.as.list->count; i++)
            list_push_take(list, encode_trust(value.as.list->items[i]));
        return value_list_take(list);
    }
    if (!value_is_dict(value))
        return value_copy(value);
    struct dict *dict = dict_new();
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(value.as.dict, &i, &entry);)
        dict_set_take(dict, value_copy(entry->key), encode_trust(entry->value));
    return value_dict_take(dict);
}

/** The variables of a case, from YAML. */
static bool read_variables(const char *yaml, struct value *result, struct error *error)
{
    struct source *source = source_new("vars", yaml, strlen(yaml));
    struct yaml_document *document = yaml_parse(source, error);
    source_drop(source);
    if (!document)
        return false;
    OWNED value = document->root ? yaml_value(document->root) : value_dict_new();
    *result = encode_trust(value);
    yaml_document_free(document);
    return true;
}

/** The line that asks for a case. */
static bool request_line(const struct case_text *text, struct text_buffer *out, struct error *error)
{
    struct value variables, template;
    struct json_style style = {.indent = -1, .ascii = true};
    OWNED request = value_dict_new();
    struct dict *dict = request.as.dict;
    const char *json = text->fields[FIELD_TEMPLATE_JSON], *when = text->fields[FIELD_WHEN];
    if (text->fields[FIELD_VARS]) {
        if (!read_variables(text->fields[FIELD_VARS], &variables, error))
            return false;
        dict_set_string_take(dict, "vars", variables);
    }
    if (json) {
        if (!json_parse(json, strlen(json), &template, error))
            return false;
    } else if (when) {
        dict_set_string_take(dict, "mode", value_string("conditional"));
        template = value_string(when);
    } else {
        template = value_string(text->fields[FIELD_TEMPLATE] ? text->fields[FIELD_TEMPLATE] : "");
    }
    dict_set_string_take(dict, "template", template);
    return json_append(out, request, &style, error);
}

/** Values as JSON with sorted keys, where 1, 1.0 and true differ. */
static void append_canonical(struct text_buffer *out, struct value value)
{
    OWNED_ERROR error = {0};
    struct json_style style = {.indent = -1, .sort_keys = true};
    if (!json_append(out, value, &style, &error))
        text_buffer_append_string(out, error.message);
}

/** Fails unless the value is the one that `output` or `text` says. */
static void check_value(const struct test *test, const struct case_text *text, const struct dict *answer)
{
    CLEANUP(text_buffer_done) struct text_buffer actual = {0}, expected = {0};
    OWNED_ERROR error = {0};
    OWNED wanted = value_null();
    const struct value *value = dict_find_string(answer, "value");
    const char *output = text->fields[FIELD_OUTPUT];
    if (!value) {
        case_failed(test, "failed: %s", dict_get_bytes(answer, "error", "no answer"));
        return;
    }
    if (!output)
        wanted = value_string(text->fields[FIELD_TEXT]);
    else if (!json_parse(output, strlen(output), &wanted, &error))
        case_failed(test, "output is not JSON: %s", error.message);
    append_canonical(&actual, *value);
    append_canonical(&expected, wanted);
    if (strcmp(text_buffer_bytes(&actual), text_buffer_bytes(&expected)) != 0)
        case_failed(test, "is       %s\n  expected %s", text_buffer_bytes(&actual), text_buffer_bytes(&expected));
}

/** Fails unless the error has what the case says of it. */
static void check_error(const struct test *test, const struct case_text *text, const struct dict *answer)
{
    static const enum field fields[] = {FIELD_ERROR, FIELD_AT, FIELD_HELP, FIELD_KIND};
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        const char *wanted = text->fields[fields[i]];
        const char *actual = dict_get_bytes(answer, field_names[fields[i]], "(nothing)");
        if (wanted && strcmp(wanted, actual) != 0)
            case_failed(test, "%s is\n  %s\nexpected\n  %s", field_names[fields[i]], actual, wanted);
    }
}

/** Runs the case that begins at the byte offset after the colon of `test->file` ("path:offset line"). */
static void run_template_case(const struct test *test)
{
    CLEANUP(memory_cleanup) char *path = memory_copy_string(test->file, strcspn(test->file, ":"));
    char *read;
    size_t length;
    OWNED_ERROR error = {0};
    if (!file_read(path, &read, &length, &error)) {
        case_failed(test, "%s", error.message);
        return;
    }
    struct case_text text = {0};
    CLEANUP(text_buffer_done) struct text_buffer line = {0};
    const char *start = read;
    for (long skip = atol(strchr(test->file, ':') + 1); skip > 1; skip--)
        start += strcspn(start, "\n") + 1;
    const char *end = strstr(start, "\n---");
    const char *unknown = read_case(start, end ? end + 1 : read + length, &text);
    if (unknown)
        case_failed(test, "what is this: %.*s", (int)strcspn(unknown, "\n"), unknown);
    else if (!request_line(&text, &line, &error))
        case_failed(test, "%s", error.message);
    else {
        OWNED answer = batch_ask(text_buffer_bytes(&line));
        if (!value_is_dict(answer))
            case_failed(test, "the program died");
        else if (text.fields[FIELD_ERROR])
            check_error(test, &text, answer.as.dict);
        else
            check_value(test, &text, answer.as.dict);
    }
    case_text_done(&text);
    free(read);
}

/* ---- registration ---- */

/** Registers each case of a file under its title. */
static void register_file(const char *path)
{
    char *read;
    size_t length;
    OWNED_ERROR error = {0};
    if (!file_read(path, &read, &length, &error))
        bug("%s", error.message);
    unsigned line = 1;
    bool wants_title = true;
    for (const char *at = read; *at; line++) {
        size_t line_length = strcspn(at, "\n");
        if (wants_title && strncmp(at, "# ", 2) == 0) {
            CLEANUP(text_buffer_done) struct text_buffer name = {0}, place = {0};
            text_buffer_append_format(&name, "%s: %.*s", path_name(path), (int)line_length - 2, at + 2);
            text_buffer_append_format(&place, "%s:%u", path, line);
            test_register_case(text_buffer_bytes(&name), text_buffer_bytes(&place), run_template_case);
            wants_title = false;
        } else if (strncmp(at, "---", 3) == 0) {
            wants_title = true;
        }
        at += line_length + (at[line_length] == '\n');
    }
    free(read);
}

void template_cases_register(void)
{
    struct dirent **entries;
    int count = scandir(FOLDER, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const char *ending = strrchr(entries[i]->d_name, '.');
        if (ending && strcmp(ending, ".txt") == 0) {
            CLEANUP(memory_cleanup) char *path = path_join(FOLDER, entries[i]->d_name);
            register_file(path);
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}
