/* The clock: timers fire in order, each once, in virtual and in real time. */
#include "runtime/async/clock.h"

#include <math.h>
#include <string.h>

#include "tests/check.h"

/** A timer that appends its name to a log, and may set or unset another. */
struct logged {
    struct timer timer;
    char name;
    char *log;
    struct clock *clock;
    struct timer *then_set;
    struct timer *then_unset;
};

static void log_fire(struct timer *timer)
{
    struct logged *logged = (struct logged *)timer;
    strncat(logged->log, &logged->name, 1);
    if (logged->then_set)
        clock_set_after(logged->clock, logged->then_set, 0);
    if (logged->then_unset)
        clock_unset(logged->clock, logged->then_unset);
}

static struct logged logged_of(struct clock *clock, char *log, char name)
{
    return (struct logged){.timer.fire = log_fire, .name = name, .log = log, .clock = clock};
}

TEST(clock_fires_by_deadline_then_by_order_of_setting)
{
    struct clock clock;
    clock_init(&clock, true);
    char log[16] = "";
    static const char names[] = "abcdefg";
    static const int deadlines[] = {30, 10, 20, 10, 30, 10, 20};
    struct logged timers[7];
    for (int i = 0; i < 7; i++) {
        timers[i] = logged_of(&clock, log, names[i]);
        clock_set(&clock, &timers[i].timer, deadlines[i]);
    }
    CHECK_INT(clock_fire_due(&clock), 0);
    while (clock_jump(&clock))
        clock_fire_due(&clock);
    CHECK_STRING(log, "bdfcgae");
    CHECK_INT(clock_now(&clock), 30);
    clock_done(&clock);
}

TEST(clock_moves_and_unsets_timers)
{
    struct clock clock;
    clock_init(&clock, true);
    char log[16] = "";
    struct logged a = logged_of(&clock, log, 'a'), b = logged_of(&clock, log, 'b'), c = logged_of(&clock, log, 'c');
    clock_set(&clock, &a.timer, 1);
    clock_set(&clock, &b.timer, 2);
    clock_set(&clock, &c.timer, 3);
    clock_set(&clock, &a.timer, 4); /* moved, not doubled */
    clock_unset(&clock, &b.timer);
    clock_unset(&clock, &b.timer);
    while (clock_jump(&clock))
        clock_fire_due(&clock);
    CHECK_STRING(log, "ca");
    clock_done(&clock);
}

TEST(clock_callbacks_may_set_and_unset)
{
    struct clock clock;
    clock_init(&clock, true);
    char log[16] = "";
    struct logged a = logged_of(&clock, log, 'a'), b = logged_of(&clock, log, 'b'), c = logged_of(&clock, log, 'c');
    a.then_set = &a.timer; /* again at once: the next call's business */
    a.then_unset = &b.timer;
    clock_set(&clock, &a.timer, -5);
    clock_set(&clock, &b.timer, 0);
    clock_set(&clock, &c.timer, 0);
    CHECK_INT(clock_fire_due(&clock), 2);
    CHECK_STRING(log, "ac");
    CHECK_INT(clock_fire_due(&clock), 1);
    CHECK_STRING(log, "aca");
    clock_done(&clock);
    CHECK_INT(a.timer.position, 0);
}

TEST(clock_heap_holds_against_a_sorted_list)
{
    enum { COUNT = 500 };
    struct clock clock;
    clock_init(&clock, true);
    static struct timer timers[COUNT];
    uint32_t random = 1;
    for (int round = 0; round < 3 * COUNT; round++) {
        random = random * 1664525 + 1013904223;
        struct timer *timer = &timers[(random >> 8) % COUNT];
        if (round % 3 == 2)
            clock_unset(&clock, timer);
        else
            clock_set(&clock, timer, random >> 20);
        for (size_t i = 2; i <= clock.count; i++)
            CHECK(clock.heap[i / 2]->deadline < clock.heap[i]->deadline ||
                  (clock.heap[i / 2]->deadline == clock.heap[i]->deadline &&
                   clock.heap[i / 2]->sequence < clock.heap[i]->sequence));
    }
    for (size_t i = 1; i <= clock.count; i++)
        CHECK_INT(clock.heap[i]->position, i);
    clock_done(&clock);
}

TEST(clock_virtual_wall_goes_with_now)
{
    struct clock clock;
    clock_init(&clock, true);
    struct timer timer = {0};
    int64_t wall = clock_wall(&clock);
    CHECK(wall > 1600000000 * NANOSECONDS_PER_SECOND);
    CHECK(!clock_jump(&clock));
    clock_set_after(&clock, &timer, 3600 * NANOSECONDS_PER_SECOND);
    CHECK(clock_jump(&clock));
    CHECK_INT(clock_wall(&clock) - wall, 3600 * NANOSECONDS_PER_SECOND);
    clock_set_after(&clock, &timer, INT64_MAX);
    CHECK_INT(timer.deadline, INT64_MAX);
    clock_done(&clock);
}

TEST(clock_real_time_goes_on)
{
    struct clock clock;
    clock_init(&clock, false);
    int64_t before = clock_now(&clock);
    while (clock_now(&clock) == before)
        ;
    CHECK(clock_now(&clock) > before);
    clock_done(&clock);
}

TEST(clock_seconds_saturate)
{
    CHECK_INT(nanoseconds_from_seconds(1.5), 1500000000);
    CHECK_INT(nanoseconds_from_seconds(0.1), 100000000);
    CHECK_INT(nanoseconds_from_seconds(-1), 0);
    CHECK_INT(nanoseconds_from_seconds(NAN), 0);
    CHECK_INT(nanoseconds_from_seconds(INFINITY), INT64_MAX);
    CHECK_INT(nanoseconds_from_seconds(1e12), INT64_MAX);
}
