#include "eval/expression/scope.h"

#include <string.h>

#include "runtime/source/suggest.h"
#include "runtime/value/dict_merge.h"
#include "runtime/value/text.h"

void scope_init(struct scope *scope, const struct layer *innermost)
{
    *scope = (struct scope){.innermost = innermost};
}

/** Lets go of a dict that is made when it is first needed. */
static void forget(struct dict **dict)
{
    dict_drop(*dict);
    *dict = NULL;
}

void scope_done(struct scope *scope)
{
    forget(&scope->remembered);
    forget(&scope->remembered_items);
    forget(&scope->in_progress);
}

void scope_changed(struct scope *scope)
{
    forget(&scope->remembered);
    forget(&scope->remembered_items);
}

void scope_item_changed(struct scope *scope)
{
    forget(&scope->remembered_items);
}

/** The dicts of this name in the layers from `at` outwards, under what `value` has itself. */
static void merge_outwards(const struct layer *at, struct text *name, struct value *value)
{
    struct value key = {.kind = VALUE_STRING, .as.text = name};
    for (; at && value_is_dict(*value); at = at->outer) {
        const struct value *found = at->variables ? dict_find(at->variables, key) : NULL;
        OWNED outer = found ? value_copy(*found) : value_null();
        if ((found || (at->provide && at->provide(at, name, &outer))) && value_is_dict(outer))
            value_replace_take(value, dict_merge(outer, *value, true, LIST_MERGE_REPLACE));
    }
}

bool scope_find(struct scope *scope, struct text *name, struct value *value, const struct layer **layer)
{
    struct value key = {.kind = VALUE_STRING, .as.text = name};
    for (const struct layer *at = scope->innermost; at; at = at->outer) {
        const struct value *found = at->variables ? dict_find(at->variables, key) : NULL;
        if (found)
            *value = value_copy(*found);
        if (!found && !(at->provide && at->provide(at, name, value)))
            continue;
        scope->touched_item |= at->changes_by_item;
        if (layer)
            *layer = at;
        if (scope->merges_dicts)
            merge_outwards(at->outer, name, value);
        return true;
    }
    return false;
}

/** Collects the names that a layer computes. */
struct flatten {
    struct dict *result;
    const struct layer *layer;
};

static void flatten_name(void *context, const char *name)
{
    struct flatten *flatten = context;
    if (dict_find_string(flatten->result, name))
        return;
    struct text *text = text_new(name, strlen(name));
    struct value value;
    if (flatten->layer->provide(flatten->layer, text, &value))
        dict_set_string_take(flatten->result, name, value);
    text_drop(text);
}

struct dict *scope_flatten(struct scope *scope)
{
    struct flatten flatten = {.result = dict_new()};
    for (const struct layer *at = scope->innermost; at; at = at->outer) {
        const struct dict_entry *entry;
        for (size_t i = 0; at->variables && dict_next(at->variables, &i, &entry);)
            if (!dict_find(flatten.result, entry->key))
                dict_set_take(flatten.result, value_copy(entry->key), value_copy(entry->value));
        flatten.layer = at;
        if (at->list)
            at->list(at, flatten_name, &flatten);
        scope->touched_item |= at->changes_by_item;
    }
    return flatten.result;
}

static void offer_name(void *context, const char *name)
{
    suggestion_offer(context, name, strlen(name));
}

void scope_offer(struct scope *scope, struct suggestion *suggestion)
{
    for (const struct layer *at = scope->innermost; at; at = at->outer) {
        const struct dict_entry *entry;
        for (size_t i = 0; at->variables && dict_next(at->variables, &i, &entry);)
            if (value_is_string(entry->key))
                suggestion_offer(suggestion, value_bytes(entry->key), entry->key.as.text->length);
        if (at->list)
            at->list(at, offer_name, suggestion);
    }
}
