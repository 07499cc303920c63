#include "runtime/value/list.h"

#include <string.h>

struct list *list_new(size_t capacity)
{
    struct list *list = memory_new(sizeof *list);
    *list = (struct list){.references = 1, .capacity = capacity};
    if (capacity > 0)
        list->items = memory_resize(NULL, capacity, sizeof *list->items);
    return list;
}

struct list *list_copy(struct list *list)
{
    list->references++;
    return list;
}

void list_drop(struct list *list)
{
    if (!list || --list->references > 0)
        return;
    for (size_t i = 0; i < list->count; i++)
        value_drop(list->items[i]);
    memory_cleanup(&list->items);
    memory_cleanup(&list);
}

struct list *list_clone(const struct list *list)
{
    struct list *clone = list_new(list->count);
    clone->lazy = list->lazy;
    clone->shape = list->shape;
    clone->count = list->count;
    for (size_t i = 0; i < list->count; i++)
        clone->items[i] = value_copy(list->items[i]);
    return clone;
}

static void list_reserve(struct list *list, size_t capacity)
{
    list->items = memory_resize(list->items, capacity, sizeof *list->items);
    list->capacity = capacity;
}

void list_push_take(struct list *list, struct value value)
{
    if (list->count == list->capacity)
        list_reserve(list, memory_grown(list->capacity));
    list->items[list->count++] = value;
    list->lazy |= value_is_lazy(value);
}

void list_set_take(struct list *list, size_t index, struct value value)
{
    value_replace_take(&list->items[index], value);
    list->lazy |= value_is_lazy(value);
}

void list_insert_take(struct list *list, size_t index, struct value value)
{
    list_push_take(list, value);
    memmove(&list->items[index + 1], &list->items[index], (list->count - 1 - index) * sizeof *list->items);
    list->items[index] = value;
}

struct value list_remove(struct list *list, size_t index)
{
    struct value removed = list->items[index];
    list->count--;
    memmove(&list->items[index], &list->items[index + 1], (list->count - index) * sizeof *list->items);
    return removed;
}

void list_extend(struct list *list, const struct list *other)
{
    size_t added = other->count;
    if (added > list->capacity - list->count) {
        size_t grown = memory_grown(list->capacity);
        list_reserve(list, grown > list->count + added ? grown : list->count + added);
    }
    for (size_t i = 0; i < added; i++)
        list->items[list->count++] = value_copy(other->items[i]);
    list->lazy |= other->lazy;
}

void list_reverse(struct list *list)
{
    for (size_t left = 0, right = list->count; left + 1 < right; left++) {
        struct value moved = list->items[left];
        list->items[left] = list->items[--right];
        list->items[right] = moved;
    }
}
