#include "parser/ini_file.h"

#include <string.h>

#include "runtime/value/list.h"
#include "runtime/value/repr.h"

enum { INTERPOLATION_DEPTH = 10 };

#define DEFAULT_SECTION "DEFAULT"
#define SOURCE_NAME                                                                                                    \
    "'<??"                                                                                                             \
    "?>'"

/** A file being read, line by line. */
struct reader {
    const struct ini_style *style;
    struct dict *sections;
    struct value section;        /* name of the present one; null before the first */
    struct value option;         /* name of the present one; null: none that could go on */
    struct list *lines;          /* of its value, owned */
    size_t indent;               /* of the line that it began in */
    size_t number;               /* of the line at hand */
    struct text_buffer failures; /* lines that are none of these */
};

/** One line: its own bytes, and without white space at its ends. */
struct line {
    struct text *whole; /* with its newline */
    struct text *text;
    size_t indent;
};

static void line_done(struct line *line)
{
    text_drop(line->whole);
    text_drop(line->text);
}

static struct dict *section_find(const struct dict *sections, struct value name)
{
    const struct value *found = dict_find(sections, name);
    return found ? found->as.dict : NULL;
}

/** Ends the present option: its lines become its value, without empty ones at the end. */
static void finish_option(struct reader *reader)
{
    if (value_is_null(reader->option))
        return;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    struct list *lines = reader->lines;
    while (lines->count && lines->items[lines->count - 1].as.text->length == 0)
        value_drop(list_remove(lines, lines->count - 1));
    for (size_t i = 0; i < lines->count; i++) {
        text_buffer_append_string(&out, i ? "\n" : "");
        text_buffer_append_text(&out, lines->items[i].as.text);
    }
    struct dict *section = section_find(reader->sections, reader->section);
    if (!value_is_null(*dict_find(section, reader->option)))
        dict_set_take(section, value_copy(reader->option), value_string_take(text_buffer_take(&out)));
    list_drop(lines);
    reader->lines = list_new(0);
    value_replace_take(&reader->option, value_null());
}

static bool begin_section(struct reader *reader, const char *name, size_t length, struct error *error)
{
    finish_option(reader);
    value_replace_take(&reader->section, value_string_length(name, length));
    bool is_there = section_find(reader->sections, reader->section);
    if (is_there && !value_equals_string(reader->section, DEFAULT_SECTION))
        return error_set(error, ERROR_PARSE,
                         "While reading from " SOURCE_NAME " [line %2zu]: section '%s' already exists", reader->number,
                         value_bytes(reader->section));
    if (!is_there)
        dict_set_take(reader->sections, value_copy(reader->section), value_dict_new());
    return true;
}

static struct value stripped(const char *bytes, size_t length)
{
    struct text *text = text_new(bytes, length);
    struct value result = value_string_take(text_strip(text, NULL, TEXT_BOTH));
    text_drop(text);
    return result;
}

/** A name of an option as the dict of its section has it. */
static struct value option_name(const struct ini_style *style, struct value name)
{
    return style->is_case_sensitive ? value_copy(name) : value_string_take(text_lower(name.as.text));
}

/** name = value, name: value, or a name alone. */
static bool begin_option(struct reader *reader, const struct line *line, struct error *error)
{
    const char *bytes = line->text->bytes;
    size_t length = strcspn(bytes, "=:");
    bool has_value = bytes[length] != '\0';
    OWNED raw = stripped(bytes, length);
    finish_option(reader);
    if (raw.as.text->length == 0 || (!has_value && !reader->style->allows_no_value)) {
        OWNED whole = value_string_take(text_copy(line->whole));
        OWNED shown = value_repr(whole);
        text_buffer_append_format(&reader->failures, "\n\t[line %2zu]: %s", reader->number, value_bytes(shown));
        return true;
    }
    OWNED name = option_name(reader->style, raw);
    struct dict *section = section_find(reader->sections, reader->section);
    if (dict_find(section, name))
        return error_set(error, ERROR_PARSE,
                         "While reading from " SOURCE_NAME " [line %2zu]: option '%s' in section '%s' already exists",
                         reader->number, value_bytes(name), value_bytes(reader->section));
    dict_set_take(section, value_copy(name), has_value ? value_string("") : value_null());
    reader->indent = line->indent;
    if (has_value)
        list_push_take(reader->lines, stripped(bytes + length + 1, line->text->length - length - 1));
    value_replace_take(&reader->option, value_steal(&name));
    return true;
}

static bool read_line(struct reader *reader, const struct line *line, struct error *error)
{
    const char *bytes = line->text->bytes;
    if (*bytes == '#' || *bytes == ';')
        return true;
    bool is_open = !value_is_null(reader->option);
    if (*bytes == '\0' || (is_open && line->indent > reader->indent)) {
        if (is_open)
            list_push_take(reader->lines, value_string_take(text_copy(line->text)));
        return true;
    }
    const char *end = *bytes == '[' ? strrchr(bytes, ']') : NULL;
    if (end && end > bytes + 1)
        return begin_section(reader, bytes + 1, (size_t)(end - bytes - 1), error);
    if (!value_is_null(reader->section))
        return begin_option(reader, line, error);
    OWNED whole = value_string_take(text_copy(line->whole));
    OWNED shown = value_repr(whole);
    return error_set(error, ERROR_PARSE, "File contains no section headers.\nfile: " SOURCE_NAME ", line: %zu\n%s",
                     reader->number, value_bytes(shown));
}

