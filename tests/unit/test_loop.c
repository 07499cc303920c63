/* The loop: who is called back, in which order, and when it ends. */
#include "runtime/async/loop.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/check.h"

/** What a test's callbacks share. */
struct scene {
    struct loop *loop;
    char log[64];
    struct watch *watch;
    int pipe[2];
    int64_t seen_now;
    unsigned count;
};

struct scene_timer {
    struct timer timer;
    struct scene *scene;
    char name;
};

struct scene_call {
    struct deferred deferred;
    struct scene *scene;
    char name;
};

static void note(struct scene *scene, char name)
{
    size_t length = strlen(scene->log);
    if (length + 1 < sizeof scene->log)
        scene->log[length] = name;
}

static void timer_noted(struct timer *timer)
{
    struct scene_timer *self = (struct scene_timer *)timer;
    note(self->scene, self->name);
    self->scene->seen_now = clock_now(loop_clock(self->scene->loop));
}

static void timer_stops(struct timer *timer)
{
    timer_noted(timer);
    loop_stop(((struct scene_timer *)timer)->scene->loop);
}

static void call_noted(struct deferred *deferred)
{
    struct scene_call *self = (struct scene_call *)deferred;
    note(self->scene, self->name);
}

static void call_again(struct deferred *deferred)
{
    struct scene_call *self = (struct scene_call *)deferred;
    note(self->scene, self->name);
    if (++self->scene->count < 5)
        loop_defer(self->scene->loop, deferred);
}

static void read_and_note(void *owner, int events)
{
    struct scene *scene = owner;
    char byte;
    ssize_t got = read(scene->pipe[0], &byte, 1);
    note(scene, got == 1 ? byte : got == 0 ? '$' : '?');
    if (got == 0) {
        watch_free(scene->watch);
        scene->watch = NULL;
    }
    scene->count += events == WATCH_READ;
}

TEST(loop_run_ends_when_nothing_can_call_back)
{
    struct loop *loop = loop_new(false);
    CHECK(!loop_run(loop));
    loop_free(loop);
    loop = loop_new(true);
    CHECK(!loop_run(loop));
    loop_free(loop);
}

TEST(loop_virtual_time_jumps_from_timer_to_timer)
{
    struct scene scene = {.loop = loop_new(true)};
    struct scene_timer year = {{.fire = timer_noted}, &scene, 'y'}, second = {{.fire = timer_noted}, &scene, 's'};
    struct clock *clock = loop_clock(scene.loop);
    clock_set_after(clock, &year.timer, 365 * 86400 * NANOSECONDS_PER_SECOND);
    clock_set_after(clock, &second.timer, NANOSECONDS_PER_SECOND);
    CHECK(!loop_run(scene.loop));
    CHECK_STRING(scene.log, "sy");
    CHECK_INT(scene.seen_now, 365 * 86400 * NANOSECONDS_PER_SECOND);
    loop_free(scene.loop);
}

TEST(loop_real_timers_are_never_early)
{
    for (int with_watch = 0; with_watch < 2; with_watch++) {
        struct scene scene = {.loop = loop_new(false)};
        CHECK(pipe(scene.pipe) == 0);
        if (with_watch)
            scene.watch = watch_new(scene.loop, scene.pipe[0], WATCH_READ, true, read_and_note, &scene);
        struct scene_timer timer = {{.fire = timer_stops}, &scene, 't'};
        int64_t start = clock_now(loop_clock(scene.loop));
        clock_set_after(loop_clock(scene.loop), &timer.timer, NANOSECONDS_PER_SECOND / 500 + 1);
        CHECK(loop_run(scene.loop));
        CHECK(scene.seen_now - start > NANOSECONDS_PER_SECOND / 500);
        CHECK_STRING(scene.log, "t");
        loop_free(scene.loop);
        close(scene.pipe[0]);
        close(scene.pipe[1]);
    }
}

TEST(loop_deferred_calls_keep_their_order_and_may_defer_again)
{
    struct scene scene = {.loop = loop_new(true)};
    struct scene_call a = {{.run = call_again}, &scene, 'a'}, b = {{.run = call_noted}, &scene, 'b'};
    struct scene_timer timer = {{.fire = timer_noted}, &scene, 't'};
    loop_defer(scene.loop, &a.deferred);
    loop_defer(scene.loop, &b.deferred);
    loop_defer(scene.loop, &a.deferred); /* queued already */
    clock_set_after(loop_clock(scene.loop), &timer.timer, 0);
    CHECK(!loop_run(scene.loop));
    CHECK_STRING(scene.log, "abtaaaa"); /* a chain of calls does not starve a timer */
    loop_free(scene.loop);
}

