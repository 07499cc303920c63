/*
 * Memory: the allocator that cannot fail, reference counts, arenas.
 *
 * Running out of memory ends the program in one place (memory_exhausted), so no caller checks for NULL.
 * The interpreter is single-threaded; reference counts are plain integers.
 *
 * The one ownership sentence of this program: arguments are borrowed, results are owned, and a name ending
 * in `_take` consumes that argument.  Owning locals use a cleanup attribute and leave by a steal.
 */
#ifndef PLAYLET_RUNTIME_MEMORY_H
#define PLAYLET_RUNTIME_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PRINTF_FORMAT(string, first) __attribute__((__format__(__printf__, string, first)))
#define NODISCARD __attribute__((warn_unused_result))
#define NORETURN __attribute__((noreturn))
#define CLEANUP(function) __attribute__((cleanup(function)))
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/** A defect of this program: prints the message with its place and aborts.  Never for a user's mistake. */
#define bug(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
NORETURN void bug_at(const char *file, int line, const char *format, ...) PRINTF_FORMAT(3, 4);

/** Ends the program with exit status 250 after saying that memory ran out. */
NORETURN void memory_exhausted(void);

/** `size` bytes, not initialised.  A size of 0 gives a pointer that may be freed. */
void *memory_new(size_t size) NODISCARD;

/** `count` zeroed elements of `size` bytes; an overflow of the product counts as exhausted memory. */
void *memory_new_array(size_t count, size_t size) NODISCARD;

/** Resizes `block` (or NULL) to `count` elements of `size` bytes; what is new is not initialised. */
void *memory_resize(void *block, size_t count, size_t size) NODISCARD;

/** Grows `capacity` (elements) for one more push: doubles, from 8.  Returns the new capacity. */
size_t memory_grown(size_t capacity);

/** A NUL-terminated copy of `length` bytes. */
char *memory_copy_string(const char *bytes, size_t length) NODISCARD;

/** For CLEANUP(memory_cleanup) on a `char *` or any other pointer to memory from here. */
void memory_cleanup(void *pointer_to_pointer);

/**
 * An arena: many small objects that live and die together (a source file's trees).
 * Nothing in it is freed alone; what is in it may own values, which `arena_defer` lets go of.
 */
struct arena {
    struct arena_chunk *chunk;      /* the newest, linked to the older ones */
    struct arena_deferred *deferred;
};

void arena_init(struct arena *arena);

/** Runs what was deferred, newest first, then frees every chunk. */
void arena_done(struct arena *arena);

/** Zeroed, aligned for any type, valid until arena_done. */
void *arena_new(struct arena *arena, size_t size) NODISCARD;

/** A NUL-terminated copy in the arena. */
char *arena_copy_string(struct arena *arena, const char *bytes, size_t length) NODISCARD;

/** Calls release(object) when the arena ends. */
void arena_defer(struct arena *arena, void (*release)(void *object), void *object);

#endif
