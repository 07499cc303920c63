/* str's methods that take a string apart and put strings together. */
#include <string.h>

#include "runtime/value/list.h"
#include "runtime/value/markup.h"
#include "stdlib/argument.h"
#include "stdlib/items.h"
#include "stdlib/methods/methods.h"
#include "stdlib/methods/string_argument.h"

/** A part of `self` at the end of a list. */
static void push_part(struct list *parts, struct value self, const char *start, const char *end)
{
    list_push_take(parts, argument_text_like(text_new(start, (size_t)(end - start)), self));
}

/** Runs of white space part the words; what is left after `limit` words is one more. */
static struct list *split_words(struct value self, int64_t limit)
{
    const char *at = self.as.text->bytes, *end = at + self.as.text->length;
    struct list *parts = list_new(0);
    for (;;) {
        const char *start = at, *next = at;
        while (next < end && text_point_is_space(text_decode(&next, end)))
            start = next;
        if (start == end)
            return parts;
        if (limit == 0) {
            push_part(parts, self, start, end);
            return parts;
        }
        const char *stop = start;
        for (next = start; next < end && !text_point_is_space(text_decode(&next, end));)
            stop = next;
        push_part(parts, self, start, stop);
        at = stop;
        limit -= limit > 0;
    }
}

static struct list *split_at(struct value self, const struct text *separator, int64_t limit)
{
    const char *at = self.as.text->bytes, *end = at + self.as.text->length, *found;
    struct list *parts = list_new(0);
    while (limit != 0 && (found = memmem(at, (size_t)(end - at), separator->bytes, separator->length)) != NULL) {
        push_part(parts, self, at, found);
        at = found + separator->length;
        limit -= limit > 0;
    }
    push_part(parts, self, at, end);
    return parts;
}

/** The start of the code point that ends at `end`. */
static const char *previous_point(const char *start, const char *end)
{
    do
        end--;
    while (end > start && (*end & 0xC0) == 0x80);
    return end;
}

/** Is the code point that ends at `end` white space? */
static bool is_space_before(const char *start, const char *end)
{
    const char *at = previous_point(start, end);
    return text_point_is_space(text_decode(&at, end));
}

/** From the right; the parts come last first. */
static struct list *split_words_from_right(struct value self, int64_t limit)
{
    const char *start = self.as.text->bytes, *end = start + self.as.text->length;
    struct list *parts = list_new(0);
    for (;;) {
        while (end > start && is_space_before(start, end))
            end = previous_point(start, end);
        if (end == start)
            return parts;
        const char *at = end;
        while (at > start && (limit == 0 || !is_space_before(start, at)))
            at = previous_point(start, at);
        push_part(parts, self, at, end);
        end = at;
        limit -= limit > 0;
    }
}

static struct list *split_at_from_right(struct value self, const struct text *separator, int64_t limit)
{
    const char *start = self.as.text->bytes, *end = start + self.as.text->length, *at = end;
    struct list *parts = list_new(0);
    while (limit != 0 && (size_t)(at - start) >= separator->length) {
        const char *candidate = at - separator->length;
        if (memcmp(candidate, separator->bytes, separator->length) != 0) {
            at--;
            continue;
        }
        push_part(parts, self, at, end);
        end = at = candidate;
        limit -= limit > 0;
    }
    push_part(parts, self, start, end);
    return parts;
}

/** The separator and the limit of both ways to split; *separator is NULL for white space. */
static bool read_split(const struct value *arguments, struct text **separator, int64_t *limit, struct error *error)
{
    *separator = NULL;
    if (!argument_int(arguments[2], limit, error))
        return false;
    if (value_is_null(arguments[1]))
        return true;
    if (!value_is_string(arguments[1]))
        return error_set(error, ERROR_TYPE, "must be str or None, not %s", value_type_name(arguments[1]));
    *separator = arguments[1].as.text;
    return (*separator)->length > 0 || error_set(error, ERROR_VALUE, "empty separator");
}

