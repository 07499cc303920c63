/*
 * What the files that parse playbooks share; for them alone.  Everything made goes into the file's arena.
 */
#ifndef PLAYLET_PARSER_PLAYBOOK_PARSER_H
#define PLAYLET_PARSER_PLAYBOOK_PARSER_H

#include "parser/playbook.h"

struct playbook_parser {
    const struct dialect *dialect;
    struct source *source;
    struct arena *arena;
    struct yaml_warning **last_warning; /* where the next warning goes */
    struct error *error;
};

/* ---- errors ---- */

/** Fails at a place. */
bool parser_fail(struct playbook_parser *parser, struct span span, const char *format, ...) PRINTF_FORMAT(3, 4);

/** The same for what the program refuses with exit status 1 (ERROR_OTHER; see playbook.h). */
bool parser_refuse(struct playbook_parser *parser, struct span span, const char *format, ...) PRINTF_FORMAT(3, 4);

void parser_warn(struct playbook_parser *parser, struct span span, const char *message);

/** Adds "Did you mean 'x'?" with a keyword of these levels or, where wanted, a module; nothing when none is near. */
void parser_suggest(struct playbook_parser *parser, const struct yaml_node *key, unsigned levels, bool modules);

/** Python's name of the type a node's value has: "dict", "str", "NoneType". */
const char *node_type_name(const struct yaml_node *node);

/** Python's repr of a node's value; the caller frees it. */
char *node_repr(const struct yaml_node *node) NODISCARD;

static inline bool node_is_null(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && value_is_null(node->scalar);
}

static inline bool node_is_string(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && value_is_string(node->scalar);
}

/* ---- keywords.c ---- */

/** The keyword that a key names, KEYWORD_NONE for another key. */
enum keyword node_keyword(const struct yaml_node *key);

/** Room for as many attributes as the mapping has pairs. */
void attributes_init(struct playbook_parser *parser, struct attributes *attributes, const struct yaml_node *mapping);

/** Adds one as written. */
void attributes_add(struct attributes *attributes, enum keyword keyword, const struct yaml_node *key,
                    const struct yaml_node *value);

/** Adds one after holding the value against what its keyword takes; `owner`: "Play", "Task" ... */
bool attributes_read(struct playbook_parser *parser, struct attributes *attributes, enum keyword keyword,
                     const struct yaml_node *key, const struct yaml_node *value, const char *owner);

/** Is it a name that a variable may have?  Fails at the node, with the rule as help. */
bool variable_name_check(struct playbook_parser *parser, const struct yaml_node *name);

/* ---- action.c ---- */

/** Finds what the task does among its keys: a module, `action` or `local_action`, and the arguments. */
bool action_parse(struct playbook_parser *parser, struct task *task, const struct yaml_node *mapping);

/** Is it a key that neither is a keyword of tasks nor begins a loop: what names a module? */
bool action_is_candidate(const struct yaml_node *key);

/** Does the key name a module that the dialect has? */
bool action_is_module(struct playbook_parser *parser, const struct yaml_node *key);

/* ---- task.c ---- */

/** The tasks and blocks of a sequence, below `parent` (NULL at the top of a file). */
bool task_list_parse(struct playbook_parser *parser, const struct yaml_node *node, struct task *parent, bool is_handler,
                     struct task_list *tasks);

/* ---- play.c ---- */

bool play_parse(struct playbook_parser *parser, const struct yaml_node *mapping, struct play **play);

/** The entries of `roles:` or of a role's dependencies. */
bool role_list_parse(struct playbook_parser *parser, const struct yaml_node *node, struct role_reference **roles,
                     uint32_t *count);

/** The play on localhost that a bare list of tasks stands for. */
bool play_parse_implicit(struct playbook_parser *parser, const struct yaml_node *tasks, struct play **play);

#endif
