/* What holds after a step: registered results, facts, variables, notifications, includes (step_state.h). */
#include <stdlib.h>
#include <string.h>

#include "eval/play/result.h"
#include "eval/play/step_state.h"
#include "runtime/value/list.h"

/** What one execution asked for. */
struct effects {
    struct module_effects asked; /* taken from the call */
    struct host *target;         /* delegate_facts: whose facts they are; NULL: the step's host */
    bool is_lost;                /* ... of a host that no inventory has */
    struct list *notify;         /* names; or NULL */
};

/* ---- collecting ---- */

static void add_names(struct list *names, struct value value)
{
    bool is_list = value_is_list(value);
    const struct value *items = is_list ? value.as.list->items : &value;
    size_t count = is_list ? value.as.list->count : 1;
    for (size_t i = 0; i < count; i++)
        if (value_is_string(items[i]) && items[i].as.text->length > 0)
            list_push_take(names, value_copy(items[i]));
}

/** `notify` of the task and of all around it, evaluated; what cannot be is left out with its error as a warning. */
static struct list *find_notified(struct step *step)
{
    struct list *names = NULL;
    struct task_instance instance = step->spec.instance;
    do {
        const struct attribute *attribute = attributes_find(&instance.task->attributes, KEYWORD_NOTIFY);
        OWNED value = value_null();
        OWNED_ERROR error = {0};
        if (!attribute || value_is_null(attribute->value))
            continue;
        if (!names)
            names = list_new(2);
        if (engine_evaluate(step->spec.run->engine, &step->scope.scope, attribute->value, &value, &error))
            add_names(names, value);
        else
            step_warn(step, error.message, error.span);
    } while (instance_outer_with(instance, KEYWORD_NOTIFY, &instance));
    return names;
}

/** Facts of a result that its module did not hand over itself (of a job, for one). */
static struct dict *facts_in(const struct dict *result)
{
    const struct value *facts = dict_find_string(result, "ansible_facts");
    return facts && value_is_dict(*facts) ? dict_copy(facts->as.dict) : NULL;
}

/** Facts of this execution hold at once for what the step itself still evaluates. */
static void set_local_facts(struct step *step, const struct module_effects *asked)
{
    const struct dict *facts = asked->facts_are_variables ? asked->facts : asked->variables;
    const struct dict_entry *entry;
    for (size_t i = 0; facts && dict_next(facts, &i, &entry);)
        if (value_is_string(entry->key))
            task_scope_set_local_take(&step->scope, value_bytes(entry->key), value_copy(entry->value));
}

/** The host that delegate_facts gives the facts to; NULL: the step's own. */
static struct host *fact_target(struct step *step)
{
    bool delegates = false;
    OWNED_ERROR error = {0};
    struct execution *execution = &step->execution;
    if (!execution->delegated_to)
        return NULL;
    return keyword_bool(step, KEYWORD_DELEGATE_FACTS, false, &delegates, &error) && delegates ? execution->target
                                                                                              : NULL;
}

void module_effects_done(struct module_effects *effects)
{
    dict_drop(effects->facts);
    dict_drop(effects->variables);
    dict_drop(effects->add_host);
    dict_drop(effects->group_by);
    dict_drop(effects->stats);
    *effects = (struct module_effects){0};
}

void execution_take_effects(struct step *step, struct module_effects *asked)
{
    struct execution *execution = &step->execution;
    module_effects_done(&execution->asked);
    execution->asked = *asked;
    *asked = (struct module_effects){0};
    if (!execution->asked.facts && !execution->asked.variables && !(step->module->flags & MODULE_ACTION))
        execution->asked.facts = facts_in(execution->result);
    if (!fact_target(step))
        set_local_facts(step, &execution->asked);
}

static bool is_empty(const struct effects *effects)
{
    const struct module_effects *asked = &effects->asked;
    return !asked->facts && !asked->variables && !asked->add_host && !asked->group_by && !asked->stats &&
           !effects->notify;
}

