/* Names that a template bound: see evaluation.h. */
#include <stdlib.h>
#include <string.h>

#include "eval/expression/evaluation.h"

enum { FIRST_CAPACITY = 4 };

struct frame_of_names *frame_of_names_new(struct frame_of_names *outer)
{
    struct frame_of_names *frame = memory_new(sizeof *frame);
    *frame = (struct frame_of_names){.references = 1, .outer = outer};
    if (outer)
        ++outer->references;
    return frame;
}

void frame_of_names_truncate(struct frame_of_names *frame, uint32_t count)
{
    while (frame->count > count) {
        struct local local = frame->locals[--frame->count];
        text_drop(local.name);
        value_drop(local.value);
    }
}

void frame_of_names_drop(struct frame_of_names *frame)
{
    while (frame && --frame->references == 0) {
        struct frame_of_names *outer = frame->outer;
        frame_of_names_truncate(frame, 0);
        free(frame->locals);
        free(frame);
        frame = outer;
    }
}

/** Names of one template are interned, so that most comparisons are of pointers; those of others have their hashes. */
static inline struct local *find_in(const struct frame_of_names *frame, const struct text *name, uint32_t hash)
{
    for (uint32_t i = 0; i < frame->count; i++) {
        struct local *local = &frame->locals[i];
        if (local->hash == hash && text_equal(local->name, name))
            return local;
    }
    return NULL;
}

struct value *frame_of_names_find_own(const struct frame_of_names *frame, struct text *name)
{
    struct local *found = find_in(frame, name, text_hash(name));
    return found ? &found->value : NULL;
}

struct local *frame_of_names_find_local(const struct frame_of_names *frame, struct text *name, uint32_t *depth)
{
    uint32_t hash = text_hash(name), frames = 0;
    for (; frame; frame = frame->outer, frames++) {
        struct local *found = find_in(frame, name, hash);
        if (found && depth)
            *depth = frames;
        if (found)
            return found;
    }
    return NULL;
}

void frame_of_names_set_take(struct frame_of_names *frame, struct text *name, struct value value)
{
    uint32_t hash = name->hash ? name->hash : text_hash(name);
    struct local *found = find_in(frame, name, hash);
    if (found) {
        value_replace_take(&found->value, value);
        return;
    }
    if (frame->count == frame->capacity) {
        frame->capacity = frame->capacity ? 2 * frame->capacity : FIRST_CAPACITY;
        frame->locals = memory_resize(frame->locals, frame->capacity, sizeof *frame->locals);
    }
    frame->locals[frame->count++] = (struct local){text_copy(name), hash, value};
}

void frame_of_names_set_string_take(struct frame_of_names *frame, const char *name, struct value value)
{
    struct text *text = text_new(name, strlen(name));
    frame_of_names_set_take(frame, text, value);
    text_drop(text);
}
