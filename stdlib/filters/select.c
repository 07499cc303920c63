/*
 * Filters that call other filters and tests on each item, and those on what may be missing:
 * map, select, reject, selectattr, rejectattr, attr, default.
 */
#include "stdlib/filters/filters.h"
#include "stdlib/items.h"

/** A filter or test and the arguments behind the item. */
struct item_call {
    struct value name;
    struct value *arguments; /* [0] is the item's place; the others are borrowed */
    size_t count;
    const struct dict *keywords;
};

/** From the arguments `rest`, of which the one at `name_index` is the name. */
static void item_call_init(struct item_call *call, const struct list *rest, size_t name_index,
                           const struct dict *keywords)
{
    *call =
        (struct item_call){.name = rest->items[name_index], .count = rest->count - name_index, .keywords = keywords};
    call->arguments = memory_new_array(call->count, sizeof *call->arguments);
    for (size_t i = 1; i < call->count; i++)
        call->arguments[i] = rest->items[name_index + i];
}

static void item_call_done(struct item_call *call)
{
    memory_cleanup(&call->arguments);
}

/* ---- map ---- */

static bool map_filter(struct evaluation *evaluation, const struct list *items, struct item_call *call,
                       struct list *out, struct error *error)
{
    for (size_t i = 0; i < items->count; i++) {
        struct value mapped;
        call->arguments[0] = items->items[i];
        if (!evaluation_call_filter(evaluation, call->name, call->arguments, call->count, call->keywords, &mapped,
                                    error))
            return false;
        list_push_take(out, mapped);
    }
    return true;
}

/** The only keywords are `attribute` and `default`. */
static bool check_map_keywords(const struct dict *keywords, struct error *error)
{
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(keywords, &i, &entry);)
        if (!value_equals_string(entry->key, "attribute") && !value_equals_string(entry->key, "default"))
            return error_set(error, ERROR_FILTER, "Unexpected keyword argument '%s'", value_bytes(entry->key));
    return true;
}

static bool map_attribute(struct evaluation *evaluation, const struct list *items, const struct dict *keywords,
                          struct list *out, struct error *error)
{
    if (!check_map_keywords(keywords, error))
        return false;
    const struct value *fallback = dict_find_string(keywords, "default");
    CLEANUP(attribute_path_done) struct attribute_path path;
    attribute_path_init(&path, *dict_find_string(keywords, "attribute"));
    path.undefined = ITEMS_TAKE_UNDEFINED;
    path.fallback = fallback ? *fallback : value_null();
    for (size_t i = 0; i < items->count; i++) {
        struct value found;
        if (!attribute_path_find(evaluation, &path, items->items[i], &found, error))
            return false;
        list_push_take(out, found);
    }
    return true;
}

/** The items of an operand that is true; what is false (null, 0) counts as no items, as in Jinja. */
static bool read_operand(struct evaluation *evaluation, struct value operand, struct value *items, struct error *error)
{
    struct list *list =
        value_truth(operand) ? items_read(evaluation, operand, ITEMS_TAKE_UNDEFINED, error) : list_new(0);
    if (list)
        *items = value_list_take(list);
    return list != NULL;
}

static bool filter_map(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    const struct list *rest = arguments[1].as.list;
    const struct dict *keywords = arguments[2].as.dict;
    OWNED items = value_null(), out = value_list_new();
    if (!read_operand(evaluation, arguments[0], &items, error))
        return false;
    if (items.as.list->count == 0 && !value_truth(arguments[0])) {
        *result = value_steal(&out);
        return true;
    }
    bool done;
    CLEANUP(item_call_done) struct item_call call = {0};
    if (rest->count > 0) {
        item_call_init(&call, rest, 0, keywords);
        done = map_filter(evaluation, items.as.list, &call, out.as.list, error);
    } else if (dict_find_string(keywords, "attribute"))
        done = map_attribute(evaluation, items.as.list, keywords, out.as.list, error);
    else
        done = error_set(error, ERROR_FILTER, "map requires a filter argument");
    if (done)
        *result = value_steal(&out);
    return done;
}

/* ---- select and reject ---- */

/** What select and its like share. */
struct selection {
    bool keep; /* items that the test holds for, or the others */
    bool has_attribute;
    struct attribute_path path;
    bool has_test;
    struct item_call call;
};

static void selection_done(struct selection *selection)
{
    if (selection->path.parts)
        attribute_path_done(&selection->path);
    item_call_done(&selection->call);
}

static bool selection_init(struct selection *selection, const struct list *rest, const struct dict *keywords,
                           struct error *error)
{
    size_t name_index = selection->has_attribute ? 1 : 0;
    if (selection->has_attribute && rest->count == 0)
        return error_set(error, ERROR_FILTER, "Missing parameter for attribute name");
    if (selection->has_attribute) {
        attribute_path_init(&selection->path, rest->items[0]);
        selection->path.undefined = ITEMS_TAKE_UNDEFINED;
    }
    selection->has_test = rest->count > name_index;
    if (selection->has_test)
        item_call_init(&selection->call, rest, name_index, keywords);
    return true;
}

