/*
 * The hosts of a play: their order, and their batches.
 */
#ifndef PLAYLET_EVAL_PLAY_PLAY_HOSTS_H
#define PLAYLET_EVAL_PLAY_PLAY_HOSTS_H

#include "eval/play/play.h"

/** Puts the play's hosts into the order that `order` asks for. */
bool play_order_hosts(struct play_state *play, struct error *error);

/** The sizes of the batches, after `serial`: they add up to the number of hosts. The array is the caller's. */
bool play_batches(struct play_state *play, size_t **sizes, size_t *count, struct error *error);

#endif