static bool str_split(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    struct text *separator;
    int64_t limit;
    if (!read_split(arguments, &separator, &limit, error))
        return false;
    *result = value_list_take(separator ? split_at(arguments[0], separator, limit) : split_words(arguments[0], limit));
    return true;
}

static bool str_rsplit(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    struct text *separator;
    int64_t limit;
    if (!read_split(arguments, &separator, &limit, error))
        return false;
    struct list *parts =
        separator ? split_at_from_right(arguments[0], separator, limit) : split_words_from_right(arguments[0], limit);
    list_reverse(parts);
    *result = value_list_take(parts);
    return true;
}

static bool str_splitlines(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    (void)error;
    const char *at = arguments[0].as.text->bytes, *end = at + arguments[0].as.text->length, *line_end;
    bool keeps_ends = value_truth(arguments[1]);
    struct list *lines = list_new(0);
    for (const char *start = at; text_next_line(&at, end, &line_end); start = at)
        push_part(lines, arguments[0], start, keeps_ends ? at : line_end);
    *result = value_list_take(lines);
    return true;
}

/** (before, separator, after); where it is not found, the whole string and two empty ones. */
static bool partition(const struct value *arguments, bool from_right, struct value *result, struct error *error)
{
    if (!string_argument(arguments[1], "", error))
        return false;
    struct text *separator = arguments[1].as.text;
    if (separator->length == 0)
        return error_set(error, ERROR_VALUE, "empty separator");
    struct list *parts = (from_right ? split_at_from_right : split_at)(arguments[0], separator, 1);
    struct value middle = argument_text_like(text_copy(separator), arguments[0]);
    if (parts->count == 2) {
        list_insert_take(parts, 1, middle);
    } else {
        value_drop(middle);
        list_push_take(parts, value_string(""));
        list_push_take(parts, value_string(""));
    }
    if (from_right)
        list_reverse(parts);
    *result = value_tuple_take(parts);
    return true;
}

static bool str_partition(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    (void)evaluation;
    return partition(arguments, false, result, error);
}

static bool str_rpartition(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    return partition(arguments, true, result, error);
}

static bool join_items(struct value self, const struct list *items, struct text_buffer *out, struct error *error)
{
    for (size_t i = 0; i < items->count; i++) {
        if (i)
            text_buffer_append_text(out, self.as.text);
        OWNED item = value_is_markup(self) ? markup_escape(items->items[i]) : value_copy(items->items[i]);
        if (!value_is_string(item))
            return error_set(error, ERROR_TYPE, "sequence item %zu: expected str instance, %s found", i,
                             value_type_name(item));
        text_buffer_append_text(out, item.as.text);
    }
    return true;
}

static bool str_join(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                     struct error *error)
{
    if (value_is_number(arguments[1]) || value_is_null(arguments[1]))
        return error_set(error, ERROR_TYPE, "can only join an iterable");
    struct list *items = items_read(evaluation, arguments[1], ITEMS_REFUSE_UNDEFINED, error);
    if (!items)
        return false;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    bool is_joined = join_items(arguments[0], items, &out, error);
    list_drop(items);
    if (is_joined)
        *result = argument_text_like(text_buffer_take(&out), arguments[0]);
    return is_joined;
}

static const struct function rows[] = {
    {"str.join", "self, iterable", str_join, 0, "The strings of an iterable, with this one between them."},
    {"str.partition", "self, sep", str_partition, 0, "What stands before the first separator, itself, and the rest."},
    {"str.rpartition", "self, sep", str_rpartition, 0, "What stands before the last separator, itself, and the rest."},
    {"str.rsplit", "self, sep=None, maxsplit=-1", str_rsplit, 0, "The parts between separators, from the right."},
    {"str.split", "self, sep=None, maxsplit=-1", str_split, 0, "The parts between separators, or the words."},
    {"str.splitlines", "self, keepends=False", str_splitlines, 0, "The lines of the string."},
};

const struct function_table methods_string_split = {FUNCTION_METHOD, NULL, rows, COUNT_OF(rows)};
