#include "eval/expression/private_copy.h"

#include "eval/expression/variable.h"

static struct value copy_list(struct evaluation *evaluation, struct value value)
{
    struct list *copy = list_new(value.as.list->count);
    for (size_t i = 0; i < value.as.list->count; i++)
        list_push_take(copy, private_copy(evaluation, value.as.list->items[i]));
    return value.kind == VALUE_TUPLE ? value_tuple_take(copy) : value_list_take(copy);
}

static struct value copy_dict(struct evaluation *evaluation, struct value value)
{
    struct dict *copy = dict_new();
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(value.as.dict, &i, &entry);)
        dict_set_take(copy, value_copy(entry->key), private_copy(evaluation, entry->value));
    return value_dict_take(copy);
}

struct value private_copy(struct evaluation *evaluation, struct value value)
{
    OWNED_ERROR error = {0};
    OWNED read = value_null();
    if (!evaluation_enter(evaluation, &error))
        return value_undefined_take(&error);
    if (!evaluation_read(evaluation, value, &read, &error))
        read = value_undefined_take(&error);
    struct value copy;
    if (value_is_dict(read))
        copy = copy_dict(evaluation, read);
    else if (value_is_sequence(read) && !(read.kind == VALUE_TUPLE && read.as.list->shape))
        copy = copy_list(evaluation, read);
    else
        copy = value_steal(&read);
    evaluation_leave(evaluation);
    return copy;
}

static bool is_container(struct value value)
{
    return value_is_sequence(value) || value_is_dict(value);
}

static bool changes_values(const struct evaluation *evaluation)
{
    return evaluation->template && evaluation->template->changes_values;
}

void private_values(struct evaluation *evaluation, struct value *values, size_t count)
{
    for (size_t i = 0; changes_values(evaluation) && i < count; i++)
        if (is_container(values[i]))
            value_replace_take(&values[i], private_copy(evaluation, values[i]));
}

void private_variable(struct evaluation *evaluation, struct text *name, struct value *value)
{
    struct value key = {.kind = VALUE_STRING, .as.text = name};
    if (!changes_values(evaluation) || !evaluation->private_variables || !is_container(*value))
        return;
    if (!*evaluation->private_variables)
        *evaluation->private_variables = dict_new();
    const struct value *found = dict_find(*evaluation->private_variables, key);
    if (!found) {
        dict_set_take(*evaluation->private_variables, value_copy(key), private_copy(evaluation, *value));
        found = dict_find(*evaluation->private_variables, key);
    }
    value_replace_take(value, value_copy(*found));
}
