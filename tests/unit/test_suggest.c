#include <string.h>

#include "runtime/memory.h"
#include "runtime/source/suggest.h"
#include "tests/check.h"

/** What is suggested for `wanted` among space-separated `names`; "" for nothing. */
static const char *nearest(const char *wanted, const char *names)
{
    static char best[64];
    struct suggestion suggestion;
    suggestion_init(&suggestion, wanted, strlen(wanted));
    for (; *names; names += strspn(names, " ")) {
        size_t length = strcspn(names, " ");
        suggestion_offer(&suggestion, names, length);
        names += length;
    }
    memcpy(best, suggestion.best ? suggestion.best : "", suggestion.best_length);
    best[suggestion.best_length] = '\0';
    return best;
}

TEST(suggest_finds_slips_of_the_finger)
{
    CHECK_STRING(nearest("whenn", "name when with_items"), "when");
    CHECK_STRING(nearest("wehn", "name when with_items"), "when");
    CHECK_STRING(nearest("registr", "retries register"), "register");
    CHECK_STRING(nearest("regsiter", "retries register"), "register");
    CHECK_STRING(nearest("Debug", "copy debug"), "debug");
}

TEST(suggest_counts_a_swap_once)
{
    struct suggestion suggestion;
    suggestion_init(&suggestion, "tasg", 4);
    suggestion_offer(&suggestion, "tags", 4);
    CHECK_INT(suggestion.best_distance, 1);
}

TEST(suggest_takes_the_nearest_and_among_equals_the_first)
{
    CHECK_STRING(nearest("become_usr", "become become_user become_exe"), "become_user");
    CHECK_STRING(nearest("cat", "bat rat hat"), "bat");
}

TEST(suggest_offers_nothing_far_fetched)
{
    CHECK_STRING(nearest("frobnicate", "when name loop"), "");
    CHECK_STRING(nearest("a", "b c d"), "");
    CHECK_STRING(nearest("", "b c d"), "");
    CHECK_STRING(nearest("loop", "name"), "");
}

TEST(suggest_allows_a_third_of_the_longer_name)
{
    CHECK_STRING(nearest("abcdef", "abcdxy"), "abcdxy");
    CHECK_STRING(nearest("abcdef", "abcxyz"), "");
    CHECK_STRING(nearest("ab", "ax"), "ax");
}