void execution_collect_effects(struct step *step)
{
    struct effects effects = {.asked = step->execution.asked};
    if (!step->execution.was_executed)
        return;
    step->execution.asked = (struct module_effects){0};
    if (effects.asked.facts || effects.asked.variables)
        effects.target = fact_target(step);
    effects.is_lost = effects.target && effects.target == step->execution.unknown;
    effects.notify = find_notified(step);
    if (is_empty(&effects))
        return;
    if (step->effect_count == step->effect_capacity) {
        step->effect_capacity = memory_grown(step->effect_capacity);
        step->effects = memory_resize(step->effects, step->effect_capacity, sizeof *step->effects);
    }
    step->effects[step->effect_count++] = effects;
}

void step_drop_effects(struct step *step)
{
    for (size_t i = 0; i < step->effect_count; i++) {
        module_effects_done(&step->effects[i].asked);
        list_drop(step->effects[i].notify);
    }
    free(step->effects);
    step->effects = NULL;
    step->effect_count = step->effect_capacity = 0;
}

/* ---- variables of hosts ---- */

/** The dict of a host's variables, made when there is none, and nobody else's. */
static struct dict *host_dict(struct dict **slot)
{
    if (!*slot)
        *slot = dict_new();
    if ((*slot)->references > 1) {
        struct dict *own = dict_clone(*slot);
        dict_drop(*slot);
        *slot = own;
    }
    return *slot;
}

/** The facts under their names, and under `ansible_facts` without the prefix. */
static void add_facts(struct host *host, const struct dict *facts)
{
    static const char prefix[] = "ansible_";
    struct dict *all = host_dict(&host->facts);
    const struct value *present = dict_find_string(all, "ansible_facts");
    OWNED named = present ? value_copy(*present) : value_dict_new();
    struct dict *by_name;
    const struct dict_entry *entry;
    dict_update(all, facts);
    dict_set_string_take(all, "ansible_facts", value_null());
    by_name = value_own_dict(&named);
    for (size_t i = 0; dict_next(facts, &i, &entry);) {
        const char *name = value_is_string(entry->key) ? value_bytes(entry->key) : "";
        if (strncmp(name, prefix, strlen(prefix)) == 0 && strcmp(name, "ansible_local") != 0)
            name += strlen(prefix);
        dict_set_string_take(by_name, name, value_copy(entry->value));
    }
    dict_set_string_take(all, "ansible_facts", value_steal(&named));
}

static void apply_to_host(struct host *host, const struct module_effects *asked)
{
    if (asked->facts && asked->facts_are_variables)
        dict_update(host_dict(&host->set_facts), asked->facts);
    if (asked->facts && (!asked->facts_are_variables || asked->facts_cacheable))
        add_facts(host, asked->facts);
    if (asked->variables)
        dict_update(host_dict(&host->included_variables), asked->variables);
}

/** Calls `apply` for the step's host, or for all of the batch when it runs once. */
static void apply_variables(const struct step *step, const struct effects *effects)
{
    if (effects->is_lost)
        return;
    if (effects->target) {
        apply_to_host(effects->target, &effects->asked);
        return;
    }
    if (!step->is_once) {
        apply_to_host(step->spec.host, &effects->asked);
        return;
    }
    for (size_t i = 0; i < step->spec.batch_count; i++)
        if (!step->spec.batch[i]->is_unreachable)
            apply_to_host(step->spec.batch[i], &effects->asked);
}

static void register_result(const struct step *step)
{
    const struct attribute *attribute = attributes_find(&step->task->attributes, KEYWORD_REGISTER);
    if (!attribute || !value_is_string(attribute->value))
        return;
    struct host *const *hosts = step->is_once ? step->spec.batch : &step->spec.host;
    size_t count = step->is_once ? step->spec.batch_count : 1;
    for (size_t i = 0; i < count; i++)
        if (!hosts[i]->is_unreachable)
            dict_set_take(host_dict(&hosts[i]->set_facts), value_untrusted(attribute->value),
                          value_copy(step->outcome.result));
}

/* ---- the outcome ---- */

