#include <string.h>

#include "runtime/value/dict.h"
#include "runtime/value/regex.h"
#include "runtime/value/repr.h"
#include "tests/check.h"

/** re.sub as text. */
static const char *replaced(const char *pattern, const char *bytes, const char *replacement)
{
    static char shown[256];
    OWNED_ERROR error = {0};
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    struct text *template = text_new(replacement, strlen(replacement));
    struct regex *regex = regex_compile(pattern, strlen(pattern), 0, &error);
    size_t count;
    if (!regex || !regex_replace(regex, bytes, strlen(bytes), template, 0, &out, &count, &error))
        strcpy(shown, error.message);
    else
        strcpy(shown, text_buffer_bytes(&out));
    regex_free(regex);
    text_drop(template);
    return shown;
}

TEST(regex_replaces_as_python)
{
    CHECK_STRING(replaced("a(b)?", "ab a", "[\\1]"), "[b] []");
    CHECK_STRING(replaced("(?P<x>b+)", "abbc", "<\\g<x>\\g<0>>"), "a<bbbb>c");
    CHECK_STRING(replaced("x*", "abxd", "-"), "-a-b--d-");
    CHECK_STRING(replaced("b", "abc", "\\n"), "a\nc");
    CHECK_STRING(replaced("b", "abc", "\\q"), "bad escape \\q at position 0");
    CHECK_STRING(replaced("b", "abc", "\\1"), "invalid group reference 1 at position 1");
    CHECK_STRING(replaced("c\\Z", "c\nc", "-"), "c\n-");
    CHECK_STRING(replaced("a{,2}b", "aaab", "-"), "a-");
}

/** re.findall or re.split as Python prints it. */
static const char *listed(const char *pattern, const char *bytes, bool split)
{
    static char shown[256];
    OWNED_ERROR error = {0};
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    struct regex *regex = regex_compile(pattern, strlen(pattern), 0, &error);
    struct list *list = NULL;
    bool ok = regex && (split ? regex_split(regex, bytes, strlen(bytes), 0, &list, &error)
                              : regex_find_all(regex, bytes, strlen(bytes), &list, &error));
    if (ok) {
        OWNED value = value_list_take(list);
        value_append_repr(&out, value);
    }
    strcpy(shown, ok ? text_buffer_bytes(&out) : error.message);
    regex_free(regex);
    return shown;
}

TEST(regex_finds_all_and_splits_as_python)
{
    CHECK_STRING(listed("a*", "ba", false), "['', 'a', '']");
    CHECK_STRING(listed("(\\w)(\\d)?", "a1é", false), "[('a', '1'), ('é', '')]");
    CHECK_STRING(listed("(,)", "a,b", true), "['a', ',', 'b']");
    CHECK_STRING(listed("x*", "axbc", true), "['', 'a', '', 'b', 'c', '']");
}

TEST(regex_limits_what_it_tries)
{
    OWNED_ERROR error = {0};
    char text[64];
    bool found;
    memset(text, 'a', sizeof text);
    struct regex *regex = regex_compile("(a|aa)+[bc]$", 12, 0, &error);
    CHECK(regex && !regex_find(regex, text, sizeof text, REGEX_MATCH, &found, &error));
    CHECK_INT(error.kind, ERROR_LIMIT);
    regex_free(regex);
}

TEST(regex_reads_python_syntax)
{
    CHECK_STRING(listed("[[:digit:]]", "1t]", false), "['t]']");
    CHECK_STRING(listed("(?a)\\w+", "gr\xc3\xbcn", false), "['gr', 'n']");
    CHECK_STRING(listed("(?x) a b # c", "ab", false), "['ab']");
    CHECK_STRING(listed("(?m)^", "a\n", false), "['', '']");
    CHECK_STRING(listed("\\v|\\x41|\\101", "\vA", false), "['\\x0b', 'A']");
    CHECK_STRING(listed("(a)?(?(1)b|c)", "abc", false), "['a', '']");
    CHECK_STRING(listed("b.", "ab\xff", false), "['b\\udcff']");
    CHECK_STRING(replaced("\xff(.)", "ab\xff\xc3\xbc", "<\\1>"), "ab<\xc3\xbc>");
}

TEST(regex_reports_errors_as_python)
{
    CHECK_STRING(listed("a[b", "", false), "unterminated character set at position 1");
    CHECK_STRING(listed("a**", "", false), "multiple repeat at position 2");
    CHECK_STRING(listed("(a", "", false), "missing ), unterminated subpattern at position 0");
    CHECK_STRING(listed("\\p{L}", "", false), "bad escape \\p at position 0");
    CHECK_STRING(listed("(?<=a+)b", "", false), "look-behind requires fixed-width pattern");
    CHECK_STRING(listed("a(?i)b", "", false), "global flags not at the start of the expression at position 1");
    CHECK_STRING(listed("(?P<a>)(?P<a>)", "", false),
                 "redefinition of group name 'a' as group 2; was group 1 at position 11");
}
