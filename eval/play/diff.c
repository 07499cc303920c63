/*
 * Differences: see diff.h.
 *
 * Lines are matched as Python's difflib.SequenceMatcher does it (Ratcliff and Obershelp, "Pattern Matching: The Gestalt
 * Approach", 1988): the longest common run first, then what stands to its left and right.  Runs are found through an index of the
 * lines of the new text; lines that are very frequent in a long text are left out of it, as there.
 */
#include "eval/play/diff.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/value/dict.h"
#include "runtime/value/json.h"
#include "runtime/value/list.h"
#include "runtime/value/repr.h"

enum { CONTEXT = 3, POPULAR_FROM = 200 };

struct match {
    size_t before, after, count;
};

/** Two lists of lines being compared. */
struct comparison {
    const struct list *before, *after;
    uint32_t *numbers_before, *numbers_after; /* equal lines have equal numbers, from 0 */
    uint32_t **places;                        /* of each number, its positions in `after`, in order */
    uint32_t *place_count;
    uint32_t number_count;
    uint32_t *run_length; /* of the run that ends before a position of `after` ... */
    uint64_t *run_row;    /* ... at this row: a line of `before`, counted over all searches */
    uint64_t row;
    struct match *matches; /* in order */
    size_t match_count, match_capacity;
};

/* ---- lines ---- */

/** The lines of a text, each with its newline. */
static struct list *split(const char *bytes, size_t length)
{
    struct list *lines = list_new(8);
    for (size_t at = 0; at < length;) {
        const char *end = memchr(bytes + at, '\n', length - at);
        size_t count = end ? (size_t)(end - bytes) - at + 1 : length - at;
        list_push_take(lines, value_string_length(bytes + at, count));
        at += count;
    }
    return lines;
}

/** The number of a line, a new one for a new line. */
static uint32_t number_of(struct dict *numbers, struct value line)
{
    const struct value *found = dict_find(numbers, line);
    if (found)
        return (uint32_t)found->as.integer;
    dict_set_take(numbers, value_copy(line), value_int(numbers->live));
    return numbers->live - 1;
}

static uint32_t *number_lines(struct dict *numbers, const struct list *lines)
{
    uint32_t *result = memory_new_array(lines->count + 1, sizeof *result);
    for (size_t i = 0; i < lines->count; i++)
        result[i] = number_of(numbers, lines->items[i]);
    return result;
}

/** Where each line stands in the new text. */
static void index_places(struct comparison *comparison)
{
    size_t count = comparison->after->count;
    comparison->places = memory_new_array(comparison->number_count + 1, sizeof *comparison->places);
    comparison->place_count = memory_new_array(comparison->number_count + 1, sizeof *comparison->place_count);
    for (size_t i = 0; i < count; i++)
        comparison->place_count[comparison->numbers_after[i]]++;
    for (uint32_t number = 0; number < comparison->number_count; number++) {
        bool is_popular = count >= POPULAR_FROM && comparison->place_count[number] > count / 100 + 1;
        comparison->places[number] =
            is_popular ? NULL : memory_new_array(comparison->place_count[number] + 1, sizeof **comparison->places);
        comparison->place_count[number] = 0;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t number = comparison->numbers_after[i];
        if (comparison->places[number])
            comparison->places[number][comparison->place_count[number]++] = (uint32_t)i;
    }
}

/* ---- matches ---- */

/** A stretch of both texts that is still to be compared. */
struct stretch {
    size_t before, before_end, after, after_end;
};

/** Widens a match over equal lines that stand directly beside it. */
static void widen(const struct comparison *comparison, const struct stretch *stretch, struct match *match)
{
    const uint32_t *before = comparison->numbers_before, *after = comparison->numbers_after;
    while (match->before > stretch->before && match->after > stretch->after &&
           before[match->before - 1] == after[match->after - 1]) {
        match->before--;
        match->after--;
        match->count++;
    }
    while (match->before + match->count < stretch->before_end && match->after + match->count < stretch->after_end &&
           before[match->before + match->count] == after[match->after + match->count])
        match->count++;
}

