#include "commands/eval_batch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/value/json.h"
#include "runtime/value/repr.h"

static const struct json_style LINE_STYLE = {.indent = -1, .ascii = true};

/* ---- values to JSON ---- */

static struct value encode(struct value value);

/** {key: value}. */
static struct value encode_tagged(const char *key, struct value value)
{
    struct dict *dict = dict_new();
    dict_set_string_take(dict, key, value);
    return value_dict_take(dict);
}

static struct value encode_float(double number)
{
    if (isfinite(number))
        return value_float(number);
    return encode_tagged("__float__", value_string(isnan(number) ? "nan" : number > 0 ? "inf" : "-inf"));
}

static struct value encode_list(const struct list *list)
{
    struct list *encoded = list_new(list->count);
    for (size_t i = 0; i < list->count; i++)
        list_push_take(encoded, encode(list->items[i]));
    return value_list_take(encoded);
}

/** As an object when all keys are strings, else as pairs. */
static struct value encode_dict(const struct dict *dict)
{
    struct dict *encoded = dict_new();
    struct list *pairs = list_new(dict->live);
    const struct dict_entry *entry;
    bool all_strings = true;
    for (size_t i = 0; dict_next(dict, &i, &entry);) {
        struct list *pair = list_new(2);
        all_strings &= value_is_string(entry->key);
        list_push_take(pair, encode(entry->key));
        list_push_take(pair, encode(entry->value));
        if (all_strings)
            dict_set_take(encoded, value_copy(entry->key), value_copy(pair->items[1]));
        list_push_take(pairs, value_list_take(pair));
    }
    if (all_strings) {
        list_drop(pairs);
        return value_dict_take(encoded);
    }
    dict_drop(encoded);
    return encode_tagged("__dict__", value_list_take(pairs));
}

/** Datetimes and dates by their kind, in ISO 8601; other objects as their text. */
static struct value encode_object(struct value value)
{
    const char *type = value_type_name(value);
    struct value text = value_str(value);
    if (strcmp(type, "date") == 0)
        return encode_tagged("__date__", text);
    if (strcmp(type, "datetime") != 0)
        return text;
    OWNED owned = text;
    CLEANUP(memory_cleanup) char *iso = memory_copy_string(value_bytes(owned), owned.as.text->length);
    char *space = strchr(iso, ' ');
    if (space)
        *space = 'T';
    return encode_tagged("__datetime__", value_string(iso));
}

/** A new value that JSON has forms for. */
static struct value encode(struct value value)
{
    switch ((enum value_kind)value.kind) {
    case VALUE_FLOAT:
        return encode_float(value.as.floating);
    case VALUE_LIST:
    case VALUE_TUPLE:
        return encode_list(value.as.list);
    case VALUE_DICT:
        return encode_dict(value.as.dict);
    case VALUE_OBJECT:
        return encode_object(value);
    case VALUE_NULL:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_BIGINT:
    case VALUE_STRING:
    case VALUE_UNDEFINED:
    case VALUE_OMIT:
        return value_copy(value);
    }
    bug("no such kind: %d", value.kind);
}

/* ---- a case ---- */

/** Trusts every string but those in {"__ansible_unsafe": ...}. */
static struct value decode(struct value value)
{
    if (value_is_list(value)) {
        struct list *decoded = list_new(value.as.list->count);
        for (size_t i = 0; i < value.as.list->count; i++)
            list_push_take(decoded, decode(value.as.list->items[i]));
        return value_list_take(decoded);
    }
    if (!value_is_dict(value))
        return value_trusted(value);
    const struct value *unsafe = dict_find_string(value.as.dict, "__ansible_unsafe");
    if (unsafe)
        return value_copy(*unsafe);
    struct dict *decoded = dict_new();
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(value.as.dict, &i, &entry);)
        dict_set_take(decoded, value_copy(entry->key), decode(entry->value));
    return value_dict_take(decoded);
}

/** Gives a string a source of its own, so that errors in it have a place. */
static struct value with_source(struct value value)
{
    if (!value_is_string(value))
        return value;
    struct source *source = source_new("<template>", value_bytes(value), value.as.text->length);
    struct span span = {source, 0, value.as.text->length};
    struct value placed = value;
    placed.as.text = text_with_span_take(text_new(value_bytes(value), value.as.text->length), span);
    source_drop(source);
    value_drop(value);
    return placed;
}

