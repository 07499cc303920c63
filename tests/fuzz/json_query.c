/* Fuzzer: JMESPath expressions on a fixed document. */
#include <string.h>

#include "eval/expression/engine.h"
#include "runtime/value/json.h"
#include "stdlib/library.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char DOCUMENT[] = "{\"people\": [{\"name\": \"a\", \"age\": 30, \"tags\": [\"x\", \"y\"]}, {\"name\": "
                               "\"b\", \"age\": 20, \"tags\": []},"
                               " {\"name\": \"c\", \"age\": null, \"tags\": [[1, 2], [3]]}], \"n\": -1.5, \"s\": "
                               "\"gr\\u00fcn\", \"o\": {\"k\": {\"l\": [1, 2, 3]}},"
                               " \"numbers\": [3, 1, 2], \"empty\": []}";
static const char TEMPLATE[] = "{{ document | json_query(expression) }}";

static struct value document(void)
{
    OWNED_ERROR error = {0};
    struct value parsed;
    if (!json_parse(DOCUMENT, strlen(DOCUMENT), &parsed, &error))
        bug("the document does not parse: %s", error.message);
    return parsed;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct engine *engine;
    static struct value template;
    if (!engine) {
        OWNED text = value_string(TEMPLATE);
        engine = engine_new(registry_new(&stdlib_library), &(struct engine_settings){0});
        template = value_trusted(text);
    }
    OWNED_ERROR error = {0};
    OWNED result = value_null();
    OWNED variables = value_dict_new();
    struct layer layer = {.variables = variables.as.dict};
    struct scope scope;
    dict_set_string_take(variables.as.dict, "document", document());
    dict_set_string_take(variables.as.dict, "expression", value_string_length((const char *)bytes, length));
    scope_init(&scope, &layer);
    (void)!engine_evaluate(engine, &scope, template, &result, &error);
    scope_done(&scope);
    return 0;
}
