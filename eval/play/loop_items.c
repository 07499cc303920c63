/* The items of a step's loop, and loop_control (step_state.h). */
#include <ctype.h>
#include <string.h>

#include "eval/play/bind.h"

#include "eval/play/step_state.h"
#include "runtime/value/list.h"
#include "runtime/value/repr.h"

/* ---- items ---- */

/** An undefined name is told after the condition; anything else before it. */
static bool keep_loop_error(struct step *step, const struct attribute *loop, struct error *error)
{
    error_at(error, loop->value_span);
    if (error->kind != ERROR_UNDEFINED)
        return false;
    error_move(&step->loop_error, error);
    return true;
}

/** Where the files of a task's action lie, by its name: the first of these words in it. */
static const char *files_folder(const struct task *task)
{
    const char *name = task->action.name->bytes;
    return strstr(name, "template") ? "templates" : strstr(name, "var") ? "vars" : "files";
}

/** What with_NAME finds for its terms. */
static bool find_with_lookup(struct step *step, struct value terms, struct value *items, struct error *error)
{
    OWNED list = value_copy(terms);
    if (!value_is_list(terms)) {
        struct list *one = list_new(1);
        list_push_take(one, value_steal(&list));
        list = value_list_take(one);
    }
    const struct engine_lookup lookup = {step->task->loop_lookup->bytes, list, files_folder(step->task)};
    return engine_lookup(step->spec.run->engine, &step->scope.scope, &lookup, items, error);
}

/** Is it the registered result of a loop, whose items are in its `results`? */
static bool is_loop_result(struct value value)
{
    const struct value *results = value_is_dict(value) ? dict_find_string(value.as.dict, "results") : NULL;
    return results && value_is_list(*results) && dict_find_string(value.as.dict, "changed");
}

/** The way out for who loops over a registered result itself. */
static void advise_results(struct error *error)
{
    error_help(error, "The loop is over the registered result of another loop, which is one dict: its items are in "
                      "`.results`.");
}

void step_advise_items(const struct step *step, struct error *error)
{
    if (error->kind == ERROR_UNDEFINED && !error->help && step->items && step->index < step->items->count &&
        is_loop_result(step->items->items[step->index]))
        advise_results(error);
}

bool step_find_items(struct step *step, struct error *error)
{
    const struct attribute *loop = attributes_find(&step->task->attributes, KEYWORD_LOOP);
    const struct text *lookup = step->task->loop_lookup;
    OWNED items = value_null();
    if (!loop || (!lookup && value_is_null(loop->value)))
        return true;
    if (!engine_evaluate(step->spec.run->engine, &step->scope.scope, loop->value, &items, error))
        return keep_loop_error(step, loop, error);
    if (lookup) {
        OWNED terms = value_steal(&items);
        if (!find_with_lookup(step, terms, &items, error))
            return keep_loop_error(step, loop, error);
    }
    if (!value_is_list(items)) {
        error_set(error, ERROR_TYPE, "The `loop` value must resolve to a 'list', not '%s'.", value_type_name(items));
        if (is_loop_result(items))
            advise_results(error);
        else
            error_help(error, "Provide a list of items/templates, or a template resolving to a list.");
        return error_at(error, loop->value_span);
    }
    step->items = list_copy(items.as.list);
    return true;
}

/* ---- loop_control ---- */

/** One key of loop_control, raw; NULL when it is not there. */
static const struct value *control_find(const struct step *step, enum keyword keyword)
{
    const struct attribute *attribute = attributes_find(&step->task->attributes, KEYWORD_LOOP_CONTROL);
    return attribute && value_is_dict(attribute->value)
               ? dict_find_string(attribute->value.as.dict, keyword_row(keyword)->spelling)
               : NULL;
}

/** ... evaluated; null when it is not there. */
static bool control_value(struct step *step, enum keyword keyword, struct value *value, struct error *error)
{
    const struct value *raw = control_find(step, keyword);
    *value = value_null();
    if (!raw || engine_evaluate(step->spec.run->engine, &step->scope.scope, *raw, value, error))
        return true;
    error_wrap(error, "Error processing keyword '%s'.", keyword_row(keyword)->spelling);
    return false;
}

static bool is_name(const struct text *text)
{
    if (text->length == 0 || isdigit((unsigned char)text->bytes[0]))
        return false;
    for (uint32_t i = 0; i < text->length; i++)
        if (!isalnum((unsigned char)text->bytes[i]) && text->bytes[i] != '_')
            return false;
    return true;
}

/** The name of a variable; null when it is not there. */
static bool control_name(struct step *step, enum keyword keyword, struct value *name, struct error *error)
{
    OWNED given = value_null();
    if (!control_value(step, keyword, &given, error))
        return false;
    *name = value_is_null(given) ? value_null() : value_str(given);
    if (value_is_null(*name) || is_name(name->as.text))
        return true;
    error_set(error, ERROR_VALUE, "Invalid variable name '%s'.", value_bytes(*name));
    return error_help(error,
                      "Variable names must be strings starting with a letter or underscore character, and contain "
                      "only letters, numbers and underscores.");
}

