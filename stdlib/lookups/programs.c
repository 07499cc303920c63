/* Lookups that ask the system: env, lines, pipe, and url, which is refused. */

#include <stdlib.h>
#include <string.h>

#include "runtime/async/capture.h"
#include "runtime/value/encoding.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/lookups/found_file.h"
#include "stdlib/lookups/lookups.h"
#include "stdlib/lookups/option.h"

static bool push_variable(struct value term, struct value fallback, struct list *out, struct error *error)
{
    if (!term_is_string(term, "split", error))
        return false;
    struct list *words = text_parts(term.as.text, " \t\n");
    OWNED owner = value_list_take(words);
    if (words->count == 0)
        return error_set(error, ERROR_KEY, "list index out of range");
    const char *name = value_bytes(words->items[0]), *found = getenv(name);
    if (!found && value_is_undefined(fallback))
        return error_set(error, ERROR_UNDEFINED, "The environment variable '%s' is not set.", name);
    list_push_take(out, found                     ? value_string(found)
                        : value_is_null(fallback) ? value_string("")
                                                  : value_copy(fallback));
    return true;
}

static bool lookup_env(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    const struct list *terms = arguments[0].as.list;
    OWNED values = value_list_new();
    for (size_t i = 0; i < terms->count; i++)
        if (!push_variable(terms->items[i], arguments[1], values.as.list, error))
            return false;
    *result = value_steal(&values);
    return true;
}

/* ---- programs ---- */

/** The folder of the playbook, where programs run. */
static char *base_directory(struct evaluation *evaluation)
{
    OWNED_ERROR ignored = {0};
    OWNED name = value_string("playbook_dir"), directory = value_null();
    if (evaluation_variable(evaluation, name, &directory, &ignored) && value_is_string(directory))
        return memory_copy_string(value_bytes(directory), directory.as.text->length);
    return found_file_path(evaluation, NULL, ".");
}

/** The output of a term's command as text, without an error of the command. */
static bool run_term(struct evaluation *evaluation, const char *lookup, struct value command, struct text_buffer *text,
                     struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    CLEANUP(memory_cleanup) char *directory = base_directory(evaluation);
    int status = 0;
    char *const argv[] = {"/bin/sh", "-c", (char *)value_bytes(command), NULL};
    if (!capture_program(argv, directory, &out, &status, error))
        return false;
    if (status != 0)
        return error_set(error, ERROR_LOOKUP, "lookup_plugin.%s(%s) returned %d", lookup, value_bytes(command), status);
    return encoding_decode(text, text_buffer_bytes(&out), out.length, "utf-8", "strict", error);
}

static bool lookup_pipe(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    const struct list *terms = arguments[0].as.list;
    OWNED outputs = value_list_new();
    for (size_t i = 0; i < terms->count; i++) {
        CLEANUP(text_buffer_done) struct text_buffer out = {0};
        OWNED command = argument_text(terms->items[i]);
        if (!run_term(evaluation, "pipe", command, &out, error))
            return false;
        struct text *whole = text_buffer_take(&out);
        list_push_take(outputs.as.list, value_string_take(text_strip(whole, NULL, TEXT_RIGHT)));
        text_drop(whole);
    }
    *result = value_steal(&outputs);
    return true;
}

/** The lines of a text, which end with a newline, a carriage return or both. */
static void push_lines(struct list *lines, const struct text_buffer *out)
{
    const char *at = text_buffer_bytes(out), *end = at + out->length;
    while (at < end) {
        size_t length = strcspn(at, "\r\n");
        while (at[length] == '\0' && at + length < end)
            length += 1 + strcspn(at + length + 1, "\r\n");
        list_push_take(lines, value_string_length(at, length));
        at += length;
        at += at < end && at[0] == '\r' && at[1] == '\n' ? 2 : at < end;
    }
}

static bool lookup_lines(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    const struct list *terms = arguments[0].as.list;
    OWNED lines = value_list_new();
    for (size_t i = 0; i < terms->count; i++) {
        CLEANUP(text_buffer_done) struct text_buffer out = {0};
        if (!value_is_string(terms->items[i]))
            return error_set(error, ERROR_TYPE, "'%s' object is not iterable", value_type_name(terms->items[i]));
        if (!run_term(evaluation, "lines", terms->items[i], &out, error))
            return false;
        push_lines(lines.as.list, &out);
    }
    *result = value_steal(&lines);
    return true;
}

static bool lookup_url(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    (void)arguments;
    (void)result;
    return error_set(error, ERROR_LOOKUP, "The lookup 'url' is not supported yet.");
}

static const struct function rows[] = {
    {"env", "terms, default=''" LOOKUP_UNKNOWN, lookup_env, LOOKUP_FLAGS | FUNCTION_TAKES_UNDEFINED,
     "Variables of the environment."},
    {"lines", "terms" LOOKUP_UNKNOWN, lookup_lines, LOOKUP_FLAGS, "The lines that commands print."},
    {"pipe", "terms" LOOKUP_UNKNOWN, lookup_pipe, LOOKUP_FLAGS, "What commands print."},
    {"url", "terms" LOOKUP_UNKNOWN, lookup_url, LOOKUP_FLAGS, "Refused: the network is not supported yet."},
};

const struct function_table lookups_programs = {FUNCTION_LOOKUP, "ansible.builtin", rows, COUNT_OF(rows)};
