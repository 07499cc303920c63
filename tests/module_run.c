/* Running a module: see module_run.h. */
#include "tests/module_run.h"

#include <stdlib.h>
#include <string.h>

#include "eval/play/bind.h"
#include "parser/yaml.h"
#include "runtime/value/json.h"

/** A call under way. */
struct running {
    struct module_call call;
    struct timer alarm;
    bool is_done;
};

static void done(struct module_call *call)
{
    struct running *running = call->owner;
    running->is_done = true;
    clock_unset(loop_clock(call->host->loop), &running->alarm);
}

static void cancel(struct timer *timer)
{
    struct running *running = (struct running *)((char *)timer - offsetof(struct running, alarm));
    running->call.module->cancel(&running->call);
    dict_set_string_take(running->call.result, "cancelled", value_bool(true));
}

/** Starts the module and waits for its end. */
static struct value run_bound(const struct module_run *run, struct dict *arguments)
{
    const char *directory = run->directory ? run->directory : "/";
    struct loop *loop = loop_new(run->is_virtual);
    struct host_access host = {
        .loop = loop,
        .environment = run->environment,
        .async_directory = directory,
        .working_directory = directory,
        .check_mode = run->check_mode,
        .diff_mode = run->diff_mode,
    };
    struct running running = {
        .call = {.module = run->module, .arguments = arguments, .host = &host, .result = dict_new(), .done = done},
        .alarm.fire = cancel,
    };
    running.call.owner = &running;
    if (run->cancel_after > 0)
        clock_set_after(loop_clock(loop), &running.alarm, run->cancel_after);
    run->module->start(&running.call);
    loop_run(loop);
    struct value result = value_dict_take(dict_copy(running.call.result));
    module_call_release(&running.call);
    loop_free(loop);
    return result;
}

struct value module_run(const struct module_run *run)
{
    struct list *documents = NULL;
    struct dict *bound = NULL;
    OWNED_ERROR error = {0};
    if (!yaml_parse_values(run->arguments, strlen(run->arguments), &documents, &error))
        bug("arguments of a test: %s", error.message);
    OWNED given = value_list_take(documents);
    if (arguments_bind(run->module, documents->items[0].as.dict, &bound, &error)) {
        OWNED owner = value_dict_take(bound);
        return run_bound(run, bound);
    }
    struct value failure = value_dict_new();
    dict_set_string_take(failure.as.dict, "error", value_string(error.message));
    if (error.help)
        dict_set_string_take(failure.as.dict, "help", value_string(error.help));
    return failure;
}

char *module_run_json(const struct module_run *run)
{
    static const struct json_style style = {.indent = -1, .sort_keys = true};
    static const char *const changing[] = {"start", "end", "delta"};
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    OWNED_ERROR error = {0};
    OWNED result = module_run(run);
    for (size_t i = 0; i < COUNT_OF(changing); i++)
        dict_remove_string(value_own_dict(&result), changing[i]);
    if (!json_append(&out, result, &style, &error))
        bug("%s", error.message);
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}