static bool control_bool(struct step *step, enum keyword keyword, bool fallback, bool *value, struct error *error)
{
    OWNED given = value_null();
    *value = fallback;
    if (!control_value(step, keyword, &given, error))
        return false;
    return value_is_null(given) || value_to_bool(given, value, error) ||
           error_wrap(error, "Error processing keyword '%s'.", keyword_row(keyword)->spelling);
}

static bool control_pause(struct step *step, int64_t *pause, struct error *error)
{
    OWNED given = value_null();
    OWNED number = value_null();
    if (!control_value(step, KEYWORD_PAUSE, &given, error))
        return false;
    *pause = 0;
    if (value_is_null(given))
        return true;
    if (!option_convert(OPTION_FLOAT, given, &number, error))
        return error_wrap(error, "Error processing keyword 'pause'.");
    *pause = nanoseconds_from_seconds(number.as.floating);
    return true;
}

/** The loop variable has a value already: it will be hidden. */
static void warn_hidden(struct step *step)
{
    OWNED present = value_null();
    struct value name = step->control.loop_variable;
    if (!scope_find(&step->scope.scope, name.as.text, &present, NULL))
        return;
    CLEANUP(memory_cleanup) char *task = step_task_name(step);
    CLEANUP(text_buffer_done) struct text_buffer text = {0};
    text_buffer_append_format(
        &text,
        "TASK: %s: The loop variable '%s' is already in use. You should set the `loop_var` value in the "
        "`loop_control` option for the task to something else to avoid variable collisions and "
        "unexpected behavior.",
        task, value_bytes(name));
    step_warn(step, text_buffer_bytes(&text), (struct span){0});
}

bool step_find_control(struct step *step, struct error *error)
{
    struct loop_control *control = &step->control;
    if (!control_name(step, KEYWORD_LOOP_VAR, &control->loop_variable, error) ||
        !control_name(step, KEYWORD_INDEX_VAR, &control->index_variable, error) ||
        !control_pause(step, &control->pause, error) ||
        !control_bool(step, KEYWORD_EXTENDED, false, &control->is_extended, error) ||
        !control_bool(step, KEYWORD_EXTENDED_ALLITEMS, true, &control->has_all_items, error))
        return false;
    if (value_is_null(control->loop_variable))
        control->loop_variable = value_string("item");
    const struct value *label = control_find(step, KEYWORD_LABEL);
    const struct value *break_when = control_find(step, KEYWORD_BREAK_WHEN);
    bool has_label = label && !value_equals_string(*label, "");
    control->label = has_label ? value_copy(*label) : value_null();
    control->break_when = break_when ? value_copy(*break_when) : value_null();
    warn_hidden(step);
    return true;
}

void loop_control_done(struct loop_control *control)
{
    value_drop(control->loop_variable);
    value_drop(control->index_variable);
    value_drop(control->label);
    value_drop(control->break_when);
    *control = (struct loop_control){0};
}

/* ---- variables of an item ---- */

/** ansible_loop. */
static struct value extended_loop(const struct step *step)
{
    size_t count = step->items->count, index = step->index;
    struct dict *loop = dict_new();
    if (step->control.has_all_items)
        dict_set_string_take(loop, "allitems", value_list_take(list_copy(step->items)));
    dict_set_string_take(loop, "index", value_int((int64_t)index + 1));
    dict_set_string_take(loop, "index0", value_int((int64_t)index));
    dict_set_string_take(loop, "first", value_bool(index == 0));
    dict_set_string_take(loop, "last", value_bool(index + 1 == count));
    dict_set_string_take(loop, "length", value_int((int64_t)count));
    dict_set_string_take(loop, "revindex", value_int((int64_t)(count - index)));
    dict_set_string_take(loop, "revindex0", value_int((int64_t)(count - index - 1)));
    if (index + 1 < count)
        dict_set_string_take(loop, "nextitem", value_copy(step->items->items[index + 1]));
    if (index > 0)
        dict_set_string_take(loop, "previtem", value_copy(step->items->items[index - 1]));
    return value_dict_take(loop);
}

/** The item's variables, as set in the scope and as added to its result. */
static void add_item(const struct step *step, struct dict *dict)
{
    const struct loop_control *control = &step->control;
    dict_set_take(dict, value_copy(control->loop_variable), value_copy(step->items->items[step->index]));
    dict_set_string_take(dict, "ansible_loop_var", value_copy(control->loop_variable));
    if (!value_is_null(control->index_variable)) {
        dict_set_take(dict, value_copy(control->index_variable), value_int((int64_t)step->index));
        dict_set_string_take(dict, "ansible_index_var", value_copy(control->index_variable));
    }
    if (control->is_extended)
        dict_set_string_take(dict, "ansible_loop", extended_loop(step));
}

void step_set_item(struct step *step)
{
    OWNED variables = value_dict_new();
    add_item(step, variables.as.dict);
    task_scope_set_item(&step->scope, variables.as.dict);
}

void step_mark_item(struct step *step, struct dict *result)
{
    add_item(step, result);
}

bool step_item_label(struct step *step, struct value *label, struct error *error)
{
    if (value_is_null(step->control.label)) {
        *label = value_copy(step->items->items[step->index]);
        return true;
    }
    return engine_evaluate(step->spec.run->engine, &step->scope.scope, step->control.label, label, error);
}