/** Looks at one line of the old text: runs that it goes on with. */
static void extend_runs(struct comparison *comparison, const struct stretch *stretch, size_t line, struct match *best)
{
    uint32_t number = comparison->numbers_before[line];
    bool is_best_of_line = false;
    uint64_t row = ++comparison->row;
    for (uint32_t i = comparison->place_count[number]; i-- > 0;) {
        size_t place = comparison->places[number][i];
        if (place < stretch->after || place >= stretch->after_end)
            continue;
        uint32_t length = 1 + (comparison->run_row[place] == row - 1 ? comparison->run_length[place] : 0);
        comparison->run_length[place + 1] = length;
        comparison->run_row[place + 1] = row;
        if (length > best->count || (length == best->count && is_best_of_line)) {
            *best = (struct match){line + 1 - length, place + 1 - length, length};
            is_best_of_line = true;
        }
    }
}

/** The longest common run in a stretch, the first of several. */
static struct match find_longest(struct comparison *comparison, const struct stretch *stretch)
{
    struct match best = {stretch->before, stretch->after, 0};
    comparison->row++; /* runs of another search do not go on here */
    for (size_t line = stretch->before; line < stretch->before_end; line++)
        extend_runs(comparison, stretch, line, &best);
    widen(comparison, stretch, &best);
    return best;
}

static int match_order(const void *left, const void *right)
{
    const struct match *a = left, *b = right;
    return a->before < b->before ? -1 : a->before > b->before;
}

static void add_match(struct comparison *comparison, struct match match)
{
    if (comparison->match_count == comparison->match_capacity) {
        comparison->match_capacity = memory_grown(comparison->match_capacity);
        comparison->matches =
            memory_resize(comparison->matches, comparison->match_capacity, sizeof *comparison->matches);
    }
    comparison->matches[comparison->match_count++] = match;
}

/** All common runs, in order, with an empty one at the end. */
static void find_matches(struct comparison *comparison)
{
    size_t count = 1, capacity = 8;
    struct stretch *stack = memory_new_array(capacity, sizeof *stack);
    stack[0] = (struct stretch){0, comparison->before->count, 0, comparison->after->count};
    while (count > 0) {
        struct stretch stretch = stack[--count];
        struct match match = find_longest(comparison, &stretch);
        if (match.count == 0)
            continue;
        add_match(comparison, match);
        if (count + 2 > capacity)
            stack = memory_resize(stack, capacity = memory_grown(capacity), sizeof *stack);
        stack[count++] = (struct stretch){stretch.before, match.before, stretch.after, match.after};
        stack[count++] = (struct stretch){match.before + match.count, stretch.before_end, match.after + match.count,
                                          stretch.after_end};
    }
    free(stack);
    if (comparison->match_count > 1)
        qsort(comparison->matches, comparison->match_count, sizeof *comparison->matches, match_order);
    add_match(comparison, (struct match){comparison->before->count, comparison->after->count, 0});
}

static void comparison_init(struct comparison *comparison, const struct list *before, const struct list *after)
{
    OWNED numbers = value_dict_new();
    *comparison = (struct comparison){.before = before, .after = after};
    comparison->numbers_before = number_lines(numbers.as.dict, before);
    comparison->numbers_after = number_lines(numbers.as.dict, after);
    comparison->number_count = numbers.as.dict->live;
    comparison->run_length = memory_new_array(after->count + 1, sizeof *comparison->run_length);
    comparison->run_row = memory_new_array(after->count + 1, sizeof *comparison->run_row);
    index_places(comparison);
    find_matches(comparison);
}

static void comparison_done(struct comparison *comparison)
{
    for (uint32_t i = 0; i < comparison->number_count; i++)
        free(comparison->places[i]);
    free(comparison->places);
    free(comparison->place_count);
    free(comparison->numbers_before);
    free(comparison->numbers_after);
    free(comparison->run_length);
    free(comparison->run_row);
    free(comparison->matches);
}

/* ---- output ---- */

/** "3,2" of lines from `start` (from 0) on. */
static void append_range(struct text_buffer *out, size_t start, size_t count)
{
    if (count == 1)
        text_buffer_append_format(out, "%zu", start + 1);
    else
        text_buffer_append_format(out, "%zu,%zu", count ? start + 1 : start, count);
}

/** Lines behind a mark; one without a newline at its end says so. */
static void append_lines(struct text_buffer *out, char mark, const struct list *lines, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++) {
        const struct text *line = lines->items[i].as.text;
        text_buffer_append_char(out, mark);
        text_buffer_append_text(out, line);
        if (line->length == 0 || line->bytes[line->length - 1] != '\n')
            text_buffer_append_string(out, "\n\\ No newline at end of file\n");
    }
}

