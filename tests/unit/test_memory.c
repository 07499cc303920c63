#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/memory.h"
#include "tests/check.h"

TEST(memory_of_no_bytes_can_be_freed_and_resized)
{
    char *block = memory_new(0);
    CHECK(block != NULL);
    block = memory_resize(block, 0, 8);
    CHECK(block != NULL);
    free(block);
}

TEST(memory_array_is_zeroed)
{
    CLEANUP(memory_cleanup) uint64_t *array = memory_new_array(100, sizeof *array);
    for (unsigned i = 0; i < 100; i++)
        CHECK_INT(array[i], 0);
}

TEST(memory_grown_doubles_from_eight)
{
    CHECK_INT(memory_grown(0), 8);
    CHECK_INT(memory_grown(8), 16);
    CHECK_INT(memory_grown(1000), 2000);
}

TEST(memory_copy_string_keeps_inner_nuls_and_ends_in_one)
{
    CLEANUP(memory_cleanup) char *copy = memory_copy_string("a\0bc", 3);
    CHECK(memcmp(copy, "a\0b\0", 4) == 0);
}

/** The status of a child that runs `act` with its stderr closed. */
static int status_of_child(void (*act)(void))
{
    pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);
        act();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

static void ask_for_too_much(void)
{
    close((int)memory_grown(SIZE_MAX));
}

TEST(memory_exhausted_ends_with_status_250)
{
    int status = status_of_child(ask_for_too_much);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 250);
}

TEST(arena_blocks_are_zeroed_aligned_and_apart)
{
    struct arena arena;
    arena_init(&arena);
    char *last = NULL;
    for (size_t size = 1; size < 3000; size++) {
        char *block = arena_new(&arena, size);
        CHECK_INT((uintptr_t)block % _Alignof(max_align_t), 0);
        CHECK_INT(block[0] | block[size - 1] | block[size / 2], 0);
        memset(block, 0xFF, size);
        CHECK(block != last);
        last = block;
    }
    CHECK(arena_new(&arena, 10 * 1000 * 1000) != NULL);
    arena_done(&arena);
    CHECK(arena.chunk == NULL);
}

static char released[8];

static void note_release(void *object)
{
    strcat(released, object);
}

TEST(arena_runs_what_was_deferred_newest_first)
{
    struct arena arena;
    arena_init(&arena);
    released[0] = '\0';
    arena_defer(&arena, note_release, arena_copy_string(&arena, "first", 1));
    arena_defer(&arena, note_release, arena_copy_string(&arena, "second", 1));
    arena_done(&arena);
    CHECK_STRING(released, "sf");
}
