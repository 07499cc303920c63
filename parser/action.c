#include <string.h>

#include "parser/arguments.h"
#include "parser/playbook_parser.h"
#include "runtime/value/dict.h"
#include "runtime/value/text.h"

enum { KEPT_STATEMENTS = 2 }; /* the second is for the error alone */

/** What among a task's keys says what it does. */
struct statements {
    const struct yaml_node *keys[KEPT_STATEMENTS];
    const struct yaml_node *values[KEPT_STATEMENTS];
    const struct yaml_node *arguments; /* the value of `args`, or NULL */
    unsigned count;
};

static bool is_key(const struct yaml_node *key, enum keyword keyword)
{
    return node_keyword(key) == keyword;
}

static bool is_action_keyword(const struct yaml_node *key)
{
    return is_key(key, KEYWORD_ACTION) || is_key(key, KEYWORD_LOCAL_ACTION);
}

bool action_is_candidate(const struct yaml_node *key)
{
    if (keyword_row(node_keyword(key))->levels & (LEVEL_TASK | LEVEL_HANDLER))
        return false;
    return !node_is_string(key) || strncmp(key->scalar.as.text->bytes, "with_", 5) != 0;
}

static void collect(const struct yaml_node *mapping, struct statements *statements)
{
    for (uint32_t i = 0; i < mapping->count; i++) {
        const struct yaml_node *key = mapping->items[2 * i], *value = mapping->items[2 * i + 1];
        if (is_key(key, KEYWORD_ARGS))
            statements->arguments = value;
        if (!is_action_keyword(key) && !action_is_candidate(key))
            continue;
        if (statements->count < KEPT_STATEMENTS) {
            statements->keys[statements->count] = key;
            statements->values[statements->count] = value;
        }
        statements->count++;
    }
}

bool action_is_module(struct playbook_parser *parser, const struct yaml_node *key)
{
    const struct dialect *dialect = parser->dialect;
    return node_is_string(key) &&
           dialect->find_module(dialect->context, key->scalar.as.text->bytes, key->scalar.as.text->length);
}

/** The names as text, whatever their type. */
static struct value key_text(const struct yaml_node *key)
{
    if (node_is_string(key))
        return value_copy(key->scalar);
    CLEANUP(memory_cleanup) char *repr = node_repr(key);
    return value_string(repr);
}

static uint32_t key_column(struct playbook_parser *parser, const struct yaml_node *key)
{
    return source_locate(parser->source, key->span.start).column;
}

/** Says what an unknown key beside a module was probably meant to be. */
static void help_unknown(struct playbook_parser *parser, const struct statements *statements, unsigned unknown)
{
    OWNED name = key_text(statements->keys[unknown]);
    const struct yaml_node *module = statements->keys[!unknown];
    if (unknown == 1 &&
        (node_is_null(statements->values[0]) || value_equals_string(statements->values[0]->scalar, "")) &&
        action_is_module(parser, module) && key_column(parser, module) == key_column(parser, statements->keys[1])) {
        error_help(parser->error,
                   "'%s' is not a keyword. It was probably meant to be inside '%s': indent it by two more columns.",
                   value_bytes(name), value_bytes(module->scalar));
        return;
    }
    error_help(parser->error, "'%s' is not a keyword of a task and not a module.", value_bytes(name));
    parser_suggest(parser, statements->keys[unknown], LEVEL_TASK, true);
}

static bool fail_conflict(struct playbook_parser *parser, const struct task *task, const struct statements *statements)
{
    const struct yaml_node *first = statements->keys[0], *second = statements->keys[1];
    if (is_action_keyword(first) && is_action_keyword(second))
        return parser_fail(parser, task->span, "action and local_action are mutually exclusive");
    OWNED first_name = key_text(first);
    OWNED second_name = key_text(second);
    bool first_known = is_action_keyword(first) || action_is_module(parser, first);
    bool second_known = is_action_keyword(second) || action_is_module(parser, second);
    struct span span = !first_known ? first->span : !second_known ? second->span : task->span;
    parser_fail(parser, span, "conflicting action statements: %s, %s", value_bytes(first_name),
                value_bytes(second_name));
    if (is_key(first, KEYWORD_HOSTS) || is_key(second, KEYWORD_HOSTS))
        return error_help(parser->error,
                          "This is a play where a task is expected. A file of plays is run by import_playbook.");
    if (first_known && second_known)
        return error_help(parser->error, "A task runs one module. Make two tasks of it.");
    help_unknown(parser, statements, first_known);
    return false;
}

