/*
 * Options of lookups, converted as the reference's configuration does, with its messages: "Config 'col' for 'csvfile'
 * lookup plugin from 'Direct' has an invalid value: Invalid value provided for 'int': 'x'".
 */
#ifndef PLAYLET_STDLIB_LOOKUPS_OPTION_H
#define PLAYLET_STDLIB_LOOKUPS_OPTION_H

#include "runtime/value/list.h"

/** Which option of which lookup, and what its type is called. */
struct option_place {
    const char *lookup;
    const char *option;
    const char *type;
};

/** The error of a value that does not fit.  Returns false. */
bool option_invalid(const struct option_place *place, struct value value, struct error *error);

/** An int: a whole number, or text that is one in decimal digits. */
bool option_int(const struct option_place *place, struct value value, int64_t *result, struct error *error);

/** Truth as the reference's bool without strictness: "yes", "on", "true", "1" ..., and no for all that it does not know. */
bool option_truth(struct value value);

/** A list of strings: text is divided at its commas. */
struct list *option_strings(const struct option_place *place, struct value value, struct error *error) NODISCARD;

/** Is it a string? (types "str" and "path") */
bool option_is_string(const struct option_place *place, struct value value, struct error *error);

/** A term that must be text: ERROR_TYPE "'int' object has no attribute 'split'", the method being what Python asks for first. */
bool term_is_string(struct value term, const char *method, struct error *error);

/** The parts of a text between any of these separator characters, without white space at their ends, empty ones left out. */
struct list *text_parts(const struct text *text, const char *separators) NODISCARD;

#endif
