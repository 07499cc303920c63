#include <string.h>

#include "runtime/source/error.h"
#include "tests/check.h"

TEST(error_set_formats_and_returns_false)
{
    OWNED_ERROR error = {0};
    CHECK(!error_set(&error, ERROR_TYPE, "%d of %s", 3, "kind"));
    CHECK_INT(error.kind, ERROR_TYPE);
    CHECK_STRING(error.message, "3 of kind");
}

TEST(error_help_replaces_what_was_there)
{
    OWNED_ERROR error = {0};
    error_set(&error, ERROR_OTHER, "x");
    error_help(&error, "one");
    error_help(&error, "after %s", error.help);
    CHECK_STRING(error.help, "after one");
}

TEST(error_at_keeps_the_first_place_and_its_source)
{
    OWNED_ERROR error = {0};
    struct source *source = source_new("x", "text", 4);
    error_set(&error, ERROR_OTHER, "x");
    error_at(&error, (struct span){0});
    error_at(&error, (struct span){source, 1, 2});
    error_at(&error, (struct span){source, 3, 1});
    source_drop(source);
    CHECK_INT(error.span.start, 1);
    CHECK_STRING(error.span.source->bytes, "text");
}

TEST(error_wrap_makes_a_cause_with_its_own_place)
{
    OWNED_ERROR error = {0};
    struct source *source = source_new("x", "text", 4);
    error_set(&error, ERROR_UNDEFINED, "'x' is undefined");
    error_at(&error, (struct span){source, 1, 2});
    source_drop(source);
    error_wrap(&error, "in %s", error.message);
    CHECK_STRING(error.message, "in 'x' is undefined");
    CHECK_INT(error.kind, ERROR_UNDEFINED);
    CHECK(error.span.source == NULL);
    CHECK_STRING(error.cause->message, "'x' is undefined");
    CHECK_INT(error.cause->span.start, 1);
}

TEST(error_move_empties_the_old_one)
{
    OWNED_ERROR from = {0}, to = {0};
    error_set(&from, ERROR_KEY, "no key");
    error_wrap(&from, "head");
    error_move(&to, &from);
    CHECK_STRING(to.cause->message, "no key");
    CHECK(from.message == NULL && from.cause == NULL);
    CHECK_INT(from.kind, ERROR_NONE);
}

TEST(error_chain_joins_messages_without_repeating_them)
{
    OWNED_ERROR error = {0};
    error_set(&error, ERROR_KEY, "'x' is undefined");
    error_wrap(&error, "Error while resolving value for 'msg': 'x' is undefined");
    error_wrap(&error, "Task failed.");
    CLEANUP(memory_cleanup) char *chain = error_chain_message(&error);
    CHECK_STRING(chain, "Task failed: Error while resolving value for 'msg': 'x' is undefined");
}

TEST(error_chain_joins_three_that_differ)
{
    OWNED_ERROR error = {0};
    error_set(&error, ERROR_KEY, "c.");
    error_wrap(&error, "b.");
    error_wrap(&error, "a");
    CLEANUP(memory_cleanup) char *chain = error_chain_message(&error);
    CHECK_STRING(chain, "a: b: c.");
}

TEST(error_done_lets_go_of_a_long_chain)
{
    struct error error = {0};
    error_set(&error, ERROR_OTHER, "inner");
    for (unsigned i = 0; i < 100000; i++)
        error_wrap(&error, "outer");
    error_done(&error);
    CHECK(error.message == NULL);
}
