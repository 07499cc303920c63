#include "parser/command_line.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/source/suggest.h"
#include "runtime/value/text.h"

enum support { SUPPORTED, NOT_YET };

struct option_row {
    char letter;
    const char *spelling;
    const char *other_spelling;
    const char *metavar;
    enum support support;
    const char *documentation;
    unsigned commands; /* enum command_line_commands */
};

static const struct option_row option_rows[] = {
#define COMMAND_OPTION(token, letter, spelling, other, metavar, support, documentation, commands)                      \
    {letter, spelling, other, metavar, support, documentation, commands},
#include "grammar/options.def"
#undef COMMAND_OPTION
};

enum {
    USAGE_COLUMNS = 80,
    HELP_INDENT = 24,
    LONG_OPTION = 1000, /* getopt's value of row i without regard to its letter */
};

static bool has_row(const struct command_syntax *syntax, int row)
{
    return option_rows[row].commands & syntax->command;
}

/** Fills getopt's table (two spellings a row, and the end) and its letters. */
static void getopt_tables(const struct command_syntax *syntax, struct option *table, char *letters)
{
    *letters++ = ':';
    for (int i = 0; i < COMMAND_OPTION_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        if (!has_row(syntax, i))
            continue;
        int argument = row->metavar ? required_argument : no_argument;
        *table++ = (struct option){row->spelling, argument, NULL, LONG_OPTION + i};
        if (row->other_spelling)
            *table++ = (struct option){row->other_spelling, argument, NULL, LONG_OPTION + i};
        if (row->letter) {
            *letters++ = row->letter;
            if (row->metavar)
                *letters++ = ':';
        }
    }
    *table = (struct option){0};
    *letters = '\0';
}

/** The row that getopt's value stands for, or -1. */
static int row_of(const struct command_syntax *syntax, int value)
{
    if (value >= LONG_OPTION)
        return value - LONG_OPTION;
    for (int i = 0; i < COMMAND_OPTION_COUNT; i++)
        if (option_rows[i].letter && option_rows[i].letter == value && has_row(syntax, i))
            return i;
    return -1;
}

/** Appends a word, keeping the NULL at the end. */
static void words_push(struct command_words *words, char *word)
{
    words->words = memory_resize(words->words, words->count + 2, sizeof *words->words);
    words->words[words->count++] = word;
    words->words[words->count] = NULL;
}

/** "unrecognized arguments: --nosuch", with the nearest long option. */
static bool unrecognised(const struct command_syntax *syntax, const char *word, struct error *error)
{
    struct suggestion suggestion;
    const char *name = word + strspn(word, "-");
    suggestion_init(&suggestion, name, strcspn(name, "="));
    for (int i = 0; i < COMMAND_OPTION_COUNT; i++)
        if (has_row(syntax, i))
            suggestion_offer(&suggestion, option_rows[i].spelling, strlen(option_rows[i].spelling));
    error_set(error, ERROR_USAGE, "unrecognized arguments: %s", word);
    if (suggestion.best)
        error_help(error, "Did you mean '--%.*s'?", (int)suggestion.best_length, suggestion.best);
    return false;
}

/** One option as getopt found it. */
static bool take_option(const struct command_syntax *syntax, struct command_line *line, int value, char **argv,
                        struct error *error)
{
    int row = row_of(syntax, value == ':' ? optopt : value);
    if (value == '?' || row < 0)
        return unrecognised(syntax, argv[optind - 1], error);
    const char *spelling = option_rows[row].spelling;
    if (value == ':')
        return error_set(error, ERROR_USAGE, "argument --%s: expected one argument", spelling);
    words_push(&line->options[row], optarg ? optarg : argv[optind - 1]);
    return true;
}

/** No option that is not supported yet was given. */
static bool check_support(const struct command_line *line, bool *not_yet, struct error *error)
{
    *not_yet = false;
    for (int i = 0; i < COMMAND_OPTION_COUNT && !*not_yet; i++)
        if (line->options[i].count > 0 && option_rows[i].support == NOT_YET) {
            *not_yet = true;
            error_set(error, ERROR_USAGE, "--%s is not supported yet", option_rows[i].spelling);
        }
    return !*not_yet;
}

