/* The clock: see clock.h.  The heap is the textbook's (Williams 1964), from index 1. */
#include "runtime/async/clock.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

static int64_t system_time(clockid_t id)
{
    struct timespec time;
    clock_gettime(id, &time);
    return time.tv_sec * NANOSECONDS_PER_SECOND + time.tv_nsec;
}

void clock_init(struct clock *clock, bool is_virtual)
{
    *clock =
        (struct clock){.is_virtual = is_virtual, .virtual_wall_offset = CLOCK_VIRTUAL_START * NANOSECONDS_PER_SECOND};
}

void clock_done(struct clock *clock)
{
    for (size_t i = 1; i <= clock->count; i++)
        clock->heap[i]->position = 0;
    free(clock->heap);
    *clock = (struct clock){0};
}

int64_t clock_now(const struct clock *clock)
{
    return clock->is_virtual ? clock->virtual_now : system_time(CLOCK_MONOTONIC);
}

int64_t clock_wall(const struct clock *clock)
{
    return clock->is_virtual ? clock->virtual_now + clock->virtual_wall_offset : system_time(CLOCK_REALTIME);
}

static bool is_earlier(const struct timer *left, const struct timer *right)
{
    return left->deadline != right->deadline ? left->deadline < right->deadline : left->rank < right->rank;
}

static void place(struct clock *clock, struct timer *timer, size_t position)
{
    clock->heap[position] = timer;
    timer->position = position;
}

/** Puts `timer` at the free `position` or nearer to the top. */
static void sift_up(struct clock *clock, struct timer *timer, size_t position)
{
    for (; position > 1 && is_earlier(timer, clock->heap[position / 2]); position /= 2)
        place(clock, clock->heap[position / 2], position);
    place(clock, timer, position);
}

/** Puts `timer` at the free `position` or farther from the top. */
static void sift_down(struct clock *clock, struct timer *timer, size_t position)
{
    for (size_t child; (child = position * 2) <= clock->count; position = child) {
        if (child < clock->count && is_earlier(clock->heap[child + 1], clock->heap[child]))
            child++;
        if (!is_earlier(clock->heap[child], timer))
            break;
        place(clock, clock->heap[child], position);
    }
    place(clock, timer, position);
}

/** A permutation of the numbers of 64 bits (the finaliser of splitmix64, Steele, Lea and Flood 2014). */
static uint64_t scramble(uint64_t number)
{
    number = (number ^ number >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ number >> 27) * UINT64_C(0x94d049bb133111eb);
    return number ^ number >> 31;
}

uint64_t clock_draw_rank(struct clock *clock)
{
    uint64_t sequence = clock->next_sequence++;
    return clock->seed ? scramble(sequence + scramble(clock->seed)) : sequence;
}

double clock_draw_unit(struct clock *clock)
{
    enum { DIGITS = 53 }; /* of a double */
    uint64_t number = scramble(clock->next_sequence++ + scramble(clock->seed + 1));
    return ldexp((double)(number >> (64 - DIGITS)), -DIGITS);
}

void clock_set(struct clock *clock, struct timer *timer, int64_t deadline)
{
    clock_unset(clock, timer);
    int64_t now = clock_now(clock);
    timer->deadline = deadline > now ? deadline : now;
    timer->sequence = clock->next_sequence;
    timer->rank = clock_draw_rank(clock);
    if (clock->count + 1 >= clock->capacity) {
        clock->capacity = memory_grown(clock->capacity);
        clock->heap = memory_resize(clock->heap, clock->capacity, sizeof(struct timer *));
    }
    sift_up(clock, timer, ++clock->count);
}

void clock_set_after(struct clock *clock, struct timer *timer, int64_t nanoseconds)
{
    int64_t deadline;
    if (__builtin_add_overflow(clock_now(clock), nanoseconds, &deadline))
        deadline = INT64_MAX;
    clock_set(clock, timer, deadline);
}

void clock_unset(struct clock *clock, struct timer *timer)
{
    size_t position = timer->position;
    if (position == 0)
        return;
    timer->position = 0;
    struct timer *last = clock->heap[clock->count--];
    if (last == timer)
        return;
    if (position > 1 && is_earlier(last, clock->heap[position / 2]))
        sift_up(clock, last, position);
    else
        sift_down(clock, last, position);
}

bool clock_next(const struct clock *clock, int64_t *deadline)
{
    if (clock->count == 0)
        return false;
    *deadline = clock->heap[1]->deadline;
    return true;
}

size_t clock_fire_due(struct clock *clock)
{
    if (clock->count == 0)
        return 0;
    /* A timer set by a callback is never before the older ones that are due, since no deadline is before its `now`. */
    uint64_t first_new = clock->next_sequence;
    int64_t now = clock_now(clock);
    size_t fired = 0;
    while (clock->count > 0 && clock->heap[1]->deadline <= now && clock->heap[1]->sequence < first_new) {
        struct timer *timer = clock->heap[1];
        clock_unset(clock, timer);
        timer->fire(timer);
        fired++;
    }
    return fired;
}

bool clock_jump(struct clock *clock)
{
    int64_t deadline;
    if (!clock_next(clock, &deadline))
        return false;
    if (deadline > clock->virtual_now)
        clock->virtual_now = deadline;
    return true;
}

int64_t nanoseconds_from_seconds(double seconds)
{
    if (!(seconds > 0))
        return 0;
    double nanoseconds = seconds * (double)NANOSECONDS_PER_SECOND;
    return nanoseconds >= (double)INT64_MAX ? INT64_MAX : (int64_t)llround(nanoseconds);
}
