#include "runtime/source/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** The formatted text, owned. */
static char *error_format(const char *format, va_list arguments)
{
    char *text;
    if (vasprintf(&text, format, arguments) < 0)
        memory_exhausted();
    return text;
}

bool error_set(struct error *error, enum error_kind kind, const char *format, ...)
{
    if (error->message)
        bug("an error over an error: \"%s\" behind \"%s\"", format, error->message);
    va_list arguments;
    va_start(arguments, format);
    error->kind = kind;
    error->message = error_format(format, arguments);
    va_end(arguments);
    return false;
}

bool error_help(struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *help = error_format(format, arguments);
    va_end(arguments);
    free(error->help);
    error->help = help;
    return false;
}

bool error_at(struct error *error, struct span span)
{
    if (!error->span.source)
        error->span = span_copy(span);
    return false;
}

bool error_wrap(struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *message = error_format(format, arguments); /* before the move: the arguments may be the error's own texts */
    va_end(arguments);
    struct error *cause = memory_new(sizeof *cause);
    *cause = *error;
    *error = (struct error){.kind = cause->kind, .message = message, .cause = cause};
    return false;
}

bool error_move(struct error *to, struct error *from)
{
    if (to->message)
        bug("an error moved over an error: \"%s\"", to->message);
    *to = *from;
    *from = (struct error){0};
    return false;
}

static char *copy_string(const char *string)
{
    return string ? memory_copy_string(string, strlen(string)) : NULL;
}

struct error error_copy(const struct error *error)
{
    struct error first = {0}, *copy = &first;
    for (;; error = error->cause) {
        *copy = *error;
        copy->message = copy_string(error->message);
        copy->help = copy_string(error->help);
        copy->span = span_copy(error->span);
        if (!error->cause)
            return first;
        copy = copy->cause = memory_new(sizeof *copy);
    }
}

static bool ends_with(const char *text, size_t length, const char *ending)
{
    size_t ending_length = strlen(ending);
    return length >= ending_length && memcmp(text + length - ending_length, ending, ending_length) == 0;
}

char *error_chain_message(const struct error *error)
{
    return error_chain_message_until(error, NULL);
}

char *error_chain_message_until(const struct error *error, const struct error *end)
{
    char *chain = memory_copy_string("", 0);
    size_t length = 0;
    for (; error != end; error = error->cause) {
        if (!error->message || ends_with(chain, length, error->message))
            continue;
        while (length && chain[length - 1] == '.')
            length--;
        size_t added = strlen(error->message);
        chain = memory_resize(chain, length + added + sizeof ": ", 1);
        if (length) {
            memcpy(chain + length, ": ", 2);
            length += 2;
        }
        memcpy(chain + length, error->message, added + 1);
        length += added;
    }
    return chain;
}

void error_done(struct error *error)
{
    for (struct error *cause = error->cause, *next; cause; cause = next) {
        next = cause->cause;
        cause->cause = NULL;
        error_done(cause);
        free(cause);
    }
    free(error->message);
    free(error->help);
    span_drop(error->span);
    *error = (struct error){0};
}
