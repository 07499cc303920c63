/* The engine: compiled templates, and values as tasks see them. */
#include "eval/expression/engine.h"

#include <stdlib.h>
#include <string.h>

#include "eval/expression/engine_state.h"
#include "eval/expression/finalize.h"
#include "eval/expression/prepare.h"
#include "eval/expression/variable.h"
#include "runtime/os/vault_keyring.h"
#include "runtime/value/object.h"

/** How strings of a playbook are read. */
static const struct template_syntax PLAYBOOK_SYNTAX = {.trim_blocks = true, .raw_literals = true};

/** The same in conditions, whose literals process escapes. */
static const struct template_syntax CONDITION_SYNTAX = {.trim_blocks = true};

struct engine *engine_new(struct registry *registry, const struct engine_settings *settings)
{
    struct engine *engine = memory_new_array(1, sizeof *engine);
    engine->registry = registry;
    engine->settings = *settings;
    return engine;
}

/** Calls visit for the place of every string of a syntax. */
static void visit_strings(struct template_syntax *syntax, void (*visit)(const char **string))
{
    const char **const strings[] = {
        &syntax->block_start,      &syntax->block_end,           &syntax->variable_start,
        &syntax->variable_end,     &syntax->comment_start,       &syntax->comment_end,
        &syntax->newline_sequence, &syntax->line_comment_prefix, &syntax->line_statement_prefix,
    };
    for (size_t i = 0; i < COUNT_OF(strings); i++)
        if (*strings[i])
            visit(strings[i]);
}

static void copy_string(const char **string)
{
    *string = memory_copy_string(*string, strlen(*string));
}

static void free_string(const char **string)
{
    free((char *)*string);
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    for (size_t i = 0; i < engine->template_count; i++)
        template_drop(engine->templates[i]);
    for (size_t i = 0; i < engine->cache_count; i++) {
        visit_strings(&engine->caches[i].syntax, free_string);
        dict_drop(engine->caches[i].positions);
    }
    free(engine->templates);
    free(engine->caches);
    regex_cache_done(&engine->regexes);
    free(engine);
}

struct registry *engine_registry(struct engine *engine)
{
    return engine->registry;
}

void engine_set_search_path(struct engine *engine, const char *const *folders)
{
    engine->search_path = folders;
}

/* ---- compiled templates ---- */

static bool same_string(const char *left, const char *right)
{
    return left == right || (left && right && strcmp(left, right) == 0);
}

static bool same_syntax(const struct template_syntax *left, const struct template_syntax *right)
{
    return left->trim_blocks == right->trim_blocks && left->lstrip_blocks == right->lstrip_blocks &&
           left->keep_trailing_newline == right->keep_trailing_newline &&
           left->has_extensions == right->has_extensions && left->raw_literals == right->raw_literals &&
           same_string(left->block_start, right->block_start) && same_string(left->block_end, right->block_end) &&
           same_string(left->variable_start, right->variable_start) &&
           same_string(left->variable_end, right->variable_end) &&
           same_string(left->comment_start, right->comment_start) &&
           same_string(left->comment_end, right->comment_end) &&
           same_string(left->newline_sequence, right->newline_sequence) &&
           same_string(left->line_statement_prefix, right->line_statement_prefix) &&
           same_string(left->line_comment_prefix, right->line_comment_prefix);
}

/** The cache of a syntax, made when it is first asked for. */
static struct template_cache *find_cache(struct engine *engine, const struct template_syntax *syntax,
                                         bool is_expression)
{
    for (size_t i = 0; i < engine->cache_count; i++)
        if (engine->caches[i].is_expression == is_expression && same_syntax(&engine->caches[i].syntax, syntax))
            return &engine->caches[i];
    engine->caches = memory_resize(engine->caches, engine->cache_count + 1, sizeof *engine->caches);
    engine->caches[engine->cache_count] = (struct template_cache){*syntax, is_expression, dict_new()};
    visit_strings(&engine->caches[engine->cache_count].syntax, copy_string);
    return &engine->caches[engine->cache_count++];
}

static size_t add_template(struct engine *engine, struct template *template)
{
    if (engine->template_count == engine->template_capacity) {
        engine->template_capacity = memory_grown(engine->template_capacity);
        engine->templates = memory_resize(engine->templates, engine->template_capacity, sizeof *engine->templates);
    }
    engine->templates[engine->template_count] = template;
    return engine->template_count++;
}

/** Did both texts come from the same place, so that errors in them have the same? */
static bool same_place(const struct text *left, const struct text *right)
{
    return left == right || (left->span.source == right->span.source && left->span.start == right->span.start);
}

