/* Routes: see route.h. */
#include "stdlib/modules/facts/route.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/** A question for one route. */
struct question {
    struct nlmsghdr header;
    struct rtmsg route;
    struct rtattr attribute;
    unsigned char address[sizeof(struct in6_addr)];
};

/** Sends the question and waits for the kernel's answer, which comes at once; its length, or negative. */
static ssize_t ask(const struct question *question, void *answer, size_t size)
{
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (descriptor < 0)
        return -1;
    ssize_t length = send(descriptor, question, question->header.nlmsg_len, 0);
    if (length >= 0)
        length = recv(descriptor, answer, size, 0);
    close(descriptor);
    return length;
}

static void read_attribute(int family, const struct rtattr *attribute, struct route *route)
{
    const void *data = RTA_DATA(attribute);
    unsigned number;
    if (attribute->rta_type == RTA_GATEWAY)
        inet_ntop(family, data, route->gateway, sizeof route->gateway);
    else if (attribute->rta_type == RTA_PREFSRC)
        inet_ntop(family, data, route->source, sizeof route->source);
    else if (attribute->rta_type == RTA_OIF) {
        memcpy(&number, data, sizeof number);
        if (!if_indextoname(number, route->interface))
            route->interface[0] = '\0';
    }
}

bool route_find(int family, const char *destination, struct route *route)
{
    size_t size = family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
    struct question question = {
        .header = {.nlmsg_len = (uint32_t)(offsetof(struct question, address) + size),
                   .nlmsg_type = RTM_GETROUTE,
                   .nlmsg_flags = NLM_F_REQUEST},
        .route = {.rtm_family = (unsigned char)family, .rtm_dst_len = (unsigned char)(size * 8)},
        .attribute = {.rta_len = (unsigned short)RTA_LENGTH(size), .rta_type = RTA_DST},
    };
    _Alignas(struct nlmsghdr) char answer[4096];
    *route = (struct route){0};
    if (inet_pton(family, destination, question.address) != 1)
        return false;
    ssize_t length = ask(&question, answer, sizeof answer);
    const struct nlmsghdr *header = (const void *)answer;
    if (length < 0 || !NLMSG_OK(header, (size_t)length) || header->nlmsg_type != RTM_NEWROUTE)
        return false;
    const struct rtmsg *message = NLMSG_DATA(header);
    size_t left = RTM_PAYLOAD(header);
    for (const struct rtattr *attribute = RTM_RTA(message); RTA_OK(attribute, left);
         attribute = RTA_NEXT(attribute, left))
        read_attribute(family, attribute, route);
    return route->interface[0] != '\0';
}
