#include <string.h>

#include "parser/playbook_parser.h"
#include "runtime/value/dict.h"
#include "runtime/value/text.h"

static bool is_block_key(const struct yaml_node *key)
{
    enum keyword keyword = node_keyword(key);
    return keyword == KEYWORD_BLOCK || keyword == KEYWORD_RESCUE || keyword == KEYWORD_ALWAYS;
}

static bool is_block(const struct yaml_node *mapping)
{
    for (uint32_t i = 0; i < mapping->count; i++)
        if (is_block_key(mapping->items[2 * i]))
            return true;
    return false;
}

/* ---- blocks ---- */

static struct task_list *block_part(struct task *task, enum keyword keyword)
{
    return keyword == KEYWORD_BLOCK ? &task->block : keyword == KEYWORD_RESCUE ? &task->rescue : &task->always;
}

static bool read_block_tasks(struct playbook_parser *parser, struct task *task, enum keyword keyword,
                             const struct yaml_node *value)
{
    if (value->kind == YAML_SEQUENCE)
        return task_list_parse(parser, value, task, task->is_handler, block_part(task, keyword));
    CLEANUP(memory_cleanup) char *repr = node_repr(value);
    parser_fail(
        parser, task->span,
        "A malformed block was encountered while loading a block: The ds (%s) should be a list but was a <class '%s'>",
        repr, node_type_name(value));
    return error_help(parser->error, "Below '%s:' stands a list: each task begins with a dash.",
                      keyword_row(keyword)->spelling);
}

static bool fail_block_key(struct playbook_parser *parser, const struct yaml_node *key)
{
    CLEANUP(memory_cleanup) char *repr = node_repr(key);
    parser_fail(parser, key->span, "%s is not a valid attribute for a Block", repr);
    if (node_keyword(key) != KEYWORD_NONE)
        return error_help(parser->error, "Give %s to the tasks in the block.", repr);
    if (action_is_module(parser, key))
        return error_help(parser->error, "A block runs no module itself: make it a task in the list below 'block:'.");
    parser_suggest(parser, key, LEVEL_BLOCK, false);
    return false;
}

static bool read_block_key(struct playbook_parser *parser, struct task *task, const struct yaml_node *key,
                           const struct yaml_node *value)
{
    enum keyword keyword = node_keyword(key);
    if (is_block_key(key))
        return read_block_tasks(parser, task, keyword, value);
    if (keyword_row(keyword)->levels & LEVEL_BLOCK)
        return attributes_read(parser, &task->attributes, keyword, key, value, "Block");
    return fail_block_key(parser, key);
}

/** production: task_block */
static bool read_block(struct playbook_parser *parser, struct task *task, const struct yaml_node *mapping)
{
    task->kind = TASK_BLOCK;
    for (uint32_t i = 0; i < mapping->count; i++)
        if (!read_block_key(parser, task, mapping->items[2 * i], mapping->items[2 * i + 1]))
            return false;
    if (task->block.count > 0 || task->rescue.count + task->always.count == 0) {
        if (yaml_find(mapping, "block"))
            return true;
    }
    const char *spelling = yaml_find(mapping, "rescue") ? "rescue" : "always";
    return parser_fail(parser, task->span, "'%s' keyword cannot be used without 'block'", spelling);
}

/* ---- tasks ---- */

/** production: with_loop */
static bool read_with(struct playbook_parser *parser, struct task *task, const struct yaml_node *key,
                      const struct yaml_node *value)
{
    const struct dialect *dialect = parser->dialect;
    const char *name = key->scalar.as.text->bytes + strlen("with_");
    if (!dialect->find_lookup(dialect->context, name, strlen(name)))
        return parser_fail(parser, key->span, "'with_%s' is not a valid attribute for a %s", name,
                           task->is_handler ? "Handler" : "Task") ||
               error_help(parser->error, "There is no lookup '%s'.", name);
    if (attributes_find(&task->attributes, KEYWORD_LOOP))
        return parser_refuse(parser, task->span, "duplicate loop in task: %s", name);
    if (node_is_null(value))
        return parser_fail(parser, key->span, "you must specify a value when using with_%s", name);
    attributes_add(&task->attributes, KEYWORD_LOOP, key, value);
    task->loop_lookup = text_new(name, strlen(name));
    return true;
}

