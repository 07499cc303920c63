/*
 * The test runner: runs every registered unit test, or those whose name contains one of the words given,
 * and ends with `N passed, N failed`.
 */
#include <stdio.h>
#include <string.h>

#include "tests/check.h"

static struct test *first_test;
static struct test **last_link = &first_test;
static bool current_failed;

void test_register(struct test *test)
{
    *last_link = test;
    last_link = &test->next;
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

static bool is_selected(const struct test *test, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strstr(test->name, argv[i]) || strstr(test->file, argv[i]))
            return true;
    return argc < 2;
}

int main(int argc, char **argv)
{
    unsigned passed = 0, failed = 0;
    for (struct test *test = first_test; test; test = test->next) {
        if (!is_selected(test, argc, argv))
            continue;
        current_failed = false;
        test->run();
        if (current_failed)
            fprintf(stderr, "FAIL %s (%s)\n", test->name, test->file);
        *(current_failed ? &failed : &passed) += 1;
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed > 0;
}