/** Does the item stay? */
static bool selection_ask(struct evaluation *evaluation, struct selection *selection, struct value item, bool *stays,
                          struct error *error)
{
    OWNED subject = value_null();
    if (!selection->has_attribute)
        subject = value_copy(item);
    else if (!attribute_path_find(evaluation, &selection->path, item, &subject, error))
        return false;
    bool holds;
    if (selection->has_test) {
        struct item_call *call = &selection->call;
        call->arguments[0] = subject;
        if (!evaluation_call_test(evaluation, call->name, call->arguments, call->count, call->keywords, &holds, error))
            return false;
    } else if (value_is_undefined(subject)) {
        return value_undefined_error(subject, error);
    } else {
        holds = value_truth(subject);
    }
    *stays = holds == selection->keep;
    return true;
}

static bool run_selection(struct evaluation *evaluation, struct selection selection, const struct value *arguments,
                          struct value *result, struct error *error)
{
    CLEANUP(selection_done) struct selection owned = selection;
    OWNED items = value_null(), out = value_list_new();
    if (!read_operand(evaluation, arguments[0], &items, error))
        return false;
    if (value_truth(arguments[0]) && !selection_init(&owned, arguments[1].as.list, arguments[2].as.dict, error))
        return false;
    for (size_t i = 0; i < items.as.list->count; i++) {
        bool stays = false;
        if (!selection_ask(evaluation, &owned, items.as.list->items[i], &stays, error))
            return false;
        if (stays)
            list_push_take(out.as.list, value_copy(items.as.list->items[i]));
    }
    *result = value_steal(&out);
    return true;
}

static bool filter_select(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    return run_selection(evaluation, (struct selection){.keep = true}, arguments, result, error);
}

static bool filter_reject(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    return run_selection(evaluation, (struct selection){.keep = false}, arguments, result, error);
}

static bool filter_selectattr(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    return run_selection(evaluation, (struct selection){.keep = true, .has_attribute = true}, arguments, result, error);
}

static bool filter_rejectattr(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    return run_selection(evaluation, (struct selection){.keep = false, .has_attribute = true}, arguments, result,
                         error);
}

/* ---- one value ---- */

/** Only attributes: a dict is asked by way of an empty one, which has the same methods and no keys. */
static bool filter_attr(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    struct value object = arguments[0], name = arguments[1];
    if (!value_is_string(name))
        return error_set(error, ERROR_TYPE, "attribute name must be string, not '%s'", value_type_name(name));
    OWNED found = value_null();
    if (value_is_dict(object)) {
        OWNED empty = value_dict_new();
        if (!evaluation_attribute(evaluation, empty, name, &found, error))
            return false;
    }
    if (value_is_undefined(found)) {
        *result = value_steal(&found);
        return true;
    }
    return evaluation_attribute(evaluation, object, name, result, error);
}

static bool filter_default(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    struct value value = arguments[0], boolean = arguments[2];
    if (value_is_undefined(boolean))
        return value_undefined_error(boolean, error);
    if (boolean.kind != VALUE_BOOL)
        return error_set(error, ERROR_TYPE, "The 'boolean' argument must be of type 'bool', not '%s'.",
                         value_type_name(boolean));
    bool is_missing = value_is_undefined(value) || (boolean.as.boolean && !value_truth(value));
    *result = value_copy(is_missing ? arguments[1] : value);
    return true;
}

#define ANYTHING (FUNCTION_TAKES_UNDEFINED | FUNCTION_TAKES_LAZY | FUNCTION_TAKES_OMIT)

static const struct function rows[] = {
    {"attr", "obj, name", filter_attr, FUNCTION_TAKES_LAZY, "The attribute of this name, never a dict's key"},
    {"d", "value, default_value='', boolean=False", filter_default, ANYTHING, "Short for default"},
    {"default", "value, default_value='', boolean=False", filter_default, ANYTHING,
     "The value, or another one if it is undefined (boolean=true: or false)"},
    {"map", "value, *args, **kwargs", filter_map, FUNCTION_TAKES_LAZY,
     "Each item sent through a filter, or its attribute: map('upper'), map(attribute='a.b', default=0)"},
    {"reject", "value, *args, **kwargs", filter_reject, FUNCTION_TAKES_LAZY,
     "The items for which a test (or their truth) does not hold"},
    {"rejectattr", "value, *args, **kwargs", filter_rejectattr, FUNCTION_TAKES_LAZY,
     "The items with an attribute for which a test does not hold: rejectattr('state', 'eq', 'absent')"},
    {"select", "value, *args, **kwargs", filter_select, FUNCTION_TAKES_LAZY,
     "The items for which a test (or their truth) holds"},
    {"selectattr", "value, *args, **kwargs", filter_selectattr, FUNCTION_TAKES_LAZY,
     "The items with an attribute for which a test holds: selectattr('age', 'gt', 30)"},
};

const struct function_table filters_select = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
