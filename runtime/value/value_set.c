#include "runtime/value/value_set.h"

#include "runtime/value/compare.h"

struct value_set_slot {
    struct value value;
    uint32_t hash;
    bool is_used;
};

void value_set_done(struct value_set *set)
{
    memory_cleanup(&set->slots);
    *set = (struct value_set){0};
}

/** The slot that holds the value, or the free one where it would go. */
static struct value_set_slot *find_slot(const struct value_set *set, struct value value, uint32_t hash)
{
    for (size_t i = hash & (set->capacity - 1);; i = (i + 1) & (set->capacity - 1)) {
        struct value_set_slot *slot = &set->slots[i];
        if (!slot->is_used || (slot->hash == hash && value_equal(slot->value, value)))
            return slot;
    }
}

/** Free slots in at least half of the places keep the runs short. */
static void reserve_one(struct value_set *set)
{
    if (set->count * 2 < set->capacity)
        return;
    struct value_set old = *set;
    set->capacity = old.capacity ? old.capacity * 2 : 16;
    set->slots = memory_new_array(set->capacity, sizeof *set->slots);
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i].is_used)
            *find_slot(set, old.slots[i].value, old.slots[i].hash) = old.slots[i];
    memory_cleanup(&old.slots);
}

bool value_set_add(struct value_set *set, struct value value)
{
    reserve_one(set);
    uint32_t hash = value_hash(value);
    struct value_set_slot *slot = find_slot(set, value, hash);
    if (slot->is_used)
        return false;
    *slot = (struct value_set_slot){.value = value, .hash = hash, .is_used = true};
    set->count++;
    return true;
}

bool value_set_has(const struct value_set *set, struct value value)
{
    return set->capacity > 0 && find_slot(set, value, value_hash(value))->is_used;
}