/** One group of changes: the gaps before matches `first` to `last`, with lines around them. */
static void append_hunk(struct text_buffer *out, const struct comparison *comparison, size_t first, size_t last)
{
    const struct match none = {0, 0, 0};
    const struct match *matches = comparison->matches;
    const struct match *previous = first > 0 ? &matches[first - 1] : &none;
    size_t lead = previous->count < CONTEXT ? previous->count : CONTEXT;
    size_t trail = matches[last].count < CONTEXT ? matches[last].count : CONTEXT;
    size_t before = previous->before + previous->count - lead, after = previous->after + previous->count - lead;
    text_buffer_append_string(out, "@@ -");
    append_range(out, before, matches[last].before + trail - before);
    text_buffer_append_string(out, " +");
    append_range(out, after, matches[last].after + trail - after);
    text_buffer_append_string(out, " @@\n");
    append_lines(out, ' ', comparison->before, before, before + lead);
    before += lead;
    after += lead;
    for (size_t i = first; i <= last; i++) {
        size_t count = i == last ? trail : matches[i].count;
        append_lines(out, '-', comparison->before, before, matches[i].before);
        append_lines(out, '+', comparison->after, after, matches[i].after);
        append_lines(out, ' ', comparison->before, matches[i].before, matches[i].before + count);
        before = matches[i].before + matches[i].count;
        after = matches[i].after + matches[i].count;
    }
}

/** Is there a gap before a match? */
static bool has_gap(const struct comparison *comparison, size_t index)
{
    const struct match *match = &comparison->matches[index];
    if (index == 0)
        return match->before > 0 || match->after > 0;
    return match->before > match[-1].before + match[-1].count || match->after > match[-1].after + match[-1].count;
}

/** Gaps that fewer lines than twice the context are between make one hunk. */
static void append_hunks(struct text_buffer *out, const struct comparison *comparison)
{
    for (size_t first = 0; first < comparison->match_count; first++) {
        if (!has_gap(comparison, first))
            continue;
        size_t last = first;
        while (last + 1 < comparison->match_count && comparison->matches[last].count <= 2 * CONTEXT)
            last++;
        append_hunk(out, comparison, first, last);
        first = last;
    }
}

/** One side as text: a text, or anything else as JSON. */
static struct value side_text(const struct dict *diff, const char *key)
{
    const struct value *side = dict_find_string(diff, key);
    if (!side || value_is_null(*side))
        return value_string("");
    if (value_is_string(*side))
        return value_copy(*side);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    OWNED_ERROR error = {0};
    struct json_style style = {.indent = 4, .sort_keys = true};
    if (!json_append(&out, *side, &style, &error))
        value_append_repr(&out, *side);
    text_buffer_append_char(&out, '\n');
    return value_string_take(text_buffer_take(&out));
}

/** "--- before: NAME" */
static void append_header(struct text_buffer *out, const char *mark, const char *side, const struct dict *diff,
                          const char *key)
{
    const struct value *header = dict_find_string(diff, key);
    text_buffer_append_format(out, "%s %s", mark, side);
    if (header && value_is_string(*header) && header->as.text->length > 0)
        text_buffer_append_format(out, ": %s", value_bytes(*header));
    text_buffer_append_char(out, '\n');
}

static void append_diff(struct text_buffer *out, const struct dict *diff)
{
    const struct value *prepared = dict_find_string(diff, "prepared");
    if (prepared && value_is_string(*prepared))
        text_buffer_append_text(out, prepared->as.text);
    if (!dict_find_string(diff, "before") || !dict_find_string(diff, "after"))
        return;
    OWNED before = side_text(diff, "before");
    OWNED after = side_text(diff, "after");
    if (text_equal(before.as.text, after.as.text))
        return;
    OWNED old = value_list_take(split(value_bytes(before), before.as.text->length));
    OWNED new = value_list_take(split(value_bytes(after), after.as.text->length));
    struct comparison comparison;
    comparison_init(&comparison, old.as.list, new.as.list);
    append_header(out, "---", "before", diff, "before_header");
    append_header(out, "+++", "after", diff, "after_header");
    append_hunks(out, &comparison);
    comparison_done(&comparison);
}

struct text *diff_text(struct value diff)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    bool is_list = value_is_list(diff);
    const struct value *items = is_list ? diff.as.list->items : &diff;
    size_t count = is_list ? diff.as.list->count : 1;
    for (size_t i = 0; i < count; i++)
        if (value_is_dict(items[i]))
            append_diff(&out, items[i].as.dict);
    return text_buffer_take(&out);
}