bool command_line_parse(const struct command_syntax *syntax, int argc, char **argv, struct command_line *line,
                        bool *not_yet, struct error *error)
{
    struct option table[2 * COMMAND_OPTION_COUNT + 1];
    char letters[2 * COMMAND_OPTION_COUNT + 2];
    struct command_line parsed = {0};
    int value;
    getopt_tables(syntax, table, letters);
    optind = 0;
    opterr = 0;
    *not_yet = false;
    bool good = true;
    while (good && (value = getopt_long(argc, argv, letters, table, NULL)) != -1)
        good = take_option(syntax, &parsed, value, argv, error);
    good = good && check_support(&parsed, not_yet, error);
    for (int i = optind; i < argc && good; i++)
        words_push(&parsed.operands, argv[i]);
    if (good)
        *line = parsed;
    else
        command_line_done(&parsed);
    return good;
}

void command_line_done(struct command_line *line)
{
    for (int i = 0; i < COMMAND_OPTION_COUNT; i++)
        free(line->options[i].words);
    free(line->operands.words);
    *line = (struct command_line){0};
}

const char *command_line_last(const struct command_line *line, enum command_option option)
{
    const struct command_words *words = &line->options[option];
    return words->count ? words->words[words->count - 1] : NULL;
}

/** Appends a word, on a new line indented by `indent` when it would pass the last column. `*column` follows. */
static void append_wrapped(struct text_buffer *out, const char *word, size_t length, size_t indent, size_t *column)
{
    if (*column > indent && *column + 1 + length > USAGE_COLUMNS) {
        text_buffer_append_char(out, '\n');
        text_buffer_append_repeated(out, ' ', indent);
        *column = indent;
    } else if (*column > indent) {
        text_buffer_append_char(out, ' ');
        ++*column;
    }
    text_buffer_append(out, word, length);
    *column += length;
}

void command_line_usage(const struct command_syntax *syntax, struct text_buffer *out, const char *program)
{
    size_t indent = strlen("usage: ") + strlen(program) + 1, column = indent;
    char word[64];
    text_buffer_append_format(out, "usage: %s ", program);
    for (int i = 0; i < COMMAND_OPTION_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        if (row->support == NOT_YET || !has_row(syntax, i))
            continue;
        char letter[] = {row->letter, '\0'};
        int length =
            snprintf(word, sizeof word, "[%s%s%s%s]", row->letter ? "-" : "--", row->letter ? letter : row->spelling,
                     row->metavar ? " " : "", row->metavar ? row->metavar : "");
        append_wrapped(out, word, (size_t)length, indent, &column);
    }
    for (const char *const *operand = syntax->operands; *operand; operand++)
        append_wrapped(out, *operand, strlen(*operand), indent, &column);
    text_buffer_append_char(out, '\n');
}

/** Appends text word by word within the columns. */
static void append_paragraph(struct text_buffer *out, const char *text, size_t indent)
{
    size_t column = indent;
    while (*text) {
        size_t length = strcspn(text, " ");
        append_wrapped(out, text, length, indent, &column);
        text += length + strspn(text + length, " ");
    }
    text_buffer_append_char(out, '\n');
}

/** The lines of one option. */
static void append_option(struct text_buffer *out, const struct option_row *row)
{
    size_t start = out->length;
    text_buffer_append_string(out, "  ");
    if (row->letter)
        text_buffer_append_format(out, "-%c, ", row->letter);
    text_buffer_append_format(out, "--%s", row->spelling);
    if (row->other_spelling)
        text_buffer_append_format(out, ", --%s", row->other_spelling);
    if (row->metavar)
        text_buffer_append_format(out, " %s", row->metavar);
    size_t width = out->length - start;
    if (width + 2 > HELP_INDENT) {
        text_buffer_append_char(out, '\n');
        width = 0;
    }
    text_buffer_append_repeated(out, ' ', HELP_INDENT - width);
    append_paragraph(out, row->documentation, HELP_INDENT);
}

/** The options of one kind, under their title, when there are any. */
static void append_options(const struct command_syntax *syntax, struct text_buffer *out, enum support support,
                           const char *title)
{
    bool has_title = false;
    for (int i = 0; i < COMMAND_OPTION_COUNT; i++) {
        if (!has_row(syntax, i) || option_rows[i].support != support)
            continue;
        if (!has_title)
            text_buffer_append_format(out, "\n%s\n", title);
        has_title = true;
        append_option(out, &option_rows[i]);
    }
}

void command_line_help(const struct command_syntax *syntax, struct text_buffer *out, const char *program)
{
    command_line_usage(syntax, out, program);
    for (const char *const *line = syntax->others; line && *line; line++)
        text_buffer_append_format(out, "       %s %s\n", program, *line);
    text_buffer_append_format(out, "\n%s\n", syntax->description);
    append_options(syntax, out, SUPPORTED, "options:");
    append_options(syntax, out, NOT_YET, "recognised, not supported yet:");
}
