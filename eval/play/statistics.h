/*
 * Statistics that playbooks keep with set_stats, for the whole run or for each host.
 */
#ifndef PLAYLET_EVAL_PLAY_STATISTICS_H
#define PLAYLET_EVAL_PLAY_STATISTICS_H

#include "runtime/value/dict.h"

/** The key of what holds for the whole run; others are names of hosts. */
#define STATISTICS_RUN "_run"

/** Takes in what a set_stats task said on a host: {data, per_host, aggregate}. */
void statistics_add(struct dict *statistics, const char *host, const struct dict *effect);

#endif
