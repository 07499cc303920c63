/* Where nodes go: see evaluation.h. */
#include "eval/expression/evaluation.h"
#include "eval/expression/variable.h"
#include "runtime/value/object.h"
#include "runtime/value/repr.h"

void output_done(struct output *output)
{
    value_drop(output->single);
    text_buffer_done(&output->text);
    *output = (struct output){0};
}

/** Appends a value as text; lists and dicts must have been resolved. */
static void append(struct output *output, struct value value)
{
    value_append_str(&output->text, value);
}

/** The value that was kept as it is joins the text. */
static void become_text(struct output *output)
{
    if (output->is_text)
        return;
    output->is_text = true;
    if (output->count > 0)
        append(output, output->single);
    value_replace_take(&output->single, value_null());
}

bool output_add_take(struct output *output, struct value value, struct error *error)
{
    OWNED owned = value;
    if (value_is_undefined(value))
        return value_undefined_error(value, error);
    if (value_is_null(value) || value_is_omit(value))
        return true;
    if (output->count == 0 && !output->is_text) {
        output->single = value_steal(&owned);
    } else {
        become_text(output);
        append(output, value);
    }
    ++output->count;
    return true;
}

void output_add_text(struct output *output, struct text *text)
{
    if (output->count++ == 0 && !output->is_text) {
        output->single = value_string_take(text_copy(text));
        return;
    }
    become_text(output);
    text_buffer_append_text(&output->text, text);
}

void output_take(struct output *output, struct value *result)
{
    if (output->is_text)
        *result = value_string_take(text_buffer_take(&output->text));
    else
        *result = value_steal(&output->single);
    output->count = 0;
}