static bool read_lines(struct reader *reader, const struct text *text, struct error *error)
{
    const char *at = text->bytes, *end = at + text->length;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t length = newline ? (size_t)(newline - at) + 1 : (size_t)(end - at);
        CLEANUP(line_done) struct line line = {.whole = text_new(at, length)};
        line.text = text_strip(line.whole, NULL, TEXT_BOTH);
        line.indent = line.text->length ? strspn(at, " \t\f\v") : 0;
        reader->number++;
        if (!read_line(reader, &line, error))
            return false;
        at += length;
    }
    finish_option(reader);
    return reader->failures.length == 0 ||
           error_set(error, ERROR_PARSE, "Source contains parsing errors: " SOURCE_NAME "%s",
                     text_buffer_bytes(&reader->failures));
}

bool ini_parse(const struct text *text, const struct ini_style *style, struct dict **sections, struct error *error)
{
    struct reader reader = {.style = style, .sections = dict_new(), .lines = list_new(0)};
    bool is_read = read_lines(&reader, text, error);
    value_drop(reader.section);
    value_drop(reader.option);
    list_drop(reader.lines);
    text_buffer_done(&reader.failures);
    if (!is_read) {
        dict_drop(reader.sections);
        return false;
    }
    *sections = reader.sections;
    return true;
}

const struct value *ini_find(const struct dict *sections, struct value section, struct value option)
{
    OWNED defaults = value_string(DEFAULT_SECTION);
    const struct dict *own = section_find(sections, section), *general = section_find(sections, defaults);
    const struct value *found = own ? dict_find(own, option) : NULL;
    return found || !general ? found : dict_find(general, option);
}

/* ---- interpolation ---- */

/** The option whose value is being put together. */
struct interpolation {
    const struct dict *sections;
    const struct ini_style *style;
    struct value section, option, raw;
};

static bool interpolate(const struct interpolation *in, const struct text *text, int depth, struct text_buffer *out,
                        struct error *error);

/** %(name)s, of which `at` is the percent sign; the rest of the text, or NULL. */
static const char *replace_reference(const struct interpolation *in, const char *at, int depth, struct text_buffer *out,
                                     struct error *error)
{
    const char *close = strchr(at, ')');
    if (!close || close[1] != 's') {
        error_set(error, ERROR_VALUE, "bad interpolation variable reference '%s'", at);
        return NULL;
    }
    OWNED raw = value_string_length(at + 2, (size_t)(close - at - 2));
    OWNED name = option_name(in->style, raw);
    const struct value *found = ini_find(in->sections, in->section, name);
    OWNED shown = value_repr(in->raw);
    if (!found || !value_is_string(*found)) {
        error_set(
            error, ERROR_VALUE,
            "Bad value substitution: option '%s' in section '%s' contains an interpolation key '%s' which is not a "
            "valid option name. Raw value: %s",
            value_bytes(in->option), value_bytes(in->section), value_bytes(name), value_bytes(shown));
        return NULL;
    }
    return interpolate(in, found->as.text, depth + 1, out, error) ? close + 2 : NULL;
}

static bool interpolate(const struct interpolation *in, const struct text *text, int depth, struct text_buffer *out,
                        struct error *error)
{
    if (depth > INTERPOLATION_DEPTH) {
        OWNED shown = value_repr(in->raw);
        return error_set(error, ERROR_VALUE,
                         "Recursion limit exceeded in value substitution: option '%s' in section '%s' contains an "
                         "interpolation key which cannot be substituted in %d steps. Raw value: %s",
                         value_bytes(in->option), value_bytes(in->section), INTERPOLATION_DEPTH, value_bytes(shown));
    }
    for (const char *at = text->bytes; *at;) {
        size_t plain = strcspn(at, "%");
        text_buffer_append(out, at, plain);
        at += plain;
        if (at[0] == '%' && at[1] == '%') {
            text_buffer_append_char(out, '%');
            at += 2;
        } else if (at[0] == '%' && at[1] == '(') {
            at = replace_reference(in, at, depth, out, error);
            if (!at)
                return false;
        } else if (*at) {
            OWNED rest = value_string(at);
            OWNED shown = value_repr(rest);
            return error_set(error, ERROR_VALUE, "'%%' must be followed by '%%' or '(', found: %s", value_bytes(shown));
        }
    }
    return true;
}

bool ini_interpolate(const struct dict *sections, struct value section, struct value option, struct value raw,
                     const struct ini_style *style, struct value *result, struct error *error)
{
    const struct interpolation in = {sections, style, section, option, raw};
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (!interpolate(&in, raw.as.text, 1, &out, error))
        return false;
    *result = value_string_take(text_buffer_take(&out));
    return true;
}