/** The template of this text at this place, or NULL. */
static struct template *find_template(const struct engine *engine, const struct template_cache *cache, struct value key)
{
    const struct value *positions = dict_find(cache->positions, key);
    for (size_t i = 0; positions && i < positions->as.list->count; i++) {
        struct template *template = engine->templates[positions->as.list->items[i].as.integer];
        if (same_place(template->text, key.as.text))
            return template;
    }
    return NULL;
}

/** What failed, with what was done then in front, once. */
static void settle(bool is_expression, struct error *error)
{
    const char *what = is_expression ? "expression" : "template";
    if (error->is_settled)
        return;
    if (error->kind == ERROR_SYNTAX || error->kind == ERROR_NO_PLUGIN)
        error_wrap(error, "Syntax error in %s", what);
    else if (error->kind != ERROR_UNDEFINED && error->kind != ERROR_OMIT)
        error_wrap(error, "Error rendering %s", what);
    error->is_settled = true;
}

bool template_settle_error(const struct template *template, struct error *error)
{
    settle(template && template->expression, error);
    return false;
}

const struct template *engine_template_of(const struct engine *engine, struct text *text)
{
    struct value key = {.kind = VALUE_STRING, .as.text = text};
    const struct template *template = NULL;
    for (size_t i = 0; i < engine->cache_count && !template; i++)
        template = find_template(engine, &engine->caches[i], key);
    return template;
}

static struct template *compile(struct engine *engine, struct text *text, const struct template_syntax *syntax,
                                bool is_expression, struct error *error)
{
    struct template_cache *cache = find_cache(engine, syntax, is_expression);
    struct value key = {.kind = VALUE_STRING, .as.text = text};
    struct template *template = find_template(engine, cache, key);
    if (template)
        return template;
    template = is_expression ? expression_parse(text, error) : template_parse(text, syntax, error);
    if (!template || !template_prepare(engine->registry, template, error)) {
        template_drop(template);
        settle(is_expression, error);
        return NULL;
    }
    OWNED positions = value_null();
    OWNED owned_key = value_copy(key);
    if (!dict_remove(cache->positions, key, &positions))
        positions = value_list_new();
    list_push_take(value_own_list(&positions), value_int((int64_t)add_template(engine, template)));
    dict_set_take(cache->positions, value_steal(&owned_key), value_steal(&positions));
    return template;
}

struct template *engine_template(struct engine *engine, struct text *text, const struct template_syntax *syntax,
                                 struct error *error)
{
    return compile(engine, text, syntax, false, error);
}

struct template *engine_expression(struct engine *engine, struct text *text, struct error *error)
{
    return compile(engine, text, &CONDITION_SYNTAX, true, error);
}

struct template *engine_template_file(struct engine *engine, const char *name, struct error *error)
{
    struct evaluation evaluation = {.engine = engine};
    CLEANUP(memory_cleanup) char *path = evaluation_find_file(&evaluation, "templates", name, error);
    struct source *source = path ? vault_read_source(engine->settings.keyring, path, error) : NULL;
    if (!source)
        return NULL;
    struct text *text = text_with_span_take(text_new(source->bytes, source->length),
                                            (struct span){source, 0, (uint32_t)source->length});
    source_drop(source);
    struct template *template = engine_template(engine, text, &CONDITION_SYNTAX, error);
    text_drop(text);
    return template;
}

/* ---- templates to values ---- */

static size_t trailing_newlines(const struct text *text)
{
    size_t count = 0;
    while (count < text->length && text->bytes[text->length - 1 - count] == '\n')
        ++count;
    return count;
}

/** Gives a text result as many newlines at its end as the template has. */
static void restore_newlines(const struct text *template, struct value *result)
{
    size_t wanted = trailing_newlines(template), had;
    if (wanted == 0 || !value_is_string(*result) || (had = trailing_newlines(result->as.text)) >= wanted)
        return;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    text_buffer_append_text(&out, result->as.text);
    text_buffer_append_repeated(&out, '\n', wanted - had);
    value_replace_take(result, value_string_take(text_buffer_take(&out)));
}

/** The expression of a template that is one {{ }} and nothing else, or NULL. */
static const struct expression *only_expression(const struct template *template)
{
    return template->body.count == 1 && template->body.nodes[0]->kind == NODE_OUTPUT
               ? template->body.nodes[0]->expression
               : NULL;
}

/** Walks a compiled template into an output or, one that is a single expression, to its value. */
static bool walk_template(struct evaluation *evaluation, struct template *template, struct value *result,
                          struct error *error)
{
    const struct expression *only = only_expression(template);
    struct output output = {.keeps_undefined = true};
    if (only)
        return expression_evaluate(evaluation, only, result, error);
    bool ok = template_render(evaluation, template, &output, error);
    if (ok)
        *result = output_take(&output);
    output_done(&output);
    return ok;
}

