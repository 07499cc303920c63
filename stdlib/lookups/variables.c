/* Lookups of variables and hosts: vars, varnames, inventory_hostnames. */
#include <fnmatch.h>
#include <string.h>

#include "parser/host_pattern.h"
#include "runtime/value/repr.h"
#include "runtime/value/value_set.h"
#include "stdlib/argument.h"
#include "stdlib/lookups/lookups.h"

static bool push_variable(struct evaluation *evaluation, struct value name, struct value fallback, struct list *out,
                          struct error *error)
{
    OWNED found = value_null();
    if (!value_is_string(name))
        return error_set(error, ERROR_LOOKUP, "Variable name must be 'str' not '%s'.", value_type_name(name));
    OWNED variables = value_dict_take(evaluation_variables(evaluation));
    if (!dict_find(variables.as.dict, name)) {
        if (value_is_null(fallback))
            return error_set(error, ERROR_UNDEFINED, "No variable named '%s' was found.", value_bytes(name));
        list_push_take(out, value_copy(fallback));
        return true;
    }
    if (!evaluation_variable(evaluation, name, &found, error))
        return false;
    if (value_is_undefined(found))
        return value_undefined_error(found, error);
    list_push_take(out, value_steal(&found));
    return true;
}

static bool lookup_vars(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    const struct list *terms = arguments[0].as.list;
    OWNED values = value_list_new();
    for (size_t i = 0; i < terms->count; i++)
        if (!push_variable(evaluation, terms->items[i], arguments[1], values.as.list, error))
            return false;
    *result = value_steal(&values);
    return true;
}

static bool push_names(struct evaluation *evaluation, struct value pattern, const struct dict *variables,
                       struct list *out, struct error *error)
{
    const struct dict_entry *entry;
    OWNED_ERROR reason = {0};
    if (!value_is_string(pattern)) {
        OWNED shown = value_str(pattern);
        return error_set(error, ERROR_LOOKUP,
                         "Invalid setting identifier, \"%s\" is not a string, it is a <class '%s'>", value_bytes(shown),
                         value_type_name(pattern));
    }
    struct regex *regex = regex_cache_get(evaluation_regexes(evaluation), pattern.as.text, 0, &reason);
    if (!regex)
        return error_set(error, ERROR_LOOKUP, "Unable to use \"%s\" as a search parameter: %s", value_bytes(pattern),
                         reason.message);
    for (size_t i = 0; dict_next(variables, &i, &entry);)
        if (value_is_string(entry->key) && regex_is_found(regex, value_bytes(entry->key), entry->key.as.text->length))
            list_push_take(out, value_copy(entry->key));
    return true;
}

static bool lookup_varnames(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    const struct list *terms = arguments[0].as.list;
    OWNED variables = value_dict_take(evaluation_variables(evaluation));
    OWNED names = value_list_new();
    for (size_t i = 0; i < terms->count; i++)
        if (!push_names(evaluation, terms->items[i], variables.as.dict, names.as.list, error))
            return false;
    *result = value_steal(&names);
    return true;
}

/* ---- hosts ---- */

static bool term_matches(const struct pattern_term *term, struct regex *regex, struct value name)
{
    if (!value_is_string(name))
        return false;
    if (regex)
        return regex_is_found(regex, value_bytes(name), name.as.text->length);
    if (term->has_wildcard)
        return fnmatch(term->text, value_bytes(name), 0) == 0;
    return strcmp(term->text, value_bytes(name)) == 0;
}

/** Appends what is not among the hosts yet. */
static void push_new(struct list *hosts, struct value_set *seen, const struct list *names)
{
    for (size_t i = 0; i < names->count; i++)
        if (value_set_add(seen, names->items[i]))
            list_push_take(hosts, value_copy(names->items[i]));
}

