/*
 * Character references of HTML: numeric ones and the names of HTML 4.
 */
#ifndef PLAYLET_STDLIB_FILTERS_HTML_ENTITIES_H
#define PLAYLET_STDLIB_FILTERS_HTML_ENTITIES_H

#include "runtime/value/text.h"

/** Appends the text with its references replaced, as browsers do: the older names need no semicolon. */
void html_append_unescaped(struct text_buffer *out, const char *bytes, size_t length);

#endif
