#include <string.h>

#include "parser/playbook_parser.h"
#include "runtime/value/dict.h"
#include "runtime/value/text.h"

/* ---- hosts ---- */

static bool fail_hosts(struct playbook_parser *parser, const struct yaml_node *node)
{
    parser_fail(parser, node->span, "Hosts list cannot be empty. Please check your playbook");
    return error_help(parser->error, "Name hosts, groups or patterns: hosts: all");
}

static bool check_host(struct playbook_parser *parser, const struct yaml_node *item)
{
    if (node_is_null(item))
        return parser_fail(parser, item->span,
                           "Hosts list cannot contain values of 'None'. Please check your playbook");
    if (node_is_string(item))
        return true;
    CLEANUP(memory_cleanup) char *repr = node_repr(item);
    return parser_fail(parser, item->span, "Hosts list contains an invalid host value: '%s'", repr);
}

/** production: hosts */
static bool check_hosts(struct playbook_parser *parser, const struct yaml_node *node)
{
    if (node_is_null(node) || (node_is_string(node) && node->scalar.as.text->length == 0) ||
        (node->kind == YAML_SEQUENCE && node->count == 0))
        return fail_hosts(parser, node);
    if (node_is_string(node))
        return true;
    if (node->kind != YAML_SEQUENCE)
        return parser_fail(parser, node->span, "Hosts list must be a sequence or string. Please check your playbook.");
    for (uint32_t i = 0; i < node->count; i++)
        if (!check_host(parser, node->items[i]))
            return false;
    return true;
}

/* ---- roles ---- */

static void role_release(void *object)
{
    struct role_reference *role = object;
    value_drop(role->name);
    value_drop(role->parameters);
}

static const struct yaml_node *role_name(const struct yaml_node *node)
{
    const struct yaml_node *name = yaml_find(node, "role");
    return name ? name : yaml_find(node, "name");
}

static bool is_role_name_key(const struct yaml_node *key)
{
    return value_equals_string(key->scalar, "role") || value_equals_string(key->scalar, "name");
}

static bool read_role_dict(struct playbook_parser *parser, struct role_reference *role, const struct yaml_node *node)
{
    const struct yaml_node *name = role_name(node);
    if (!name || !(node_is_string(name) || (name->kind == YAML_SCALAR && value_is_integer(name->scalar))))
        return parser_refuse(parser, node->span, "role definitions must contain a role name");
    role->name = value_copy(name->scalar);
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_node *key = node->items[2 * i], *value = node->items[2 * i + 1];
        enum keyword keyword = node_keyword(key);
        if (is_role_name_key(key))
            continue;
        if (keyword_row(keyword)->levels & LEVEL_ROLE) {
            if (!attributes_read(parser, &role->attributes, keyword, key, value, "RoleInclude"))
                return false;
            continue;
        }
        dict_set_take(value_own_dict(&role->parameters), value_copy(key->scalar), yaml_value(value));
    }
    return true;
}

/** production: role */
static bool read_role(struct playbook_parser *parser, struct role_reference *role, const struct yaml_node *node)
{
    role->span = node->span;
    role->parameters = value_dict_new();
    arena_defer(parser->arena, role_release, role);
    attributes_init(parser, &role->attributes, node);
    if (node->kind == YAML_MAPPING)
        return read_role_dict(parser, role, node);
    if (!node_is_string(node))
        return parser_fail(parser, node->span, "Invalid role definition.") ||
               error_help(parser->error, "A role is its name, or a dictionary with `role`.");
    role->name = value_copy(node->scalar);
    return true;
}

/** production: roles */
bool role_list_parse(struct playbook_parser *parser, const struct yaml_node *node, struct role_reference **roles,
                     uint32_t *count)
{
    if (node_is_null(node))
        return true;
    if (node->kind != YAML_SEQUENCE) {
        CLEANUP(memory_cleanup) char *repr = node_repr(node);
        return parser_fail(
            parser, node->span,
            "A malformed role declaration was encountered: ds (%s) should be a list but was a <class '%s'>", repr,
            node_type_name(node));
    }
    *roles = arena_new(parser->arena, (node->count + 1) * sizeof **roles);
    for (uint32_t i = 0; i < node->count; i++)
        if (!read_role(parser, &(*roles)[(*count)++], node->items[i]))
            return false;
    return true;
}

/* ---- vars_files, vars_prompt ---- */

static bool check_vars_files(struct playbook_parser *parser, const struct yaml_node *node)
{
    if (node_is_string(node) || node_is_null(node) || node->kind == YAML_SEQUENCE)
        return true;
    parser_fail(parser, node->span, "Invalid `vars_files` value of type '%s'.", node_type_name(node));
    return error_help(parser->error, "A `vars_files` value should either be a string or list of strings.");
}

static bool check_prompt(struct playbook_parser *parser, const struct yaml_node *node)
{
    static const char *const options[] = {"name",    "prompt",    "default", "private", "confirm",
                                          "encrypt", "salt_size", "salt",    "unsafe"};
    if (!yaml_find(node, "name"))
        return parser_fail(parser, node->span, "Invalid vars_prompt data structure, missing 'name' key");
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_node *key = node->items[2 * i];
        bool is_known = false;
        for (size_t k = 0; k < COUNT_OF(options); k++)
            is_known |= value_equals_string(key->scalar, options[k]);
        if (is_known)
            continue;
        CLEANUP(memory_cleanup) char *repr = node_repr(key);
        return parser_fail(parser, key->span, "Invalid vars_prompt data structure, found unsupported key %s", repr);
    }
    return true;
}

