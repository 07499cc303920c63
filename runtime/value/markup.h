/*
 * Markup: strings that are safe as HTML (VALUE_MARKUP), as markupsafe's Markup.  What is joined to one is escaped.
 */
#ifndef PLAYLET_RUNTIME_VALUE_MARKUP_H
#define PLAYLET_RUNTIME_VALUE_MARKUP_H

#include "runtime/value/text.h"
#include "runtime/value/value.h"

static inline bool value_is_markup(struct value value)
{
    return value.kind == VALUE_STRING && value.flags & VALUE_MARKUP;
}

/** str(value) as markup: & < > ' " replaced by their entities, what is markup already as it is. */
struct value markup_escape(struct value value) NODISCARD;

/** Appends `length` bytes with the five characters replaced. */
void markup_append_escaped(struct text_buffer *out, const char *bytes, size_t length);

#endif
