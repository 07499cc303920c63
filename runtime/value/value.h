/*
 * Values: what every variable, argument and result is.
 *
 * A `struct value` is 16 bytes and passed by value.  Scalars are inline; strings, lists, dicts, big integers,
 * undefined values and objects are reference-counted bodies, copied on write when shared (value_own_*).
 * The semantics are Python's, which playbooks were written against (docs.python.org, "Data model").
 *
 * Ownership: see memory.h.  `value_copy` makes a second owner, `value_drop` ends one; both are cheap for
 * scalars.  Bodies hold no cycles: nothing can put a container into itself (value_own_* would copy it first).
 *
 * Trust and laziness: a string value may be TRUSTED as a template (it came from a playbook, a variables file, an
 * inventory or the command line).  A trusted string that holds a template's opening is also LAZY: reading it
 * through the expression engine evaluates it.  The result of an evaluation is never trusted, so nothing is
 * templated twice.  A list or dict is lazy when something inside it is; bodies keep that up to date.
 */
#ifndef PLAYLET_RUNTIME_VALUE_VALUE_H
#define PLAYLET_RUNTIME_VALUE_VALUE_H

#include "runtime/memory.h"
#include "runtime/source/error.h"

enum value_kind {
    VALUE_NULL,         /* Python's None; the zero value of the struct */
    VALUE_BOOL,
    VALUE_INT,          /* fits a machine word */
    VALUE_FLOAT,
    /* from here on: reference-counted bodies */
    VALUE_BIGINT,       /* an int past the machine word; never one that fits */
    VALUE_STRING,
    VALUE_LIST,
    VALUE_TUPLE,        /* a list's body that does not change; prints and compares as Python's tuple */
    VALUE_DICT,
    VALUE_UNDEFINED,
    VALUE_OBJECT,       /* anything with a class: datetime, namespace, macro, bound method, loop, range ... */
    VALUE_OMIT,         /* the placeholder that removes its key, argument or item; has no body */
};

enum value_flag {
    VALUE_TRUSTED = 1,  /* string: may be evaluated as a template or a condition */
    VALUE_LAZY = 2,     /* string: trusted and holds a template ({{, {% or {#) */
    VALUE_MARKUP = 4,   /* string: markupsafe's Markup (`safe`, `escape`) */
    VALUE_BYTES = 16,   /* string: Python's bytes (str.encode): counted and printed byte by byte, a string once stored */
    VALUE_SECRET = 8,   /* string: came from a vault; never shown in errors */
};

struct value {
    uint8_t kind;       /* enum value_kind */
    uint8_t flags;      /* enum value_flag, strings only */
    union {
        bool boolean;
        int64_t integer;
        double floating;
        uint32_t *references;       /* every body begins with its count */
        struct text *text;          /* STRING */
        struct list *list;          /* LIST, TUPLE */
        struct dict *dict;
        struct bigint *bigint;
        struct undefined *undefined;
        struct object *object;
    } as;
};

_Static_assert(sizeof(struct value) == 16, "a value is two words");

#define OWNED CLEANUP(value_cleanup) struct value

/* ---- constructors ---- */

static inline struct value value_null(void) { return (struct value){.kind = VALUE_NULL}; }
static inline struct value value_bool(bool b) { return (struct value){.kind = VALUE_BOOL, .as.boolean = b}; }
static inline struct value value_int(int64_t i) { return (struct value){.kind = VALUE_INT, .as.integer = i}; }
static inline struct value value_float(double d) { return (struct value){.kind = VALUE_FLOAT, .as.floating = d}; }
static inline struct value value_omit(void) { return (struct value){.kind = VALUE_OMIT}; }

/** An untrusted string of NUL-terminated bytes / of `length` bytes.  Bytes that are not UTF-8 are kept (see text.h). */
struct value value_string(const char *bytes) NODISCARD;
struct value value_string_length(const char *bytes, size_t length) NODISCARD;
struct value value_string_format(const char *format, ...) PRINTF_FORMAT(1, 2) NODISCARD;

struct value value_string_take(struct text *text) NODISCARD;
struct value value_list_take(struct list *list) NODISCARD;
struct value value_tuple_take(struct list *list) NODISCARD;
struct value value_dict_take(struct dict *dict) NODISCARD;
struct value value_object_take(struct object *object) NODISCARD;
struct value value_list_new(void) NODISCARD;    /* empty */
struct value value_dict_new(void) NODISCARD;    /* empty */

/**
 * An undefined value.  `message` says what was asked for ("'x' is undefined", "object of type 'dict' has no
 * attribute 'b'"); `span` where, may be {0}; `help` may be NULL.  Using it is the error, testing it is not.
 */
