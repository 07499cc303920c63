/* Instances: the references of includes, and the way outwards from a task (include.h). */
#include <stdlib.h>

#include "eval/play/include.h"
#include "eval/play/play_variables.h"
#include "runtime/value/dict.h"

struct include *include_copy(struct include *include)
{
    if (include)
        ++include->references;
    return include;
}

/** Frees the block that holds the keywords of `apply:`. */
static void apply_free(struct task *apply)
{
    if (!apply)
        return;
    for (uint32_t i = 0; i < apply->attributes.count; i++)
        value_drop(apply->attributes.items[i].value);
    free(apply->attributes.items);
    free(apply);
}

void include_drop(struct include *include)
{
    while (include && --include->references == 0) {
        struct include *parent = include->parent;
        dict_drop(include->variables);
        apply_free(include->apply);
        free(include);
        include = parent;
    }
}

bool instance_outer(struct task_instance instance, struct task_instance *outer)
{
    while (!instance.task->parent) {
        struct include *include = instance.include;
        if (!include)
            return false;
        if (include->apply && instance.task != include->apply) {
            *outer = (struct task_instance){include->apply, include};
            return true;
        }
        instance = (struct task_instance){include->task, include->parent};
    }
    *outer = (struct task_instance){instance.task->parent, instance.include};
    return true;
}

void include_learn_around(struct include *include)
{
    const struct include *parent = include->parent;
    struct task_instance outside = {include->task, include->parent};
    include->nearest_role = include->role ? include->role : instance_role(outside);
    include->giver = include->variables ? include : parent ? parent->giver : NULL;
    for (size_t i = 0; i < COUNT_OF(include->around); i++) {
        include->around[i] = parent ? parent->around[i] : 0;
        if (include->apply)
            include->around[i] |= include->apply->attributes.present[i];
        for (const struct task *task = include->task->parent; task; task = task->parent)
            include->around[i] |= task->attributes.present[i];
    }
}

/** May something outside of the include's file have the keyword? */
static bool is_around(const struct include *include, enum keyword keyword)
{
    return include->around[keyword / 64] >> keyword % 64 & 1;
}

bool instance_outer_with(struct task_instance instance, enum keyword keyword, struct task_instance *outer)
{
    return (instance.task->parent || !instance.include || is_around(instance.include, keyword)) &&
           instance_outer(instance, outer);
}

const struct attribute *instance_attribute(struct task_instance instance, enum keyword keyword,
                                           struct task_instance *found_in)
{
    do {
        const struct attribute *attribute = attributes_find(&instance.task->attributes, keyword);
        if (attribute) {
            if (found_in)
                *found_in = instance;
            return attribute;
        }
    } while (instance_outer_with(instance, keyword, &instance));
    return NULL;
}

const struct role *instance_role(struct task_instance instance)
{
    /* An import_role task has its role inside; the task itself is outside. */
    for (const struct task *task = instance.task->parent; task; task = task->parent)
        if (task->role)
            return task->role;
    return instance.include ? instance.include->nearest_role : NULL;
}

const struct text *instance_role_name(struct task_instance instance)
{
    const struct role *role = instance_role(instance);
    return role ? role_variables(role)->name : NULL;
}
