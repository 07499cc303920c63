/* setup: what can be found out about a host.  The sources of facts are in facts/; here they are chosen, run and reported. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/async/process.h"
#include "runtime/os/file.h"
#include "stdlib/modules/facts/facts.h"
#include "stdlib/modules/facts/interpreter.h"
#include "stdlib/modules/facts/local.h"
#include "stdlib/modules/host_path.h"
#include "stdlib/modules/modules.h"

/** What both modules take. */
#define SETUP_OPTIONS                                                                                                  \
    {.name = "gather_subset",                                                                                          \
     .type = OPTION_LIST,                                                                                              \
     .elements = OPTION_STRING,                                                                                        \
     .fallback = "[all]",                                                                                              \
     .documentation = "Which facts: all, min, hardware, network, virtual ..., without those behind '!'"},              \
        {.name = "gather_timeout",                                                                                     \
         .type = OPTION_INT,                                                                                           \
         .fallback = "10",                                                                                             \
         .documentation = "Seconds that one source may take"},                                                         \
        {.name = "filter",                                                                                             \
         .type = OPTION_LIST,                                                                                          \
         .elements = OPTION_STRING,                                                                                    \
         .fallback = "[]",                                                                                             \
         .documentation = "Patterns of the names to report"},                                                          \
    {                                                                                                                  \
        .name = "fact_path", .type = OPTION_PATH, .fallback = "/etc/ansible/facts.d",                                  \
        .documentation = "The folder of local facts (*.fact)"                                                          \
    }

static const struct module_option options[] = {SETUP_OPTIONS};

static const struct module_option gather_options[] = {
    SETUP_OPTIONS,
    {.name = "parallel", .type = OPTION_BOOL, .documentation = "Run several modules of facts at once"},
};

static void start(struct module_call *call);
static void cancel(struct module_call *call);

const struct module module_setup = {
    .name = "setup",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_CHECK_MODE,
    .start = start,
    .cancel = cancel,
    .documentation = "Find out facts about the host",
};

const struct module module_gather_facts = {
    .name = "gather_facts",
    .options = gather_options,
    .option_count = COUNT_OF(gather_options),
    .flags = MODULE_CHECK_MODE,
    .start = start,
    .cancel = cancel,
    .documentation = "Find out facts about the host, as plays do at their start",
};

/** A call under way. */
struct setup {
    struct facts facts;
    uint64_t chosen;
    struct list *files; /* of local facts */
    size_t next_file;
    struct dict *local;
    struct list *warnings;
    char *interpreter;
    struct process *process; /* the program that is waited for */
};

static void setup_free(struct setup *setup)
{
    dict_drop(setup->facts.found);
    list_drop(setup->files);
    dict_drop(setup->local);
    list_drop(setup->warnings);
    free(setup->interpreter);
    free(setup);
}

static bool is_chosen(const struct setup *setup, const char *name)
{
    for (size_t i = 0; i < fact_source_count; i++)
        if (strcmp(fact_sources[i].name, name) == 0)
            return setup->chosen >> i & 1;
    return false;
}

/* ---------------------------------------------------------------- the report */

static bool is_wished(const struct list *patterns, const char *name)
{
    if (patterns->count == 0)
        return true;
    for (size_t i = 0; i < patterns->count; i++) {
        const char *pattern = value_bytes(patterns->items[i]);
        OWNED full = value_string_format("ansible_%s", pattern);
        if (!*pattern || fnmatch(pattern, name, 0) == 0 || fnmatch(value_bytes(full), name, 0) == 0)
            return true;
    }
    return false;
}

/** Puts a fact into the report where it is wished. */
static void report_fact(struct dict *report, const struct list *patterns, struct value name, struct value fact)
{
    OWNED own_name = name;
    OWNED own_fact = fact;
    if (is_wished(patterns, value_bytes(name)))
        dict_set_take(report, value_steal(&own_name), value_steal(&own_fact));
}

/** Reports and ends the call. */
static void finish(struct module_call *call)
{
    struct setup *setup = call->state;
    const struct list *patterns = module_argument(call, "filter").as.list;
    const struct dict_entry *entry;
    struct dict *report = dict_new();
    for (size_t i = 0; dict_next(setup->facts.found, &i, &entry);)
        report_fact(report, patterns, value_string_format("ansible_%s", value_bytes(entry->key)),
                    value_copy(entry->value));
    report_fact(report, patterns, value_string("gather_subset"), value_copy(module_argument(call, "gather_subset")));
    report_fact(report, patterns, value_string("module_setup"), value_bool(true));
    dict_set_string_take(call->result, "ansible_facts", value_dict_take(report));
    if (setup->warnings->count > 0)
        dict_set_string_take(call->result, "warnings", value_list_take(list_copy(setup->warnings)));
    setup_free(setup);
    call->state = NULL;
    module_done(call);
}

/* ---------------------------------------------------------------- the interpreter */