static bool fail_unknown(struct playbook_parser *parser, const struct yaml_node *key)
{
    OWNED name = key_text(key);
    parser_fail(
        parser, key->span,
        "couldn't resolve module/action '%s'. This often indicates a misspelling, missing collection, or incorrect "
        "module path.",
        value_bytes(name));
    parser_suggest(parser, key, LEVEL_TASK, true);
    return false;
}

static bool fail_type(struct playbook_parser *parser, const struct task *task, const struct yaml_node *value)
{
    parser_fail(parser, task->span, "unexpected parameter type in action: <class '%s'>", node_type_name(value));
    return error_help(parser->error, "A module's arguments are a dictionary, or text with key=value pairs.");
}

/** Splits free-form text as the module of that name wants it. */
static bool split_arguments(struct playbook_parser *parser, struct value text, const struct text *name,
                            const struct task *task, struct dict **arguments)
{
    const struct dialect *dialect = parser->dialect;
    const char *module = dialect->find_module(dialect->context, name->bytes, name->length);
    const char *const *known = module ? dialect->raw_keys(dialect->context, module) : NULL;
    if (arguments_parse(text, known, known, arguments, parser->error))
        return true;
    error_wrap(parser->error, "Error loading tasks");
    return error_at(parser->error, task->span);
}

/** Where the first word of `name k=v` ends; a template in it may hold spaces. */
static uint32_t name_length(const struct text *text, uint32_t start)
{
    unsigned depth = 0;
    uint32_t at = start;
    for (; at < text->length; at++) {
        if (text->bytes[at] == '{' && text->bytes[at + 1] == '{')
            depth++;
        else if (text->bytes[at] == '}' && text->bytes[at + 1] == '}' && depth > 0)
            depth--;
        else if (depth == 0 && strchr(" \t\n", text->bytes[at]))
            break;
    }
    return at - start;
}

/** The bytes of a text from `start` on as a value with the same trust and its own place. */
static struct value slice(struct value whole, uint32_t start, uint32_t length)
{
    struct text *part = text_new(whole.as.text->bytes + start, length);
    part = text_with_span_take(part, text_span(whole.as.text, start, length));
    OWNED value = value_string_take(part);
    return whole.flags & VALUE_TRUSTED ? value_trusted(value) : value_steal(&value);
}

static void action_release(void *object)
{
    struct action *action = object;
    text_drop(action->name);
    value_drop(action->arguments);
}

/** "name k=v": what the task does, and the arguments in the text. */
static bool read_action_text(struct playbook_parser *parser, struct task *task, const struct yaml_node *node,
                             struct dict **arguments)
{
    const struct text *text = node->scalar.as.text;
    uint32_t start = (uint32_t)strspn(text->bytes, " \t\n"), length = name_length(text, start);
    if (length == 0)
        return parser_fail(parser, task->span, "no module/action detected in task.");
    uint32_t rest = start + length + (uint32_t)strspn(text->bytes + start + length, " \t\n");
    OWNED name = slice(node->scalar, start, length);
    OWNED free_text = slice(node->scalar, rest, text->length - rest);
    task->action.name = text_copy(name.as.text);
    task->action.name_span = text_span(text, start, length);
    return split_arguments(parser, free_text, task->action.name, task, arguments);
}

/** `action: {module: name, k: v}`; behind the name may stand more arguments, which win. */
static bool read_action_dict(struct playbook_parser *parser, struct task *task, const struct yaml_node *node,
                             struct dict **arguments)
{
    const struct yaml_node *name = yaml_find(node, "module");
    struct dict *in_name = NULL;
    if (!name || !node_is_string(name))
        return parser_fail(parser, task->span, "no module/action detected in task.");
    if (!read_action_text(parser, task, name, &in_name))
        return false;
    OWNED more = value_dict_take(in_name);
    OWNED value = yaml_value(node);
    struct dict *own = value_own_dict(&value);
    dict_remove_string(own, "module");
    dict_update(own, in_name);
    *arguments = dict_copy(own);
    return true;
}

