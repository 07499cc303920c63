#include <string.h>

#include "runtime/source/render.h"
#include "runtime/value/text.h"
#include "tests/check.h"

static const char PLAY[] = "- hosts: all\n"
                           "  tasks:\n"
                           "    - debug: msg=x\n"
                           "      whenn: true\n";

/** The span of `word` in a fresh source of `bytes`, which it owns. */
static struct span span_of(const char *bytes, const char *word)
{
    struct source *source = source_new("/d/site.yml", bytes, strlen(bytes));
    const char *at = strstr(bytes, word);
    return (struct span){source, at - bytes, strlen(word)};
}

/** What render_excerpt appends; valid until the next call. */
static const char *excerpt(struct span span)
{
    static char shown[2048];
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    render_excerpt(&out, span);
    span_drop(span);
    return strcpy(shown, text_buffer_bytes(&out));
}

static const char *rendered(const struct error *error)
{
    static char shown[2048];
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    text_buffer_append_string(&out, "[ERROR]: ");
    render_error(&out, error);
    return strcpy(shown, text_buffer_bytes(&out) + strlen("[ERROR]: "));
}

/** Gives the error the place of `word` in PLAY. */
static void blame(struct error *error, const char *word)
{
    struct span span = span_of(PLAY, word);
    error_at(error, span);
    span_drop(span);
}

TEST(render_underlines_a_span)
{
    CHECK_STRING(excerpt(span_of(PLAY, "whenn")), "Origin: /d/site.yml:4:7\n\n"
                                                  "2   tasks:\n"
                                                  "3     - debug: msg=x\n"
                                                  "4       whenn: true\n"
                                                  "        ^^^^^ column 7\n");
}

TEST(render_marks_one_character_or_the_start_of_several_lines)
{
    CHECK_STRING(excerpt(span_of(PLAY, "h")), "Origin: /d/site.yml:1:3\n\n"
                                              "1 - hosts: all\n"
                                              "    ^ column 3\n");
    CHECK_STRING(excerpt(span_of(PLAY, "debug: msg=x\n      whenn")), "Origin: /d/site.yml:3:7\n\n"
                                                                      "1 - hosts: all\n"
                                                                      "2   tasks:\n"
                                                                      "3     - debug: msg=x\n"
                                                                      "        ^ column 7\n");
}

TEST(render_aligns_line_numbers_and_cuts_trailing_blanks)
{
    CHECK_STRING(excerpt(span_of("1\n2\n3\n4\n5\n6\n7\n\n   \nx: y   \n", "y")), "Origin: /d/site.yml:10:4\n\n"
                                                                                 " 8\n"
                                                                                 " 9\n"
                                                                                 "10 x: y\n"
                                                                                 "      ^ column 4\n");
}

TEST(render_points_behind_the_last_line)
{
    struct source *source = source_new("x", "a: [\n", 5);
    CHECK_STRING(excerpt((struct span){source, 5000, 1}), "Origin: x:2:1\n\n1 a: [\n2\n  ^ column 1\n");
}

TEST(render_keeps_the_caret_below_tabs_and_wide_characters)
{
    CHECK_STRING(excerpt(span_of("a:\t\t'{{ x }}'", "{{")), "Origin: /d/site.yml:1:6\n\n"
                                                            "1 a:  '{{ x }}'\n"
                                                            "       ^^ column 6\n");
    CHECK_STRING(excerpt(span_of("- \xe6\x97\xa5\xe6\x9c\xac: x", "x")), "Origin: /d/site.yml:1:7\n\n"
                                                                         "1 - \xe6\x97\xa5\xe6\x9c\xac: x\n"
                                                                         "          ^ column 7\n");
    CHECK_STRING(excerpt(span_of("gr\xc3\xbc\xc3\x9f: \xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac")),
                 "Origin: /d/site.yml:1:7\n\n"
                 "1 gr\xc3\xbc\xc3\x9f: \xe6\x97\xa5\xe6\x9c\xac\n"
                 "        ^^^^ column 7\n");
}

TEST(render_never_sends_control_characters_to_the_terminal)
{
    CHECK_STRING(excerpt(span_of("a\x1b[31m\xff: x", "x")), "Origin: /d/site.yml:1:10\n\n"
                                                            "1 a\xef\xbf\xbd[31m\xef\xbf\xbd: x\n"
                                                            "           ^ column 10\n");
}

