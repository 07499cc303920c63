/*
 * hostvars: the variables of every host, as an object that looks no further than it is asked.
 * hostvars['h'] is an object too, whose variables are evaluated in that host's own scope, without the play's.
 */
#ifndef PLAYLET_EVAL_PLAY_HOSTVARS_H
#define PLAYLET_EVAL_PLAY_HOSTVARS_H

#include "eval/play/run.h"

/** The object `hostvars`. */
struct value hostvars_new(struct run *run) NODISCARD;

/** The variables of one host. */
struct value hostvars_host(struct run *run, struct host *host) NODISCARD;

#endif
