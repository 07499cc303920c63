/*
 * Cursors: where a host stands in a play, as frames on the heap.
 *
 * A frame is a list of tasks that is under way and the index in it; below it stand the lists around it.  Blocks go through
 * their sections (block, rescue, always); an include task has a frame with its instances, each of which opens its file's list;
 * a flush has a frame with the play's handlers.  A task that opened a frame stays the current one of the frame below until that
 * frame is closed.  Nothing here evaluates: which tasks are wanted is told by a filter.
 */
#ifndef PLAYLET_EVAL_PLAY_CURSOR_H
#define PLAYLET_EVAL_PLAY_CURSOR_H

#include "eval/play/include.h"

enum section {
    SECTION_LIST,       /* a play's, an import's or an included file's tasks */
    SECTION_BLOCK,
    SECTION_RESCUE,
    SECTION_ALWAYS,
    SECTION_INCLUDES,   /* the instances of an include task, one after the other */
    SECTION_HANDLERS,
};

struct frame {
    enum section section;
    bool has_failed;                    /* the block: after `always` the failure goes on outwards */
    bool is_handler;                    /* its tasks run as handlers */
    const struct task *owner;           /* the block, import or include task; NULL: the play, a file, handlers */
    const struct task_list *list;       /* borrowed; NULL: INCLUDES */
    struct include **includes;          /* INCLUDES: owned, with their references */
    uint32_t index, count;
    struct include *include;            /* where the tasks of `list` run; borrowed from the INCLUDES frame below, or NULL */
};

struct cursor {
    struct frame *frames;               /* outermost first */
    uint32_t count, capacity;
};

/** Which tasks a host wants: by tags, by notification for handlers (`handler`: the index in a HANDLERS frame, else -1). */
struct cursor_filter {
    bool (*wants)(void *context, struct task_instance instance, int64_t handler);
    void *context;
};

/** At the start of `list`, which is borrowed for the cursor's life. */
void cursor_init(struct cursor *cursor, const struct task_list *list);
void cursor_done(struct cursor *cursor);

/** Goes on to the next wanted action if it does not stand on one; false: the list is at its end, or the failure of a block
 *  without rescue has left the play (`*failed`). */
bool cursor_settle(struct cursor *cursor, const struct cursor_filter *filter, bool *failed);

/** The action that a settled cursor stands on. */
struct task_instance cursor_task(const struct cursor *cursor);
bool cursor_is_handler(const struct cursor *cursor);
/** The index of the handler that it stands on itself (not on a task included by one), or -1. */
int64_t cursor_handler(const struct cursor *cursor);

/** Past the present action. */
void cursor_advance(struct cursor *cursor);

/** Into the instances that the present include task made (the array is taken, with its references). */
void cursor_enter_includes_take(struct cursor *cursor, struct include **includes, size_t count);
/** Into the handlers; the present task is the flush. */
void cursor_enter_handlers(struct cursor *cursor, const struct task_list *handlers);

enum failure_way {
    FAILURE_RESCUED,    /* it stands in a rescue section now */
    FAILURE_ALWAYS,     /* in an always section; the failure goes on after that */
    FAILURE_OUT,        /* nothing is left to run */
};

/** The present task failed. */
enum failure_way cursor_fail(struct cursor *cursor, const struct cursor_filter *filter);

/** Would a failure of the present task, or one that follows from it, come to a rescue section? */
bool cursor_is_rescuable(const struct cursor *cursor, const struct cursor_filter *filter);

/** Closes every frame: the host has nothing left to do. */
void cursor_end(struct cursor *cursor);

/** Past the tasks of the innermost frame that is of this role (end_role); false: there is none. */
bool cursor_leave_role(struct cursor *cursor, const struct role *role);

/** Past the tasks of the section of the innermost block (end_block); false: there is none. */
bool cursor_leave_block(struct cursor *cursor);

/** Document order of two settled cursors: negative, 0 (the same task instance), positive. */
int cursor_compare(const struct cursor *left, const struct cursor *right);

#endif