/** A line of `before` dashes, "BAD", and 300 dashes. */
static const char *long_line(unsigned before)
{
    static char line[1024];
    memset(line, '-', before + 303);
    memcpy(line + before, "BAD", 3);
    line[before + 303] = '\0';
    return line;
}

TEST(render_shortens_a_long_line_at_its_end)
{
    const char *shown = excerpt(span_of(long_line(10), "BAD"));
    CHECK(strstr(shown, "\n1 ----------BAD---") != NULL);
    CHECK(strstr(shown, "---...\n            ^^^ column 11\n") != NULL);
    CHECK(strlen(shown) < 200);
}

TEST(render_shortens_a_long_line_around_the_span)
{
    CHECK_STRING(excerpt(span_of(long_line(500), "BAD")),
                 "Origin: /d/site.yml:1:501\n\n"
                 "1 ...----------------------------------------BAD------------------------------------------------"
                 "-----------------------------...\n"
                 "                                             ^^^ column 501\n");
}

TEST(render_excerpt_of_no_source_is_nothing)
{
    CHECK_STRING(excerpt((struct span){0}), "");
}

TEST(render_error_without_a_place_is_one_line)
{
    OWNED_ERROR error = {0};
    error_set(&error, ERROR_FILE, "the playbook: x.yml could not be found");
    CHECK_STRING(rendered(&error), "the playbook: x.yml could not be found\n");
}

TEST(render_error_shows_place_and_help)
{
    OWNED_ERROR error = {0};
    error_set(&error, ERROR_PARSE, "'whenn' is not a keyword of a task and not a module.");
    error_help(&error, "Did you mean 'when'?");
    blame(&error, "whenn");
    CHECK_STRING(rendered(&error), "'whenn' is not a keyword of a task and not a module.\n"
                                   "Origin: /d/site.yml:4:7\n\n"
                                   "2   tasks:\n"
                                   "3     - debug: msg=x\n"
                                   "4       whenn: true\n"
                                   "        ^^^^^ column 7\n\n"
                                   "Did you mean 'when'?\n\n");
}

TEST(render_error_with_help_alone)
{
    OWNED_ERROR error = {0};
    error_set(&error, ERROR_USAGE, "unknown option --foo");
    error_help(&error, "See --help.");
    CHECK_STRING(rendered(&error), "unknown option --foo\n\nSee --help.\n\n");
}

TEST(render_error_tells_causes_at_other_places)
{
    OWNED_ERROR error = {0};
    error_set(&error, ERROR_UNDEFINED, "'x' is undefined");
    blame(&error, "x");
    error_wrap(&error, "Task failed.");
    blame(&error, "debug");
    CHECK_STRING(rendered(&error), "Task failed: 'x' is undefined\n\n"
                                   "Task failed.\n"
                                   "Origin: /d/site.yml:3:7\n\n"
                                   "1 - hosts: all\n"
                                   "2   tasks:\n"
                                   "3     - debug: msg=x\n"
                                   "        ^^^^^ column 7\n\n"
                                   "<<< caused by >>>\n\n"
                                   "'x' is undefined\n"
                                   "Origin: /d/site.yml:3:18\n\n"
                                   "1 - hosts: all\n"
                                   "2   tasks:\n"
                                   "3     - debug: msg=x\n"
                                   "                   ^ column 18\n\n");
}

TEST(render_error_joins_causes_without_a_place_of_their_own)
{
    OWNED_ERROR error = {0};
    error_set(&error, ERROR_MODULE, "non-zero return code");
    error_wrap(&error, "Module failed.");
    error_wrap(&error, "Task failed.");
    blame(&error, "whenn");
    error_wrap(&error, "In the end.");
    CHECK_STRING(rendered(&error), "In the end: Task failed: Module failed: non-zero return code\n"
                                   "Origin: /d/site.yml:4:7\n\n"
                                   "2   tasks:\n"
                                   "3     - debug: msg=x\n"
                                   "4       whenn: true\n"
                                   "        ^^^^^ column 7\n\n");
}

TEST(render_error_shows_one_excerpt_for_one_place)
{
    OWNED_ERROR error = {0};
    error_set(&error, ERROR_TYPE, "The value 'true' could not be converted.");
    struct span span = span_of(PLAY, "whenn");
    error_at(&error, span);
    error_wrap(&error, "Error processing keyword 'whenn'.");
    error_at(&error, span);
    span_drop(span);
    const char *shown = rendered(&error);
    CHECK(strstr(shown, "Error processing keyword 'whenn': The value 'true' could not be converted.\nOrigin") == shown);
    CHECK(strstr(shown, "caused by") == NULL);
}
