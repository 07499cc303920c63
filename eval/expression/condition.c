/* Conditions: expressions that must come to a boolean (when, until, changed_when, failed_when, assert). */
#include <string.h>
#include <strings.h>

#include "eval/expression/engine_state.h"
#include "eval/expression/variable.h"
#include "runtime/value/compare.h"
#include "runtime/value/repr.h"

#define BLANKS " \t\r\n"

bool value_to_bool(struct value value, bool *result, struct error *error)
{
    static const char *const yes[] = {"yes", "on", "1", "true", "t", "y"};
    static const char *const no[] = {"no", "off", "0", "false", "f", "n"};
    if (value_is_number(value) && (value_equal(value, value_int(0)) || value_equal(value, value_int(1)))) {
        *result = value_truth(value);
        return true;
    }
    for (size_t i = 0; value_is_string(value) && i < COUNT_OF(yes); i++) {
        bool is_yes = strcasecmp(value_bytes(value), yes[i]) == 0;
        if (is_yes || strcasecmp(value_bytes(value), no[i]) == 0) {
            *result = is_yes;
            return true;
        }
    }
    CLEANUP(text_buffer_done) struct text_buffer shown = {0};
    value_append_repr(&shown, value);
    return error_set(error, ERROR_TYPE, "The value %s could not be converted to 'bool'.", text_buffer_bytes(&shown));
}

/** What a condition came to: a boolean, or anything where broken conditions are allowed. */
static bool accept(const struct engine *engine, struct value value, bool *result, struct error *error)
{
    if (value_is_omit(value)) {
        error_set(error, ERROR_OMIT, "A template was resolved to an Omit scalar.");
        return false;
    }
    if (value.kind == VALUE_BOOL || engine->settings.allow_broken_conditionals) {
        *result = value_truth(value);
        return true;
    }
    error_set(error, ERROR_CONDITIONAL,
              "Conditional result (%s) was derived from value of type '%s'. Conditionals must have a boolean result.",
              value_truth(value) ? "True" : "False", value_type_name(value));
    return error_help(error, "Compare it: `... | length > 0`, `... is defined`, `... == 'text'`, `... | bool`.");
}

static bool is_blank(const struct text *text)
{
    return strspn(text->bytes, BLANKS) == text->length;
}

static bool fail_empty(struct error *error)
{
    return error_set(error, ERROR_CONDITIONAL, "Empty conditional expressions are not allowed.");
}

static bool fail_untrusted(struct error *error)
{
    error_set(error, ERROR_UNTRUSTED, "Encountered untrusted template or expression.");
    return error_help(
        error, "What a template makes and what a module returns is never evaluated: write the condition itself.");
}

/** The value of an expression, which must be defined. */
static bool evaluate_expression(struct evaluation *evaluation, struct text *text, struct value *result,
                                struct error *error)
{
    struct template *template = engine_expression(evaluation->engine, text, error);
    if (!template) {
        const char *opening = strchr(text->bytes, '{');
        if (opening && opening[1] && strchr("{%#", opening[1]))
            error_help(error,
                       "Template delimiters are not supported in expressions: write names and strings as they are.");
        return false;
    }
    evaluation->template = template;
    return expression_evaluate_defined(evaluation, template->expression, result, error) ||
           template_settle_error(template, error);
}

/** The value of a condition that is written as a template; a trusted text that it yields is the condition in its place. */
static bool evaluate_braces(struct evaluation *evaluation, struct text *text, struct value *result, struct error *error)
{
    OWNED value = value_null();
    if (!engine_evaluate_text(evaluation, text, &value, error))
        return false;
    if (value_is_undefined(value))
        return undefined_error(evaluation, value, error);
    if (value_is_null(value) || (value_is_string(value) && is_blank(value.as.text)))
        return fail_empty(error);
    if (!value_is_string(value)) {
        *result = value_steal(&value);
        return true;
    }
    if (!(value.flags & VALUE_TRUSTED))
        return fail_untrusted(error);
    return evaluate_expression(evaluation, value.as.text, result, error);
}

/** Is the whole text enclosed in a template's delimiters? */
static bool is_template(const struct text *text)
{
    const char *first = text->bytes, *last = text->bytes + text->length;
    return last - first >= 4 && ((strncmp(first, "{{", 2) == 0 && strncmp(last - 2, "}}", 2) == 0) ||
                                 (strncmp(first, "{%", 2) == 0 && strchr("%}", last[-2]) && last[-1] == '}'));
}

/** The text without white space around it; a reference of its own. */
static struct text *strip(struct text *text)
{
    uint32_t first = (uint32_t)strspn(text->bytes, BLANKS), last = text->length;
    while (last > first && strchr(BLANKS, text->bytes[last - 1]))
        --last;
    if (first == 0 && last == text->length)
        return text_copy(text);
    return text_with_span_take(text_new(text->bytes + first, last - first), text_span(text, first, last - first));
}

/** The value of a condition that is text. */
static bool evaluate_text(struct evaluation *evaluation, struct value condition, struct value *result,
                          struct error *error)
{
    if (is_blank(condition.as.text))
        return fail_empty(error);
    if (!(condition.flags & VALUE_TRUSTED))
        return fail_untrusted(error);
    struct text *text = strip(condition.as.text);
    bool ok = is_template(text) ? evaluate_braces(evaluation, text, result, error)
                                : evaluate_expression(evaluation, text, result, error);
    text_drop(text);
    return ok;
}

bool engine_condition(struct engine *engine, struct scope *scope, struct value condition, bool *result,
                      struct error *error)
{
    struct evaluation evaluation = {.engine = engine, .scope = scope, .templates_constants = true};
    OWNED value = value_null();
    if (value_is_string(condition))
        return evaluate_text(&evaluation, condition, &value, error) && accept(engine, value, result, error);
    if (condition.kind == VALUE_BOOL || engine->settings.allow_broken_conditionals)
        return accept(engine, condition, result, error);
    return error_set(error, ERROR_CONDITIONAL, "Conditional expressions must be strings.");
}
