/* Paths: the results of Python's os.path on the same arguments. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/os/path.h"
#include "tests/check.h"

#define CHECK_PATH(call, expected)                                                                                     \
    do {                                                                                                               \
        CLEANUP(memory_cleanup) char *result = (call);                                                                 \
        CHECK_STRING(result, expected);                                                                                \
    } while (0)

TEST(path_join_lets_an_absolute_name_win)
{
    CHECK_PATH(path_join("/a/b", "c"), "/a/b/c");
    CHECK_PATH(path_join("/a/b/", "c"), "/a/b/c");
    CHECK_PATH(path_join("/a/b", "/c"), "/c");
    CHECK_PATH(path_join("", "c"), "c");
    CHECK_PATH(path_join("a", ""), "a/");
}

TEST(path_directory_and_name_are_pythons)
{
    CHECK_PATH(path_directory("/a/b"), "/a");
    CHECK_PATH(path_directory("/a/b/"), "/a/b");
    CHECK_PATH(path_directory("/a"), "/");
    CHECK_PATH(path_directory("//a"), "//");
    CHECK_PATH(path_directory("a//b"), "a");
    CHECK_PATH(path_directory("a"), "");
    CHECK_PATH(path_directory(""), "");
    CHECK_STRING(path_name("/a/b"), "b");
    CHECK_STRING(path_name("/a/b/"), "");
    CHECK_STRING(path_name("b"), "b");
}

TEST(path_normal_is_pythons_normpath)
{
    static const struct {
        const char *path, *expected;
    } cases[] = {
        {"", "."},
        {".", "."},
        {"a/./b", "a/b"},
        {"a//b/", "a/b"},
        {"a/..", "."},
        {"a/../..", ".."},
        {"../../a", "../../a"},
        {"/..", "/"},
        {"/../a", "/a"},
        {"//a", "//a"},
        {"///a", "/a"},
        {"/", "/"},
        {"//", "//"},
        {"a/b/../../c", "c"},
        {"/a/b/..", "/a"},
        {"..a/..b", "..a/..b"},
        {"a/../../b", "../b"},
        {"...", "..."},
        {"//..", "//"},
        {"./a", "a"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK_PATH(path_normal(cases[i].path), cases[i].expected);
}

TEST(path_absolute_starts_at_the_working_directory)
{
    char *here = getcwd(NULL, 0);
    CLEANUP(memory_cleanup) char *expected = path_join(here, "x");
    free(here);
    CHECK_PATH(path_absolute("y/../x"), expected);
    CHECK_PATH(path_absolute("/a/../b"), "/b");
}

TEST(path_expand_user_knows_homes)
{
    CLEANUP(memory_cleanup) char *old = memory_copy_string(getenv("HOME") ?: "/", strlen(getenv("HOME") ?: "/"));
    setenv("HOME", "/home/u/", 1);
    CHECK_PATH(path_expand_user("~"), "/home/u");
    CHECK_PATH(path_expand_user("~/x"), "/home/u/x");
    CHECK_PATH(path_expand_user("a/~"), "a/~");
    CHECK_PATH(path_expand_user("~root/x"), "/root/x");
    CHECK_PATH(path_expand_user("~no such user/x"), "~no such user/x");
    setenv("HOME", "/", 1);
    CHECK_PATH(path_expand_user("~"), "/");
    CHECK_PATH(path_expand_user("~/x"), "/x");
    setenv("HOME", old, 1);
}

TEST(path_find_program_searches_like_execvp)
{
    CHECK_PATH(path_find_program("sh", "/nonexistent:/bin"), "/bin/sh");
    CHECK_PATH(path_find_program("sh", NULL), "/bin/sh");
    CHECK_PATH(path_find_program("/bin/sh", ""), "/bin/sh");
    CHECK(path_find_program("sh", "/nonexistent") == NULL);
    CHECK_INT(errno, ENOENT);
    CHECK(path_find_program("", "/bin") == NULL);
    CHECK(path_find_program("passwd", "/etc") == NULL); /* there, but not executable */
    CHECK_INT(errno, EACCES);
    CHECK_PATH(path_find_program("passwd", "/etc:/usr/bin"), "/usr/bin/passwd");
    CHECK(path_find_program("/tmp", "/bin") == NULL); /* a folder is no program */
}
