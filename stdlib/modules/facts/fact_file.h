/*
 * Small files of the system, as facts are read from them: /proc, /sys, /etc.  What cannot be read counts as not there.
 */
#ifndef PLAYLET_STDLIB_MODULES_FACTS_FACT_FILE_H
#define PLAYLET_STDLIB_MODULES_FACTS_FACT_FILE_H

#include "runtime/value/dict.h"

/** The content without white space at its ends; null where there is none. */
struct value fact_file(const char *path) NODISCARD;

/** The same of a file in a folder. */
struct value fact_file_in(const char *folder, const char *name) NODISCARD;

/** The content as a number; `fallback` where there is none. */
int64_t fact_file_number(const char *folder, const char *name, int64_t fallback);

/** Does the content hold this text? */
bool fact_file_has(const char *path, const char *text);

/** The lines of a file, one after the other, without their newlines:  struct fact_lines lines = fact_lines_open(path). */
struct fact_lines {
    char *bytes; /* NULL: no file */
    char *next;
};
struct fact_lines fact_lines_open(const char *path) NODISCARD;
/** NULL at the end; may be written to; borrowed until done. */
char *fact_lines_next(struct fact_lines *lines);
void fact_lines_done(struct fact_lines *lines);
#define OWNED_LINES CLEANUP(fact_lines_done) struct fact_lines

/** A copy of NAME=value lines as a dict of strings, quotes around values taken off (os-release, lsb-release). */
struct dict *fact_assignments(const char *path) NODISCARD;

/** White space at the ends cut off, in place. */
char *fact_trim(char *text);

#endif
