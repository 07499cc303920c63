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
    bool is_given = attribute && !value_is_null(attribute->value) && !value_equals_string(attribute->value, "");
    return is_given ? &attribute->value : NULL;
}

/** The role that include_role names, raw; NULL for other tasks. */
static const struct value *included_role(struct run *run, const struct task *task)
{
    const struct text *name = task->action.name;
    const struct module *module = registry_find_module(run->registry, name->bytes, name->length);
    if (!module || strcmp(module->name, "include_role") != 0 || !value_is_dict(task->action.arguments))
        return NULL;
    const struct value *role = dict_find_string(task->action.arguments.as.dict, "name");
    return role ? role : dict_find_string(task->action.arguments.as.dict, "role");
}

/** What a task without a name is called: by its action; "include_role : ROLE". */
static char *action_name(struct run *run, struct scope *scope, struct task_instance instance)
{
    const struct text *action = instance.task->action.name;
    const struct value *role = included_role(run, instance.task);
    if (!role)
        return with_role_take(instance, memory_copy_string(action->bytes, action->length));
    OWNED value = value_null();
    OWNED_ERROR error = {0};
    bool good = engine_evaluate(run->engine, scope, *role, &value, &error);
    OWNED shown = value_str(good ? value : *role);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    text_buffer_append_format(&out, "%s : %s", action->bytes, value_bytes(shown));
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

static char *find_name(struct run *run, struct scope *scope, struct task_instance instance)
{
    const struct value *given = name_attribute(instance.task);
    char *name = given ? evaluate_name(run, scope, *given) : NULL;
    if (!name)
        return action_name(run, scope, instance);
    return included_role(run, instance.task) ? name : with_role_take(instance, name);
}

char *task_shown_name(struct run *run, struct host *host, struct task_instance instance)
{
    const struct value *given = name_attribute(instance.task);
    if (given && !value_is_lazy(*given) && value_is_string(*given) && !included_role(run, instance.task))
        return with_role_take(instance, memory_copy_string(value_bytes(*given), given->as.text->length));
    struct task_scope scope;
    task_scope_init(&scope, run, host, instance);
    task_scope_enter(&scope);
    char *name = find_name(run, &scope.scope, instance);
    task_scope_done(&scope);
    return name;
}

char *step_task_name(struct step *step)
{
    const struct value *given = name_attribute(step->task);
    char *name = given ? evaluate_name(step->spec.run, &step->scope.scope, *given) : NULL;
    return name ? name : action_name(step->spec.run, &step->scope.scope, step->spec.instance);
}
