/*
 * Tests and what they check.  Unit tests: one file tests/unit/NAME.c for each part, registered by the macro; cases that are
 * files are registered by template_cases.c and run_cases.c.
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
    void (*run)(void);                              /* a unit test, or else ... */
    void (*run_case)(const struct test *test);      /* ... a case from files */
    struct test *next;
};

void test_register(struct test *test);

/** Registers a case; the names are copied and live as long as the program. */
void test_register_case(const char *name, const char *file, void (*run_case)(const struct test *test));

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

/** Records a failure of the present case with an explanation. */
void case_failed(const struct test *test, const char *format, ...) __attribute__((__format__(__printf__, 2, 3)));

/** The program under test: $PLAYLET, or `playlet` beside the runner; absolute. */
const char *playlet_path(void);

/** Should what was printed be written as what is expected (--update)? */
bool is_updating(void);

/* template_cases.c and run_cases.c: register what lies below tests/ and examples/. */
void template_cases_register(void);
void run_cases_register(void);

#endif
