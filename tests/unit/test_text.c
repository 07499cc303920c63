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

TEST(text_counts_code_points_and_stray_bytes)
{
    OWNED_TEXT *ascii = text_of("hello, world and more");
    CHECK_INT(text_points(ascii), 21);
    OWNED_TEXT *mixed = text_of("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80!");
    CHECK_INT(text_points(mixed), 9);
    CHECK_INT(text_offset(mixed, 3), 4);
    CHECK_INT(text_offset(mixed, 9), mixed->length);
    OWNED_TEXT *stray = text_of("a\xff\xc3z\xe2\x82");
    CHECK_INT(text_points(stray), 6);
}

TEST(text_decode_gives_surrogates_for_stray_bytes)
{
    const char *bytes = "\xff\xe2\x82\xac\xc0\x80\xf4\x90\x80\x80";
    const char *cursor = bytes, *end = bytes + strlen(bytes);
    static const uint32_t expected[] = {0xDCFF, 0x20AC, 0xDCC0, 0xDC80, 0xDCF4, 0xDC90, 0xDC80, 0xDC80};
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        CHECK_INT(text_decode(&cursor, end), expected[i]);
    CHECK(cursor == end);
}

TEST(text_slices_by_code_point_and_shares_the_whole)
{
    OWNED_TEXT *text = text_of("\xc3\xa4\xc3\xb6\xc3\xbcxyz");
    OWNED_TEXT *slice = text_slice(text, 1, 4);
    CHECK_STRING(slice->bytes, "\xc3\xb6\xc3\xbcx");
    CHECK_INT(text_points(slice), 3);
    OWNED_TEXT *whole = text_slice(text, 0, 6);
    CHECK(whole == text);
    OWNED_TEXT *empty = text_slice(text, 6, 6);
    CHECK_INT(empty->length, 0);
}

TEST(text_compares_by_code_point)
{
    OWNED_TEXT *a = text_of("abc"), *b = text_of("abd"), *shorter = text_of("ab");
    OWNED_TEXT *stray = text_of("ab\xff"), *private_use = text_of("ab\xee\x80\x80"), *omega = text_of("ab\xce\xa9");
    CHECK_INT(text_compare(a, b), -1);
    CHECK_INT(text_compare(b, a), 1);
    CHECK(text_compare(a, a) == 0);
    CHECK(text_compare(shorter, a) < 0);
    CHECK(text_compare(stray, private_use) < 0); /* U+DCFF before U+E000 */
    CHECK(text_compare(stray, omega) > 0);
    CHECK(text_compare(omega, a) > 0);
}

TEST(text_hash_depends_on_content_only)
{
    OWNED_TEXT *first = text_of("ansible_facts"), *second = text_of("ansible_facts"), *other = text_of("ansible_factz");
    CHECK_INT(text_hash(first), text_hash(second));
    CHECK_INT(text_hash(first), text_hash_bytes("ansible_facts", 13));
    CHECK(text_hash(first) != text_hash(other));
    CHECK(text_hash_bytes("", 0) != 0);
    CHECK(text_hash_bytes("a", 1) != text_hash_bytes("a\0", 2));
}

