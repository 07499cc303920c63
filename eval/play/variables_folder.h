/*
 * Folders of variables: group_vars and host_vars beside the inventory's sources and beside the playbook.
 */
#ifndef PLAYLET_EVAL_PLAY_VARIABLES_FOLDER_H
#define PLAYLET_EVAL_PLAY_VARIABLES_FOLDER_H

#include "eval/play/run.h"

/** Reads, for every group and host there is, what stands in these folders (run->directory is the playbook's) into its
 *  folder_variables, in place of what was there.  Files are read once a run. */
bool variables_folders_load(struct run *run, struct error *error);

/** All files of a folder of variables, those of folders inside as well, in the order of their names: a new dict. */
struct dict *variables_folder_read(struct run *run, const char *path, struct error *error) NODISCARD;

#endif
