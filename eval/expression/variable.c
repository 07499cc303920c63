#include "eval/expression/variable.h"

#include <string.h>

#include "eval/expression/private_copy.h"
#include "eval/expression/walk.h"
#include "runtime/limits.h"

#define OMIT_NAME "omit"

bool evaluation_enter(struct evaluation *evaluation, struct error *error)
{
    if (++evaluation->depth <= LIMIT_EVALUATION_DEPTH)
        return true;
    --evaluation->depth;
    error_set(error, ERROR_RECURSION, "Recursive loop detected in template: maximum recursion depth exceeded");
    error->is_settled = true;
    return false;
}

/* ---- templates in variables ---- */

bool variable_evaluate_text(struct evaluation *evaluation, struct value text, struct value *result, struct error *error)
{
    if (!evaluation_enter(evaluation, error))
        return false;
    struct evaluation inner = {.engine = evaluation->engine, .scope = evaluation->scope, .depth = evaluation->depth};
    bool ok = engine_evaluate_text(&inner, text.as.text, result, error);
    evaluation_leave(evaluation);
    if (!ok)
        *result = value_undefined_take(error);
    return true;
}

/** "Recursive loop detected in template: a -> b -> a". */
static bool ring_error(const struct dict *in_progress, struct value name, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer ring = {0};
    const struct dict_entry *entry;
    bool is_inside = false;
    for (size_t i = 0; dict_next(in_progress, &i, &entry);) {
        is_inside |= text_equal(entry->key.as.text, name.as.text);
        if (is_inside)
            text_buffer_append_format(&ring, "%s -> ", value_bytes(entry->key));
    }
    error_set(error, ERROR_RECURSION, "Recursive loop detected in template: %s%s", text_buffer_bytes(&ring),
              value_bytes(name));
    error->is_settled = true;
    return false;
}

/** Remembers what a variable's templates came to, as long as what they read stays the same. */
static void remember(struct scope *scope, struct value name, struct value value)
{
    if (scope->touched_impure)
        return;
    struct dict **memory = scope->touched_item ? &scope->remembered_items : &scope->remembered;
    if (!*memory)
        *memory = dict_new();
    dict_set_take(*memory, value_copy(name), value_copy(value));
}

/** Evaluates a variable that holds a template, once. */
static bool evaluate_variable(struct evaluation *evaluation, struct value name, struct value raw, struct value *result,
                              struct error *error)
{
    struct scope *scope = evaluation->scope;
    bool touched_item = scope->touched_item, touched_impure = scope->touched_impure;
    struct value ended;
    if (!scope->in_progress)
        scope->in_progress = dict_new();
    if (dict_find(scope->in_progress, name))
        return ring_error(scope->in_progress, name, error);
    dict_set_take(scope->in_progress, value_copy(name), value_bool(true));
    scope->touched_impure = false;
    bool ok = variable_evaluate_text(evaluation, raw, result, error);
    if (dict_remove(scope->in_progress, name, &ended))
        value_drop(ended);
    if (ok)
        remember(scope, name, *result);
    scope->touched_item |= touched_item;
    scope->touched_impure |= touched_impure;
    return ok;
}

/** What was remembered of a variable, or NULL. */
static const struct value *recall(struct scope *scope, struct value name)
{
    const struct value *found = scope->remembered ? dict_find(scope->remembered, name) : NULL;
    if (!found && scope->remembered_items && (found = dict_find(scope->remembered_items, name)))
        scope->touched_item = true;
    return found;
}

/** A variable of the scope, templated; false without an error where there is none (*is_there). */
static bool scope_read(struct evaluation *evaluation, struct text *name, bool *is_there, struct value *result,
                       struct error *error)
{
    struct scope *scope = evaluation->scope;
    struct value key = {.kind = VALUE_STRING, .as.text = name};
    OWNED raw = value_null();
    const struct value *recalled = recall(scope, key);
    *is_there = true;
    if (recalled) {
        *result = value_copy(*recalled);
        return true;
    }
    bool outer_item = scope->touched_item;
    scope->touched_item = false;
    bool ok = true;
    *is_there = scope_find(scope, name, &raw, NULL);
    if (*is_there && value_is_string(raw) && raw.flags & VALUE_LAZY)
        ok = evaluate_variable(evaluation, key, raw, result, error);
    else if (*is_there)
        *result = value_steal(&raw);
    scope->touched_item |= outer_item;
    return ok;
}

/** What every template may name without anybody having bound it. */
static bool global_read(struct evaluation *evaluation, struct text *name, struct value *result)
{
    if (strcmp(name->bytes, OMIT_NAME) == 0) {
        *result = value_omit();
        return true;
    }
    struct plugin *plugin =
        registry_find(engine_registry(evaluation->engine), FUNCTION_GLOBAL, name->bytes, name->length);
    if (plugin)
        *result = function_value(plugin, NULL);
    return plugin != NULL;
}

/** The value of a name that the template bound, or NULL.  Where it was found is kept in the node, for local_recall. */
static struct value *local_find(const struct evaluation *evaluation, const struct expression *node)
{
    struct expression *writable = (struct expression *)node;
    const struct frame_of_names *frame = evaluation->frame;
    uint32_t depth;
    struct local *local = frame_of_names_find_local(frame, node->name.text, &depth);
    if (!local)
        return NULL;
    for (uint32_t i = 0; i < depth; i++)
        frame = frame->outer;
    uint32_t index = (uint32_t)(local - frame->locals);
    bool fits = index >> LOCAL_INDEX_BITS == 0 && depth >> LOCAL_INDEX_BITS == 0;
    if (node->name.slot != LOCAL_SOUGHT && fits && local->name == node->name.text)
        writable->name.slot = LOCAL_FOUND + (depth << LOCAL_INDEX_BITS) + index;
    return &local->value;
}

/** A name that the template bound; an item of a lazy list is evaluated when it is first read. */
static bool local_read(struct evaluation *evaluation, const struct expression *expression, struct value *local,
                       struct value *result, struct error *error)
{
    if (value_is_string(*local) && local->flags & VALUE_LAZY) {
        struct value evaluated;
        if (!variable_evaluate_text(evaluation, *local, &evaluated, error))
            return error_at(error, template_span(evaluation->template, expression->mark));
        value_replace_take(local, evaluated);
    }
    *result = value_copy(*local);
    return true;
}

/** "'x' is undefined" */
static struct value unbound(const struct evaluation *evaluation, const struct expression *name)
{
    struct text_buffer message = {0};
    text_buffer_append_char(&message, '\'');
    text_buffer_append_text(&message, name->name.text);
    text_buffer_append_string(&message, "' is undefined");
    return value_undefined_take_message(text_buffer_take(&message),
                                        evaluation->template ? evaluation->template->text : NULL, name->mark.start,
                                        name->mark.length);
}

bool variable_read(struct evaluation *evaluation, const struct expression *expression, struct value *result,
                   struct error *error)
{
    struct text *name = expression->name.text;
    struct value *local = local_recall(evaluation, expression);
    bool is_there = false;
    if (!local)
        local = local_find(evaluation, expression);
    if (local)
        return local_read(evaluation, expression, local, result, error);
    if (evaluation->scope && !scope_read(evaluation, name, &is_there, result, error)) {
        error_at(error, template_span(evaluation->template, expression->mark));
        *result = value_undefined_take(error);
        return true;
    }
    if (is_there)
        private_variable(evaluation, name, result);
    else if (!global_read(evaluation, name, result))
        *result = unbound(evaluation, expression);
    return true;
}