/** Moves a dict that an execution asked for to one of the outcome's lists. */
static void hand_over(struct list **list, struct dict **dict)
{
    if (!*dict)
        return;
    if (!*list)
        *list = list_new(1);
    list_push_take(*list, value_dict_take(*dict));
    *dict = NULL;
}

/** Adds names that are not there yet. */
static void notify(struct outcome *outcome, struct dict *seen, const struct list *names)
{
    if (!outcome->notify)
        outcome->notify = list_new(names->count);
    for (size_t i = 0; i < names->count; i++) {
        if (dict_find(seen, names->items[i]))
            continue;
        dict_set_take(seen, value_copy(names->items[i]), value_null());
        list_push_take(outcome->notify, value_copy(names->items[i]));
    }
}

static bool went_well(enum task_status status)
{
    return status == STATUS_OK || status == STATUS_CHANGED;
}

void step_hand_over_effects(struct step *step, enum task_status status)
{
    struct outcome *outcome = &step->outcome;
    OWNED seen = value_dict_new();
    for (size_t i = 0; i < step->effect_count && went_well(status); i++) {
        struct effects *effects = &step->effects[i];
        hand_over(&outcome->add_host, &effects->asked.add_host);
        hand_over(&outcome->group_by, &effects->asked.group_by);
        hand_over(&outcome->stats, &effects->asked.stats);
        if (status == STATUS_CHANGED && effects->notify)
            notify(outcome, seen.as.dict, effects->notify);
    }
}

void step_publish(const struct step *step)
{
    register_result(step);
    for (size_t i = 0; i < step->effect_count && went_well(step->outcome.status); i++)
        apply_variables(step, &step->effects[i]);
}

/* ---- includes ---- */

/** The arguments of an include, evaluated but for `apply`, whose keywords are its tasks'. */
static struct dict *include_arguments(struct step *step, struct error *error)
{
    const struct value *apply = value_is_dict(step->task->action.arguments)
                                    ? dict_find_string(step->task->action.arguments.as.dict, "apply")
                                    : NULL;
    struct dict *arguments = arguments_evaluate_all(step, error);
    if (arguments && apply)
        dict_set_string_take(arguments, "apply", value_copy(*apply));
    return arguments;
}

/** `vars` of the include, and the loop's variables, which win. */
static struct dict *include_variables(const struct step *step)
{
    const struct attribute *vars = attributes_find(&step->task->attributes, KEYWORD_VARS);
    struct dict *variables = dict_new();
    if (vars && value_is_dict(vars->value))
        dict_update(variables, vars->value.as.dict);
    dict_update(variables, step->scope.item_variables);
    return variables;
}

/** The file of include_tasks; "" where none was given. */
static char *include_path(const struct dict *arguments)
{
    static const char *const keys[] = {"_raw_params", "file", "name", "role"};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct value *found = dict_find_string(arguments, keys[i]);
        if (found && value_is_string(*found))
            return memory_copy_string(value_bytes(*found), found->as.text->length);
    }
    return memory_copy_string("", 0);
}

/** What the task answers: what it is about to include. */
static struct dict *include_result(const struct step *step, const struct include_request *request)
{
    struct dict *result = dict_new(), *shown = dict_clone(request->arguments);
    dict_remove_string(shown, "apply");
    if (strcmp(step->module->name, "include_tasks") == 0) {
        dict_remove_string(shown, "_raw_params");
        dict_remove_string(shown, "file");
        dict_set_string_take(result, "include", value_string(request->path));
    }
    dict_set_string_take(result, "include_args", value_dict_take(shown));
    return result;
}

bool execution_request_include(struct step *step, struct error *error)
{
    struct execution *execution = &step->execution;
    struct dict *arguments = include_arguments(step, error);
    if (!arguments)
        return false;
    struct include_request *request = memory_new_array(1, sizeof *request);
    *request = (struct include_request){
        .path = include_path(arguments),
        .arguments = arguments,
        .variables = include_variables(step),
        .is_loop = step->items != NULL,
    };
    if (step->last_include)
        step->last_include->next = request;
    else
        step->outcome.includes = request;
    step->last_include = request;
    execution->result = include_result(step, request);
    execution->is_include = true;
    return true;
}