TEST(text_case_maps_as_python_does)
{
    static const struct {
        const char *from, *lower, *upper, *folded;
    } cases[] = {
        {"Hello 1", "hello 1", "HELLO 1", "hello 1"},
        {"Stra\xc3\x9f"
         "e",
         "stra\xc3\x9f"
         "e",
         "STRASSE", "strasse"},
        {"\xce\x9f\xce\x94\xce\x9f\xce\xa3", "\xce\xbf\xce\xb4\xce\xbf\xcf\x82", "\xce\x9f\xce\x94\xce\x9f\xce\xa3",
         "\xce\xbf\xce\xb4\xce\xbf\xcf\x83"},
        {"\xc4\xb0", "i\xcc\x87", "\xc4\xb0", "i\xcc\x87"},
        {"\xef\xac\x81", "\xef\xac\x81", "FI", "fi"},
        {"A\xff\xc3\x84", "a\xff\xc3\xa4", "A\xff\xc3\x84", "a\xff\xc3\xa4"},
        {"", "", "", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        OWNED_TEXT *from = text_of(cases[i].from);
        OWNED_TEXT *lower = text_lower(from), *upper = text_upper(from), *folded = text_casefold(from);
        CHECK_STRING(lower->bytes, cases[i].lower);
        CHECK_STRING(upper->bytes, cases[i].upper);
        CHECK_STRING(folded->bytes, cases[i].folded);
    }
}

TEST(text_without_letters_to_change_is_shared)
{
    OWNED_TEXT *text = text_of("already lower");
    OWNED_TEXT *lower = text_lower(text);
    CHECK(lower == text);
}

TEST(text_points_have_classes)
{
    CHECK(text_point_is_space(0xA0) && text_point_is_space(0x3000) && text_point_is_space(0x1C));
    CHECK(!text_point_is_space(0x200B) && !text_point_is_space('x'));
    CHECK(text_point_is_digit(0x0663) && text_point_is_digit(0xB2) && !text_point_is_digit(0xBC));
    CHECK(text_point_is_alnum(0xBC) && text_point_is_alpha(0x4E2D) && !text_point_is_alpha('_'));
    CHECK(text_point_is_upper(0xC4) && text_point_is_upper(0x2160) && !text_point_is_upper(0xE4));
    CHECK(text_point_is_lower(0xDF) && text_point_is_lower(0xAA) && !text_point_is_lower('A'));
    CHECK(text_point_is_printable(' ') && !text_point_is_printable(0xA0) && !text_point_is_printable(0xAD));
    CHECK(!text_point_is_printable(0xDC80) && !text_point_is_printable(0x7F) && text_point_is_printable(0x1F600));
}

TEST(text_width_counts_columns)
{
    CHECK_INT(text_width("abc", 3), 3);
    CHECK_INT(text_width("\xe4\xb8\xad", 3), 2);
    CHECK_INT(text_width("e\xcc\x81", 3), 1);
}

TEST(text_finds_a_template_opening)
{
    CHECK(text_has_template("a {{ b }}", 9) && text_has_template("{% if %}", 8) && text_has_template("{{#", 3));
    CHECK(!text_has_template("{ {", 3) && !text_has_template("{", 1) && !text_has_template("", 0));
    CHECK(!text_has_template("{{", 1));
}

TEST(text_span_is_kept_by_its_own_copy)
{
    struct source *source = source_new("site.yml", "name: x", 7);
    OWNED_TEXT *plain = text_of("x");
    OWNED_TEXT *placed = text_with_span_take(text_copy(plain), (struct span){source, 6, 1});
    CHECK(placed != plain && placed->span.start == 6 && placed->span.source == source);
    CHECK(plain->span.source == NULL);
    source_drop(source);
    CHECK_STRING(placed->span.source->name, "site.yml");
}

TEST(text_buffer_builds_and_is_empty_again)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    CHECK_STRING(text_buffer_bytes(&out), "");
    text_buffer_append_string(&out, "abc");
    text_buffer_append_char(&out, ' ');
    text_buffer_append_repeated(&out, '-', 100);
    text_buffer_truncate(&out, 6);
    text_buffer_append_point(&out, 0x20AC);
    text_buffer_append_point(&out, 0xDCFF);
    text_buffer_append_point(&out, 0x1F600);
    text_buffer_append_format(&out, "%s=%d", "n", 42);
    OWNED_TEXT *text = text_buffer_take(&out);
    CHECK_STRING(text->bytes, "abc --\xe2\x82\xac\xff\xf0\x9f\x98\x80n=42");
    CHECK_INT(text->length, strlen(text->bytes));
    CHECK_INT(out.length, 0);
    OWNED_TEXT *empty = text_buffer_take(&out);
    CHECK_INT(empty->length, 0);
}
