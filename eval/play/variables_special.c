/* Special variables: see variables_special.h. */
#include "eval/play/variables_special.h"

#include <stdlib.h>
#include <string.h>

#include "eval/play/hostvars.h"
#include "eval/play/load.h"
#include "eval/play/play_variables.h"

/** One special variable; `get` says whether there is one here and now. */
struct special {
    const char *name;
    bool (*get)(struct task_scope *scope, struct value *value);
};

/** The play under way; NULL for what other hosts see of a host, since hosts have variables beyond any play. */
static const struct play_variables *scope_play(const struct task_scope *scope)
{
    return scope->is_for_others ? NULL : play_variables(scope->run);
}

/* ---- lists ---- */

/** The names of hosts as a list. */
static struct value host_names(struct host *const *hosts, size_t count)
{
    struct list *names = list_new(count);
    for (size_t i = 0; i < count; i++)
        list_push_take(names, value_string_take(text_copy(hosts[i]->name)));
    return value_list_take(names);
}

/** The names of the hosts that the play has not lost, of all batches or of the present one. */
static struct value remaining_names(const struct run *run, const struct play_variables *play, bool only_batch)
{
    struct list *names = list_new(only_batch ? play->batch_count : play->host_count);
    for (size_t i = 0; i < play->host_count; i++)
        if ((play->hosts[i]->play || !only_batch) && !play_has_removed(run, play->hosts[i]))
            list_push_take(names, value_string_take(text_copy(play->hosts[i]->name)));
    return value_list_take(names);
}

static struct value strings_list(const char *const *strings)
{
    struct list *list = list_new(4);
    for (; strings && *strings; strings++)
        list_push_take(list, value_string(*strings));
    return value_list_take(list);
}

/** Appends a role's name unless it is there. */
static void add_name(struct list *names, const struct role_variables *role)
{
    for (size_t i = 0; i < names->count; i++)
        if (text_equal(names->items[i].as.text, role->name))
            return;
    list_push_take(names, value_string_length(role->name->bytes, role->name->length));
}

static const struct role_variables *scope_role(const struct task_scope *scope)
{
    const struct role *role = scope->instance.task ? instance_role(scope->instance) : NULL;
    return role ? role_variables(role) : NULL;
}

/* ---- of the run ---- */

/** Appends the group's direct hosts that are not in `seen` yet. */
static void add_members(struct list *names, struct dict *seen, const struct group *group)
{
    for (size_t i = 0; i < group->host_count; i++) {
        OWNED name = value_string_take(text_copy(group->hosts[i]->name));
        if (dict_find(seen, name))
            continue;
        dict_set_take(seen, value_copy(name), value_null());
        list_push_take(names, value_steal(&name));
    }
}

/** Names of a group's hosts: its own, then those of the groups below it, level by level. */
static struct value member_names(struct group *group)
{
    OWNED seen = value_dict_new();
    struct list *names = list_new(group->host_count);
    size_t count = 1, capacity = 8;
    struct group **queue = memory_new_array(capacity, sizeof *queue);
    queue[0] = group;
    for (size_t next = 0; next < count; next++) {
        add_members(names, seen.as.dict, queue[next]);
        for (size_t i = 0; i < queue[next]->child_count; i++) {
            if (count == capacity)
                queue = memory_resize(queue, capacity = memory_grown(capacity), sizeof *queue);
            queue[count++] = queue[next]->children[i];
        }
    }
    free(queue);
    return value_list_take(names);
}

static bool get_groups(struct task_scope *scope, struct value *value)
{
    struct group *const *groups;
    size_t count = inventory_groups(scope->run->inventory, &groups);
    struct host_list all = inventory_hosts(scope->run->inventory);
    struct dict *dict = dict_new();
    for (size_t i = 0; i < count; i++)
        dict_set_take(dict, value_string_take(text_copy(groups[i]->name)),
                      group_is_all(groups[i]) ? host_names(all.hosts, all.count) : member_names(groups[i]));
    *value = value_dict_take(dict);
    return true;
}

static bool get_hostvars(struct task_scope *scope, struct value *value)
{
    *value = hostvars_new(scope->run);
    return true;
}

static bool get_vars(struct task_scope *scope, struct value *value)
{
    *value = value_dict_take(scope_flatten(&scope->scope));
    return true;
}

static bool get_omit(struct task_scope *scope, struct value *value)
{
    (void)scope;
    *value = value_omit();
    return true;
}

