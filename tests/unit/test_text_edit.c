#include <string.h>

#include "runtime/value/text.h"
#include "tests/check.h"

static void drop_text(struct text **text)
{
    text_drop(*text);
}
#define OWNED_TEXT CLEANUP(drop_text) struct text

static struct text *text_of(const char *bytes)
{
    return text_new(bytes, strlen(bytes));
}

TEST(text_capitalize_knows_titles_and_sigmas)
{
    static const char *const cases[][2] = {
        {"", ""}, {"ABC d", "Abc d"}, {"ßA", "Ssa"}, {"ǆX", "ǅx"}, {"İI", "İi"}, {"ΟΔΟΣ", "Οδος"}, {"ŉa", "ʼNa"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        OWNED_TEXT *text = text_of(cases[i][0]);
        OWNED_TEXT *capitalized = text_capitalize(text);
        CHECK_STRING(capitalized->bytes, cases[i][1]);
    }
}

TEST(text_replace_counts_from_the_left)
{
    OWNED_TEXT *text = text_of("aéaa"), *a = text_of("a"), *empty = text_of(""), *dash = text_of("--");
    OWNED_TEXT *all = text_replace(text, a, dash, -1);
    CHECK_STRING(all->bytes, "--é----");
    OWNED_TEXT *two = text_replace(text, a, empty, 2);
    CHECK_STRING(two->bytes, "éa");
    OWNED_TEXT *between = text_replace(text, empty, dash, -1);
    CHECK_STRING(between->bytes, "--a--é--a--a--");
    OWNED_TEXT *first = text_replace(text, empty, dash, 2);
    CHECK_STRING(first->bytes, "--a--éaa");
}

TEST(text_strip_takes_white_space_or_characters)
{
    OWNED_TEXT *text = text_of("\xc2\xa0 é \n"), *characters = text_of("éx"), *word = text_of("éxaxé\xff");
    OWNED_TEXT *stripped = text_strip(text, NULL, TEXT_BOTH);
    CHECK_STRING(stripped->bytes, "é");
    OWNED_TEXT *left = text_strip(word, characters, TEXT_LEFT);
    CHECK_STRING(left->bytes, "axé\xff");
    OWNED_TEXT *nothing = text_strip(characters, characters, TEXT_RIGHT);
    CHECK_INT(nothing->length, 0);
}

TEST(text_center_puts_the_odd_one_where_python_does)
{
    OWNED_TEXT *even = text_of("éa"), *odd = text_of("abc");
    OWNED_TEXT *five = text_center(even, 5, '*');
    CHECK_STRING(five->bytes, "**éa*");
    OWNED_TEXT *six = text_center(odd, 6, '*');
    CHECK_STRING(six->bytes, "*abc**");
}

TEST(text_next_line_knows_all_line_breaks)
{
    const char *bytes = "a\r\nb\n\nc\x0b\xe2\x80\xa8"
                        "d";
    const char *cursor = bytes, *end = bytes + strlen(bytes), *start = cursor, *line_end = NULL;
    static const char *const lines[] = {"a", "b", "", "c", "", "d"};
    size_t count = 0;
    for (; text_next_line(&cursor, end, &line_end); start = cursor, count++)
        CHECK(count < COUNT_OF(lines) && strlen(lines[count]) == (size_t)(line_end - start) &&
              memcmp(start, lines[count], (size_t)(line_end - start)) == 0);
    CHECK_INT(count, COUNT_OF(lines));
}
