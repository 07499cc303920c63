#include "runtime/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    EXIT_MEMORY_EXHAUSTED = 250,
    FIRST_CAPACITY = 8,
    FIRST_CHUNK = 4096,     /* bytes; each chunk is twice as large as the one before it ... */
    LARGEST_CHUNK = 1 << 18 /* ... up to this, so that little is wasted at an arena's end */
};

void bug_at(const char *file, int line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "playlet: defect at %s:%d: ", file, line);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    abort();
}

void memory_exhausted(void)
{
    static const char message[] = "playlet: out of memory\n";
    ssize_t written = write(STDERR_FILENO, message, sizeof message - 1); /* stdio might allocate */
    (void)written;
    _exit(EXIT_MEMORY_EXHAUSTED);
}

/** Hands `block` through unless it is NULL. */
static void *memory_or_end(void *block)
{
    if (!block)
        memory_exhausted();
    return block;
}

void *memory_new(size_t size)
{
    return memory_or_end(malloc(size ? size : 1));
}

void *memory_new_array(size_t count, size_t size)
{
    return memory_or_end(calloc(count ? count : 1, size ? size : 1));
}

void *memory_resize(void *block, size_t count, size_t size)
{
    if (!count || !size)
        count = size = 1; /* a size of 0 would free the block */
    return memory_or_end(reallocarray(block, count, size));
}

size_t memory_grown(size_t capacity)
{
    if (capacity > SIZE_MAX / 2)
        memory_exhausted();
    return capacity < FIRST_CAPACITY ? FIRST_CAPACITY : capacity * 2;
}

char *memory_copy_string(const char *bytes, size_t length)
{
    if (length == SIZE_MAX)
        memory_exhausted();
    char *copy = memory_new(length + 1);
    if (length)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

void memory_cleanup(void *pointer_to_pointer)
{
    void **pointer = pointer_to_pointer;
    free(*pointer);
    *pointer = NULL;
}

struct arena_chunk {
    struct arena_chunk *older;
    size_t used;
    size_t capacity;
    _Alignas(max_align_t) char bytes[];
};

struct arena_deferred {
    struct arena_deferred *older;
    void (*release)(void *object);
    void *object;
};

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

void arena_done(struct arena *arena)
{
    for (struct arena_deferred *deferred = arena->deferred; deferred; deferred = deferred->older)
        deferred->release(deferred->object);
    for (struct arena_chunk *chunk = arena->chunk, *older; chunk; chunk = older) {
        older = chunk->older;
        free(chunk);
    }
    arena_init(arena);
}

/** Puts a fresh chunk with room for at least `size` bytes in front. */
static void arena_add_chunk(struct arena *arena, size_t size)
{
    size_t capacity = arena->chunk ? arena->chunk->capacity * 2 : FIRST_CHUNK;
    if (capacity > LARGEST_CHUNK)
        capacity = LARGEST_CHUNK;
    if (capacity < size)
        capacity = size;
    struct arena_chunk *chunk = memory_new_array(1, sizeof *chunk + capacity);
    chunk->older = arena->chunk;
    chunk->capacity = capacity;
    arena->chunk = chunk;
}

void *arena_new(struct arena *arena, size_t size)
{
    const size_t alignment = _Alignof(max_align_t);
    if (size > SIZE_MAX / 2)
        memory_exhausted();
    size = (size + alignment - 1) & ~(alignment - 1);
    if (!arena->chunk || arena->chunk->capacity - arena->chunk->used < size)
        arena_add_chunk(arena, size);
    void *block = arena->chunk->bytes + arena->chunk->used;
    arena->chunk->used += size;
    return block;
}

char *arena_copy_string(struct arena *arena, const char *bytes, size_t length)
{
    if (length == SIZE_MAX)
        memory_exhausted();
    char *copy = arena_new(arena, length + 1); /* zeroed: the NUL is there */
    if (length)
        memcpy(copy, bytes, length);
    return copy;
}

void arena_defer(struct arena *arena, void (*release)(void *object), void *object)
{
    struct arena_deferred *deferred = arena_new(arena, sizeof *deferred);
    *deferred = (struct arena_deferred){.older = arena->deferred, .release = release, .object = object};
    arena->deferred = deferred;
}
