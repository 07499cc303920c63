/* wait_for: files, ports, texts and times; what it says when they do not come. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stdlib/modules/modules.h"
#include "tests/check.h"
#include "tests/module_run.h"

/** Runs it on the virtual clock. */
static struct value wait_for(const char *arguments)
{
    return module_run(&(struct module_run){.module = &module_wait_for, .arguments = arguments, .is_virtual = true});
}

/** The message of a failure after `elapsed` seconds. */
static void check_failure(const char *arguments, int64_t elapsed, const char *message)
{
    OWNED result = wait_for(arguments);
    CHECK(dict_get_truth(result.as.dict, "failed", false));
    CHECK_INT(dict_get_int(result.as.dict, "elapsed", -1), elapsed);
    CHECK_STRING(dict_get_bytes(result.as.dict, "msg", ""), message);
}

static void check_success(const char *arguments, int64_t elapsed, const char *state)
{
    OWNED result = wait_for(arguments);
    CHECK_STRING(dict_get_bytes(result.as.dict, "msg", "(none)"), "(none)");
    CHECK_INT(dict_get_int(result.as.dict, "elapsed", -1), elapsed);
    CHECK_STRING(dict_get_bytes(result.as.dict, "state", ""), state);
}

TEST(wait_for_times_and_files)
{
    check_success("{timeout: 90}", 90, "started");
    check_success("{path: /etc/passwd}", 0, "file");
    check_success("{path: /etc, delay: 3}", 3, "directory");
    check_success("{path: /nosuch, state: absent}", 0, "absent");
    check_failure("{path: /nosuch, timeout: 30, sleep: 7}", 35, "Timeout when waiting for file /nosuch");
    check_failure("{path: /nosuch, timeout: 30, msg: mine}", 30, "mine");
    check_failure("{path: /etc/passwd, delay: 2, timeout: 1}", 2, "Timeout when waiting for file /etc/passwd");
    check_failure("{path: /etc, state: absent, timeout: 5}", 5, "Timeout when waiting for /etc to be absent.");
}

TEST(wait_for_gives_the_groups_of_a_text)
{
    OWNED result = wait_for("{path: /etc/passwd, search_regex: '^r(o+)t:(?P<x>.)'}");
    const struct value *groups = dict_find_string(result.as.dict, "match_groups");
    const struct value *named = dict_find_string(result.as.dict, "match_groupdict");
    CHECK(groups && groups->as.list->count == 2 && named);
    CHECK_STRING(value_bytes(groups->as.list->items[0]), "oo");
    CHECK_STRING(dict_get_bytes(named->as.dict, "x", ""), "x");
    check_failure("{path: /etc/passwd, search_regex: no such text, timeout: 3}", 3,
                  "Timeout when waiting for search string no such text in /etc/passwd");
}

/** A socket that listens on a free port of loopback; *port is its number. */
static int listen_somewhere(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(descriptor, (struct sockaddr *)&address, length) < 0 || listen(descriptor, 1) < 0 ||
        getsockname(descriptor, (struct sockaddr *)&address, &length) < 0)
        bug("no port");
    *port = ntohs(address.sin_port);
    return descriptor;
}

TEST(wait_for_ports)
{
    int port;
    char arguments[128];
    int listening = listen_somewhere(&port);
    snprintf(arguments, sizeof arguments, "{port: %d}", port);
    check_success(arguments, 0, "started");
    snprintf(arguments, sizeof arguments, "{port: %d, host: localhost}", port);
    check_success(arguments, 0, "started");
    close(listening);
    snprintf(arguments, sizeof arguments, "{port: %d, state: stopped}", port);
    check_success(arguments, 0, "stopped");
    snprintf(arguments, sizeof arguments, "{port: %d, timeout: 4}", port);
    char message[64];
    snprintf(message, sizeof message, "Timeout when waiting for 127.0.0.1:%d", port);
    check_failure(arguments, 4, message);
}

TEST(wait_for_says_which_arguments_do_not_fit)
{
    check_failure("{port: 1, path: /x}", 0, "port and path parameter can not both be passed to wait_for");
    check_failure("{path: /x, state: stopped}", 0,
                  "state=stopped should only be used for checking a port in the wait_for module");
    check_failure("{port: 1, exclude_hosts: [a]}", 0, "exclude_hosts should only be with state=drained");
    check_failure("{port: 1, active_connection_states: [X]}", 0, "unknown active_connection_state (X) defined");
}
