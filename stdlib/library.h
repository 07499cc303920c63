/*
 * The library as a whole: the one list of everything that a playbook can name.
 * A new table of filters, tests, lookups, globals, methods or modules gets its row in library.c.
 */
#ifndef PLAYLET_STDLIB_LIBRARY_H
#define PLAYLET_STDLIB_LIBRARY_H

#include "eval/plugin.h"

/** Constant. */
extern const struct library stdlib_library;

#endif