static bool get_playbook_dir(struct task_scope *scope, struct value *value)
{
    if (!scope->run->directory)
        return false;
    *value = value_string(scope->run->directory);
    return true;
}

static bool get_version(struct task_scope *scope, struct value *value)
{
    static const int numbers[] = {2, 19, 11};
    static const char *const names[] = {"major", "minor", "revision"};
    (void)scope;
    struct dict *version = dict_new();
    OWNED text = value_string_format("%d.%d.%d", numbers[0], numbers[1], numbers[2]);
    dict_set_string_take(version, "string", value_copy(text));
    dict_set_string_take(version, "full", value_copy(text));
    for (size_t i = 0; i < COUNT_OF(names); i++)
        dict_set_string_take(version, names[i], value_int(numbers[i]));
    *value = value_dict_take(version);
    return true;
}

static bool get_check_mode(struct task_scope *scope, struct value *value)
{
    *value = value_bool(scope->run->settings.check_mode);
    return true;
}

static bool get_diff_mode(struct task_scope *scope, struct value *value)
{
    *value = value_bool(scope->run->settings.diff_mode);
    return true;
}

static bool get_verbosity(struct task_scope *scope, struct value *value)
{
    *value = value_int(scope->run->settings.verbosity);
    return true;
}

static bool get_forks(struct task_scope *scope, struct value *value)
{
    *value = value_int(scope->run->settings.forks);
    return true;
}

static bool get_run_tags(struct task_scope *scope, struct value *value)
{
    static const char *const all[] = {"all", NULL};
    const char *const *tags = scope->run->settings.tags;
    *value = strings_list(tags && *tags ? tags : all);
    return true;
}

static bool get_skip_tags(struct task_scope *scope, struct value *value)
{
    *value = strings_list(scope->run->settings.skip_tags);
    return true;
}

static bool get_limit(struct task_scope *scope, struct value *value)
{
    if (!scope->run->settings.limit)
        return false;
    *value = value_string(scope->run->settings.limit);
    return true;
}

static bool get_inventory_sources(struct task_scope *scope, struct value *value)
{
    *value = value_list_take(list_copy((struct list *)inventory_sources(scope->run->inventory)));
    return true;
}

static bool get_python(struct task_scope *scope, struct value *value)
{
    (void)scope;
    *value = value_string("/usr/bin/python3");
    return true;
}

/** No configuration file is read yet. */
static bool get_config_file(struct task_scope *scope, struct value *value)
{
    (void)scope;
    *value = value_null();
    return true;
}

/* ---- of the play ---- */

static bool get_play_name(struct task_scope *scope, struct value *value)
{
    const struct play_variables *play = scope_play(scope);
    if (!play)
        return false;
    *value = value_string(play->name ? play->name : "");
    return true;
}

static bool get_play_hosts_all(struct task_scope *scope, struct value *value)
{
    const struct play_variables *play = scope_play(scope);
    if (!play)
        return false;
    *value = host_names(play->hosts, play->host_count);
    return true;
}

static bool get_play_hosts(struct task_scope *scope, struct value *value)
{
    const struct play_variables *play = scope_play(scope);
    if (!play)
        return false;
    *value = remaining_names(scope->run, play, false);
    return true;
}

static bool get_play_batch(struct task_scope *scope, struct value *value)
{
    const struct play_variables *play = scope_play(scope);
    if (!play)
        return false;
    *value = remaining_names(scope->run, play, true);
    return true;
}

/** Names of the play's roles: those that it names itself, those that they depend on, or both. */
static bool role_names(struct task_scope *scope, bool own, bool dependencies, struct value *value)
{
    const struct play_variables *play = scope_play(scope);
    if (!play)
        return false;
    struct list *names = list_new(play->named_role_count);
    for (size_t i = 0; i < play->named_role_count; i++) {
        const struct role_variables *role = play->named_roles[i];
        for (size_t j = 0; dependencies && j < role->dependency_count; j++)
            add_name(names, role->dependencies[j]);
        if (own)
            add_name(names, role);
    }
    *value = value_list_take(names);
    return true;
}

static bool get_play_role_names(struct task_scope *scope, struct value *value)
{
    const struct play_variables *play = scope_play(scope);
    if (!play)
        return false;
    struct list *names = list_new(play->named_role_count);
    for (size_t i = 0; i < play->named_role_count; i++) {
        const struct text *name = play->named_roles[i]->name;
        list_push_take(names, value_string_length(name->bytes, name->length));
    }
    *value = value_list_take(names);
    return true;
}

