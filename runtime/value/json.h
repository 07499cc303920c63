/*
 * JSON: read with places of errors, written in Python's form (json.dumps: ", " and ": ", NaN, Infinity, \u escapes).
 * Reading is held against the public JSONTestSuite; NaN, Infinity, -Infinity are read as Python reads them, integers
 * have no bound, a duplicate key's last value wins.
 */
#ifndef PLAYLET_RUNTIME_VALUE_JSON_H
#define PLAYLET_RUNTIME_VALUE_JSON_H

#include "runtime/value/text.h"
#include "runtime/value/value.h"

struct json_style {
    int indent;             /* spaces a level; negative: one line */
    bool sort_keys;
    bool ascii;             /* escape all that is not ASCII */
    bool compact;           /* no space after ',' and ':' */
    bool finite;            /* NaN and infinities are the error */
    const char *indentation; /* of a level, in place of `indent` spaces; NULL: these */
    const char *item_separator, *key_separator; /* in place of ',' and ':' with or without a space; NULL: these */
};

/** Appends the value; ERROR_TYPE for what JSON has no form for ("Object of type X is not JSON serializable").
 *  Keys: strings, and numbers, booleans and null as Python turns them into text.  Undefined values: ERROR_UNDEFINED. */
bool json_append(struct text_buffer *out, struct value value, const struct json_style *style, struct error *error);

/** Reads one document (white space around it allowed).  Strings in it are untrusted.
 *  ERROR_VALUE with Python's wording ("Expecting value: line 1 column 1 (char 0)"). */
bool json_parse(const char *bytes, size_t length, struct value *result, struct error *error);

#endif