TEST(loop_stop_keeps_what_is_deferred_for_the_next_run)
{
    struct scene scene = {.loop = loop_new(true)};
    struct scene_timer timer = {{.fire = timer_stops}, &scene, 't'};
    struct scene_call call = {{.run = call_noted}, &scene, 'c'};
    clock_set_after(loop_clock(scene.loop), &timer.timer, 5);
    CHECK(loop_run(scene.loop));
    loop_defer(scene.loop, &call.deferred);
    loop_stop(scene.loop);
    CHECK(loop_run(scene.loop));
    CHECK_STRING(scene.log, "t");
    CHECK(!loop_run(scene.loop));
    CHECK_STRING(scene.log, "tc");
    loop_free(scene.loop);
}

TEST(watch_reads_to_the_end_and_may_be_freed_inside)
{
    struct scene scene = {.loop = loop_new(false)};
    CHECK(pipe(scene.pipe) == 0);
    scene.watch = watch_new(scene.loop, scene.pipe[0], WATCH_READ, true, read_and_note, &scene);
    CHECK(write(scene.pipe[1], "xyz", 3) == 3);
    close(scene.pipe[1]);
    CHECK(!loop_run(scene.loop));
    CHECK_STRING(scene.log, "xyz$");
    CHECK_INT(scene.count, 4);
    close(scene.pipe[0]);
    loop_free(scene.loop);
}

TEST(watch_of_real_work_holds_virtual_time)
{
    struct scene scene = {.loop = loop_new(true)};
    CHECK(pipe(scene.pipe) == 0);
    struct scene_timer timer = {{.fire = timer_noted}, &scene, 't'};
    clock_set_after(loop_clock(scene.loop), &timer.timer, 1);
    pid_t child = fork();
    if (child == 0) {
        usleep(20000);
        _exit(write(scene.pipe[1], "x", 1) != 1);
    }
    close(scene.pipe[1]);
    scene.watch = watch_new(scene.loop, scene.pipe[0], WATCH_READ, true, read_and_note, &scene);
    CHECK(!loop_run(scene.loop));
    CHECK_STRING(scene.log, "x$t");
    close(scene.pipe[0]);
    loop_free(scene.loop);
}

TEST(watch_that_is_no_real_work_lets_virtual_time_jump)
{
    struct scene scene = {.loop = loop_new(true)};
    CHECK(pipe(scene.pipe) == 0);
    struct scene_timer timer = {{.fire = timer_stops}, &scene, 't'};
    clock_set_after(loop_clock(scene.loop), &timer.timer, NANOSECONDS_PER_SECOND);
    scene.watch = watch_new(scene.loop, scene.pipe[0], WATCH_READ, false, read_and_note, &scene);
    CHECK(loop_run(scene.loop));
    CHECK_STRING(scene.log, "t");
    watch_free(scene.watch);
    close(scene.pipe[0]);
    close(scene.pipe[1]);
    loop_free(scene.loop);
}

TEST(watch_takes_files_that_are_always_ready)
{
    struct scene scene = {.loop = loop_new(false)};
    scene.pipe[0] = open("/dev/null", O_RDONLY);
    scene.watch = watch_new(scene.loop, scene.pipe[0], WATCH_READ, true, read_and_note, &scene);
    CHECK(!loop_run(scene.loop));
    CHECK_STRING(scene.log, "$");
    close(scene.pipe[0]);
    loop_free(scene.loop);
}

static void broken_noted(void *owner, int events)
{
    struct scene *scene = owner;
    scene->count += events == WATCH_WRITE;
    if (scene->count == 2) { /* still called back: the state is a level */
        watch_free(scene->watch);
        scene->watch = NULL;
    }
}

TEST(watch_calls_back_for_a_writer_whose_reader_went)
{
    struct scene scene = {.loop = loop_new(false)};
    CHECK(pipe(scene.pipe) == 0);
    close(scene.pipe[0]);
    scene.watch = watch_new(scene.loop, scene.pipe[1], WATCH_WRITE, true, broken_noted, &scene);
    CHECK(!loop_run(scene.loop));
    CHECK_INT(scene.count, 2);
    CHECK(write(scene.pipe[1], "x", 1) < 0); /* and SIGPIPE killed nobody */
    close(scene.pipe[1]);
    loop_free(scene.loop);
}