static bool get_dependent_role_names(struct task_scope *scope, struct value *value)
{
    return role_names(scope, false, true, value);
}

static bool get_role_names(struct task_scope *scope, struct value *value)
{
    return role_names(scope, true, true, value);
}

/* ---- of the task ---- */

static bool get_role_name(struct task_scope *scope, struct value *value)
{
    const struct role_variables *role = scope_role(scope);
    if (!role)
        return false;
    *value = value_string_length(role->name->bytes, role->name->length);
    return true;
}

static bool get_role_path(struct task_scope *scope, struct value *value)
{
    const struct role_variables *role = scope_role(scope);
    if (!role || !role->path)
        return false;
    *value = value_string(role->path);
    return true;
}

/** The next task outwards: around it in its file, or the include that brought its file. */
static struct task_instance outer_task(struct task_instance instance)
{
    const struct task *parent = instance.task->parent;
    if (!parent && instance.include) {
        parent = instance.include->task;
        instance.include = instance.include->parent;
    }
    return (struct task_instance){parent, instance.include};
}

/** Is it an include_role or import_role? */
static bool brings_role(const struct run *run, const struct task *task)
{
    if (task->kind != TASK_ACTION)
        return false;
    const char *name = load_action_name(run, task);
    return strcmp(name, "include_role") == 0 || strcmp(name, "import_role") == 0;
}

/** The roles whose tasks include or import this one, the nearest first, as names or folders. */
static bool parent_roles(struct task_scope *scope, bool as_paths, struct value *value)
{
    struct list *list = list_new(2);
    for (struct task_instance at = scope->instance; at.task; at = outer_task(at)) {
        const struct role *role = brings_role(scope->run, at.task) ? instance_role(at) : NULL;
        if (!role)
            continue;
        const struct role_variables *parent = role_variables(role);
        list_push_take(list, as_paths ? value_string(parent->path)
                                      : value_string_length(parent->name->bytes, parent->name->length));
    }
    *value = value_list_take(list);
    return value->as.list->count > 0;
}

static bool get_collection_name(struct task_scope *scope, struct value *value)
{
    *value = value_null();
    return scope_role(scope);
}

static bool get_parent_role_names(struct task_scope *scope, struct value *value)
{
    return parent_roles(scope, false, value);
}

static bool get_parent_role_paths(struct task_scope *scope, struct value *value)
{
    return parent_roles(scope, true, value);
}

static bool get_search_path(struct task_scope *scope, struct value *value)
{
    if (!scope->instance.task)
        return false;
    *value = strings_list(task_scope_folders(scope));
    return true;
}

static bool get_environment(struct task_scope *scope, struct value *value)
{
    if (!scope->instance.task)
        return false;
    *value = value_list_take(special_environment(scope));
    return true;
}

static bool get_delegated_vars(struct task_scope *scope, struct value *value)
{
    if (!scope->delegate)
        return false;
    struct dict *dict = dict_new();
    dict_set_take(dict, value_string_take(text_copy(scope->delegate->name)),
                  hostvars_host(scope->run, scope->delegate));
    *value = value_dict_take(dict);
    return true;
}

static const struct special specials[] = {
    {"ansible_check_mode", get_check_mode},
    {"ansible_collection_name", get_collection_name},
    {"ansible_config_file", get_config_file},
    {"ansible_delegated_vars", get_delegated_vars},
    {"ansible_dependent_role_names", get_dependent_role_names},
    {"ansible_diff_mode", get_diff_mode},
    {"ansible_forks", get_forks},
    {"ansible_inventory_sources", get_inventory_sources},
    {"ansible_limit", get_limit},
    {"ansible_parent_role_names", get_parent_role_names},
    {"ansible_parent_role_paths", get_parent_role_paths},
    {"ansible_play_batch", get_play_batch},
    {"ansible_play_hosts", get_play_hosts},
    {"ansible_play_hosts_all", get_play_hosts_all},
    {"ansible_play_name", get_play_name},
    {"ansible_play_role_names", get_play_role_names},
    {"ansible_playbook_python", get_python},
    {"ansible_role_name", get_role_name},
    {"ansible_role_names", get_role_names},
    {"ansible_run_tags", get_run_tags},
    {"ansible_search_path", get_search_path},
    {"ansible_skip_tags", get_skip_tags},
    {"ansible_verbosity", get_verbosity},
    {"ansible_version", get_version},
    {"environment", get_environment},
    {"groups", get_groups},
    {"hostvars", get_hostvars},
    {"omit", get_omit},
    {"play_hosts", get_play_batch},
    {"playbook_dir", get_playbook_dir},
    {"role_name", get_role_name},
    {"role_names", get_play_role_names},
    {"role_path", get_role_path},
    {"vars", get_vars},
};

