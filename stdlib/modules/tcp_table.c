/* TCP connections: see tcp_table.h.  The format is that of Linux (proc(5)). */
#include "stdlib/modules/tcp_table.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/os/file.h"

/** By number, as the kernel counts them. */
static const char *const state_names[] = {
    "",          "ESTABLISHED", "SYN_SENT",   "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",
    "TIME_WAIT", "CLOSE",       "CLOSE_WAIT", "LAST_ACK", "LISTEN",    "CLOSING",
};

unsigned tcp_state_find(const char *name)
{
    for (unsigned i = 1; i < COUNT_OF(state_names); i++)
        if (strcmp(state_names[i], name) == 0)
            return i;
    return 0;
}

/** Reads an address as the kernel shows it (words in the machine's order) and writes it as text, IPv4 in IPv6 as IPv4. */
static void read_address(const char *hex, char text[INET6_ADDRSTRLEN])
{
    uint32_t words[4] = {0};
    size_t count = strspn(hex, "0123456789ABCDEFabcdef") / 8;
    for (size_t i = 0; i < count && i < COUNT_OF(words); i++) {
        char word[9] = {0};
        memcpy(word, hex + i * 8, 8);
        words[i] = (uint32_t)strtoul(word, NULL, 16);
    }
    bool is_mapped = count == 4 && words[0] == 0 && words[1] == 0 && words[2] == htonl(0xffff);
    if (count == 4 && !is_mapped)
        inet_ntop(AF_INET6, words, text, INET6_ADDRSTRLEN);
    else
        inet_ntop(AF_INET, is_mapped ? &words[3] : &words[0], text, INET6_ADDRSTRLEN);
}

static bool is_any(const char *address)
{
    return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
}

static bool is_excluded(const struct list *excluded, const char *peer)
{
    for (size_t i = 0; excluded && i < excluded->count; i++)
        if (value_equals_string(excluded->items[i], peer))
            return true;
    return false;
}

/** Counts one line of the table: "  0: 0100007F:0016 00000000:0000 0A ...". */
static bool line_counts(const char *line, const char *host, int port, unsigned states, const struct list *excluded)
{
    char local_hex[33], peer_hex[33], local[INET6_ADDRSTRLEN], peer[INET6_ADDRSTRLEN];
    unsigned local_port, peer_port, state;
    if (sscanf(line, " %*d: %32[0-9A-Fa-f]:%x %32[0-9A-Fa-f]:%x %x", local_hex, &local_port, peer_hex, &peer_port,
               &state) != 5)
        return false;
    if ((int)local_port != port || state >= 32 || !(states & 1u << state))
        return false;
    read_address(local_hex, local);
    read_address(peer_hex, peer);
    return (is_any(host) || is_any(local) || strcmp(host, local) == 0) && !is_excluded(excluded, peer);
}

unsigned tcp_table_count(const char *host, int port, unsigned states, const struct list *excluded)
{
    static const char *const files[] = {"/proc/net/tcp", "/proc/net/tcp6"};
    unsigned count = 0;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        char *bytes;
        size_t length;
        OWNED_ERROR error = {0};
        if (!file_read(files[i], &bytes, &length, &error))
            continue;
        for (const char *line = bytes; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
            count += line_counts(line, host, port, states, excluded);
        free(bytes);
    }
    return count;
}
