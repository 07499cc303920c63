/*
 * Retry files: which hosts a playbook lost, for `--limit @FILE`.
 */
#ifndef PLAYLET_EVAL_PLAY_RETRY_FILE_H
#define PLAYLET_EVAL_PLAY_RETRY_FILE_H

#include "eval/play/run.h"

/** Writes PLAYBOOK.retry where the settings ask for it and a host failed, and says so; what cannot be written is a warning. */
void retry_file_write(struct run *run, const char *playbook_path);

#endif