struct value value_undefined(struct span span, const char *help, const char *message, ...) PRINTF_FORMAT(3, 4) NODISCARD;

/** The same with a message that is taken, asked for by `length` bytes from `start` of a template's text (NULL: unknown): where
 *  these stand in the user's file is found out only when it becomes an error. */
struct value value_undefined_take_message(struct text *message, struct text *origin, uint32_t start, uint32_t length) NODISCARD;

/** An undefined value that stands for a failure: using it, testing it included, is that error, which is taken (left empty). */
struct value value_undefined_take(struct error *error) NODISCARD;

/* ---- ownership ---- */

static inline bool value_has_body(struct value value)
{
    return value.kind >= VALUE_BIGINT && value.kind <= VALUE_OBJECT;
}

void value_free(struct value value);    /* the last owner went; called by value_drop only */

/** A second owner of the same body. */
static inline struct value value_copy(struct value value)
{
    if (value_has_body(value))
        ++*value.as.references;
    return value;
}

static inline void value_drop(struct value value)
{
    if (value_has_body(value) && --*value.as.references == 0)
        value_free(value);
}

static inline void value_cleanup(struct value *value) { value_drop(*value); }

/** Takes the value out of an owning local: `return value_steal(&result);`. */
static inline struct value value_steal(struct value *value)
{
    struct value stolen = *value;
    *value = value_null();
    return stolen;
}

/** Drops what `slot` held and puts `value` there. */
static inline void value_replace_take(struct value *slot, struct value value)
{
    struct value old = *slot;
    *slot = value;
    value_drop(old);
}

/** The list or dict of `value`, made unshared first if it was shared: the only way to a body that may be changed. */
struct list *value_own_list(struct value *value);
struct dict *value_own_dict(struct value *value);

/* ---- questions ---- */

static inline bool value_is_null(struct value value) { return value.kind == VALUE_NULL; }
static inline bool value_is_string(struct value value) { return value.kind == VALUE_STRING; }
static inline bool value_is_list(struct value value) { return value.kind == VALUE_LIST; }
static inline bool value_is_sequence(struct value value) { return value.kind == VALUE_LIST || value.kind == VALUE_TUPLE; }
static inline bool value_is_dict(struct value value) { return value.kind == VALUE_DICT; }
static inline bool value_is_undefined(struct value value) { return value.kind == VALUE_UNDEFINED; }
static inline bool value_is_omit(struct value value) { return value.kind == VALUE_OMIT; }
/** int of any size; not bool */
static inline bool value_is_integer(struct value value) { return value.kind == VALUE_INT || value.kind == VALUE_BIGINT; }
/** int, float or bool, as Python's numbers.Number */
static inline bool value_is_number(struct value value)
{
    return value.kind == VALUE_BOOL || value_is_integer(value) || value.kind == VALUE_FLOAT;
}

/** Is something in it still to be settled: a string to be templated, an undefined value, an omit? */
bool value_is_lazy(struct value value);

/** Python's bool(value).  An undefined value is false: the caller asks first where that is an error. */
bool value_truth(struct value value);

/** Python's name of its type: "NoneType", "bool", "int", "float", "str", "list", "tuple", "dict", or the class's. */
const char *value_type_name(struct value value);

/** Characters of a string, items of a list, keys of a dict; -1 where it has no length. */
int64_t value_length(struct value value);

/* ---- strings ---- */

/** Marks a string (or, deeply, the strings of an unshared-or-copied container) as trusted, and lazy where it holds a template. */
struct value value_trusted(struct value value) NODISCARD;

/** The same value with no string in it trusted (and so nothing lazy); shares what needs no change. */
struct value value_untrusted(struct value value) NODISCARD;

/** Is it this string?  False for other kinds. */
bool value_equals_string(struct value value, const char *bytes);

/** The bytes of a string value, NUL-terminated (a NUL inside is possible; use text.h's length where it matters). */
const char *value_bytes(struct value value);

/** Fills the error "<message of the undefined value>", ERROR_UNDEFINED, its span and help.  Returns false. */
bool value_undefined_error(struct value undefined, struct error *error);

/** Does it stand for a failure (value_undefined_take)? */
bool value_is_failure(struct value value);

/** The body of VALUE_UNDEFINED. */
struct undefined {
    uint32_t references;
    struct text *message;
    struct text *help;      /* or NULL */
    struct span span;       /* owned reference, or {0} */
    struct text *origin;    /* the text that `span` is yet to be found from; owned, or NULL */
    uint32_t start, length; /* bytes of it */
    struct error *failure;  /* owned: what went wrong while it was evaluated; NULL: nothing, it is only not there */
};

#endif