/** Adds what is wished of the interpreter's facts. */
static void add_interpreter(struct setup *setup, const char *version)
{
    interpreter_describe(&setup->facts, setup->interpreter, version);
    if (!is_chosen(setup, "python"))
        dict_remove_string(setup->facts.found, "python");
    if (!is_chosen(setup, "platform"))
        dict_remove_string(setup->facts.found, "python_version");
}

static void interpreter_answered(void *owner, const struct process_result *outcome)
{
    struct module_call *call = owner;
    struct setup *setup = call->state;
    setup->process = NULL;
    if (outcome->exit_status == 0 && !outcome->signal)
        add_interpreter(setup, outcome->output->bytes);
    finish(call);
}

static void ask_interpreter(struct module_call *call)
{
    struct setup *setup = call->state;
    char question[] = "-c", alone[] = "-ISE";
    char *argv[] = {setup->interpreter, alone, question, (char *)interpreter_question, NULL};
    struct process_spec spec = {.argv = argv, .environment = call->host->environment};
    OWNED_ERROR ignored = {0};
    int number;
    setup->process = process_start(call->host->loop, &spec, interpreter_answered, call, &number, &ignored);
    if (!setup->process)
        finish(call);
}

static void look_for_interpreter(struct module_call *call)
{
    struct setup *setup = call->state;
    bool is_wanted = is_chosen(setup, "python") || is_chosen(setup, "platform");
    setup->interpreter = is_wanted ? interpreter_find(call->host) : NULL;
    OWNED version = setup->interpreter ? interpreter_version(setup->interpreter) : value_null();
    if (setup->interpreter && value_is_null(version)) {
        ask_interpreter(call);
        return;
    }
    if (setup->interpreter)
        add_interpreter(setup, value_bytes(version));
    finish(call);
}

/* ---------------------------------------------------------------- local facts */

static void set_local(struct setup *setup, struct value fact)
{
    dict_set_take(setup->local, local_name(value_bytes(setup->files->items[setup->next_file])), fact);
    setup->next_file++;
}

static void read_local(struct setup *setup, const char *path)
{
    OWNED_ERROR error = {0};
    char *bytes;
    size_t length;
    if (!file_read(path, &bytes, &length, &error)) {
        struct value message = value_string_format("Could not read fact file (%s): %s", path, error.message);
        list_push_take(setup->warnings, value_copy(message));
        set_local(setup, message);
        return;
    }
    set_local(setup, local_parse(path, bytes, length, setup->warnings));
    free(bytes);
}

static void look_for_local(struct module_call *call);

static void program_ended(void *owner, const struct process_result *outcome)
{
    struct module_call *call = owner;
    struct setup *setup = call->state;
    setup->process = NULL;
    set_local(setup, local_outcome(value_bytes(setup->files->items[setup->next_file]), outcome, setup->warnings));
    look_for_local(call);
}

/** Starts a program of local facts; false when it could not be, which is noted in its place. */
static bool run_local(struct module_call *call, char *path)
{
    struct setup *setup = call->state;
    char *argv[] = {path, NULL};
    struct process_spec spec = {.argv = argv, .environment = call->host->environment};
    OWNED_ERROR error = {0};
    int number;
    setup->process = process_start(call->host->loop, &spec, program_ended, call, &number, &error);
    if (setup->process)
        return true;
    struct value message = value_string_format("Could not execute fact script (%s): %s", path, error.message);
    list_push_take(setup->warnings, value_copy(message));
    set_local(setup, message);
    return false;
}

/** Goes on with the next file; after the last one with what comes then. */
static void look_for_local(struct module_call *call)
{
    struct setup *setup = call->state;
    while (setup->next_file < setup->files->count) {
        struct text *path = setup->files->items[setup->next_file].as.text;
        if (!local_is_program(path->bytes))
            read_local(setup, path->bytes);
        else if (run_local(call, path->bytes))
            return;
    }
    if (is_chosen(setup, "local"))
        facts_set_take(&setup->facts, "local", value_dict_take(dict_copy(setup->local)));
    look_for_interpreter(call);
}

/* ---------------------------------------------------------------- the call */

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    uint64_t chosen;
    if (!fact_sources_choose(module_argument(call, "gather_subset").as.list, &chosen, &error)) {
        module_fail_error(call, &error);
        return;
    }
    struct setup *setup = call->state = memory_new_array(1, sizeof *setup);
    CLEANUP(memory_cleanup) char *folder = host_path(call->host, module_string(call, "fact_path"));
    *setup = (struct setup){
        .facts = {.found = dict_new(), .host = call->host},
        .chosen = chosen,
        .local = dict_new(),
        .warnings = list_new(0),
    };
    setup->files = is_chosen(setup, "local") ? local_files(folder) : list_new(0);
    for (size_t i = 0; i < fact_source_count; i++)
        if (chosen >> i & 1 && fact_sources[i].collect)
            fact_sources[i].collect(&setup->facts);
    look_for_local(call);
}

static void cancel(struct module_call *call)
{
    struct setup *setup = call->state;
    if (setup->process)
        process_abandon(setup->process);
    setup_free(setup);
    call->state = NULL;
}
