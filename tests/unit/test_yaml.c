#include <stdlib.h>
#include <string.h>

#include "parser/yaml.h"
#include "runtime/limits.h"
#include "runtime/value/dict.h"
#include "runtime/value/list.h"
#include "runtime/value/repr.h"
#include "runtime/value/text.h"
#include "tests/check.h"

static struct yaml_document *parse(const char *text, struct error *error)
{
    struct source *source = source_new("test.yml", text, strlen(text));
    struct yaml_document *document = yaml_parse(source, error);
    source_drop(source);
    return document;
}

/** The document's repr, as Python writes it; or its error's message. */
static char *parsed(const char *text)
{
    OWNED_ERROR error = {0};
    struct yaml_document *document = parse(text, &error);
    if (!document)
        return memory_copy_string(error.message, strlen(error.message));
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    OWNED value = document->root ? yaml_value(document->root) : value_null();
    value_append_repr(&out, value);
    yaml_document_free(document);
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

#define CHECK_PARSED(text, expected)                                                                                   \
    do {                                                                                                               \
        CLEANUP(memory_cleanup) char *actual = parsed(text);                                                           \
        CHECK_STRING(actual, expected);                                                                                \
    } while (0)

/** Message, "line:column" and help of the error that a text gives, in lines. */
static char *failure(const char *text)
{
    OWNED_ERROR error = {0};
    struct yaml_document *document = parse(text, &error);
    if (document) {
        yaml_document_free(document);
        return memory_copy_string("", 0);
    }
    struct place place = error.span.source ? source_locate(error.span.source, error.span.start) : (struct place){0};
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    text_buffer_append_format(&out, "%s\n%u:%u\n%s", error.message, place.line, place.column,
                              error.help ? error.help : "");
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

#define CHECK_FAILURE(text, expected)                                                                                  \
    do {                                                                                                               \
        CLEANUP(memory_cleanup) char *actual = failure(text);                                                          \
        CHECK_STRING(actual, "YAML parsing failed: " expected);                                                        \
    } while (0)

TEST(yaml_resolves_plain_scalars_as_yaml_1_1)
{
    CHECK_PARSED("[yes, No, on, OFF, TRUE, tRUE, y, n]", "[True, False, True, False, True, 'tRUE', 'y', 'n']");
    CHECK_PARSED("[~, null, NULL, nULL, '', ]", "[None, None, None, 'nULL', '']");
    CHECK_PARSED("[1, +1, -1, 0, 017, 0o17, 08, 0x1F, -0x1f, 0b11, 1_000, 1__0]",
                 "[1, 1, -1, 0, 15, '0o17', '08', 31, -31, 3, 1000, 10]");
    CHECK_PARSED("[1:30, -1:30, 190:20:30, 1:60, 01:30]", "[90, -90, 685230, '1:60', '01:30']");
    CHECK_PARSED("[1.5, .5, 1., 1e3, 1.0e3, 1.0e+3, 12e03, 1_000.5, +.5, 1:30.5]",
                 "[1.5, 0.5, 1.0, '1e3', '1.0e3', 1000.0, '12e03', 1000.5, '+.5', 90.5]");
    CHECK_PARSED("[.inf, -.INF, .NaN, .Nan]", "[inf, -inf, nan, '.Nan']");
    CHECK_PARSED("123456789012345678901234567890", "123456789012345678901234567890");
    CHECK_PARSED("{\"1\": '2', ? 3 : 4}", "{'1': '2', 3: 4}");
}

TEST(yaml_tags_choose_the_type)
{
    CHECK_PARSED("[!!str 3, !!int '3', !!float 3, !!bool 'yes', !!null x, ! 3, !!str ]",
                 "['3', 3, 3.0, True, None, 3, '']");
    CHECK_FAILURE("a: !foo x", "Could not determine a constructor for the tag '!foo'.\n1:4\n");
}

TEST(yaml_merges_mappings)
{
    CHECK_PARSED("{a: &x {b: 1, e: 5}, c: {d: 2, <<: *x, b: 3}}",
                 "{'a': {'b': 1, 'e': 5}, 'c': {'b': 3, 'e': 5, 'd': 2}}");
    CHECK_PARSED("{a: &x {b: 1}, b: &y {b: 5, q: 1}, c: {z: 1, <<: [*x, *y]}}",
                 "{'a': {'b': 1}, 'b': {'b': 5, 'q': 1}, 'c': {'b': 1, 'q': 1, 'z': 1}}");
    CHECK_PARSED("'<<': {b: 1}", "{'<<': {'b': 1}}");
}

TEST(yaml_warns_of_duplicate_keys)
{
    OWNED_ERROR error = {0};
    struct yaml_document *document = parse("a: 1\nb: 2\na: 3\n", &error);
    CHECK_INT(document->root->count, 2);
    CHECK_INT(yaml_find(document->root, "a")->scalar.as.integer, 3);
    CHECK_STRING(document->warnings->message, "Found duplicate mapping key 'a'. Using last defined value only.");
    CHECK_INT(document->warnings->span.start, 10);
    CHECK(!document->warnings->next);
    yaml_document_free(document);
}

TEST(yaml_finds_duplicates_among_many_keys)
{
    CLEANUP(text_buffer_done) struct text_buffer text = {0};
    for (int i = 0; i < 100; i++)
        text_buffer_append_format(&text, "key%d: %d\n", i % 60, i);
    OWNED_ERROR error = {0};
    struct yaml_document *document = parse(text_buffer_bytes(&text), &error);
    CHECK_INT(document->root->count, 60);
    CHECK_INT(yaml_find(document->root, "key3")->scalar.as.integer, 63);
    CHECK_INT(document->root->items[2 * 3 + 1]->scalar.as.integer, 63);
    yaml_document_free(document);
}

/** The source text under the span of the value of `key`. */
static char *spanned(const char *text, const char *key)
{
    OWNED_ERROR error = {0};
    struct yaml_document *document = parse(text, &error);
    struct span span = yaml_find(document->root, key)->span;
    char *result = memory_copy_string(text + span.start, span.length);
    yaml_document_free(document);
    return result;
}

#define CHECK_SPAN(text, expected)                                                                                     \
    do {                                                                                                               \
        CLEANUP(memory_cleanup) char *actual = spanned(text, "k");                                                     \
        CHECK_STRING(actual, expected);                                                                                \
    } while (0)

TEST(yaml_spans_are_exact)
{
    CHECK_SPAN("k: plain text  # c\n", "plain text");
    CHECK_SPAN("k: 'in quotes'\n", "in quotes");
    CHECK_SPAN("k: 'it''s'\n", "'it''s'");
    CHECK_SPAN("k: \"a\\nb\"\n", "\"a\\nb\"");
    CHECK_SPAN("k: \"{{ x }}\"\n", "{{ x }}");
    CHECK_SPAN("k: !unsafe &a 'x'\n", "x");
    CHECK_SPAN("k: |\n  a\n  b\nz: 1\n", "|\n  a\n  b\n");
    CHECK_SPAN("k:\n  - a\n  - b\nz: 1\n", "- a\n  - b");
    CHECK_SPAN("k: [a,\n b ]\nz: 1\n", "[a,\n b ]");
    CHECK_SPAN("# \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\nk: gr\xc3\xbcn\n", "gr\xc3\xbcn");
}

TEST(yaml_spans_count_bytes_far_into_the_text)
{
    CLEANUP(text_buffer_done) struct text_buffer text = {0};
    for (int i = 0; i < 500; i++)
        text_buffer_append_format(&text, "a%d: \xc3\xa9 \xe2\x82\xac\n", i);
    text_buffer_append_string(&text, "k: here\n");
    CHECK_SPAN(text_buffer_bytes(&text), "here");
}

TEST(yaml_strings_are_trusted_unless_unsafe)
{
    OWNED_ERROR error = {0};
    struct yaml_document *document =
        parse("a: '{{ x }}'\nb: !unsafe '{{ x }}'\nc: plain\nd: !unsafe ['{{ x }}']\n", &error);
    CHECK_INT(yaml_find(document->root, "a")->scalar.flags, VALUE_TRUSTED | VALUE_LAZY);
    CHECK_INT(yaml_find(document->root, "b")->scalar.flags, 0);
    CHECK_INT(yaml_find(document->root, "c")->scalar.flags, VALUE_TRUSTED);
    CHECK_INT(yaml_find(document->root, "d")->items[0]->scalar.flags, 0);
    OWNED value = yaml_value(document->root);
    CHECK(value_is_lazy(value));
    yaml_document_free(document);
}

TEST(yaml_values_outlive_the_document)
{
    OWNED_ERROR error = {0};
    struct yaml_document *document = parse("a: [x, 'y']\n", &error);
    OWNED value = yaml_value(document->root);
    yaml_document_free(document);
    const struct value *list = dict_find_string(value.as.dict, "a");
    CHECK_STRING(value_bytes(list->as.list->items[1]), "y");
    struct span span = list->as.list->items[1].as.text->span;
    CHECK_INT(source_locate(span.source, span.start).column, 9);
}

TEST(yaml_reads_every_document_of_a_text)
{
    struct list *documents;
    OWNED_ERROR error = {0};
    const char *text = "a: 1\n---\n- '{{ b }}'\n---\n";
    CHECK(yaml_parse_values(text, strlen(text), &documents, &error));
    OWNED value = value_list_take(documents);
    CHECK_INT((int64_t)documents->count, 3);
    CHECK_INT(documents->items[1].as.list->items[0].flags, 0);
    CHECK(value_is_null(documents->items[2]));
    CHECK(!yaml_parse_values("[", 1, &documents, &error));
}

TEST(yaml_blames_an_item_indented_too_far)
{
    CHECK_FAILURE("block:\n- name: a\n  debug: msg=x\n - name: b\n",
                  "While parsing a block mapping did not find expected key.\n4:2\n"
                  "The list item on line 4 is indented by one column more than the items before it (line 2).");
    CHECK_FAILURE("- hosts: localhost\n  tasks:\n    - debug: msg=x\n   - bad indent\n",
                  "While parsing a block mapping did not find expected key.\n4:4\n"
                  "The list item on line 4 is indented by one column less than the items before it (line 3).");
    CHECK_FAILURE("a:\n    b: 1\n  c: 2\n",
                  "While parsing a block mapping did not find expected key.\n3:3\n"
                  "The key on line 3 is indented by 2 columns less than the keys before it (line 2).");
}

TEST(yaml_blames_templates_without_quotes)
{
    CHECK_FAILURE("- debug:\n    msg: {{ foo }}\n",
                  "This may be an issue with missing quotes around a template block.\n2:10\n"
                  "To YAML an unquoted { begins a mapping. Put quotes around the whole value: \"{{ foo }}\"");
    CHECK_FAILURE("a: {{ foo }}/bar\nb: 1\n",
                  "This may be an issue with missing quotes around a template block.\n1:4\n"
                  "To YAML an unquoted { begins a mapping. Put quotes around the whole value: \"{{ foo }}/bar\"");
}

TEST(yaml_explains_the_usual_mistakes)
{
    CHECK_FAILURE("a:\n\tb: 1\n", "Tabs are usually invalid in YAML.\n2:1\nIndent with spaces.");
    CHECK_FAILURE("a: b: c\n", "Colons in unquoted values must be followed by a non-space character.\n1:5\n"
                               "Put quotes around the whole value: 'b: c'");
    CHECK_FAILURE("a: \"foo\" bar\n",
                  "Values starting with a quote must end with the same quote.\n1:4\n"
                  "The value ends at the second \". Put other quotes around all of it: '\"foo\" bar'");
    CHECK_FAILURE("a: \"foo\", \"bar\"\n",
                  "Values starting with a quote must end with the same quote, and not contain that quote.\n1:4\n"
                  "The value ends at the second \". Put other quotes around all of it: '\"foo\", \"bar\"'");
    CHECK_FAILURE("a: 'foo\nb: 1\n", "While scanning a quoted scalar found unexpected end of stream.\n3:1\n"
                                     "What begins with ' on line 1, column 4 is not closed.");
    CHECK_FAILURE("a: [1, 2\nb: 1\n", "While parsing a flow sequence did not find expected ',' or ']'.\n2:2\n"
                                      "What begins with [ on line 1, column 4 is not closed (or a comma is missing).");
    CHECK_FAILURE("a: @foo\n", "While scanning for the next token found character that cannot start any token.\n1:4\n"
                               "A value cannot begin with @. Put quotes around it: '@foo'");
    CHECK_FAILURE("a: *x\n", "Found undefined alias.\n1:4\n");
    CHECK_FAILURE("a: 1\n---\nb: 2\n", "Expected a single document in the stream but found another document.\n2:1\n"
                                       "Only one '---' line may stand in this file, above everything else.");
    CHECK_FAILURE("a: &x\n  b: *x\n", "The alias 'x' stands inside what it refers to.\n2:6\n");
    CHECK_FAILURE("? [a]\n: 1\n", "While constructing a mapping found unhashable key.\n1:3\n");
    CHECK_FAILURE("a: \x01\n", "control characters are not allowed (#x0001).\n1:4\n");
}

TEST(yaml_depth_is_limited)
{
    CLEANUP(text_buffer_done) struct text_buffer text = {0};
    text_buffer_append_repeated(&text, '[', LIMIT_YAML_DEPTH + 1);
    OWNED_ERROR error = {0};
    CHECK(!parse(text_buffer_bytes(&text), &error));
    CHECK_INT(error.kind, ERROR_LIMIT);
}

TEST(yaml_aliases_are_limited)
{
    CLEANUP(text_buffer_done) struct text_buffer text = {0};
    text_buffer_append_string(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
        text_buffer_append_format(&text, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++)
            text_buffer_append_format(&text, "*a%d%s", i - 1, k < 9 ? ", " : "]\n");
    }
    OWNED_ERROR error = {0};
    CHECK(!parse(text_buffer_bytes(&text), &error));
    CHECK_INT(error.kind, ERROR_LIMIT);
}

TEST(yaml_depth_through_aliases_is_limited)
{
    CLEANUP(text_buffer_done) struct text_buffer text = {0};
    text_buffer_append_string(&text, "- &a0 [x]\n");
    for (int i = 1; i < 600; i++)
        text_buffer_append_format(&text, "- &a%d [*a%d]\n", i, i - 1);
    OWNED_ERROR error = {0};
    CHECK(!parse(text_buffer_bytes(&text), &error));
    CHECK_INT(error.kind, ERROR_LIMIT);
}

TEST(yaml_knows_what_needs_quotes)
{
    CHECK(yaml_is_plain_string("abc", 3));
    CHECK(!yaml_is_plain_string("yes", 3));
    CHECK(!yaml_is_plain_string("", 0));
    CHECK(!yaml_is_plain_string("1:30", 4));
    CHECK(!yaml_is_plain_string("2024-01-01", 10));
    CHECK(yaml_is_plain_string("2024-1-1", 8));
}
