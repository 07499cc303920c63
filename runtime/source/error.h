/*
 * Errors of the user: what went wrong, where, why, and the way out.
 *
 * A fallible function returns bool or NULL and fills a `struct error *` given by the caller.  The place is
 * attached once a layer, by the one who knows the node (error_at).  An outer layer wraps (error_wrap): its
 * message becomes the head, what was there becomes the cause.  Nothing here prints; see render.h.
 *
 * An error variable starts as `struct error error = {0}` and ends with error_done.  A function that fails
 * fills an empty error; it never writes over one.
 */
#ifndef PLAYLET_RUNTIME_SOURCE_ERROR_H
#define PLAYLET_RUNTIME_SOURCE_ERROR_H

#include "runtime/source/source.h"

enum error_kind {
    ERROR_NONE,
    ERROR_UNDEFINED,    /* an undefined value was used */
    ERROR_SYNTAX,       /* the text of a template or expression does not parse */
    ERROR_NO_PLUGIN,    /* an unknown filter, test, lookup or function */
    ERROR_FILTER,       /* a filter, test, lookup failed */
    ERROR_TEST,
    ERROR_LOOKUP,
    ERROR_TYPE,         /* an operation on values of the wrong type */
    ERROR_VALUE,        /* ... of the right type with a wrong value */
    ERROR_ZERO_DIVISION,
    ERROR_KEY,          /* a missing key or index where Python raises KeyError / IndexError */
    ERROR_RECURSION,    /* variables that refer to one another in a ring */
    ERROR_OMIT,         /* the whole value is the omit placeholder */
    ERROR_CONDITIONAL,  /* a condition that is empty or no boolean */
    ERROR_UNTRUSTED,    /* a condition made of text that is not trusted */
    ERROR_LIMIT,        /* a limit of limits.h */
    ERROR_PARSE,        /* YAML or the playbook's structure */
    ERROR_FILE,         /* a file that cannot be found or read */
    ERROR_USAGE,        /* the command line */
    ERROR_MODULE,       /* a module's arguments */
    ERROR_OTHER,
};

struct error {
    enum error_kind kind;
    char *message;          /* one sentence, or lines; no trailing newline */
    char *help;             /* the way out ("Did you mean 'x'?"), or NULL */
    struct span span;       /* where (owned: holds a reference to its source), or {0} */
    struct error *cause;    /* what lies behind it, or NULL */
    bool is_settled;        /* told as it is: what failed on the way out adds no message of its own */
};

#define OWNED_ERROR CLEANUP(error_done) struct error

/** Fills an empty error.  Always returns false, so that `return error_set(...)` reads well. */
bool error_set(struct error *error, enum error_kind kind, const char *format, ...) PRINTF_FORMAT(3, 4);

/** Adds the way out, replacing one that was there; "%s" and friends as in printf.  Returns false. */
bool error_help(struct error *error, const char *format, ...) PRINTF_FORMAT(2, 3);

/** Says where, unless the error knows a place already.  A reference to the source is taken.  Returns false. */
bool error_at(struct error *error, struct span span);

/** Makes the present error the cause of a new one with the same kind, no place and this message.  Returns false. */
bool error_wrap(struct error *error, const char *format, ...) PRINTF_FORMAT(2, 3);

/** Moves `from` (left empty) into the empty `to`.  Returns false. */
bool error_move(struct error *to, struct error *from);

/** A second one that says the same. */
struct error error_copy(const struct error *error) NODISCARD;

/**
 * The messages from the head to the innermost cause, joined with ": ", skipping a cause whose text the
 * message before it already ends with.  Trailing periods before a joint are dropped.
 */
char *error_chain_message(const struct error *error) NODISCARD;

/** The same for the errors before the cause `end` (NULL: all). */
char *error_chain_message_until(const struct error *error, const struct error *end) NODISCARD;

/** Lets go of everything; the error is empty again. */
void error_done(struct error *error);

#endif
