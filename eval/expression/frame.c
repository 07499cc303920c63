/* Names that a template bound: see evaluation.h. */
#include <stdlib.h>

#include "eval/expression/evaluation.h"

struct frame_of_names *frame_of_names_new(struct frame_of_names *outer)
{
    struct frame_of_names *frame = memory_new_array(1, sizeof *frame);
    frame->references = 1;
    frame->outer = outer;
    if (outer)
        ++outer->references;
    return frame;
}

void frame_of_names_clear(struct frame_of_names *frame)
{
    while (frame->count > 0) {
        struct local local = frame->locals[--frame->count];
        text_drop(local.name);
        value_drop(local.value);
    }
}

void frame_of_names_drop(struct frame_of_names *frame)
{
    while (frame && --frame->references == 0) {
        struct frame_of_names *outer = frame->outer;
        frame_of_names_clear(frame);
        free(frame->locals);
        free(frame);
        frame = outer;
    }
}

/** Names of one template are interned, so that most comparisons are of pointers. */
static struct value *find_here(const struct frame_of_names *frame, struct text *name)
{
    for (uint32_t i = 0; i < frame->count; i++)
        if (frame->locals[i].name == name || text_equal(frame->locals[i].name, name))
            return &frame->locals[i].value;
    return NULL;
}

struct value *frame_of_names_find(const struct frame_of_names *frame, struct text *name)
{
    for (; frame; frame = frame->outer) {
        struct value *found = find_here(frame, name);
        if (found)
            return found;
    }
    return NULL;
}

void frame_of_names_set_take(struct frame_of_names *frame, struct text *name, struct value value)
{
    struct value *found = find_here(frame, name);
    if (found) {
        value_replace_take(found, value);
        return;
    }
    if (frame->count == frame->capacity) {
        frame->capacity = frame->capacity ? 2 * frame->capacity : 4;
        frame->locals = memory_resize(frame->locals, frame->capacity, sizeof *frame->locals);
    }
    frame->locals[frame->count++] = (struct local){text_copy(name), value};
}
