#include <string.h>

#include "runtime/source/source.h"
#include "tests/check.h"

static struct source *source_of(const char *bytes)
{
    return source_new("x.yml", bytes, strlen(bytes));
}

static void drop(struct source **source)
{
    source_drop(*source);
}

#define OWNED_SOURCE CLEANUP(drop) struct source

static bool stands_at(struct source *source, uint32_t offset, uint32_t line, uint32_t column)
{
    struct place place = source_locate(source, offset);
    return place.line == line && place.column == column;
}

TEST(source_locates_lines_and_columns_from_one)
{
    OWNED_SOURCE *source = source_of("ab\n\ncd\n");
    CHECK(stands_at(source, 0, 1, 1));
    CHECK(stands_at(source, 2, 1, 3));
    CHECK(stands_at(source, 3, 2, 1));
    CHECK(stands_at(source, 5, 3, 2));
    CHECK(stands_at(source, 7, 4, 1));
    CHECK(stands_at(source, 999, 4, 1));
}

TEST(source_columns_count_code_points)
{
    OWNED_SOURCE *source = source_of("k: gr\xc3\xbcn \xe2\x82\xac x");
    CHECK(stands_at(source, 8, 1, 8));
    CHECK(stands_at(source, 13, 1, 11));
}

TEST(source_of_nothing_has_one_line)
{
    OWNED_SOURCE *source = source_of("");
    size_t length = 1;
    CHECK(stands_at(source, 0, 1, 1));
    CHECK_STRING(source_line(source, 1, &length), "");
    CHECK_INT(length, 0);
}

TEST(source_line_leaves_its_end_out)
{
    OWNED_SOURCE *source = source_of("one\r\ntwo\nthree");
    size_t length;
    CHECK(memcmp(source_line(source, 1, &length), "one", 3) == 0);
    CHECK_INT(length, 3);
    CHECK(memcmp(source_line(source, 2, &length), "two", 3) == 0);
    CHECK_INT(length, 3);
    CHECK_STRING(source_line(source, 3, &length), "three");
    CHECK_STRING(source_line(source, 99, &length), "three");
    CHECK_INT(source_line_start(source, 2), 5);
}

TEST(source_lives_while_a_span_refers_to_it)
{
    struct source *source = source_of("text");
    struct span span = span_copy((struct span){.source = source, .start = 1, .length = 2});
    source_drop(source);
    CHECK_STRING(span.source->bytes, "text");
    span_drop(span);
    span_drop((struct span){0});
}

TEST(span_join_reaches_from_first_to_last)
{
    OWNED_SOURCE *source = source_of("a + b");
    struct span joined = span_join((struct span){source, 0, 1}, (struct span){source, 4, 1});
    CHECK_INT(joined.start, 0);
    CHECK_INT(joined.length, 5);
    joined = span_join((struct span){0}, (struct span){source, 4, 1});
    CHECK_INT(joined.start, 4);
}
