#include "runtime/source/suggest.h"

#include <limits.h>

#include "runtime/memory.h"

void suggestion_init(struct suggestion *suggestion, const char *wanted, size_t length)
{
    *suggestion = (struct suggestion){.wanted = wanted, .wanted_length = length, .best_distance = UINT_MAX};
}

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte;
}

static unsigned least(unsigned left, unsigned right)
{
    return left < right ? left : right;
}

/** One row of the distance table: the first `row` bytes of `left` against every prefix of `right`. */
static void fill_row(unsigned *restrict now, const unsigned *last, const unsigned *before_last, const char *left,
                     size_t row, const char *right, size_t right_length)
{
    char byte = lower(left[row - 1]);
    now[0] = row;
    for (size_t column = 1; column <= right_length; column++) {
        char other = lower(right[column - 1]);
        now[column] = least(least(last[column], now[column - 1]) + 1, last[column - 1] + (byte != other));
        if (row > 1 && column > 1 && byte == lower(right[column - 2]) && lower(left[row - 2]) == other)
            now[column] = least(now[column], before_last[column - 2] + 1);
    }
}

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours, each at a cost of 1. */
static unsigned distance(const char *left, size_t left_length, const char *right, size_t right_length)
{
    size_t width = right_length + 1;
    CLEANUP(memory_cleanup) unsigned *rows = memory_new_array(3 * width, sizeof *rows);
    unsigned *before_last = rows, *last = rows + width, *now = rows + 2 * width;
    for (size_t column = 0; column < width; column++)
        now[column] = column;
    for (size_t row = 1; row <= left_length; row++) {
        unsigned *reused = before_last;
        before_last = last;
        last = now;
        now = reused;
        fill_row(now, last, before_last, left, row, right, right_length);
    }
    return now[right_length];
}

void suggestion_offer(struct suggestion *suggestion, const char *name, size_t length)
{
    size_t longer = length > suggestion->wanted_length ? length : suggestion->wanted_length;
    size_t shorter = length + suggestion->wanted_length - longer;
    size_t allowed = longer / 3 ? longer / 3 : 1;
    if (shorter == 0 || longer == 1 || longer - shorter > allowed)
        return;
    unsigned found = distance(suggestion->wanted, suggestion->wanted_length, name, length);
    if (found > allowed || found >= suggestion->best_distance)
        return;
    suggestion->best = name;
    suggestion->best_length = length;
    suggestion->best_distance = found;
}
