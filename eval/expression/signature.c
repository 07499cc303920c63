#include "eval/expression/signature.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "parser/python_literal.h"
#include "runtime/source/suggest.h"
#include "runtime/value/text.h"

/** The mark of a parameter that must be given, and of a slot that is still empty: an undefined value without a body. */
static struct value required(void)
{
    return (struct value){.kind = VALUE_UNDEFINED};
}

static bool is_required(struct value fallback)
{
    return fallback.kind == VALUE_UNDEFINED && !fallback.as.undefined;
}

static void drop_fallback(struct value fallback)
{
    if (!is_required(fallback))
        value_drop(fallback);
}

uint32_t signature_slots(const struct signature *signature)
{
    return signature->count + signature->has_rest + signature->has_options;
}

/** The index of the slot that a parameter's value goes to: the rest stands between positional and keyword-only ones. */
static uint32_t slot_of(const struct signature *signature, uint32_t parameter)
{
    return parameter + (signature->has_rest && parameter >= signature->positional_count);
}

/* ---- parsing ---- */

/** The length of one parameter's text: up to a comma outside of quotes and brackets. */
static size_t parameter_length(const char *text)
{
    char quote = '\0';
    int depth = 0;
    size_t i;
    for (i = 0; text[i] && (quote || depth > 0 || text[i] != ','); i++) {
        if (quote)
            quote = text[i] == quote ? '\0' : quote;
        else if (text[i] == '\'' || text[i] == '"')
            quote = text[i];
        else
            depth += (strchr("([{", text[i]) != NULL) - (strchr(")]}", text[i]) != NULL);
    }
    return i;
}

/** Adds "name" or "name=literal". */
static void add_parameter(struct signature *signature, const char *text, size_t length)
{
    const char *equals = memchr(text, '=', length);
    size_t name_length = equals ? (size_t)(equals - text) : length;
    struct signature_parameter parameter = {.fallback = required()};
    while (name_length > 0 && isspace((unsigned char)text[name_length - 1]))
        --name_length;
    parameter.name = text_new(text, name_length);
    if (equals && !python_literal_parse(equals + 1, length - (size_t)(equals + 1 - text), &parameter.fallback))
        bug("the signature of '%s' has a default that is no literal: %.*s", signature->function_name, (int)length,
            text);
    signature->parameters = memory_resize(signature->parameters, signature->count + 1, sizeof *signature->parameters);
    signature->parameters[signature->count++] = parameter;
}

struct signature *signature_parse(const char *function_name, const char *parameters)
{
    struct signature *signature = memory_new_array(1, sizeof *signature);
    bool keyword_only = false;
    signature->function_name = function_name;
    for (const char *at = parameters; at && *at;) {
        size_t length = parameter_length(at), space = strspn(at, " \n");
        const char *text = at + space;
        size_t text_length = length - space;
        if (text_length >= 2 && text[0] == '*' && text[1] == '*') {
            signature->has_options = true;
        } else if (text_length >= 1 && *text == '*') {
            signature->has_rest = text_length > 1;
            keyword_only = true;
        } else if (text_length > 0) {
            add_parameter(signature, text, text_length);
            signature->positional_count += !keyword_only;
        }
        at += length + (at[length] == ',');
    }
    return signature;
}

void signature_free(struct signature *signature)
{
    if (!signature)
        return;
    for (uint32_t i = 0; i < signature->count; i++) {
        text_drop(signature->parameters[i].name);
        drop_fallback(signature->parameters[i].fallback);
    }
    free(signature->parameters);
    free(signature);
}

/* ---- errors ---- */

/** "f() takes from 1 to 2 positional arguments but 3 were given". */
static bool fail_count(const struct signature *signature, size_t given, struct error *error)
{
    uint32_t most = signature->positional_count, least = 0;
    for (uint32_t i = 0; i < most; i++)
        least += is_required(signature->parameters[i].fallback);
    const char *were = given == 1 ? "was" : "were";
    if (least != most)
        return error_set(error, ERROR_TYPE, "%s() takes from %u to %u positional arguments but %zu %s given",
                         signature->function_name, least, most, given, were);
    return error_set(error, ERROR_TYPE, "%s() takes %u positional argument%s but %zu %s given",
                     signature->function_name, most, most == 1 ? "" : "s", given, were);
}

