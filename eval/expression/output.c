/* Where nodes go: see evaluation.h. */
#include "eval/expression/finalize.h"
#include "eval/expression/variable.h"
#include "runtime/limits.h"
#include "runtime/value/repr.h"

void output_done(struct output *output)
{
    value_drop(output->single);
    text_buffer_done(&output->text);
    *output = (struct output){0};
}

/** From now on the whole is this undefined value. */
static void spoil_take(struct output *output, struct value undefined)
{
    text_buffer_done(&output->text);
    value_replace_take(&output->single, undefined);
    output->is_undefined = true;
}

/** Appends a container; what is undefined within it counts as an undefined node. */
static bool append_container(struct evaluation *evaluation, struct output *output, struct value value,
                             struct error *error)
{
    OWNED resolved = value_null();
    if (evaluation_resolve(evaluation, value, &resolved, error)) {
        OWNED plain = finalize_for_text(resolved);
        value_append_str(&output->text, plain);
        return true;
    }
    if (!output->keeps_undefined)
        return false;
    spoil_take(output, value_undefined_take(error));
    return true;
}

/** Appends a node to the text. */
static bool append(struct evaluation *evaluation, struct output *output, struct value value, struct error *error)
{
    if (output->text.length > LIMIT_TEXT_BYTES)
        return error_set(error, ERROR_LIMIT, "A template made more than %d bytes of text", LIMIT_TEXT_BYTES);
    if (value_is_string(value))
        text_buffer_append_text(&output->text, value.as.text);
    else if (value_is_sequence(value) || value_is_dict(value))
        return append_container(evaluation, output, value, error);
    else if (!value_is_omit(value))
        value_append_str(&output->text, value);
    return true;
}

/** The value that was kept as it is joins the text. */
static bool become_text(struct evaluation *evaluation, struct output *output, struct error *error)
{
    OWNED first = value_steal(&output->single);
    output->is_text = true;
    return append(evaluation, output, first, error);
}

static bool check_string(const struct output *output, struct value value, struct error *error)
{
    return value_is_string(value) || error_set(error, ERROR_TYPE, "sequence item %zu: expected str instance, %s found",
                                               output->count, value_type_name(value));
}

bool output_add_take(struct evaluation *evaluation, struct output *output, struct value value, struct error *error)
{
    OWNED node = value;
    if (output->is_strict && !check_string(output, node, error))
        return false;
    if (value_is_null(node) || output->is_undefined)
        return true;
    if (value_is_undefined(node)) {
        if (!output->keeps_undefined)
            return undefined_error(evaluation, node, error);
        spoil_take(output, undefined_explained(evaluation, node));
        return true;
    }
    if (output->count++ == 0 && !output->is_text) {
        output->single = value_steal(&node);
        return true;
    }
    if (!output->is_text && !become_text(evaluation, output, error))
        return false;
    return output->is_undefined || append(evaluation, output, node, error);
}

bool output_add_text(struct evaluation *evaluation, struct output *output, struct text *text, struct error *error)
{
    if (output->is_text && !output->is_undefined && output->text.length <= LIMIT_TEXT_BYTES) {
        output->count++;
        text_buffer_append_text(&output->text, text);
        return true;
    }
    return output_add_take(evaluation, output, value_string_take(text_copy(text)), error);
}

struct value output_take(struct output *output)
{
    struct value whole = output->is_text && !output->is_undefined ? value_string_take(text_buffer_take(&output->text))
                                                                  : value_steal(&output->single);
    output_done(output);
    return whole;
}
