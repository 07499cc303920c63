/*
 * The inventory: all hosts and groups of a run, and patterns over them.
 * `all` and `ungrouped` always exist.  A name "localhost" that no source has is added, implicit, when a pattern asks for it.
 */
#ifndef PLAYLET_EVAL_PLAY_INVENTORY_H
#define PLAYLET_EVAL_PLAY_INVENTORY_H

#include "eval/play/host.h"
#include "runtime/source/error.h"

struct inventory;

struct host_list {
    struct host **hosts;
    size_t count;
};

struct inventory *inventory_new(void) NODISCARD;
void inventory_free(struct inventory *inventory);

/** The passwords of encrypted sources and values, borrowed; NULL: none. */
void inventory_use_keyring(struct inventory *inventory, const struct vault_keyring *keyring);

/** Reads a source: "h1,h2," (a list), a file (INI or YAML), a folder of them.  Warnings go to `warn`. */
bool inventory_load(struct inventory *inventory, const char *source,
                    void (*warn)(void *context, const char *message), void *context, struct error *error);

/** Find or make. */
struct host *inventory_add_host(struct inventory *inventory, const char *name, size_t length);
struct group *inventory_add_group(struct inventory *inventory, const char *name, size_t length);
void inventory_join(struct group *group, struct host *host);
void inventory_nest(struct group *parent, struct group *child);

struct host *inventory_find_host(const struct inventory *inventory, const char *name);      /* NULL: none */
struct group *inventory_find_group(const struct inventory *inventory, const char *name);
/** localhost: from the inventory, or the implicit one (made now). */
struct host *inventory_localhost(struct inventory *inventory);

/** The hosts of a pattern ("web[1:3]:&prod:!db", regexes with ~), restricted by `limit` (NULL: none), in the inventory's order.
 *  Names that match nothing go to `warn`.  The list's array is the caller's. */
bool inventory_select(struct inventory *inventory, const char *pattern, const char *limit, struct host_list *hosts,
                      void (*warn)(void *context, const char *message), void *context, struct error *error);

/** The folders that sources were read from, borrowed: where group_vars and host_vars are looked for. */
size_t inventory_directories(const struct inventory *inventory, const char *const **directories);

/** What inventory_load was given, paths absolute: a list of strings. */
const struct list *inventory_sources(const struct inventory *inventory);

/** All hosts in order / all groups, borrowed. */
struct host_list inventory_hosts(const struct inventory *inventory);
size_t inventory_groups(const struct inventory *inventory, struct group *const **groups);

/** Groups of a host, direct and inherited, in the order in which their variables apply (depth, priority, name). The array is the caller's. */
size_t inventory_groups_of(const struct inventory *inventory, const struct host *host, struct group ***groups);

#endif