/** The value of a compiled template. */
static bool evaluate_template(struct evaluation *evaluation, struct template *template, struct value *result,
                              struct error *error)
{
    struct evaluation outer = *evaluation;
    struct dict *private_variables = NULL;
    evaluation->template = template;
    evaluation->private_variables = &private_variables;
    bool ok = walk_template(evaluation, template, result, error);
    evaluation->template = outer.template;
    evaluation->private_variables = outer.private_variables;
    dict_drop(private_variables);
    if (ok)
        restore_newlines(template->text, result);
    return ok;
}

bool engine_evaluate_text(struct evaluation *evaluation, struct text *text, struct value *result, struct error *error)
{
    const struct template_syntax *syntax = evaluation->templates_constants ? &CONDITION_SYNTAX : &PLAYBOOK_SYNTAX;
    struct template *template = engine_template(evaluation->engine, text, syntax, error);
    return template &&
           (evaluate_template(evaluation, template, result, error) || template_settle_error(template, error));
}

/** A result as it leaves its template: nothing left to evaluate in it, plain, not trusted. */
static bool leave_template(struct evaluation *evaluation, struct value read, struct value *result, struct error *error)
{
    OWNED resolved = value_null();
    OWNED final = value_null();
    if (value_is_failure(read))
        return value_undefined_error(read, error);
    if (!evaluation_resolve(evaluation, read, &resolved, error) || !finalize(resolved, &final, error))
        return template_settle_error(NULL, error);
    *result = value_untrusted(final);
    return true;
}

bool engine_evaluate_loosely(struct engine *engine, struct scope *scope, struct value value, struct value *result,
                             struct error *error)
{
    struct evaluation evaluation = {.engine = engine, .scope = scope};
    OWNED read = value_null();
    if (value_is_string(value) && value.flags & VALUE_LAZY) {
        if (!engine_evaluate_text(&evaluation, value.as.text, &read, error))
            return false;
    } else {
        read = value_copy(value);
    }
    if ((value_is_undefined(read) && !value_is_failure(read)) || value_is_omit(read)) {
        *result = value_steal(&read);
        return true;
    }
    return leave_template(&evaluation, read, result, error);
}

bool engine_evaluate_container(struct engine *engine, struct scope *scope, struct value value, struct value *result,
                               struct error *error)
{
    struct evaluation evaluation = {.engine = engine, .scope = scope};
    if (value_is_string(value) && value.flags & VALUE_LAZY)
        return engine_evaluate_text(&evaluation, value.as.text, result, error);
    *result = value_copy(value);
    return true;
}

bool engine_evaluate_file(struct engine *engine, struct scope *scope, struct text *text,
                          const struct template_syntax *syntax, struct value *result, struct error *error)
{
    struct evaluation evaluation = {.engine = engine, .scope = scope};
    struct template *template = engine_template(engine, text, syntax, error);
    OWNED read = value_null();
    if (!template)
        return false;
    if (!evaluate_template(&evaluation, template, &read, error))
        return template_settle_error(template, error);
    if (value_is_undefined(read))
        return undefined_error(&evaluation, read, error);
    return leave_template(&evaluation, read, result, error);
}

bool engine_blame_undefined(struct engine *engine, struct scope *scope, struct value undefined, struct error *error)
{
    return undefined_error(&(struct evaluation){.engine = engine, .scope = scope}, undefined, error);
}

bool engine_evaluate(struct engine *engine, struct scope *scope, struct value value, struct value *result,
                     struct error *error)
{
    OWNED evaluated = value_null();
    if (!engine_evaluate_loosely(engine, scope, value, &evaluated, error))
        return false;
    if (value_is_omit(evaluated))
        return error_set(error, ERROR_OMIT, "A template was resolved to an Omit scalar.");
    if (value_is_undefined(evaluated))
        return engine_blame_undefined(engine, scope, evaluated, error);
    *result = value_steal(&evaluated);
    return true;
}

bool engine_lookup(struct engine *engine, struct scope *scope, const struct engine_lookup *lookup, struct value *result,
                   struct error *error)
{
    struct evaluation evaluation = {.engine = engine, .scope = scope};
    OWNED name = value_string(lookup->name);
    OWNED keywords = value_dict_new();
    OWNED found = value_null();
    dict_set_string_take(keywords.as.dict, "wantlist", value_bool(true));
    dict_set_string_take(keywords.as.dict, "_subdir", value_string(lookup->folder));
    return evaluation_call_lookup(&evaluation, name, lookup->terms, keywords.as.dict, &found, error) &&
           finalize(found, result, error);
}

struct evaluation *engine_evaluation_new(struct engine *engine, struct scope *scope)
{
    struct evaluation *evaluation = memory_new_array(1, sizeof *evaluation);
    evaluation->engine = engine;
    evaluation->scope = scope;
    return evaluation;
}

void engine_evaluation_free(struct evaluation *evaluation)
{
    free(evaluation);
}
