/*
 * What works on all matches of a regular expression: findall, split and sub, with Python's templates of replacements.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/value/regex.h"

/** A group as findall gives it: the empty text where it took no part. */
static struct value group_or_empty(const struct regex *regex, const char *bytes, uint32_t group)
{
    return regex_start(regex, group) == REGEX_UNSET ? value_string("") : regex_group(regex, bytes, group);
}

/** What findall gives for the last match. */
static struct value found_value(const struct regex *regex, const char *bytes)
{
    uint32_t groups = regex_group_count(regex);
    if (groups <= 1)
        return group_or_empty(regex, bytes, groups);
    struct list *all = list_new(groups);
    for (uint32_t i = 1; i <= groups; i++)
        list_push_take(all, group_or_empty(regex, bytes, i));
    return value_tuple_take(all);
}

bool regex_find_all(struct regex *regex, const char *bytes, size_t length, struct list **matches, struct error *error)
{
    CLEANUP(regex_iterator_done) struct regex_iterator iterator;
    OWNED all = value_list_new();
    bool found;
    regex_iterator_init(&iterator, regex, bytes, length);
    while (regex_next(&iterator, &found, error)) {
        if (!found) {
            *matches = value_steal(&all).as.list;
            return true;
        }
        list_push_take(all.as.list, found_value(regex, bytes));
    }
    return false;
}

bool regex_split(struct regex *regex, const char *bytes, size_t length, size_t limit, struct list **parts,
                 struct error *error)
{
    CLEANUP(regex_iterator_done) struct regex_iterator iterator;
    size_t last = 0, count = 0;
    OWNED all = value_list_new();
    regex_iterator_init(&iterator, regex, bytes, length);
    for (bool found; limit == 0 || count < limit; ++count) {
        if (!regex_next(&iterator, &found, error))
            return false;
        if (!found)
            break;
        list_push_take(all.as.list, value_string_length(bytes + last, regex_start(regex, 0) - last));
        for (uint32_t i = 1; i <= regex_group_count(regex); i++)
            list_push_take(all.as.list, regex_group(regex, bytes, i));
        last = regex_end(regex, 0);
    }
    list_push_take(all.as.list, value_string_length(bytes + last, length - last));
    *parts = value_steal(&all).as.list;
    return true;
}

/* ---- templates ---- */

/** Literal text, then a group. */
struct template_part {
    size_t end;    /* of the literal, in `literals`; it starts where the one before ends */
    int64_t group; /* -1: none */
};

struct regex_template {
    struct text_buffer literals;
    struct template_part *parts;
    size_t count, capacity;
};

/** A template that is being read. */
struct template_reader {
    const struct regex *regex;
    struct regex_template *template;
    const char *start, *cursor, *end;
    struct error *error;
};

static void template_free(struct regex_template *template)
{
    if (!template)
        return;
    text_buffer_done(&template->literals);
    free(template->parts);
    free(template);
}

/** Fills the error "<message> at position N" for a place in the template. */
PRINTF_FORMAT(3, 4)
static bool template_fail(struct template_reader *reader, const char *place, const char *format, ...)
{
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    size_t position = 0;
    char *buffer;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&buffer, format, arguments) < 0)
        memory_exhausted();
    va_end(arguments);
    text_buffer_append_string(&message, buffer);
    free(buffer);
    for (const char *cursor = reader->start; cursor < place; ++position)
        text_decode(&cursor, place);
    return error_set(reader->error, ERROR_VALUE, "%s at position %zu", text_buffer_bytes(&message), position);
}

static void template_add(struct regex_template *template, int64_t group)
{
    if (template->count == template->capacity) {
        template->capacity = memory_grown(template->capacity);
        template->parts = memory_resize(template->parts, template->capacity, sizeof *template->parts);
    }
    template->parts[template->count++] = (struct template_part){template->literals.length, group};
}

/** A reference to group `number`, named at `place`. */
static bool template_group(struct template_reader *reader, const char *place, uint64_t number)
{
    if (number > regex_group_count(reader->regex))
        return template_fail(reader, place, "invalid group reference %ju", (uintmax_t)number);
    template_add(reader->template, (int64_t)number);
    return true;
}

/** \g<name>; the g is read. */
static bool template_named(struct template_reader *reader)
{
    if (reader->cursor == reader->end || *reader->cursor != '<')
        return template_fail(reader, reader->cursor, "missing <");
    const char *name = ++reader->cursor, *close = memchr(name, '>', (size_t)(reader->end - name));
    if (name == reader->end || close == name)
        return template_fail(reader, name, "missing group name");
    if (!close)
        return template_fail(reader, name, "missing >, unterminated name");
    reader->cursor = close + 1;
    size_t length = (size_t)(close - name);
    if (strspn(name, "0123456789") >= length)
        return template_group(reader, name, length > 9 ? UINT32_MAX : strtoul(name, NULL, 10));
    int number = regex_group_number(reader->regex, name, length);
    if (number >= 0)
        return template_group(reader, name, (uint64_t)number);
    for (const char *cursor = name; cursor < close;) {
        bool first = cursor == name;
        uint32_t point = text_decode(&cursor, close);
        if (point != '_' && !text_point_is_alpha(point) && (first || !text_point_is_digit(point)))
            return template_fail(reader, name, "bad character in group name '%.*s'", (int)length, name);
    }
    return error_set(reader->error, ERROR_KEY, "unknown group name '%.*s'", (int)length, name);
}

