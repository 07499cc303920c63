/* getent: records of the system's databases (passwd, group, hosts ...) as facts. */
#include <string.h>

#include "runtime/async/process.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "database", .type = OPTION_STRING, .required = true, .documentation = "Which one"},
    {.name = "key", .type = OPTION_STRING, .fallback = "''", .documentation = "The record; all where it is not said"},
    {.name = "service", .type = OPTION_STRING, .documentation = "Override what the system asks"},
    {.name = "split", .type = OPTION_STRING, .documentation = "What stands between fields"},
    {.name = "fail_key",
     .type = OPTION_BOOL,
     .fallback = "true",
     .documentation = "Fail where there is no such record"},
};

static void start(struct module_call *call);
static void cancel(struct module_call *call);

const struct module module_getent = {
    .name = "getent",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_CHECK_MODE,
    .start = start,
    .cancel = cancel,
    .documentation = "Look up records of the system's databases",
};

enum exit_status { FOUND = 0, BAD_ARGUMENTS = 1, NO_KEY = 2, NO_ENUMERATION = 3 };

/** What stands between fields of a database; NULL: white space. */
static const char *separator_of(const struct module_call *call)
{
    static const char *const with_colons[] = {"passwd", "shadow", "group", "gshadow"};
    const char *wanted = module_string(call, "split");
    for (size_t i = 0; !wanted && i < COUNT_OF(with_colons); i++)
        if (strcmp(with_colons[i], module_string(call, "database")) == 0)
            return ":";
    return wanted;
}

/** The fields of a line that is `length` long. */
static struct list *split_line(const char *line, size_t length, const char *separator)
{
    static const char space[] = " \t\r\v\f";
    struct list *fields = list_new(8);
    const char *at = line, *end = line + length;
    for (;;) {
        if (!separator)
            while (at < end && strchr(space, *at))
                at++;
        const char *stop = at;
        if (separator)
            stop = memmem(at, (size_t)(end - at), separator, strlen(separator)) ?: end;
        while (!separator && stop < end && !strchr(space, *stop))
            stop++;
        if (separator || stop > at)
            list_push_take(fields, value_string_length(at, (size_t)(stop - at)));
        if (stop >= end)
            return fields;
        at = stop + (separator ? strlen(separator) : 1);
    }
}

/** Adds a record; when its key has come before, the records of the key become a list. */
static void add_record(struct dict *records, struct dict *repeated, struct list *fields)
{
    OWNED owner = value_list_take(fields);
    if (fields->count == 0)
        return;
    OWNED key = list_remove(fields, 0);
    const struct value *present = dict_find(records, key);
    if (!present) {
        dict_set_take(records, value_copy(key), value_steal(&owner));
        return;
    }
    OWNED several = value_copy(*present);
    if (!dict_find(repeated, key)) {
        struct list *pair = list_new(2);
        list_push_take(pair, value_steal(&several));
        several = value_list_take(pair);
        dict_set_take(repeated, value_copy(key), value_bool(true));
    }
    dict_set_take(records, value_copy(key), value_null());
    list_push_take(value_own_list(&several), value_steal(&owner));
    dict_set_take(records, value_copy(key), value_steal(&several));
}

static struct dict *read_records(const struct module_call *call, const struct text *output)
{
    struct dict *records = dict_new();
    OWNED repeated = value_dict_new();
    const char *separator = separator_of(call), *at = output->bytes, *end = at + output->length;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at)) ?: end;
        add_record(records, repeated.as.dict, split_line(at, (size_t)(newline - at), separator));
        at = newline + (newline < end);
    }
    return records;
}

static void report(struct module_call *call, struct dict *records)
{
    struct dict *facts = dict_new();
    OWNED name = value_string_format("getent_%s", module_string(call, "database"));
    dict_set_take(facts, value_steal(&name), value_dict_take(records));
    dict_set_string_take(call->result, "ansible_facts", value_dict_take(facts));
    module_done(call);
}

static void program_ended(void *owner, const struct process_result *outcome)
{
    static const char no_key[] = "One or more supplied key could not be found in the database.";
    struct module_call *call = owner;
    call->state = NULL;
    if (outcome->exit_status == FOUND && !outcome->signal) {
        report(call, read_records(call, outcome->output));
    } else if (outcome->exit_status == NO_KEY && !module_flag(call, "fail_key")) {
        struct dict *records = dict_new();
        dict_set_take(records, value_copy(module_argument(call, "key")), value_null());
        dict_set_string_take(call->result, "msg", value_string(no_key));
        report(call, records);
    } else {
        module_fail(call, "%s",
                    outcome->exit_status == BAD_ARGUMENTS    ? "Missing arguments, or database unknown."
                    : outcome->exit_status == NO_KEY         ? no_key
                    : outcome->exit_status == NO_ENUMERATION ? "Enumeration not supported on this database."
                                                             : "Unexpected failure!");
    }
}

static void start(struct module_call *call)
{
    char program[] = "getent", option[] = "-s";
    char *argv[6] = {program};
    size_t count = 1;
    int number;
    OWNED_ERROR error = {0};
    if (module_has(call, "service")) {
        argv[count++] = option;
        argv[count++] = module_argument(call, "service").as.text->bytes;
    }
    argv[count++] = module_argument(call, "database").as.text->bytes;
    if (*module_string(call, "key"))
        argv[count++] = module_argument(call, "key").as.text->bytes;
    struct process_spec spec = {.argv = argv, .environment = call->host->environment};
    call->state = process_start(call->host->loop, &spec, program_ended, call, &number, &error);
    if (!call->state)
        module_fail_error(call, &error);
}

static void cancel(struct module_call *call)
{
    process_abandon(call->state);
    call->state = NULL;
}
