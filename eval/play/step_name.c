/* Names of tasks, as shown. */
#include <stdlib.h>
#include <string.h>

#include "eval/play/step_state.h"
#include "runtime/value/repr.h"

/* ---- templates that cannot be evaluated as a whole ---- */

/** A name under construction, part by part. */
struct partial_name {
    struct run *run;
    struct scope *scope;
    struct text_buffer out;
    unsigned errors;
};

/** Appends one "{{ ... }}", or its error in its place. */
static void append_part(struct partial_name *name, const char *bytes, size_t length)
{
    OWNED raw = value_string_length(bytes, length);
    OWNED trusted = value_trusted(raw);
    OWNED value = value_null();
    OWNED_ERROR error = {0};
    if (engine_evaluate(name->run->engine, name->scope, trusted, &value, &error)) {
        value_append_str(&name->out, value);
        return;
    }
    CLEANUP(memory_cleanup) char *message = error_chain_message(&error);
    text_buffer_append_format(&name->out, "<< error %u - %s >>", ++name->errors, message);
}

/** Evaluates what stands in each pair of braces by itself; a template with statements stays as written. */
static char *name_in_parts(struct run *run, struct scope *scope, const struct text *text)
{
    struct partial_name name = {.run = run, .scope = scope};
    const char *at = text->bytes, *open, *close;
    if (strstr(at, "{%") || strstr(at, "{#"))
        return memory_copy_string(text->bytes, text->length);
    while ((open = strstr(at, "{{")) && (close = strstr(open, "}}"))) {
        text_buffer_append(&name.out, at, (size_t)(open - at));
        at = close + strlen("}}");
        append_part(&name, open, (size_t)(at - open));
    }
    text_buffer_append_string(&name.out, at);
    char *result = memory_copy_string(text_buffer_bytes(&name.out), name.out.length);
    text_buffer_done(&name.out);
    return result;
}

/** The value of `name:` as text; NULL when it is empty. */
static char *evaluate_name(struct run *run, struct scope *scope, struct value raw)
{
    OWNED value = value_null();
    OWNED_ERROR error = {0};
    if (!engine_evaluate(run->engine, scope, raw, &value, &error))
        return value_is_string(raw) ? name_in_parts(run, scope, raw.as.text) : NULL;
    OWNED text = value_str(value);
    return value_is_null(value) || text.as.text->length == 0
               ? NULL
               : memory_copy_string(value_bytes(text), text.as.text->length);
}

/* ---- names ---- */

/** "role : name", or the name alone, which is taken. */
static char *with_role_take(struct task_instance instance, char *name)
{
    const struct text *role = instance_role_name(instance);
    if (!role)
        return name;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    text_buffer_append_format(&out, "%s : %s", role->bytes, name);
    free(name);
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

/** The value of `name:`, or NULL. */
static const struct value *name_attribute(const struct task *task)
{
    const struct attribute *attribute = attributes_find(&task->attributes, KEYWORD_NAME);
    return attribute && !value_is_null(attribute->value) ? &attribute->value : NULL;
}

static char *action_name(const struct task *task)
{
    return memory_copy_string(task->action.name->bytes, task->action.name->length);
}

char *task_shown_name(struct run *run, struct host *host, struct task_instance instance)
{
    const struct value *given = name_attribute(instance.task);
    char *name = NULL;
    if (given && value_is_lazy(*given)) {
        struct task_scope scope;
        task_scope_init(&scope, run, host, instance);
        task_scope_enter(&scope);
        name = evaluate_name(run, &scope.scope, *given);
        task_scope_done(&scope);
    } else if (given) {
        OWNED text = value_str(*given);
        name = memory_copy_string(value_bytes(text), text.as.text->length);
    }
    return with_role_take(instance, name ? name : action_name(instance.task));
}

char *step_task_name(struct step *step)
{
    const struct value *given = name_attribute(step->task);
    char *name = given ? evaluate_name(step->spec.run, &step->scope.scope, *given) : NULL;
    return name ? name : with_role_take(step->spec.instance, action_name(step->task));
}
