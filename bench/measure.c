/*
 * usage: measure ROUNDS PROGRAM [ARGUMENT]...
 *
 * Runs a program several times with nothing to read and its output thrown away, and prints: the least nanoseconds of processor
 * time (its children's included), the least on the wall, the most KiB of memory.  It is small, since a child counts the memory of
 * who started it as its own.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

struct run {
    int64_t processor, wall; /* nanoseconds */
    long memory;             /* KiB */
};

static int64_t wall_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int64_t nanoseconds(struct timeval time)
{
    return time.tv_sec * INT64_C(1000000000) + time.tv_usec * INT64_C(1000);
}

/** One run; false when it could not start or did not succeed. */
static bool run_once(char **words, posix_spawn_file_actions_t *actions, struct run *run)
{
    pid_t child;
    int status;
    struct rusage usage;
    int64_t start = wall_now();
    if (posix_spawnp(&child, words[0], actions, NULL, words, environ) != 0 || wait4(child, &status, 0, &usage) < 0)
        return false;
    *run = (struct run){
        .processor = nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime),
        .wall = wall_now() - start,
        .memory = usage.ru_maxrss,
    };
    return status == 0;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
    struct run best = {.processor = INT64_MAX, .wall = INT64_MAX};
    for (long left = strtol(argv[1], NULL, 10); left > 0; left--) {
        struct run run;
        if (!run_once(argv + 2, &actions, &run)) {
            fprintf(stderr, "measure: %s did not succeed\n", argv[2]);
            return 1;
        }
        best.processor = run.processor < best.processor ? run.processor : best.processor;
        best.wall = run.wall < best.wall ? run.wall : best.wall;
        best.memory = run.memory > best.memory ? run.memory : best.memory;
    }
    printf("%lld %lld %ld\n", (long long)best.processor, (long long)best.wall, best.memory);
    return 0;
}
