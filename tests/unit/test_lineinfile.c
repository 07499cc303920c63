/* lineinfile: what each spelling leaves in the file, and that a second run changes nothing. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/os/file.h"
#include "stdlib/modules/modules.h"
#include "tests/check.h"
#include "tests/module_run.h"

struct edit {
    const char *before, *arguments, *after;
    bool is_changed;
};

/** Runs it over a file with the text `before` and holds what is left against `after`. */
static void check_edit(const char *path, const struct edit *edit)
{
    OWNED_ERROR error = {0};
    char *bytes;
    size_t length;
    CHECK(file_write_atomic(path, edit->before, strlen(edit->before), 0644, &error));
    OWNED arguments = value_string_format("{path: %s, %s}", path, edit->arguments);
    struct module_run run = {.module = &module_lineinfile, .arguments = value_bytes(arguments)};
    OWNED first = module_run(&run);
    OWNED second = module_run(&run);
    CHECK(file_read(path, &bytes, &length, &error));
    CLEANUP(memory_cleanup) char *owner = bytes;
    CHECK_STRING(bytes, edit->after);
    CHECK_INT(dict_get_truth(first.as.dict, "changed", false), edit->is_changed);
    CHECK(!dict_get_truth(second.as.dict, "changed", true));
}

TEST(lineinfile_edits)
{
    static const struct edit edits[] = {
        {"", "line: x=1", "x=1\n", true},
        {"a", "line: b", "a\nb\n", true},
        {"a\nb\n", "line: a", "a\nb\n", false},
        {"x=1\nx=2\n", "line: x=3, regexp: ^x=", "x=1\nx=3\n", true},
        {"x=1\nx=2\n", "line: x=3, regexp: ^x=, firstmatch: true", "x=3\nx=2\n", true},
        {"a\nx\nb\n", "line: y, insertbefore: ^x", "a\ny\nx\nb\n", true},
        {"a\nx\nb\n", "line: y, insertafter: ^x", "a\nx\ny\nb\n", true},
        {"a\n", "line: y, insertbefore: BOF", "y\na\n", true},
        {"a\n", "line: y, insertafter: nosuch", "a\ny\n", true},
        {"k = v\n", "line: '\\1 = w', regexp: '^(\\w+) = [^w]', backrefs: true", "k = w\n", true},
        {"k\n", "line: '\\1', regexp: '^(nosuch)', backrefs: true", "k\n", false},
        {"a\nb\na", "line: a, state: absent", "b\n", true},
        {"a1\nb\na2\n", "regexp: ^a, state: absent", "b\n", true},
        {"a.b\naxb\n", "search_string: a.b, line: c", "c\naxb\n", true},
    };
    char path[] = "/tmp/playlet-test-XXXXXX";
    close(mkstemp(path));
    for (size_t i = 0; i < COUNT_OF(edits); i++)
        check_edit(path, &edits[i]);
    unlink(path);
}

TEST(lineinfile_says_what_is_missing)
{
    static const char *const cases[][2] = {
        {"{path: /nosuch, line: x}", "Destination /nosuch does not exist !"},
        {"{path: /etc, line: x}", "Path /etc is a directory !"},
        {"{path: /nosuch}", "line is required with state=present"},
        {"{path: /nosuch, state: absent}", "one of line, search_string, or regexp is required with state=absent"},
        {"{path: /nosuch, line: x, backrefs: true}", "regexp is required with backrefs=true"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        OWNED result = module_run(&(struct module_run){.module = &module_lineinfile, .arguments = cases[i][0]});
        CHECK_STRING(dict_get_bytes(result.as.dict, "msg", ""), cases[i][1]);
    }
}