static bool read_task_keyword(struct playbook_parser *parser, struct task *task, const struct yaml_node *key,
                              const struct yaml_node *value)
{
    enum keyword keyword = node_keyword(key);
    const char *owner = task->is_handler ? "Handler" : "Task";
    unsigned level = task->is_handler ? LEVEL_HANDLER : LEVEL_TASK;
    if (keyword == KEYWORD_ACTION || keyword == KEYWORD_LOCAL_ACTION || keyword == KEYWORD_ARGS)
        return true;
    if (keyword == KEYWORD_LOOP && task->loop_lookup)
        return parser_refuse(parser, task->span, "duplicate loop in task: %s", task->loop_lookup->bytes);
    if (keyword == KEYWORD_DELEGATE_TO && attributes_find(&task->attributes, keyword))
        return true; /* local_action has the last word */
    if (keyword_row(keyword)->levels & level)
        return attributes_read(parser, &task->attributes, keyword, key, value, owner);
    parser_fail(parser, key->span, "'%s' is not a valid attribute for a %s", keyword_row(keyword)->spelling, owner);
    return error_help(parser->error, "Only handlers have '%s'.", keyword_row(keyword)->spelling);
}

static bool read_task_key(struct playbook_parser *parser, struct task *task, const struct yaml_node *key,
                          const struct yaml_node *value)
{
    if (action_is_candidate(key))
        return true;
    if (node_keyword(key) == KEYWORD_NONE)
        return read_with(parser, task, key, value);
    return read_task_keyword(parser, task, key, value);
}

static void loop_lookup_release(void *object)
{
    text_drop(((struct task *)object)->loop_lookup);
}

/** The canonical name of what the task runs; "" for what is known only later. */
static const char *canonical_name(struct playbook_parser *parser, const struct task *task)
{
    const struct text *name = task->action.name;
    const char *found = parser->dialect->find_module(parser->dialect->context, name->bytes, name->length);
    return found ? found : "";
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/** Has an include of tasks or roles only options that it knows, and those it needs? */
static bool check_options(struct playbook_parser *parser, const struct task *task, const char *name)
{
    static const char *const file_options[] = {"_raw_params", "file", "apply", NULL};
    static const char *const role_options[] = {
        "_raw_params",   "name",  "role",   "tasks_from",       "vars_from",         "defaults_from",
        "handlers_from", "apply", "public", "allow_duplicates", "rolespec_validate", NULL};
    bool is_role = strstr(name, "role"), is_import = strncmp(name, "import_", 7) == 0;
    if (!value_is_dict(task->action.arguments))
        return true;
    const struct dict *arguments = task->action.arguments.as.dict;
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(arguments, &i, &entry);) {
        const char *option = value_is_string(entry->key) ? value_bytes(entry->key) : "?";
        if (!is_one_of(option, is_role ? role_options : file_options) || (is_import && strcmp(option, "apply") == 0))
            return parser_fail(parser, task->span, "Invalid options for %s: %s", name, option);
    }
    const char *needed = is_role ? "name" : "file", *other = is_role ? "role" : "_raw_params";
    if (dict_find_string(arguments, needed) || dict_find_string(arguments, other) ||
        dict_find_string(arguments, "_variable_params"))
        return true;
    if (is_role)
        return parser_fail(parser, task->span, "'name' is a required field for %s.", name);
    return parser_fail(parser, task->span, "No file specified for %s", name);
}

