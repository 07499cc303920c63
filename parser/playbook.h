/*
 * Playbooks: from YAML to the tree of plays, blocks and tasks.  Grammar: grammar/playbook.ebnf, grammar/keywords.def.
 *
 * The tree is constant after parsing, except for what eval/play/load links into it before the play starts (static imports).
 * Keyword values are kept as written: eval templates and converts them when they are needed.  What can be known
 * to be wrong from the text alone (an unknown keyword, two modules, a keyword at the wrong level, a wrong type) is an error here,
 * before anything has run.  Such an error is ERROR_PARSE (exit status 4), or ERROR_OTHER for those that the reference
 * answers with exit status 1: names of variables, tags of a wrong type, a second loop, a role without a name.
 */
#ifndef PLAYLET_PARSER_PLAYBOOK_H
#define PLAYLET_PARSER_PLAYBOOK_H

#include "parser/yaml.h"
#include "runtime/source/suggest.h"

enum keyword {
    KEYWORD_NONE,
#define KEYWORD(token, spelling, levels, type, templated, documentation) KEYWORD_##token,
#include "grammar/keywords.def"
#undef KEYWORD
    KEYWORD_COUNT,
};

enum keyword_level { LEVEL_PLAY = 1, LEVEL_ROLE = 2, LEVEL_BLOCK = 4, LEVEL_TASK = 8, LEVEL_HANDLER = 16, LEVEL_LOOP_CONTROL = 32 };

enum keyword_type {
    TYPE_ANY, TYPE_STRING, TYPE_BOOL, TYPE_INT, TYPE_FLOAT, TYPE_PERCENT,
    TYPE_LIST,          /* a lone item is taken as a list of one */
    TYPE_STRINGS,       /* a list of strings; one string with commas is split */
    TYPE_DICT,
    TYPE_CONDITION,     /* expressions: text, boolean or list of them */
    TYPE_TASKS,         /* a list of tasks and blocks */
};

enum keyword_templating {
    TEMPLATED,          /* evaluated when needed */
    NOT_TEMPLATED,      /* taken as it is (register, vars' names) */
    TEMPLATED_LATE,     /* evaluated by what uses it (conditions, loop) */
};

struct keyword_row {
    const char *spelling;
    unsigned levels;                /* enum keyword_level */
    enum keyword_type type;
    enum keyword_templating templating;
    const char *documentation;
};

const struct keyword_row *keyword_row(enum keyword keyword);
enum keyword keyword_find(const char *spelling, size_t length);     /* KEYWORD_NONE: not one */

/** One keyword of a play, block or task, as written. */
struct attribute {
    enum keyword keyword;
    struct value value;
    struct span key_span;
    struct span value_span;
};

struct attributes {
    struct attribute *items;        /* in the order of the file */
    uint32_t count;
    uint64_t present[(KEYWORD_COUNT + 63) / 64];    /* a bit a keyword, so that absence costs nothing */
};

/** The attribute, or NULL. */
const struct attribute *attributes_find(const struct attributes *attributes, enum keyword keyword);

struct role;    /* eval/play/role.h */

struct task_list {
    struct task **tasks;
    uint32_t count;
};

enum task_kind { TASK_ACTION, TASK_BLOCK };

/** What a task does: a module or action with its arguments as written. */
struct action {
    struct text *name;              /* as written: "command", "ansible.builtin.command" */
    struct span name_span;
    struct value arguments;         /* a dict (trusted, lazy), or a string template that yields one (args: "{{ d }}"); a dict
                                       with such a template under "_variable_params" where there are both */
    const void *resolution;         /* eval's: what the name stands for */
};

struct task {
    enum task_kind kind;
    struct task *parent;            /* the enclosing block, or the static import that brought it; NULL at the top of a file */
    struct span span;               /* from its first key */
    struct attributes attributes;
    union {
        struct {
            struct action action;
            struct text *loop_lookup;       /* "items" of with_items; NULL with `loop` or without a loop (the items: KEYWORD_LOOP) */
        };
        struct { struct task_list block, rescue, always; };
    };
    struct task_list imported;      /* of import_tasks / import_role: filled by eval/play/load */
    struct role *role;              /* that import_role or `roles:` brought, whose tasks are inside: eval's; or NULL */
    bool is_handler;
};

struct role_reference {
    struct span span;
    struct value name;
    struct attributes attributes;
    struct value parameters;        /* dict: keys that are no keyword, and `vars` stays an attribute */
};

struct play {
    struct span span;
    struct attributes attributes;
    struct task_list pre_tasks, tasks, post_tasks, handlers;
    struct role_reference *roles;
    uint32_t role_count;
    bool is_implicit;               /* made around a bare list of tasks */
};

struct playbook_entry {             /* a play, or import_playbook */
    struct play *play;              /* NULL: an import */
    struct value import_path;
    struct attributes attributes;   /* of the import: vars, when, tags */
    struct span span;
};

struct playbook {
    struct yaml_document *document;
    struct arena arena;
    struct playbook_entry *entries;
    uint32_t count;
    struct yaml_warning *warnings;  /* duplicate keys, deprecations */
};

/** A file of tasks (include_tasks, a role's tasks/main.yml) or handlers. */
struct task_file {
    struct yaml_document *document;
    struct arena arena;
    struct task_list tasks;
    struct yaml_warning *warnings;
};

/** What the parser has to be told about names that stdlib defines. */
struct dialect {
    /** The canonical short name of a module or action, or NULL when there is none of that name. */
    const char *(*find_module)(void *context, const char *name, size_t length);
    /** For raw modules (command ...): their known keys, NULL-terminated; NULL for others. */
    const char *const *(*raw_keys)(void *context, const char *name);
    /** Offers every module name to a suggestion. */
    void (*offer_modules)(void *context, struct suggestion *suggestion);
    /** Is there a lookup of that name (with_NAME)? */
    bool (*find_lookup)(void *context, const char *name, size_t length);
    void *context;
};

struct playbook *playbook_parse(struct source *source, const struct dialect *dialect, struct error *error) NODISCARD;
void playbook_free(struct playbook *playbook);

/** `parent`: the task that the tasks hang under for inherited keywords, or NULL. */
struct task_file *task_file_parse(struct source *source, const struct dialect *dialect, struct task *parent, bool handlers,
                                  struct error *error) NODISCARD;
void task_file_free(struct task_file *file);

/** A role's meta/main.yml. */
struct role_meta {
    struct yaml_document *document;
    struct arena arena;
    struct role_reference *dependencies;
    uint32_t dependency_count;
    struct value allow_duplicates;  /* as written; null: not there */
    struct yaml_warning *warnings;
};

struct role_meta *role_meta_parse(struct source *source, const struct dialect *dialect, struct error *error) NODISCARD;
void role_meta_free(struct role_meta *meta);    /* NULL is allowed */

#endif