static bool is_octal(const char *cursor, const char *end)
{
    return cursor < end && *cursor >= '0' && *cursor <= '7';
}

/** \1, \12, or an octal escape; the cursor is on the first digit. */
static bool template_digits(struct template_reader *reader)
{
    const char *start = reader->cursor, *end = reader->end;
    bool octal = is_octal(start, end) && is_octal(start + 1, end) && is_octal(start + 2, end);
    uint64_t number = 0;

    if (*start == '0' || octal) {
        for (int i = 0; i < 3 && is_octal(reader->cursor, end); ++i)
            number = number * 8 + (uint64_t)(*reader->cursor++ - '0');
        if (number > 0377)
            return template_fail(reader, start - 1, "octal escape value \\%.*s outside of range 0-0o377",
                                 (int)(reader->cursor - start), start);
        text_buffer_append_point(&reader->template->literals, (uint32_t)number);
        return true;
    }
    for (int i = 0; i < 2 && reader->cursor < end && *reader->cursor >= '0' && *reader->cursor <= '9'; ++i)
        number = number * 10 + (uint64_t)(*reader->cursor++ - '0');
    return template_group(reader, start, number);
}

/** What follows a backslash. */
static bool template_escape(struct template_reader *reader)
{
    static const char letters[] = "abfnrtv\\", values[] = "\a\b\f\n\r\t\v\\";
    struct text_buffer *literals = &reader->template->literals;
    const char *backslash = reader->cursor - 1;

    if (reader->cursor == reader->end)
        return template_fail(reader, backslash, "bad escape (end of pattern)");
    char letter = *reader->cursor;
    const char *found = letter ? strchr(letters, letter) : NULL;
    if (letter >= '0' && letter <= '9')
        return template_digits(reader);
    ++reader->cursor;
    if (letter == 'g')
        return template_named(reader);
    if (found) {
        text_buffer_append_char(literals, values[found - letters]);
        return true;
    }
    if ((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'))
        return template_fail(reader, backslash, "bad escape \\%c", letter);
    text_buffer_append(literals, backslash, 2);
    return true;
}

static struct regex_template *template_parse(const struct regex *regex, struct text *replacement, struct error *error)
{
    struct regex_template *template = memory_new_array(1, sizeof *template);
    struct template_reader reader = {.regex = regex, .template = template, .error = error};

    reader.start = reader.cursor = replacement->bytes;
    reader.end = replacement->bytes + replacement->length;
    while (reader.cursor < reader.end) {
        const char *backslash = memchr(reader.cursor, '\\', (size_t)(reader.end - reader.cursor));
        const char *stop = backslash ? backslash : reader.end;

        text_buffer_append(&template->literals, reader.cursor, (size_t)(stop - reader.cursor));
        reader.cursor = stop + (backslash != NULL);
        if (backslash && !template_escape(&reader)) {
            template_free(template);
            return NULL;
        }
    }
    template_add(template, -1);
    return template;
}

/** Appends the template, filled in with the last match in `bytes`. */
static void template_append(const struct regex_template *template, const struct regex *regex, const char *bytes,
                            struct text_buffer *out)
{
    const char *literals = text_buffer_bytes(&template->literals);
    size_t last = 0;
    for (size_t i = 0; i < template->count; ++i) {
        const struct template_part *part = &template->parts[i];
        text_buffer_append(out, literals + last, part->end - last);
        last = part->end;
        if (part->group < 0)
            continue;
        size_t start = regex_start(regex, (uint32_t)part->group);
        if (start != REGEX_UNSET)
            text_buffer_append(out, bytes + start, regex_end(regex, (uint32_t)part->group) - start);
    }
}

bool regex_expand(struct regex *regex, const char *bytes, struct text *replacement, struct text_buffer *out,
                  struct error *error)
{
    struct regex_template *template = template_parse(regex, replacement, error);
    if (!template)
        return false;
    template_append(template, regex, bytes, out);
    template_free(template);
    return true;
}

bool regex_replace(struct regex *regex, const char *bytes, size_t length, struct text *replacement, size_t limit,
                   struct text_buffer *out, size_t *count, struct error *error)
{
    CLEANUP(regex_iterator_done) struct regex_iterator iterator;
    struct regex_template *template = template_parse(regex, replacement, error);
    size_t last = 0;
    bool found, ok = true;
    regex_iterator_init(&iterator, regex, bytes, length);
    *count = 0;
    if (!template)
        return false;
    for (; limit == 0 || *count < limit; ++*count) {
        ok = regex_next(&iterator, &found, error);
        if (!ok || !found)
            break;
        text_buffer_append(out, bytes + last, regex_start(regex, 0) - last);
        template_append(template, regex, bytes, out);
        last = regex_end(regex, 0);
    }
    if (ok)
        text_buffer_append(out, bytes + last, length - last);
    template_free(template);
    return ok;
}
