#include "stdlib/filters/address/subject.h"

#include <string.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/repr.h"

void subject_done(struct subject *subject)
{
    value_drop(subject->text);
}

struct value subject_address(struct ip_address address)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    ip_address_append(&out, address);
    return value_string_take(text_buffer_take(&out));
}

struct value subject_with_prefix(struct ip_address address, int prefix)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    ip_address_append(&out, address);
    text_buffer_append_format(&out, "/%d", prefix);
    return value_string_take(text_buffer_take(&out));
}

/** A number as an address; 0 is none. */
static bool read_number(struct value number, int version, struct subject *subject)
{
    ip_bits bits;
    if (!ip_bits_read(number, &bits) || bits == 0 || (version == 4 && bits > UINT32_MAX))
        return false;
    int read = version != 0 ? version : bits <= UINT32_MAX ? 4 : 6;
    subject->network = (struct ip_network){{read, bits}, ip_width(read), false};
    subject->text = subject_with_prefix(subject->network.address, subject->network.prefix);
    return true;
}

bool subject_read(struct value value, int version, struct subject *subject)
{
    struct value number;
    if (value_is_integer(value))
        return read_number(value, version, subject);
    if (!value_is_string(value))
        return false;
    const char *bytes = value_bytes(value);
    if (bytes[strspn(bytes, "0123456789")] == '\0' && value_parse_int(bytes, value.as.text->length, 10, &number)) {
        OWNED owner = number;
        return read_number(owner, version, subject);
    }
    if (!ip_network_parse(bytes, value.as.text->length, IP_LENIENT, &subject->network) ||
        (version != 0 && subject->network.address.version != version))
        return false;
    subject->text = value_copy(value);
    return true;
}

bool subject_network(struct value value, struct ip_network *network)
{
    CLEANUP(subject_done) struct subject subject = {0};
    if (!subject_read(value, 0, &subject))
        return false;
    *network = subject.network;
    return true;
}

bool subject_is_host(const struct ip_network *network)
{
    return ip_network_is_single(network) || network->address.bits != ip_network_first(network).bits;
}

/** Are the first and the last address for hosts too? */
static bool is_point_to_point(const struct ip_network *network)
{
    return network->prefix >= ip_width(network->address.version) - 1;
}

struct ip_address subject_first_usable(const struct ip_network *network)
{
    struct ip_address first = ip_network_first(network);
    first.bits += !is_point_to_point(network);
    return first;
}

struct ip_address subject_last_usable(const struct ip_network *network)
{
    struct ip_address last = ip_network_last(network);
    last.bits -= !is_point_to_point(network);
    return last;
}

bool subject_int(const char *name, struct value argument, int64_t *result, struct error *error)
{
    struct value number;
    if (value_to_int64(argument, result))
        return true;
    if (value_is_string(argument) && value_parse_int(value_bytes(argument), argument.as.text->length, 10, &number)) {
        OWNED owner = number;
        if (value_to_int64(owner, result))
            return true;
    }
    OWNED shown = value_repr(argument);
    OWNED message = value_string_format(
        "argument '%s' is of type %s and we were unable to convert to int: \"%s\" cannot be converted to an int", name,
        value_type_name(argument), value_bytes(shown));
    OWNED quoted = value_repr(message);
    return error_set(error, ERROR_TYPE, "[%s]", value_bytes(quoted));
}
