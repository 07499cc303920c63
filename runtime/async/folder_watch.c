/* Watching a folder: see folder_watch.h. */
#include "runtime/async/folder_watch.h"

#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { READ_SIZE = 16 * 1024 };

struct folder_watch {
    int descriptor;
    struct watch *watch;
    void (*changed)(void *owner, const char *name);
    void *owner;
};

static void ready(void *owner, int events)
{
    struct folder_watch *watch = owner;
    char bytes[READ_SIZE] __attribute__((aligned(__alignof__(struct inotify_event))));
    (void)events;
    ssize_t length = read(watch->descriptor, bytes, sizeof bytes);
    for (ssize_t at = 0; at < length;) {
        const struct inotify_event *event = (const struct inotify_event *)(bytes + at);
        at += (ssize_t)(sizeof *event + event->len);
        watch->changed(watch->owner, event->mask & IN_Q_OVERFLOW || event->len == 0 ? NULL : event->name);
    }
}

struct folder_watch *folder_watch_new(struct loop *loop, const char *path,
                                      void (*changed)(void *owner, const char *name), void *owner)
{
    int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (descriptor < 0)
        return NULL;
    if (inotify_add_watch(descriptor, path, IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE) < 0) {
        close(descriptor);
        return NULL;
    }
    struct folder_watch *watch = memory_new(sizeof *watch);
    *watch = (struct folder_watch){.descriptor = descriptor, .changed = changed, .owner = owner};
    watch->watch = watch_new(loop, descriptor, WATCH_READ, false, ready, watch);
    return watch;
}

void folder_watch_free(struct folder_watch *watch)
{
    if (!watch)
        return;
    watch_free(watch->watch);
    close(watch->descriptor);
    free(watch);
}
