/* sequence: numbers from one to another as text. */
#include <ctype.h>
#include <string.h>

#include "parser/arguments.h"
#include "runtime/limits.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/format.h"
#include "runtime/value/repr.h"
#include "stdlib/lookups/lookups.h"
#include "stdlib/lookups/option.h"

/** What one term asks for; null where it does not say. */
struct sequence {
    struct value start, end, count, stride, format; /* owned */
};

static void sequence_done(struct sequence *sequence)
{
    value_drop(sequence->start);
    value_drop(sequence->end);
    value_drop(sequence->count);
    value_drop(sequence->stride);
    value_drop(sequence->format);
}

/** A number of the short form: hexadecimal digits, with 0x before them if need be; what they are worth is seen later. */
static const char *skip_number(const char *at)
{
    const char *digits = at + (at[0] == '0' && at[1] == 'x' ? 2 : 0);
    const char *end = digits;
    while (isxdigit((unsigned char)*end) && !isupper((unsigned char)*end))
        end++;
    return end > digits ? end : NULL;
}

/** [start-]end[/stride][:format]; false when it is not of that form. */
static bool read_short(const char *text, struct sequence *sequence)
{
    const char *first = text, *after = skip_number(text), *start = NULL, *stride = NULL, *format = NULL;
    if (after && *after == '-') {
        start = text;
        first = after + 1;
        after = skip_number(first);
    }
    const char *end_of_end = after;
    if (after && *after == '/') {
        stride = after + 1;
        after = skip_number(stride);
    }
    const char *end_of_stride = after;
    if (after && *after == ':') {
        format = after + 1;
        after += strlen(after);
    }
    if (!after || *after || (format && !*format))
        return false;
    value_replace_take(&sequence->end, value_string_length(first, (size_t)(end_of_end - first)));
    if (start)
        value_replace_take(&sequence->start, value_string_length(start, (size_t)(first - 1 - start)));
    if (stride)
        value_replace_take(&sequence->stride, value_string_length(stride, (size_t)(end_of_stride - stride)));
    if (format)
        value_replace_take(&sequence->format, value_string(format));
    return true;
}

/** start=1 end=3 and so on. */
static bool read_pairs(struct value term, struct sequence *sequence, struct error *error)
{
    struct dict *pairs;
    if (!arguments_parse(term, false, NULL, &pairs, error))
        return false;
    const struct {
        const char *name;
        struct value *slot;
    } options[] = {{"start", &sequence->start},
                   {"end", &sequence->end},
                   {"count", &sequence->count},
                   {"stride", &sequence->stride},
                   {"format", &sequence->format}};
    OWNED owner = value_dict_take(pairs);
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        OWNED key = value_string(options[i].name);
        OWNED value = value_null();
        if (dict_remove(pairs, key, &value))
            value_replace_take(options[i].slot, value_untrusted(value));
    }
    if (pairs->live == 0)
        return true;
    struct list *names = list_new(pairs->live);
    OWNED unknown = value_list_take(names);
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(pairs, &i, &entry);)
        list_push_take(names, value_copy(entry->key));
    OWNED shown = value_repr(unknown);
    return error_set(error, ERROR_LOOKUP, "unrecognized arguments to with_sequence: %s", value_bytes(shown));
}

static bool read_int(const char *option, struct value value, int64_t fallback, int64_t *result, struct error *error)
{
    *result = fallback;
    return value_is_null(value) ||
           option_int(&(struct option_place){"sequence", option, "integer"}, value, result, error);
}

/** The numbers of a sequence; a stride of 0 means none. */
struct numbers {
    int64_t start, end, stride;
};

