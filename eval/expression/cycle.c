#include "eval/expression/cycle.h"

#include "runtime/value/object.h"

void cycles_retire_frame_take(struct cycles *cycles, struct frame_of_names *frame)
{
    if (!cycles || frame->references == 1) {
        frame_of_names_drop(frame);
        return;
    }
    if (cycles->frame_count == cycles->frame_capacity) {
        cycles->frame_capacity = memory_grown(cycles->frame_capacity);
        cycles->frames = memory_resize(cycles->frames, cycles->frame_capacity, sizeof *cycles->frames);
    }
    cycles->frames[cycles->frame_count++] = frame;
}

void cycles_watch(struct cycles *cycles, struct value object, struct value value)
{
    if (!cycles || value.kind < VALUE_LIST)
        return;
    if (!cycles->objects)
        cycles->objects = dict_new();
    dict_set_take(cycles->objects, value_copy(object), value_null());
}

void cycles_done(struct cycles *cycles)
{
    const struct dict_entry *entry;
    for (size_t i = 0; i < cycles->frame_count; i++)
        frame_of_names_truncate(cycles->frames[i], 0);
    for (size_t i = 0; cycles->objects && dict_next(cycles->objects, &i, &entry);)
        entry->key.as.object->class->clear(entry->key.as.object);
    for (size_t i = 0; i < cycles->frame_count; i++)
        frame_of_names_drop(cycles->frames[i]);
    memory_cleanup(&cycles->frames);
    dict_drop(cycles->objects);
    *cycles = (struct cycles){0};
}
