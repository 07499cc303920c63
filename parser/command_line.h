/*
 * The command lines of playlet's commands: words to options and operands, by the table grammar/options.def.
 * Long options may be shortened while they stay unambiguous; values follow as `--name value` or `--name=value`.
 */
#ifndef PLAYLET_PARSER_COMMAND_LINE_H
#define PLAYLET_PARSER_COMMAND_LINE_H

#include "runtime/source/error.h"

enum command_option {
#define COMMAND_OPTION(token, letter, spelling, other, metavar, support, documentation, commands) COMMAND_##token,
#include "grammar/options.def"
#undef COMMAND_OPTION
    COMMAND_OPTION_COUNT,
};

/** Whose options: the rows of the table say who takes them. */
enum command_line_commands {
    FOR_RUN = 1,
    FOR_ADHOC = 2,
    FOR_INVENTORY = 4,
    FOR_VAULT = 8,
    FOR_CONFIG = 16,
    FOR_ALL = FOR_RUN | FOR_ADHOC | FOR_INVENTORY | FOR_VAULT | FOR_CONFIG,
};

/** What a command takes. */
struct command_syntax {
    enum command_line_commands command; /* one of them */
    const char *const *operands;    /* as its usage shows them, NULL-terminated: "playbook", "[playbook ...]" */
    const char *const *others;      /* further lines of its usage, without the program's name, NULL-terminated; NULL: none */
    const char *description;        /* one line */
};

/** Borrowed words of argv. */
struct command_words {
    char **words;           /* NULL-terminated */
    size_t count;
};

struct command_line {
    struct command_words options[COMMAND_OPTION_COUNT];     /* the values given; for a flag, its own words */
    struct command_words operands;
};

/** Parses argv[1..]; ERROR_USAGE with argparse's wording ("unrecognized arguments: --nosuch"), a suggestion where one is near.
 *  An option that is not supported yet is ERROR_USAGE too, with `*not_yet` set. */
bool command_line_parse(const struct command_syntax *syntax, int argc, char **argv, struct command_line *line, bool *not_yet,
                        struct error *error);
void command_line_done(struct command_line *line);

static inline bool command_line_has(const struct command_line *line, enum command_option option)
{
    return line->options[option].count > 0;
}

/** The last value given, or NULL. */
const char *command_line_last(const struct command_line *line, enum command_option option);

struct text_buffer;

/** "usage: NAME [-h] ... playbook [playbook ...]", without the options' explanations. */
void command_line_usage(const struct command_syntax *syntax, struct text_buffer *out, const char *program);

/** The usage and a line or more for each option, within 80 columns. */
void command_line_help(const struct command_syntax *syntax, struct text_buffer *out, const char *program);

#endif
