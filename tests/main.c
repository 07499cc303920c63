/*
 * The test runner: runs every test, or those whose name contains one of the words given, and ends with `N passed, N failed`.
 * --update writes the expected files of whole runs anew.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/memory.h"
#include "runtime/os/path.h"

#include "tests/check.h"

static struct test *first_test;
static struct test **last_link = &first_test;
static bool current_failed;
static bool updating;
static char *program;

void test_register(struct test *test)
{
    *last_link = test;
    last_link = &test->next;
}

void test_register_case(const char *name, const char *file, void (*run_case)(const struct test *test))
{
    struct test *test = memory_new_array(1, sizeof *test);
    test->name = memory_copy_string(name, strlen(name));
    test->file = memory_copy_string(file, strlen(file));
    test->run_case = run_case;
    test_register(test);
}

const char *playlet_path(void)
{
    return program;
}

bool is_updating(void)
{
    return updating;
}

void case_failed(const struct test *test, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    fprintf(stderr, "%s: ", test->file);
    vfprintf(stderr, format, words);
    fputc('\n', stderr);
    va_end(words);
    current_failed = true;
}

static bool check_failed(const char *file, int line)
{
    fprintf(stderr, "%s:%d: ", file, line);
    current_failed = true;
    return false;
}

bool check_true(bool condition, const char *text, const char *file, int line)
{
    if (condition)
        return true;
    check_failed(file, line);
    fprintf(stderr, "does not hold: %s\n", text);
    return false;
}

bool check_int(int64_t actual, int64_t expected, const char *text, const char *file, int line)
{
    if (actual == expected)
        return true;
    check_failed(file, line);
    fprintf(stderr, "%s is %lld, expected %lld\n", text, (long long)actual, (long long)expected);
    return false;
}

bool check_string(const char *actual, const char *expected, const char *text, const char *file, int line)
{
    if (actual && strcmp(actual, expected) == 0)
        return true;
    check_failed(file, line);
    fprintf(stderr, "%s is\n  %s\nexpected\n  %s\n", text, actual ? actual : "(NULL)", expected);
    return false;
}

static bool is_selected(const struct test *test, char **words)
{
    for (char **word = words; *word; word++)
        if (strstr(test->name, *word) || strstr(test->file, *word))
            return true;
    return !*words;
}

/** Finds the program under test; a relative $PLAYLET counts from the working directory. */
static void find_program(const char *runner)
{
    const char *given = getenv("PLAYLET");
    CLEANUP(memory_cleanup) char *folder = path_directory(runner);
    CLEANUP(memory_cleanup) char *beside = path_join(folder, "playlet");
    program = path_absolute(given ? given : beside);
}

int main(int argc, char **argv)
{
    unsigned passed = 0, failed = 0;
    updating = argc > 1 && strcmp(argv[1], "--update") == 0;
    find_program(argv[0]);
    template_cases_register();
    run_cases_register();
    for (struct test *test = first_test; test; test = test->next) {
        if (!is_selected(test, argv + 1 + updating))
            continue;
        current_failed = false;
        if (test->run)
            test->run();
        else
            test->run_case(test);
        if (current_failed)
            fprintf(stderr, "FAIL %s (%s)\n", test->name, test->file);
        *(current_failed ? &failed : &passed) += 1;
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed > 0;
}
