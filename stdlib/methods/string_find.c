/* str's methods that look for a string in another. */
#include <string.h>

#include "runtime/value/list.h"
#include "runtime/value/markup.h"
#include "stdlib/argument.h"
#include "stdlib/methods/methods.h"
#include "stdlib/methods/string_argument.h"

/** Which of several places counts. */
enum side { SIDE_LEFT, SIDE_RIGHT };

/** The last place of `needle` in a stretch, or NULL. */
static const char *find_last(struct stretch in, const struct text *needle)
{
    if ((size_t)(in.end - in.start) < needle->length)
        return NULL;
    for (const char *at = in.end - needle->length;; at--) {
        if (memcmp(at, needle->bytes, needle->length) == 0)
            return at;
        if (at == in.start)
            return NULL;
    }
}

/** The index of what is found, in code points; -1 when it is not there. */
static bool find_index(const struct value *arguments, enum side side, int64_t *index, struct error *error)
{
    struct stretch in;
    bool is_inside;
    *index = -1;
    if (!string_argument(arguments[1], "", error) ||
        !string_stretch(arguments[0], arguments[2], arguments[3], &in, &is_inside, error))
        return false;
    if (!is_inside)
        return true;
    struct text *self = arguments[0].as.text;
    const struct text *needle = arguments[1].as.text;
    const char *at = side == SIDE_RIGHT ? find_last(in, needle)
                                        : memmem(in.start, (size_t)(in.end - in.start), needle->bytes, needle->length);
    if (!at)
        return true;
    *index = 0;
    for (const char *cursor = self->bytes; cursor < at; ++*index)
        text_decode(&cursor, at);
    return true;
}

static bool find(const struct value *arguments, enum side side, bool is_required, struct value *result,
                 struct error *error)
{
    int64_t index;
    if (!find_index(arguments, side, &index, error))
        return false;
    if (index < 0 && is_required)
        return error_set(error, ERROR_VALUE, "substring not found");
    *result = value_int(index);
    return true;
}

static bool str_find(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                     struct error *error)
{
    (void)evaluation;
    return find(arguments, SIDE_LEFT, false, result, error);
}

static bool str_rfind(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    return find(arguments, SIDE_RIGHT, false, result, error);
}

static bool str_index(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    return find(arguments, SIDE_LEFT, true, result, error);
}

static bool str_rindex(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                       struct error *error)
{
    (void)evaluation;
    return find(arguments, SIDE_RIGHT, true, result, error);
}

/** How often `needle` stands in a stretch without overlap. */
static int64_t count_in(struct stretch in, const struct text *needle)
{
    int64_t count = 0;
    if (needle->length == 0) {
        for (const char *cursor = in.start; cursor < in.end; count++)
            text_decode(&cursor, in.end);
        return count + 1;
    }
    while ((in.start = memmem(in.start, (size_t)(in.end - in.start), needle->bytes, needle->length)) != NULL) {
        in.start += needle->length;
        count++;
    }
    return count;
}

static bool str_count(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                      struct error *error)
{
    (void)evaluation;
    struct stretch in;
    bool is_inside;
    if (!string_argument(arguments[1], "", error) ||
        !string_stretch(arguments[0], arguments[2], arguments[3], &in, &is_inside, error))
        return false;
    *result = value_int(is_inside ? count_in(in, arguments[1].as.text) : 0);
    return true;
}

/* ---- at the ends ---- */

static bool is_at_end(struct stretch in, const struct text *part, enum side side)
{
    if ((size_t)(in.end - in.start) < part->length)
        return false;
    const char *at = side == SIDE_LEFT ? in.start : in.end - part->length;
    return memcmp(at, part->bytes, part->length) == 0;
}

