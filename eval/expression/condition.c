/* Conditions: expressions that must come to a boolean (when, until, changed_when, failed_when, assert). */
#include <string.h>
#include <strings.h>

#include "eval/expression/engine_state.h"
#include "eval/expression/variable.h"
#include "runtime/value/compare.h"
#include "runtime/value/repr.h"

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
    if (value.kind == VALUE_BOOL || engine->settings.allow_broken_conditionals) {
        *result = value_truth(value);
        return true;
    }
    error_set(error, ERROR_CONDITIONAL,
              "Conditional result (%s) was derived from value of type '%s'. Conditionals must have a boolean result.",
              value_truth(value) ? "True" : "False", value_type_name(value));
    return error_help(error, "Compare it: `... | length > 0`, `... is defined`, `... == 'text'`, `... | bool`.");
}

/** The value of an expression, which must be defined. */
static bool evaluate_expression(struct evaluation *evaluation, struct text *text, struct value *result,
                                struct error *error)
{
    struct template *template = engine_expression(evaluation->engine, text, error);
    if (!template)
        return false;
    evaluation->template = template;
    return expression_evaluate_defined(evaluation, template->expression, result, error);
}

/** The value of a condition that is written as a template; a trusted text that it yields is the condition in its place. */
static bool evaluate_braces(struct evaluation *evaluation, struct text *text, struct value *result, struct error *error)
{
    OWNED value = value_null();
    if (!engine_evaluate_text(evaluation, text, &value, error))
        return false;
    if (value_is_undefined(value))
        return undefined_error(evaluation, NULL, value, error);
    if (!value_is_string(value)) {
        *result = value_steal(&value);
        return true;
    }
    if (!(value.flags & VALUE_TRUSTED))
        return error_set(error, ERROR_UNTRUSTED, "Conditional is marked as unsafe, and cannot be evaluated.");
    return evaluate_expression(evaluation, value.as.text, result, error);
}

/** Does the text begin with a template's opening, after white space? */
static bool is_template(const char *bytes)
{
    bytes += strspn(bytes, " \t\r\n");
    return bytes[0] == '{' && bytes[1] != '\0' && strchr("{%#", bytes[1]);
}

static bool is_blank(const struct text *text)
{
    return strspn(text->bytes, " \t\r\n") == text->length;
}

bool engine_condition(struct engine *engine, struct scope *scope, struct value condition, bool *result,
                      struct error *error)
{
    struct evaluation evaluation = {.engine = engine, .scope = scope, .templates_constants = true};
    OWNED value = value_null();
    if (!value_is_string(condition))
        return condition.kind == VALUE_BOOL || engine->settings.allow_broken_conditionals
                   ? accept(engine, condition, result, error)
                   : error_set(error, ERROR_CONDITIONAL, "Conditional expressions must be strings.");
    if (is_blank(condition.as.text))
        return error_set(error, ERROR_CONDITIONAL, "Empty conditional expressions are not allowed.");
    if (!(condition.flags & VALUE_TRUSTED))
        return error_set(error, ERROR_UNTRUSTED, "Conditional is marked as unsafe, and cannot be evaluated.");
    bool ok = is_template(condition.as.text->bytes)
                  ? evaluate_braces(&evaluation, condition.as.text, &value, error)
                  : evaluate_expression(&evaluation, condition.as.text, &value, error);
    return ok && accept(engine, value, result, error);
}