static const char *kind_name(enum error_kind kind)
{
    switch (kind) {
    case ERROR_UNDEFINED:
        return "undefined";
    case ERROR_SYNTAX:
        return "syntax";
    case ERROR_NO_PLUGIN:
        return "no-such-plugin";
    case ERROR_FILTER:
        return "filter";
    case ERROR_TEST:
        return "test";
    case ERROR_LOOKUP:
        return "lookup";
    case ERROR_TYPE:
        return "type";
    case ERROR_VALUE:
        return "value";
    case ERROR_ZERO_DIVISION:
        return "zerodivision";
    case ERROR_RECURSION:
        return "recursion";
    case ERROR_OMIT:
        return "omit";
    case ERROR_CONDITIONAL:
        return "conditional";
    case ERROR_UNTRUSTED:
        return "untrusted";
    case ERROR_NONE:
    case ERROR_KEY:
    case ERROR_LIMIT:
    case ERROR_PARSE:
    case ERROR_FILE:
    case ERROR_USAGE:
    case ERROR_MODULE:
    case ERROR_OTHER:
        return "other";
    }
    bug("no such kind of error: %d", kind);
}

/** The first line of the message, the kind, the place in the template and the way out. */
static void answer_error(struct dict *answer, const struct error *error)
{
    CLEANUP(memory_cleanup) char *message = error_chain_message(error);
    dict_set_string_take(answer, "error", value_string_length(message, strcspn(message, "\n")));
    dict_set_string_take(answer, "kind", value_string(kind_name(error->kind)));
    const struct error *placed = error;
    while (placed->cause && placed->cause->span.source)
        placed = placed->cause;
    if (placed->span.source) {
        struct place place = source_locate(placed->span.source, placed->span.start);
        dict_set_string_take(answer, "at", value_string_format("%u:%u", place.line, place.column));
    }
    if (placed->help)
        dict_set_string_take(answer, "help", value_string(placed->help));
}

/** Evaluates one case. */
static bool evaluate(struct engine *engine, const struct dict *request, struct value *result, struct error *error)
{
    const struct value *given = dict_find_string(request, "vars"), *text = dict_find_string(request, "template");
    OWNED variables = given ? decode(*given) : value_dict_new();
    OWNED template = with_source(text ? decode(*text) : value_null());
    struct layer layer = {.variables = value_is_dict(variables) ? variables.as.dict : NULL};
    struct scope scope;
    bool holds, ok;
    scope_init(&scope, &layer);
    if (strcmp(dict_get_bytes(request, "mode", "template"), "conditional") == 0) {
        ok = engine_condition(engine, &scope, template, &holds, error);
        if (ok)
            *result = value_bool(holds);
    } else {
        ok = engine_evaluate(engine, &scope, template, result, error);
    }
    scope_done(&scope);
    return ok;
}

/** The answer to one line: a new dict. */
static struct dict *answer(struct engine *engine, const char *line, size_t length)
{
    OWNED request = value_null();
    OWNED result = value_null();
    OWNED_ERROR error = {0};
    struct dict *reply = dict_new();
    if (!json_parse(line, length, &request, &error) || !value_is_dict(request)) {
        if (error.kind == ERROR_NONE)
            error_set(&error, ERROR_VALUE, "a line must hold an object");
        answer_error(reply, &error);
        return reply;
    }
    const struct value *id = dict_find_string(request.as.dict, "id");
    if (id)
        dict_set_string_take(reply, "id", value_copy(*id));
    if (evaluate(engine, request.as.dict, &result, &error))
        dict_set_string_take(reply, "value", encode(result));
    else
        answer_error(reply, &error);
    return reply;
}

int eval_batch(struct engine *engine)
{
    CLEANUP(memory_cleanup) char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    while ((length = getline(&line, &capacity, stdin)) >= 0) {
        OWNED reply = value_dict_take(answer(engine, line, (size_t)length));
        CLEANUP(text_buffer_done) struct text_buffer out = {0};
        OWNED_ERROR error = {0};
        if (!json_append(&out, reply, &LINE_STYLE, &error)) {
            text_buffer_truncate(&out, 0);
            text_buffer_append_string(&out, "{\"error\": \"the value has no form in JSON\", \"kind\": \"other\"}");
        }
        text_buffer_append_char(&out, '\n');
        fwrite(text_buffer_bytes(&out), 1, out.length, stdout);
        fflush(stdout);
    }
    return 0;
}
