/*
 * Filters on addresses of the internet: ipaddr with its queries, ipv4, ipv6, ipwrap.  ansible.utils has them, and
 * ansible.netcommon by the same names.
 */
#include <string.h>

#include "runtime/value/repr.h"
#include "stdlib/filters/address/query.h"
#include "stdlib/filters/filters.h"

/** One filter being asked. */
struct question {
    const char *filter;
    struct value query; /* borrowed; null or "" asks for nothing but the address itself */
    int version;        /* 4, 6; 0: any */
};

/** The address of a number in its network, counted from the end when it is negative; false out of it. */
static struct value answer_index(const struct subject *subject, int64_t index)
{
    const struct ip_network *network = &subject->network;
    ip_bits distance = index < 0 ? (ip_bits)(-(index + 1)) : (ip_bits)index;
    if (!network->has_prefix)
        return value_copy(subject->text);
    if (distance > ip_host_mask(network->address.version, network->prefix))
        return value_bool(false);
    struct ip_address address = index < 0 ? ip_network_last(network) : ip_network_first(network);
    address.bits = index < 0 ? address.bits - distance : address.bits + distance;
    return subject_with_prefix(address, network->prefix);
}

/** The address itself, in its usual notation. */
static struct value answer_plain(const struct subject *subject)
{
    const struct ip_network *network = &subject->network;
    return network->has_prefix ? subject_with_prefix(network->address, network->prefix)
                               : subject_address(network->address);
}

/** A number asks for an address of a network, a network whether the subject is in it. */
static bool answer_other(const struct question *question, const struct subject *subject, struct value *result,
                         struct error *error)
{
    OWNED_ERROR unread = {0};
    struct ip_network outer;
    int64_t index;
    if (question->query.kind != VALUE_BOOL && subject_int("query", question->query, &index, &unread)) {
        *result = answer_index(subject, index);
        return true;
    }
    if (subject_network(question->query, &outer)) {
        *result = ip_network_contains(&outer, &subject->network) ? value_copy(subject->text) : value_null();
        return true;
    }
    OWNED shown = value_str(question->query);
    error_set(error, ERROR_FILTER, "%s: unknown filter type: %s", question->filter, value_bytes(shown));
    query_suggest(question->query, error);
    return false;
}

static bool answer_one(const struct question *question, struct value value, struct value *result, struct error *error)
{
    CLEANUP(subject_done) struct subject subject = {0};
    query_function *query = query_find(question->query);
    if (!subject_read(value, question->version, &subject)) {
        *result = value_bool(false);
        return true;
    }
    if (query)
        return query(&subject, result, error);
    if (value_is_null(question->query) || value_equals_string(question->query, "")) {
        *result = answer_plain(&subject);
        return true;
    }
    return answer_other(question, &subject, result, error);
}

/** Answers for each item of a list, without those that say nothing. */
static bool answer_list(const struct question *question, const struct list *list, struct value *result,
                        struct error *error)
{
    OWNED out = value_list_new();
    for (size_t i = 0; i < list->count; i++) {
        OWNED one = value_null();
        struct value item = list->items[i];
        if (!(value_is_sequence(item) ? answer_list(question, item.as.list, &one, error)
                                      : answer_one(question, item, &one, error)))
            return false;
        if (value_truth(one))
            list_push_take(out.as.list, value_steal(&one));
    }
    *result = value_steal(&out);
    return true;
}

static bool is_readable(const char *filter, struct value value, bool takes_numbers, struct error *error)
{
    if (value_is_sequence(value) || value_is_string(value) || value.kind == VALUE_BOOL ||
        (takes_numbers && value_is_integer(value)))
        return true;
    return error_set(error, ERROR_TYPE, "Unrecognized type <<class '%s'>> for %s filter <value>",
                     value_type_name(value), filter);
}

static bool answer(const struct question *question, struct value value, struct value *result, struct error *error)
{
    if (!is_readable(question->filter, value, true, error))
        return false;
    return value_is_sequence(value) ? answer_list(question, value.as.list, result, error)
                                    : answer_one(question, value, result, error);
}

static bool filter_ipaddr(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    int64_t version = 0;
    (void)evaluation;
    if (value_truth(arguments[2]) && !subject_int("version", arguments[2], &version, error))
        return false;
    return answer(&(struct question){"ipaddr", arguments[1], (int)version}, arguments[0], result, error);
}

static bool filter_ipv4(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    return answer(&(struct question){"ipv4", arguments[1], 4}, arguments[0], result, error);
}

static bool filter_ipv6(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    return answer(&(struct question){"ipv6", arguments[1], 6}, arguments[0], result, error);
}

/** An IPv6 address in brackets, anything else as it is. */
static bool wrap_one(struct value value, struct value *result, struct error *error)
{
    OWNED query = value_string("wrap");
    if (answer_one(&(struct question){"ipwrap", query, 6}, value, result, error) && value_truth(*result))
        return true;
    *result = value_copy(value);
    return true;
}

static bool filter_ipwrap(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    if (!is_readable("ipwrap", arguments[0], false, error))
        return false;
    if (!value_is_sequence(arguments[0]))
        return wrap_one(arguments[0], result, error);
    OWNED out = value_list_new();
    for (size_t i = 0; i < arguments[0].as.list->count; i++) {
        struct value one;
        if (!wrap_one(arguments[0].as.list->items[i], &one, error))
            return false;
        list_push_take(out.as.list, one);
    }
    *result = value_steal(&out);
    return true;
}

static const struct function rows[] = {
    {"ipaddr", "value, query='', version=False, alias='ipaddr'", filter_ipaddr, 0,
     "An address or network, or what a query asks of it (address, network, netmask, prefix, host, an index ...); false "
     "when it is none."},
    {"ipv4", "value, query=''", filter_ipv4, 0, "ipaddr for addresses of IPv4 alone."},
    {"ipv6", "value, query=''", filter_ipv6, 0, "ipaddr for addresses of IPv6 alone."},
    {"ipwrap", "value, query=''", filter_ipwrap, 0, "IPv6 addresses in brackets, anything else as it is."},
};

const struct function_table filters_address = {FUNCTION_FILTER, "ansible.utils", rows, COUNT_OF(rows)};
const struct function_table filters_address_netcommon = {FUNCTION_FILTER, "ansible.netcommon", rows, COUNT_OF(rows)};
