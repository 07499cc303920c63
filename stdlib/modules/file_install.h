/*
 * Installing a file: content that gets its place on the host whole or not at all, with owner, group and mode.
 * What copy and template share.
 */
#ifndef PLAYLET_STDLIB_MODULES_FILE_INSTALL_H
#define PLAYLET_STDLIB_MODULES_FILE_INSTALL_H

#include <sys/types.h>

#include "eval/plugin.h"
#include "stdlib/modules/file_attributes.h"

/** Rows for a module's options. */
#define FILE_INSTALL_OPTIONS                                                                                                     \
    {.name = "force", .type = OPTION_BOOL, .fallback = "true", .documentation = "Replace a file that is there"},                 \
        {.name = "backup", .type = OPTION_BOOL, .fallback = "false", .documentation = "Keep the old file beside it"},            \
        {.name = "follow", .type = OPTION_BOOL, .fallback = "false", .documentation = "Follow a link that is there"},            \
        {.name = "directory_mode", .type = OPTION_RAW, .documentation = "Permissions of folders that are made"},                 \
        FILE_ATTRIBUTE_OPTIONS

struct file_install {
    const char *source;         /* for the result and the diff; NULL: none */
    const char *name;           /* in a destination that is a folder */
    const char *destination;    /* as written */
    const char *bytes;
    size_t length;
    mode_t source_mode;         /* for mode: preserve */
    const char *checksum;       /* that the content must have, or NULL */
    bool makes_folders;         /* above the destination */
};

/** Installs it and fills in the result (changed, dest, checksum, diff ...); in check mode only says what would change. */
bool file_install(struct module_call *call, const struct file_install *install, struct error *error);

#endif
