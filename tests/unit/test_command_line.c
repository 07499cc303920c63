#include <string.h>

#include "parser/command_line.h"
#include "runtime/value/text.h"
#include "tests/check.h"

static const char *const operands[] = {"playbook", "[playbook ...]", NULL};
static const struct command_syntax syntax = {.command = FOR_RUN, .operands = operands, .description = "Runs playbooks."};

static bool parse(const char *const *words, struct command_line *line, bool *not_yet, struct error *error)
{
    int count = 0;
    while (words[count])
        count++;
    return command_line_parse(&syntax, count, (char **)words, line, not_yet, error);
}

TEST(command_line_mixes_options_and_operands)
{
    const char *words[] = {"playlet", "-vv", "site.yml", "--tags=a", "-t", "b", "-e", "x=1", "more.yml", NULL};
    CLEANUP(command_line_done) struct command_line line = {0};
    OWNED_ERROR error = {0};
    bool not_yet;
    CHECK(parse(words, &line, &not_yet, &error));
    CHECK_INT(line.options[COMMAND_VERBOSE].count, 2);
    CHECK_INT(line.options[COMMAND_TAGS].count, 2);
    CHECK_STRING(line.options[COMMAND_TAGS].words[0], "a");
    CHECK_STRING(command_line_last(&line, COMMAND_TAGS), "b");
    CHECK_STRING(command_line_last(&line, COMMAND_EXTRA_VARS), "x=1");
    CHECK_INT(line.operands.count, 2);
    CHECK_STRING(line.operands.words[1], "more.yml");
}

TEST(command_line_suggests_the_nearest_option)
{
    const char *words[] = {"playlet", "--skip-tag5", "x", NULL};
    CLEANUP(command_line_done) struct command_line line = {0};
    OWNED_ERROR error = {0};
    bool not_yet;
    CHECK(!parse(words, &line, &not_yet, &error));
    CHECK_STRING(error.message, "unrecognized arguments: --skip-tag5");
    CHECK_STRING(error.help, "Did you mean '--skip-tags'?");
    CHECK(!not_yet);
}

TEST(command_line_refuses_what_is_not_supported_yet)
{
    const char *words[] = {"playlet", "--user", "x", "site.yml", NULL};
    CLEANUP(command_line_done) struct command_line line = {0};
    OWNED_ERROR error = {0};
    bool not_yet;
    CHECK(!parse(words, &line, &not_yet, &error));
    CHECK_STRING(error.message, "--user is not supported yet");
    CHECK(not_yet);
}

TEST(command_line_misses_a_value)
{
    const char *words[] = {"playlet", "site.yml", "-i", NULL};
    CLEANUP(command_line_done) struct command_line line = {0};
    OWNED_ERROR error = {0};
    bool not_yet;
    CHECK(!parse(words, &line, &not_yet, &error));
    CHECK_STRING(error.message, "argument --inventory: expected one argument");
}

TEST(command_line_help_stays_within_80_columns)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    command_line_help(&syntax, &out, "playlet");
    for (const char *line = text_buffer_bytes(&out); *line; line += strcspn(line, "\n") + 1)
        CHECK(strcspn(line, "\n") <= 80);
}
