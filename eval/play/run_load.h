/*
 * Loading of playbooks: files to plays with everything static in place, before anything runs.
 */
#ifndef PLAYLET_EVAL_PLAY_RUN_LOAD_H
#define PLAYLET_EVAL_PLAY_RUN_LOAD_H

#include "eval/play/play.h"

/** One playbook of the command line: the plays of its file and of those that it imports, in order. */
struct loaded_playbook {
    const char *path;               /* as given; borrowed */
    struct play_state **plays;
    size_t count, capacity;
};

/** Loads all; false: nothing may run.  Either way playbooks_done follows. */
bool playbooks_load(struct run *run, char *const *paths, size_t count, struct loaded_playbook **playbooks,
                    struct error *error);
void playbooks_done(struct loaded_playbook *playbooks, size_t count);

/** Makes the play's folder the run's. */
void run_enter_directory(struct run *run, const char *playbook_path);

#endif