/** startswith, endswith: one string or a tuple of them. */
static bool ends_with(const struct value *arguments, enum side side, struct value *result, struct error *error)
{
    const char *name = side == SIDE_LEFT ? "startswith" : "endswith";
    const struct value *parts = &arguments[1];
    size_t count = 1;
    struct stretch in;
    bool is_inside, is_found = false;
    if (arguments[1].kind == VALUE_TUPLE) {
        parts = arguments[1].as.list->items;
        count = arguments[1].as.list->count;
    } else if (!value_is_string(arguments[1])) {
        return error_set(error, ERROR_TYPE, "%s first arg must be str or a tuple of str, not %s", name,
                         value_type_name(arguments[1]));
    }
    if (!string_stretch(arguments[0], arguments[2], arguments[3], &in, &is_inside, error))
        return false;
    for (size_t i = 0; i < count && !is_found; i++) {
        if (!value_is_string(parts[i]))
            return error_set(error, ERROR_TYPE, "tuple for %s must only contain str, not %s", name,
                             value_type_name(parts[i]));
        is_found = is_inside && is_at_end(in, parts[i].as.text, side);
    }
    *result = value_bool(is_found);
    return true;
}

static bool str_startswith(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                           struct error *error)
{
    (void)evaluation;
    return ends_with(arguments, SIDE_LEFT, result, error);
}

static bool str_endswith(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                         struct error *error)
{
    (void)evaluation;
    return ends_with(arguments, SIDE_RIGHT, result, error);
}

/** The string without a part at one of its ends. */
static bool remove_end(const struct value *arguments, enum side side, const char *what, struct value *result,
                       struct error *error)
{
    if (!string_argument(arguments[1], what, error))
        return false;
    const struct text *self = arguments[0].as.text, *part = arguments[1].as.text;
    if (!is_at_end((struct stretch){self->bytes, self->bytes + self->length}, part, side)) {
        *result = value_copy(arguments[0]);
        return true;
    }
    const char *start = self->bytes + (side == SIDE_LEFT ? part->length : 0);
    *result = argument_text_like(text_new(start, self->length - part->length), arguments[0]);
    return true;
}

static bool str_removeprefix(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation;
    return remove_end(arguments, SIDE_LEFT, "removeprefix() argument", result, error);
}

static bool str_removesuffix(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation;
    return remove_end(arguments, SIDE_RIGHT, "removesuffix() argument", result, error);
}

static bool str_replace(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                        struct error *error)
{
    (void)evaluation;
    int64_t limit;
    if (!string_argument(arguments[1], "replace() argument 1", error) ||
        !string_argument(arguments[2], "replace() argument 2", error) || !argument_int(arguments[3], &limit, error))
        return false;
    OWNED new = value_is_markup(arguments[0]) ? markup_escape(arguments[2]) : value_copy(arguments[2]);
    struct text *text = text_replace(arguments[0].as.text, arguments[1].as.text, new.as.text, limit);
    *result = argument_text_like(text, arguments[0]);
    return true;
}

static const struct function rows[] = {
    {"str.count", "self, sub, start=None, end=None", str_count, 0, "How often a string stands in this one."},
    {"str.endswith", "self, suffix, start=None, end=None", str_endswith, 0,
     "Does it end with this string, or one of a tuple?"},
    {"str.find", "self, sub, start=None, end=None", str_find, 0, "The first index of a string in this one, or -1."},
    {"str.index", "self, sub, start=None, end=None", str_index, 0,
     "The first index of a string in this one; an error when it is not there."},
    {"str.removeprefix", "self, prefix", str_removeprefix, 0, "The string without this beginning."},
    {"str.removesuffix", "self, suffix", str_removesuffix, 0, "The string without this end."},
    {"str.replace", "self, old, new, count=-1", str_replace, 0, "Replaces one string by another."},
    {"str.rfind", "self, sub, start=None, end=None", str_rfind, 0, "The last index of a string in this one, or -1."},
    {"str.rindex", "self, sub, start=None, end=None", str_rindex, 0,
     "The last index of a string in this one; an error when it is not there."},
    {"str.startswith", "self, prefix, start=None, end=None", str_startswith, 0,
     "Does it begin with this string, or one of a tuple?"},
};

const struct function_table methods_string_find = {FUNCTION_METHOD, NULL, rows, COUNT_OF(rows)};