/** A module's value as a dict of arguments. */
static bool read_arguments(struct playbook_parser *parser, struct task *task, const struct yaml_node *node,
                           struct dict **arguments)
{
    if (node_is_null(node)) {
        *arguments = dict_new();
        return true;
    }
    if (node_is_string(node))
        return split_arguments(parser, node->scalar, task->action.name, task, arguments);
    if (node->kind != YAML_MAPPING)
        return fail_type(parser, task, node);
    *arguments = yaml_value(node).as.dict;
    return true;
}

/** The old word for including tasks: it works, with a warning. */
static void replace_include(struct playbook_parser *parser, struct action *action)
{
    if (strcmp(action->name->bytes, "include") != 0 && strcmp(action->name->bytes, "ansible.builtin.include") != 0)
        return;
    parser_warn(parser, action->name_span, "'include' is deprecated: use include_tasks or import_tasks");
    text_drop(action->name);
    action->name = text_new("include_tasks", strlen("include_tasks"));
}

static bool read_statement(struct playbook_parser *parser, struct task *task, const struct yaml_node *key,
                           const struct yaml_node *value, struct dict **arguments)
{
    if (!is_action_keyword(key)) {
        bool is_include =
            value_equals_string(key->scalar, "include") || value_equals_string(key->scalar, "ansible.builtin.include");
        if (!is_include && !action_is_module(parser, key))
            return fail_unknown(parser, key);
        task->action.name = text_copy(key->scalar.as.text);
        task->action.name_span = key->span;
        return read_arguments(parser, task, value, arguments);
    }
    if (value->kind == YAML_MAPPING)
        return read_action_dict(parser, task, value, arguments);
    if (node_is_string(value))
        return read_action_text(parser, task, value, arguments);
    return fail_type(parser, task, value);
}

/** `local_action` is `action` with delegate_to: localhost. */
static void delegate_to_localhost(struct task *task, const struct yaml_node *key)
{
    struct yaml_node localhost = {.kind = YAML_SCALAR, .span = key->span, .scalar = value_string("localhost")};
    attributes_add(&task->attributes, KEYWORD_DELEGATE_TO, key, &localhost);
    value_drop(localhost.scalar);
}

/** Joins the module's own arguments with those of `args`, where the module's win. */
static bool join_arguments(struct playbook_parser *parser, struct task *task, const struct yaml_node *more,
                           struct dict *own)
{
    OWNED mine = value_dict_take(own);
    if (!more || node_is_null(more)) {
        task->action.arguments = value_steal(&mine);
        return true;
    }
    if (more->kind == YAML_MAPPING) {
        OWNED joined = yaml_value(more);
        dict_update(value_own_dict(&joined), own);
        task->action.arguments = value_steal(&joined);
        return true;
    }
    if (more->kind != YAML_SCALAR || !(more->scalar.flags & VALUE_LAZY)) {
        parser_fail(parser, more->span, "The value of the task `args` keyword is invalid.");
        return error_help(parser->error, "A mapping or template which resolves to a mapping is required.");
    }
    if (own->live > 0)
        dict_set_string_take(value_own_dict(&mine), "_variable_params", value_copy(more->scalar));
    task->action.arguments = own->live > 0 ? value_steal(&mine) : value_copy(more->scalar);
    return true;
}

/** production: action */
bool action_parse(struct playbook_parser *parser, struct task *task, const struct yaml_node *mapping)
{
    struct statements statements = {0};
    collect(mapping, &statements);
    if (statements.count > 1)
        return fail_conflict(parser, task, &statements);
    if (statements.count == 0) {
        parser_fail(parser, task->span, "no module/action detected in task.");
        return error_help(parser->error, "A task needs a key that names a module, as in: - debug: msg=hello");
    }
    arena_defer(parser->arena, action_release, &task->action);
    struct dict *arguments = NULL;
    if (!read_statement(parser, task, statements.keys[0], statements.values[0], &arguments))
        return false;
    replace_include(parser, &task->action);
    if (is_key(statements.keys[0], KEYWORD_LOCAL_ACTION))
        delegate_to_localhost(task, statements.keys[0]);
    return join_arguments(parser, task, statements.arguments, arguments);
}
