/* Arguments of str's methods: strings, and the stretch of the text that `start` and `end` choose. */
#ifndef PLAYLET_STDLIB_METHODS_STRING_ARGUMENT_H
#define PLAYLET_STDLIB_METHODS_STRING_ARGUMENT_H

#include "eval/plugin.h"

/** Is it a string?  Else ERROR_TYPE "<what> must be str, not int" (`what` may be empty). */
bool string_argument(struct value argument, const char *what, struct error *error);

/** The bytes from one place of a text to another. */
struct stretch {
    const char *start;
    const char *end;
};

/** The code points [start:end] of `self`, as a slice takes them; null stands for the ends.
 *  False when the start lies behind the end of the text, where not even the empty string is found. */
bool string_stretch(struct value self, struct value start, struct value end, struct stretch *stretch, bool *is_inside,
                    struct error *error);

#endif
