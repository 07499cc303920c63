#include "eval/play/cursor.h"

#include <stdlib.h>

static struct frame *cursor_top(const struct cursor *cursor)
{
    return &cursor->frames[cursor->count - 1];
}

static struct frame *cursor_push(struct cursor *cursor, struct frame frame)
{
    if (cursor->count == cursor->capacity) {
        cursor->capacity = (uint32_t)memory_grown(cursor->capacity);
        cursor->frames = memory_resize(cursor->frames, cursor->capacity, sizeof *cursor->frames);
    }
    cursor->frames[cursor->count] = frame;
    return &cursor->frames[cursor->count++];
}

static void cursor_pop(struct cursor *cursor)
{
    struct frame *frame = cursor_top(cursor);
    for (uint32_t i = 0; frame->includes && i < frame->count; i++)
        include_drop(frame->includes[i]);
    free(frame->includes);
    --cursor->count;
}

void cursor_init(struct cursor *cursor, const struct task_list *list)
{
    *cursor = (struct cursor){0};
    cursor_push(cursor, (struct frame){.list = list, .count = list->count});
}

void cursor_end(struct cursor *cursor)
{
    while (cursor->count > 0)
        cursor_pop(cursor);
}

void cursor_done(struct cursor *cursor)
{
    cursor_end(cursor);
    free(cursor->frames);
    *cursor = (struct cursor){0};
}

/** Opens a list of tasks that stands under the present task. */
static void cursor_open(struct cursor *cursor, enum section section, const struct task *owner,
                        const struct task_list *list)
{
    const struct frame *below = cursor_top(cursor);
    cursor_push(cursor, (struct frame){.section = section,
                                       .is_handler = below->is_handler,
                                       .owner = owner,
                                       .list = list,
                                       .count = list->count,
                                       .include = below->include});
}

/** Begins another section of the block on top. */
static void frame_turn(struct frame *frame, enum section section, const struct task_list *list)
{
    frame->section = section;
    frame->list = list;
    frame->index = 0;
    frame->count = list->count;
}

/** The top frame is at its end: the next section of a block, or the task after it.  False: its failure goes on. */
static bool cursor_close(struct cursor *cursor)
{
    struct frame *frame = cursor_top(cursor);
    if (frame->section == SECTION_BLOCK || frame->section == SECTION_RESCUE) {
        frame_turn(frame, SECTION_ALWAYS, &frame->owner->always);
        return true;
    }
    bool failed = frame->has_failed;
    cursor_pop(cursor);
    if (!failed && cursor->count > 0)
        ++cursor_top(cursor)->index;
    return !failed;
}

/** Opens the file of the next include instance. */
static void cursor_open_include(struct cursor *cursor)
{
    const struct frame *frame = cursor_top(cursor);
    struct include *include = frame->includes[frame->index];
    cursor_push(cursor, (struct frame){.is_handler = frame->is_handler,
                                       .list = include->tasks,
                                       .count = include->tasks->count,
                                       .include = include});
}

/** A task of the top frame: true when it is an action that is wanted; else it is entered or passed by. */
static bool cursor_look(struct cursor *cursor, const struct cursor_filter *filter)
{
    struct frame *frame = cursor_top(cursor);
    const struct task *task = frame->list->tasks[frame->index];
    if (task->kind == TASK_BLOCK) {
        cursor_open(cursor, SECTION_BLOCK, task, &task->block);
        return false;
    }
    if (task->imported.tasks) {
        cursor_open(cursor, SECTION_LIST, task, &task->imported);
        return false;
    }
    struct task_instance instance = {task, frame->include};
    if (!filter || filter->wants(filter->context, instance, cursor_handler(cursor)))
        return true;
    ++frame->index;
    return false;
}

bool cursor_settle(struct cursor *cursor, const struct cursor_filter *filter, bool *failed)
{
    *failed = false;
    while (cursor->count > 0) {
        struct frame *frame = cursor_top(cursor);
        if (frame->index >= frame->count) {
            if (!cursor_close(cursor) && cursor_fail(cursor, filter) == FAILURE_OUT)
                *failed = true;
        } else if (frame->section == SECTION_INCLUDES) {
            cursor_open_include(cursor);
        } else if (cursor_look(cursor, filter)) {
            return true;
        }
    }
    return false;
}

struct task_instance cursor_task(const struct cursor *cursor)
{
    const struct frame *frame = cursor_top(cursor);
    return (struct task_instance){frame->list->tasks[frame->index], frame->include};
}

bool cursor_is_handler(const struct cursor *cursor)
{
    return cursor_top(cursor)->is_handler;
}

int64_t cursor_handler(const struct cursor *cursor)
{
    const struct frame *frame = cursor_top(cursor);
    return frame->section == SECTION_HANDLERS ? (int64_t)frame->index : -1;
}

void cursor_advance(struct cursor *cursor)
{
    ++cursor_top(cursor)->index;
}

