/*
 * Fuzzer: evaluates templates, as native values and as conditions, under fixed variables.  The library is the real one but for
 * lookups, which would run programs and read files.
 */
#include <stdlib.h>
#include <string.h>

#include "eval/expression/engine.h"
#include "runtime/value/json.h"
#include "runtime/value/repr.h"
#include "stdlib/library.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char VARIABLES[] =
    "{\"i\": 7, \"f\": 2.5, \"s\": \"some text\", \"u\": \"gr\\u00fcn\", \"l\": [3, 1, 2], \"d\": {\"a\": 1, \"b\": "
    "[true, null]},"
    " \"rows\": [{\"n\": \"x\", \"v\": 1}, {\"n\": \"y\", \"v\": 2}, {\"n\": \"x\", \"v\": 3}],"
    " \"lazy\": \"{{ i + 1 }}\", \"deep\": {\"inner\": \"{{ lazy }}\", \"list\": [\"{{ s }}\"]}, \"ring\": \"{{ ring "
    "}}\","
    " \"big\": 123456789012345678901234567890, \"n\": null, \"t\": true}";

/** The tables of the library without lookups. */
static const struct library *library_without_lookups(void)
{
    static const struct function_table *tables[128];
    static struct library library;
    size_t count = 0;
    for (const struct function_table *const *table = stdlib_library.functions; *table; table++)
        if ((*table)->kind != FUNCTION_LOOKUP)
            tables[count++] = *table;
    library = stdlib_library;
    library.functions = tables;
    return &library;
}

static struct dict *fixed_variables(void)
{
    OWNED_ERROR error = {0};
    struct value parsed;
    if (!json_parse(VARIABLES, strlen(VARIABLES), &parsed, &error))
        bug("the variables do not parse: %s", error.message);
    struct value trusted = value_trusted(parsed);
    value_drop(parsed);
    return trusted.as.dict;
}

/** Evaluates, and prints what came out in every form. */
static void evaluate(struct engine *engine, struct dict *variables, struct value template)
{
    OWNED_ERROR error = {0};
    OWNED result = value_null();
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    struct layer layer = {.variables = variables};
    struct scope scope;
    bool holds;
    scope_init(&scope, &layer);
    if (engine_evaluate(engine, &scope, template, &result, &error)) {
        value_append_repr(&out, result);
        (void)!json_append(&out, result, &(struct json_style){.indent = 2}, &error);
    }
    error_done(&error);
    (void)!engine_condition(engine, &scope, template, &holds, &error);
    scope_done(&scope);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct registry *registry;
    static struct dict *variables;
    if (!registry) {
        registry = registry_new(library_without_lookups());
        variables = fixed_variables();
    }
    struct engine *engine = engine_new(registry, &(struct engine_settings){0});
    OWNED untrusted = value_string_length((const char *)bytes, length);
    OWNED template = value_trusted(untrusted);
    evaluate(engine, variables, template);
    engine_free(engine);
    return 0;
}
