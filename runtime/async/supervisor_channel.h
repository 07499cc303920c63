/*
 * The channel between a run and the supervisor of its jobs: a socket pair, and values over it, one a message (its length,
 * then JSON).  The run writes, the supervisor reads; the answers are the jobs' status files.
 */
#ifndef PLAYLET_RUNTIME_ASYNC_SUPERVISOR_CHANNEL_H
#define PLAYLET_RUNTIME_ASYNC_SUPERVISOR_CHANNEL_H

#include <sys/types.h>

#include "runtime/value/text.h"
#include "runtime/value/value.h"

/** The hidden command that makes this program a supervisor, and its descriptor of the channel. */
#define SUPERVISOR_COMMAND "supervise"
enum { SUPERVISOR_DESCRIPTOR = 3 };

/** Starts this program again as a supervisor, in a session of its own.  The channel's end to write to, or -1; the process in *id. */
int supervisor_channel_open(pid_t *id, struct error *error);

/** Sends one value: ERROR_TYPE for one without a JSON form, ERROR_FILE when the other end is gone. */
bool supervisor_channel_send(int channel, struct value message, struct error *error);

/** The reading end: bytes that came, and messages taken from them. */
struct supervisor_reader {
    int channel;
    struct text_buffer bytes;
    size_t taken;               /* of `bytes` */
};

/** Reads what is there without waiting; false when the other end is closed. */
bool supervisor_reader_fill(struct supervisor_reader *reader);

/** Takes the next whole message; false when there is none (so far). */
bool supervisor_reader_next(struct supervisor_reader *reader, struct value *message);

void supervisor_reader_done(struct supervisor_reader *reader);

#endif
