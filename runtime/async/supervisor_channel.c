/* The channel to a supervisor: see supervisor_channel.h. */
#include "runtime/async/supervisor_channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/async/spawn.h"
#include "runtime/value/json.h"

enum { READ_SIZE = 64 * 1024 };

static const struct json_style MESSAGE_STYLE = {.indent = -1, .ascii = true, .compact = true};

int supervisor_channel_open(pid_t *id, struct error *error)
{
    int ends[2];
    int number = 0;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        spawn_error(error, errno, SUPERVISOR_COMMAND);
        return -1;
    }
    char *argv[] = {"playlet", SUPERVISOR_COMMAND, NULL};
    struct spawn_spec spec = {
        .program = "/proc/self/exe",
        .argv = argv,
        .descriptors = {SPAWN_NULL, SPAWN_NULL, SPAWN_NULL, ends[1]},
        .new_session = true,
    };
    *id = spawn_child(&spec, &number, error);
    close(ends[1]);
    if (*id > 0)
        return ends[0];
    close(ends[0]);
    return -1;
}

/** Writes it all; the supervisor reads at once whatever comes, so this waits for no more than its turn. */
static bool send_all(int channel, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(channel, bytes, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

bool supervisor_channel_send(int channel, struct value message, struct error *error)
{
    uint32_t length = 0;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    text_buffer_append(&out, (const char *)&length, sizeof length);
    if (!json_append(&out, message, &MESSAGE_STYLE, error))
        return false;
    length = (uint32_t)(out.length - sizeof length);
    memcpy(out.text->bytes, &length, sizeof length);
    if (send_all(channel, text_buffer_bytes(&out), out.length))
        return true;
    return error_set(error, ERROR_FILE, "The supervisor of asynchronous jobs is gone: %s", strerror(errno));
}

/** Forgets the bytes of messages that were taken. */
static void reader_compact(struct supervisor_reader *reader)
{
    if (reader->taken == 0)
        return;
    size_t left = reader->bytes.length - reader->taken;
    memmove(reader->bytes.text->bytes, reader->bytes.text->bytes + reader->taken, left);
    text_buffer_truncate(&reader->bytes, left);
    reader->taken = 0;
}

bool supervisor_reader_fill(struct supervisor_reader *reader)
{
    reader_compact(reader);
    for (;;) {
        char *place = text_buffer_reserve(&reader->bytes, READ_SIZE);
        ssize_t got = recv(reader->channel, place, READ_SIZE, MSG_DONTWAIT);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 && errno == EAGAIN;
        text_buffer_added(&reader->bytes, (size_t)got);
    }
}

bool supervisor_reader_next(struct supervisor_reader *reader, struct value *message)
{
    uint32_t length;
    OWNED_ERROR error = {0};
    size_t there = reader->bytes.length - reader->taken;
    if (there < sizeof length)
        return false;
    const char *start = text_buffer_bytes(&reader->bytes) + reader->taken;
    memcpy(&length, start, sizeof length);
    if (there - sizeof length < length)
        return false;
    reader->taken += sizeof length + length;
    if (!json_parse(start + sizeof length, length, message, &error))
        bug("a message to the supervisor is broken: %s", error.message);
    return true;
}

void supervisor_reader_done(struct supervisor_reader *reader)
{
    text_buffer_done(&reader->bytes);
    close(reader->channel);
}
