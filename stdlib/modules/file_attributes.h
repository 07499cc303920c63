/*
 * Owner, group and mode of a file: the options that all modules share which leave files behind, and what is done with them.
 */
#ifndef PLAYLET_STDLIB_MODULES_FILE_ATTRIBUTES_H
#define PLAYLET_STDLIB_MODULES_FILE_ATTRIBUTES_H

#include "eval/plugin.h"

/** Rows for a module's options. */
#define FILE_ATTRIBUTE_OPTIONS                                                                                         \
    {.name = "mode", .type = OPTION_RAW, .documentation = "Permissions: \"0644\" or \"u=rw,go=r\""},                   \
        {.name = "owner", .type = OPTION_STRING, .documentation = "The user it belongs to"},                           \
        {.name = "group", .type = OPTION_STRING, .documentation = "The group it belongs to"},                          \
    {                                                                                                                  \
        .name = "unsafe_writes", .type = OPTION_BOOL, .fallback = "false",                                             \
        .documentation = "Nothing: writes are always whole"                                                            \
    }

/** What a change of attributes was from and to, for diffs: keys mode, owner, group; either may be NULL. */
struct file_attribute_diff {
    struct dict *before, *after;
};

/**
 * Gives `path` the owner, group and mode of the call's arguments (in check mode only compares).  Sets *changed when something was or
 * would be different.  A link that is not followed keeps its mode.
 */
bool file_attributes_apply(const struct module_call *call, const char *path, bool follow,
                           struct file_attribute_diff diff, bool *changed, struct error *error);

#endif
