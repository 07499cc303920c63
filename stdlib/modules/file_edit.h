/*
 * Editing a text file of the host in place: read, changed in memory, checked by a program where that is wished, written whole, with
 * a copy of what was there.  What replace and blockinfile share.
 */
#ifndef PLAYLET_STDLIB_MODULES_FILE_EDIT_H
#define PLAYLET_STDLIB_MODULES_FILE_EDIT_H

#include <sys/stat.h>

#include "eval/plugin.h"
#include "stdlib/modules/file_attributes.h"

/** Rows for a module's options. */
#define FILE_EDIT_OPTIONS                                                                                              \
    {.name = "path",                                                                                                   \
     .type = OPTION_PATH,                                                                                              \
     .required = true,                                                                                                 \
     .aliases = "dest|destfile|name",                                                                                  \
     .documentation = "The file"},                                                                                     \
        {.name = "backup", .type = OPTION_BOOL, .fallback = "false", .documentation = "Keep the old file beside it"},  \
        {.name = "validate",                                                                                           \
         .type = OPTION_STRING,                                                                                        \
         .documentation = "A command that accepts the new file (%s) or not, before it is in its place"},               \
        {.name = "encoding",                                                                                           \
         .type = OPTION_STRING,                                                                                        \
         .fallback = "utf-8",                                                                                          \
         .documentation = "Nothing: bytes stay as they are"},                                                          \
        FILE_ATTRIBUTE_OPTIONS

/** A file being edited; the call's `state` while it is. */
struct file_edit {
    struct module_call *call;
    char *path; /* absolute, links followed */
    bool is_there;
    struct stat status; /* where it is */
    char *old;          /* NULL where it is not */
    size_t old_length;
    struct text_buffer new; /* the module's to fill */
    bool is_edited;
    struct value message;        /* what was done; "" nothing */
    struct dict *before, *after; /* attributes that were changed, from and to */
    /** Adds what the module alone reports; changed, msg and backup_file are there. */
    void (*report)(const struct file_edit *edit);
    struct process *process; /* that judges the new content */
    char *draft;             /* where it is meanwhile */
};

/** Reads the file.  NULL: it is a folder, or is not there though it has to be, and the call has ended. */
struct file_edit *file_edit_open(struct module_call *call, bool may_be_new);

/** Writes what has become of it, if `is_edited`, reports and ends the call, now or later; the edit is gone then. */
void file_edit_finish(struct file_edit *edit);

/** Ends the call with this error. */
void file_edit_fail(struct file_edit *edit, struct error *error);

/** For a module's `cancel`. */
void file_edit_cancel(struct module_call *call);

/** {before, after, before_header, after_header} of the content; texts are empty unless diffs are wished. */
struct value file_edit_diff(const struct file_edit *edit, const char *header_end) NODISCARD;

#endif