static bool check_prompts(struct playbook_parser *parser, const struct yaml_node *node)
{
    if (node_is_null(node))
        return true;
    if (node->kind == YAML_MAPPING)
        return check_prompt(parser, node);
    for (uint32_t i = 0; i < node->count; i++)
        if (node->items[i]->kind == YAML_MAPPING) {
            if (!check_prompt(parser, node->items[i]))
                return false;
        } else {
            return parser_fail(parser, node->items[i]->span, "Invalid variable file contents.");
        }
    if (node->kind == YAML_SEQUENCE)
        return true;
    parser_fail(parser, node->span, "Invalid variable file contents.");
    return error_help(parser->error, "vars_prompt is a list of dictionaries, each with a `name`.");
}

/* ---- plays ---- */

/** The list of tasks that a keyword of plays fills, or NULL. */
static struct task_list *play_tasks(struct play *play, enum keyword keyword)
{
    if (keyword == KEYWORD_PRE_TASKS)
        return &play->pre_tasks;
    if (keyword == KEYWORD_TASKS)
        return &play->tasks;
    if (keyword == KEYWORD_POST_TASKS)
        return &play->post_tasks;
    return keyword == KEYWORD_HANDLERS ? &play->handlers : NULL;
}

static bool read_tasks(struct playbook_parser *parser, struct play *play, enum keyword keyword,
                       const struct yaml_node *node)
{
    if (node_is_null(node))
        return true;
    if (node->kind == YAML_SEQUENCE)
        return task_list_parse(parser, node, NULL, keyword == KEYWORD_HANDLERS, play_tasks(play, keyword));
    CLEANUP(memory_cleanup) char *repr = node_repr(node);
    const char *spelling = keyword_row(keyword)->spelling;
    parser_fail(parser, node->span,
                "A malformed block was encountered while loading %s: %s should be a list or None but is <class '%s'>",
                spelling, repr, node_type_name(node));
    return error_help(parser->error, "Below '%s:' stands a list: each task begins with a dash.", spelling);
}

static bool fail_play_key(struct playbook_parser *parser, const struct yaml_node *key)
{
    CLEANUP(memory_cleanup) char *repr = node_repr(key);
    const char *quote = node_is_string(key) ? "" : "'";
    parser_fail(parser, key->span, "%s%s%s is not a valid attribute for a Play", quote, repr, quote);
    const struct keyword_row *row = keyword_row(node_keyword(key));
    if (row->levels)
        return error_help(parser->error, "'%s' is a keyword of %s.", row->spelling,
                          row->levels & LEVEL_TASK    ? "tasks"
                          : row->levels & LEVEL_BLOCK ? "blocks"
                                                      : "handlers");
    parser_suggest(parser, key, LEVEL_PLAY, false);
    return false;
}

/** `user` is the old word for remote_user. */
static enum keyword play_keyword(const struct yaml_node *key)
{
    return value_equals_string(key->scalar, "user") ? KEYWORD_REMOTE_USER : node_keyword(key);
}

static bool read_play_key(struct playbook_parser *parser, struct play *play, const struct yaml_node *key,
                          const struct yaml_node *value)
{
    enum keyword keyword = play_keyword(key);
    if (!(keyword_row(keyword)->levels & LEVEL_PLAY))
        return fail_play_key(parser, key);
    if (play_tasks(play, keyword))
        return read_tasks(parser, play, keyword, value);
    if (keyword == KEYWORD_ROLES)
        return role_list_parse(parser, value, &play->roles, &play->role_count);
    if (keyword == KEYWORD_HOSTS && !check_hosts(parser, value))
        return false;
    if (keyword == KEYWORD_VARS_FILES && !check_vars_files(parser, value))
        return false;
    if (keyword == KEYWORD_VARS_PROMPT && !check_prompts(parser, value))
        return false;
    if (keyword == KEYWORD_REMOTE_USER && attributes_find(&play->attributes, keyword))
        return parser_fail(
            parser, play->span,
            "both 'user' and 'remote_user' are set for this play. The use of 'user' is deprecated, and should "
            "be removed");
    return attributes_read(parser, &play->attributes, keyword, key, value, "Play");
}

static struct play *play_new(struct playbook_parser *parser, const struct yaml_node *node)
{
    struct play *play = arena_new(parser->arena, sizeof *play);
    play->span = node->span;
    attributes_init(parser, &play->attributes, node);
    return play;
}

/** production: play */
bool play_parse(struct playbook_parser *parser, const struct yaml_node *mapping, struct play **play)
{
    *play = play_new(parser, mapping);
    for (uint32_t i = 0; i < mapping->count; i++)
        if (!read_play_key(parser, *play, mapping->items[2 * i], mapping->items[2 * i + 1]))
            return false;
    if (attributes_find(&(*play)->attributes, KEYWORD_HOSTS))
        return true;
    parser_fail(parser, mapping->span, "The field 'hosts' is required but was not set.");
    return error_help(parser->error, "Say where the play runs: hosts: localhost");
}

static void add_implicit(struct play *play, enum keyword keyword, struct value value)
{
    struct yaml_node node = {.kind = YAML_SCALAR, .span = play->span, .scalar = value};
    attributes_add(&play->attributes, keyword, &node, &node);
    value_drop(value);
}

bool play_parse_implicit(struct playbook_parser *parser, const struct yaml_node *tasks, struct play **play)
{
    *play = play_new(parser, tasks);
    (*play)->is_implicit = true;
    add_implicit(*play, KEYWORD_HOSTS, value_string("localhost"));
    add_implicit(*play, KEYWORD_GATHER_FACTS, value_bool(false));
    return task_list_parse(parser, tasks, NULL, false, &(*play)->tasks);
}