/** The hosts of one term: those of the groups that it matches, else the hosts themselves. */
static bool match_term(const struct pattern_term *term, const struct dict *groups, struct list *hosts,
                       struct error *error)
{
    struct regex *regex = NULL;
    struct value_set seen = {0};
    const struct dict_entry *entry;
    bool is_group = false;
    if (term->is_regex && !(regex = regex_compile(term->text, strlen(term->text), 0, error)))
        return false;
    for (size_t i = 0; dict_next(groups, &i, &entry);)
        if (value_is_sequence(entry->value) && term_matches(term, regex, entry->key)) {
            push_new(hosts, &seen, entry->value.as.list);
            is_group = true;
        }
    const struct value *all = dict_find_string(groups, "all");
    if (all && value_is_sequence(*all) && (!is_group || term->has_wildcard || regex))
        for (size_t i = 0; i < all->as.list->count; i++)
            if (term_matches(term, regex, all->as.list->items[i]) && value_set_add(&seen, all->as.list->items[i]))
                list_push_take(hosts, value_copy(all->as.list->items[i]));
    value_set_done(&seen);
    regex_free(regex);
    return true;
}

/** Keeps the items of [first:last], counted from either end. */
static void cut(struct list *hosts, const struct pattern_term *term)
{
    int64_t count = (int64_t)hosts->count;
    int64_t first = term->first < 0 ? term->first + count : term->first;
    int64_t last = !term->is_slice   ? first
                   : !term->has_last ? count - 1
                   : term->last < 0  ? term->last + count
                                     : term->last;
    for (int64_t i = count; i-- > 0;)
        if (i < first || i > last)
            value_drop(list_remove(hosts, (size_t)i));
}

/** Adds, keeps or takes away the hosts of one term. */
static void apply(struct value *hosts, enum pattern_role role, const struct list *matched)
{
    struct value_set set = {0};
    struct list *kept = list_new(0);
    if (role == PATTERN_ADD) {
        push_new(kept, &set, hosts->as.list);
        push_new(kept, &set, matched);
    } else {
        for (size_t i = 0; i < matched->count; i++)
            value_set_add(&set, matched->items[i]);
        for (size_t i = 0; i < hosts->as.list->count; i++)
            if (value_set_has(&set, hosts->as.list->items[i]) == (role == PATTERN_INTERSECT))
                list_push_take(kept, value_copy(hosts->as.list->items[i]));
    }
    value_set_done(&set);
    value_replace_take(hosts, value_list_take(kept));
}

static bool select_hosts(const struct host_pattern *pattern, const struct dict *groups, struct value *hosts,
                         struct error *error)
{
    for (size_t i = 0; i < pattern->count; i++) {
        const struct pattern_term *term = &pattern->terms[i];
        OWNED matched = value_list_new();
        if (!match_term(term, groups, matched.as.list, error))
            return false;
        if (term->has_subscript)
            cut(matched.as.list, term);
        apply(hosts, term->role, matched.as.list);
    }
    return true;
}

static bool lookup_inventory_hostnames(struct evaluation *evaluation, const struct value *arguments,
                                       struct value *result, struct error *error)
{
    const struct list *terms = arguments[0].as.list;
    OWNED name = value_string("groups"), groups = value_null(), hosts = value_list_new();
    CLEANUP(text_buffer_done) struct text_buffer patterns = {0};
    struct host_pattern pattern;
    if (!evaluation_variable(evaluation, name, &groups, error))
        return false;
    for (size_t i = 0; i < terms->count; i++) {
        text_buffer_append_string(&patterns, i ? "," : "");
        value_append_str(&patterns, terms->items[i]);
    }
    OWNED resolved = value_null();
    if (!value_is_undefined(groups) && !evaluation_resolve(evaluation, groups, &resolved, error))
        return false;
    if (value_is_dict(resolved) && patterns.length) {
        host_pattern_parse(&pattern, text_buffer_bytes(&patterns));
        bool is_done = select_hosts(&pattern, resolved.as.dict, &hosts, error);
        host_pattern_done(&pattern);
        if (!is_done)
            return false;
    }
    *result = value_steal(&hosts);
    return true;
}

static const struct function rows[] = {
    {"inventory_hostnames", "terms" LOOKUP_UNKNOWN, lookup_inventory_hostnames, LOOKUP_FLAGS,
     "The hosts of the inventory that a pattern matches."},
    {"varnames", "terms" LOOKUP_UNKNOWN, lookup_varnames, LOOKUP_FLAGS,
     "Names of variables that regular expressions are found in."},
    {"vars", "terms, default=None" LOOKUP_UNKNOWN, lookup_vars, LOOKUP_FLAGS, "The values of variables by name."},
};

const struct function_table lookups_variables = {FUNCTION_LOOKUP, "ansible.builtin", rows, COUNT_OF(rows)};
