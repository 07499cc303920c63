/*
 * CSV as Python's csv module reads it: rows of fields, a field in quotes when it holds delimiters or line breaks.
 */
#ifndef PLAYLET_STDLIB_CSV_H
#define PLAYLET_STDLIB_CSV_H

#include "runtime/value/list.h"

struct csv {
    const char *at; /* borrowed text, up to `end` */
    const char *end;
    char delimiter;
    bool skips_spaces; /* behind a delimiter */
    bool is_strict;    /* text behind a quoted field, and quotes that do not end, are errors */
};

/** The fields of one row, *row NULL at the end.  A blank line is a row without fields. */
bool csv_read_row(struct csv *csv, struct list **row, struct error *error);

#endif
