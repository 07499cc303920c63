/* What an inventory is made of: shared by inventory.c and inventory_select.c, and by nobody else. */
#ifndef PLAYLET_EVAL_PLAY_INVENTORY_STATE_H
#define PLAYLET_EVAL_PLAY_INVENTORY_STATE_H

#include "eval/play/inventory.h"

struct inventory {
    struct host **hosts;                /* in the order of the sources */
    size_t host_count, host_capacity;
    struct group **groups;
    size_t group_count;
    struct dict *host_index;            /* name -> position in hosts */
    struct dict *group_index;
    struct group *all, *ungrouped;
    char **directories;                 /* where the sources stand, each once */
    size_t directory_count;
    struct list *sources;               /* as given, absolute where they are paths */
    const char *source;                 /* the file being read; NULL: none */
    const struct vault_keyring *keyring; /* borrowed, or NULL */
    struct host *implicit_localhost;    /* made when it is asked for; NULL until then */
};

#endif
