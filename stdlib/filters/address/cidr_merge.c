/*
 * The filter cidr_merge: networks made as few as may be, or the one that spans them.
 */
#include <stdlib.h>

#include "runtime/value/repr.h"
#include "stdlib/filters/address/subject.h"
#include "stdlib/filters/filters.h"

/** By version, first address and size, larger networks first. */
static int compare_networks(const void *left, const void *right)
{
    const struct ip_network *a = (const struct ip_network *)left, *b = (const struct ip_network *)right;
    if (a->address.version != b->address.version)
        return a->address.version < b->address.version ? -1 : 1;
    if (a->address.bits != b->address.bits)
        return a->address.bits < b->address.bits ? -1 : 1;
    return (a->prefix > b->prefix) - (a->prefix < b->prefix);
}

static bool read_networks(const struct list *values, struct ip_network *networks, struct error *error)
{
    for (size_t i = 0; i < values->count; i++) {
        OWNED text = value_str(values->items[i]);
        if (!ip_network_parse(value_bytes(text), text.as.text->length, IP_LENIENT, &networks[i]))
            return error_set(error, ERROR_VALUE, "cidr_merge: error in netaddr:\ninvalid IPNetwork %s",
                             value_bytes(text));
        networks[i].address = ip_network_first(&networks[i]);
    }
    qsort(networks, values->count, sizeof *networks, compare_networks);
    return true;
}

/** The network of which both are halves. */
static bool join_halves(const struct ip_network *left, const struct ip_network *right, struct ip_network *whole)
{
    if (left->prefix != right->prefix || left->prefix == 0)
        return false;
    *whole = (struct ip_network){left->address, left->prefix - 1, true};
    whole->address = ip_network_first(whole);
    return ip_network_contains(whole, right);
}

/** Merges sorted networks in place; what is merged may be merged again with what is before it.  Returns how many are left. */
static size_t merge(struct ip_network *networks, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && ip_network_contains(&networks[kept - 1], &networks[i]))
            continue;
        struct ip_network added = networks[i], whole;
        while (kept > 0 && join_halves(&networks[kept - 1], &added, &whole)) {
            added = whole;
            kept--;
        }
        networks[kept++] = added;
    }
    return kept;
}

/** The smallest network that holds all of sorted ones; null for none. */
static bool span(const struct ip_network *networks, size_t count, struct value *result, struct error *error)
{
    if (count == 0) {
        *result = value_null();
        return true;
    }
    if (networks[0].address.version != networks[count - 1].address.version)
        return error_set(error, ERROR_VALUE,
                         "cidr_merge: error in netaddr:\nIP sequence cannot contain both IPv4 and IPv6!");
    struct ip_network whole = networks[0];
    for (size_t i = 1; i < count; i++)
        while (!ip_network_contains(&whole, &networks[i]))
            whole.prefix--;
    *result = subject_with_prefix(ip_network_first(&whole), whole.prefix);
    return true;
}

static struct value network_texts(const struct ip_network *networks, size_t count)
{
    struct list *texts = list_new(count);
    for (size_t i = 0; i < count; i++)
        list_push_take(texts, subject_with_prefix(networks[i].address, networks[i].prefix));
    return value_list_take(texts);
}

static bool filter_cidr_merge(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                              struct error *error)
{
    bool is_merge = value_equals_string(arguments[1], "merge"), is_span = value_equals_string(arguments[1], "span");
    OWNED values = value_list_new(), shown = value_repr(arguments[1]);
    (void)evaluation;
    if (value_is_sequence(arguments[0]))
        list_extend(values.as.list, arguments[0].as.list);
    else
        list_push_take(values.as.list, value_copy(arguments[0]));
    if (!is_merge && !is_span)
        return error_set(error, ERROR_VALUE, "cidr_merge: invalid action %s", value_bytes(shown));
    size_t count = values.as.list->count;
    CLEANUP(memory_cleanup) struct ip_network *networks = memory_new_array(count, sizeof *networks);
    if (!read_networks(values.as.list, networks, error))
        return false;
    if (is_span)
        return span(networks, count, result, error);
    *result = network_texts(networks, merge(networks, count));
    return true;
}

static const struct function rows[] = {
    {"cidr_merge", "value, action='merge'", filter_cidr_merge, 0,
     "Networks made as few as may be (merge), or the one network that holds them all (span)."},
};

const struct function_table filters_cidr_merge = {FUNCTION_FILTER, "ansible.utils", rows, COUNT_OF(rows)};
const struct function_table filters_cidr_merge_netcommon = {FUNCTION_FILTER, "ansible.netcommon", rows, COUNT_OF(rows)};