static void signal_noted(void *owner, int signal)
{
    note(owner, signal == SIGUSR1 ? 'u' : '?');
    loop_stop(((struct scene *)owner)->loop);
}

static void raise_signal(struct deferred *deferred)
{
    call_noted(deferred);
    raise(SIGUSR1);
}

TEST(watch_signal_calls_back_but_keeps_nothing_running)
{
    struct scene scene = {.loop = loop_new(true)};
    struct watch *watch = watch_signal(scene.loop, SIGUSR1, signal_noted, &scene);
    CHECK(!loop_run(scene.loop));
    struct scene_call call = {{.run = raise_signal}, &scene, 'r'};
    struct scene_timer timer = {{.fire = timer_noted}, &scene, 't'};
    loop_defer(scene.loop, &call.deferred);
    clock_set_after(loop_clock(scene.loop), &timer.timer, 1);
    CHECK(loop_run(scene.loop));
    CHECK_STRING(scene.log, "ru"); /* before virtual time goes on */
    watch_free(watch);
    loop_free(scene.loop);
}

/** One of several watches whose callback frees all of them. */
struct rivals {
    struct watch *watches[4];
    int pipes[4][2];
    unsigned calls;
};

static void free_rivals(void *owner, int events)
{
    struct rivals *rivals = owner;
    (void)events;
    rivals->calls++;
    for (int i = 0; i < 4; i++)
        watch_free(rivals->watches[i]);
}

TEST(watch_freed_by_another_is_not_called)
{
    const char *before = getenv("PLAYLET_STRESS");
    CLEANUP(memory_cleanup) char *old = before ? memory_copy_string(before, strlen(before)) : NULL;
    for (int stress = 0; stress < 2; stress++) {
        setenv("PLAYLET_STRESS", stress ? "7" : "0", 1);
        struct loop *loop = loop_new(false);
        if (old)
            setenv("PLAYLET_STRESS", old, 1);
        else
            unsetenv("PLAYLET_STRESS");
        CHECK(loop_is_stressed(loop) == (stress == 1));
        struct rivals rivals = {0};
        for (int i = 0; i < 4; i++) {
            CHECK(pipe(rivals.pipes[i]) == 0);
            CHECK(write(rivals.pipes[i][1], "x", 1) == 1);
            rivals.watches[i] = watch_new(loop, rivals.pipes[i][0], WATCH_READ, true, free_rivals, &rivals);
        }
        CHECK(!loop_run(loop));
        CHECK_INT(rivals.calls, 1);
        loop_free(loop);
        for (int i = 0; i < 8; i++)
            close(rivals.pipes[i / 2][i % 2]);
    }
}

static void delay_noted(void *owner, int unused)
{
    struct scene *scene = owner;
    (void)unused;
    note(scene, 'd');
    watch_free(scene->watch);
}

TEST(watch_delay_passes_in_real_time_on_the_virtual_clock)
{
    struct scene scene = {.loop = loop_new(true)};
    struct scene_timer timer = {{.fire = timer_noted}, &scene, 't'};
    struct clock real;
    clock_init(&real, false);
    int64_t start = clock_now(&real);
    clock_set_after(loop_clock(scene.loop), &timer.timer, 1);
    scene.watch = watch_delay(scene.loop, NANOSECONDS_PER_SECOND / 100, true, delay_noted, &scene);
    CHECK(!loop_run(scene.loop));
    CHECK_STRING(scene.log, "dt");
    CHECK(clock_now(&real) - start >= NANOSECONDS_PER_SECOND / 100);
    loop_free(scene.loop);
}

TEST(loop_free_closes_what_still_waits)
{
    struct scene scene = {.loop = loop_new(false)};
    CHECK(pipe(scene.pipe) == 0);
    scene.watch = watch_new(scene.loop, scene.pipe[0], WATCH_READ, true, read_and_note, &scene);
    CHECK(watch_signal(scene.loop, SIGUSR1, signal_noted, &scene) != NULL);
    struct scene_timer timer = {{.fire = timer_noted}, &scene, 't'};
    clock_set_after(loop_clock(scene.loop), &timer.timer, 0);
    loop_free(scene.loop);
    CHECK_STRING(scene.log, "");
    CHECK_INT(timer.timer.position, 0);
    close(scene.pipe[0]);
    close(scene.pipe[1]);
}
