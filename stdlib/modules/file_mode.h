/*
 * File modes as tasks write them: "0644", 420, "u=rwX,go-w".
 */
#ifndef PLAYLET_STDLIB_MODULES_FILE_MODE_H
#define PLAYLET_STDLIB_MODULES_FILE_MODE_H

#include <sys/types.h>

#include "runtime/value/value.h"

enum { FILE_MODE_BITS = 07777 };

/** The mode that a file of mode `present` (with its type) gets; false for what is no mode. */
bool file_mode_resolve(struct value wanted, mode_t present, mode_t *mode, struct error *error);

#endif
