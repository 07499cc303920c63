/*
 * Tests on addresses: uri, url, urn.  An address is divided as Python's urllib.parse does.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "runtime/value/compare.h"
#include "stdlib/tests/tests.h"

/** The parts that the tests ask about. */
struct address {
    struct text *text;    /* without the white space that counts for nothing; owned */
    struct value scheme;  /* lower case, perhaps empty; owned */
    const char *location; /* host and port, within `text` */
    size_t location_length;
};

static void address_done(struct address *address)
{
    text_drop(address->text);
    value_drop(address->scheme);
}

/** Without control characters and spaces at its start, and tabs and line breaks anywhere. */
static struct text *clean(const struct text *text)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const char *cursor = text->bytes, *end = cursor + text->length;
    while (cursor < end && (unsigned char)*cursor <= ' ')
        cursor++;
    for (; cursor < end; cursor++)
        if (!strchr("\t\r\n", *cursor) || *cursor == '\0')
            text_buffer_append_char(&out, *cursor);
    return text_buffer_take(&out);
}

/** The length of the scheme before its colon, or 0. */
static size_t scheme_length(const char *bytes)
{
    if (!isalpha((unsigned char)bytes[0]))
        return 0;
    size_t length = 0;
    while (isalnum((unsigned char)bytes[length]) || (bytes[length] && strchr("+-.", bytes[length])))
        length++;
    return bytes[length] == ':' ? length : 0;
}

/** "v1.x": a future form of address (RFC 3986, 3.2.2). */
static bool is_future_address(const char *host)
{
    if (host[0] != 'v' && host[0] != 'V')
        return false;
    size_t digits = strspn(host + 1, "0123456789abcdefABCDEF");
    return digits > 0 && host[1 + digits] == '.' && host[2 + digits] != '\0';
}

/** What stands in brackets must be an IPv6 address, perhaps with a zone. */
static bool is_bracketed_host(const char *bytes, size_t length)
{
    CLEANUP(memory_cleanup) char *host = memory_copy_string(bytes, length);
    char *zone = strchr(host, '%');
    if (zone) {
        if (zone[1] == '\0' || strchr(zone + 1, '%'))
            return false;
        *zone = '\0';
    }
    struct in6_addr parsed;
    return is_future_address(host) || inet_pton(AF_INET6, host, &parsed) == 1;
}

static bool is_location(const char *bytes, size_t length)
{
    const char *open = memchr(bytes, '[', length), *close = memchr(bytes, ']', length);
    if (!open && !close)
        return true;
    if (!open || !close)
        return false;
    const char *end = bytes + length, *inside = open + 1;
    close = memchr(inside, ']', (size_t)(end - inside));
    return is_bracketed_host(inside, close ? (size_t)(close - inside) : (size_t)(end - inside));
}

/** Divides the address; false for one that Python refuses. */
static bool address_init(struct address *address, const struct text *text)
{
    *address = (struct address){.text = clean(text)};
    const char *bytes = address->text->bytes;
    size_t length = scheme_length(bytes);
    OWNED scheme = value_string_length(bytes, length);
    address->scheme = value_string_take(text_lower(scheme.as.text));
    const char *rest = length ? bytes + length + 1 : bytes;
    if (strncmp(rest, "//", 2) == 0) {
        address->location = rest + 2;
        address->location_length = strcspn(address->location, "/?#");
    }
    return is_location(address->location ? address->location : "", address->location_length);
}

/** Is it an address, with one of the schemes if there are any?  What cannot be asked is none. */
static bool is_uri(struct address *address, struct value value, struct value schemes)
{
    OWNED empty = value_string("");
    if (!value_truth(value))
        value = empty;
    *address = (struct address){0};
    if (!value_is_string(value) || !address_init(address, value.as.text))
        return false;
    if (!value_truth(schemes))
        return true;
    OWNED_ERROR ignored = {0};
    bool is_allowed;
    return value_contains(schemes, address->scheme, &is_allowed, &ignored) && is_allowed;
}

static bool test_uri(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                     struct error *error)
{
    (void)evaluation, (void)error;
    CLEANUP(address_done) struct address address;
    return test_answer(result, is_uri(&address, arguments[0], arguments[1]));
}

static bool test_url(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                     struct error *error)
{
    (void)evaluation, (void)error;
    CLEANUP(address_done) struct address address;
    bool is_address = is_uri(&address, arguments[0], arguments[1]);
    return test_answer(result,
                       is_address && (address.location_length > 0 || value_equals_string(address.scheme, "file")));
}

static bool test_urn(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                     struct error *error)
{
    (void)evaluation, (void)error;
    CLEANUP(address_done) struct address address;
    bool is_address = is_uri(&address, arguments[0], value_null());
    return test_answer(result, is_address && value_equals_string(address.scheme, "urn"));
}

static const struct function rows[] = {
    {"uri", "value, schemes=None", test_uri, 0, "Is it an address (a URI), of one of these schemes?"},
    {"url", "value, schemes=None", test_url, 0, "Is it an address with a host, or of a file, of one of these schemes?"},
    {"urn", "value", test_urn, 0, "Is it a name, urn:...?"},
};

const struct function_table tests_uri = {FUNCTION_TEST, "ansible.builtin", rows, COUNT_OF(rows)};