static bool resolve(const struct sequence *sequence, struct numbers *numbers, struct error *error)
{
    int64_t count;
    bool has_count = !value_is_null(sequence->count);
    if (!read_int("start", sequence->start, 1, &numbers->start, error) ||
        !read_int("end", sequence->end, 0, &numbers->end, error) ||
        !read_int("count", sequence->count, 0, &count, error) ||
        !read_int("stride", sequence->stride, 1, &numbers->stride, error))
        return false;
    if (!has_count && value_is_null(sequence->end))
        return error_set(error, ERROR_LOOKUP, "must specify count or end in with_sequence");
    if (has_count && !value_is_null(sequence->end))
        return error_set(error, ERROR_LOOKUP, "can't specify both count and end in with_sequence");
    if (has_count && count == 0)
        numbers->start = numbers->end = numbers->stride = 0;
    else if (has_count && (__builtin_mul_overflow(count, numbers->stride, &numbers->end) ||
                           __builtin_add_overflow(numbers->end, numbers->start - 1, &numbers->end)))
        return error_set(error, ERROR_LIMIT, "the sequence is too long");
    if (numbers->stride > 0 && numbers->end < numbers->start)
        return error_set(error, ERROR_LOOKUP, "to count backwards make stride negative");
    if (numbers->stride < 0 && numbers->end > numbers->start)
        return error_set(error, ERROR_LOOKUP, "to count forward don't make stride negative");
    return true;
}

/** Exactly one % stands in it. */
static bool check_format(struct value format, struct error *error)
{
    const char *percent = value_is_string(format) ? strchr(value_bytes(format), '%') : NULL;
    if (percent && !strchr(percent + 1, '%'))
        return true;
    OWNED shown = value_str(format);
    return error_set(error, ERROR_LOOKUP, "bad formatting string: %s", value_bytes(shown));
}

static bool push_numbers(const struct sequence *sequence, struct list *out, struct error *error)
{
    struct numbers numbers;
    OWNED format = value_is_null(sequence->format) ? value_string("%d") : value_copy(sequence->format);
    if (!resolve(sequence, &numbers, error) || !check_format(format, error))
        return false;
    for (int64_t i = numbers.start; numbers.stride > 0 ? i <= numbers.end : numbers.stride && i >= numbers.end;) {
        struct value text;
        if (!value_format_percent(format, value_int(i), &text, error)) {
            OWNED shown = value_repr(format);
            return error_wrap(error, "problem formatting %lld with %s", (long long)i, value_bytes(shown));
        }
        list_push_take(out, text);
        if (out->count > LIMIT_RANGE_ITEMS)
            return error_set(error, ERROR_LIMIT, "the sequence has too many items (the limit is %d)",
                             LIMIT_RANGE_ITEMS);
        if (__builtin_add_overflow(i, numbers.stride, &i))
            break;
    }
    return true;
}

/** One term, on top of what the keywords say. */
static bool push_term(const struct value *arguments, struct value term, struct list *out, struct error *error)
{
    if (!value_is_string(term)) {
        OWNED shown = value_str(term);
        return error_set(error, ERROR_LOOKUP,
                         "unknown error parsing with_sequence arguments: %s. Error was: expected string or bytes-like "
                         "object, got '%s'",
                         value_bytes(shown), value_type_name(term));
    }
    CLEANUP(sequence_done)
    struct sequence sequence = {value_copy(arguments[1]), value_copy(arguments[2]), value_copy(arguments[3]),
                                value_copy(arguments[4]), value_copy(arguments[5])};
    if (!read_short(value_bytes(term), &sequence) && !read_pairs(term, &sequence, error))
        return false;
    return push_numbers(&sequence, out, error);
}

static bool lookup_sequence(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    (void)evaluation;
    const struct list *terms = arguments[0].as.list;
    OWNED numbers = value_list_new();
    for (size_t i = 0; i < terms->count; i++)
        if (!push_term(arguments, terms->items[i], numbers.as.list, error))
            return false;
    bool has_options = !value_is_null(arguments[2]) || !value_is_null(arguments[3]);
    if (terms->count == 0 && has_options) {
        const struct sequence sequence = {arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]};
        if (!push_numbers(&sequence, numbers.as.list, error))
            return false;
    }
    *result = value_steal(&numbers);
    return true;
}

static const struct function rows[] = {
    {"sequence", "terms, start=None, end=None, count=None, stride=None, format=None" LOOKUP_UNKNOWN, lookup_sequence,
     LOOKUP_FLAGS, "Numbers from one to another as text: start=0 end=10 stride=2 format=host%02d."},
};

const struct function_table lookups_sequence = {FUNCTION_LOOKUP, "ansible.builtin", rows, COUNT_OF(rows)};
