/*
 * Unit tests: one file tests/unit/NAME.c for each part, its tests registered by the macro.
 *
 *     TEST(dict_keeps_insertion_order)
 *     {
 *         CHECK(dict->live == 2);
 *         CHECK_STRING(out, "[1, 2]");
 *     }
 *
 * A failed check says file, line and values, and ends its test; the others go on.
 */
#ifndef PLAYLET_TESTS_CHECK_H
#define PLAYLET_TESTS_CHECK_H

#include <stdbool.h>
#include <stdint.h>

struct test {
    const char *name;
    const char *file;
    void (*run)(void);
    struct test *next;
};

void test_register(struct test *test);

#define TEST(test_name)                                                                                                \
    static void test_name(void);                                                                                       \
    __attribute__((constructor)) static void register_##test_name(void)                                                \
    {                                                                                                                  \
        static struct test test = {.name = #test_name, .file = __FILE__, .run = test_name};                            \
        test_register(&test);                                                                                          \
    }                                                                                                                  \
    static void test_name(void)

/** Record a failure when the condition does not hold, and return from the test. */
#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!check_true((condition), #condition, __FILE__, __LINE__))                                                  \
            return;                                                                                                    \
    } while (0)
#define CHECK_INT(actual, expected)                                                                                    \
    do {                                                                                                               \
        if (!check_int((actual), (expected), #actual, __FILE__, __LINE__))                                             \
            return;                                                                                                    \
    } while (0)
#define CHECK_STRING(actual, expected)                                                                                 \
    do {                                                                                                               \
        if (!check_string((actual), (expected), #actual, __FILE__, __LINE__))                                          \
            return;                                                                                                    \
    } while (0)

bool check_true(bool condition, const char *text, const char *file, int line);
bool check_int(int64_t actual, int64_t expected, const char *text, const char *file, int line);
bool check_string(const char *actual, const char *expected, const char *text, const char *file, int line);

#endif