/* ---- of the host ---- */

static bool get_hostname(struct task_scope *scope, struct value *value)
{
    *value = value_string_take(text_copy(scope->host->name));
    return true;
}

static bool get_hostname_short(struct task_scope *scope, struct value *value)
{
    const struct text *name = scope->host->name;
    *value = value_string_length(name->bytes, strcspn(name->bytes, "."));
    return true;
}

static int compare_names(const void *left, const void *right)
{
    return text_compare(((const struct value *)left)->as.text, ((const struct value *)right)->as.text);
}

static bool get_group_names(struct task_scope *scope, struct value *value)
{
    struct group **groups;
    size_t count = task_scope_groups(scope, &groups);
    struct list *names = list_new(count);
    for (size_t i = 0; i < count; i++)
        if (!group_is_all(groups[i]))
            list_push_take(names, value_string_take(text_copy(groups[i]->name)));
    if (names->count > 1)
        qsort(names->items, names->count, sizeof *names->items, compare_names);
    *value = value_list_take(names);
    return true;
}

/** Before any fact was found out. */
static bool get_no_facts(struct task_scope *scope, struct value *value)
{
    (void)scope;
    *value = value_dict_new();
    return true;
}

static const struct special host_specials[] = {
    {"ansible_facts", get_no_facts},
    {"group_names", get_group_names},
    {"inventory_hostname", get_hostname},
    {"inventory_hostname_short", get_hostname_short},
};

/* ---- the layers ---- */

static bool provide(const struct special *rows, size_t count, const struct layer *layer, const struct text *name,
                    struct value *value)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name->bytes, rows[middle].name);
        if (order == 0)
            return rows[middle].get(layer->owner, value);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

bool special_provide(const struct layer *layer, struct text *name, struct value *value)
{
    return provide(specials, COUNT_OF(specials), layer, name, value);
}

bool special_host_provide(const struct layer *layer, struct text *name, struct value *value)
{
    return provide(host_specials, COUNT_OF(host_specials), layer, name, value);
}

/** Is it found by its name alone? `omit` is no variable of anybody, and `vars` would hold itself. */
static bool is_unlisted(bool (*get)(struct task_scope *scope, struct value *value))
{
    return get == get_vars || get == get_omit || get == get_search_path;
}

void special_list(const struct layer *layer, void (*visit)(void *context, const char *name), void *context)
{
    for (size_t i = 0; i < COUNT_OF(specials); i++) {
        OWNED value = value_null();
        if (!is_unlisted(specials[i].get) && specials[i].get(layer->owner, &value))
            visit(context, specials[i].name);
    }
}

void special_host_list(const struct layer *layer, void (*visit)(void *context, const char *name), void *context)
{
    (void)layer;
    for (size_t i = 0; i < COUNT_OF(host_specials); i++)
        visit(context, host_specials[i].name);
}

/** Adds one `environment` in front: a dict, a template, or a list of them. */
static void prepend_environment(struct list *list, const struct attributes *attributes)
{
    const struct attribute *attribute = attributes_find(attributes, KEYWORD_ENVIRONMENT);
    if (!attribute || value_is_null(attribute->value))
        return;
    if (!value_is_list(attribute->value)) {
        list_insert_take(list, 0, value_copy(attribute->value));
        return;
    }
    const struct list *given = attribute->value.as.list;
    for (size_t i = given->count; i-- > 0;)
        list_insert_take(list, 0, value_copy(given->items[i]));
}

struct list *special_environment(const struct task_scope *scope)
{
    struct list *list = list_new(2);
    struct task_instance instance = scope->instance;
    do
        prepend_environment(list, &instance.task->attributes);
    while (instance_outer_with(instance, KEYWORD_ENVIRONMENT, &instance));
    const struct play *play = run_play(scope->run);
    if (play)
        prepend_environment(list, &play->attributes);
    return list;
}
