/*
 * The contract between the evaluator and the library: what a filter, a test, a lookup, a global, a method and a
 * module is.  stdlib fills tables of these rows; main.c hands them to the registry; nothing in eval names a
 * plugin.
 */
#ifndef PLAYLET_EVAL_PLUGIN_H
#define PLAYLET_EVAL_PLUGIN_H

#include "runtime/async/loop.h"
#include "runtime/source/suggest.h"
#include "runtime/value/dict.h"
#include "runtime/value/list.h"
#include "runtime/value/object.h"
#include "runtime/value/regex.h"
#include "runtime/value/text.h"
#include "runtime/value/value.h"

struct job_store;
struct evaluation;      /* eval/expression/evaluation.h: an evaluation under way */

/* ---------------------------------------------------------------- functions of expressions */

enum function_flag {
    /** Parameters may be undefined values (default, defined, mandatory ...).  Without it an undefined first
     *  argument makes the result undefined, and any other one is the error. */
    FUNCTION_TAKES_UNDEFINED = 1,
    /** Containers come as they are, templates inside not evaluated (length, first, type tests): look inside with evaluation_read. */
    FUNCTION_TAKES_LAZY = 2,
    /** The result differs from call to call (random, now, lookups): what used it is not remembered. */
    FUNCTION_IMPURE = 4,
    /** Accepts VALUE_OMIT as an argument. */
    FUNCTION_TAKES_OMIT = 8,
    /** Of a global: templates inside of literals among the positional arguments are evaluated (lookup, query).  Text that was computed
     *  is never templated again. */
    FUNCTION_TEMPLATES_TERMS = 16,
    /** Of a method: an attribute that is computed when it is read (`(5).real`). */
    FUNCTION_PROPERTY = 32,
    /** Of a method: it changes the body of its object in place. */
    FUNCTION_CHANGES_SELF = 64,
};

/**
 * One function.  `signature` is its parameter list in Python's form, parsed once when the function is first used:
 *
 *     "value, default_value='', boolean=False"      plain parameters, defaults are literals
 *     "value, *items, separator=','"                the rest of the positional arguments as one list (tuple)
 *     "value, attribute=None, **options"            the rest of the keyword arguments as one dict
 *
 * `run` gets one value a parameter, in that order, borrowed.  It returns an owned result (untrusted strings), or false
 * with an error whose message has no prefix: the evaluator adds "The filter plugin 'ansible.builtin.x' failed: ".
 * A test's result is a bool value.  A lookup's first parameter is "terms" (a list) and its result a list.
 */
struct function {
    const char *name;
    const char *signature;
    bool (*run)(struct evaluation *evaluation, const struct value *arguments, struct value *result, struct error *error);
    unsigned flags;                 /* enum function_flag */
    const char *documentation;      /* one line */
};

enum function_kind {
    FUNCTION_FILTER,
    FUNCTION_TEST,
    FUNCTION_LOOKUP,
    FUNCTION_GLOBAL,        /* range, dict, lookup ... */
    FUNCTION_METHOD,        /* of a type: "str.split"; the first parameter is self */
};

/** A table of rows of one kind and collection ("ansible.builtin", "community.general"; NULL for globals and methods).
 *  Jinja's own filters and tests belong to ansible.builtin too. */
struct function_table {
    enum function_kind kind;
    const char *collection;
    const struct function *rows;
    size_t count;
};

/* What functions may ask of the evaluation that calls them. */

/** Calls a filter or test by name, as `map('upper')` and `select('odd')` do; `arguments[0]` is the operand. */
bool evaluation_call_filter(struct evaluation *evaluation, struct value name, const struct value *arguments, size_t count,
                            const struct dict *keywords, struct value *result, struct error *error);
bool evaluation_call_test(struct evaluation *evaluation, struct value name, const struct value *arguments, size_t count,
                          const struct dict *keywords, bool *result, struct error *error);
/** Is there a function of this kind and name (a string)? */
bool evaluation_has_function(struct evaluation *evaluation, enum function_kind kind, struct value name);
bool evaluation_call_lookup(struct evaluation *evaluation, struct value name, struct value terms, const struct dict *keywords,
                            struct value *result, struct error *error);

/** Calls any callable value (macro, method, function). */
bool evaluation_call(struct evaluation *evaluation, struct value callee, const struct value *arguments, size_t count,
                     const struct dict *keywords, struct value *result, struct error *error);

/** `object.name` and `object[key]` as in a template; *result may be an undefined value.  Lazy strings are evaluated. */
bool evaluation_attribute(struct evaluation *evaluation, struct value object, struct value name, struct value *result, struct error *error);
bool evaluation_item(struct evaluation *evaluation, struct value object, struct value key, struct value *result, struct error *error);

