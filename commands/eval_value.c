#include "commands/eval_value.h"

#include <stdio.h>
#include <string.h>

#include "parser/yaml_write.h"
#include "runtime/value/json.h"
#include "runtime/value/repr.h"

enum eval_form eval_form_find(const char *name)
{
    static const char *const names[EVAL_FORM_COUNT] = {"text", "json", "yaml"};
    enum eval_form form = EVAL_TEXT;
    while (form < EVAL_FORM_COUNT && strcmp(names[form], name) != 0)
        form++;
    return form;
}

struct value eval_template(const char *bytes)
{
    size_t length = strlen(bytes);
    struct source *source = source_new("<command line>", bytes, length);
    OWNED untrusted =
        value_string_take(text_with_span_take(text_new(bytes, length), (struct span){source, 0, source->length}));
    source_drop(source);
    return value_trusted(untrusted);
}

bool eval_text(struct engine *engine, const struct dict *variables, const char *text, struct value *result,
               struct error *error)
{
    OWNED template = eval_template(text);
    struct layer layer = {.variables = variables};
    struct scope scope;
    scope_init(&scope, &layer);
    bool ok = engine_evaluate(engine, &scope, template, result, error);
    scope_done(&scope);
    return ok;
}

bool eval_print(struct value value, enum eval_form form, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    bool ok = true;
    if (form == EVAL_YAML)
        ok = yaml_append(&out, value, &(struct yaml_style){.flow = YAML_FLOW_NEVER, .allow_unicode = true}, error);
    else if (form == EVAL_TEXT && value_is_string(value))
        value_append_str(&out, value);
    else
        ok = json_append(&out, value, &(struct json_style){.indent = 4}, error);
    if (!ok)
        return false;
    if (form != EVAL_YAML)
        text_buffer_append_char(&out, '\n');
    fwrite(text_buffer_bytes(&out), 1, out.length, stdout);
    return true;
}
