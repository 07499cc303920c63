#include <string.h>

#include "parser/arguments.h"
#include "runtime/value/dict.h"
#include "runtime/value/list.h"
#include "runtime/value/repr.h"
#include "runtime/value/text.h"
#include "tests/check.h"

static const char *const known[] = {"chdir", "creates", "removes", "executable", NULL};

/** The repr of what the text is split into, or the error's message. */
static char *split(const char *text, bool raw)
{
    OWNED_ERROR error = {0};
    OWNED plain = value_string(text);
    OWNED value = value_trusted(plain);
    struct dict *pairs;
    if (!arguments_parse(value, raw, known, &pairs, &error))
        return memory_copy_string(error.message, strlen(error.message));
    OWNED result = value_dict_take(pairs);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    value_append_repr(&out, result);
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

#define CHECK_SPLIT(text, raw, expected)                                                                               \
    do {                                                                                                               \
        CLEANUP(memory_cleanup) char *actual = split(text, raw);                                                       \
        CHECK_STRING(actual, expected);                                                                                \
    } while (0)

TEST(arguments_are_pairs)
{
    CHECK_SPLIT("src=a dest=\"b c\"", false, "{'src': 'a', 'dest': 'b c'}");
    CHECK_SPLIT("a=b=c b= c=''", false, "{'a': 'b=c', 'b': '', 'c': ''}");
    CHECK_SPLIT("a=1\nb=2 a=3", false, "{'a': '3', 'b': '2'}");
    CHECK_SPLIT("a='b'c d", false, "{'a': \"'b'c\", '_raw_params': 'd'}");
    CHECK_SPLIT("a = b", false, "{'_raw_params': 'a = b'}");
    CHECK_SPLIT("a\\=b", false, "{'_raw_params': 'a=b'}");
    CHECK_SPLIT("", false, "{}");
}

TEST(arguments_keep_templates_together)
{
    CHECK_SPLIT("msg=\"{{ a | default('x y') }}\"", false, "{'msg': \"{{ a | default('x y') }}\"}");
    CHECK_SPLIT("msg={{ a }} b={{ b }}x c={# d e #}", false, "{'msg': '{{ a }}', 'b': '{{ b }}x', 'c': '{# d e #}'}");
    CHECK_SPLIT("x='{{' y='}}'", false, "{'x': \"{{' y='}}\"}");
    CHECK_SPLIT("a={{ 'x }}' }}", false, "{'a': \"{{ 'x }}'\", '_raw_params': '}}'}");
}

TEST(arguments_process_escapes_in_pairs)
{
    CHECK_SPLIT("msg=\"a\\nb \\x41 \\u00e9 \\q \\101\"", false, "{'msg': 'a\\nb A \xc3\xa9 \\\\q \\\\101'}");
    CHECK_SPLIT("msg=\"a \\\"q\\\" b\"", false, "{'msg': 'a \"q\" b'}");
    CHECK_SPLIT("echo \\x41", true, "{'_raw_params': 'echo \\\\x41'}");
}

TEST(arguments_of_commands_keep_their_text)
{
    CHECK_SPLIT("echo \"x=1\"   y=2", true, "{'_raw_params': 'echo \"x=1\"   y=2'}");
    CHECK_SPLIT("echo a chdir=/tmp", true, "{'chdir': '/tmp', '_raw_params': 'echo a'}");
    CHECK_SPLIT("ls  chdir=/x", true, "{'chdir': '/x', '_raw_params': 'ls '}");
    CHECK_SPLIT("  echo  a ", true, "{'_raw_params': '  echo  a '}");
    CHECK_SPLIT(" a=1", true, "{'_raw_params': 'a=1'}");
    CHECK_SPLIT("a\n  b\n\n  c  chdir=/x   d", true, "{'chdir': '/x', '_raw_params': 'a\\n  b\\n\\n  c  d'}");
    CHECK_SPLIT("ls\n chdir=/x \n  pwd", true, "{'chdir': '/x', '_raw_params': 'ls\\npwd'}");
    CHECK_SPLIT("a \\\n  b \\\n c", true, "{'_raw_params': 'a  b c'}");
    CHECK_SPLIT("'a \\\n b'", true, "{'_raw_params': \"'a \\\\\\n b'\"}");
    CHECK_SPLIT("\nls \n\n pwd", true, "{'_raw_params': '\\nls \\n\\npwd'}");
    CHECK_SPLIT("chdir='/tmp/a b' ls", true, "{'chdir': '/tmp/a b', '_raw_params': 'ls'}");
}

TEST(arguments_must_close_what_they_open)
{
    CHECK_SPLIT("msg=\"{{ unclosed\"", false,
                "failed at splitting arguments, either an unbalanced jinja2 block or quotes: msg=\"{{ unclosed\"");
    CHECK_SPLIT("it's", true, "failed at splitting arguments, either an unbalanced jinja2 block or quotes: it's");
    CHECK_SPLIT("it's it's", true, "{'_raw_params': \"it's it's\"}");
}

TEST(arguments_know_their_place)
{
    const char *bytes = "- copy: src=a dest=\"{{ b }}\"";
    struct source *source = source_new("test.yml", bytes, strlen(bytes));
    struct text *text = text_new(bytes + 8, strlen(bytes) - 8);
    text = text_with_span_take(text, (struct span){source, 8, (uint32_t)strlen(bytes) - 8});
    OWNED plain = value_string_take(text);
    OWNED value = value_trusted(plain);
    OWNED_ERROR error = {0};
    struct dict *pairs;
    CHECK(arguments_parse(value, false, NULL, &pairs, &error));
    OWNED result = value_dict_take(pairs);
    struct value dest = *dict_find_string(pairs, "dest");
    CHECK_INT(dest.flags, VALUE_TRUSTED | VALUE_LAZY);
    CHECK_INT(dest.as.text->span.start, 20);
    CHECK_INT(dest.as.text->span.length, 7);
    source_drop(source);
}

static char *words(const char *text)
{
    OWNED_ERROR error = {0};
    struct list *list;
    if (!words_split(text, strlen(text), &list, &error))
        return memory_copy_string(error.message, strlen(error.message));
    OWNED result = value_list_take(list);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    value_append_repr(&out, result);
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

#define CHECK_WORDS(text, expected)                                                                                    \
    do {                                                                                                               \
        CLEANUP(memory_cleanup) char *actual = words(text);                                                            \
        CHECK_STRING(actual, expected);                                                                                \
    } while (0)

TEST(words_split_as_a_shell_would)
{
    CHECK_WORDS("a 'b c'd  \"e \\\" \\n\" f\\ g ''", "['a', 'b cd', 'e \" \\\\n', 'f g', '']");
    CHECK_WORDS("  ", "[]");
    CHECK_WORDS("a 'b", "No closing quotation");
    CHECK_WORDS("a\\", "No escaped character");
}