/** A value read out of a container: a lazy string is evaluated, anything else copied. */
bool evaluation_read(struct evaluation *evaluation, struct value value, struct value *result, struct error *error);

/** Everything inside evaluated, deeply; omits stay, until a value leaves its template. */
bool evaluation_resolve(struct evaluation *evaluation, struct value value, struct value *result, struct error *error);

/** All items of an iterable as a list (owned): list, tuple, dict (keys), string (characters), object. ERROR_TYPE "'int' object is not iterable". */
struct list *evaluation_items(struct evaluation *evaluation, struct value iterable, struct error *error);

/** A variable by name, templated; undefined when there is none. */
bool evaluation_variable(struct evaluation *evaluation, struct value name, struct value *result, struct error *error);

/** Evaluates a trusted string as a template under the present scope (+ `extra` variables, may be NULL). */
bool evaluation_template(struct evaluation *evaluation, struct value text, const struct dict *extra, struct value *result, struct error *error);

/**
 * A whole text as a template of this syntax (a template file's) under the present scope and `extra` variables (may be NULL), in native
 * types as a playbook's template.  Who wants text alone makes text of the result (value_str; null is the empty text).
 */
struct template_syntax; /* parser/template.h */
bool evaluation_render(struct evaluation *evaluation, struct value text, const struct template_syntax *syntax, const struct dict *extra,
                       struct value *result, struct error *error);

/** All variables of the scope as they are, not templated: a new dict. */
struct dict *evaluation_variables(struct evaluation *evaluation) NODISCARD;

/** A condition as engine_condition takes it (assert). */
bool evaluation_condition(struct evaluation *evaluation, struct value condition, bool *result, struct error *error);

/** Finds a file as lookups do: absolute, or below `folder` ("files", "templates", "vars", NULL) of the search path.
 *  A fresh path, or NULL with an error that lists where it looked. */
char *evaluation_find_file(struct evaluation *evaluation, const char *folder, const char *name, struct error *error) NODISCARD;

/**
 * What can be called and is no plugin: objects whose class begins with these.  Macros, bound methods, `loop`
 * (recursive), cyclers and joiners, block references (`self.name`, `super`).
 */
struct callable_class {
    struct object_class base;           /* must be first; is_callable is set */
    bool (*call)(struct evaluation *evaluation, struct object *object, const struct value *arguments, size_t count,
                 const struct dict *keywords, struct value *result, struct error *error);
};
/** The callable class of a value, or NULL. */
const struct callable_class *value_callable(struct value value);

/** Appends "\n\tPATH" for every place where a file of this name and folder is looked for, as actions tell it. */
void evaluation_searched_places(struct evaluation *evaluation, const char *folder, const char *name, struct text_buffer *out);

const struct clock *evaluation_clock(struct evaluation *evaluation);

/** The passwords of encrypted files (runtime/os/vault_keyring.h), or NULL. */
const struct vault_keyring *evaluation_keyring(struct evaluation *evaluation);

/** The settings of the run (parser/settings.h), or NULL. */
const struct settings *evaluation_settings(struct evaluation *evaluation);

/** Compiled regular expressions, kept for the run. */
struct regex_cache *evaluation_regexes(struct evaluation *evaluation);

/* ---------------------------------------------------------------- modules */

enum option_type {
    OPTION_STRING, OPTION_BOOL, OPTION_INT, OPTION_FLOAT, OPTION_LIST, OPTION_DICT, OPTION_PATH, OPTION_RAW, OPTION_JSON,
};

/** One argument of a module. */
struct module_option {
    const char *name;
    enum option_type type;
    bool required;
    bool no_log;
    enum option_type elements;      /* of a list */
    const char *fallback;           /* default, as YAML text; NULL: none (null) */
    const char *choices;            /* "a|b|c", or NULL */
    const char *aliases;            /* "path|dest", or NULL */
    bool is_late;                   /* templates in it stay as written: the module evaluates them itself (conditions of assert) */
    const char *documentation;
};

/** What must hold between options: NULL-terminated lists of groups "a|b|c"; each list may be NULL. */
struct module_rules {
    const char *const *mutually_exclusive;
    const char *const *required_one_of;
    const char *const *required_together;
};

