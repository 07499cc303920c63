#include "runtime/value/markup.h"

#include <string.h>

#include "runtime/value/repr.h"

static const char *entity_of(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\'':
        return "&#39;";
    case '"':
        return "&#34;";
    default:
        return NULL;
    }
}

void markup_append_escaped(struct text_buffer *out, const char *bytes, size_t length)
{
    const char *end = bytes + length, *plain = bytes;
    for (; bytes < end; bytes++) {
        const char *entity = entity_of(*bytes);
        if (!entity)
            continue;
        text_buffer_append(out, plain, (size_t)(bytes - plain));
        text_buffer_append_string(out, entity);
        plain = bytes + 1;
    }
    text_buffer_append(out, plain, (size_t)(end - plain));
}

struct value markup_escape(struct value value)
{
    if (value_is_markup(value))
        return value_copy(value);
    OWNED plain = value_str(value);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    markup_append_escaped(&out, value_bytes(plain), plain.as.text->length);
    struct value escaped = value_string_take(text_buffer_take(&out));
    escaped.flags = VALUE_MARKUP;
    return escaped;
}