void cursor_enter_includes_take(struct cursor *cursor, struct include **includes, size_t count)
{
    const struct frame *below = cursor_top(cursor);
    cursor_push(cursor, (struct frame){.section = SECTION_INCLUDES,
                                       .is_handler = below->is_handler,
                                       .includes = includes,
                                       .owner = below->list->tasks[below->index],
                                       .count = (uint32_t)count});
}

void cursor_enter_handlers(struct cursor *cursor, const struct task_list *handlers)
{
    cursor_push(
        cursor,
        (struct frame){.section = SECTION_HANDLERS, .is_handler = true, .list = handlers, .count = handlers->count});
}

/** Is any action in the list wanted?  A section without one counts as absent. */
static bool list_has_wanted(const struct task_list *list, struct include *include, const struct cursor_filter *filter)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const struct task *task = list->tasks[i];
        struct task_instance instance = {task, include};
        bool found = task->kind == TASK_BLOCK ? list_has_wanted(&task->block, include, filter) ||
                                                    list_has_wanted(&task->always, include, filter)
                     : task->imported.tasks ? list_has_wanted(&task->imported, include, filter)
                                            : !filter || filter->wants(filter->context, instance, -1);
        if (found)
            return true;
    }
    return false;
}

enum failure_way cursor_fail(struct cursor *cursor, const struct cursor_filter *filter)
{
    for (; cursor->count > 0; cursor_pop(cursor)) {
        struct frame *frame = cursor_top(cursor);
        if (frame->section == SECTION_BLOCK && list_has_wanted(&frame->owner->rescue, frame->include, filter)) {
            frame_turn(frame, SECTION_RESCUE, &frame->owner->rescue);
            return FAILURE_RESCUED;
        }
        if ((frame->section == SECTION_BLOCK || frame->section == SECTION_RESCUE) &&
            list_has_wanted(&frame->owner->always, frame->include, filter)) {
            frame_turn(frame, SECTION_ALWAYS, &frame->owner->always);
            frame->has_failed = true;
            return FAILURE_ALWAYS;
        }
    }
    return FAILURE_OUT;
}

bool cursor_is_rescuable(const struct cursor *cursor, const struct cursor_filter *filter)
{
    for (uint32_t i = cursor->count; i-- > 0;) {
        const struct frame *frame = &cursor->frames[i];
        if (frame->section == SECTION_BLOCK && list_has_wanted(&frame->owner->rescue, frame->include, filter))
            return true;
    }
    return false;
}

/** Past the tasks of this frame, whatever was opened from within them. */
static void cursor_leave_to(struct cursor *cursor, uint32_t level)
{
    while (cursor->count > level + 1)
        cursor_pop(cursor);
    cursor_top(cursor)->index = cursor_top(cursor)->count;
}

bool cursor_leave_block(struct cursor *cursor)
{
    for (uint32_t i = cursor->count; i-- > 0;) {
        enum section section = cursor->frames[i].section;
        if (section == SECTION_HANDLERS)
            return false;
        if (section == SECTION_BLOCK || section == SECTION_RESCUE || section == SECTION_ALWAYS) {
            cursor_leave_to(cursor, i);
            return true;
        }
    }
    return false;
}

bool cursor_leave_role(struct cursor *cursor, const struct role *role)
{
    for (uint32_t i = cursor->count; i-- > 0;) {
        const struct frame *frame = &cursor->frames[i];
        bool is_included = frame->section == SECTION_LIST && frame->include && frame->include->role == role &&
                           (i == 0 || cursor->frames[i - 1].section == SECTION_INCLUDES);
        if (is_included || (frame->owner && frame->owner->role == role)) {
            cursor_leave_to(cursor, i);
            return true;
        }
    }
    return false;
}

/** Where a frame stands among those on the same level. */
static uint64_t frame_place(const struct frame *frame)
{
    if (frame->section == SECTION_INCLUDES)
        return frame->index < frame->count ? frame->includes[frame->index]->order : UINT64_MAX;
    return frame->index;
}

/** From which frame on two cursors can differ: those in one include instance got there by the same way. */
static uint32_t cursor_common(const struct cursor *left, const struct cursor *right)
{
    struct include *include = cursor_top(left)->include;
    if (!include || include != cursor_top(right)->include)
        return 0;
    uint32_t first = left->count;
    while (first > 0 && left->frames[first - 1].include == include)
        --first;
    return first < right->count && right->frames[first].include == include ? first : 0;
}

int cursor_compare(const struct cursor *left, const struct cursor *right)
{
    uint32_t shorter = left->count < right->count ? left->count : right->count;
    for (uint32_t i = cursor_common(left, right); i < shorter; i++) {
        const struct frame *a = &left->frames[i], *b = &right->frames[i];
        if (a->section != b->section)
            return a->section < b->section ? -1 : 1;
        uint64_t place = frame_place(a), other = frame_place(b);
        if (place != other)
            return place < other ? -1 : 1;
    }
    return left->count == right->count ? 0 : left->count < right->count ? -1 : 1;
}
