/*
 * Objects: values with a class of their own, a table of functions.  Datetimes, namespaces, macros, bound
 * methods, the `loop` variable, ranges, cyclers and proxies such as hostvars are objects.
 *
 * An object is a struct that begins with `struct object`.  A class leaves NULL what it does not have.
 */
#ifndef PLAYLET_RUNTIME_VALUE_OBJECT_H
#define PLAYLET_RUNTIME_VALUE_OBJECT_H

#include "runtime/value/value.h"

struct text_buffer;

enum lookup_result { LOOKUP_FOUND, LOOKUP_MISSING, LOOKUP_FAILED };

struct object_class {
    const char *type_name;      /* as Python's type(x).__name__ */
    bool is_callable;           /* it begins a struct callable_class (eval/plugin.h) */
    bool is_mapping;            /* its items are keys, which get_item takes (hostvars) */
    void (*free)(struct object *object);    /* releases what it owns and the object's memory */

    /** Attribute (`x.name`) / item (`x[key]`); on LOOKUP_FOUND *result is owned by the caller. */
    enum lookup_result (*get_attribute)(struct object *object, struct text *name, struct value *result, struct error *error);
    enum lookup_result (*get_item)(struct object *object, struct value key, struct value *result, struct error *error);

    /** `{% set x.name = value %}` (a namespace); the value is borrowed.  NULL: not allowed. */
    void (*set_attribute)(struct object *object, struct text *name, struct value value);
    /** Lets go of everything that set_attribute put there, for an object may have come to hold itself. */
    void (*clear)(struct object *object);

    int64_t (*length)(struct object *object);               /* -1: none */
    bool (*truth)(struct object *object);                   /* NULL: by length, else true */
    /** All items as a new list (dict-like: the keys). NULL: not iterable. */
    struct list *(*items)(struct object *object, struct error *error);
    /** `needle in object`. NULL: by items. */
    bool (*contains)(struct object *object, struct value needle, bool *result, struct error *error);

    /** str() and repr(); NULL str: repr; NULL repr: `<type_name object>`. */
    void (*str)(struct object *object, struct text_buffer *out);
    void (*repr)(struct object *object, struct text_buffer *out);

    /** format(object, spec). NULL: str() for an empty spec, an error for any other. */
    bool (*format)(struct object *object, const char *spec, size_t length, struct text_buffer *out, struct error *error);

    uint32_t (*hash)(struct object *object);                /* NULL: by identity */
    /** Same class only; NULL: by identity. Order: negative, 0, positive. */
    bool (*equal)(struct object *left, struct object *right);
    bool (*order)(struct object *left, struct object *right, int *result, struct error *error);

    /** A binary operator ('+', '-', '*', '/', '%', 'f' for //, 'p' for **) with an object on either side;
     *  LOOKUP_MISSING: not supported. */
    enum lookup_result (*binary)(char operation, struct value left, struct value right, struct value *result, struct error *error);

    /** What JSON says in its place. NULL: it has no form there. */
    struct value (*data)(struct object *object);

    /** What a native result becomes outside of templates (a range: error; a view: a list). NULL: itself. */
    bool (*finalize)(struct object *object, struct value *result, struct error *error);
};

struct object {
    uint32_t references;
    const struct object_class *class;
};

/** For `finalize` of classes whose objects mean nothing outside of templates: ERROR_TYPE, false. */
bool object_unsupported(struct object *object, struct value *result, struct error *error);

static inline bool value_is_object(struct value value, const struct object_class *class)
{
    return value.kind == VALUE_OBJECT && value.as.object->class == class;
}

#endif