/** Only some keywords make sense for what brings other tasks when its turn comes. */
static bool check_include_keywords(struct playbook_parser *parser, const struct task *task, const char *name)
{
    static const enum keyword allowed[] = {
        KEYWORD_NAME,     KEYWORD_ARGS,          KEYWORD_ACTION,   KEYWORD_COLLECTIONS,
        KEYWORD_DEBUGGER, KEYWORD_IGNORE_ERRORS, KEYWORD_LOOP,     KEYWORD_LOOP_CONTROL,
        KEYWORD_NO_LOG,   KEYWORD_REGISTER,      KEYWORD_RUN_ONCE, KEYWORD_TAGS,
        KEYWORD_TIMEOUT,  KEYWORD_VARS,          KEYWORD_WHEN,     KEYWORD_LISTEN,
    };
    for (uint32_t i = 0; i < task->attributes.count; i++) {
        enum keyword keyword = task->attributes.items[i].keyword;
        bool is_allowed = false;
        for (size_t j = 0; j < COUNT_OF(allowed) && !is_allowed; j++)
            is_allowed = allowed[j] == keyword;
        if (is_allowed)
            continue;
        parser_fail(parser, task->span, "'%s' is not a valid attribute for a %s", keyword_row(keyword)->spelling,
                    strstr(name, "role") ? "IncludeRole"
                    : task->is_handler   ? "HandlerTaskInclude"
                                         : "TaskInclude");
        return error_help(parser->error,
                          "Keywords for the tasks that it brings stand in `apply`, or in a block around it.");
    }
    return true;
}

/** What holds for includes and imports alone. */
static bool check_include(struct playbook_parser *parser, const struct task *task)
{
    static const char *const includes[] = {"include_tasks", "import_tasks", "include_role", "import_role", NULL};
    const char *name = canonical_name(parser, task);
    if (!is_one_of(name, includes))
        return true;
    if (strncmp(name, "import_", 7) == 0 && attributes_find(&task->attributes, KEYWORD_LOOP))
        return parser_fail(parser, task->span,
                           "You cannot use loops on '%s' statements. You should use 'include_%s' instead.", name,
                           name + strlen("import_"));
    if (strncmp(name, "include_", 8) == 0 && !check_include_keywords(parser, task, name))
        return false;
    return check_options(parser, task, name);
}

/** production: task */
static bool read_task(struct playbook_parser *parser, struct task *task, const struct yaml_node *mapping)
{
    task->kind = TASK_ACTION;
    arena_defer(parser->arena, loop_lookup_release, task);
    if (!action_parse(parser, task, mapping))
        return false;
    for (uint32_t i = 0; i < mapping->count; i++)
        if (!read_task_key(parser, task, mapping->items[2 * i], mapping->items[2 * i + 1]))
            return false;
    return check_include(parser, task);
}

static bool fail_item(struct playbook_parser *parser, const struct yaml_node *item)
{
    CLEANUP(memory_cleanup) char *repr = node_repr(item);
    parser_fail(
        parser, item->span,
        "A malformed block was encountered while loading a block: The ds (%s) should be a dict but was a <class '%s'>",
        repr, node_type_name(item));
    return error_help(parser->error, "A task is a dictionary, as in: - debug: msg=hello");
}

/** production: tasks */
bool task_list_parse(struct playbook_parser *parser, const struct yaml_node *node, struct task *parent, bool is_handler,
                     struct task_list *tasks)
{
    tasks->tasks = arena_new(parser->arena, (node->count + 1) * sizeof *tasks->tasks);
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_node *item = node->items[i];
        if (node_is_null(item))
            continue;
        if (item->kind != YAML_MAPPING)
            return fail_item(parser, item);
        struct task *task = arena_new(parser->arena, sizeof *task);
        task->parent = parent;
        task->span = item->span;
        task->is_handler = is_handler;
        attributes_init(parser, &task->attributes, item);
        if (!(is_block(item) ? read_block(parser, task, item) : read_task(parser, task, item)))
            return false;
        tasks->tasks[tasks->count++] = task;
    }
    return true;
}