enum module_flag {
    MODULE_ACTION = 1,          /* computes in the controller (debug, set_fact, assert ...): no async, may use `evaluation` */
    MODULE_CONTROL = 2,         /* steers the play (include_tasks, import_role, meta): no start, eval/play does it */
    MODULE_RAW = 4,             /* free-form text stays whole in `_raw_params` */
    MODULE_CHECK_MODE = 8,      /* runs in check mode (and changes nothing); others are skipped there */
    MODULE_ONCE = 16,           /* once for all hosts of a task (pause, add_host) */
    MODULE_ANY_ARGUMENTS = 32,  /* takes names that are no option (set_fact) */
    MODULE_RAW_ALLOWED = 64,    /* `_raw_params` may be given by key too */
    MODULE_REACHES_HOST = 128,  /* of an action: what it does is done on the host (copy, raw), so the host must be reached */
};

struct module_call;

struct module {
    const char *name;               /* short; the collection is the table's */
    const struct module_option *options;
    size_t option_count;
    const struct module_rules *rules;   /* NULL: none */
    unsigned flags;                 /* enum module_flag */
    const char *const *raw_keys;    /* MODULE_RAW: keys that count as pairs in free-form text, NULL-terminated */
    /** Starts; ends by module_done(call), now or later. */
    void (*start)(struct module_call *call);
    /** Ends what `start` began, at once, without module_done: for timeouts and interrupts.  What is known so far (a program's
     *  output) may be left in the result.  NULL: never waits. */
    void (*cancel)(struct module_call *call);
    const char *documentation;      /* one line */
};

struct module_table {
    const char *collection;
    const struct module *const *modules;
    size_t count;
};

/** The machine that a module acts on.  Also what the far side of a connection will provide. */
struct host_access {
    struct loop *loop;
    char *const *environment;       /* for children: NAME=value, NULL-terminated; NULL: the program's own */
    const char *async_directory;
    struct job_store *jobs;         /* of a run in virtual time: runtime/async/job_store.h; else NULL */
    const char *working_directory;  /* of relative paths */
    bool check_mode;
    bool diff_mode;
    int verbosity;                  /* 0..4 */
    int64_t time_limit;             /* nanoseconds from the start, 0: none */
};

/** What a controller action asks eval to do; modules return effects as data and never apply them. */
struct module_effects {
    struct dict *facts;             /* set_fact, `ansible_facts` of a result: owned, or NULL */
    bool facts_cacheable;
    bool facts_are_variables;       /* set_fact: they win over facts that were gathered */
    struct dict *variables;         /* include_vars: owned, or NULL */
    struct dict *add_host;          /* add_host: {name, groups, variables}: owned, or NULL */
    struct dict *group_by;          /* {key, parents} */
    struct dict *stats;             /* set_stats: {data, per_host, aggregate} */
};

/** One run of a module on one host. */
struct module_call {
    const struct module *module;
    struct dict *arguments;         /* bound: every option is there, converted, default filled in; borrowed */
    const struct host_access *host;
    struct evaluation *evaluation;  /* MODULE_ACTION only, else NULL */
    struct value task_name;         /* for messages */

    struct dict *result;            /* starts empty; the module's to fill; owned by the call.  Besides the reference's keys:
                                       "_ansible_verbose_always": true shows it in full (debug) */
    struct module_effects effects;
    void *state;                    /* the module's own between start and done */

    void (*done)(struct module_call *call);     /* the caller's */
    void (*say)(struct module_call *call, const char *line);    /* shows a line at once (pause); NULL: nobody listens */
    void *owner;
};

/** The result is complete. The call may be gone when this returns. */
void module_done(struct module_call *call);

/** Sets failed and msg, then module_done. */
void module_fail(struct module_call *call, const char *format, ...) PRINTF_FORMAT(2, 3);
/** The same with an error's whole message; the error is released. */
void module_fail_error(struct module_call *call, struct error *error);

/** Lets go of the result and the effects: for whoever started the call. */
void module_call_release(struct module_call *call);

/** Borrowed argument; NULL value when it was not given and has no default. */
struct value module_argument(const struct module_call *call, const char *name);
const char *module_string(const struct module_call *call, const char *name);    /* NULL when null */
bool module_flag(const struct module_call *call, const char *name);
int64_t module_int(const struct module_call *call, const char *name);

/** Is the argument there and not null? */
bool module_has(const struct module_call *call, const char *name);

/* ---------------------------------------------------------------- the library as a whole */

struct callback;        /* eval/play/event.h */
struct connection;      /* eval/play/connection.h */

/** Everything that stdlib offers; constant.  main.c passes it to the registry. */
struct library {
    const struct function_table *const *functions;  /* NULL-terminated */
    const struct module_table *const *modules;      /* NULL-terminated */
    const struct callback *const *callbacks;
    size_t callback_count;
};

#endif
