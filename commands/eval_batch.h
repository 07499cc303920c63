/*
 * `playlet eval --jsonl`: many templates through one process, a line in and a line out.
 *
 *     {"id": ..., "vars": {...}, "template": ..., "mode": "template" or "conditional"}
 *     {"id": ..., "value": ...}  or  {"id": ..., "error": ..., "kind": ..., "at": "line:column", "help": ...}
 *
 * Every string of `vars` and the template are trusted, but for {"__ansible_unsafe": "text"}.  Values that JSON lacks are objects with one
 * key: __float__, __dict__ (pairs), __datetime__, __date__.
 */
#ifndef PLAYLET_COMMANDS_EVAL_BATCH_H
#define PLAYLET_COMMANDS_EVAL_BATCH_H

#include "eval/expression/engine.h"

/** Answers each line of standard input until it ends.  Returns the exit status. */
int eval_batch(struct engine *engine);

#endif
