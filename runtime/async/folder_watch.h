/*
 * A folder whose files are watched for being written anew or removed (inotify).  Only a way to look sooner: a network's file system
 * tells nothing of what others do, so whoever waits for a file must look from time to time all the same.
 */
#ifndef PLAYLET_RUNTIME_ASYNC_FOLDER_WATCH_H
#define PLAYLET_RUNTIME_ASYNC_FOLDER_WATCH_H

#include "runtime/async/loop.h"

struct folder_watch;

/** `changed` is called with the name of each file that was replaced, written to its end or removed; with NULL when some may have been
 *  missed.  Virtual time goes on meanwhile.  NULL: the folder cannot be watched. */
struct folder_watch *folder_watch_new(struct loop *loop, const char *path, void (*changed)(void *owner, const char *name),
                                      void *owner) NODISCARD;
void folder_watch_free(struct folder_watch *watch); /* NULL is allowed; not inside `changed` */

#endif