/** "f() missing 2 required positional arguments: 'a' and 'b'", of the slots that are still empty. */
static bool fail_missing(const struct signature *signature, const struct value *slots, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer names = {0};
    uint32_t missing[2] = {0}, named = 0;
    for (uint32_t i = 0; i < signature->count; i++)
        missing[i >= signature->positional_count] += is_required(slots[slot_of(signature, i)]);
    bool keyword_only = missing[0] == 0;
    uint32_t count = missing[keyword_only];
    for (uint32_t i = keyword_only ? signature->positional_count : 0; named < count; i++) {
        if (!is_required(slots[slot_of(signature, i)]))
            continue;
        if (named > 0)
            text_buffer_append_string(&names, named + 1 < count ? ", " : count > 2 ? ", and " : " and ");
        text_buffer_append_format(&names, "'%s'", signature->parameters[i].name->bytes);
        ++named;
    }
    return error_set(error, ERROR_TYPE, "%s() missing %u required %s argument%s: %s", signature->function_name, count,
                     keyword_only ? "keyword-only" : "positional", count == 1 ? "" : "s", text_buffer_bytes(&names));
}

/** "f() got an unexpected keyword argument 'x'", with the nearest parameter. */
static bool fail_unexpected(const struct signature *signature, const struct text *name, struct error *error)
{
    struct suggestion suggestion;
    suggestion_init(&suggestion, name->bytes, name->length);
    for (uint32_t i = 0; i < signature->count; i++)
        suggestion_offer(&suggestion, signature->parameters[i].name->bytes, signature->parameters[i].name->length);
    error_set(error, ERROR_TYPE, "%s() got an unexpected keyword argument '%s'", signature->function_name, name->bytes);
    if (suggestion.best)
        error_help(error, "Did you mean '%.*s'?", (int)suggestion.best_length, suggestion.best);
    return false;
}

/* ---- binding ---- */

/** The parameter of this name, or the count. */
static uint32_t find_parameter(const struct signature *signature, const struct text *name)
{
    uint32_t i = 0;
    while (i < signature->count && !text_equal(signature->parameters[i].name, name))
        ++i;
    return i;
}

/** Puts keyword arguments into their slots, or into `options` (NULL: there is no **options). */
static bool bind_keywords(const struct signature *signature, const struct dict *keywords, struct value *slots,
                          struct dict *options, struct error *error)
{
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(keywords, &i, &entry);) {
        struct text *name = entry->key.as.text;
        uint32_t parameter = find_parameter(signature, name);
        if (parameter == signature->count && !options)
            return fail_unexpected(signature, name, error);
        if (parameter == signature->count) {
            dict_set_take(options, value_copy(entry->key), value_copy(entry->value));
            continue;
        }
        struct value *slot = &slots[slot_of(signature, parameter)];
        if (!is_required(*slot))
            return error_set(error, ERROR_TYPE, "%s() got multiple values for argument '%s'", signature->function_name,
                             name->bytes);
        *slot = value_copy(entry->value);
    }
    return true;
}

/** The positional arguments past the parameters, as a tuple. */
static struct value rest_of(const struct value *positional, size_t count, uint32_t taken)
{
    struct list *rest = list_new(count > taken ? count - taken : 0);
    for (size_t i = taken; i < count; i++)
        list_push_take(rest, value_copy(positional[i]));
    return value_tuple_take(rest);
}

/** Fills what was not given with the fallbacks; false when something required is missing. */
static bool fill_slots(const struct signature *signature, struct value *slots, struct error *error)
{
    bool complete = true;
    for (uint32_t i = 0; i < signature->count; i++) {
        struct value *slot = &slots[slot_of(signature, i)];
        if (!is_required(*slot))
            continue;
        complete &= !is_required(signature->parameters[i].fallback);
        if (!is_required(signature->parameters[i].fallback))
            *slot = value_copy(signature->parameters[i].fallback);
    }
    return complete || fail_missing(signature, slots, error);
}

/** Lets go of the slots that were filled. */
static void drop_slots(const struct signature *signature, struct value *slots)
{
    for (uint32_t i = 0; i < signature_slots(signature); i++)
        if (!is_required(slots[i]))
            value_drop(slots[i]);
}

bool signature_bind(const struct signature *signature, const struct value *positional, size_t positional_count,
                    const struct dict *keywords, struct value *slots, struct error *error)
{
    uint32_t count = signature_slots(signature), taken = signature->positional_count;
    struct dict *options = NULL;
    if (positional_count > taken && !signature->has_rest)
        return fail_count(signature, positional_count, error);
    for (uint32_t i = 0; i < count; i++)
        slots[i] = required();
    for (uint32_t i = 0; i < taken && i < positional_count; i++)
        slots[i] = value_copy(positional[i]);
    if (signature->has_rest)
        slots[taken] = rest_of(positional, positional_count, taken);
    if (signature->has_options) {
        options = dict_new();
        slots[count - 1] = value_dict_take(options);
    }
    if ((!keywords || bind_keywords(signature, keywords, slots, options, error)) && fill_slots(signature, slots, error))
        return true;
    drop_slots(signature, slots);
    return false;
}
